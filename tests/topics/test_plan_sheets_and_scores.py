"""The signed sheet attached to a plan, and scores taken out: by who accompanies, and by nobody else."""

import csv
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.topics.test_follow_ups import BEST, FIRST
from tests.topics.test_plans import CONTENT, as_officer, posted, said
from tests.world import NOW, World
from torogoz.domain.access import Role
from torogoz.domain.reintegration import Closed, Moment
from torogoz.domain.sections import REINTEGRATION
from torogoz.shared.attachments.models import Attachment
from torogoz.shared.audit.models import AccessEvent
from torogoz.topics.returns import follow_up_actions, plan_actions
from torogoz.topics.returns.models import LoadedInstrument, Plan

pytestmark = pytest.mark.django_db

SCAN = b"%PDF-1.7 a made-up scan of a signed sheet"
OUTSIDE = ("registrar_a", "supervisor_a", "health_a", "police_a", "police_supervisor_a", "labour_a", "logistics_a")


@pytest.fixture
def plan(world: World, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """The plan that GAMI opened with Rosa, whom DGME met at centre A; and supervisors of GAMI at two centres."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    posted(world, "gami_supervisor_a", "GAMI", "CENTRE-A", Role.SUPERVISOR)
    posted(world, "gami_supervisor_b", "GAMI", "CENTRE-B", Role.SUPERVISOR)
    return opened(world, "rosa", "CENTRE-A", "registrar_a", "psychosocial_a")


def opened(world: World, nickname: str, office: str, met_by: str, by: str) -> Plan:
    person = world.person(nickname, office=office, by=met_by, given=nickname.title())
    encounter = person.encounters.get()
    return plan_actions.open_plan(by=world.officers[by], encounter=encounter, content=CONTENT, now=NOW)


def sent(browser: Client, plan: Plan, content: bytes = SCAN, name: str = "hoja de Rosa.pdf") -> str:
    file = SimpleUploadedFile(name, content)
    answer = browser.post(f"/returns/plans/{plan.key}/sheet/", {"file": file}, follow=True)
    return said(answer)


def test_who_accompanies_attaches_the_signed_sheet_and_reads_it_again(world: World, plan: Plan) -> None:
    browser = as_officer(world, "psychosocial_a")
    page = sent(browser, plan)
    held = Attachment.objects.get()
    assert (held.code, held.institution.code, held.media) == (REINTEGRATION, "GAMI", "application/pdf")
    assert "hoja de Rosa.pdf" in page
    assert SCAN not in Path(held.path).read_bytes(), "it lies sealed"
    answer = browser.get(f"/attachments/{held.key}/")
    assert b"".join(answer.streaming_content) == SCAN  # type: ignore[attr-defined]
    read = AccessEvent.objects.filter(what="attachment", verb="view").get()
    assert read.sections == [REINTEGRATION]


def test_nobody_who_may_not_see_the_plan_finds_attaches_or_opens_its_sheet(world: World, plan: Plan) -> None:
    sent(as_officer(world, "psychosocial_a"), plan)
    held = Attachment.objects.get()
    for username in (*OUTSIDE, "gami_supervisor_b"):
        browser = as_officer(world, username)
        assert browser.get(f"/attachments/{held.key}/").status_code == 404, username
        answer = browser.post(f"/returns/plans/{plan.key}/sheet/", {"file": SimpleUploadedFile("x.pdf", SCAN)})
        assert answer.status_code == 404, username
        page = browser.get(f"/returns/people/{plan.encounter.person.key}/").content.decode()
        assert "hoja de Rosa" not in page, username
        assert str(held.key) not in page, username
    assert Attachment.objects.count() == 1


def test_who_reads_a_plan_of_another_institution_reads_its_sheet_and_attaches_none(world: World, plan: Plan) -> None:
    sent(as_officer(world, "psychosocial_a"), plan)
    browser = as_officer(world, "consular_a")
    assert browser.get(f"/attachments/{Attachment.objects.get().key}/").status_code == 200
    answer = browser.post(f"/returns/plans/{plan.key}/sheet/", {"file": SimpleUploadedFile("x.pdf", SCAN)})
    assert answer.status_code == 404
    assert "Adjuntar la hoja firmada" not in said(browser.get(f"/returns/plans/{plan.key}/"))


def test_what_is_no_scan_is_refused_with_what_is_taken_and_a_closed_plan_takes_none(world: World, plan: Plan) -> None:
    browser = as_officer(world, "psychosocial_a")
    assert "la hoja firmada va como PDF o foto" in sent(browser, plan, b"<script>alert(1)</script>", "hoja.pdf")
    assert "la hoja firmada va como PDF o foto" in sent(browser, plan, b"\x00\x00\x00\x18ftypM4A sound", "voz.m4a")
    assert "está vacío" in sent(browser, plan, b"")
    plan_actions.close_plan(by=world.officers["psychosocial_a"], plan=plan, because=Closed.LEFT, now=NOW)
    answer = browser.post(f"/returns/plans/{plan.key}/sheet/", {"file": SimpleUploadedFile("x.pdf", SCAN)})
    assert answer.status_code == 404
    assert not Attachment.objects.exists()


def asked(world: World, plan: Plan, by: str, answers: dict[str, str] | None = None) -> None:
    follow_up_actions.assess(
        by=world.officers[by], plan=plan, moment=Moment.BASELINE, answers=BEST if answers is None else answers, now=NOW
    )


def rows_of(browser: Client) -> list[dict[str, str]]:
    answer = browser.get("/returns/plans/scores.csv")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_a_supervisor_takes_out_the_scores_within_reach_without_names_and_it_is_recorded(
    world: World, plan: Plan
) -> None:
    posted(world, "psychosocial_b", "GAMI", "CENTRE-B", Role.SPECIALIST)
    other = opened(world, "luz", "CENTRE-B", "registrar_b", "psychosocial_b")
    social = {item.code for item in FIRST.items_of("SOCIAL")}
    asked(world, plan, "psychosocial_a", {code: said for code, said in BEST.items() if code not in social})
    asked(world, other, "psychosocial_b")
    browser = as_officer(world, "gami_supervisor_a")
    assert "/returns/plans/scores.csv" in said(browser.get("/returns/plans/"))
    rows = rows_of(browser)
    assert {row["plan"] for row in rows} == {str(plan.key)}
    assert {row["dimension"]: row["score"] for row in rows} == {
        "ECONOMIC": "1", "SOCIAL": "", "PSYCHOSOCIAL": "1", "WHOLE": "",
    }  # fmt: skip
    assert all(row["notice"].startswith("Puntaje provisional") for row in rows)
    assert "Rosa" not in browser.get("/returns/plans/scores.csv").content.decode()
    event = AccessEvent.objects.filter(what="follow_up", verb="export").first()
    assert event is not None
    assert {str(plan.key), str(plan.encounter.person.key)} <= set(event.subjects)
    assert not {str(other.key)} & set(event.subjects)


def test_nobody_else_takes_scores_out_and_the_attempt_is_recorded(world: World, plan: Plan) -> None:
    asked(world, plan, "psychosocial_a")
    for username in (*OUTSIDE, "psychosocial_a", "consular_a", "data_protection"):
        browser = as_officer(world, username)
        assert browser.get("/returns/plans/scores.csv").status_code == 404, username
    assert "scores.csv" not in said(as_officer(world, "psychosocial_a").get("/returns/plans/"))
    assert rows_of(as_officer(world, "gami_supervisor_b")) == []


def test_what_a_spreadsheet_would_run_is_text(world: World, plan: Plan) -> None:
    text = Path("src/torogoz/topics/returns/instruments/reintegration_v1.yaml").read_text(encoding="utf-8")
    text = text.replace("version: 1", "version: 2", 1)
    text = text.replace("dimension: ECONOMIC", 'dimension: "=HYPERLINK(1)"').replace(
        "code: ECONOMIC", 'code: "=HYPERLINK(1)"'
    )
    LoadedInstrument.objects.create(code="REINTEGRATION", version=2, text=text, loaded_at=NOW)
    asked(world, plan, "psychosocial_a")
    rows = rows_of(as_officer(world, "gami_supervisor_a"))
    assert "'=HYPERLINK(1)" in {row["dimension"] for row in rows}
    assert not [value for row in rows for value in row.values() if value.startswith(("=", "+", "-", "@"))]
