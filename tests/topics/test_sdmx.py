"""The SDMX service over HTTP: what is answered, in which format, and why something is not."""

import csv
import gzip
import io
import json
import xml.etree.ElementTree as ElementTree
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from tests import publishers
from tests.made_up import arrivals, release_of_made_up_rows
from tests.topics.test_release_embargo import make
from tests.world import World
from torogoz.shared.observations.models import Run
from torogoz.shared.releases import queries as releases
from torogoz.shared.sdmx import views

pytestmark = pytest.mark.django_db
STOCK = "/sdmx/data/dataflow/TOROGOZ/MIGRANT_STOCK/1.0.0"
CSV = "application/vnd.sdmx.data+csv;version=2.0.0"
JSON = "application/vnd.sdmx.data+json;version=2.0.0"
ML = "application/vnd.sdmx.data+xml;version=3.0.0"


@pytest.fixture
def stock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("codelists", verbosity=0)
    publishers.published_stock(tmp_path, monkeypatch, "2020")


def ask(address: str, accept: str = "", status: int = 200, **headers: str) -> bytes:
    """The body of an answer, which must have this status."""
    answer = Client().get(address, headers={"Accept": accept, **headers} if accept else headers)
    body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type]
    assert answer.status_code == status, (address, answer.status_code, body[:400])
    return body


def rows(address: str, **headers: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(ask(address, CSV, **headers).decode())))


def keys(address: str) -> set[tuple[str, ...]]:
    return {(row["REF_AREA"], row["SEX"], row["TIME_PERIOD"]) for row in rows(address)}


def test_the_csv_is_the_standards_to_the_letter(stock: None) -> None:
    assert ask(f"{STOCK}/A.USA.SLV.F", CSV).decode() == (
        "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,COUNTERPART_AREA,SEX,DATASET,TIME_PERIOD,OBS_VALUE,OBS_STATUS,"
        "CONF_STATUS,OBS_UNKNOWN,EDITION,UNIT_MEASURE\r\n"
        "dataflow,TOROGOZ:MIGRANT_STOCK(1.0.0),I,A,USA,SLV,F,made_up_migrant_stock,2015,669000,A,F,,2020,persons\r\n"
        "dataflow,TOROGOZ:MIGRANT_STOCK(1.0.0),I,A,USA,SLV,F,made_up_migrant_stock,2020,699667,A,F,,2020,persons\r\n"
    )


FILTERS: tuple[tuple[str, set[tuple[str, ...]]], ...] = (
    ("/A.USA.SLV.F", {("USA", "F", "2015"), ("USA", "F", "2020")}),
    ("/A.USA.SLV.F,A.MEX.SLV", {("USA", "F", "2015"), ("USA", "F", "2020"), ("MEX", "_T", "2020")}),
    ("/*.USA+CAN.*.F", {("USA", "F", "2015"), ("USA", "F", "2020"), ("CAN", "F", "2020")}),
    ("/*?c[SEX]=F,M&c[TIME_PERIOD]=ge:2020", {("USA", "F", "2020"), ("USA", "M", "2020"), ("CAN", "F", "2020")}),
    ("?c[REF_AREA]=sw:C", {("CAN", "_T", "2015"), ("CAN", "_T", "2020"), ("CAN", "F", "2020")}),
    ("?c[REF_AREA]=ne:USA%2Bne:CAN&c[COUNTERPART_AREA]=nc:HND", {("MEX", "_T", "2020")}),
    ("?c[TIME_PERIOD]=lt:2020&c[SEX]=_T", {("USA", "_T", "2015"), ("CAN", "_T", "2015")}),
    ("?c[TIME_PERIOD]=ge:2016%2Ble:2019,2015&c[SEX]=F", {("USA", "F", "2015")}),
    ("?c[OBS_VALUE]=ge:1000000", {("USA", "_T", "2015"), ("USA", "_T", "2020")}),
    ("?c[OBS_VALUE]=0", {("MEX", "_T", "2020")}),
    ("?c[OBS_STATUS]=M", {("CAN", "_T", "2020"), ("CAN", "F", "2020")}),
    ("/A.USA.SLV?lastNObservations=1", {("USA", "_T", "2020"), ("USA", "F", "2020"), ("USA", "M", "2020")}),
    ("/A.USA.SLV.F?firstNObservations=1", {("USA", "F", "2015")}),
    ("/A.USA.SLV.F?firstNObservations=1&lastNObservations=1", {("USA", "F", "2015"), ("USA", "F", "2020")}),
)  # fmt: skip


