"""The addresses of the topic `returns`."""

from django.urls import path, register_converter

from torogoz.domain.reintegration import Moment
from torogoz.statistics.forms.shipped import current
from torogoz.topics.returns import (
    attachment_views,
    attention_views,
    correction_views,
    document_views,
    follow_up_views,
    onward_views,
    paper_views,
    plan_views,
    reception_views,
    reuse_views,
    section_views,
    views,
)


class SectionCode:
    """The code of a section in an address. Any other word leads nowhere, and is not kept in the record of accesses."""

    regex = "|".join(sorted(form.code for form in current()))

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class MomentWord:
    """A moment of a follow-up in an address. Any other word leads nowhere."""

    regex = "|".join(Moment)

    def to_python(self, value: str) -> Moment:
        return Moment(value)

    def to_url(self, value: str) -> str:
        return Moment(value).value


register_converter(SectionCode, "section_code")
register_converter(MomentWord, "moment")

app_name = "returns"
urlpatterns = [
    path("", views.index, name="index"),
    path("reuse/", reuse_views.reuse, name="reuse"),
    path("search/", views.search, name="search"),
    path("new/", views.new, name="new"),
    path("transports/", reception_views.transports, name="transports"),
    path("transports/<uuid:key>/", reception_views.transport, name="transport"),
    path("transports/<uuid:key>/summary/", reception_views.summary, name="transport_summary"),
    path("transports/<uuid:key>/close/", reception_views.close, name="transport_close"),
    path("transports/<uuid:key>/withdraw/", reception_views.withdraw, name="transport_withdraw"),
    path("transports/<uuid:key>/lines/<uuid:line>/", reception_views.tick, name="tick"),
    path("transports/<uuid:key>/lines/<uuid:line>/untick/", reception_views.untick, name="untick"),
    path("transports/<uuid:key>/lines/<uuid:line>/take-off/", reception_views.take_off, name="take_off"),
    path("plans/", plan_views.plans, name="plans"),
    path("plans/scores.csv", follow_up_views.scores, name="scores"),
    path("plans/<uuid:key>/", plan_views.plan, name="plan"),
    path("plans/<uuid:key>/change/", plan_views.plan_change, name="plan_change"),
    path("plans/<uuid:key>/agree/", plan_views.plan_agree, name="plan_agree"),
    path("plans/<uuid:key>/actions/", plan_views.plan_action, name="plan_action"),
    path("plans/<uuid:key>/actions/<uuid:action>/", plan_views.plan_action_end, name="plan_action_end"),
    path("plans/<uuid:key>/close/", plan_views.plan_close, name="plan_close"),
    path("plans/<uuid:key>/paper/", plan_views.plan_paper, name="plan_paper"),
    path("plans/<uuid:key>/sheet/", attachment_views.plan_sheet, name="plan_sheet"),
    path("plans/<uuid:key>/follow-up/<moment:moment>/", follow_up_views.follow_up, name="follow_up"),
    path("appointments/", attention_views.appointments, name="appointments"),
    path("people/<uuid:key>/sessions/", attention_views.sessions, name="sessions"),
    path("lodging/", onward_views.lodging, name="lodging"),
    path("people/<uuid:key>/onward/", onward_views.onward, name="onward"),
    path("people/<uuid:key>/onward/bags/", onward_views.bag, name="bag"),
    path("people/<uuid:key>/onward/bags/<uuid:bag>/", onward_views.bag_back, name="bag_back"),
    path("people/<uuid:key>/onward/trips/", onward_views.trip, name="trip"),
    path("people/<uuid:key>/onward/stays/", onward_views.stay, name="stay"),
    path("people/<uuid:key>/onward/stays/<uuid:stay>/", onward_views.stay_left, name="stay_left"),
    path("people/<uuid:key>/plan/", plan_views.plan_new, name="plan_new"),
    path("people/<uuid:key>/stops/", reception_views.stops, name="stops"),
    path("people/<uuid:key>/", views.person, name="person"),
    path("people/<uuid:key>/arrival/", views.arrival, name="arrival"),
    path("people/<uuid:key>/correct/", correction_views.correct, name="correct"),
    path("people/<uuid:key>/documents/<uuid:document>/", document_views.document, name="document"),
    path("people/<uuid:key>/documents/<uuid:document>/away/", document_views.take_away, name="document_away"),
    path("people/<uuid:key>/paper/<uuid:encounter>/", paper_views.ficha, name="paper"),
    path(
        "people/<uuid:key>/encounters/<uuid:encounter>/sections/<section_code:code>/attachments/",
        attachment_views.attachment,
        name="attachment",
    ),
    path("people/<uuid:key>/sections/<section_code:code>/", section_views.section, name="section"),
]
