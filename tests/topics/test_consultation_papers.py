"""Position and minutes as documents: laid out like the text of 2017, of what is published; drafts for the convener."""

import hashlib
from datetime import timedelta
from io import BytesIO

import docx
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from tests.consulted import TYPED, Consulted, second_secretary, signed_in
from tests.topics.test_consultation_adoption import decided
from tests.world import LONG_AGO, NOW, World
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.provisions import shipped
from torogoz.topics.consultation import actions, adoption_actions, first_process, minutes_actions
from torogoz.topics.consultation.actions import ProcessTyped
from torogoz.topics.consultation.models import Adoption

pytestmark = pytest.mark.django_db
PUBLIC = "/consultation/processes/consulta-2027"


@pytest.fixture
def consulted(world: World) -> Consulted:
    cache.clear()
    return Consulted(world)


def got(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return b"".join(answer)  # type: ignore[arg-type]


def words_of(file: bytes) -> str:
    """Every word of a DOCX, in its tables and at its head and foot too."""
    word = docx.Document(BytesIO(file))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    edges = [one.text for part in (word.sections[0].header, word.sections[0].footer) for one in part.paragraphs]
    return "\n".join([*(one.text for one in word.paragraphs), *cells, *edges])


def headings_of(file: bytes) -> list[str]:
    found = docx.Document(BytesIO(file)).paragraphs
    return [one.text for one in found if one.style and one.style.name == "Heading 1"]


def adopted(consulted: Consulted, world: World) -> Adoption:
    held = adoption_actions.propose(by=consulted.secretariat, process=consulted.fresh(), now=NOW)
    adoption_actions.confirm(by=second_secretary(world), adoption=held, now=NOW + timedelta(minutes=5))
    return Adoption.objects.get()


def test_the_adopted_position_is_given_in_both_languages_with_dissent_and_its_hash(
    consulted: Consulted, world: World
) -> None:
    decided(consulted)
    assert Client().get(f"{PUBLIC}/position.pdf").status_code == 404
    held = adopted(consulted, world)
    for language, said in (
        ("es", ["Introducción", "Conceptualización de términos", "Resultados por tema"]),
        ("en", ["Introduction", "Conceptualisation of terms", "Results by theme"]),
    ):
        word = got(Client(), f"{PUBLIC}/position.docx?lang={language}")
        assert headings_of(word)[:3] == said
        told = words_of(word)
        assert held.sha256 in told
        assert "Con plazo" in told
        portable = got(Client(), f"{PUBLIC}/position.pdf?lang={language}")
        pages = [page.extract_text() for page in PdfReader(BytesIO(portable)).pages]
        assert all(held.sha256 in page for page in pages)
        assert hashlib.sha256(got(Client(), f"{PUBLIC}/position.json")).hexdigest() == held.sha256
    assert "No hay texto acordado. «Sin acuerdo» es un resultado" in words_of(got(Client(), f"{PUBLIC}/position.docx"))
    assert "Borrador" not in words_of(got(Client(), f"{PUBLIC}/position.docx"))


def test_documents_of_a_consultation_that_made_up_officers_made_say_so_on_each_page(
    consulted: Consulted, world: World
) -> None:
    by, event = consulted.secretariat, consulted.event("MINSAL")
    decided(consulted)
    minutes_actions.write_minutes(by=by, event=event, text_es="Se habló.", text_en="", version=None, now=NOW)
    work = f"/consultation/work/{consulted.process.key}"
    for language, mark in (
        ("es", "Consulta inventada, del país de demostración"),
        ("en", "Made-up consultation, of the demonstration country"),
    ):
        for name in ("position", f"events/{event.key}/minutes"):
            file = signed_in(by).get(f"{work}/{name}.pdf?lang={language}").content
            assert all(mark in page.extract_text() for page in PdfReader(BytesIO(file)).pages)
            assert mark in words_of(signed_in(by).get(f"{work}/{name}.docx?lang={language}").content)
    by.made_up = False
    by.save()
    typed = {**vars(TYPED), "title_es": "Otra"}
    own = actions.create_process(by=by, institution="RREE", code="otra", typed=ProcessTyped(**typed), now=NOW)
    assert not own.made_up


def test_a_draft_is_for_the_convener_alone_and_says_so_on_each_page(consulted: Consulted, world: World) -> None:
    decided(consulted)
    address = f"/consultation/work/{consulted.process.key}/position.pdf"
    answer = signed_in(consulted.secretariat).get(address)
    pages = [page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages]
    assert all("Borrador: no es una posición adoptada" in page for page in pages)
    assert "no-store" in answer["Cache-Control"]
    event = AccessEvent.objects.order_by("-sequence")[0]
    assert (event.officer, event.verb, event.what, event.channel) == (
        consulted.secretariat.username,
        "export",
        "position",
        "export",
    )
    for username in ("focal_health", "focal_labour", "ombudsman"):
        assert signed_in(world.officers[username]).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_the_position_of_2017_has_no_definition_of_regular_migration_and_says_what_is_not_recorded(
    world: World, client: Client
) -> None:
    cache.clear()
    codelists.load()
    shipped.load(now=LONG_AGO)
    first_process.load(now=LONG_AGO)
    address = "/consultation/processes/consultation-2017/position.docx"
    told = words_of(got(client, f"{address}?lang=en"))
    assert "Not agreed" in told
    assert "There is no agreed text" in told
    assert "not recorded" in told
    assert "The source does not say by whom or how it was adopted" in told
    assert "La fuente no dice" in words_of(got(client, f"{address}?lang=es"))


def test_minutes_are_public_when_final_and_a_draft_before(consulted: Consulted, world: World) -> None:
    event = consulted.event("MINSAL")
    by = consulted.secretariat
    minutes = minutes_actions.write_minutes(
        by=by, event=event, text_es="Se habló.\n\nSe acordó.", text_en="", version=None, now=NOW
    )
    work = f"/consultation/work/{consulted.process.key}/events/{event.key}/minutes.docx"
    draft = signed_in(by).get(work)
    assert "Borrador: no es un acta definitiva" in words_of(draft.content)
    exported = AccessEvent.objects.order_by("-sequence")[0]
    assert (exported.verb, exported.what, exported.subjects) == ("export", "minutes", [str(event.key)])
    assert signed_in(world.officers["focal_health"]).get(work).status_code == 404
    assert Client().get(work).status_code == 302
    public = f"{PUBLIC}/minutes/{event.key}/minutes.docx"
    for results in (False, True):
        actions.publish(by=by, process=consulted.fresh(), results=results, shown=True, now=NOW)
    assert Client().get(public).status_code == 404
    until = timezone.now() + timedelta(days=1)
    minutes_actions.open_amendments(by=by, minutes=minutes, until=until, version=1, now=timezone.now())
    minutes.refresh_from_db()
    minutes_actions.make_final(by=by, minutes=minutes, version=minutes.version, now=until + timedelta(seconds=1))
    minutes.refresh_from_db()
    cache.clear()
    told = words_of(got(Client(), public))
    assert Client().get(public.replace(".docx", ".odt")).status_code == 404
    assert minutes.sha256 in told
    assert "Ministerio de Salud" in told
    assert "Borrador" not in told
    assert "[only in Spanish]" in words_of(got(Client(), f"{public}?lang=en"))