def test_what_is_asked_for_is_what_is_given(stock: None) -> None:
    assert {asked: keys(STOCK + asked) for asked, _ in FILTERS} == dict(FILTERS)


def test_pages_of_an_answer_are_the_whole_answer_and_each_row_once(stock: None) -> None:
    everything = rows(STOCK)
    pages = [row for offset in range(0, 12, 4) for row in rows(f"{STOCK}?offset={offset}&limit=4") if offset < 8]
    assert pages + rows(f"{STOCK}?offset=8&limit=4") == everything
    ask(f"{STOCK}?offset=10&limit=4", CSV, 404)


def test_attributes_and_measures_are_those_asked_for(stock: None) -> None:
    dimensions = ["STRUCTURE", "STRUCTURE_ID", "ACTION", "FREQ", "REF_AREA", "COUNTERPART_AREA", "SEX", "DATASET"]
    assert list(rows(f"{STOCK}?attributes=OBS_STATUS")[0]) == [*dimensions, "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS"]
    assert list(rows(f"{STOCK}?attributes=none")[0]) == [*dimensions, "TIME_PERIOD", "OBS_VALUE"]
    assert {"VALID_FROM", "VALID_TO", "RUN_ID"} <= set(rows(f"{STOCK}?attributes=all")[0])
    series = rows(f"{STOCK}?attributes=none&measures=none")
    assert list(series[0]) == dimensions
    assert len(series) == 7


def test_labels_keys_and_time_of_the_csv(stock: None) -> None:
    both = f"{STOCK}/A.USA.SLV.F?format=csv&labels=both&lang=en&lastNObservations=1"
    (row,) = csv.DictReader(io.StringIO(ask(both).decode()))
    assert row["SEX: Sex"] == "F: Women"
    assert row["REF_AREA: Country of residence"] == "USA: United States"
    assert row["STRUCTURE_ID"] == "TOROGOZ:MIGRANT_STOCK(1.0.0): International migrant stock"
    named = f"{CSV};labels=name;keys=both;timeFormat=normalized"
    (row,) = csv.DictReader(io.StringIO(ask(f"{STOCK}/A.USA.SLV.F?lastNObservations=1", named).decode()))
    assert (row["SEX"], row["Sexo"], row["TIME_PERIOD"]) == ("F", "Mujeres", "2020-01-01")
    assert row["SERIES_KEY"] == "A.USA.SLV.F.made_up_migrant_stock"
    assert row["OBS_KEY"] == "A.USA.SLV.F.made_up_migrant_stock.2020"


def observations_of(message: dict[str, Any]) -> dict[tuple[str, ...], list[Any]]:
    """Every observation of a JSON message by its codes, whatever dimension goes with it."""
    (structure,), (part,) = message["data"]["structures"], message["data"]["dataSets"]
    series, observed = structure["dimensions"]["series"], structure["dimensions"]["observation"]
    if "observations" in part:
        groups = {"": part["observations"]}
    else:
        groups = {key: each["observations"] for key, each in part["series"].items()}
    order = {each["id"]: each["keyPosition"] for each in (*series, *observed)}
    found = {}
    for group, held in groups.items():
        for key, values in held.items():
            places = [*filter(None, group.split(":")), *key.split(":")]
            codes = {
                each["id"]: each["values"][int(at)]["id"] for each, at in zip((*series, *observed), places, strict=True)
            }
            found[tuple(codes[name] for name in sorted(codes, key=lambda name: order[name]))] = values
    return found


