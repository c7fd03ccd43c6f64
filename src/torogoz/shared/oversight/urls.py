"""The addresses of the oversight of accesses."""

from django.urls import path

from torogoz.shared.oversight import views

app_name = "oversight"
urlpatterns = [
    path("", views.index, name="index"),
    path("summaries/", views.summaries, name="summaries"),
    path("alerts/<uuid:key>/", views.alert, name="alert"),
]
