"""The follow-up through its pages: from a cycle to a published report, assessments, measures, the calendar."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests import followed
from tests.followed import HEALTH, SECRET_WORDS, provision
from tests.world import World
from torogoz.exchange.writers.ical import Day, calendar
from torogoz.statistics.deliberation.progress import Status
from torogoz.topics.commitments.follow_up_models import Measure, Milestone
from torogoz.topics.commitments.report_models import Assessment, Cycle, Duty, ProgressReport

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
PUBLIC = (
    "",
    "follow-up/",
    "follow-up/without/target/",
    "follow-up/without/report/",
    "follow-up/divergences/",
    "follow-up/duties/",
    "follow-up/duties-es.ics",
    "follow-up/institutions/",
    "follow-up/institutions/MINSAL/",
)


@pytest.fixture(autouse=True)
def responsible(world: World) -> None:
    cache.clear()
    followed.responsible(world)


def signed_in(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.officers[username], backend=BACKEND)
    return client


def page(client: Client, address: str) -> str:
    answer = client.get(f"/commitments/{address}")
    assert answer.status_code == 200, address
    return answer.content.decode()


def of_health() -> str:
    return f"provisions/{provision(HEALTH).key}/"


def ask_for_reports(world: World) -> Duty:
    """A cycle opened, asked and told on the pages of the secretariat."""
    client, due = signed_in(world, "secretariat"), timezone.localdate() + timedelta(days=40)
    opened = client.post(
        "/commitments/cycles/",
        {
            "code": "2026",
            "name_es": "Ciclo inventado",
            "name_en": "Made-up cycle",
            "covers_from": "2026-01-01",
            "covers_until": "2026-12-31",
        },
    )
    cycle = Cycle.objects.get()
    assert opened["Location"] == f"/commitments/cycles/{cycle.key}/"
    assert client.post(f"/commitments/cycles/{cycle.key}/", {"due_on": f"{due:%Y-%m-%d}"}).status_code == 302
    duty = Duty.objects.get(institution__code="MINSAL")
    focal = signed_in(world, "focal_health")
    assert focal.get(f"/commitments/my-duties/{duty.key}/").status_code == 404
    assert client.post(f"/commitments/cycles/{cycle.key}/announce/").status_code == 302
    moved = client.post(f"/commitments/duties/{duty.key}/day/", {"due_on": f"{due + timedelta(days=1):%Y-%m-%d}"})
    assert moved.status_code == 422
    assert "no se cambia" in moved.content.decode()
    return duty


def test_from_a_cycle_to_a_published_report_on_the_pages(world: World) -> None:
    duty = ask_for_reports(world)
    first, second, desk = (signed_in(world, name) for name in ("focal_health", "focal_health_2", "secretariat"))
    assert "Se avisó la fecha" in page(first, "my-duties/")
    typed = {
        "expected": "0",
        "status": "partially",
        "narrative_es": "Se abrieron dos clínicas inventadas.",
        "narrative_en": "Two made-up clinics were opened.",
        "evidence_text": "Acta inventada",
        "evidence_address": "ftp://x",
    }
    wrong = first.post(f"/commitments/my-duties/{duty.key}/", typed)
    assert wrong.status_code == 422
    assert "Se abrieron dos clínicas inventadas." in wrong.content.decode()
    assert not ProgressReport.objects.exists()
    first.post(f"/commitments/my-duties/{duty.key}/", {**typed, "evidence_address": "https://example.org/acta"})
    report = ProgressReport.objects.get()
    way = f"/commitments/reports/{report.key}/"
    assert desk.get(way).status_code == 404
    first.post(f"{way}submit/", {"expected": "1"})
    assert "Lo escribió usted" in first.post(f"{way}approve/", {"expected": "2"}, follow=True).content.decode()
    second.post(f"{way}approve/", {"expected": "2"})
    assert "dos clínicas" not in page(Client(), of_health())
    assert f"reports/{report.key}" in page(desk, "publishing/")
    assert desk.post(f"{way}send_back/", {"expected": "3", "reason": ""}).status_code == 422
    desk.post(f"{way}publish/", {"expected": "3"})
    spanish, english = page(Client(), of_health()), page(Client(), f"{of_health()}?lang=en")
    assert "dos clínicas" in spanish
    assert "Cumplido en parte" in spanish
    assert "Two made-up clinics" in english
    assert "Partially fulfilled" in english
    assert "focal_health" not in spanish + english
    assert "Inventada (" not in spanish + english


@pytest.mark.parametrize("stranger", ["focal_labour", "ombudsman", "supervisor_a", ""])
def test_drafts_are_nowhere_for_anybody_else(world: World, stranger: str) -> None:
    duty = ask_for_reports(world)
    report = followed.drafted(world, duty)
    followed.assessed(world, publish=False)
    measure = followed.measure(world, publish=False)
    client = signed_in(world, stranger) if stranger else Client()
    for address in (*PUBLIC, of_health(), f"{of_health()}?lang=en"):
        assert SECRET_WORDS not in page(client, address), address
    if stranger == "ombudsman":  # the assessment is of the own body
        assert "borrador" in page(client, "assessments/")
    for address in (f"reports/{report.key}/", f"my-duties/{duty.key}/", f"measures/{measure.key}/"):
        expected = 404 if stranger else 302
        assert client.get(f"/commitments/{address}").status_code == expected, address


def test_the_last_report_is_filled_in_and_what_figures_say_stands_beside(world: World) -> None:
    duty = ask_for_reports(world)
    followed.published(world, duty, now=timezone.now() - timedelta(minutes=5))
    shown = page(signed_in(world, "focal_health"), f"my-duties/{duty.key}/")
    assert SECRET_WORDS in shown
    assert "Lo que dicen hoy las cifras" in shown
    assert "Abajo está lo que dijo el informe" in shown


def test_an_observer_assesses_and_the_institution_replies(world: World) -> None:
    observer, focal = signed_in(world, "ombudsman"), signed_in(world, "focal_health")
    address = f"/commitments/provisions/{provision(HEALTH).key}/assess/"
    assert focal.get(address).status_code == 404
    typed = {"expected": "0", "status": "not_started", "reasons_es": "No hay clínica inventada.", "reasons_en": ""}
    assert observer.post(address, {**typed, "status": "splendid"}).status_code == 422
    observer.post(address, typed)
    draft = Assessment.objects.get()
    assert "No hay clínica" not in page(focal, of_health())
    observer.post(f"/commitments/assessments/{draft.key}/publish/", {"expected": "1"})
    assert "No hay clínica" in page(Client(), of_health())
    answer = f"/commitments/assessments/{draft.key}/reply/"
    assert signed_in(world, "focal_labour").get(answer).status_code == 404
    focal.post(answer, {"institution": "MINSAL", "text_es": "Sí hay una, inventada.", "text_en": ""})
    assert "Sí hay una, inventada." in page(Client(), of_health())


def test_who_assesses_sees_where_the_columns_diverge(world: World) -> None:
    duty = ask_for_reports(world)
    followed.published(world, duty, status=Status.FULFILLED, now=timezone.now() - timedelta(minutes=5))
    followed.assessed(world, status=Status.NOT_STARTED)
    for address in ("assessments/", "follow-up/divergences/"):
        shown = page(signed_in(world, "ombudsman"), address)
        assert f'{of_health()}">{HEALTH}</a>' in shown, address
        assert "Cumplido" in shown


def test_a_report_in_spanish_alone_says_so_on_the_english_page(world: World) -> None:
    followed.published(world, followed.duties(world)[0])
    english, spanish = (page(Client(), f"{of_health()}?lang={tongue}") for tongue in ("en", "es"))
    assert f'<span lang="es">{followed.SECRET_WORDS}</span> <span class="small quiet">(in Spanish)</span>' in english
    assert followed.SECRET_WORDS in spanish
    assert "(en español)" not in spanish


def test_a_measure_with_milestones_and_money_goes_from_draft_to_public(world: World) -> None:
    focal, desk = signed_in(world, "focal_health"), signed_in(world, "secretariat")
    typed = {"lead": "MINSAL", "name_es": "Clínicas inventadas", "commitments": HEALTH, "places": ["SV-SS"]}
    wrong = focal.post("/commitments/measures/new/", {**typed, "commitments": "T9.99"})
    assert wrong.status_code == 422
    assert "con el código T9.99" in wrong.content.decode()
    focal.post("/commitments/measures/new/", {key: value for key, value in typed.items() if key != "places"})
    made = Measure.objects.get()
    here = f"/commitments/measures/{made.key}/"
    milestone = {"name_es": "Hito uno", "weight": "2", "state": "done", "done_on": "2026-06-01"}
    assert focal.post(f"{here}milestones/", {**milestone, "done_on": ""}).status_code == 422
    assert focal.post(f"{here}milestones/", milestone).status_code == 302
    money = {"year": "2026", "source": "Fondo inventado", "currency": "USD", "planned": "1000.50"}
    assert focal.post(f"{here}money/", money).status_code == 302
    assert desk.post(f"{here}publish/").status_code == 404
    focal.post(f"{here}offer/")
    assert "Clínicas inventadas" in page(desk, "publishing/")
    read = desk.get(here).context["read"]
    assert desk.post(f"{here}publish/", {"read": read}).status_code == 302
    shown = page(Client(), of_health())
    assert "Clínicas inventadas" in shown
    assert "000.50" in shown
    assert shown.count("no se sabe") >= 2
    assert "100 %" in shown
    first = f"/commitments/milestones/{Milestone.objects.get().key}/"
    undone = {"name_es": "Hito uno", "weight": "2", "state": "open", "expected": "1"}
    assert "Por qué se corrige" in focal.get(first).content.decode()
    assert focal.post(first, undone).status_code == 422
    assert focal.post(first, {**undone, "why": "No se había cumplido."}).status_code == 302
    assert "No se había cumplido." in Client().get(f"{here}history/").content.decode()


def test_a_series_that_does_not_exist_is_refused_with_what_was_typed(world: World) -> None:
    desk = signed_in(world, "secretariat")
    typed = {"dataflow": "NOTHING", "measured": "count", "direction": "down", "base": "10", "base_year": "2020"}
    answer = desk.post(f"/commitments/{of_health()}series/", {**typed, "ground": "inventado"})
    assert answer.status_code == 422
    assert 'value="NOTHING"' in answer.content.decode()


def test_every_public_page_opens_in_both_languages_and_nothing_else_is_a_page(world: World) -> None:
    ask_for_reports(world)
    for address in PUBLIC:
        page(Client(), address)
        page(Client(), f"{address}?lang=en")
    assert Client().get("/commitments/follow-up/without/sense/").status_code == 404
    assert Client().get("/commitments/follow-up/institutions/NOBODY/").status_code == 404
    assert Client().get(f"/commitments/reports/{uuid4()}/").status_code == 302


def test_the_calendar_has_the_days_that_were_told_in_folded_lines(world: World) -> None:
    duty = ask_for_reports(world)
    body = Client().get("/commitments/follow-up/duties-es.ics")
    assert body["Content-Type"] == "text/calendar; charset=utf-8"
    lines = body.content.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert max(map(len, lines)) <= 75
    unfolded = body.content.replace(b"\r\n ", b"").decode()
    assert f"DTSTART;VALUE=DATE:{duty.due_on:%Y%m%d}\r\n" in unfolded
    assert f"SUMMARY;LANGUAGE=es:MINSAL: informe sobre {HEALTH}\r\n" in unfolded
    english = Client().get("/commitments/follow-up/duties-en.ics").content.replace(b"\r\n ", b"").decode()
    assert f"SUMMARY;LANGUAGE=en:MINSAL: report on {HEALTH}\r\n" in english


def test_calendar_text_is_escaped_and_folded_between_characters() -> None:
    now = timezone.now()
    day = Day("x", now.date(), "a, b; c\\d\ne\x07", "ñ" * 200, now)
    made = calendar("n", "p", "es", [day])
    assert b"SUMMARY;LANGUAGE=es:a\\, b\\; c\\\\d\\ne\r\n" in made
    assert all(len(line) <= 75 and line.decode() is not None for line in made.split(b"\r\n"))
    assert "ñ" * 200 in made.replace(b"\r\n ", b"").decode()
