"""Two real clients, sdmx1 and pysdmx, over HTTP against the running server. They know nothing of our code."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd
import polars as pl
import pytest
import requests
import sdmx
from django.core.management import call_command
from pysdmx.api.dc.rest import SdmxConnector
from pysdmx.api.qb import ApiVersion, DataFormat, DataQuery, RestService, StructureFormat
from pysdmx.errors import Invalid, NotFound
from pysdmx.io import read_sdmx
from pysdmx.io.json.sdmxjson2.messages.structure import JsonStructureMessage
from pysdmx.model import Codelist, ConceptScheme, DataStructureDefinition, decoders
from pytest_django.live_server_helper import LiveServer

from tests import publishers
from tests.made_up import arrivals, release_of_made_up_rows
from torogoz.shared.releases import queries as releases

pytestmark = pytest.mark.filterwarnings("ignore")  # the clients' own
ML = {"Accept": "application/vnd.sdmx.data+xml;version=3.0.0"}
STRUCTURE_ML = {"Accept": "application/vnd.sdmx.structure+xml;version=3.0.0"}
REVISED = [("USA", "SLV", "_T", "2020", 1_410_660.0), ("USA", "SLV", "F", "2020", 699_667.0)]

KEPT = [line for at, line in enumerate(publishers.STOCK) if at not in (2, 3, 7)]  # 7: Canada's women are withdrawn


@pytest.fixture
def service(live_server: LiveServer, transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a running service with a release of made-up returns and two editions of a made-up stock."""
    call_command("codelists", verbosity=0)
    call_command("headlines", verbosity=0)
    release_of_made_up_rows(arrivals(400, 2025, 2025))
    publishers.published_stock(tmp_path, monkeypatch, "2020")
    monkeypatch.setattr(publishers, "NOW", publishers.NOW + timedelta(days=1))
    publishers.published_stock(tmp_path, monkeypatch, "2024", [*REVISED, *KEPT])
    return f"{live_server.url}/sdmx"


def client_of(service: str) -> Any:
    sdmx.add_source({"id": "TOROGOZ", "url": service, "name": "Torogoz", "versions": ["3.0.0"]}, override=True)
    return sdmx.Client("TOROGOZ")


def cells(frame: pd.DataFrame, names: list[str], value: str) -> dict[tuple[str, ...], float | None]:
    """The values of a frame by its keys; null for what has none."""
    return {
        tuple(str(row[name]) for name in names): None if pd.isna(row[value]) or row[value] == "" else float(row[value])
        for row in frame.to_dict("records")
    }


def test_sdmx1_reads_structure_and_data_and_finds_the_figures_of_the_release(service: str) -> None:
    client = client_of(service)
    flows = client.dataflow(headers=STRUCTURE_ML)
    assert {"RETURNS", "MIGRANT_STOCK", "HEADLINES"} <= set(flows.dataflow)
    message = client.dataflow("RETURNS", params={"references": "descendants"}, headers=STRUCTURE_ML)
    design = message.structure["RETURNS"]
    assert [each.id for each in design.dimensions.components] == [
        "FREQ", "REF_AREA", "COUNTERPART_AREA", "SEX", "AGE", "MODE", "ORIGIN", "REASON", "DATASET", "TIME_PERIOD",
    ]  # fmt: skip
    assert [each.id for each in design.measures.components] == ["OBS_VALUE"]
    women = message.codelist["CL_SEX"]["F"]
    assert (women.name.localizations["es"], women.name.localizations["en"]) == ("Mujeres", "Women")
    answer = client.data("RETURNS", key="A", dsd=design, headers=ML)
    read = sdmx.to_pandas(answer.data[0], attributes="o").reset_index()
    names = [str(each.id) for each in design.dimensions.components]
    published = releases.published("RETURNS").filter(pl.col("FREQ") == "A")
    expected = {
        tuple("torogoz_returns" if name == "DATASET" else row[name] for name in names): row["OBS_VALUE"]
        for row in published.iter_rows(named=True)
    }
    assert cells(read, names, "value") == expected
    hidden = read[read["value"].isna()]
    assert len(hidden) == published.filter(pl.col("CONF_STATUS") == "C").height > 0
    assert {str(status) for status in hidden["CONF_STATUS"]} == {"C"}
    for dimension in design.dimensions.components:
        listed = dimension.local_representation.enumerated
        if listed is not None:
            assert set(read[dimension.id]) <= set(listed.items), dimension.id


