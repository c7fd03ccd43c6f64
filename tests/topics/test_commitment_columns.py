"""Three columns that are never one: what institutions report, what figures say, what somebody independent finds."""

from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest
from django.db.models import Model
from django.test import Client

from tests import followed
from tests.followed import HEALTH, LABOUR, institution, provision
from tests.made_up import arrivals, release_of_made_up_rows
from tests.made_up_practices import BACKEND
from tests.world import NOW, World
from torogoz.domain.commitments import Direction, FollowUpRefused, MilestoneState
from torogoz.shared.audit.models import RecordIsAppendOnly
from torogoz.shared.jobs.models import Job
from torogoz.shared.jobs.worker import run_one
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.provisions.shipped import POSITION
from torogoz.shared.releases.queries import published
from torogoz.site.tasks import TASKS
from torogoz.statistics.deliberation.progress import Measured, Status
from torogoz.topics.commitments import (
    assessment_actions,
    measure_actions,
    public_queries,
    reading_actions,
    report_models,
    tasks,
)
from torogoz.topics.commitments.follow_up_models import IndicatorBinding, Reading
from torogoz.topics.commitments.measure_history_models import MeasureVersion
from torogoz.topics.commitments.measure_history_queries import content_of, history_of, says_the_same
from torogoz.topics.commitments.published import FollowUp

pytestmark = pytest.mark.django_db
SOON = timedelta(minutes=10)


@pytest.fixture(autouse=True)
def responsible(world: World) -> None:
    followed.responsible(world)


def refused(code: str) -> "pytest.RaisesExc[FollowUpRefused]":
    return pytest.raises(FollowUpRefused, check=lambda why: why.code == code)


def public(code: str = HEALTH, later: timedelta = SOON) -> FollowUp:
    found = provision(code)
    return public_queries.public_follow_up([found], NOW + later)[found.pk]


def bound(
    world: World,
    *,
    code: str = HEALTH,
    dataflow: str = "RETURNS",
    base: float = 1200,
    target: float | None = 500,
    **series: str,
) -> IndicatorBinding:
    return reading_actions.bind(
        by=world.officers["secretariat"],
        provision=provision(code),
        dataflow=dataflow,
        series=series,
        measured=Measured.COUNT,
        direction=Direction.DOWN,
        base=base,
        base_year=2020,
        target=target,
        target_year=2030 if target is not None else None,
        ground="inventada",
        now=NOW,
    )


def test_what_nobody_said_is_no_information_and_what_nobody_measures_has_no_target() -> None:
    found = public()
    assert (found.official, found.computed, found.independent) == (Status.NO_INFORMATION, (Status.NO_TARGET,), ())
    assert found.divergences == ()


def test_a_reading_is_frozen_once_per_release_and_a_later_release_gives_another(world: World) -> None:
    binding = bound(world)
    assert reading_actions.freeze_readings(now=NOW) == []
    assert public().computed == (Status.NO_INFORMATION,)
    release = release_of_made_up_rows(now=NOW)
    (first,) = reading_actions.freeze_readings(now=NOW)
    assert reading_actions.freeze_readings(now=NOW + timedelta(days=1)) == []
    assert (first.release, first.period, first.binding) == (release, "2025", binding)
    release_of_made_up_rows(arrivals(1_400), now=NOW + timedelta(days=2))
    (second,) = reading_actions.freeze_readings(now=NOW + timedelta(days=3))
    assert second.value != first.value
    line = public(later=timedelta(days=4)).series[0]
    assert [each.value for each in line.readings] == [second.value, first.value]
    assert line.newest is not None
    assert line.newest.value == second.value
    with pytest.raises(RecordIsAppendOnly):
        Reading.objects.filter(pk=first.pk).update(value=1)


def test_a_release_under_embargo_is_not_read(world: World) -> None:
    bound(world)
    release = release_of_made_up_rows(now=NOW)
    release.embargo_until = NOW + timedelta(days=36_500)
    release.save()
    assert reading_actions.freeze_readings(now=NOW) == []


def test_what_a_release_hides_stays_hidden_and_without_a_value(world: World) -> None:
    release_of_made_up_rows(arrivals(300), now=NOW)
    cells = published("RETURNS").filter((pl.col("CONF_STATUS") == "C") & (pl.col("TIME_PERIOD") == "2025"))
    hidden = cells.row(0, named=True)
    series = {name: hidden[name] for name in ("SEX", "AGE", "COUNTERPART_AREA", "MODE", "REF_AREA", "ORIGIN", "REASON")}
    bound(world, **series)
    (reading,) = reading_actions.freeze_readings(now=NOW)
    assert (reading.hidden, reading.value, reading.status) == (True, None, Status.NO_INFORMATION)


