"""The addresses of the SDMX service."""

from django.urls import path, re_path

from torogoz.shared.sdmx import views

app_name = "sdmx"
urlpatterns = [
    path("", views.index, name="index"),
    re_path(r"^data(?:/(?P<path>.*))?$", views.data, name="data"),
    re_path(r"^availability(?:/(?P<path>.*))?$", views.availability, name="availability"),
    re_path(r"^structure(?:/(?P<path>.*))?$", views.structure, name="structure"),
    re_path(r"^(?P<path>.+)$", views.elsewhere, name="elsewhere"),
]
