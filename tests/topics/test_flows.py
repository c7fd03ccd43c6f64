"""What the public reads about a dataflow: the same number everywhere, and what is no number never as one."""

import csv
import gzip
import io
import json
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
from django.core.cache import cache
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import Client

from tests.made_up import arrivals, release_of_made_up_rows
from tests.publishers import STOCK, publish, published_stock
from tests.world import PASSWORD, World
from torogoz.exchange.writers import workbook
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.places import actions as places
from torogoz.shared.ui import public
from torogoz.statistics.dataflows import DATAFLOWS
from torogoz.topics.flows import queries

pytestmark = pytest.mark.django_db
STOCK_PAGE, STOCK_CSV = "/flows/MIGRANT_STOCK/", "/flows/MIGRANT_STOCK.csv"


@pytest.fixture(autouse=True)
def lists() -> None:
    """The code lists and places that pages name codes with; and no page kept from another test."""
    codelists.load()
    places.load()
    cache.clear()


@pytest.fixture
def stock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published_stock(tmp_path, monkeypatch)


def body(response: HttpResponseBase) -> bytes:
    if isinstance(response, StreamingHttpResponse):
        return b"".join(response)  # type: ignore[arg-type]  # a synchronous stream under WSGI
    return response.content  # type: ignore[attr-defined]


def text(response: HttpResponseBase) -> str:
    return body(response).decode()


def rows(response: HttpResponseBase) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text(response), newline="")))


