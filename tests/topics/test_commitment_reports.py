"""Duties and reports: days that stay, steps that are told once, four eyes, drafts that nobody else reads."""

from datetime import date, timedelta

import pytest

from tests import followed
from tests.followed import DUE, HEALTH, LABOUR, institution, provision
from tests.world import NOW, World
from torogoz.domain.access import Role
from torogoz.domain.commitments import FollowUpRefused, Reminder, ReportState
from torogoz.domain.provisions import ResponsibilityRefused
from torogoz.shared.audit.models import AccessEvent, RecordIsAppendOnly
from torogoz.shared.people.actions import NotAllowed
from torogoz.statistics.deliberation.progress import Status
from torogoz.topics.commitments import duty_actions, duty_queries, public_queries, report_actions, succession_actions
from torogoz.topics.commitments.models import Responsibility
from torogoz.topics.commitments.report_models import Duty, Notice, ProgressReport, ReportEvent

pytestmark = pytest.mark.django_db
GROUND = "la ley inventada que pasó sus funciones"
STRANGERS = ("focal_labour", "ombudsman", "supervisor_a", "statistician", "registrar_a")


@pytest.fixture(autouse=True)
def responsible(world: World) -> None:
    followed.responsible(world)


def refused(code: str) -> "pytest.RaisesExc[FollowUpRefused]":
    return pytest.raises(FollowUpRefused, check=lambda why: why.code == code)


def official(code: str = HEALTH, later: timedelta = timedelta(minutes=10)) -> Status:
    found = provision(code)
    return public_queries.public_follow_up([found], NOW + later)[found.pk].official


def test_a_day_that_an_institution_was_told_of_is_not_changed(world: World) -> None:
    secretariat = world.officers["secretariat"]
    cycle = followed.cycle(world)
    health, _ = duty_actions.add_duties(by=secretariat, cycle=cycle, due_on=DUE, now=NOW)
    moved = duty_actions.move_due(by=secretariat, duty=health, due_on=DUE - timedelta(days=1), now=NOW)
    assert duty_actions.announce(by=secretariat, cycle=cycle, now=NOW) == 2
    with refused("notified"):
        duty_actions.move_due(by=secretariat, duty=moved, due_on=DUE, now=NOW)
    stored = Duty.objects.get(pk=health.pk)
    assert stored.due_on == DUE - timedelta(days=1)
    assert Notice.objects.get(duty=stored).due_on == stored.due_on


def test_an_institution_is_asked_once_in_a_cycle_and_never_for_a_day_that_is_past(world: World) -> None:
    secretariat, cycle = world.officers["secretariat"], followed.cycle(world)
    assert len(duty_actions.add_duties(by=secretariat, cycle=cycle, due_on=DUE, now=NOW)) == 2
    assert duty_actions.add_duties(by=secretariat, cycle=cycle, due_on=DUE, now=NOW) == []
    with refused("past"):
        duty_actions.add_duties(by=secretariat, cycle=cycle, due_on=date(2026, 11, 1), now=NOW)
    with refused("not_responsible"):
        duty_actions.add_duty(
            by=secretariat,
            cycle=cycle,
            provision=provision(HEALTH),
            institution=institution("PNC"),
            due_on=DUE,
            now=NOW,
        )
    with refused("there"):
        followed.cycle(world)


def test_every_reminder_is_given_exactly_once_whatever_nights_are_missed_or_run_twice(world: World) -> None:
    duty, _ = followed.duties(world)
    for day in (1, 12, 12, 20, 41, 42, 43, 43, 71, 72, 200):
        duty_actions.remind(now=NOW + timedelta(days=day))
    told = list(Notice.objects.filter(duty=duty).order_by("pk").values_list("step", "due_on"))
    assert told == [
        ("announced", DUE),
        ("before", DUE),
        ("on_day", DUE),
        ("overdue", DUE),
        ("long_overdue", DUE),
    ]
    with pytest.raises(RecordIsAppendOnly):
        Notice.objects.filter(duty=duty).delete()


def test_a_duty_that_is_met_or_that_nobody_was_told_of_is_not_reminded(world: World) -> None:
    duty, other = followed.duties(world)
    followed.approved(world, duty)
    quiet = followed.cycle(world, "2027")
    duty_actions.add_duties(by=world.officers["secretariat"], cycle=quiet, due_on=DUE, now=NOW)
    given = duty_actions.remind(now=NOW + timedelta(days=60))
    assert [(each.duty, each.step) for each in given] == [(other, Reminder.OVERDUE)]


