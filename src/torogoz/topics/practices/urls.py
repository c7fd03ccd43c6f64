"""The addresses of the topic `practices`."""

from django.urls import URLPattern, path, re_path

from torogoz.topics.practices import own_views, views

app_name = "practices"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    re_path(r"^practices\.(?P<ending>csv|json)$", views.file, name="file"),
    path("criteria/", views.criteria, name="criteria"),
    path("mine/", own_views.mine, name="mine"),
    path("mine/new/", own_views.new, name="new"),
    path("mine/<uuid:key>/", own_views.own, name="own"),
    path("mine/<uuid:key>/edit/", own_views.edit, name="edit"),
    path("mine/<uuid:key>/<slug:step>/", own_views.step, name="step"),
    path("<uuid:key>/", views.practice, name="practice"),
]
