"""The addresses of the topic `violence`."""

from django.urls import URLPattern, path, re_path

from torogoz.topics.violence import views

app_name = "violence"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("rates/", views.rates, name="rates"),
    path("association/", views.association, name="association"),
    re_path(r"^(?P<what>estimates|rates|association)\.(?P<ending>csv|json)$", views.file, name="file"),
    path("estimates/new/", views.new, name="new"),
    path("estimates/<uuid:key>/", views.estimate, name="estimate"),
    path("estimates/<uuid:key>/correct/", views.correct, name="correct"),
    path("estimates/<uuid:key>/recommend/", views.recommend, name="recommend"),
]
