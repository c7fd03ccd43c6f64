"""The addresses of consents, hand-overs and broken glass."""

from django.urls import path

from torogoz.shared.cases import handover_views, views

app_name = "cases"
urlpatterns = [
    path("people/<uuid:key>/consent/", views.consent, name="consent"),
    path("people/<uuid:key>/consent/<uuid:consent>/withdraw/", views.withdraw, name="withdraw"),
    path("people/<uuid:key>/consent/<uuid:consent>/sheet/", views.sheet, name="sheet"),
    path("people/<uuid:key>/handover/", handover_views.send, name="send"),
    path("handovers/", handover_views.handovers, name="handovers"),
    path("handovers/ask/", handover_views.ask, name="ask"),
    path("handovers/<uuid:key>/", handover_views.handover, name="handover"),
    path("handovers/<uuid:key>/sheet/", handover_views.sheet, name="referral_sheet"),
    path("handovers/<uuid:key>/<slug:step>/", handover_views.step, name="step"),
    path("glass/", views.broken, name="broken"),
    path("glass/break/", views.break_glass, name="break"),
    path("glass/<uuid:key>/", views.judge, name="judge"),
    path("glass/<uuid:key>/again/", views.allow, name="allow"),
]