def test_without_a_target_the_figure_is_read_and_says_so(world: World) -> None:
    bound(world, target=None)
    release_of_made_up_rows(now=NOW)
    reading_actions.freeze_readings(now=NOW)
    (line,) = public().series
    assert line.status is Status.NO_TARGET
    assert line.newest is not None
    assert line.newest.value is not None


def test_a_series_that_does_not_exist_is_refused(world: World) -> None:
    release_of_made_up_rows(now=NOW)
    with refused("series"):
        bound(world, dataflow="NOTHING")
    with refused("series"):
        bound(world, COLOUR="RED")
    with refused("series"):
        bound(world, SEX="X")
    bound(world, SEX="F")
    with refused("there"):
        bound(world, SEX="F")
    with pytest.raises(NotAllowed):
        reading_actions.end_binding(by=world.officers["focal_health"], binding=IndicatorBinding.objects.get(), now=NOW)


def test_a_reading_of_long_ago_carries_a_badge_and_no_other_status(world: World) -> None:
    bound(world)
    release_of_made_up_rows(now=NOW)
    reading_actions.freeze_readings(now=NOW)
    assert not public().series[0].stale
    later = public(later=timedelta(days=400)).series[0]
    assert later.stale
    assert later.status is public().series[0].status


def test_official_status_and_assessment_cannot_overwrite_each_other(world: World) -> None:
    duty, _ = followed.duties(world)
    assessment = followed.assessed(world, status=Status.NOT_STARTED)
    followed.published(world, duty, status=Status.FULFILLED)
    found = public()
    assert found.official is Status.FULFILLED
    assert [each.status for each in found.independent] == [Status.NOT_STARTED]
    assert not fields(report_models.Assessment) & {"report", "duty"}
    assert not fields(report_models.ProgressReport) & {"assessment", "reading"}
    with pytest.raises(NotAllowed):
        assessment_actions.write_assessment(
            by=world.officers["focal_health"],
            body=institution("PDDH"),
            provision=provision(HEALTH),
            said=assessment_actions.AssessmentSaid(Status.FULFILLED, "", "", "", ""),
            expected=0,
            now=NOW,
        )
    with refused("changed"):
        assessment_actions.publish_assessment(
            by=world.officers["ombudsman"], assessment=assessment, expected=1, now=NOW
        )


def fields(model: type[Model]) -> set[str]:
    return {each.name for each in model._meta.get_fields()}


def test_two_steps_apart_carry_a_badge_and_one_step_does_not(world: World) -> None:
    duty, _ = followed.duties(world)
    followed.published(world, duty, status=Status.IN_PROGRESS)
    followed.assessed(world, status=Status.PLANNED)
    assert public().divergences == ()
    followed.assessed(world, status=Status.NOT_STARTED)
    ((badge),) = public().divergences
    assert (badge.one, badge.other, badge.steps) == ("official", "independent", 2)


@pytest.mark.parametrize("stranger", ["focal_health", "focal_labour", "secretariat", "supervisor_a"])
def test_the_draft_of_an_assessment_is_nowhere_and_nobody_else_publishes_it(world: World, stranger: str) -> None:
    draft = followed.assessed(world, publish=False)
    assert public().assessments == ()
    assert public_queries.public_assessment(draft.key, NOW) is None
    with pytest.raises(NotAllowed):
        assessment_actions.publish_assessment(by=world.officers[stranger], assessment=draft, expected=1, now=NOW)


def test_the_institution_that_answers_replies_and_another_does_not(world: World) -> None:
    assessment = followed.assessed(world)

    def reply(officer: str, body: str) -> None:
        assessment_actions.reply(
            by=world.officers[officer],
            assessment=assessment,
            institution=institution(body),
            text_es="No es así.",
            text_en="",
            now=NOW,
        )

    reply("focal_health", "MINSAL")
    for officer, body in (("focal_labour", "MTPS"), ("focal_labour", "MINSAL"), ("ombudsman", "PDDH")):
        with pytest.raises(NotAllowed):
            reply(officer, body)
    (line,) = public().assessments
    assert [(each.body.code, each.text_es) for each in line.replies] == [("MINSAL", "No es así.")]
    assert line.status is Status.NOT_STARTED


def test_a_measure_is_public_once_the_secretariat_publishes_it(world: World) -> None:
    draft = followed.measure(world, publish=False)
    said = content_of(draft)
    assert public().measures == ()
    assert public_queries.public_measure(draft.key, NOW) is None
    with pytest.raises(NotAllowed):
        measure_actions.publish_measure(by=world.officers["focal_health"], measure=draft, read=said, now=NOW)
    with refused("changed"):
        measure_actions.publish_measure(by=world.officers["secretariat"], measure=draft, read=said, now=NOW)
    measure_actions.offer_measure(by=world.officers["focal_health"], measure=draft, now=NOW)
    assert public().measures == ()
    measure_actions.publish_measure(by=world.officers["secretariat"], measure=draft, read=said, now=NOW)
    assert [each.key for each in public().measures] == [draft.key]
    assert public(LABOUR).measures == ()


