"""The addresses of sign-in."""

from django.urls import path

from torogoz.shared.institutions import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("two-factor/", views.two_factor, name="two_factor"),
    path("purpose/", views.purpose, name="purpose"),
]
