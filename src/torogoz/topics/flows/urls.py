"""The addresses of the topic `flows`."""

from django.urls import URLPattern

app_name = "flows"
urlpatterns: list[URLPattern] = []