def test_sdmx1_reads_a_filtered_flat_message_and_the_csv(service: str) -> None:
    client = client_of(service)
    design = client.datastructure("HEADLINES", params={"references": "all"}, headers=STRUCTURE_ML).structure[
        "HEADLINES"
    ]
    flat = {"dimension_at_observation": "AllDimensions"}
    answer = client.data("HEADLINES", key="A.RETURNS", dsd=design, params=flat, headers=ML)
    values = {
        (obs.key["SERIES"].value, obs.key["BREAKDOWN"].value): float(obs.value)
        for obs in answer.data[0].obs
        if obs.key["TIME_PERIOD"].value == "2017"
    }
    assert values["DGME_PAGE_2018", "_T"] == 26838.0
    assert values["DGME_PAGE_2018", "AIR"] + values["DGME_PAGE_2018", "LAND"] == 52938.0
    assert values["PRESS", "_T"] == 26828.0
    text = requests.get(f"{service}/data/dataflow/TOROGOZ/HEADLINES?format=csv&c[TIME_PERIOD]=2017", timeout=20).content
    read = sdmx.read_sdmx(io.BytesIO(text), format="csv", structure=design)
    assert len(read.data[0].obs) == len(list(csv.DictReader(io.StringIO(text.decode()))))


def test_pysdmx_discovers_asks_and_reads_what_the_page_shows(service: str) -> None:
    connector = SdmxConnector(service)
    found = {flow.id: flow for flow in connector.dataflows()}
    assert found["MIGRANT_STOCK"].name == "Población migrante internacional"
    described = connector.dataflow(found["MIGRANT_STOCK"])
    assert (described.obs_count, described.series_count) == (9, 6)
    structure = described.structure
    assert isinstance(structure, DataStructureDefinition)
    assert [each.id for each in structure.components.dimensions] == [
        "FREQ", "REF_AREA", "COUNTERPART_AREA", "SEX", "DATASET", "TIME_PERIOD",
    ]  # fmt: skip
    area = structure.components["REF_AREA"].local_codes
    assert isinstance(area, Codelist)
    assert {code.id for code in area.codes} == {"USA", "CAN", "MEX", "SLV", "HND"}  # of both areas
    rows = list(connector.data(described, "SEX = 'F' AND TIME_PERIOD >= '2020'"))
    assert {(row["REF_AREA"], row["OBS_VALUE"], row["OBS_STATUS"]) for row in rows} == {
        ("USA", "699667", "A"),
    }
    page = requests.get(f"{service.removesuffix('/sdmx')}/flows/MIGRANT_STOCK.csv", timeout=20).text
    names = ("REF_AREA", "COUNTERPART_AREA", "SEX", "TIME_PERIOD")
    shown = {tuple(row[name] for name in names): row["OBS_VALUE"] for row in csv.DictReader(io.StringIO(page))}
    everything = {tuple(row[name] for name in names): row["OBS_VALUE"] for row in connector.data(described)}
    assert everything == shown


def test_pysdmx_is_told_what_is_wrong(service: str) -> None:
    rest = RestService(
        service,
        ApiVersion.V2_0_0,
        data_format=DataFormat.SDMX_CSV_2_0_0,
        structure_format=StructureFormat.SDMX_JSON_2_0_0,
    )
    with pytest.raises(NotFound):
        rest.data(DataQuery(resource_id="NOTHING", agency_id="TOROGOZ"))
    with pytest.raises(Invalid):
        rest.data(DataQuery(resource_id="RETURNS", agency_id="TOROGOZ", key="A.ATLANTIS"))
    text = rest.data(DataQuery(resource_id="RETURNS", agency_id="TOROGOZ", key="A.SLV", last_n_obs=1)).decode()
    assert len({row["TIME_PERIOD"] for row in csv.DictReader(io.StringIO(text))}) == 1


