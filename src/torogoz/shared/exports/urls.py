"""The addresses of exports of people."""

from django.urls import path

from torogoz.shared.exports import views

app_name = "exports"
urlpatterns = [
    path("", views.index, name="index"),
    path("requests/", views.requests, name="requests"),
    path("requests/<uuid:key>/make/", views.make, name="make"),
    path("requests/<uuid:key>/<str:step>/", views.decide, name="decide"),
    path("<uuid:key>.zip", views.file, name="file"),
]
