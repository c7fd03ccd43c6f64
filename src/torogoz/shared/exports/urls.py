"""The addresses of exports of people."""

from django.urls import path

from torogoz.shared.exports import views

app_name = "exports"
urlpatterns = [path("", views.index, name="index"), path("<uuid:key>.zip", views.file, name="file")]
