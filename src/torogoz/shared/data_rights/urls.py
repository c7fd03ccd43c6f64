"""The addresses of requests of persons about their own data."""

from django.urls import path

from torogoz.shared.data_rights import views

app_name = "data_rights"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.new, name="new"),
    path("people/<uuid:key>/new/", views.new_of, name="new_of"),
    path("requests/<uuid:key>/", views.one, name="request"),
    path("requests/<uuid:key>/file/", views.file, name="file"),
    path("requests/<uuid:key>/lift/", views.lift, name="lift"),
    path("requests/<uuid:key>/<slug:step>/", views.step, name="step"),
]