@pytest.mark.parametrize("at", ["TIME_PERIOD", "AllDimensions", "SEX"])
def test_json_and_xml_hold_the_same_as_the_csv_however_they_are_laid_out(stock: None, at: str) -> None:
    names = ("FREQ", "REF_AREA", "COUNTERPART_AREA", "SEX", "DATASET", "TIME_PERIOD")
    expected = {tuple(row[name] for name in names): row["OBS_VALUE"] for row in rows(STOCK)}
    message = json.loads(ask(f"{STOCK}?dimensionAtObservation={at}", JSON))
    told = {key: "" if values[0] is None else str(values[0]) for key, values in observations_of(message).items()}
    assert told == expected
    attributes = message["data"]["structures"][0]["attributes"]["observation"]
    assert [each["id"] for each in attributes][:2] == ["OBS_STATUS", "CONF_STATUS"]
    assert {len(values) for values in observations_of(message).values()} == {1 + len(attributes)}
    for address in (f"{STOCK}?dimensionAtObservation={at}", f"{STOCK}?dimensionAtObservation={at}&format=xml21"):
        tree = ElementTree.fromstring(ask(address, ML))
        read = {}
        for series in tree.iter("Series"):
            for each in series.iter("Obs"):
                both = {**series.attrib, **each.attrib}
                read[tuple(both[name] for name in names)] = both.get("OBS_VALUE", "")
        for each in tree.iter("Obs"):
            if all(name in each.attrib for name in names):
                read[tuple(each.attrib[name] for name in names)] = each.attrib.get("OBS_VALUE", "")
        assert read == expected


def test_suppressed_cells_keep_their_status_and_have_no_value_in_any_format() -> None:
    release_of_made_up_rows(arrivals(300, 2025, 2025))
    address = "/sdmx/data/dataflow/TOROGOZ/RETURNS/1.0.0/A?c[CONF_STATUS]=C"
    hidden = rows(address)
    published = releases.published("RETURNS")
    assert len(hidden) == published.filter((published["CONF_STATUS"] == "C") & (published["FREQ"] == "A")).height > 0
    assert {(row["OBS_VALUE"], row["CONF_STATUS"]) for row in hidden} == {("", "C")}
    message = json.loads(ask(f"{address}&dimensionAtObservation=AllDimensions", JSON))
    assert {values[0] for values in observations_of(message).values()} == {None}
    assert b"OBS_VALUE=" not in ask(address, ML)
    assert {row["EDITION"] for row in hidden} == {"2025 r0 (made up)"}
    ask("/sdmx/data/dataflow/TOROGOZ/RETURNS/1.0.0/A?c[CONF_STATUS]=C&c[OBS_VALUE]=le:4", CSV, 404)


REFUSALS = (
    ("/sdmx/data/dataflow/TOROGOZ/MIGRANT_STOK", 404, "did you mean MIGRANT_STOCK"),
    ("/sdmx/data/dataflow/ELSEWHERE/MIGRANT_STOCK", 404, "publishes no such dataflow"),
    ("/sdmx/data/dataflow/TOROGOZ/MIGRANT_STOCK/2.0.0", 404, "publishes no such dataflow in version 1.0.0"),
    ("/sdmx/data/dataflow/TOROGOZ", 413, "one dataflow is answered at a time"),
    ("/sdmx/data", 413, "one dataflow is answered at a time"),
    ("/sdmx/data/table/TOROGOZ/MIGRANT_STOCK", 400, "the context is dataflow"),
    ("/sdmx/data/provisionagreement/TOROGOZ/MIGRANT_STOCK", 501, "no provision agreement"),
    (f"{STOCK}/A.USA.SLV.F.x.y", 400, "the key has 6 positions, and MIGRANT_STOCK has 5"),
    (f"{STOCK}/A.ATL", 422, "REF_AREA has no code ATL"),
    (f"{STOCK}/A.DEU", 404, "no observation answers"),
    (f"{STOCK}?c[SEXO]=F", 422, "has no component SEXO; did you mean SEX"),
    (f"{STOCK}?c[SEX]=X", 422, "SEX has no code X"),
    (f"{STOCK}?c[TIME_PERIOD]=ge:soon", 422, "is not a period"),
    (f"{STOCK}?c[OBS_VALUE]=ge:many", 422, "compared with a number"),
    (f"{STOCK}?c[OBS_VALUE]=co:1", 422, "is for texts"),
    (f"{STOCK}?attributes=COLOUR", 422, "has no attribute COLOUR"),
    (f"{STOCK}?measures=COLOUR", 422, "has no measure COLOUR"),
    (f"{STOCK}?dimensionAtObservation=COLOUR", 422, "has no dimension COLOUR"),
    (f"{STOCK}?startPeriod=2020", 400, "there is no parameter startPeriod"),
    (f"{STOCK}?limit=many", 400, "limit is a whole number"),
    (f"{STOCK}?asOf=1999-01-01", 404, "no observation answers"),
    (f"{STOCK}?sort=SEX", 501, "sort is not offered"),
    (f"{STOCK}?format=pdf", 406, "format is json, csv, xml, xml21, not pdf"),
    (f"{STOCK}?labels=none", 400, "labels is id or both or name"),
    (f"{STOCK}?c[REF_AREA]={'A' * 9000}", 414, "at most 8000"),
    ("/sdmx/structure/tables", 400, "there is no kind of structure tables"),
    ("/sdmx/structure/hierarchy", 404, "no hierarchy is published"),
    ("/sdmx/structure/codelist/TOROGOZ/CL_NOTHING", 404, "nothing of this name"),
    ("/sdmx/structure/dataflow?references=everything", 400, "references is none"),
    ("/sdmx/structure/dataflow?detail=short", 400, "detail is full"),
    ("/sdmx/availability/dataflow/TOROGOZ/MIGRANT_STOCK/1.0.0/*/COLOUR", 422, "has no dimension COLOUR"),
    ("/sdmx/availability/dataflow/TOROGOZ/MIGRANT_STOCK/1.0.0?mode=perhaps", 400, "mode is exact or available"),
    ("/sdmx/schema/dataflow/TOROGOZ/MIGRANT_STOCK", 501, "schema queries are not answered"),
    ("/sdmx/other", 404, "there are /sdmx/structure"),
)  # fmt: skip


