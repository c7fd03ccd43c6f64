"""Follow-ups at the beginning, at six and at twelve months; officers who accompany, and others; official weights."""

import io
import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from tests.world import World
from torogoz.domain.reintegration import Content, Moment, PlanRefused, months_later
from torogoz.exchange.readers.instruments import instrument_of
from torogoz.shared.audit.models import AccessEvent
from torogoz.topics.returns import follow_up_actions, follow_up_queries, plan_actions, plan_queries
from torogoz.topics.returns.follow_up_queries import FollowUp
from torogoz.topics.returns.instrument_queries import SHIPPED
from torogoz.topics.returns.models import Assessment, LoadedInstrument, Plan

pytestmark = pytest.mark.django_db

OPENED = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
NOTICE = "Puntaje provisional"
FIRST = instrument_of(SHIPPED / "reintegration_v1.yaml")
BEST = {item.code: max(item.options, key=lambda one: one.value).code for item in FIRST.items}
WORST = {item.code: min(item.options, key=lambda one: one.value).code for item in FIRST.items}
SOCIAL = [item.code for item in FIRST.items_of("SOCIAL")]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The time, which stands still until the test moves it."""
    at = [OPENED]
    monkeypatch.setattr(timezone, "now", lambda: at[0])
    return at


@pytest.fixture
def plan(world: World, clock: list[datetime]) -> Plan:
    rosa = world.person("rosa", office="CENTRE-A", by="registrar_a", given="Rosa")
    return plan_actions.open_plan(
        by=world.officers["psychosocial_a"],
        encounter=rosa.encounters.get(),
        content=Content({}, "", ("Abrir una tortillería",)),
        now=OPENED,
    )


def later(months: int, days: int = 0) -> datetime:
    return datetime.combine(months_later(OPENED.date(), months) + timedelta(days=days), OPENED.timetz())


def asked(world: World, plan: Plan, moment: Moment, answers: dict[str, str], at: datetime) -> Assessment:
    return follow_up_actions.assess(
        by=world.officers["psychosocial_a"], plan=plan, moment=moment, answers=answers, now=at
    )


def follow_ups(world: World, plan: Plan, at: datetime) -> dict[Moment, FollowUp]:
    seen = plan_queries.plan_seen_by(world.officers["psychosocial_a"], plan.key, at)
    assert seen is not None
    return {one.moment: one for one in follow_up_queries.follow_ups_of(seen)}


def as_officer(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.officers[username], backend="django.contrib.auth.backends.ModelBackend")
    return client


def said(answer: object) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())  # type: ignore[attr-defined]


def test_a_person_is_asked_and_asked_again_and_the_change_is_shown(
    world: World, plan: Plan, clock: list[datetime]
) -> None:
    browser = as_officer(world, "psychosocial_a")
    where = f"/returns/plans/{plan.key}/follow-up/baseline/"
    page = said(browser.get(where))
    assert NOTICE in page
    assert "checked" not in page
    refused = browser.post(where, WORST | {"livelihood": "9"})
    assert refused.status_code == 422
    assert not Assessment.objects.exists()
    assert browser.post(where, WORST).headers["Location"] == where
    page = said(browser.get(where))
    assert NOTICE in page
    assert "0.00" in page
    assert "Necesita apoyo pronto" in page
    clock[0] = later(6)
    browser = as_officer(world, "psychosocial_a")
    assert browser.post(f"/returns/plans/{plan.key}/follow-up/month_6/", BEST).status_code == 302
    page = said(browser.get(f"/returns/plans/{plan.key}/follow-up/month_6/"))
    assert "+1.00" in page
    assert "Se sostiene" in page
    whole = said(browser.get(f"/returns/plans/{plan.key}/"))
    assert "+1.00" in whole
    assert NOTICE in whole
    assert AccessEvent.objects.filter(what="follow_up", verb="view").count() >= 3


def test_fewer_than_seventy_in_a_hundred_give_no_score_which_is_not_zero(
    world: World, plan: Plan, clock: list[datetime]
) -> None:
    partly = {code: answer for code, answer in WORST.items() if code not in SOCIAL[:2]}
    asked(world, plan, Moment.BASELINE, partly, OPENED)
    result = follow_ups(world, plan, OPENED)[Moment.BASELINE].result
    assert result is not None
    assert (result.dimensions["SOCIAL"].score, result.whole.score, result.band) == (None, None, None)
    assert result.dimensions["ECONOMIC"].score == 0
    page = said(as_officer(world, "psychosocial_a").get(f"/returns/plans/{plan.key}/follow-up/baseline/"))
    assert page.count(">sin puntaje<") == 2
    assert "3 de 5" in page
    assert "no es cero" in page
    clock[0] = later(6)
    asked(world, plan, Moment.MONTH_6, BEST, later(6))
    second = follow_ups(world, plan, later(6))[Moment.MONTH_6]
    assert second.rose is not None
    assert (second.rose[None], second.rose["SOCIAL"], second.rose["ECONOMIC"]) == (None, None, Fraction(1))
    assert "no se puede decir" in said(as_officer(world, "psychosocial_a").get(f"/returns/plans/{plan.key}/"))


def test_nothing_answered_is_stored_as_asked_and_without_a_score(world: World, plan: Plan) -> None:
    asked(world, plan, Moment.BASELINE, {}, OPENED)
    one = follow_ups(world, plan, OPENED)[Moment.BASELINE]
    assert one.result is not None
    assert (one.result.whole.score, one.result.whole.answered, one.result.whole.asked) == (None, 0, 15)


def test_what_is_too_early_too_late_or_made_is_refused_and_the_page_leads_nowhere(
    world: World, plan: Plan, clock: list[datetime]
) -> None:
    for at, moment, code in (
        (OPENED, Moment.MONTH_6, "too_early"),
        (later(6), Moment.BASELINE, "too_late"),
        (later(18, 1), Moment.MONTH_12, "too_late"),
    ):
        with pytest.raises(PlanRefused) as refused:
            asked(world, plan, moment, BEST, at)
        assert refused.value.code == code
        clock[0] = at
        browser = as_officer(world, "psychosocial_a")
        assert browser.get(f"/returns/plans/{plan.key}/follow-up/{moment}/").status_code == 404
    assert not Assessment.objects.exists()
    clock[0] = OPENED
    browser = as_officer(world, "psychosocial_a")
    asked(world, plan, Moment.BASELINE, WORST, OPENED)
    again = browser.post(f"/returns/plans/{plan.key}/follow-up/baseline/", BEST, follow=True)
    assert "Ese seguimiento ya se hizo" in said(again)
    assert "No se hizo" not in said(browser.get(f"/returns/plans/{plan.key}/"))
    clock[0] = later(12)
    browser = as_officer(world, "psychosocial_a")
    assert "No se hizo" in said(browser.get(f"/returns/plans/{plan.key}/"))
    assert browser.get(f"/returns/plans/{plan.key}/follow-up/tomorrow/").status_code == 404


def test_what_is_due_is_listed_from_thirty_days_before(world: World, plan: Plan, clock: list[datetime]) -> None:
    def due(at: datetime) -> list[tuple[Moment, int]]:
        found = plan_queries.open_plans(world.officers["psychosocial_a"], at)
        return [(one.moment, one.late) for one in follow_up_queries.due_of(found, timezone.localdate(at))]

    assert due(OPENED) == [(Moment.BASELINE, 0)]
    asked(world, plan, Moment.BASELINE, WORST, OPENED)
    assert due(later(6, -31)) == []
    assert due(later(6, -30)) == [(Moment.MONTH_6, 0)]
    assert due(later(6, 12)) == [(Moment.MONTH_6, 12)]
    clock[0] = later(6, 12)
    page = said(as_officer(world, "psychosocial_a").get("/returns/plans/"))
    assert f"/returns/plans/{plan.key}/follow-up/month_6/" in page
    assert "12 días tarde" in page
    asked(world, plan, Moment.MONTH_6, WORST, later(6, 12))
    assert due(later(6, 12)) == []


def test_answers_are_sealed(world: World, plan: Plan) -> None:
    made = asked(world, plan, Moment.BASELINE, WORST, OPENED)
    assert not any(code.encode() in bytes(made.sealed) for code in WORST)


@pytest.mark.parametrize("username", ["registrar_a", "health_a", "police_a", "labour_a", "registrar_b", "statistician"])
def test_for_everybody_else_there_is_no_follow_up(world: World, plan: Plan, username: str) -> None:
    asked(world, plan, Moment.BASELINE, WORST, OPENED)
    browser = as_officer(world, username)
    answer = browser.get(f"/returns/plans/{plan.key}/follow-up/baseline/")
    assert (answer.status_code, said(answer)) == (
        404,
        said(browser.get(f"/returns/plans/{uuid4()}/follow-up/baseline/")),
    )
    assert browser.post(f"/returns/plans/{plan.key}/follow-up/baseline/", BEST).status_code == 404


def test_the_other_institution_that_accompanies_reads_and_does_not_ask(world: World, plan: Plan) -> None:
    browser = as_officer(world, "consular_a")
    where = f"/returns/plans/{plan.key}/follow-up/baseline/"
    assert browser.get(where).status_code == browser.post(where, BEST).status_code == 404
    asked(world, plan, Moment.BASELINE, WORST, OPENED)
    assert "0.00" in said(browser.get(where))


def official(version: int) -> str:
    text = (SHIPPED / "reintegration_v1.yaml").read_text(encoding="utf-8")
    return text.replace("version: 1", f"version: {version}").replace("provisional: true", "provisional: false")


def test_official_weights_are_a_new_version_and_old_answers_keep_theirs(
    world: World, plan: Plan, tmp_path: Path, clock: list[datetime]
) -> None:
    asked(world, plan, Moment.BASELINE, WORST, OPENED)
    file = tmp_path / "official.yaml"
    file.write_text(official(2), encoding="utf-8")
    call_command("load_instrument", str(file), stdout=(out := io.StringIO()))
    assert "stored: REINTEGRATION version 2, 15 questions" in out.getvalue()
    call_command("load_instrument", stdout=(listed := io.StringIO()))
    assert [line.split(",")[0] for line in listed.getvalue().splitlines()] == [
        "REINTEGRATION 1 (provisional)",
        "REINTEGRATION 2 (official)",
    ]
    clock[0] = later(6)
    assert asked(world, plan, Moment.MONTH_6, BEST, later(6)).version == 1
    other = world.person("luz", office="CENTRE-A", by="registrar_a", given="Luz")
    new = plan_actions.open_plan(
        by=world.officers["psychosocial_a"],
        encounter=other.encounters.get(),
        content=Content({}, "", ("Estudiar",)),
        now=later(6),
    )
    browser = as_officer(world, "psychosocial_a")
    assert asked(world, new, Moment.BASELINE, BEST, later(6)).version == 2
    assert NOTICE not in said(browser.get(f"/returns/plans/{new.key}/"))
    assert NOTICE in said(browser.get(f"/returns/plans/{plan.key}/"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (official(1), "the next of REINTEGRATION is 2"),
        (official(3), "the next of REINTEGRATION is 2"),
        (official(2).replace("code: REINTEGRATION", "code: OTHER"), "there is no instrument 'OTHER'"),
        (official(2).replace("value: 0.75", "value: 7.5", 1), "must lie between 0 and 1"),
        ("no es yaml: [", "is not YAML"),
    ],
)
def test_what_cannot_be_the_next_version_is_refused_and_nothing_is_stored(
    world: World, tmp_path: Path, text: str, why: str
) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=f"{re.escape(why)}.*nothing was stored"):
        call_command("load_instrument", str(file))
    assert not LoadedInstrument.objects.exists()