def test_a_correction_of_a_public_measure_keeps_what_it_said_with_who_when_why_and_the_words_that_changed(
    world: World, client: Client
) -> None:
    made, by = followed.measure(world), world.officers["focal_health"]
    with refused("why"):
        measure_actions.add_milestone(by=by, measure=made, said=followed.milestone_said(), now=NOW)
    other = followed.measure_said("Medida corregida", HEALTH, LABOUR)
    with refused("why"):
        measure_actions.change_measure(by=by, measure=made, said=other, expected=made.version, now=NOW, why="así")
    assert [one.number for one in MeasureVersion.objects.all()] == [1]
    later = NOW + timedelta(days=1)
    measure_actions.change_measure(by=by, measure=made, said=other, expected=made.version, now=later, why=followed.WHY)
    step = measure_actions.add_milestone(
        by=by, measure=made, said=followed.milestone_said(), now=later, why=followed.WHY
    )
    measure_actions.change_milestone(
        by=by, milestone=step, said=followed.milestone_said(MilestoneState.UNKNOWN), expected=1, now=later,
        why=followed.WHY,
    )  # fmt: skip
    told = history_of(made, names=False)
    assert [(one.number, one.body.code, one.officer, one.why) for one in told[1:]] == [
        (3, "MINSAL", "", followed.WHY), (2, "MINSAL", "", followed.WHY), (1, "RREE", "", "")
    ]  # fmt: skip
    changed = {each.field: [(one.kind, one.text) for one in each.pieces] for each in told[2].changes}
    assert changed["name_es"] == [("same", "Medida "), ("gone", "inventada"), ("new", "corregida")]
    assert set(changed) == {"name_es", "commitments"}
    assert ("new", f", {POSITION}:{LABOUR}") in [(one, text.rstrip()) for one, text in changed["commitments"]]
    assert [each.field for each in told[0].changes] == ["state"]
    address = f"/commitments/measures/{made.key}/history/"
    page = client.get(address).content.decode()
    assert "<del>inventada</del><ins>corregida</ins>" in page
    assert followed.WHY in page
    assert by.full_name not in page
    client.force_login(by, backend=BACKEND)
    assert by.full_name in client.get(address).content.decode()
    client.force_login(world.officers["focal_labour"], backend=BACKEND)
    assert by.full_name not in client.get(address).content.decode()
    with pytest.raises(RecordIsAppendOnly):
        MeasureVersion.objects.all().delete()
    draft = followed.measure(world, publish=False)
    assert client.get(f"/commitments/measures/{draft.key}/history/").status_code == 404


def test_a_measure_of_before_keeps_how_it_stood_and_says_that_the_rest_is_not_known(world: World) -> None:
    made, by = followed.measure(world), world.officers["focal_health"]
    MeasureVersion.objects.all()._raw_delete(using="default")  # type: ignore[attr-defined]
    measure_actions.change_measure(
        by=by, measure=made, said=followed.measure_said("Otra medida"), expected=made.version, now=NOW, why=followed.WHY
    )
    assert [(one.number, one.as_found) for one in history_of(made, names=False)] == [(2, False), (1, True)]


def test_a_version_says_of_which_instrument_each_commitment_is_and_one_of_codes_alone_stays_readable(
    world: World,
) -> None:
    made, by = followed.measure(world), world.officers["focal_health"]
    kept = MeasureVersion.objects.get()
    assert kept.content["commitments"] == f"{POSITION}:{HEALTH}"
    alone = {**kept.content, "commitments": HEALTH}
    MeasureVersion.objects.all()._raw_delete(using="default")  # type: ignore[attr-defined]
    MeasureVersion.objects.create(measure=made, number=1, content=alone, by=by, institution=made.lead, at=NOW)
    for text in ("Clínicas inventadas", "Otra vez"):
        said = followed.measure_said(text)
        made = measure_actions.change_measure(
            by=by, measure=made, said=said, expected=made.version, now=NOW, why=followed.WHY
        )
    second, *rest = history_of(made, names=False)[::-1][1:]
    assert [{each.field for each in one.changes} for one in (second, *rest)] == [{"name_es"}, {"name_es"}]
    first = {each.field: each.pieces[0].text for each in history_of(made, names=False)[-1].changes}
    assert first["commitments"] == HEALTH
    same = followed.measure_said("Otra vez")
    measure_actions.change_measure(by=by, measure=made, said=same, expected=made.version, now=NOW, why=followed.WHY)
    assert MeasureVersion.objects.count() == 3


