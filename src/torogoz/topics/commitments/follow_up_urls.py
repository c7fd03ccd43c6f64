"""The addresses of the follow-up; urls.py adds them to those of the register."""

from django.urls import URLPattern, path, re_path

from torogoz.topics.commitments import (
    assessment_views,
    duty_views,
    follow_up_views,
    measure_history_views,
    measure_views,
    report_views,
)

urlpatterns: list[URLPattern] = [
    path("follow-up/", follow_up_views.follow_up, name="follow_up"),
    path("follow-up/without/<slug:what>/", follow_up_views.missing, name="missing"),
    path("follow-up/divergences/", follow_up_views.divergences, name="divergences"),
    path("follow-up/duties/", follow_up_views.duties, name="duties"),
    re_path(r"^follow-up/duties-(?P<tongue>es|en)\.ics$", follow_up_views.calendar, name="calendar"),
    path("follow-up/institutions/", follow_up_views.institutions, name="institutions"),
    path("follow-up/institutions/<slug:code>/", follow_up_views.institution, name="institution"),
    path("my-duties/", duty_views.my_duties, name="my_duties"),
    path("my-duties/<uuid:key>/", report_views.duty, name="duty"),
    path("reports/<uuid:key>/", report_views.report, name="report"),
    path("reports/<uuid:key>/<slug:step>/", report_views.report_step, name="report_step"),
    path("publishing/", report_views.publishing, name="publishing"),
    path("cycles/", duty_views.cycles, name="cycles"),
    path("cycles/<uuid:key>/", duty_views.cycle, name="cycle"),
    path("cycles/<uuid:key>/announce/", duty_views.announce, name="announce"),
    path("duties/<uuid:key>/day/", duty_views.duty_move, name="duty_move"),
    path("measures/", measure_views.measures, name="measures"),
    path("measures/new/", measure_views.measure_new, name="measure_new"),
    path("measures/<uuid:key>/", measure_views.measure, name="measure"),
    path("measures/<uuid:key>/history/", measure_history_views.history, name="measure_history"),
    path("measures/<uuid:key>/change/", measure_views.measure_change, name="measure_change"),
    path("measures/<uuid:key>/offer/", measure_views.measure_offer, name="measure_offer"),
    path("measures/<uuid:key>/publish/", measure_views.measure_publish, name="measure_publish"),
    path("measures/<uuid:key>/send-back/", measure_views.measure_send_back, name="measure_send_back"),
    path("measures/<uuid:key>/milestones/", measure_views.milestone_new, name="milestone_new"),
    path("measures/<uuid:key>/money/", measure_views.money_new, name="money_new"),
    path("milestones/<uuid:key>/", measure_views.milestone, name="milestone"),
    path("money/<uuid:key>/", measure_views.money, name="money"),
    path("provisions/<uuid:key>/series/", measure_views.bind, name="bind"),
    path("series/<uuid:key>/end/", measure_views.unbind, name="unbind"),
    path("assessments/", assessment_views.assessments, name="assessments"),
    path("provisions/<uuid:key>/assess/", assessment_views.assess, name="assess"),
    path("assessments/<uuid:key>/publish/", assessment_views.assessment_publish, name="assessment_publish"),
    path("assessments/<uuid:key>/reply/", assessment_views.reply, name="reply"),
]