def test_messages_are_valid_against_the_structure_that_is_published(service: str) -> None:
    """Every column, code, and type of the CSV and of the JSON message, held against what pysdmx reads of the DSD."""
    for flow in ("RETURNS", "MIGRANT_STOCK", "HEADLINES"):
        text = requests.get(
            f"{service}/structure/dataflow/TOROGOZ/{flow}/1.0.0?references=descendants", timeout=20
        ).text
        read = msgspec.json.Decoder(JsonStructureMessage, dec_hook=decoders).decode(text).to_model()
        held = {type(each): each for each in read.structures}
        design = held[DataStructureDefinition]
        assert isinstance(held[ConceptScheme].items, tuple)
        known = {each.id: each for each in design.components}
        message = read_sdmx(
            requests.get(f"{service}/data/dataflow/TOROGOZ/{flow}/1.0.0?format=csv&attributes=all", timeout=20).text
        )
        (dataset,) = message.data
        frame = dataset.data
        assert set(frame.columns) <= set(known)
        assert {each.id for each in design.components.dimensions} <= set(frame.columns)
        for name in frame.columns:
            codes = known[name].local_codes
            if codes is not None:
                assert set(frame[name].dropna()) <= {code.id for code in codes.codes}, (flow, name)
        keys = [each.id for each in design.components.dimensions]
        assert not frame.duplicated(keys).any()
        assert not frame[keys].isna().any().any()
        flat = {"format": "json", "dimensionAtObservation": "AllDimensions"}
        said = requests.get(f"{service}/data/dataflow/TOROGOZ/{flow}/1.0.0", params=flat, timeout=20).json()
        (structure,), (part,) = said["data"]["structures"], said["data"]["dataSets"]
        dimensions = structure["dimensions"]["observation"]
        assert [each["id"] for each in dimensions] == keys
        values = {
            tuple(dimensions[at]["values"][int(place)]["id"] for at, place in enumerate(key.split(":"))): found[0]
            for key, found in part["observations"].items()
        }
        expected = {
            tuple(str(row[name]) for name in keys): None if row["OBS_VALUE"] in ("", None) or pd.isna(row["OBS_VALUE"])
            else float(row["OBS_VALUE"])
            for row in frame.to_dict("records")
        }  # fmt: skip
        assert values == expected


def test_history_deltas_and_past_states_are_read_by_clients(service: str) -> None:
    first = "2026-11-23T20:00:00+00:00"
    stock = f"{service}/data/dataflow/TOROGOZ/MIGRANT_STOCK/1.0.0/A.USA.SLV._T"
    past = requests.get(stock, params={"asOf": first, "format": "csv"}, timeout=20).text
    now = requests.get(stock, params={"format": "csv"}, timeout=20).text
    told = [{row["TIME_PERIOD"]: row["OBS_VALUE"] for row in csv.DictReader(io.StringIO(text))} for text in (past, now)]
    assert told == [{"2015": "1352357", "2020": "1410659"}, {"2015": "1352357", "2020": "1410660"}]
    delta = requests.get(
        f"{service}/data/dataflow/TOROGOZ/MIGRANT_STOCK", timeout=20, params={"updatedAfter": first, "format": "csv"}
    )
    changes = {(row["ACTION"], row["REF_AREA"], row["SEX"], row["TIME_PERIOD"], row["OBS_VALUE"])
               for row in csv.DictReader(io.StringIO(delta.text))}  # fmt: skip
    assert changes == {("R", "USA", "_T", "2020", "1410660"), ("D", "CAN", "F", "2020", "")}
    client = client_of(service)
    design = client.datastructure("MIGRANT_STOCK", params={"references": "all"}, headers=STRUCTURE_ML)
    message = client.data("MIGRANT_STOCK", key="A.USA.SLV._T", dsd=design.structure["MIGRANT_STOCK"],
                          params={"include_history": True}, headers=ML)  # fmt: skip
    assert [len(each.obs) for each in message.data] == [2, 1]
    history = requests.get(stock, params={"includeHistory": "true", "format": "json"}, timeout=20).json()
    assert [part["validFrom"][:10] for part in history["data"]["dataSets"]] == ["2026-11-23", "2026-11-24"]
    assert json.dumps(history).count("validFrom") == 2
