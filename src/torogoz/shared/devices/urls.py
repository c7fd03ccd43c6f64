"""The addresses of devices: the pages of officers, and what devices ask."""

from django.urls import path

from torogoz.shared.devices import openrosa_views, received_views, views

app_name = "devices"
urlpatterns = [
    path("", views.index, name="index"),
    path("<uuid:key>/revoke/", views.revoke, name="revoke"),
    path("received/", received_views.received, name="received"),
    path("received/<uuid:key>/", received_views.held, name="held"),
    path("formList", openrosa_views.form_list, name="form_list"),
    path("submission", openrosa_views.submission, name="submission"),
    path("forms/<slug:name>.xml", openrosa_views.form, name="form"),
    path("forms/<slug:name>/manifest", openrosa_views.manifest, name="manifest"),
]