def test_a_report_goes_from_its_writer_by_another_officer_and_the_secretariat_to_the_public(world: World) -> None:
    duty, _ = followed.duties(world)
    report = followed.published(world, duty)
    assert (report.state, report.number, report.version) == (ReportState.PUBLISHED, 1, 4)
    events = ReportEvent.objects.filter(report=report).order_by("pk")
    assert list(events.values_list("step", "by__username", "institution__code")) == [
        ("write", "focal_health", "MINSAL"),
        ("submit", "focal_health", "MINSAL"),
        ("approve", "focal_health_2", "MINSAL"),
        ("publish", "secretariat", "RREE"),
    ]
    assert official() is Status.IN_PROGRESS
    assert AccessEvent.objects.filter(what="report", verb="publish", officer="secretariat").count() == 1


def test_whoever_wrote_or_submitted_does_not_approve(world: World) -> None:
    duty, _ = followed.duties(world)
    first, second = world.officers["focal_health"], world.officers["focal_health_2"]
    report = followed.drafted(world, duty)
    report = report_actions.submit(by=second, report=report, expected=1, now=NOW)
    for officer in (first, second):
        with refused("same_officer"):
            report_actions.approve(by=officer, report=report, expected=2, now=NOW)
    assert ProgressReport.objects.get(pk=report.pk).state == ReportState.SUBMITTED


@pytest.mark.parametrize("stranger", STRANGERS)
def test_nobody_else_reads_writes_submits_or_approves_a_draft(world: World, stranger: str) -> None:
    duty, _ = followed.duties(world)
    report, officer = followed.drafted(world, duty), world.officers[stranger]
    assert duty_queries.report_seen_by(officer, report.key, NOW) is None
    with pytest.raises(NotAllowed):
        report_actions.write_report(by=officer, duty=duty, said=followed.said(), expected=1, now=NOW)
    with pytest.raises(NotAllowed):
        report_actions.submit(by=officer, report=report, expected=1, now=NOW)
    report = report_actions.submit(by=world.officers["focal_health"], report=report, expected=1, now=NOW)
    with pytest.raises(NotAllowed):
        report_actions.approve(by=officer, report=report, expected=2, now=NOW)
    with pytest.raises(NotAllowed):
        report_actions.publish(by=officer, report=report, expected=2, now=NOW)
    assert official() is Status.NO_INFORMATION


def test_the_secretariat_reads_a_report_once_the_institution_has_approved_it(world: World) -> None:
    duty, _ = followed.duties(world)
    secretariat, report = world.officers["secretariat"], followed.drafted(world, duty)
    assert duty_queries.report_seen_by(secretariat, report.key, NOW) is None
    report = report_actions.submit(by=world.officers["focal_health"], report=report, expected=1, now=NOW)
    assert duty_queries.report_seen_by(secretariat, report.key, NOW) is None
    with refused("changed"):
        report_actions.publish(by=secretariat, report=report, expected=2, now=NOW)
    report = report_actions.approve(by=world.officers["focal_health_2"], report=report, expected=2, now=NOW)
    assert duty_queries.report_seen_by(secretariat, report.key, NOW) == report
    assert official() is Status.NO_INFORMATION


def test_what_is_sent_back_says_why_keeps_what_it_said_and_comes_again(world: World) -> None:
    duty, _ = followed.duties(world)
    secretariat, first = world.officers["secretariat"], world.officers["focal_health"]
    report = followed.approved(world, duty)
    with refused("reason"):
        report_actions.send_back(by=secretariat, report=report, reason=" ", expected=3, now=NOW)
    back = report_actions.send_back(by=secretariat, report=report, reason="Falta el acta.", expected=3, now=NOW)
    assert (back.state, back.approved_by, back.submitted_by) == (ReportState.DRAFT, None, None)
    written = report_actions.write_report(
        by=first, duty=duty, said=followed.said(words="Con el acta."), expected=4, now=NOW
    )
    assert written == back
    history = list(ReportEvent.objects.filter(report=back).order_by("pk"))
    assert [each.step for each in history] == ["write", "submit", "approve", "send_back", "write"]
    assert history[3].reason == "Falta el acta."
    assert history[2].said["narrative_es"] == followed.SECRET_WORDS
    assert history[4].said["narrative_es"] == "Con el acta."


