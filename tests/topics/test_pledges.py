"""Calls and pledges: made by one institution, confirmed by another, updated with a day, overdue said."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.made_up_practices import entered, typed
from tests.world import World
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.provisions import shipped
from torogoz.topics.practices.call_models import Call, Pledge, PledgeUpdate
from torogoz.topics.practices.models import Practice

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


@pytest.fixture
def loaded(world: World) -> World:
    cache.clear()
    codelists.load()
    shipped.load(now=NOW)
    return world


def day(after: int) -> str:
    return (timezone.localdate() + timedelta(days=after)).isoformat()


def pledged(**other: Any) -> dict[str, Any]:
    return {
        "institution": "MINSAL",
        "kind": "own",
        "type": "human",
        "title_es": "Promesa inventada",
        "text_es": "Capacitar a personal",
        "measure_es": "personas capacitadas",
        "target": "200",
        "unit": "personas",
        "due_on": day(30),
        "objectives": ["15"],
    } | other


def test_a_pledge_is_measured_and_has_a_day_and_its_kind_agrees_with_whom_it_names(loaded: World) -> None:
    health = entered(loaded.officers["focal_health"])
    page = reverse("practices:new_pledge")
    for wrong, said in (
        ({"target": ""}, "Falta este dato"),
        ({"due_on": ""}, "Escriba el día"),
        ({"due_on": day(-1)}, "ya pasó"),
        ({"kind": "joint"}, "nombra con quién"),
        ({"partners": ["MTPS"]}, "Solo una promesa conjunta"),
        ({"kind": "joint", "partners": ["MINSAL"]}, "nombre a las demás"),
        ({"kind": "matching"}, "a qué promesa se suma"),
        ({"institution": "MTPS"}, "no es una de las que se ofrecen"),
    ):
        answer = health.post(page, pledged(**wrong))
        assert answer.status_code == 422, wrong
        assert said in answer.content.decode(), wrong
        assert "Capacitar a personal" in answer.content.decode()
    assert not Pledge.objects.exists()


def test_a_joint_pledge_says_who_has_not_confirmed_until_one_does(loaded: World, client: Client) -> None:
    health, labour = (entered(loaded.officers[one]) for one in ("focal_health", "focal_labour"))
    assert health.post(reverse("practices:new_pledge"), pledged(kind="joint", partners=["MTPS"])).status_code == 302
    pledge = Pledge.objects.get()
    page = reverse("practices:pledge", args=[pledge.key])
    assert "todavía no confirma" in client.get(page).content.decode()
    confirm = reverse("practices:pledge_step", args=[pledge.key, "confirm"])
    assert health.post(confirm).status_code == 404
    assert entered(loaded.officers["ombudsman"]).post(confirm).status_code == 404
    assert labour.post(confirm).status_code == 302
    assert "confirmó el" in client.get(page).content.decode()


def test_a_matching_pledge_points_to_another_of_another_institution(loaded: World, client: Client) -> None:
    health, labour = (entered(loaded.officers[one]) for one in ("focal_health", "focal_labour"))
    health.post(reverse("practices:new_pledge"), pledged())
    first = Pledge.objects.get()
    own = health.post(reverse("practices:new_pledge"), pledged(kind="matching", matches=str(first.key)))
    assert own.status_code == 422
    theirs = pledged(institution="MTPS", kind="matching", matches=str(first.key), title_es="Otra inventada")
    assert labour.post(reverse("practices:new_pledge"), theirs).status_code == 302
    page = client.get(reverse("practices:pledge", args=[first.key])).content.decode()
    assert "Otra inventada" in page


def table(client: Client, **asked: str) -> list[dict[str, str]]:
    answer = client.get(reverse("practices:pledge_file"), asked)
    return list(csv.DictReader(io.StringIO(b"".join(answer).decode())))


def test_a_ratio_says_to_what_each_side_is_obliged_and_what_is_not_known_stays_empty(
    loaded: World, client: Client
) -> None:
    health, labour = (entered(loaded.officers[one]) for one in ("focal_health", "focal_labour"))
    health.post(reverse("practices:new_pledge"), pledged())
    first = Pledge.objects.get()
    matching = {"institution": "MTPS", "kind": "matching", "matches": str(first.key), "unit": "USD", "target": "300"}
    for wrong in ({"gives": "2"}, {"gives": "0", "for_each": "1"}, {"cap": "10"}):
        assert labour.post(reverse("practices:new_pledge"), pledged(**matching, **wrong)).status_code == 422, wrong
    assert health.post(reverse("practices:new_pledge"), pledged(gives="1", for_each="1")).status_code == 422
    ratio = {"gives": "2", "for_each": "1", "cap": "350"}
    assert labour.post(reverse("practices:new_pledge"), pledged(**matching, **ratio)).status_code == 302
    row = table(client, kind="matching")[0]
    asked = ("obliged_by_promised", "obliged_by_reached", "asks_for_promised", "asks_for_reached", "cap")
    assert [row[one] for one in asked] == ["350", "", "150", "", "350"]
    told = {"stage": "in_progress", "on": day(0), "reached": "50", "text_es": "Cincuenta personas capacitadas"}
    health.post(reverse("practices:pledge_step", args=[first.key, "update"]), told)
    assert table(client, kind="matching")[0]["obliged_by_reached"] == "100"
    page = client.get(reverse("practices:pledge", args=[first.key])).content.decode()
    assert "Proporción 2 : 1" in page
    assert "queda 50 USD por debajo" in page
    assert client.get(reverse("practices:pledge_file"), {"kind": "other"}).status_code == 400


def test_a_pledge_may_answer_an_open_call_whose_page_shows_it(loaded: World, client: Client) -> None:
    call = {
        "institution": "RREE", "title_es": "Convocatoria inventada", "title_en": "Made-up call", "text_es": "Pedimos",
        "text_en": "We ask", "opens_on": day(-9), "open_until": day(-1), "objectives": ["15"],
    }  # fmt: skip
    secretariat, health = (entered(loaded.officers[one]) for one in ("secretariat", "focal_health"))
    secretariat.post(reverse("practices:new_call"), call)
    closed = Call.objects.get()
    assert health.post(reverse("practices:new_pledge"), pledged(call=str(closed.key))).status_code == 422
    secretariat.post(reverse("practices:new_call"), call | {"open_until": day(9)})
    opened = Call.objects.order_by("-pk")[0]
    assert health.post(reverse("practices:new_pledge"), pledged(call=str(opened.key))).status_code == 302
    page = client.get(reverse("practices:call", args=[opened.key])).content.decode()
    assert "Promesa inventada" in page
    assert "no se sabe" in page
    assert table(client)[0]["call"] == str(opened.key)


def test_updates_are_dated_and_kept_and_what_is_past_its_day_is_overdue(loaded: World, client: Client) -> None:
    health = entered(loaded.officers["focal_health"])
    health.post(reverse("practices:new_pledge"), pledged())
    pledge = Pledge.objects.get()
    step = reverse("practices:pledge_step", args=[pledge.key, "update"])
    told = {"stage": "in_progress", "on": day(0), "reached": "50", "text_es": "Cincuenta personas capacitadas"}
    assert entered(loaded.officers["focal_labour"]).post(step, told).status_code == 404
    assert health.post(step, told | {"on": day(1)}).status_code == 422
    assert health.post(step, told | {"on": day(-1)}).status_code == 422
    assert health.post(step, told).status_code == 302
    assert "vencida" not in client.get(reverse("practices:pledge", args=[pledge.key])).content.decode()
    Pledge.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    cache.clear()
    assert "vencida" in client.get(reverse("practices:pledge", args=[pledge.key])).content.decode()
    assert "vencidas sin cumplir: 1" in client.get("/practices/pledges/").content.decode()
    assert health.post(step, told | {"stage": "fulfilled", "reached": "200"}).status_code == 302
    page = client.get(reverse("practices:pledge", args=[pledge.key])).content.decode()
    assert "vencida" not in page
    assert "Cincuenta personas" in page
    assert PledgeUpdate.objects.count() == 2
    assert "Promesa inventada" in client.get("/practices/pledges/?objective=15&stage=fulfilled").content.decode()
    assert "Promesa inventada" not in client.get("/practices/pledges/?stage=planning").content.decode()
    assert client.get("/practices/pledges/?stage=done").status_code == 400


def test_a_withdrawn_pledge_says_why_and_changes_no_more(loaded: World, client: Client) -> None:
    health = entered(loaded.officers["focal_health"])
    health.post(reverse("practices:new_pledge"), pledged())
    pledge = Pledge.objects.get()
    step = reverse("practices:pledge_step", args=[pledge.key, "withdraw"])
    assert health.post(step, {"reason": ""}).status_code == 422
    assert health.post(step, {"reason": "No hubo presupuesto."}).status_code == 302
    assert health.post(step, {"reason": "No hubo presupuesto."}).status_code == 422
    assert "No hubo presupuesto." in client.get(reverse("practices:pledge", args=[pledge.key])).content.decode()


def test_a_call_receives_practices_while_it_is_open_and_not_after(loaded: World, client: Client) -> None:
    desk = entered(loaded.officers["secretariat"])
    call = {
        "institution": "RREE",
        "title_es": "Convocatoria inventada",
        "title_en": "Made-up call",
        "text_es": "Envíe prácticas",
        "text_en": "Send practices",
        "opens_on": day(0),
        "open_until": day(5),
        "objectives": ["7"],
    }
    assert desk.post(reverse("practices:new_call"), call | {"open_until": day(-5)}).status_code == 422
    assert entered(loaded.officers["focal_health"]).get(reverse("practices:new_call")).status_code == 404
    assert desk.post(reverse("practices:new_call"), call).status_code == 302
    kept = Call.objects.get()
    assert "abierta" in client.get(reverse("practices:calls")).content.decode()
    health = entered(loaded.officers["focal_health"])
    assert health.post(reverse("practices:new"), typed(call=str(kept.key))).status_code == 302
    practice = Practice.objects.get()
    Call.objects.update(
        opens_on=timezone.localdate() - timedelta(days=9), open_until=timezone.localdate() - timedelta(days=1)
    )
    late = health.post(reverse("practices:step", args=[practice.key, "submit"]), {"seen": practice.version})
    assert late.status_code == 422
    assert "no está abierta" in late.content.decode()
    assert Practice.objects.get().state == "draft"
