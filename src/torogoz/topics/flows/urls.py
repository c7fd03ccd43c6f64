"""The addresses of the topic `flows`. A published address is never given up."""

from django.urls import URLPattern, path, re_path

from torogoz.topics.flows import cross_views, views

app_name = "flows"
KINDS = "line|months|estimates|bar|pyramid|map|panels|diagram|range|corridors|mirror"
ENDINGS = "csv|json|xlsx|parquet|zip"


def answers(names: str) -> list[URLPattern]:
    """The addresses of a page of figures, its files, its drawings and what may be embedded; `names` is a pattern."""
    return [
        re_path(rf"^(?P<dataflow>{names})\.(?P<ending>{ENDINGS})$", views.file, name="file"),
        path("<str:dataflow>/", views.dataflow, name="dataflow"),
        re_path(rf"^(?P<dataflow>{names})/(?P<kind>{KINDS})\.(?P<ending>svg|png)$", views.drawing, name="drawing"),
        re_path(rf"^(?P<dataflow>{names})/(?P<kind>{KINDS})/embed/$", views.embedded, name="embed"),
    ]


urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("RETURNS/cross/", cross_views.cross, name="cross"),
    path("RETURNS/cross/map.svg", cross_views.cross_map, name="cross_map"),
    re_path(r"^RETURNS/cross\.(?P<ending>csv|json)$", cross_views.cross_file, name="cross_file"),
    *answers("[A-Z_]+"),
]
