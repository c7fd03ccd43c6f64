"""A measure that was offered: the secretariat reads it whole, and publishes it or sends it back with a reason."""

import re
from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from django.core.cache import cache
from django.test import Client

from tests import followed
from tests.followed import NOW
from tests.world import World
from torogoz.domain.commitments import MEASURE_MOVES, FollowUpRefused, MeasureState, MeasureStep, after_measure
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.people.actions import NotAllowed
from torogoz.topics.commitments import measure_actions
from torogoz.topics.commitments.follow_up_models import Measure
from torogoz.topics.commitments.measure_actions import MoneySaid

BACKEND = "django.contrib.auth.backends.ModelBackend"
REASON = "Falta decir en qué departamentos."


def signed_in(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.officers[username], backend=BACKEND)
    return client


def offered(world: World) -> Measure:
    cache.clear()
    followed.responsible(world)
    by = world.officers["focal_health"]
    made = followed.measure(world, publish=False)
    measure_actions.add_milestone(by=by, measure=made, said=followed.milestone_said(), now=NOW)
    return measure_actions.offer_measure(by=by, measure=made, now=NOW)


def read_of(desk: Client, here: str) -> dict[str, str]:
    """What the page of an offered measure sends with its button: what it said."""
    return {"read": desk.get(here).context["read"]}


@pytest.mark.parametrize(("state", "step"), list(product(MeasureState, MeasureStep)))
def test_a_measure_goes_only_the_ways_that_are_drawn(state: MeasureState, step: MeasureStep) -> None:
    if (state, step) in MEASURE_MOVES:
        assert after_measure(state, step, REASON) is MEASURE_MOVES[state, step]
    else:
        with pytest.raises(FollowUpRefused):
            after_measure(state, step, REASON)


def test_a_measure_does_not_go_back_without_a_reason() -> None:
    with pytest.raises(FollowUpRefused):
        after_measure(MeasureState.OFFERED, MeasureStep.SEND_BACK, "  ")


@pytest.mark.django_db
def test_the_secretariat_reads_an_offered_measure_whole_and_sends_it_back_with_a_reason(world: World) -> None:
    made, desk, focal = offered(world), signed_in(world, "secretariat"), signed_in(world, "focal_health")
    other, here = signed_in(world, "focal_labour"), f"/commitments/measures/{made.key}/"
    assert here in desk.get("/commitments/publishing/").content.decode()
    whole = desk.get(here).content.decode()
    for said in ("Hito inventado", "Nombre, en inglés", "En qué consiste, en inglés", "Dónde", "no es cero"):
        assert said in whole, said
    assert f"{here}history/" not in whole
    for client in (other, focal, Client()):
        assert client.post(f"{here}send-back/", {"reason": REASON}).status_code != 200
    assert other.get(here).status_code == 404
    made.refresh_from_db()
    assert made.state is MeasureState.OFFERED
    with pytest.raises(NotAllowed):
        measure_actions.send_back_measure(by=world.officers["focal_health"], measure=made, reason=REASON, now=NOW)
    refused = desk.post(f"{here}send-back/", {"reason": ""})
    assert refused.status_code == 422
    assert "Devolver la medida</button>" in refused.content.decode()
    before = AccessEvent.objects.count()
    assert desk.post(f"{here}send-back/", {"reason": REASON}).status_code == 302
    assert AccessEvent.objects.count() > before
    made.refresh_from_db()
    assert made.state is MeasureState.DRAFT
    assert REASON in focal.get(here).content.decode()
    assert other.get(here).status_code == desk.get(here).status_code == 404
    assert focal.post(f"{here}offer/").status_code == 302
    assert REASON in desk.get(here).content.decode(), "why it went back is read beside what is offered again"
    assert desk.post(f"{here}publish/", read_of(desk, here)).status_code == 302
    assert desk.post(f"{here}send-back/", {"reason": REASON}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("moved", ["milestone", "money", "words"])
def test_a_measure_that_changed_after_it_was_read_is_not_published_and_what_changed_is_shown(
    world: World, moved: str
) -> None:
    made, desk = offered(world), signed_in(world, "secretariat")
    here, by = f"/commitments/measures/{made.key}/", world.officers["focal_health"]
    read = read_of(desk, here)
    if moved == "milestone":
        said = replace(followed.milestone_said(), name_es="Hito cambiado")
        held = made.milestones.get()
        measure_actions.change_milestone(by=by, milestone=held, said=said, expected=held.version, now=NOW)
    elif moved == "money":
        money = MoneySaid(2026, "Fondo cambiado", "USD", Decimal(100), None, None)
        measure_actions.write_money(by=by, measure=made, said=money, now=NOW)
    else:
        Measure.objects.filter(pk=made.pk).update(summary_es="Resumen cambiado")
    for stale in (read, {}, {"read": "otra cosa"}):
        answer = desk.post(f"{here}publish/", stale)
        assert answer.status_code == 409
        assert "cambió la medida después de que usted la leyó" in answer.content.decode()
        made.refresh_from_db()
        assert made.state is MeasureState.OFFERED
        assert ("Qué cambió desde que la leyó" in answer.content.decode()) is (stale is read)
    changed = desk.post(f"{here}publish/", read).content.decode().partition("Qué cambió")[2]
    assert re.search(r"<ins>[^<]*(cambiado|Fondo)", changed)
    assert desk.post(f"{here}publish/", read_of(desk, here)).status_code == 302
    made.refresh_from_db()
    assert made.state is MeasureState.PUBLISHED


def test_a_measure_whose_end_nobody_said_says_that_it_is_not_known(world: World) -> None:
    cache.clear()
    followed.responsible(world)
    by = world.officers["focal_health"]
    said = replace(followed.measure_said(), ends_on=None)
    made = measure_actions.draft_measure(by=by, lead=followed.institution("MINSAL"), said=said, now=NOW)
    measure_actions.offer_measure(by=by, measure=made, now=NOW)
    page = signed_in(world, "secretariat").get(f"/commitments/measures/{made.key}/").content.decode()
    assert "<dd><time>2026-01-01</time> – no se sabe</dd>" in page
    assert "Devolver la medida</button>" in page
