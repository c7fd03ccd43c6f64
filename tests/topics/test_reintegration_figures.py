"""Children alone, plans and follow-ups as figures of a release: the same as a loop over what was recorded."""

import csv
import io
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.topics.test_flows import plain, text
from tests.world import NOW, World
from torogoz.domain.families import Evidence, GroupKind, Kin
from torogoz.domain.reintegration import Agreed, Closed, Content, Level, Moment, Need, months_later
from torogoz.exchange.readers.instruments import instrument_of
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.households.child_cells import child_status_cells
from torogoz.shared.households.family_actions import form_group, leave_group, relate
from torogoz.shared.households.models import Member
from torogoz.shared.people.models import Encounter, Person
from torogoz.shared.places import actions as places
from torogoz.shared.releases.actions import make_release
from torogoz.statistics.measured_releases import RETURN_MEASURES
from torogoz.topics.returns import follow_up_actions, plan_actions, queries
from torogoz.topics.returns.instrument_queries import SHIPPED
from torogoz.topics.returns.models import Arrival, Plan
from torogoz.topics.returns.plan_cells import plan_cells

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate(NOW)
LATER = NOW + timedelta(days=1)
FIRST = instrument_of(SHIPPED / "reintegration_v1.yaml")
BEST = {item.code: max(item.options, key=lambda one: one.value).code for item in FIRST.items}
CONTENT = Content({Need.HOUSING: Level.SOON}, "", ("Una meta inventada", "Otra meta inventada"))
CHILD, ADULT = date(2015, 5, 17), date(1990, 5, 17)