def test_what_is_not_answered_is_refused_with_its_status_and_reason(stock: None) -> None:
    for address, status, reason in REFUSALS:
        assert reason in ask(address, "text/csv, */*;q=0.1", status).decode(), address
        message = json.loads(ask(address, "application/json", status))["errors"][0]
        assert reason in message["detail"], address
        assert isinstance(message["code"], int)
        tree = ElementTree.fromstring(ask(address, "application/xml", status))
        assert reason in "".join(tree.itertext()), address
        assert tree.tag.endswith("}Error")


# Moments outside the calendar of UTC, numbers that no table has, a version of five thousand digits.
OUT_OF_RANGE = (
    (f"{STOCK}?asOf=9999-12-31T23:59:59-14:00", "asOf is a moment"),
    (f"{STOCK}?updatedAfter=0001-01-01T00:00:00%2B14:00", "updatedAfter is a moment"),
    (f"{STOCK}?asOf=9999-12-31T23:00:00", "asOf is a moment"),
    (f"{STOCK}?offset=999999999999", "offset is a whole number"),
    (f"{STOCK}?limit=4294967296", "limit is a whole number"),
    ("/sdmx/data/dataflow/TOROGOZ/MIGRANT_STOCK/" + "9" * 5000, "is not a version"),
)


def test_what_lies_outside_the_range_of_a_machine_is_refused_with_its_reason(stock: None) -> None:
    for address, reason in OUT_OF_RANGE:
        assert reason in ask(address, "text/csv", 400).decode(), address


def test_what_is_written_beside_a_figure_can_be_asked_for(stock: None) -> None:
    every = len(rows(STOCK))
    assert len(rows(f"{STOCK}?c[UNIT_MEASURE]=co:e&attributes=all")) == every
    assert len(rows(f"{STOCK}?c[VALID_FROM]=ge:2000&attributes=all")) == every
    ask(f"{STOCK}?c[VALID_FROM]=lt:2000", "text/csv", 404)


def test_a_question_about_structures_makes_no_log_and_names_every_code_that_there_is(stock: None) -> None:
    told = ask("/sdmx/structure/datastructure/TOROGOZ/MIGRANT_STOCK/1.0.0?references=all").decode()
    assert not Run.objects.exists()
    assert publishers.STOCK[0][0] in told
    assert rows(STOCK)
    assert {run.dataflow for run in Run.objects.all()} == {"MIGRANT_STOCK"}


ODD_WORDS = ("'", "<script>", "%00", "\u00e9", "a" * 500, "..", "*.*.*.*.*.*", "+", ",", "c[", "%", "null", "-1")


