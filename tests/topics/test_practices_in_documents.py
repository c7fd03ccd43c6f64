"""Published practices and pledges stand in the review and the dossier, under the objectives that they serve."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client

from tests import followed
from tests.followed import HEALTH, institution, provision
from tests.world import NOW, World
from torogoz.domain.practices import State
from torogoz.exchange.documents.content import Document, Items, Table, plain
from torogoz.shared.provisions import queries as provisions
from torogoz.shared.provisions import serving, shipped
from torogoz.topics.commitments.dossier_document import dossier_document
from torogoz.topics.commitments.review_document import review_document
from torogoz.topics.commitments.review_queries import dossier_content, review_content, reviewable
from torogoz.topics.practices.call_models import Pledge, PledgePartner
from torogoz.topics.practices.models import Practice

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(hours=1)
WITHOUT_POSITION = "14"


@pytest.fixture(autouse=True)
def responsible(world: World) -> None:
    cache.clear()
    followed.responsible(world)


def served() -> str:
    """An objective to which the commitment of MINSAL corresponds."""
    links = provisions.links_in_force("position-2017").filter(source=provision(HEALTH), target__instrument__code="gcm")
    return str(links[0].target.code)


def practice(world: World, title: str, *codes: str, state: State = State.PUBLISHED, began: int = 2024) -> Practice:
    made = Practice.objects.create(
        institution=institution("MINSAL"), title_es=title, title_en=f"{title} (en)", place="Lugar inventado",
        began_on=date(began, 1, 1), ended_on=date(began, 12, 31), organisations=["Asociación inventada"],
        state=state.value, published_at=NOW if state is State.PUBLISHED else None, made_up=True,
        created_by=world.officers["focal_health"], edited_by=world.officers["focal_health"],
        created_at=NOW, changed_at=NOW,
    )  # fmt: skip
    made.objectives.set(provisions.objectives().filter(code__in=codes))
    return made


def pledge(world: World, title: str, *codes: str) -> Pledge:
    made = Pledge.objects.create(
        institution=institution("MTPS"), kind="joint", type="human", title_es=title, text_es="Inventada.",
        measure_es="Visitas inventadas", measure_en="Made-up visits", target=Decimal(40), unit="visitas",
        due_on=NOW.date() - timedelta(days=1), recorded_by=world.officers["focal_labour"], recorded_at=NOW,
    )  # fmt: skip
    made.objectives.set(provisions.objectives().filter(code__in=codes))
    PledgePartner.objects.create(pledge=made, institution=institution("PNC"))
    return made


def reviewed(language: str = "es") -> Document:
    position = reviewable()
    assert position is not None
    content = review_content(position, 2023, 2026, SOON)
    return review_document(content, language, made_from="", address="", publisher="x")


def rows_of(document: Document, caption: str) -> list[list[str]]:
    tables = [each for each in document.all_blocks() if isinstance(each, Table) and each.caption.startswith(caption)]
    return [[plain(cell) for cell in row] for table in tables for row in table.rows]


def pages_of(document: Document) -> str:
    lists = [each for each in document.all_blocks() if isinstance(each, Items)]
    return " ".join(plain(item) for each in lists for item in each.items)


def test_a_published_practice_stands_under_each_objective_that_it_serves_and_no_other_does(world: World) -> None:
    made = practice(world, "Práctica inventada", served(), WITHOUT_POSITION)
    practice(world, "Borrador que nadie lee", served(), state=State.DRAFT)
    practice(world, "De otro tiempo", served(), began=2019)
    document = reviewed()
    row = ["Práctica inventada", "Ministerio de Salud; Asociación inventada", "Lugar inventado, 2024"]
    found = rows_of(document, "Prácticas revisadas")
    assert [each[:3] for each in found] == [row, row]
    assert f"/practices/{made.key}/" in pages_of(document)
    assert [each[0] for each in rows_of(reviewed("en"), "Practices reviewed")] == ["Práctica inventada (en)"] * 2
    assert any("sirven a un objetivo: 1." in plain(getattr(each, "text", "")) for each in document.blocks)
    assert document.warning


def test_a_pledge_says_what_is_measured_by_when_and_that_its_day_is_past(world: World) -> None:
    made = pledge(world, "Promesa inventada", WITHOUT_POSITION)
    ((title, by, measure, _, state),) = rows_of(reviewed(), "Promesas para")
    assert title == "Promesa inventada"
    assert f"/practices/pledges/{made.key}/" in pages_of(reviewed())
    assert by == institution("MTPS").name_es
    assert measure == "Visitas inventadas: 40 visitas"
    assert state == "en preparación, vencida"
    assert rows_of(reviewed("en"), "Pledges for")[0][4] == "being prepared, overdue"
    Pledge.objects.update(withdrawn_at=NOW)
    assert rows_of(reviewed(), "Promesas para") == []


def test_the_dossier_lists_what_serves_its_objectives_and_its_file_is_made_again_when_that_changes(
    world: World, client: Client
) -> None:
    before = serving.state(SOON)
    address = f"/commitments/provisions/{shipped.key_of('position-2017', HEALTH)}/dossier.json"
    assert b"inventada" not in b"".join(client.get(address))  # type: ignore[arg-type]
    practice(world, "Práctica inventada", served())
    practice(world, "De otro objetivo", WITHOUT_POSITION)
    assert serving.state(SOON) != before
    content = dossier_content(provision(HEALTH), SOON)
    document = dossier_document(content, "es", made_from="", address="")
    assert [each[0] for each in rows_of(document, "Prácticas revisadas")] == ["Práctica inventada"]
    Practice.objects.update(published_at=NOW - timedelta(days=1))
    pledge(world, "Promesa inventada", served())
    assert b"Promesa inventada" in b"".join(client.get(address))  # type: ignore[arg-type]
