"""A measure that was offered: the secretariat reads it whole, and publishes it or sends it back with a reason."""

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
    assert desk.post(f"{here}send-back/", {"reason": ""}).status_code == 422
    before = AccessEvent.objects.count()
    assert desk.post(f"{here}send-back/", {"reason": REASON}).status_code == 302
    assert AccessEvent.objects.count() > before
    made.refresh_from_db()
    assert made.state is MeasureState.DRAFT
    assert REASON in focal.get(here).content.decode()
    assert other.get(here).status_code == desk.get(here).status_code == 404
    assert focal.post(f"{here}offer/").status_code == 302
    assert REASON in desk.get(here).content.decode(), "why it went back is read beside what is offered again"
    assert desk.post(f"{here}publish/").status_code == 302
    assert desk.post(f"{here}send-back/", {"reason": REASON}).status_code == 404
