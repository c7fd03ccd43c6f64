"""The addresses of the indicators. A published address is never given up."""

from django.urls import URLPattern, path

from torogoz.topics.flows import views
from torogoz.topics.flows.urls import answers

app_name = "indicators"
urlpatterns: list[URLPattern] = [path("", views.indicators, name="index"), *answers("[A-Z0-9_]+")]
