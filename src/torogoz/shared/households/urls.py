"""The addresses of contacts, relatives, groups, and children who arrived alone."""

from django.urls import path

from torogoz.shared.households import child_views, family_views, views

app_name = "households"
urlpatterns = [
    path("children/", child_views.children, name="children"),
    path("people/<uuid:key>/child/", child_views.child, name="child"),
    path("people/<uuid:key>/child/study/", child_views.study, name="study"),
    path("people/<uuid:key>/child/move/", child_views.move, name="move"),
    path("people/<uuid:key>/contacts/", views.contacts, name="contacts"),
    path("people/<uuid:key>/contacts/<uuid:contact>/<slug:step>/", views.contact_step, name="contact_step"),
    path("people/<uuid:key>/family/", family_views.family, name="family"),
    path("people/<uuid:key>/family/relative/", family_views.relate, name="relate"),
    path("people/<uuid:key>/family/group/", family_views.group, name="group"),
    path("people/<uuid:key>/family/group/<uuid:group>/", family_views.join, name="join"),
    path("people/<uuid:key>/family/<uuid:what>/<slug:step>/", family_views.family_step, name="family_step"),
]
