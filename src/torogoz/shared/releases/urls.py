"""The addresses of releases."""

from django.urls import path

from torogoz.shared.releases import views

app_name = "releases"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:name>/", views.release, name="release"),
]
