"""The addresses of the topic `consultation`."""

from django.urls import URLPattern, path

from torogoz.topics.consultation import views

app_name = "consultation"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
]
