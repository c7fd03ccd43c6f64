"""The addresses of the topic `returns`."""

from django.urls import path

from torogoz.topics.returns import views

app_name = "returns"
urlpatterns = [
    path("", views.index, name="index"),
    path("search/", views.search, name="search"),
    path("new/", views.new, name="new"),
    path("people/<uuid:key>/", views.person, name="person"),
    path("people/<uuid:key>/arrival/", views.arrival, name="arrival"),
    path("people/<uuid:key>/sections/<slug:code>/", views.section, name="section"),
]
