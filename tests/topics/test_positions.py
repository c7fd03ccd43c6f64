"""Positions of other countries: a table comes in whole or not at all, and what is not here is not called "none"."""

from datetime import UTC, date, datetime

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.made_up_practices import entered
from tests.topics.test_commitment_themes import adopted, part
from tests.world import World
from torogoz.domain.positions import Both
from torogoz.exchange.readers import positions as tables
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.provisions import actions as provisions
from torogoz.shared.provisions import shipped
from torogoz.shared.provisions.models import Instrument, Link, Provision, ProvisionText
from torogoz.shared.provisions.position_actions import Part

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
OLDER = "?position=position-2017"
HEADER = "country,objective,theme,text_es,text_en,original,machine,source,date\r\n"
# Made up: no country said this.
RIGHT = (
    HEADER + "GTM,7,vulnerability,Proteger los derechos humanos de las personas migrantes vulnerables,"
    "Protect the human rights of vulnerable migrants,es,yes,Documento inventado,2018-01-10\r\n"
    'HND,7,,,"Made up, ""quoted""",en,no,Documento inventado,\r\n'
)


@pytest.fixture
def loaded(world: World) -> World:
    cache.clear()
    codelists.load()
    shipped.load(now=NOW)
    return world


def handed_in(world: World, table: str, **form: str) -> str:
    file = SimpleUploadedFile("positions.csv", table.encode())
    client = entered(world.officers["secretariat"])
    answer = client.post(reverse("commitments:position_import"), {"table": file, **form})
    return f"{answer.status_code} {answer.content.decode()}"


def test_a_table_is_tried_first_and_a_second_time_brings_nothing_new(loaded: World) -> None:
    assert "Nuevas: 2" in handed_in(loaded, RIGHT, dry="on")
    assert not Instrument.objects.filter(kind="foreign_position").exists()
    assert handed_in(loaded, RIGHT, made_up="on").startswith("302")
    before = Provision.objects.count(), Link.objects.count(), ProvisionText.objects.count()
    assert "ya guardadas: 2" in handed_in(loaded, RIGHT, dry="on")
    assert handed_in(loaded, RIGHT, made_up="on").startswith("302")
    assert (Provision.objects.count(), Link.objects.count(), ProvisionText.objects.count()) == before
    assert {one.made_up for one in Instrument.objects.filter(kind="foreign_position")} == {True}


def test_a_table_of_made_up_countries_comes_back_as_an_example_and_as_nothing_else(loaded: World) -> None:
    assert handed_in(loaded, RIGHT, made_up="on").startswith("302")
    Instrument.objects.filter(kind="foreign_position", country="HND").update(country="XAA")
    out = entered(loaded.officers["secretariat"]).get("/commitments/positions/positions.csv").content.decode()
    assert "XAA," in out
    assert "ya guardadas: 2" in handed_in(loaded, out, dry="on", made_up="on")
    assert handed_in(loaded, out, dry="on").startswith("422")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("GTM,24,,Algo,,es,no,Fuente,\r\n", "objective"),
        ("XXX,7,,Algo,,es,no,Fuente,\r\n", "country"),
        ("SLV,7,,Algo,,es,no,Fuente,\r\n", "country"),
        ("GTM,7,,,,other,no,Fuente,\r\n", "text_es"),
        ("GTM,7,,,Something,es,no,Fuente,\r\n", "text_es"),
        ("GTM,7,,Algo,,es,no,,\r\n", "source"),
        ("GTM,7,,Algo,,es,no,Fuente,ayer\r\n", "date"),
        ("GTM,7,,Algo,,es,perhaps,Fuente,\r\n", "machine"),
        ("GTM,7,,Algo,,es,no,Fuente,2050-01-10\r\n", "date"),
        ("GTM,7,,Al\x00go,,es,no,Fuente,\r\n", "text_es"),
    ],
)
def test_a_wrong_row_changes_nothing_and_is_named(loaded: World, row: str, column: str) -> None:
    answer = handed_in(loaded, RIGHT + row)
    assert answer.startswith("422")
    assert ">4<" in answer
    assert column in answer
    assert not Instrument.objects.filter(kind="foreign_position").exists()


def test_only_the_secretariat_brings_positions_in(loaded: World, client: Client) -> None:
    address = reverse("commitments:position_import")
    for username in ("focal_health", "focal_labour", "ombudsman", "statistician"):
        assert entered(loaded.officers[username]).get(address).status_code == 404, username
    assert client.get(address).status_code == 302


def test_not_imported_is_not_the_same_as_no_position(loaded: World, client: Client) -> None:
    empty = client.get("/commitments/positions/").content.decode()
    assert "Eso no dice que no la tengan" in empty
    handed_in(loaded, RIGHT, made_up="on")
    page = client.get("/commitments/positions/").content.decode()
    assert page.count("no importada") == 2 * 22
    assert page.count("sin posición nacional") == 2, "of El Salvador it is known: objectives 4 and 14"
    assert "posiciones inventadas" in page
    four = client.get("/commitments/positions/4/").content.decode()
    assert "sin posición nacional" in four
    assert "Eso no dice que no las haya" in four
    assert client.get("/commitments/positions/24/").status_code == 404
    english = client.get("/commitments/positions/?lang=en").content.decode()
    assert english.count("not imported") == 2 * 22


