"""The cross table that a reader makes: one number everywhere, nothing beyond the base cube, refusals with reasons."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import Client

from tests.made_up import SECRET, arrivals, release_of_made_up_rows
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.places import actions as places
from torogoz.shared.releases import making
from torogoz.shared.releases import queries as releases
from torogoz.shared.releases.actions import make_release
from torogoz.statistics.crosstables import PERSON_KEY, SHOWN_BY, cube_of
from torogoz.statistics.disclosure.strict import BaseCube

pytestmark = pytest.mark.django_db
PAGE, MAP = "/flows/RETURNS/cross/", "/flows/RETURNS/cross/map.svg"
CSV, JSON = "/flows/RETURNS/cross.csv", "/flows/RETURNS/cross.json"
FITTED: dict[str, BaseCube] = {}
THREE = "?rows=SEX,AGE_GROUP&columns=REASON&TIME_PERIOD=2025"


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    return arrivals(2_400, 2025, 2025)


@pytest.fixture(autouse=True)
def lists() -> None:
    codelists.load()
    places.load()
    cache.clear()


@pytest.fixture
def cube(frame: pl.DataFrame, monkeypatch: pytest.MonkeyPatch) -> BaseCube:
    """A release with a base cube, which is fitted once for all tests that read it."""
    monkeypatch.setattr(making, "cube_of", lambda *given: FITTED.get("cube") or fit(*given))
    release_of_made_up_rows(frame, secret=SECRET)
    made = releases.base_cube("RETURNS")
    assert made is not None
    return made


def fit(*given: Any) -> BaseCube:
    FITTED["cube"] = cube_of(*given)
    return FITTED["cube"]


def body(response: HttpResponseBase) -> bytes:
    if isinstance(response, StreamingHttpResponse):
        return b"".join(response)  # type: ignore[arg-type]  # a synchronous stream under WSGI
    return response.content  # type: ignore[attr-defined]


def rows(client: Client, query: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(client.get(CSV + query)).decode(), newline="")))


def numbers(page: str) -> list[str]:
    """The cells of the page's first table, row by row, as a reader sees them, without marks and thin spaces."""
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    cells = re.findall(r'<td class="n[^"]*">(.*?)</td>', table, flags=re.S)
    return [re.sub(r"<[^>]+>[^<]*", "", cell).replace("≈", "").replace("\u202f", "").replace(",", "") for cell in cells]


@pytest.mark.usefixtures("cube")
def test_page_csv_json_and_map_give_the_same_number_in_both_languages(client: Client) -> None:
    page = client.get(PAGE + THREE).content.decode()
    from_csv = [row["OBS_VALUE"] for row in rows(client, THREE)]
    document = json.loads(body(client.get(JSON + THREE)))
    assert [each["OBS_VALUE"] for each in document["observations"]] == [
        float(each) if each else None for each in from_csv
    ]
    by_line = [numbers(page)[start : start + 7] for start in range(0, len(numbers(page)) - 8, 8)]
    assert [cell if cell != "" else "" for line in by_line for cell in line] == from_csv
    client.post("/language/", {"language": "en", "next": "/"})
    english = client.get(PAGE + THREE).content.decode()
    assert "Cross table of returns" in english
    assert numbers(english) == numbers(page)
    by_area = rows(client, "?rows=REF_AREA&REASON=ECONOMIC&TIME_PERIOD=2025")
    drawn = client.get(MAP + "?rows=REF_AREA&REASON=ECONOMIC&TIME_PERIOD=2025").content.decode()
    for row in by_area[:14]:
        value = f"{int(row['OBS_VALUE']):,}" if row["OBS_VALUE"] else None
        assert value is None or value in drawn.replace("\u202f", ",")


@pytest.mark.usefixtures("cube")
def test_what_the_fixed_tables_publish_is_answered_exactly_as_they_publish_it(client: Client) -> None:
    for query in ("by=SEX,REF_AREA", "by=AGE,SEX", "by=MODE,COUNTERPART_AREA"):
        one, other = query.removeprefix("by=").split(",")
        fixed = list(
            csv.DictReader(
                io.StringIO(body(client.get(f"/flows/RETURNS.csv?{query}&TIME_PERIOD=2025")).decode(), newline="")
            )
        )
        known = {(row[one], row[other]): (row["OBS_VALUE"], row["CONF_STATUS"]) for row in fixed}
        crossed = rows(client, f"?rows={one}&columns={other}&TIME_PERIOD=2025")
        assert crossed
        for row in crossed:
            assert known[row[one], row[other]] == (row["OBS_VALUE"], row["CONF_STATUS"])
            assert row["NOISE"] == "N"


