"""The addresses of the topic `flows`. A published address is never given up."""

from django.urls import URLPattern, path, re_path

from torogoz.topics.flows import cross_views, views

app_name = "flows"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    re_path(r"^(?P<dataflow>[A-Z_]+)\.(?P<ending>csv|json|zip)$", views.file, name="file"),
    path("RETURNS/cross/", cross_views.cross, name="cross"),
    path("RETURNS/cross/map.svg", cross_views.cross_map, name="cross_map"),
    re_path(r"^RETURNS/cross\.(?P<ending>csv|json)$", cross_views.cross_file, name="cross_file"),
    path("<str:dataflow>/", views.dataflow, name="dataflow"),
    re_path(r"^(?P<dataflow>[A-Z_]+)/(?P<kind>line|months|bar|pyramid|map)\.svg$", views.drawing, name="drawing"),
]