def test_no_odd_words_make_an_error_of_ours(stock: None) -> None:
    places = (
        "/sdmx/data/dataflow/TOROGOZ/MIGRANT_STOCK/1.0.0/{}", "/sdmx/data/dataflow/TOROGOZ/{}", "/sdmx/data/{}/x/y",
        "/sdmx/data/dataflow/TOROGOZ/MIGRANT_STOCK/{}", "/sdmx/structure/codelist/TOROGOZ/{}", "/sdmx/structure/{}",
        f"{STOCK}?c[SEX]={{}}", f"{STOCK}?c[TIME_PERIOD]=ge:{{}}", f"{STOCK}?c[OBS_VALUE]={{}}", f"{STOCK}?c[{{}}]=1",
        f"{STOCK}?updatedAfter={{}}", f"{STOCK}?asOf={{}}", f"{STOCK}?limit={{}}", f"{STOCK}?attributes={{}}",
        f"{STOCK}?dimensionAtObservation={{}}", f"{STOCK}?{{}}={{}}", f"{STOCK}?format={{}}",
        "/sdmx/availability/dataflow/TOROGOZ/MIGRANT_STOCK/1.0.0/*/{}", "/sdmx/{}",
    )  # fmt: skip
    for place, odd in product(places, ODD_WORDS):
        answer = Client().get(
            place.replace("{}", quote(odd, safe="")), headers={"Accept": "text/csv, application/json"}
        )
        assert answer.status_code < 500 or answer.status_code == 501, (place, odd)