def test_every_shown_cell_of_the_fixed_tables_is_in_the_cube_and_every_hidden_one_is_hidden(cube: BaseCube) -> None:
    cells = releases.published("RETURNS").filter(pl.col("TIME_PERIOD").str.len_chars() == 4)
    totals = {**dict.fromkeys(("SEX", "AGE", "COUNTERPART_AREA", "MODE", "ORIGIN", "REASON"), "_T"), "REF_AREA": "SLV"}
    looked_at = 0
    for views in SHOWN_BY:
        own = ["AGE" if view == "AGE_GROUP" else view for view in views]
        fixed = cells.filter(*(pl.col(name) == total for name, total in totals.items() if name not in own))
        answer = cube.answer(views).rename({"AGE_GROUP": "AGE"} if "AGE_GROUP" in views else {})
        both = answer.join(fixed, on=own, suffix="_FIXED")
        assert both.height == answer.height
        assert both["OBS_VALUE"].equals(both["OBS_VALUE_FIXED"].alias("OBS_VALUE"), null_equal=True)
        assert both["CONF_STATUS"].to_list() == both["CONF_STATUS_FIXED"].to_list()
        looked_at += both.height
    assert looked_at > 200


@pytest.mark.usefixtures("cube")
def test_totals_are_the_sums_of_their_parts(client: Client) -> None:
    whole = rows(client, "?rows=MODE&REASON=ECONOMIC&TIME_PERIOD=2025")
    parts = rows(client, "?rows=MODE&columns=SEX&REASON=ECONOMIC&TIME_PERIOD=2025&REF_AREA=SV-SS")
    more = rows(client, "?rows=MODE,COUNTERPART_AREA&REASON=ECONOMIC&TIME_PERIOD=2025")
    for row in whole:
        own = [each["OBS_VALUE"] for each in more if each["MODE"] == row["MODE"]]
        if all(own):
            assert sum(map(int, own)) == int(row["OBS_VALUE"])
    assert {row["REF_AREA"] for row in parts} == {"SV-SS"}


@pytest.mark.usefixtures("cube")
def test_a_sparse_department_is_left_out_with_its_reason_and_the_others_are_answered(client: Client) -> None:
    query = "?rows=REF_AREA,AGE_GROUP&columns=REASON&TIME_PERIOD=2025"
    page = client.get(PAGE + query).content.decode()
    assert "demasiado solas" in page
    assert re.search(r"<li>[^<]+: (habría menos|son menos|más de la mitad)", page)
    found = rows(client, query)
    refused = {row["REF_AREA"] for row in found if row["NOTE"].count(";")}
    assert refused
    assert all(row["OBS_VALUE"] == "" and row["CONF_STATUS"] == "C" for row in found if row["REF_AREA"] in refused)
    assert any(row["OBS_VALUE"] for row in found if row["REF_AREA"] not in refused)


@pytest.mark.usefixtures("cube")
@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("?rows=COLOUR", "no es una característica"),
        ("?rows=AGE&columns=AGE_GROUP", "dos veces"),
        ("?rows=SEX&columns=SEX", "dos veces"),
        ("?rows=SEX&REASON=ECONOMY", "ECONOMIC"),
        ("?rows=SEX&ORIGIN=SV-SS", "No se puede preguntar por «ORIGIN»"),
        ("?rows=SEX&sex=F", "¿Quiso escribir SEX?"),
        ("?TIME_PERIOD=1900", "No existe el código «1900». Hay de 2025 a 2025."),
        ("?rows=SEX,AGE,MODE,REASON", "como mucho tres"),
    ],
)
def test_an_unclear_question_is_refused_with_its_reason(client: Client, query: str, says: str) -> None:
    answer = client.get(PAGE + query)
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert "<form" in answer.content.decode()
    refused = client.get(CSV + query)
    assert refused.status_code == 400
    assert says in body(refused).decode()


@pytest.mark.usefixtures("cube")
def test_more_than_three_characteristics_are_refused_but_year_and_department_are_not_counted(client: Client) -> None:
    four = "?rows=SEX,MODE&columns=REASON&AGE_GROUP=Y_GE18&TIME_PERIOD=2025"
    for address in (PAGE, CSV):
        refused = client.get(address + four)
        assert refused.status_code == 400
        assert "se cruzan como mucho 3" in body(refused).decode()
    fine = "?rows=TIME_PERIOD,MODE&columns=SEX&REASON=ECONOMIC&REF_AREA=SV-SS"
    assert any(row["OBS_VALUE"] for row in rows(client, fine))