@pytest.fixture
def country(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A clock that stands still, code lists, and no page kept from another test."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    codelists.load()
    places.load()
    cache.clear()
    return world


def arrived(world: World, nickname: str, birth: date | None, *, centre: str = "CENTRE-A", sex: str = "F") -> Person:
    """Somebody met at a centre, whose arrival was declared there; without a birth date the age is not known."""
    by = "registrar_a" if centre == "CENTRE-A" else "registrar_b"
    person = world.person(nickname, office=centre, by=by, given=nickname.title())
    person.sex, person.birth = sex, birth.isoformat() if birth else ""
    person.birth_min = person.birth_max = birth
    person.save()
    Arrival.objects.create(encounter=person.encounters.get(), returned_from="USA", route="AIR")
    return person


def grouped(world: World, *nicknames: str, kind: GroupKind = GroupKind.TRAVEL, by: str = "registrar_a") -> None:
    first, *others = (world.people[one] for one in nicknames)
    form_group(by=world.officers[by], person=first, others=others, kind=kind, formed_on=TODAY, now=NOW)


def kin_of(world: World, child: str, other: str, kin: Kin, evidence: Evidence = Evidence.STATED) -> None:
    relate(
        by=world.officers["registrar_a"], person=world.people[child], other=world.people[other], kin=kin,
        evidence=evidence, now=NOW,
    )  # fmt: skip


def statuses(world: World) -> dict[str, str | None]:
    names = {Encounter.objects.get(person=person).pk: nickname for nickname, person in world.people.items()}
    return {names[encounter]: status for encounter, status in child_status_cells(LATER).iter_rows()}


@pytest.fixture
def children(country: World) -> World:
    """A child of each kind, at two centres of two institutions' officers."""
    for nickname, birth in (
        ("ana", ADULT), ("eva", ADULT), ("with_mother", CHILD), ("on_her_word", CHILD), ("with_aunt", CHILD),
        ("with_stranger", CHILD), ("alone", CHILD), ("ageless", None), ("aunt_left", CHILD),
    ):  # fmt: skip
        arrived(country, nickname, birth)
    arrived(country, "nothing_noted", CHILD, centre="CENTRE-B", sex="M")
    arrived(country, "stranger", ADULT)
    kin_of(country, "with_mother", "ana", Kin.PARENT, Evidence.DOCUMENT)
    kin_of(country, "on_her_word", "ana", Kin.PARENT)
    kin_of(country, "with_aunt", "eva", Kin.RELATIVE)
    grouped(country, "ana", "with_mother", "on_her_word")
    grouped(country, "eva", "with_aunt")
    grouped(country, "stranger", "with_stranger")
    grouped(country, "alone", kind=GroupKind.ALONE, by="children_a")
    return country


def test_the_status_of_a_child_is_derived_from_what_was_recorded_and_nothing_recorded_is_no_company(
    children: World,
) -> None:
    assert statuses(children) == {
        "ana": "ADULT",
        "eva": "ADULT",
        "stranger": "ADULT",
        "with_mother": "ACCOMPANIED",
        "on_her_word": "UNVERIFIED",
        "with_aunt": "SEPARATED",
        "with_stranger": "ALONE",
        "alone": "ALONE",
        "nothing_noted": "NOT_RECORDED",
        "aunt_left": "NOT_RECORDED",
        "ageless": None,
    }


def test_who_left_on_the_day_was_no_company_and_who_left_later_was(country: World) -> None:
    arrived(country, "eva", ADULT)
    arrived(country, "luz", CHILD)
    kin_of(country, "luz", "eva", Kin.RELATIVE)
    grouped(country, "eva", "luz")
    member = Member.objects.get(person=country.people["eva"])
    leave_group(by=country.officers["registrar_a"], member=member, now=NOW)
    assert statuses(country)["luz"] == "ALONE"
    Member.objects.filter(pk=member.pk).update(left_on=TODAY + timedelta(days=30))
    assert statuses(country)["luz"] == "SEPARATED"


def test_what_was_recorded_after_the_release_was_cut_is_not_in_it(children: World) -> None:
    before = dict(child_status_cells(NOW).iter_rows())
    assert set(before.values()) == {"ADULT", "NOT_RECORDED", None}, "groups were formed at the moment of the cut"


def test_a_group_of_another_journey_is_no_company_of_this_one(country: World) -> None:
    arrived(country, "ana", ADULT)
    luz = arrived(country, "luz", CHILD)
    kin_of(country, "luz", "ana", Kin.PARENT, Evidence.DOCUMENT)
    grouped(country, "ana", "luz")
    old = luz.encounters.get()
    older = country.encounter(luz, office="CENTRE-A", by="registrar_a")
    Encounter.objects.filter(pk=older.pk).update(occurred_at=NOW - timedelta(days=200))
    found = dict(child_status_cells(LATER).iter_rows())
    assert (found[old.pk], found[older.pk]) == ("ACCOMPANIED", "NOT_RECORDED")


def test_children_unaccompanied_in_the_rows_are_those_that_a_loop_counts(children: World) -> None:
    rows = queries.person_rows(LATER)["returns"]
    counted = rows.filter(pl.col("CHILD_STATUS").is_in(["ALONE", "NOT_RECORDED"]))
    naive: Counter[str] = Counter()
    for nickname, status in statuses(children).items():
        if status in ("ALONE", "NOT_RECORDED"):
            naive[children.people[nickname].sex] += 1
    assert dict(counted.group_by("SEX").len().iter_rows()) == dict(naive) == {"F": 3, "M": 1}
    unknown = rows.filter(pl.col("CHILD_STATUS").is_null())
    assert unknown.height == 1, "who has no birth date is neither an adult nor a child alone"


def opened(world: World, nickname: str, at: datetime = NOW) -> Plan:
    person = arrived(world, nickname, ADULT)
    return plan_actions.open_plan(
        by=world.officers["psychosocial_a"], encounter=person.encounters.get(), content=CONTENT, now=at
    )


def agreed(world: World, plan: Plan, at: datetime) -> None:
    plan_actions.agree(
        by=world.officers["psychosocial_a"], plan=plan, number=1, how=Agreed.SPOKEN, day=timezone.localdate(at),
        code="", now=at,
    )  # fmt: skip


def test_a_plan_is_agreed_in_time_late_or_not_known_yet(country: World) -> None:
    soon, late, never = (opened(country, name) for name in ("soon", "late", "never"))
    agreed(country, soon, NOW + timedelta(days=30))
    agreed(country, late, NOW + timedelta(days=31))

    def said(at: datetime) -> list[object]:
        return [line[1] for line in plan_cells(at).plans]

    assert said(NOW + timedelta(days=10)) == [None, None, None], "there is time left"
    assert said(NOW + timedelta(days=40)) == ["Y", "N", "N"]
    assert never.closed_on is None


def test_goals_stand_by_the_state_of_their_plan(country: World) -> None:
    _written, going, reached, given_up = (opened(country, name) for name in ("one", "two", "three", "four"))
    for plan in (going, reached):
        agreed(country, plan, NOW)
    plan_actions.close_plan(by=country.officers["psychosocial_a"], plan=reached, because=Closed.REACHED, now=NOW)
    plan_actions.close_plan(by=country.officers["psychosocial_a"], plan=given_up, because=Closed.LEFT, now=NOW)
    found = Counter(line[1] for line in plan_cells(LATER).goals)
    assert found == {"WRITTEN": 2, "AGREED": 2, "REACHED": 2, "ENDED": 2}
    changed = Content({}, "", ("Otra",))
    plan_actions.change_plan(by=country.officers["psychosocial_a"], plan=going, content=changed, expected=1, now=NOW)
    assert Counter(line[1] for line in plan_cells(LATER).goals)["WRITTEN"] == 3, "a new version is not agreed"


def test_follow_ups_are_made_missed_or_not_known_yet_and_a_closed_plan_misses_none(country: World) -> None:
    made, missed, closed = (opened(country, name) for name in ("made", "missed", "closed"))
    plan_actions.close_plan(by=country.officers["psychosocial_a"], plan=closed, because=Closed.LEFT, now=NOW)
    half = datetime.combine(months_later(TODAY, 6), NOW.timetz())
    by = country.officers["psychosocial_a"]
    follow_up_actions.assess(by=by, plan=made, moment=Moment.MONTH_6, answers=BEST, now=half)

    def said(at: datetime, moment: str = "MONTH_6") -> dict[object, object]:
        return {line[0]: line[3] for line in plan_cells(at).follow_ups if line[2] == moment}

    assert said(half - timedelta(days=1)) == {}, "nothing is due yet"
    soon, late = half + timedelta(days=5), half + timedelta(days=160)
    assert said(soon) == {made.encounter_id: "Y", missed.encounter_id: None}
    assert said(late) == {made.encounter_id: "Y", missed.encounter_id: "N"}
    assert said(late, "BASELINE")[closed.encounter_id] == "N", "it was due on the day on which the plan was opened"


def test_a_dimension_without_a_score_is_unknown_and_every_score_says_that_it_is_provisional(country: World) -> None:
    plan = opened(country, "one")
    social = {item.code for item in FIRST.items_of("SOCIAL")}
    answers = {code: answer for code, answer in BEST.items() if code not in social}
    by = country.officers["psychosocial_a"]
    follow_up_actions.assess(by=by, plan=plan, moment=Moment.BASELINE, answers=answers, now=NOW)
    rows = queries.person_rows(LATER)["follow_up_scores"]
    assert dict(rows.select("DIMENSION", "score_percent").iter_rows()) == {
        "ECONOMIC": 100, "SOCIAL": None, "PSYCHOSOCIAL": 100,
    }  # fmt: skip
    assert set(rows["PROVISIONAL"]) == {"Y"}


def test_no_word_of_a_plan_leaves_with_its_rows(country: World) -> None:
    plan = opened(country, "one")
    agreed(country, plan, NOW)
    for name, frame in queries.person_rows(LATER).items():
        if name in ("reintegration_plans", "reintegration_goals", "follow_ups", "follow_up_scores"):
            written = frame.write_csv()
            assert "inventada" not in written
            assert str(plan.key) not in written
            assert str(plan.encounter.person.key) not in written
            assert "encounter" not in frame.columns


SECRET = b"a secret of tests that is long enough"


def released(tables: dict[str, pl.DataFrame]) -> None:
    make_release(
        code="2025",
        cut_off=datetime(2026, 1, 1, 6, tzinfo=UTC),
        frames={},
        persons={RETURN_MEASURES: tables},
        by="",
        now=datetime(2026, 1, 15, tzinfo=UTC),
        made_up=True,
        secret=SECRET,
    )


def told(client: Client, indicator: str) -> dict[tuple[str, ...], tuple[str, str]]:
    lines = list(csv.DictReader(io.StringIO(text(client.get(f"/indicators/{indicator}.csv")), newline="")))
    keys = [name for name in ("SEX", "AGE") if name in lines[0]]
    return {tuple(line[key] for key in keys): (line["OBS_VALUE"], line["CONF_STATUS"]) for line in lines}


def header(count: int) -> dict[str, list[object]]:
    return {
        "TIME_PERIOD": ["2025-05"] * count,
        "person": [str(number) for number in range(count)],
        "SEX": ["F"] * count,
        "AGE_GROUP": ["Y_GE18"] * count,
    }


def test_the_figures_of_a_release_are_near_a_loop_over_its_rows_and_few_are_hidden(
    country: World, client: Client
) -> None:
    status = ["ALONE"] * 40 + ["NOT_RECORDED"] * 60 + ["SEPARATED"] * 50 + ["ADULT"] * 300 + [None] * 20
    sexes = ["F", "M"] * 75 + ["F"] * 320
    ages = ([9, 15] * 75) + [40] * 300 + [None] * 20
    returns = header(470) | {"SEX": sexes, "age_years": ages, "AGE": ["_U"] * 470, "CHILD_STATUS": status}
    returns |= {"AGE_GROUP": ["_U"] * 470, "returns_12_months": [1] * 470}
    scores = header(50) | {
        "MOMENT": ["MONTH_6"] * 44 + ["MONTH_12"] * 6,
        "DIMENSION": ["SOCIAL"] * 50,
        "PROVISIONAL": ["Y"] * 50,
        "instrument_version": [1] * 50,
        "score_percent": [40, 60] * 20 + [None] * 4 + [0] * 6,
    }
    ups = header(80) | {"MOMENT": ["MONTH_6"] * 80, "MADE": ["Y"] * 30 + ["N"] * 20 + [None] * 30}
    goals = header(60) | {"GOAL_STATE": ["REACHED"] * 60}
    plans = header(80) | {"AGREED_30": ["Y"] * 40 + ["N"] * 40}
    strict = {"strict": False}
    released(
        {
            "returns": pl.DataFrame(returns, **strict),
            "follow_up_scores": pl.DataFrame(scores, **strict),
            "follow_ups": pl.DataFrame(ups, **strict),
            "reintegration_goals": pl.DataFrame(goals, **strict),
            "reintegration_plans": pl.DataFrame(plans, **strict),
        }
    )
    alone = told(client, "SV_14_UNACCOMPANIED")
    naive = sum(one in ("ALONE", "NOT_RECORDED") for one in status)
    boys = sum(one in ("ALONE", "NOT_RECORDED") and sex == "M" for one, sex in zip(status, sexes, strict=True))
    assert float(alone["_T", "_T"][0]) == pytest.approx(naive, abs=5)
    assert float(alone["M", "_T"][0]) == pytest.approx(boys, abs=5)
    recorded = told(client, "SV_14_ALONE_RECORDED")
    assert float(recorded["_T", "_T"][0]) == pytest.approx(status.count("ALONE"), abs=5)
    assert float(told(client, "SV_25_MADE_6")["_T",][0]) == pytest.approx(60, abs=9), "of those that are known"
    assert float(told(client, "SV_25_PLAN_30")["_T",][0]) == pytest.approx(50, abs=9)
    assert told(client, "SV_25_GOALS_REACHED")[()] == ("", "C"), "sixty goals may be of eight people"
    assert told(client, "SV_25_SOCIAL_6")[()] in {("40", "F"), ("50", "F"), ("60", "F")}, "who has no score is no zero"
    assert told(client, "SV_25_SOCIAL_12")[()] == ("", "C")
    page = plain(text(client.get("/indicators/SV_25_SOCIAL_6/")))
    assert "Puntaje provisional" in page
    assert "no es la encuesta de sostenibilidad de la reintegración de la OIM" in page


def test_questions_not_asked_again_are_published_as_near_a_naive_count_as_the_protection_allows(
    country: World, client: Client
) -> None:
    known = ["Y", "Y", "N"] * 100 + ["Y"] * 60
    sections = header(360) | {"SECTION": ["police"] * 360, "ALL_KNOWN": known}
    released({"section_reuse": pl.DataFrame(sections)})
    naive = 100 * sum(one == "Y" for one in known) / len(known)
    told_share, status = told(client, "SV_27_NOT_REASKED")[()]
    assert status == "F"
    # Each of the two counts carries a change of five at most, so that the share is as near as this, and no nearer.
    assert float(told_share) == pytest.approx(naive, abs=100 * 2 * 5 / len(known))
