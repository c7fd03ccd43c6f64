"""The addresses of consents and of broken glass."""

from django.urls import path

from torogoz.shared.cases import views

app_name = "cases"
urlpatterns = [
    path("people/<uuid:key>/consent/", views.consent, name="consent"),
    path("people/<uuid:key>/consent/<uuid:consent>/withdraw/", views.withdraw, name="withdraw"),
    path("people/<uuid:key>/consent/<uuid:consent>/sheet/", views.sheet, name="sheet"),
    path("glass/", views.broken, name="broken"),
    path("glass/break/", views.break_glass, name="break"),
    path("glass/<uuid:key>/", views.judge, name="judge"),
]
