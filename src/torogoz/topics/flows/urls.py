"""The addresses of the topic `flows`. A published address is never given up."""

from django.urls import URLPattern, path, re_path

from torogoz.topics.flows import views

app_name = "flows"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    re_path(r"^(?P<dataflow>[A-Z_]+)\.(?P<ending>csv|json|zip)$", views.file, name="file"),
    path("<str:dataflow>/", views.dataflow, name="dataflow"),
    re_path(r"^(?P<dataflow>[A-Z_]+)/(?P<kind>line|months|bar|pyramid|map)\.svg$", views.drawing, name="drawing"),
]
