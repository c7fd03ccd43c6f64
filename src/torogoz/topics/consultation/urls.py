"""The addresses of the topic `consultation`: the public ones by the code of the consultation, those of work by keys."""

from django.urls import URLPattern, URLResolver, include, path

from torogoz.topics.consultation import (
    adoption_views,
    drafting_views,
    minutes_views,
    paper_views,
    roll_views,
    secretariat_views,
    table_views,
    views,
)

app_name = "consultation"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.index, name="index"),
    path("policy/", views.policy, name="policy"),
    path("receipt/", views.receipt, name="receipt"),
    path("screen/<uuid:screen>/", views.shared_screen, name="shared_screen"),
    path("new/", secretariat_views.new, name="new"),
    path("work/<uuid:key>/", secretariat_views.desk, name="desk"),
    path("work/<uuid:key>/edit/", secretariat_views.edit, name="edit"),
    path("work/<uuid:key>/convening/", roll_views.convening, name="convening"),
    path("work/<uuid:key>/events/", secretariat_views.events, name="events"),
    path("work/<uuid:key>/events/<uuid:event>/attendance/", roll_views.attendance, name="attendance"),
    path("work/<uuid:key>/events/<uuid:event>/minutes/", minutes_views.minutes, name="minutes"),
    path("work/<uuid:key>/tables/", table_views.tables, name="tables"),
    path("work/<uuid:key>/contributions/", table_views.contributions, name="contributions"),
    path("work/<uuid:key>/drafts/", drafting_views.drafts, name="drafts"),
    path("work/<uuid:key>/adoption/", adoption_views.adoption, name="adoption"),
    path("tables/<uuid:key>/", table_views.table, name="table"),
    path("tables/<uuid:key>/screen/", table_views.table_screen, name="table_screen"),
    path("contributions/<uuid:key>/", table_views.contribution, name="contribution"),
    path("drafts/<uuid:key>/", drafting_views.draft, name="draft"),
    path("processes/<slug:code>/", views.process, name="process"),
    path("processes/<slug:code>/said/", views.said, name="said"),
    path("processes/<slug:code>/outcomes/<str:draft>/", views.outcome, name="outcome"),
    path("processes/<slug:code>/minutes/<uuid:event>/", views.public_minutes, name="public_minutes"),
    path("processes/<slug:code>/position/", views.position, name="position"),
    path("processes/<slug:code>/position.json", views.position_file, name="position_file"),
    path("processes/<slug:code>/position.<slug:ending>", paper_views.position, name="position_paper"),
    path("processes/<slug:code>/minutes/<uuid:event>/minutes.<slug:ending>", paper_views.minutes, name="minutes_paper"),
    path("work/<uuid:key>/position.<slug:ending>", paper_views.draft_position, name="draft_position"),
    path("work/<uuid:key>/events/<uuid:event>/minutes.<slug:ending>", paper_views.draft_minutes, name="draft_minutes"),
    path("", include("torogoz.topics.consultation.online_urls")),
    path("", include("torogoz.topics.consultation.vote_urls")),
]
