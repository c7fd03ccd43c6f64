"""Reintegration plans over HTTP: officers of the institutions that accompany, of others, and of the police."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.world import LONG_AGO, NOW, World
from torogoz.domain.access import Role
from torogoz.domain.reintegration import Agreed, Closed, Content, Level, Need, Outcome, PlanRefused
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.institutions.models import Institution, Membership, Officer, PersonGrant
from torogoz.shared.papers.models import Paper
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.models import Person
from torogoz.topics.returns import plan_actions, plan_queries
from torogoz.topics.returns.models import Plan, PlanAction, PlanVersion

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)
GOAL, NOTE, WHAT = "Abrir una tortillería", "Teme a un vecino", "Cita en el Ministerio"
CONTENT = Content({Need.SAFETY: Level.NOW, Need.HOUSING: Level.NONE}, NOTE, (GOAL,))
OUTSIDE = ("registrar_a", "supervisor_a", "health_a", "police_a", "police_supervisor_a", "labour_a", "logistics_a")


@pytest.fixture
def rosa(world: World, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Somebody whom DGME met at centre A; and a clock that stands still."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return world.person("rosa", office="CENTRE-A", by="registrar_a", given="Rosa")


@pytest.fixture
def plan(world: World, rosa: Person) -> Plan:
    return opened(world, rosa)


def opened(world: World, person: Person) -> Plan:
    encounter = person.encounters.get()
    return plan_actions.open_plan(by=world.officers["psychosocial_a"], encounter=encounter, content=CONTENT, now=NOW)


def acted(world: World, plan: Plan, due: date = TODAY) -> PlanAction:
    return plan_actions.plan_action(
        by=world.officers["psychosocial_a"],
        plan=plan,
        what=WHAT,
        who="Rosa",
        institution=Institution.objects.get(code="MTPS"),
        due=due,
        now=NOW,
    )


def as_officer(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.officers[username], backend="django.contrib.auth.backends.ModelBackend")
    return client


def said(answer: object) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())  # type: ignore[attr-defined]


def posted(world: World, username: str, institution: str, centre: str, role: Role) -> None:
    officer = Officer.objects.create(username=username, full_name="Personal inventado", made_up=True)
    Membership.objects.create(
        officer=officer,
        institution=Institution.objects.get(code=institution),
        office=world.offices[centre],
        role=role.value,
        valid_from=LONG_AGO,
    )
    world.officers[username] = officer


def test_a_plan_from_its_opening_to_its_end(world: World, rosa: Person) -> None:
    browser = as_officer(world, "psychosocial_a")
    assert "Abrir un plan de reintegración" in said(browser.get(f"/returns/people/{rosa.key}/"))
    where = f"/returns/people/{rosa.key}/plan/"
    refused = browser.post(where, {"note": NOTE})
    assert refused.status_code == 422
    assert "un plan vacío no se acuerda con nadie" in said(refused)
    assert NOTE in said(refused)
    made = browser.post(where, {"safety": "now", "housing": "none", "goals": f"  {GOAL} \n\n", "note": NOTE})
    plan = Plan.objects.get()
    assert made.headers["Location"] == f"/returns/plans/{plan.key}/"
    page = said(browser.get(f"/returns/plans/{plan.key}/"))
    assert all(words in page for words in (GOAL, NOTE, "Seguridad", "Sin acordar", "Se desconoce si necesita"))
    action = {"what": WHAT, "who": "Rosa", "institution": "MTPS", "due": "2026-11-19"}
    early = browser.post(f"/returns/plans/{plan.key}/actions/", action)
    assert early.status_code == 422
    assert WHAT in said(early)
    browser.post(f"/returns/plans/{plan.key}/actions/", action | {"due": "2026-12-01"})
    held = PlanAction.objects.get()
    refused = browser.post(f"/returns/plans/{plan.key}/close/", {"because": "reached"})
    assert "Acciones sin resultado: 1" in said(refused)
    assert Plan.objects.get().closed_on is None
    end = f"/returns/plans/{plan.key}/actions/{held.key}/"
    assert browser.post(end, {"outcome": "planned", "day": "2026-11-20"}).status_code == 422
    assert browser.post(end, {"outcome": "no_show", "day": "2026-11-20"}).status_code == 302
    assert browser.post(f"/returns/plans/{plan.key}/close/", {"because": "reached"}).status_code == 302
    page = said(browser.get(f"/returns/plans/{plan.key}/"))
    assert "La persona no llegó" in page
    assert "Cerrado" in page
    assert "Agregar una acción" not in page
    assert "está cerrado" in said(browser.post(f"/returns/plans/{plan.key}/actions/", action | {"due": "2026-12-01"}))


def test_there_is_one_plan_per_return(world: World, rosa: Person, plan: Plan) -> None:
    with pytest.raises(PlanRefused, match="already"):
        opened(world, rosa)
    answer = as_officer(world, "consular_a").get(f"/returns/people/{rosa.key}/plan/")
    assert answer.headers["Location"] == f"/returns/plans/{plan.key}/"
    assert Plan.objects.count() == PlanVersion.objects.count() == 1


def test_what_a_plan_says_is_sealed(world: World, plan: Plan) -> None:
    stored = [bytes(PlanVersion.objects.get().sealed), bytes(acted(world, plan).sealed)]
    assert not any(word.encode() in sealed for sealed in stored for word in (GOAL, NOTE, WHAT, "Rosa", "safety"))


def test_another_version_keeps_the_one_before_and_has_to_be_agreed_anew(world: World, plan: Plan) -> None:
    by = world.officers["psychosocial_a"]
    plan_actions.agree(by=by, plan=plan, number=1, how=Agreed.SPOKEN, day=TODAY, code="", now=NOW)
    changed = Content({Need.PAPERS: Level.SOON}, "", ("Sacar el DUI",))
    plan_actions.change_plan(by=by, plan=plan, content=changed, expected=1, now=NOW)
    seen = plan_queries.plan_seen_by(by, plan.key, NOW)
    assert seen is not None
    assert [(one.version.number, one.content, one.version.agreed_how) for one in seen.versions] == [
        (2, changed, ""),
        (1, CONTENT, "spoken"),
    ]
    with pytest.raises(PlanRefused, match="Version 2"):
        plan_actions.agree(by=by, plan=plan, number=1, how=Agreed.SPOKEN, day=TODAY, code="", now=NOW)


def test_two_who_change_a_plan_at_once_lose_nothing(world: World, plan: Plan) -> None:
    posted(world, "gami_head", "GAMI", "CENTRE-A", Role.SUPERVISOR)
    where = f"/returns/plans/{plan.key}/change/"
    first, second = as_officer(world, "psychosocial_a"), as_officer(world, "gami_head")
    assert first.post(where, {"expected": "1", "goals": "Sacar el DUI"}).status_code == 302
    late = second.post(where, {"expected": "1", "goals": "Vivir con su hermana"})
    assert late.status_code == 409
    assert "Sacar el DUI" in said(late)
    assert "Vivir con su hermana" in said(late)
    assert 'name="expected" value="2"' in said(late)
    assert PlanVersion.objects.count() == 2
    assert second.post(where, {"expected": "2", "goals": "Vivir con su hermana"}).status_code == 302
    assert [one.number for one in PlanVersion.objects.order_by("number")] == [1, 2, 3]


def test_a_signature_names_the_sheet_that_was_signed(world: World, rosa: Person, plan: Plan) -> None:
    browser = as_officer(world, "psychosocial_a")
    sheet = browser.post(f"/returns/plans/{plan.key}/paper/", {"sheet_language": "es"})
    assert sheet.content.startswith(b"%PDF")
    paper = Paper.objects.get()
    assert (paper.sheet, paper.person) == ("plan", rosa)
    assert browser.post(f"/returns/plans/{plan.key}/paper/", {"sheet_language": "en"}).status_code == 200
    where = f"/returns/plans/{plan.key}/agree/"
    agreed = {"number": "1", "how": "signed", "day": "2026-11-20"}
    for code in ("", "no es un código", "K7QF-2M9X-4TBD-6"):
        refused = browser.post(where, agreed | {"code": code})
        assert refused.status_code == 422
        assert "Imprima la hoja, fírmenla" in said(refused)
    assert browser.post(where, agreed | {"code": paper.code, "day": "2026-11-21"}).status_code == 422
    assert browser.post(where, agreed | {"code": paper.code.lower().replace("-", " ")}).status_code == 302
    version = PlanVersion.objects.get()
    assert (version.sheet, version.agreed_how, version.agreed_on) == (paper, "signed", TODAY)
    assert version.agreed_before == world.officers["psychosocial_a"]
    assert "ya está acordada" in said(browser.post(where, agreed | {"code": paper.code}))


def test_a_sheet_of_before_the_last_version_signs_nothing(world: World, plan: Plan) -> None:
    by = world.officers["psychosocial_a"]
    as_officer(world, "psychosocial_a").post(f"/returns/plans/{plan.key}/paper/", {})
    later = NOW + timedelta(minutes=5)
    plan_actions.change_plan(by=by, plan=plan, content=CONTENT, expected=1, now=later)
    code = Paper.objects.get().code
    with pytest.raises(PlanRefused) as refused:
        plan_actions.agree(by=by, plan=plan, number=2, how=Agreed.FINGERPRINT, day=TODAY, code=code, now=later)
    assert refused.value.code == "sheet"


@pytest.mark.parametrize("username", [*OUTSIDE, "registrar_b", "children_b", "statistician", "data_protection"])
def test_for_everybody_else_there_is_no_plan(world: World, rosa: Person, plan: Plan, username: str) -> None:
    acted(world, plan)
    browser = as_officer(world, username)
    for address in ("", "change/"):
        answer = browser.get(f"/returns/plans/{plan.key}/{address}")
        nobody = browser.get(f"/returns/plans/{uuid4()}/{address}")
        assert (answer.status_code, said(answer)) == (404, said(nobody))
    for address in ("agree/", "actions/", "close/", "paper/", f"actions/{PlanAction.objects.get().key}/"):
        assert browser.post(f"/returns/plans/{plan.key}/{address}").status_code == 404
    assert browser.get("/returns/plans/").status_code == 404
    assert browser.get(f"/returns/people/{rosa.key}/plan/").status_code == 404
    assert "reintegración" not in said(browser.get(f"/returns/people/{rosa.key}/")).replace(
        "Retorno y reintegración", ""
    )


def test_the_other_institution_that_accompanies_reads_and_does_not_write(world: World, plan: Plan) -> None:
    browser = as_officer(world, "consular_a")
    page = said(browser.get(f"/returns/plans/{plan.key}/"))
    assert GOAL in page
    assert "Escribir otra versión" not in page
    assert browser.post(f"/returns/plans/{plan.key}/close/", {"because": "left"}).status_code == 404
    with pytest.raises(NotAllowed):
        plan_actions.close_plan(by=world.officers["consular_a"], plan=plan, because=Closed.LEFT, now=NOW)
    event = AccessEvent.objects.filter(what="plan", verb="view").order_by("-pk")[0]
    assert str(plan.key) in str(event.subjects)


def test_officers_of_another_centre_see_no_plan_until_the_person_is_met_there(
    world: World, rosa: Person, plan: Plan
) -> None:
    posted(world, "gami_b", "GAMI", "CENTRE-B", Role.SPECIALIST)
    assert as_officer(world, "gami_b").get(f"/returns/plans/{plan.key}/").status_code == 404
    assert GOAL not in said(as_officer(world, "gami_b").get("/returns/plans/"))
    world.encounter(rosa, office="CENTRE-B", by="registrar_b")
    assert as_officer(world, "gami_b").get(f"/returns/plans/{plan.key}/").status_code == 200


def test_a_consent_opens_the_plan_to_be_read_alone_and_never_to_the_police(
    world: World, rosa: Person, plan: Plan
) -> None:
    for code in ("MTPS", "PNC"):
        grant(rosa, code)
    browser = as_officer(world, "labour_a")
    page = said(browser.get(f"/returns/plans/{plan.key}/"))
    assert GOAL in page
    assert "Agregar una acción" not in page
    assert browser.get("/returns/plans/").status_code == 404
    assert as_officer(world, "police_a").get(f"/returns/plans/{plan.key}/").status_code == 404


def test_a_hand_over_that_waits_opens_what_was_written_when_it_was_sent(world: World, rosa: Person, plan: Plan) -> None:
    grant(rosa, "MTPS", basis="handover", written_before=NOW)
    later = NOW + timedelta(minutes=10)
    by = world.officers["psychosocial_a"]
    newer = Content({}, "", ("Meta de después",))
    plan_actions.change_plan(by=by, plan=plan, content=newer, expected=1, now=later)
    seen = plan_queries.plan_seen_by(world.officers["labour_a"], plan.key, later)
    assert seen is not None
    assert [one.version.number for one in seen.versions] == [1]
    PersonGrant.objects.update(written_before=None)
    whole = plan_queries.plan_seen_by(world.officers["labour_a"], plan.key, later)
    assert whole is not None
    assert [one.version.number for one in whole.versions] == [2, 1]


def grant(person: Person, institution: str, basis: str = "consent", **more: object) -> None:
    PersonGrant.objects.create(
        person=person.key,
        institution=Institution.objects.get(code=institution),
        basis=basis,
        purpose="attention" if basis == "consent" else "",
        sections=["identity", "reintegration"],
        valid_from=NOW - timedelta(hours=1),
        valid_until=NOW + timedelta(days=30),
        **more,
    )


def test_what_is_late_stands_first_and_only_within_reach(world: World, rosa: Person, plan: Plan) -> None:
    other = world.person("delmira", office="CENTRE-B", by="registrar_b", given="Delmira")
    posted(world, "gami_b", "GAMI", "CENTRE-B", Role.SPECIALIST)
    elsewhere = plan_actions.open_plan(
        by=world.officers["gami_b"], encounter=other.encounters.get(), content=CONTENT, now=NOW
    )
    plan_actions.plan_action(
        by=world.officers["gami_b"],
        plan=elsewhere,
        what="Acción de otro centro",
        who="Delmira",
        institution=Institution.objects.get(code="GAMI"),
        due=TODAY,
        now=NOW,
    )
    first, second = acted(world, plan), acted(world, plan, TODAY + timedelta(days=9))
    by, later = world.officers["psychosocial_a"], NOW + timedelta(days=3)
    found = plan_queries.waiting_actions(plan_queries.open_plans(by, later), TODAY + timedelta(days=3))
    assert [(one.seen.action, one.seen.late) for one in found] == [(first, 3), (second, 0)]
    page = said(as_officer(world, "psychosocial_a").get("/returns/plans/"))
    assert "Acción de otro centro" not in page
    assert "Delmira" not in page
    plan_actions.end_action(by=by, action=first, outcome=Outcome.DONE, day=TODAY, now=later)
    with pytest.raises(PlanRefused, match="stays as it was"):
        plan_actions.end_action(by=by, action=first, outcome=Outcome.CANCELLED, day=TODAY, now=later)


def test_a_lost_key_shuts_the_words_and_nothing_else(world: World, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    acted(world, plan)
    PlanVersion.objects.update(sealed=bytes(PlanVersion.objects.get().sealed)[:-1] + b"x")
    page = said(as_officer(world, "psychosocial_a").get(f"/returns/plans/{plan.key}/"))
    assert "no abre: falta su clave" in page
    assert WHAT in page
    assert as_officer(world, "psychosocial_a").post(f"/returns/plans/{plan.key}/paper/").status_code == 404
