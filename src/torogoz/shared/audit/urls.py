"""The addresses of the record of accesses."""

from django.urls import path

from torogoz.shared.audit import views

app_name = "audit"
urlpatterns = [path("", views.events, name="index"), path("events.csv", views.file, name="file")]