def test_a_report_without_status_words_or_proof_is_not_submitted(world: World) -> None:
    duty, _ = followed.duties(world)
    first = world.officers["focal_health"]

    def submit(version: int, **words: object) -> None:
        fields = {"status": Status.FULFILLED, "narrative_es": "Se hizo.", "narrative_en": "", "evidence_text": "Acta"}
        said = report_actions.ReportSaid(**{**fields, "evidence_address": "", **words})  # type: ignore[arg-type]
        report = report_actions.write_report(by=first, duty=duty, said=said, expected=version, now=NOW)
        report_actions.submit(by=first, report=report, expected=version + 1, now=NOW)

    with refused("status"):
        submit(0, status=None)
    with refused("narrative"):
        submit(1, narrative_es="  ")
    with refused("evidence"):
        submit(2, evidence_text="")
    with refused("address"):
        submit(3, evidence_address="javascript:alert(1)")
    submit(3, status=Status.NO_INFORMATION, evidence_text="")


def test_two_who_write_at_once_are_told_and_nothing_is_lost(world: World) -> None:
    duty, _ = followed.duties(world)
    followed.drafted(world, duty)
    with refused("changed"):
        followed.drafted(world, duty, by="focal_health_2", words="otras palabras")
    assert ProgressReport.objects.get().narrative_es == followed.SECRET_WORDS


def test_a_published_report_is_corrected_by_the_next_and_stays(world: World) -> None:
    duty, _ = followed.duties(world)
    followed.published(world, duty, status=Status.FULFILLED)
    again = followed.published(world, duty, status=Status.PARTIALLY, now=NOW + timedelta(days=1))
    assert again.number == 2
    found = provision(HEALTH)
    public = public_queries.public_follow_up([found], NOW + timedelta(days=2))[found.pk]
    assert [(each.number, each.status) for each in public.reports] == [(2, Status.PARTIALLY), (1, Status.FULFILLED)]
    assert public.official is Status.PARTIALLY
    assert official() is Status.FULFILLED


def test_open_duties_of_an_institution_that_ended_pass_on_and_its_reports_stay(world: World) -> None:
    secretariat = world.officers["secretariat"]
    first = followed.cycle(world, "2025")
    duty_actions.add_duties(by=secretariat, cycle=first, due_on=DUE, now=NOW)
    duty_actions.announce(by=secretariat, cycle=first, now=NOW)
    old = Duty.objects.get(institution__code="MINSAL")
    followed.published(world, old)
    open_one = duty_actions.add_duty(
        by=secretariat,
        cycle=followed.cycle(world, "2026"),
        provision=provision(HEALTH),
        institution=institution("MINSAL"),
        due_on=DUE,
        now=NOW,
    )
    duty_actions.announce(by=secretariat, cycle=open_one.cycle, now=NOW)
    health = institution("MINSAL")
    health.valid_until, health.successor = date(2026, 12, 1), institution("ISDEMU")
    health.save()
    later = NOW + timedelta(days=20)
    passed = succession_actions.pass_on(by=secretariat, institution="MINSAL", ground=GROUND, on=None, now=later)
    assert (passed.successor.code, passed.count, passed.duties) == ("ISDEMU", 1, 1)
    assert Responsibility.objects.get(institution__code="ISDEMU").valid_from == date(2026, 12, 1)
    new = Duty.objects.get(institution__code="ISDEMU")
    assert (new.due_on, new.cycle, new.notified_at) == (DUE, open_one.cycle, later)
    assert Duty.objects.get(pk=open_one.pk).passed_to == new
    found = provision(HEALTH)
    public = public_queries.public_follow_up([found], later)[found.pk]
    assert [(each.body.code, each.body.ended) for each in public.reports] == [("MINSAL", True)]
    owed = [each for each in public_queries.public_duties(later) if not each.met]
    assert {(each.body.code, each.cycle, each.code) for each in owed} == {
        ("ISDEMU", "2026", HEALTH),
        ("MTPS", "2025", LABOUR),
    }
    followed.posted(world, "focal_women", "ISDEMU", Role.FOCAL_POINT)
    assert duty_queries.last_published(provision(HEALTH), institution("ISDEMU")) is not None
    with pytest.raises(ResponsibilityRefused, match="owes no report"):
        succession_actions.pass_on(by=secretariat, institution="MINSAL", ground=GROUND, on=None, now=later)
