"""The addresses of the SDMX service."""

from django.urls import path, re_path

from torogoz.shared.sdmx import views

app_name = "sdmx"
urlpatterns = [
    path("", views.index, name="index"),
    re_path(r"^(?P<path>.+)$", views.ask, name="ask"),
]
