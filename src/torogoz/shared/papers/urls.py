"""The address where a sheet is checked."""

from django.urls import path

from torogoz.shared.papers import views

app_name = "papers"
urlpatterns = [path("", views.check, name="check")]
