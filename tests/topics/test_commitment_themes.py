"""What the overview counts under a theme is what the list gives for it, also of what stands deep in it or in none."""

import csv
import io
import json
import re
from datetime import date
from hashlib import sha256
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client

from tests.world import NOW
from torogoz.domain.catalogue import NAMES
from torogoz.domain.positions import Both
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.provisions import shipped
from torogoz.shared.provisions.models import Instrument
from torogoz.shared.provisions.position_actions import Part, Position, make_instrument
from torogoz.topics.commitments.catalogue_queries import catalogue_rows

pytestmark = pytest.mark.django_db
CODE = "position-inventada"
WITH_CODES = (
    "section",
    "kind",
    "role",
    "system",
    "actors",
    "beneficiaries",
    "objectives",
    "targets",
    "articles",
    "flags",
)


def adopted(*parts: Part, code: str = CODE) -> Instrument:
    return make_instrument(
        position=Position(
            code=code,
            name=Both("Posición inventada", "Made-up position"),
            body=Both("Consejo inventado", "Made-up council"),
            adopted_on=date(2026, 11, 1),
            source=Both("Consulta inventada", "Made-up consultation"),
            sha256=sha256(code.encode()).hexdigest(),
            made_up=True,
            parts=tuple(parts),
        ),
        by=None,
        now=NOW,
    )


@pytest.fixture
def country() -> None:
    cache.clear()
    codelists.load()
    shipped.load(now=NOW)


def part(code: str, parent: str = "", kind: str = "commitment") -> Part:
    return Part(code, parent, kind, Both(f"Texto {code}", f"Text {code}"))


@pytest.fixture
def deep(country: None) -> Instrument:
    """A theme with a text and a point in the text, a definition in a theme of its own, and two that stand in none."""
    return adopted(
        part("A", kind="section"),
        part("A1", "A"),
        part("A1.1", "A1"),
        part("A1.1.1", "A1.1"),
        part("B", kind="section"),
        part("B1", "B", "definition"),
        part("Z1"),
        part("Z2", kind="definition"),
    )


def table(page: str) -> tuple[list[tuple[str, list[int]]], list[int]]:
    """The rows of the first table of the overview, as address and counts, and the total row."""
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    rows = []
    for row in body.split("<tr")[1:]:
        counts = [int(each) for each in re.findall(r'<td class="n">(\d+)</td>', row)]
        address = re.search(r'href="([^"]+)"', row)
        rows.append((unescape(address.group(1)) if address else "", counts))
    return rows[:-1], rows[-1][1]


def listed(client: Client, address: str) -> int:
    found = re.search(r"<p>(\d+) disposici", client.get(address).content.decode())
    assert found is not None, address
    return int(found.group(1))


def test_each_row_of_the_overview_counts_what_its_list_gives_and_the_total_row_is_their_sum(
    client: Client, deep: Instrument
) -> None:
    rows, total = table(client.get("/commitments/").content.decode())
    assert [address.partition("theme=")[2] for address, _ in rows] == ["A", "B", "none"]
    for address, counts in rows:
        assert sum(counts[:-1]) == counts[-1] == listed(client, address)
    assert total == [sum(column) for column in zip(*(counts for _, counts in rows), strict=True)]
    assert total[-1] == listed(client, f"/commitments/list/?instrument={CODE}") == 6


def test_a_kind_that_no_list_names_is_counted_under_its_code(client: Client, country: None) -> None:
    adopted(part("A", kind="section"), part("A1", "A", "unlisted"), part("A2", "A"))
    rows, total = table(client.get("/commitments/").content.decode())
    assert [sum(counts[:-1]) for _, counts in rows] == [total[-1]] == [2]


def test_a_position_of_which_everything_stands_in_a_theme_has_no_row_for_what_stands_in_none(
    client: Client, country: None
) -> None:
    assert "Sin tema" not in client.get("/commitments/").content.decode()
    assert client.get("/commitments/list/?theme=none").status_code == 400
    assert "Without a theme" not in client.get("/commitments/list/?lang=en").content.decode()


def test_what_stands_in_no_theme_can_be_chosen_in_both_languages(client: Client, deep: Instrument) -> None:
    way = f"/commitments/list/?instrument={CODE}&theme=none"
    page = client.get(way).content.decode()
    assert '<option value="none" selected>Sin tema</option>' in page
    assert all(f">{code}</a>" in page for code in ("Z1", "Z2"))
    assert ">A1</a>" not in page
    assert "Without a theme" in client.get(f"{way}&lang=en").content.decode()


def test_a_position_without_themes_offers_none(client: Client, country: None) -> None:
    adopted(part("Z1"), part("Z2"))
    assert 'name="theme"' not in client.get(f"/commitments/list/?instrument={CODE}").content.decode()
    assert f"?instrument={CODE}&amp;theme" not in client.get("/commitments/").content.decode()


def test_a_file_of_the_catalogue_says_in_which_section_a_point_of_a_text_stands(deep: Instrument) -> None:
    found = {row["code"]: row["section"] for row in catalogue_rows(CODE)}
    assert found == {"A1": "A", "A1.1": "A", "A1.1.1": "A", "B1": "B", "Z1": "", "Z2": ""}


def test_the_file_of_meanings_tells_columns_sections_of_any_position_and_articles(
    client: Client, deep: Instrument
) -> None:
    def told(instrument: str) -> dict[tuple[str, str], tuple[str, str]]:
        answer = client.get(f"/commitments/catalogue-codes.csv?instrument={instrument}")
        rows = csv.reader(io.StringIO(b"".join(answer).decode()))  # type: ignore[arg-type]
        next(rows)
        return {(column, code): (spanish, english) for _, column, code, spanish, english in rows}

    found = told(CODE)
    assert found["section", "A"] == ("Texto A", "Text A")
    assert found["section", ""] == ("código de la sección que la contiene", "code of the section that holds it")
    assert {column for column, code in found if not code} == set(NAMES)
    older = told("position-2017")
    assert older["section", "C3"] == ("Concepto 3: Migración segura", "Concept 3: Safe migration")
    assert older["articles", "icrmw:73"][0].endswith("trabajadores migratorios y de sus familiares, artículo 73")
    assert older["articles", "icrmw:73"][1].endswith("Members of Their Families, article 73")
    cells = {
        (name, code) for row in catalogue_rows("position-2017") for name in WITH_CODES for code in row[name].split()
    }
    assert cells - older.keys() == set()
    for instrument, said in (("position-2017", "Resultados del proceso"), (CODE, "Consulta inventada")):
        whole = json.loads(b"".join(client.get(f"/commitments/catalogue.json?instrument={instrument}")))  # type: ignore[arg-type]
        assert whole["source_es"].startswith(said)