def test_what_is_the_same_but_for_the_instruments_of_old_codes_adds_no_version() -> None:
    now = {"name_es": "x", "commitments": "a:1, b:1, b:2"}
    assert says_the_same({**now, "commitments": "1, 1, 2"}, now)
    assert says_the_same(now, now)
    assert not says_the_same({**now, "commitments": "1, 2"}, now)
    assert not says_the_same({**now, "commitments": "a:1, a:2, b:1"}, now)
    assert not says_the_same({**now, "commitments": ""}, now)
    assert says_the_same({"commitments": ""}, {"commitments": ""})


def test_the_measure_of_an_institution_is_written_by_nobody_else(world: World) -> None:
    made = followed.measure(world)
    for stranger in ("focal_labour", "secretariat", "ombudsman"):
        with pytest.raises(NotAllowed):
            measure_actions.change_measure(
                by=world.officers[stranger], measure=made, said=followed.measure_said(), expected=2, now=NOW
            )
        with pytest.raises(NotAllowed):
            measure_actions.add_milestone(
                by=world.officers[stranger], measure=made, said=followed.milestone_said(), now=NOW
            )


def test_progress_is_by_weight_and_what_is_not_known_is_a_range(world: World) -> None:
    made, by = followed.measure(world), world.officers["focal_health"]
    assert public().measures[0].progress is None
    for said in (
        followed.milestone_said(MilestoneState.DONE, "3", done_on=date(2026, 6, 1)),
        followed.milestone_said(MilestoneState.OPEN, "1", due_on=date(2026, 10, 1)),
    ):
        measure_actions.add_milestone(by=by, measure=made, said=said, now=NOW, why=followed.WHY)
    (line,) = public().measures
    assert line.progress is not None
    assert (line.progress.share, line.overdue) == (0.75, 1)
    measure_actions.add_milestone(
        by=by, measure=made, said=followed.milestone_said(MilestoneState.UNKNOWN, "4"), now=NOW, why=followed.WHY
    )
    (line,) = public().measures
    assert line.progress is not None
    assert (line.progress.share, line.progress.low, line.progress.high) == (None, 0.375, 0.875)


@pytest.mark.parametrize("code", ["XXX", "XAU", "XTS", "ZZZ", "usd"])
def test_money_is_in_the_currency_of_a_country(world: World, code: str) -> None:
    made, by = followed.measure(world), world.officers["focal_health"]
    said = measure_actions.MoneySaid(2026, "Fondo inventado", code, Decimal(1), None, None)
    with refused("currency"):
        measure_actions.write_money(by=by, measure=made, said=said, now=NOW, why=followed.WHY)
    assert not made.budget.exists()


def test_money_that_is_not_known_is_empty_and_not_zero(world: World) -> None:
    made, by = followed.measure(world), world.officers["focal_health"]
    write = measure_actions.write_money
    said = measure_actions.MoneySaid(2026, "Presupuesto inventado", "USD", Decimal(1000), None, Decimal(0))
    write(by=by, measure=made, said=said, now=NOW, why=followed.WHY)
    (line,) = public().measures[0].money
    assert (line.planned, line.committed, line.executed) == (1000, None, 0)
    with refused("there"):
        write(by=by, measure=made, said=said, now=NOW, why=followed.WHY)
    with refused("nothing"):
        write(
            by=by,
            measure=made,
            said=measure_actions.MoneySaid(2027, "x", "USD", None, None, None),
            now=NOW,
            why=followed.WHY,
        )
    with refused("amount"):
        write(
            by=by,
            measure=made,
            said=measure_actions.MoneySaid(2027, "x", "USD", Decimal(-1), None, None),
            now=NOW,
            why=followed.WHY,
        )
    with refused("year"):
        write(
            by=by,
            measure=made,
            said=measure_actions.MoneySaid(206, "x", "USD", Decimal(1), None, None),
            now=NOW,
            why=followed.WHY,
        )


def test_the_worker_reads_a_release_when_it_becomes_public_and_reminds_every_night(world: World) -> None:
    binding = bound(world)
    release = release_of_made_up_rows(now=NOW)
    at = NOW + timedelta(hours=3)
    first = tasks.plan_readings(release=release.name, public_from=at, now=NOW)
    assert tasks.plan_readings(release=release.name, public_from=at, now=NOW) == first
    assert first.due_at == at
    run_one(TASKS, worker="a", clock=lambda: at)
    assert [each.binding for each in Reading.objects.all()] == [binding]
    night = tasks.plan(now=at)
    run_one(TASKS, worker="a", clock=lambda: night.due_at)
    assert list(Job.objects.filter(task=tasks.NIGHTLY).order_by("pk").values_list("state", flat=True)) == [
        "done",
        "waiting",
    ]
