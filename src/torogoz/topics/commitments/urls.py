"""The addresses of the topic `commitments`."""

from django.urls import URLPattern, path

from torogoz.topics.commitments import views

app_name = "commitments"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
]