@pytest.mark.usefixtures("cube")
def test_figures_with_noise_are_marked_and_exact_ones_are_not(client: Client) -> None:
    assert "≈" in client.get(PAGE + THREE).content.decode().split("<tbody>")[1].split("</tbody>")[0]
    exact = client.get(PAGE + "?rows=REF_AREA&columns=SEX&TIME_PERIOD=2025").content.decode()
    assert "≈" not in exact.split("<tbody>")[1].split("</tbody>")[0]
    assert {row["NOISE"] for row in rows(client, THREE)} == {"Y"}


@pytest.mark.usefixtures("cube")
def test_an_age_that_the_chosen_group_cannot_have_is_not_a_row(client: Client) -> None:
    bands = {row["AGE"] for row in rows(client, "?rows=AGE&columns=SEX&AGE_GROUP=Y_LT18&TIME_PERIOD=2025")}
    assert bands == {"Y0T4", "Y5T9", "Y10T14", "Y15T19"}


def test_before_a_release_and_after_one_without_a_cube_the_page_says_so(client: Client, frame: pl.DataFrame) -> None:
    assert "Todavía no se ha publicado" in client.get(PAGE).content.decode()
    assert client.get(CSV).status_code == 404
    release_of_made_up_rows(frame.drop(PERSON_KEY), secret=SECRET)
    assert "sin una base para tablas cruzadas" in client.get(PAGE).content.decode()
    assert client.get(CSV).status_code == 404
    assert client.get(MAP).status_code == 404


@pytest.mark.usefixtures("cube")
def test_the_address_without_a_question_answers_one_of_the_latest_year(client: Client) -> None:
    page = client.get(PAGE).content.decode()
    assert "Año: 2025" in page
    assert "rows=REASON&amp;columns=SEX&amp;TIME_PERIOD=2025" in page
    assert "<script" not in page.split("<main")[1].split("</main>")[0]


def test_no_key_of_a_person_is_in_any_file_of_a_release(frame: pl.DataFrame, settings: LazySettings) -> None:
    release = release_of_made_up_rows(frame, secret=SECRET)
    folder = Path(settings.RELEASES) / release.folder
    keys = set(frame[PERSON_KEY].to_list())
    held = list(folder.rglob("*.parquet"))
    assert {path.parent.name for path in held} == {"cube", "microdata", "tables"}
    for path in held:
        table = pl.read_parquet(path)
        assert PERSON_KEY not in table.columns
        for name in table.columns:
            assert not keys & set(table[name].drop_nulls().to_list())
    for path in folder.rglob("*"):
        if path.is_file():
            assert SECRET not in path.read_bytes()


def test_the_same_data_and_secret_give_the_same_cube_and_another_secret_another(frame: pl.DataFrame) -> None:
    release_of_made_up_rows(frame, secret=SECRET)
    first = releases.base_cube("RETURNS")
    latest = releases.latest()
    assert first is not None
    assert latest is not None
    turned = frame.sample(fraction=1, shuffle=True, seed=2)
    made = make_release(
        code="2025", cut_off=latest.cut_off, frames={"RETURNS": turned}, by="", now=latest.made_at, secret=SECRET
    )
    assert not made.is_new
    assert made.parts[0].cube is not None
    assert made.parts[0].cube.frame().equals(first.frame())
    other = make_release(
        code="2025",
        cut_off=latest.cut_off,
        frames={"RETURNS": turned},
        by="",
        now=latest.made_at,
        secret=SECRET * 2,
        revise=("2025",),
    )
    assert other.parts[0].cube is not None
    assert not other.parts[0].cube.frame().equals(first.frame())
    assert "another_secret" in [finding.check for finding in other.parts[0].findings]
    assert "another_secret" not in [finding.check for finding in made.parts[0].findings]


@pytest.mark.usefixtures("cube")
def test_a_file_in_another_language_is_another_file(client: Client) -> None:
    spanish, english = (
        client.get(JSON + THREE)["ETag"],
        client.get(JSON + THREE, headers={"Cookie": "django_language=en"}),
    )
    assert english["ETag"] != spanish
    again = client.get(JSON + THREE, headers={"Cookie": "django_language=en", "If-None-Match": spanish})
    assert again.status_code == 200