def test_an_answer_that_would_be_too_large_says_how_to_ask(stock: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_IN_CSV", 5)
    refusal = ask(STOCK, CSV, 413).decode()
    assert "10 observations may answer, and at most 5 are given at once" in refusal
    assert "limit=5 and offset" in refusal
    assert len(rows(f"{STOCK}?limit=5&offset=5")) == 5
    assert len(rows(f"{STOCK}/A.USA.SLV.F")) == 2
    ask(f"{STOCK}?limit=6", CSV, 413)


def test_an_answer_is_compressed_tagged_and_not_sent_twice(
    stock: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = ask(STOCK, CSV)
    answer = Client().get(STOCK, headers={"Accept": CSV, "Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(b"".join(answer)) == plain  # type: ignore[arg-type]
    assert answer["Content-Type"] == CSV
    assert {"Accept", "Accept-Encoding", "Accept-Language"} <= set(answer["Vary"].split(", "))
    assert "public" in answer["Cache-Control"]
    again = Client().get(STOCK, headers={"Accept": CSV, "If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
    other = Client().get(STOCK, headers={"Accept": JSON, "If-None-Match": answer["ETag"]})
    assert other.status_code == 200
    monkeypatch.setattr(publishers, "NOW", publishers.NOW + timedelta(days=1))
    publishers.published_stock(tmp_path, monkeypatch, "2024", [(*line[:4], 5.0) for line in publishers.STOCK])
    changed = Client().get(STOCK, headers={"Accept": CSV, "If-None-Match": answer["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != answer["ETag"]


def test_a_program_that_only_asks_for_the_head_gets_it_and_nothing_can_be_written(stock: None) -> None:
    assert Client().head(STOCK, headers={"Accept": CSV}).status_code == 200
    assert Client().post(STOCK).status_code == 405


def test_availability_tells_what_is_there_and_what_could_be_added(stock: None) -> None:
    base = "/sdmx/availability/dataflow/TOROGOZ/MIGRANT_STOCK/1.0.0"

    def values(address: str) -> tuple[dict[str, set[str]], dict[str, str]]:
        (constraint,) = json.loads(ask(address))["data"]["dataConstraints"]
        (region,) = constraint["cubeRegions"]
        counts = {each["id"]: each["title"] for each in constraint["annotations"]}
        return {each["id"]: {v["value"] for v in each.get("values", ())} for each in region["keyValues"]}, counts

    exact, counts = values(f"{base}/A.CAN")
    assert exact["SEX"] == {"_T", "F"}
    assert exact["REF_AREA"] == {"CAN"}
    assert counts == {"obs_count": "3", "series_count": "2"}
    available, _ = values(f"{base}/A.CAN?mode=available")
    assert available["REF_AREA"] == {"CAN", "USA", "MEX"}
    assert available["SEX"] == {"_T", "F"}
    only, _ = values(f"{base}/A.CAN/SEX")
    assert set(only) == {"SEX"}
    held = json.loads(ask(f"{base}/A.CAN?references=all"))["data"]
    assert {each["id"]: {code["id"] for code in each["codes"]} for each in held["codelists"]}["CL_SEX"] == {"_T", "F"}
    assert [each["id"] for each in held["dataStructures"]] == ["MIGRANT_STOCK"]
    ask("/sdmx/availability/dataflow/TOROGOZ/REFUGEES/1.0.0", status=404)


def test_structures_come_with_what_they_refer_to_as_far_as_asked(stock: None) -> None:
    def held(address: str) -> dict[str, list[str]]:
        return {kind: [each["id"] for each in listed] for kind, listed in json.loads(ask(address))["data"].items()}

    flow = "/sdmx/structure/dataflow/TOROGOZ/RETURNS/1.0.0"
    assert held(flow) == {"dataflows": ["RETURNS"]}
    assert held(f"{flow}?references=children") == {"dataflows": ["RETURNS"], "dataStructures": ["RETURNS"]}
    deep = held(f"{flow}?references=descendants")
    assert {"CL_SEX", "CL_AGE", "CL_DEPARTMENT", "CL_AREA", "CL_MODE", "CL_REASON"} <= set(deep["codelists"])
    assert deep["conceptSchemes"] == ["CS_TOROGOZ"]
    assert set(held(f"{flow}?references=codelist")) == {"dataflows", "codelists"}
    above = held("/sdmx/structure/codelist/TOROGOZ/CL_MODE/1.0.0?references=parents")
    assert set(above["dataStructures"]) == {"RETURNS", "CROSSINGS"}
    (mode,) = json.loads(ask("/sdmx/structure/codelist/TOROGOZ/CL_MODE/+/AIR"))["data"]["codelists"]
    assert (mode["isPartial"], [code["names"] for code in mode["codes"]]) == (True, [{"es": "Aérea", "en": "By air"}])
    (stub,) = json.loads(ask("/sdmx/structure/datastructure/TOROGOZ/RETURNS?detail=allstubs"))["data"]["dataStructures"]
    assert "dataStructureComponents" not in stub
    assert held("/sdmx/structure/agencyscheme") == {"agencySchemes": ["AGENCIES"]}
    assert len(held("/sdmx/structure")["dataflows"]) == len(
        held("/sdmx/structure/datastructure/*/*/~")["dataStructures"]
    )


def test_a_release_under_embargo_is_in_no_answer_at_any_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    frame, now = arrivals(300, 2024, 2025), timezone.now()
    make(frame.filter(frame["TIME_PERIOD"] < "2025"), "2024", now - timedelta(hours=2))
    opens = now + timedelta(hours=1)
    base = "/sdmx/data/dataflow/TOROGOZ/RETURNS/1.0.0"
    later = quote((now + timedelta(days=900)).isoformat())
    addresses = [
        base, f"{base}?includeHistory=true", f"{base}?asOf={later}", f"{base}?updatedAfter=2020-01-01",
        "/sdmx/availability/dataflow/TOROGOZ/RETURNS/1.0.0?format=xml", "/sdmx/structure/codelist?format=xml",
    ]  # fmt: skip

    def told() -> list[bytes]:
        found = []
        for username in ("", "registrar_a", "health_a", "statistician"):
            client = Client()
            if username:
                client.force_login(world.officers[username])
            for address in addresses:
                answer = client.get(address, headers={"Accept": CSV})
                text = b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type]
                head, _, rest = text.partition(b"</mes:Header>")
                found.append(rest or head)
        return found

    before = told()
    make(frame, "2025", now - timedelta(hours=1), opens)
    assert told() == before
    assert not any(b",2025," in text for text in before)
    monkeypatch.setattr(timezone, "now", lambda: opens)
    assert b",2025," in ask(base, CSV)
    assert all(
        b",2025," not in ask(f"{base}?asOf={quote((opens - timedelta(seconds=1)).isoformat())}", CSV) for _ in "1"
    )


def test_figures_of_a_damaged_release_are_not_shown(settings: LazySettings) -> None:
    release_of_made_up_rows(arrivals(200, 2025, 2025))
    table = Path(settings.RELEASES) / "2025-r0" / "tables" / "RETURNS.parquet"
    table.chmod(0o640)
    table.write_bytes(b"")
    refusal = json.loads(ask("/sdmx/data/dataflow/TOROGOZ/RETURNS", JSON, 503))
    assert "missing or was altered" in refusal["errors"][0]["detail"]
    assert "RETURNS.parquet" not in json.dumps(refusal)


def test_the_page_of_the_service_names_every_dataflow_in_both_languages() -> None:
    page = Client().get("/sdmx/").content.decode()
    assert "data/dataflow/TOROGOZ/RETURNS" in page
    assert "Personas retornadas" in page
    english = Client()
    english.post("/language/", {"language": "en", "next": "/sdmx/"})
    assert "Returned persons" in english.get("/sdmx/").content.decode()