def plain(page: str) -> str:
    """The page without tags and with ordinary spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page).replace("\u202f", " "))


def test_every_dataflow_is_listed_and_one_without_data_says_how_to_get_them(client: Client) -> None:
    page = text(client.get("/flows/"))
    for flow in DATAFLOWS.values():
        assert flow.name_es in page
        answer = client.get(f"/flows/{flow.id}/")
        assert answer.status_code == 200
        assert "torogoz release" in text(answer) or "torogoz import" in text(answer)


@pytest.mark.usefixtures("stock")
def test_page_csv_and_json_give_the_same_number(client: Client) -> None:
    query = "?REF_AREA=USA&COUNTERPART_AREA=SLV&SEX=F&TIME_PERIOD=2020&by=REF_AREA,TIME_PERIOD"
    assert "699 667" in plain(text(client.get(STOCK_PAGE + query)))
    assert [row["OBS_VALUE"] for row in rows(client.get(STOCK_CSV + query))] == ["699667"]
    document = json.loads(body(client.get("/flows/MIGRANT_STOCK.json" + query)))
    assert [each["OBS_VALUE"] for each in document["observations"]] == [699667]


@pytest.mark.usefixtures("stock")
def test_the_opening_page_has_el_salvador_in_the_centre_with_the_total_last(client: Client) -> None:
    page = text(client.get(STOCK_PAGE))
    assert "1\u202f410\u202f659" in page
    assert "País de nacimiento: El Salvador" in page
    assert "Made-up publisher" in page
    assert "CC BY 4.0" in page
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    assert 'class="total"' in table.rsplit("<tr", 1)[1]
    assert "1 410 659" in plain(table.rsplit("<tr", 1)[1])


@pytest.mark.usefixtures("stock")
def test_zero_is_written_and_what_is_not_available_is_not_zero(client: Client) -> None:
    page = text(client.get(STOCK_PAGE + "?COUNTERPART_AREA=SLV&by=REF_AREA&TIME_PERIOD=2020"))
    table = plain(page[page.index("<tbody>") : page.index("</tbody>")])
    assert re.search(r"México 0 ", table)
    assert re.search(r"Canadá n. d. no disponible", table)
    found = {
        row["REF_AREA"]: row for row in rows(client.get(STOCK_CSV + "?COUNTERPART_AREA=SLV&TIME_PERIOD=2020&SEX=_T"))
    }
    assert (found["MEX"]["OBS_VALUE"], found["MEX"]["OBS_STATUS"]) == ("0", "A")
    assert (found["CAN"]["OBS_VALUE"], found["CAN"]["OBS_STATUS"]) == ("", "M")


@pytest.mark.usefixtures("stock")
def test_a_file_without_a_question_holds_every_observation(client: Client) -> None:
    found = rows(client.get(STOCK_CSV))
    assert len(found) == len(STOCK)
    assert {row["DATAFLOW"] for row in found} == {"MIGRANT_STOCK"}
    assert all(row["UNIT_MEASURE"] for row in found)


@pytest.mark.usefixtures("stock")
@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("?REF_AREA=XXX", "No existe el código «XXX»"),
        ("?COUNTERPART_AREA=Elsalvadro", "SLV"),
        ("?by=COUNTRY", "no es una dimensión"),
        ("?COUNTRY=SLV", "No se puede preguntar por «COUNTRY»"),
        ("?sex=F", "¿Quiso escribir SEX?"),
        ("?nonsense=1", "No se puede preguntar por «nonsense»"),
        ("?form=2020", "¿Quiso escribir from?"),
        ("?from=yesterday", "no es un período"),
        ("?from=2020&to=2015", "termina antes"),
        ("?freq=W", "frecuencia"),
    ],
)
def test_an_unclear_question_is_refused_with_its_reason_and_what_was_typed_stays(
    client: Client, query: str, says: str
) -> None:
    answer = client.get(STOCK_PAGE + query)
    assert answer.status_code == 400
    assert says in text(answer)
    assert "Cache-Control" not in answer.headers
    refused = client.get(STOCK_CSV + query)
    assert refused.status_code == 400
    assert says in text(refused)
    if query.startswith("?REF_AREA"):
        assert 'value="XXX"' in text(answer)


@pytest.mark.usefixtures("stock")
def test_a_name_is_as_good_as_a_code_in_either_case_and_the_address_stays_shareable(client: Client) -> None:
    page = text(client.get(STOCK_PAGE + "?COUNTERPART_AREA=el+salvador&REF_AREA=usa&by=REF_AREA,TIME_PERIOD"))
    assert "1\u202f410\u202f659" in page
    assert "/flows/MIGRANT_STOCK.csv?REF_AREA=USA&amp;COUNTERPART_AREA=SLV&amp;by=REF_AREA,TIME_PERIOD" in page


@pytest.mark.usefixtures("stock")
def test_a_table_too_long_for_a_workbook_offers_none_and_says_how_to_ask(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "/flows/MIGRANT_STOCK.xlsx" in text(client.get(STOCK_PAGE))
    cache.clear()
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    page = text(client.get(STOCK_PAGE))
    assert '"/flows/MIGRANT_STOCK.xlsx"' not in page
    assert '"/flows/MIGRANT_STOCK.csv"' in page
    refused = client.get("/flows/MIGRANT_STOCK.xlsx")
    assert refused.status_code == 413
    assert "con 3 como mucho" in text(refused)


@pytest.mark.usefixtures("stock")
def test_periods_are_asked_by_their_ends_or_as_one_range(client: Client) -> None:
    for query in ("?from=2020", "?TIME_PERIOD=2020", "?TIME_PERIOD=2016:2020", "?from=2016&to=2024"):
        found = rows(client.get(f"{STOCK_CSV}{query}&REF_AREA=USA"))
        assert {row["TIME_PERIOD"] for row in found} == {"2020"}, query
        assert len(found) == 3


@pytest.mark.usefixtures("stock")
def test_the_package_explains_itself(client: Client) -> None:
    answer = client.get("/flows/MIGRANT_STOCK.zip?COUNTERPART_AREA=SLV")
    with zipfile.ZipFile(io.BytesIO(body(answer))) as opened:
        held = {name.rsplit("/", 1)[1]: opened.read(name).decode() for name in opened.namelist()}
    assert set(held) == {"data.csv", "dictionary.csv", "LICENCE.txt", "CITATION.txt", "README.txt"}
    assert "REF_AREA,USA,Estados Unidos,United States" in held["dictionary.csv"]
    assert "REF_AREA,FRA" not in held["dictionary.csv"]
    assert "CC BY 4.0" in held["LICENCE.txt"]
    assert "MIGRANT_STOCK.zip?COUNTERPART_AREA=SLV" in held["CITATION.txt"]
    named = [row["COLUMN"] for row in csv.DictReader(io.StringIO(held["dictionary.csv"])) if not row["CODE"]]
    assert named == next(csv.reader(io.StringIO(held["data.csv"])))


@pytest.mark.usefixtures("stock")
def test_a_reader_with_this_edition_is_told_so_and_a_new_edition_is_given(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in (STOCK_PAGE, STOCK_CSV, "/flows/"):
        first = client.get(address)
        assert "public" in first["Cache-Control"]
        assert first["Last-Modified"]
        body(first)
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304
        assert body(again) == b""
    tags = [client.get(address)["ETag"] for address in (STOCK_PAGE, STOCK_CSV)]
    revised = [(*key, None if value is None else value + 1) for *key, value in STOCK]
    published_stock(tmp_path, monkeypatch, "2024", revised)
    for address, tag in zip((STOCK_PAGE, STOCK_CSV), tags, strict=True):
        assert client.get(address)["ETag"] != tag
    assert "1\u202f410\u202f659" not in text(client.get(STOCK_PAGE))


@pytest.mark.usefixtures("stock")
def test_a_public_page_sets_no_cookie_and_never_answers_in_the_language_of_another(client: Client) -> None:
    spanish = client.get(STOCK_PAGE)
    assert not spanish.cookies
    assert "Cookie" in spanish["Vary"]
    english = Client()
    english.cookies["django_language"] = "en"
    answer = english.get(STOCK_PAGE)
    assert "International migrant stock" in text(answer)
    assert "País de residencia" not in text(answer)
    assert "Población migrante internacional" in text(client.get(STOCK_PAGE))
    assert answer["ETag"] != spanish["ETag"]


@pytest.mark.usefixtures("stock")
def test_what_others_add_to_an_address_or_a_made_up_session_makes_no_work_and_leaves_no_trace(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    keep = cache.set
    monkeypatch.setattr(
        public, "cache", SimpleNamespace(get=cache.get, set=lambda *kept: (made.append(kept[0]), keep(*kept)))
    )
    first = client.get(STOCK_PAGE + "?fbclid=1&SEX=F&lang=fr")
    assert "fbclid" not in text(first)
    answers = [
        client.get(f"{STOCK_PAGE}?{query}") for query in ("SEX=F", "utm_source=2&SEX=F", "SEX=F&utm_x=<b>&gclid=3")
    ]
    assert all("public" in answer["Cache-Control"] for answer in answers)
    client.cookies["sessionid"] = "made-up"
    answers.append(client.get(STOCK_PAGE + "?SEX=F"))
    assert {answer["ETag"] for answer in answers} == {first["ETag"]}
    assert len(made) == 1
    assert client.get(STOCK_PAGE + "?SEX=M")["ETag"] != first["ETag"]
    for refused in ("?COLOUR=M", "?zz=1"):
        assert client.get(STOCK_PAGE + refused).status_code == 400
    assert len(made) == 2


@pytest.mark.usefixtures("stock")
def test_the_page_of_an_officer_is_kept_nowhere(client: Client, world: World) -> None:
    client.force_login(world.officers["statistician"])
    own = client.get(STOCK_PAGE)
    assert "private" in own["Cache-Control"]
    assert "no-store" in own["Cache-Control"]
    assert "statistician" in text(own)
    assert "statistician" not in text(Client().get(STOCK_PAGE))
    assert PASSWORD not in text(own)


@pytest.mark.usefixtures("stock")
def test_a_compressed_answer_is_the_same_answer(client: Client) -> None:
    for address in (STOCK_PAGE, STOCK_CSV):
        whole = body(client.get(address))
        squeezed = client.get(address, headers={"Accept-Encoding": "br, gzip"})
        assert squeezed["Content-Encoding"] == "gzip"
        assert gzip.decompress(body(squeezed)) == whole
        refused = client.get(address, headers={"Accept-Encoding": "gzip;q=0"})
        assert "Content-Encoding" not in refused.headers


@pytest.mark.usefixtures("stock")
def test_nothing_is_written_by_asking(client: Client) -> None:
    assert client.post(STOCK_PAGE).status_code == 405
    assert client.post(STOCK_CSV).status_code == 405
    assert client.get("/flows/NO_SUCH/").status_code == 404
    assert client.get("/flows/NO_SUCH.csv").status_code == 404


def test_returns_are_read_from_the_release_only_and_are_marked_as_made_up(client: Client) -> None:
    assert "torogoz release" in text(client.get("/flows/RETURNS/"))
    assert client.get("/flows/RETURNS.csv").status_code == 404
    release = release_of_made_up_rows()
    page = text(client.get("/flows/RETURNS/"))
    assert "Personas inventadas." in page
    assert release.manifest_sha256 in page
    for kind in ("figure-line", "figure-months", "figure-pyramid", "figure-map"):
        assert f'id="{kind}-title"' in page, kind
    answer = client.get("/flows/RETURNS.csv")
    assert "demo" in answer["Content-Disposition"]
    found = rows(answer)
    assert {row["NOTE"] for row in found} == {"MADE UP / INVENTADO"}
    assert {row["CONF_STATUS"] for row in found} >= {"F", "C"}
    assert all(row["OBS_VALUE"] == "" for row in found if row["CONF_STATUS"] != "F")
    assert any(row["OBS_VALUE"] == "0" for row in found)


def test_a_protected_figure_is_shown_as_protected_and_never_inside_a_sum(client: Client) -> None:
    release_of_made_up_rows()
    page = text(client.get("/flows/RETURNS/?by=AGE,SEX&from=2025&to=2025&freq=A"))
    assert 'class="n cell suppressed"' in page
    asked = rows(client.get("/flows/RETURNS.csv?by=AGE,SEX&from=2025&to=2025&freq=A"))
    hidden = [row for row in asked if row["CONF_STATUS"] == "C"]
    assert hidden
    assert all(row["OBS_VALUE"] == "" for row in hidden)
    quarters = rows(client.get("/flows/RETURNS.csv?by=SEX,TIME_PERIOD&from=2025&to=2025&freq=Q"))
    months = rows(client.get("/flows/RETURNS.csv?by=SEX,TIME_PERIOD&from=2025-01&to=2025-03&freq=M"))
    others = {row["SEX"] for row in months if row["CONF_STATUS"] == "C"}
    assert others
    assert all(row["OBS_VALUE"] == "" for row in quarters if row["SEX"] in others and row["TIME_PERIOD"] == "2025-Q1")


def test_a_crossing_that_is_not_released_says_so(client: Client) -> None:
    release_of_made_up_rows()
    page = text(client.get("/flows/RETURNS/?MODE=AIR&SEX=F&by=AGE&freq=A"))
    assert "cruza como mucho dos características" in page


def test_the_page_of_returns_says_what_a_release_changed(client: Client) -> None:
    release_of_made_up_rows(arrivals(600, 2024, 2024), "2024", datetime(2025, 1, 20, 16, tzinfo=UTC))
    assert "Qué cambió" not in text(client.get("/flows/RETURNS/"))
    late = arrivals(300, 2024, 2024, seed=8)
    release_of_made_up_rows(pl.concat([arrivals(600, 2024, 2024), late]), "2024", datetime(2025, 2, 20, 16, tzinfo=UTC))
    page = plain(text(client.get("/flows/RETURNS/")))
    assert "De 2024 r0 a 2024 r1:" in page
    assert re.search(r"\d+ cifras revisadas", page)
    revised = re.findall(r"2024[-\d]* · (.+?): \d", page[page.index("cifras revisadas") :])
    assert revised
    assert not re.search(r"\b(Y\d+T\d+|[FM]|SV-\w\w)\b", " ".join(revised))  # names, not codes


def test_a_year_that_grew_by_its_later_months_is_not_called_revised(client: Client) -> None:
    frame = arrivals(600, 2025, 2025)
    release_of_made_up_rows(frame, "2025-Q2", datetime(2025, 7, 20, 16, tzinfo=UTC))
    release_of_made_up_rows(frame, "2025", datetime(2026, 1, 20, 16, tzinfo=UTC))
    page = plain(text(client.get("/flows/RETURNS/")))
    assert re.search(r"\d+ cifras que crecieron porque su período no había terminado", page)
    changed = page[page.index("Qué cambió desde") :]
    assert "2025 ·" not in changed


def test_drawings_can_be_had_alone(client: Client) -> None:
    release_of_made_up_rows()
    for kind in ("line", "months", "pyramid", "map"):
        answer = client.get(f"/flows/RETURNS/{kind}.svg")
        assert answer["Content-Type"] == "image/svg+xml"
        assert text(answer).startswith("<svg")
    assert client.get("/flows/RETURNS/bar.svg").status_code == 404


def test_the_description_of_a_chart_writes_its_figures_as_people_do(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = [("USA", "SLV", "_T", "2015", 1_352_357.0), ("USA", "SLV", "_T", "2020", 1_410_659.0)]
    published_stock(tmp_path, monkeypatch, "2024", large)
    assert "de 1 352 357 (2015) a 1 410 659 (2020)" in plain(text(client.get(STOCK_PAGE)))


def test_every_indicator_of_displacement_has_a_name_in_both_languages() -> None:
    for language in ("es", "en"):
        named = queries.names_of(DATAFLOWS["DISPLACEMENT"], language)["INDICATOR"]
        for cause in ("CONFLICT", "DISASTER"):
            for measure in ("STOCK", "STOCK_ROUNDED", "MOVEMENTS", "MOVEMENTS_ROUNDED"):
                assert " " in named[f"{cause}_{measure}"]


@pytest.mark.usefixtures("stock")
def test_a_mistake_is_told_to_a_reader_by_label_and_to_a_program_by_parameter(client: Client) -> None:
    answer = text(client.get(STOCK_PAGE, {"SEX": "XX", "TIME_PERIOD": "soon"}))
    assert re.findall('href="#(choice-[^"]+)"', answer) == ["choice-SEX", "choice-from"]
    assert 'id="choice-from" value="soon"' in answer
    page = plain(answer)
    assert "Período: «soon» no es un período" in page
    assert "Sexo: No existe el código «XX»." in page
    assert "SEX: No" not in page
    refused = text(client.get(STOCK_CSV, {"SEX": "XX", "by": "NOPE"}))
    assert "SEX: No existe el código" in refused
    assert "by: «NOPE»" in refused


@pytest.mark.usefixtures("stock")
def test_what_a_network_adds_to_a_shared_address_is_no_question(client: Client) -> None:
    assert client.get(STOCK_PAGE + "?fbclid=x&utm_source=y").status_code == 200
    assert text(client.get(STOCK_CSV + "?fbclid=x")) == text(client.get(STOCK_CSV))


def test_a_year_of_returns_is_the_year_in_the_file_as_on_the_page_unless_months_are_asked_for(client: Client) -> None:
    release_of_made_up_rows()
    query = "?TIME_PERIOD=2025&by=SEX,TIME_PERIOD"
    found = rows(client.get("/flows/RETURNS.csv" + query))
    assert {row["TIME_PERIOD"] for row in found} == {"2025"}
    women = next(row["OBS_VALUE"] for row in found if row["SEX"] == "F")
    page = text(client.get("/flows/RETURNS/" + query))
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    assert women in plain(table)
    for asked, years in (
        ("by=SEX", {"2025"}),
        ("TIME_PERIOD=2025", {"2025"}),
        ("by=SEX,TIME_PERIOD", {"2024", "2025"}),
    ):
        assert {row["TIME_PERIOD"] for row in rows(client.get(f"/flows/RETURNS.csv?{asked}"))} == years, asked
    for asked in ("&freq=M", "&from=2025-01&to=2025-12"):
        wanted = query.replace("TIME_PERIOD=2025&", "") if "from" in asked else query
        months = {row["TIME_PERIOD"] for row in rows(client.get("/flows/RETURNS.csv" + wanted + asked))}
        assert months == {f"2025-{month:02d}" for month in range(1, 13)}
    whole = rows(client.get("/flows/RETURNS.csv"))
    assert {(row["FREQ"], len(row["TIME_PERIOD"])) for row in whole} == {("A", 4), ("M", 7)}


def test_an_address_that_only_chooses_age_bands_keeps_the_opening_view(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        (indicator, "USA", birth, "F", "Y5T11", "2024", value)
        for indicator, birth, value in (("REFUGEES", "SLV", 70.0), ("ASYLUM_SEEKERS", "HND", 14.0))
    ]
    names = ["INDICATOR", "REF_AREA", "COUNTERPART_AREA", "SEX", "AGE", "TIME_PERIOD", "OBS_VALUE"]
    frame = pl.DataFrame(lines, schema=names, orient="row").with_columns(
        OBS_STATUS=pl.lit("A"), SOURCE_ROW=pl.int_range(1, 3, dtype=pl.Int64)
    )
    publish(tmp_path, monkeypatch, "REFUGEE_DEMOGRAPHICS", frame.with_columns(LOCATION=pl.lit("A camp")), "2024")
    page = text(client.get("/flows/REFUGEE_DEMOGRAPHICS/?ages=five&lang=es"))
    caption = re.search("<caption[^>]*>(.*?)<", page)
    assert caption is not None, plain(page)[:3000]
    assert "El Salvador" in caption[1]
    assert "Refugiad" in caption[1]
    found = rows(client.get("/flows/REFUGEE_DEMOGRAPHICS.csv?ages=five"))
    assert {row["AGE"] for row in found} >= {"Y5T9", "Y10T14"}
    assert 0 < sum(float(row["OBS_VALUE"] or 0) for row in found) <= 70.0  # none of the other country or indicator


def test_the_day_of_a_release_is_the_day_in_el_salvador(client: Client) -> None:
    release_of_made_up_rows(now=datetime(2026, 11, 21, 0, 55, tzinfo=UTC))
    answer = client.get("/flows/RETURNS.csv")
    assert "2026-11-20" in answer["Content-Disposition"]
    assert "2026-11-21" not in text(client.get("/flows/RETURNS/"))
