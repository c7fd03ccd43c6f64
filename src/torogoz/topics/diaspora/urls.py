"""The addresses of the topic `diaspora`."""

from django.urls import URLPattern, path, re_path

from torogoz.topics.diaspora import (
    association_views,
    consulate_views,
    project_views,
    round_views,
    skill_views,
    views,
)

app_name = "diaspora"
COUNTRY = r"(?P<country>[A-Z]{3})"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("associations/", association_views.associations, name="associations"),
    path("associations/new/", association_views.declare, name="declare"),
    path("receipt/", association_views.receipt, name="receipt"),
    path("receipt/correct/", association_views.correct, name="correct"),
    path("receipt/forget/", association_views.forget, name="forget"),
    path("calendar/", consulate_views.calendar, name="calendar"),
    path("calendar.ics", consulate_views.feed, name="feed"),
    re_path(rf"^calendar/{COUNTRY}/$", consulate_views.calendar_of, name="calendar_of"),
    re_path(rf"^calendar/{COUNTRY}\.ics$", consulate_views.feed, name="feed_of"),
    path("desk/", association_views.desk, name="desk"),
    path("desk/associations/<uuid:key>/", association_views.decide, name="decide"),
    path("desk/associations/<uuid:key>/persons/", association_views.persons, name="persons"),
    path("desk/associations/<uuid:key>/receipt/", association_views.renew, name="renew"),
    path("desk/consulates/", consulate_views.announce, name="announce"),
    path("desk/consulates/file/", consulate_views.from_file, name="from_file"),
    path("desk/consulates/template.csv", consulate_views.template_file, name="template_file"),
    path("desk/consulates/<uuid:key>/", consulate_views.day, name="day"),
    path("desk/consulates/<uuid:key>/move/", consulate_views.move, name="move"),
    path("projects/", project_views.projects, name="projects"),
    path("projects/new/", project_views.propose, name="propose"),
    path("projects/<uuid:key>/", project_views.project, name="project"),
    path("photos/<uuid:key>/<slug:size>.jpg", project_views.photo, name="photo"),
    path("desk/projects/", project_views.worked_on, name="worked_on"),
    path("desk/projects/<uuid:key>/", project_views.work, name="work"),
    path("desk/projects/<uuid:key>/<slug:what>/", project_views.write, name="write"),
    path("skills/", skill_views.skills, name="skills"),
    path("skills/new/", skill_views.offer, name="offer"),
    path("skills/withdraw/", skill_views.withdraw, name="withdraw"),
    path("desk/skills/", skill_views.skill_desk, name="skill_desk"),
    path("desk/skills/<uuid:key>/", skill_views.match, name="match"),
    path("desk/skills/<uuid:key>/contact/", skill_views.offer_contact, name="offer_contact"),
    path("rounds/", round_views.rounds, name="rounds"),
    path("rounds/<uuid:key>/", round_views.funding_round, name="round"),
    path("rounds/<uuid:key>/results.<str:ending>", round_views.round_file, name="round_file"),
    path("rounds/<uuid:key>/obligations.csv", round_views.obligations, name="obligations"),
    path("desk/rounds/new/", round_views.new_round, name="new_round"),
    path("desk/rounds/<uuid:key>/publish/", round_views.publish_round, name="publish_round"),
]
