"""The addresses of duplicates."""

from django.urls import path

from torogoz.shared.people import merge_views, review_views

app_name = "people"
urlpatterns = [
    path("duplicates/", review_views.duplicates, name="duplicates"),
    path("duplicates/<uuid:key>/", review_views.pair, name="pair"),
    path("duplicates/<uuid:key>/merge/", merge_views.merge, name="merge"),
    path("merges/<uuid:key>/", merge_views.merged, name="merged"),
    path("merges/<uuid:key>/confirm/", merge_views.confirm, name="confirm"),
    path("merges/<uuid:key>/undo/", merge_views.unmerge, name="unmerge"),
]
