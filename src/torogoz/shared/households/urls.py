"""The addresses of contacts."""

from django.urls import path

from torogoz.shared.households import views

app_name = "households"
urlpatterns = [
    path("people/<uuid:key>/contacts/", views.contacts, name="contacts"),
    path("people/<uuid:key>/contacts/<uuid:contact>/<slug:step>/", views.contact_step, name="contact_step"),
]
