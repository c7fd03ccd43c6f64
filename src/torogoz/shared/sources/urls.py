"""The addresses of the register of outside data."""

from django.urls import URLPattern, path

from torogoz.shared.sources import views

app_name = "sources"
urlpatterns: list[URLPattern] = [path("", views.index, name="index")]
