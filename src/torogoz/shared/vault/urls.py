"""The address of the public keys."""

from django.urls import path

from torogoz.shared.vault import views

app_name = "vault"
urlpatterns = [path("signing.pem", views.signing_keys, name="signing_keys")]
