"""The addresses of requests of persons about their own data."""

from django.urls import path

from torogoz.shared.data_rights import breach_views, disposal_views, hold_views, retention_views, views

app_name = "data_rights"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.new, name="new"),
    path("people/<uuid:key>/new/", views.new_of, name="new_of"),
    path("retention/", retention_views.retention, name="retention"),
    path("disposals/", disposal_views.index, name="disposals"),
    path("disposals/propose/", disposal_views.propose, name="propose"),
    path("disposals/<uuid:key>/", disposal_views.disposal, name="disposal"),
    path("disposals/<uuid:key>/certificate/", disposal_views.certificate, name="certificate"),
    path("disposals/<uuid:key>/<slug:step>/", disposal_views.end, name="end"),
    path("holds/", hold_views.holds, name="holds"),
    path("holds/<uuid:key>/lift/", hold_views.lift, name="hold_lift"),
    path("breaches/", breach_views.index, name="breaches"),
    path("breaches/new/", breach_views.new, name="breach_new"),
    path("breaches/<uuid:key>/", breach_views.breach, name="breach"),
    path("breaches/<uuid:key>/<slug:told>/", breach_views.notice, name="breach_notice"),
    path("breaches/<uuid:key>/<slug:told>/letter/", breach_views.breach_letter, name="breach_letter"),
    path("requests/<uuid:key>/", views.one, name="request"),
    path("requests/<uuid:key>/file/", views.file, name="file"),
    path("requests/<uuid:key>/lift/", views.lift, name="lift"),
    path("requests/<uuid:key>/<slug:step>/", views.step, name="step"),
]
