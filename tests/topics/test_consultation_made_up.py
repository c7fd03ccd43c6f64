"""The consultation of the demonstration country: made once, made up throughout, with life in it."""

import pytest
from django.test import Client
from django.utils import timezone

from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions import protocol, shipped
from torogoz.shared.polls.models import Poll
from torogoz.site.demonstration.consulting import load_consultation
from torogoz.site.demonstration.loading import _load_officers
from torogoz.site.demonstration.seat_votes import load_seat_votes
from torogoz.topics.consultation.models import Contribution, Outcome
from torogoz.topics.consultation.process_models import Process

pytestmark = pytest.mark.django_db


def test_the_made_up_consultation_has_each_kind_of_outcome_and_says_that_it_is_made_up() -> None:
    codelists.load()
    shipped.load()
    protocol.load()
    _load_officers(progress=False)
    now = timezone.now()
    assert load_consultation(now=now)
    assert not load_consultation(now=now)
    process = Process.objects.get()
    assert process.made_up
    assert set(Outcome.objects.values_list("result", flat=True)) == {"with_reservations", "not_agreed"}
    states = set(Contribution.objects.values_list("state", flat=True))
    assert {"merged", "split", "set_aside", "adopted", "received"} <= states
    assert {"inventad" in one.text for one in Contribution.objects.all()} == {True}
    for address in ("", "said/", "outcomes/D2/"):
        page = Client().get(f"/consultation/processes/{process.code}/{address}")
        assert page.status_code == 200, address
    assert "es inventada" in Client().get(f"/consultation/processes/{process.code}/").content.decode()


def test_its_seats_have_ranked_and_shared_out_a_budget_and_anybody_sees_how() -> None:
    codelists.load()
    shipped.load()
    protocol.load()
    _load_officers(progress=False)
    now = timezone.now()
    load_consultation(now=now)
    assert [load_seat_votes(now=now) for _ in range(2)] == [True, False]
    pages = {poll.kind: f"/consultation/votes/{poll.key}/results" for poll in Poll.objects.filter(made_up=True)}
    assert "Tabla de pares" in Client().get(f"{pages['rank']}/").content.decode()
    assert "Proyectos financiados" in Client().get(f"{pages['budget']}/").content.decode()
    assert Client().get(f"{pages['budget']}.pb").status_code == 200
    assert Client().get(f"{pages['dots']}.csv").status_code == 404, "it is still open"