def test_an_objective_shows_all_beside_the_own_and_suggests_with_reasons(loaded: World, client: Client) -> None:
    handed_in(loaded, RIGHT, made_up="on")
    links = Link.objects.count()
    page = client.get("/commitments/positions/7/").content.decode()
    assert "Guatemala" in page
    assert "personas migrantes vulnerables" in page
    assert "Lo que más se le parece en la posición de El Salvador" in page
    assert "comparten:" in page
    assert "nadie lo ha confirmado" in page
    assert Link.objects.count() == links, "a suggestion is never stored"
    english = client.get("/commitments/positions/7/?lang=en").content.decode()
    assert "translated by a machine" in english


def test_what_came_in_goes_out_as_the_same_bytes(loaded: World, client: Client) -> None:
    handed_in(loaded, RIGHT, made_up="on")
    out = client.get("/commitments/positions/positions.csv").content
    assert out.decode() == RIGHT
    found, faults = tables.read(out, countries={"GTM", "HND"}, objectives={"7"}, today=date(2026, 12, 31))
    assert faults == []
    assert b"".join(tables.table(found)) == out


NEW = "position-inventada"


@pytest.fixture
def two(loaded: World) -> Instrument:
    """A made-up position adopted after that of 2017: objective 4 has something of it, and objective 7 has not."""
    made = adopted(
        part("A", kind="section"),
        Part("A1", "A", "commitment", Both("Proteger los derechos de las personas migrantes vulnerables.", "Protect.")),
        Part("A2", "A", "commitment", Both("Otra vez lo mismo.", "The same again.")),
        Part("A3", "A", "commitment", Both("Otra cosa.", "Another thing.")),
        code=NEW,
    )
    for source, target, kind in (("A1", ("gcm", "4"), "corresponds"), ("A2", (NEW, "A1"), "repeats")):
        provisions.link(
            by=loaded.officers["secretariat"],
            source=Provision.objects.get(instrument=made, code=source),
            target=Provision.objects.get(instrument__code=target[0], code=target[1]),
            kind=kind,
            why="lo dice la prueba",
            now=NOW,
        )
    return made


def row_of(page: str, objective: str) -> str:
    return page[page.index(f">{objective}. ") :].partition("</tr>")[0]


def test_positions_are_compared_with_the_one_adopted_last_or_with_the_one_that_is_chosen(
    loaded: World, two: Instrument, client: Client
) -> None:
    handed_in(loaded, RIGHT, made_up="on")
    newest, older = (client.get(f"/commitments/positions/{asked}").content.decode() for asked in ("", OLDER))
    assert f'<option value="{NEW}" selected>' in newest
    assert '<option value="position-2017" selected>' in older
    for page, four, seven in (
        (newest, ">1</td>", "sin posición nacional"),
        (older, "sin posición nacional", ">54</td>"),
    ):
        assert four in row_of(page, "4")
        assert seven in row_of(page, "7")
    assert newest.count("sin posición nacional") == 22
    assert '/commitments/positions/7/"' in newest
    assert f'/commitments/positions/7/{OLDER}"' in older
    assert "es inventada, para la demostración" in newest
    assert "es inventada, para la demostración" not in older


def test_the_page_of_an_objective_resembles_and_lists_what_the_chosen_position_says(
    loaded: World, two: Instrument, client: Client
) -> None:
    handed_in(loaded, RIGHT, made_up="on")
    own = f"/commitments/provisions/{Provision.objects.get(instrument=two, code='A1').key}/"
    newest, older = (client.get(f"/commitments/positions/7/{asked}").content.decode() for asked in ("", OLDER))
    assert own in newest, "the words of the statement resemble it"
    assert own not in older
    assert "T1" not in newest.partition('id="others"')[2]
    assert "sin posición nacional" in newest
    assert "sin posición nacional" not in older
    assert f'/commitments/positions/8/{OLDER}"' in older
    assert own in client.get(f"/commitments/positions/4/?position={NEW}").content.decode()


def test_repeated_ideas_are_those_of_the_position_adopted_last_or_chosen(
    loaded: World, two: Instrument, client: Client
) -> None:
    newest, older = (client.get(f"/commitments/repeated/{asked}").content.decode() for asked in ("", OLDER))
    assert newest.count("<section aria-label=") == 1
    assert all(f">{code}</a>" in newest for code in ("A1", "A2"))
    assert ">A3</a>" not in newest
    assert "× 2" in newest
    assert "× 7" in older
    assert ">A1</a>" not in older
    Link.objects.filter(kind="repeats", source__instrument=two).update(
        ended_at=NOW, ended_by=loaded.officers["secretariat"]
    )
    cache.clear()
    assert "De ninguna idea de esta posición consta" in client.get("/commitments/repeated/").content.decode()


@pytest.mark.parametrize("page", ["positions/", "positions/7/", "repeated/"])
@pytest.mark.parametrize("asked", ["position=gcm", "position=nothing", "theme=T1"])
def test_what_is_no_adopted_position_is_refused_and_said(loaded: World, client: Client, page: str, asked: str) -> None:
    answer = client.get(f"/commitments/{page}?{asked}")
    assert answer.status_code == 400
    assert "No se pudo responder la pregunta" in answer.content.decode()
    assert client.get(f"/commitments/{page}?lang=en&utm_source=x").status_code == 200


def test_where_one_position_is_adopted_there_is_nothing_to_choose(loaded: World, client: Client) -> None:
    page = client.get("/commitments/positions/").content.decode()
    assert 'name="position"' not in page
    assert "Posición nacional de El Salvador" in page
