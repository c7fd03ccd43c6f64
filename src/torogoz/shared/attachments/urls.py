"""The address of an attachment."""

from django.urls import path

from torogoz.shared.attachments import views

app_name = "attachments"
urlpatterns = [path("<uuid:key>/", views.file, name="file")]
