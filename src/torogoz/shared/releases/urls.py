"""The addresses of releases."""

from django.urls import path

from torogoz.shared.releases import notice_views, views

app_name = "releases"
urlpatterns = [
    path("", views.index, name="index"),
    path("notices/", notice_views.notices, name="notices"),
    path("notices/<uuid:key>/", notice_views.notice, name="notice"),
    path("<slug:name>/", views.release, name="release"),
    path("<slug:before>/<slug:after>/", views.difference, name="difference"),
]
