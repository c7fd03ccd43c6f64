"""The addresses of the topic `flows`. A published address is never given up."""

from django.urls import URLPattern, path, re_path

from torogoz.topics.flows import views

app_name = "flows"
KINDS = "line|months|bar|pyramid|map|panels|diagram"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    re_path(r"^(?P<dataflow>[A-Z_]+)\.(?P<ending>csv|json|xlsx|parquet|zip)$", views.file, name="file"),
    path("<str:dataflow>/", views.dataflow, name="dataflow"),
    re_path(rf"^(?P<dataflow>[A-Z_]+)/(?P<kind>{KINDS})\.(?P<ending>svg|png)$", views.drawing, name="drawing"),
    re_path(rf"^(?P<dataflow>[A-Z_]+)/(?P<kind>{KINDS})/embed/$", views.embedded, name="embed"),
]
