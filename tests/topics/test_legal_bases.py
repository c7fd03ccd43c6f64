# ruff: noqa: F401, F811 - fixtures are asked for by their name
"""An article that opens sections without a consent: one enters it, another of another institution approves it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.topics.test_data_rights import BACKEND, posted
from tests.topics.test_protocols import first, labour, now
from tests.world import World
from torogoz.domain.access import Role
from torogoz.domain.protocols import ProtocolRefused
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.cases.handover_queries import law_for
from torogoz.shared.cases.models import LegalBasis
from torogoz.shared.institutions import grounds
from torogoz.shared.institutions.models import Institution, LegalGround, Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.protocols.basis_actions import BasisTyped, approve_basis, end_basis, propose_basis
from torogoz.shared.protocols.models import ProtocolVersion

pytestmark = pytest.mark.django_db
ALIENS = "DL-286-2019"


@pytest.fixture(autouse=True)
def laws(first: ProtocolVersion) -> None:
    grounds.load()


def entered(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer, backend=BACKEND)
    return client


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "institution": "DGME",
        "recipient": "ISDEMU",
        "sections": ["identity"],
        "ground": ALIENS,
        "article": "art. inventado 3",
        "summary": "Dice que se le comunica, en esta prueba",
        "source": "Diario inventado, leído en noviembre",
        "valid_from": f"{timezone.localdate()}",
    } | changes


def basis(world: World, now: datetime, **changes: Any) -> LegalBasis:
    values: dict[str, Any] = {
        "recipient": Institution.objects.get(code="ISDEMU"),
        "sections": ["identity"],
        "law": "",
        "article": "art. inventado 3",
        "summary": "Prueba",
        "source": "inventada",
        "valid_from": timezone.localdate(now),
        "ground": LegalGround.objects.get(code=ALIENS),
    }
    by = world.officers["data_protection"]
    return propose_basis(by=by, institution="DGME", typed=BasisTyped(**(values | changes)), now=now)


def test_one_enters_it_with_the_law_of_the_list_and_another_institution_approves_it(
    world: World, labour: Officer, now: datetime
) -> None:
    ours, theirs, page = entered(world.officers["data_protection"]), entered(labour), reverse("protocols:bases")
    assert "Decreto 286" in ours.get(page).content.decode(), "the laws of the list are offered"
    assert ours.post(page, typed()).status_code == 302
    stored = LegalBasis.objects.get()
    assert (stored.ground, stored.institution.code) == (LegalGround.objects.get(code=ALIENS), "DGME")
    recipient = Institution.objects.get(code="ISDEMU")
    assert law_for(recipient, ["identity"], now) is None
    approve = reverse("protocols:basis_approve", args=[stored.key])
    assert approve not in ours.get(page).content.decode()
    shown = theirs.get(page).content.decode()
    assert approve in shown
    assert f"{stored.named('es')}</h2>" in shown
    assert theirs.post(approve, {"institution": "MTPS"}).status_code == 302
    stored.refresh_from_db()
    assert (stored.approved_by, law_for(recipient, ["identity"], now)) == (labour, stored)
    assert approve not in theirs.get(page).content.decode()
    noted = AccessEvent.objects.filter(what="legal_basis", verb__in=("create", "edit")).order_by("sequence")
    assert [(one.verb, one.institution) for one in noted] == [("create", "DGME"), ("edit", "MTPS")]


def test_nobody_approves_what_the_own_institution_entered_nor_enters_for_another(
    world: World, labour: Officer, now: datetime
) -> None:
    stored, colleague = basis(world, now), posted(world, "DGME", Role.DATA_PROTECTION)
    for by, code in ((world.officers["data_protection"], "same_officer"), (colleague, "same_institution")):
        with pytest.raises(ProtocolRefused) as refused:
            approve_basis(by=by, institution="DGME", basis=stored, now=now)
        assert refused.value.code == code
    for by, institution in ((labour, "DGME"), (world.officers["registrar_a"], "DGME")):
        with pytest.raises(NotAllowed):
            approve_basis(by=by, institution=institution, basis=stored, now=now)
    stranger, page = entered(world.officers["registrar_a"]), reverse("protocols:bases")
    assert stranger.get(page).status_code == stranger.post(page, typed()).status_code == 404
    assert entered(labour).post(page, typed()).status_code == 422, "DGME is not theirs to enter for"
    assert LegalBasis.objects.get().approved_by is None


def test_what_cannot_be_a_legal_basis_is_refused_beside_its_field(world: World, now: datetime) -> None:
    day = timezone.localdate(now)
    LegalGround.objects.filter(code=ALIENS).update(classes=["labour"])
    for changes, field in (
        ({}, "ground"),
        ({"ground": None}, "law"),
        ({"ground": None, "law": "Ley inventada", "valid_until": day - timedelta(days=1)}, "valid_until"),
        ({"recipient": Institution.objects.get(code="PNC"), "sections": ["psychosocial"]}, "sections"),
    ):
        with pytest.raises(ProtocolRefused) as refused:
            basis(world, now, **changes)
        assert refused.value.field == field
    assert not LegalBasis.objects.exists()
    page = entered(world.officers["data_protection"]).post(
        reverse("protocols:bases"), typed(article="", sections=[], recipient="")
    )
    assert page.status_code == 422
    assert "Escriba el artículo que la abre." in page.content.decode()
    assert "Elija la institución." in page.content.decode()


def test_a_law_that_left_the_list_since_is_not_approved(world: World, labour: Officer, now: datetime) -> None:
    stored = basis(world, now)
    LegalGround.objects.filter(code=ALIENS).update(valid_until=timezone.localdate(now) - timedelta(days=1))
    with pytest.raises(ProtocolRefused) as refused:
        approve_basis(by=labour, institution="MTPS", basis=stored, now=now)
    assert refused.value.code == "law"
    approve = reverse("protocols:basis_approve", args=[stored.key])
    told = entered(labour).post(approve, {"institution": "MTPS"}, follow=True).content.decode()
    assert "hoy no está vigente" in told
    assert not LegalBasis.objects.filter(approved_by__isnull=False).exists()


def test_who_entered_it_ends_it_and_no_new_hand_over_stands_on_it(world: World, labour: Officer, now: datetime) -> None:
    stored, waits = basis(world, now), basis(world, now)
    approve_basis(by=labour, institution="MTPS", basis=stored, now=now)
    with pytest.raises(NotAllowed):
        end_basis(by=labour, institution="MTPS", basis=stored, now=now)
    ours, theirs, page = entered(world.officers["data_protection"]), entered(labour), reverse("protocols:bases")
    end = reverse("protocols:basis_end", args=[stored.key])
    assert theirs.post(end, {"institution": "DGME"}).status_code == 404
    assert end in ours.get(page).content.decode()
    assert end not in theirs.get(page).content.decode()
    assert ours.post(end, {"institution": "DGME"}).status_code == 302
    assert law_for(stored.recipient, ["identity"], now) is None
    assert "terminado" in theirs.get(page).content.decode()
    end_basis(by=world.officers["data_protection"], institution="DGME", basis=waits, now=now)
    with pytest.raises(ProtocolRefused) as refused:
        approve_basis(by=labour, institution="MTPS", basis=waits, now=now)
    assert refused.value.code == "basis_state"
