"""Figures that need a dataflow: populations below the line, opening stocks, and dataflows as they are."""

from pathlib import Path

import polars as pl
import pytest

from torogoz.statistics.dataflows import UnknownCode
from torogoz.statistics.engine import opened
from torogoz.statistics.indicators.compiler import Cube, compute
from torogoz.statistics.indicators.definition import Indicator
from torogoz.statistics.indicators.loading import read
from torogoz.statistics.indicators.references import Unclear

_SHELL = """
id: MADE_UP_01
name: {{es: Inventado, en: Made up}}
description: {{es: Para las pruebas., en: For the tests.}}
measure: {measure}
unit: {unit}
{frequency}
breakdowns: {breakdowns}
disclosure: {{policy: suppress}}
"""
EMIGRANTS = "{dataflow: MIGRANT_STOCK, where: {COUNTERPART_AREA: SLV}, match: {COUNTERPART_AREA: REF_AREA}}"


def _indicator(measure: str, unit: str, breakdowns: str, frequency: str = "[M, A]") -> Indicator:
    line = f"frequency: {frequency}" if frequency else ""
    return read(_SHELL.format(measure=measure, unit=unit, breakdowns=breakdowns, frequency=line), "made_up.yaml")[0]


def _cube(
    indicator: Indicator, table: str, rows: list[dict[str, str | None]], flows: dict[str, pl.DataFrame], folder: Path
) -> Cube:
    path = folder / "rows.parquet"
    columns = ("TIME_PERIOD", "SEX", "COUNTERPART_AREA", "DIRECTION")
    pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String)).write_parquet(path)
    with opened("polars") as engine:
        return compute(indicator, {table: engine.scan([path])}, engine, flows)


def _values(cube: Cube, *names: str) -> dict[tuple[str, ...], float | None]:
    keys = [*names, "TIME_PERIOD"]
    return {row[:-1]: row[-1] for row in cube.cells.select(*keys, "OBS_VALUE").iter_rows()}


@pytest.fixture
def emigrants() -> pl.DataFrame:
    """Made-up emigrants by country and sex, of two years."""
    rows = [
        ("USA", "SLV", "_T", "2020", 2000.0),
        ("USA", "SLV", "F", "2020", 1000.0),
        ("USA", "SLV", "M", "2020", 1000.0),
        ("MEX", "SLV", "_T", "2020", 500.0),
        ("USA", "SLV", "_T", "2024", 4000.0),
        ("USA", "GTM", "_T", "2020", 9999.0),
        ("840", "SLV", "_T", "2020", 7777.0),  # a regional aggregate
    ]
    frame = pl.DataFrame(rows, ["REF_AREA", "COUNTERPART_AREA", "SEX", "TIME_PERIOD", "OBS_VALUE"], orient="row")
    return frame.with_columns(OBS_STATUS=pl.lit("A"), DATASET=pl.lit("made up"), VINTAGE=pl.lit("2026"))


ROWS: list[dict[str, str | None]] = [
    {"TIME_PERIOD": "2020-01", "SEX": "F", "COUNTERPART_AREA": "USA"},
    {"TIME_PERIOD": "2020-01", "SEX": "F", "COUNTERPART_AREA": "USA"},
    {"TIME_PERIOD": "2020-02", "SEX": None, "COUNTERPART_AREA": "USA"},
    {"TIME_PERIOD": "2020-02", "SEX": "M", "COUNTERPART_AREA": "GTM"},
    {"TIME_PERIOD": "2021-05", "SEX": "M", "COUNTERPART_AREA": "USA"},
]


def test_a_rate_has_the_population_of_its_own_cell_below_the_line(emigrants: pl.DataFrame, tmp_path: Path) -> None:
    measure = f"{{fn: rate, numerator: {{fn: count, of: returns}}, population: {EMIGRANTS}, per: 1000}}"
    indicator = _indicator(measure, "PER_1000", "[SEX, COUNTERPART_AREA]")
    cube = _cube(indicator, "returns", ROWS, {"MIGRANT_STOCK": emigrants}, tmp_path)
    assert _values(cube, "SEX", "COUNTERPART_AREA") == {
        ("F", "_T", "2020"): 2.0,
        ("F", "_T", "2020-01"): 2.0,  # the population of the year in which the month lies
        ("M", "_T", "2020"): 1.0,
        ("M", "_T", "2020-02"): 1.0,
        ("M", "_T", "2021"): None,
        ("M", "_T", "2021-05"): None,
        ("_T", "GTM", "2020"): None,
        ("_T", "GTM", "2020-02"): None,
        ("_T", "USA", "2020"): 1.5,
        ("_T", "USA", "2020-01"): 1.0,
        ("_T", "USA", "2020-02"): 0.5,
        ("_T", "USA", "2021"): None,
        ("_T", "USA", "2021-05"): None,
        ("_T", "_T", "2020"): 1000 * 4 / 2500,
        ("_T", "_T", "2020-01"): 1000 * 2 / 2500,
        ("_T", "_T", "2020-02"): 1000 * 2 / 2500,
        ("_T", "_T", "2021"): None,
        ("_T", "_T", "2021-05"): None,
        ("_U", "_T", "2020"): None,
        ("_U", "_T", "2020-02"): None,
    }
    assert cube.lacking.filter(FREQ="A").rows() == [
        ("A", "M", "_T", "2021"),
        ("A", "_T", "GTM", "2020"),
        ("A", "_T", "USA", "2021"),
        ("A", "_T", "_T", "2021"),
    ]
    assert cube.notes == (
        "MIGRANT_STOCK is made up 2026",
        "8 cells have no population in MIGRANT_STOCK and therefore no rate",
    )
    assert set(cube.cells.filter(pl.col("OBS_VALUE").is_null())["OBS_STATUS"]) == {"M"}
    of_the_whole = cube.cells.filter(SEX="_T", COUNTERPART_AREA="_T", TIME_PERIOD="2020")
    assert of_the_whole.select("NUMERATOR", "DENOMINATOR", "N").rows() == [(4.0, 2500.0, 4)]


def test_nothing_is_divided_by_zero(emigrants: pl.DataFrame, tmp_path: Path) -> None:
    measure = (
        "{fn: ratio, numerator: {fn: count, of: returns, where: {SEX: F}}, "
        "denominator: {fn: count, of: returns, where: {SEX: M}}}"
    )
    cube = _cube(_indicator(measure, "RATIO", "[COUNTERPART_AREA]", "[A]"), "returns", ROWS, {}, tmp_path)
    assert _values(cube, "COUNTERPART_AREA") == {
        ("GTM", "2020"): 0.0,
        ("USA", "2020"): None,
        ("USA", "2021"): 0.0,
        ("_T", "2020"): 2.0,
        ("_T", "2021"): 0.0,
    }


def test_a_stock_begins_from_its_opening_and_skips_no_quiet_month(emigrants: pl.DataFrame, tmp_path: Path) -> None:
    measure = (
        "{fn: stock, inflow: {fn: count, of: crossings, where: {DIRECTION: OUT}}, "
        "outflow: {fn: count, of: crossings, where: {DIRECTION: IN}}, "
        f"opening: {EMIGRANTS[:-1]}, at: '2020'}}}}"
    )
    rows: list[dict[str, str | None]] = [
        {"TIME_PERIOD": time, "COUNTERPART_AREA": country, "DIRECTION": direction, "SEX": "F"}
        for time, country, direction in (
            ("2020-12", "USA", "OUT"),  # counted in the opening already
            ("2021-01", "USA", "OUT"),
            ("2021-01", "USA", "OUT"),
            ("2021-01", "ESP", "OUT"),
            ("2021-04", "USA", "IN"),
            ("2022-02", "MEX", "OUT"),
        )
    ]
    indicator = _indicator(measure, "PS", "[COUNTERPART_AREA]")
    cube = _cube(indicator, "crossings", rows, {"MIGRANT_STOCK": emigrants}, tmp_path)
    yearly = {key: value for key, value in _values(cube, "COUNTERPART_AREA").items() if len(key[1]) == 4}
    assert yearly == {
        ("ESP", "2021"): None,
        ("ESP", "2022"): None,
        ("MEX", "2021"): 500.0,
        ("MEX", "2022"): 501.0,
        ("USA", "2021"): 2001.0,
        ("USA", "2022"): 2001.0,
        ("_T", "2021"): 2502.0,
        ("_T", "2022"): 2503.0,
    }
    monthly = [value for key, value in _values(cube, "COUNTERPART_AREA").items() if key[0] == "USA" and len(key[1]) > 4]
    assert monthly == [2002.0] * 3 + [2001.0] * 11
    assert set(cube.lacking["COUNTERPART_AREA"]) == {"ESP"}


def test_a_dataflow_is_read_as_everything_else_reads_it(emigrants: pl.DataFrame) -> None:
    measure = "{fn: external, dataflow: MIGRANT_STOCK, where: {COUNTERPART_AREA: SLV}}"
    indicator = _indicator(measure, "PS", "[REF_AREA, SEX]", "")
    with opened("polars") as engine:
        cube = compute(indicator, {}, engine, {"MIGRANT_STOCK": emigrants})
    assert _values(cube, "REF_AREA", "SEX") == {
        ("MEX", "_T", "2020"): 500.0,
        ("USA", "_T", "2020"): 2000.0,
        ("USA", "_T", "2024"): 4000.0,
        ("_T", "F", "2020"): 1000.0,
        ("_T", "M", "2020"): 1000.0,
        ("_T", "_T", "2020"): 2500.0,
        ("_T", "_T", "2024"): 4000.0,
    }
    assert cube.cells["FREQ"].to_list() == ["A"] * 7


def test_what_a_dataflow_does_not_say_alone_is_refused(emigrants: pl.DataFrame) -> None:
    both = pl.concat([emigrants, emigrants.with_columns(DATASET=pl.lit("made up too"))])
    measure = "{fn: external, dataflow: MIGRANT_STOCK, where: {COUNTERPART_AREA: XXX}}"
    indicator = _indicator(measure, "PS", "[REF_AREA]", "")
    with opened("polars") as engine:
        with pytest.raises(UnknownCode, match="COUNTERPART_AREA has no code XXX"):
            compute(indicator, {}, engine, {"MIGRANT_STOCK": emigrants})
        with pytest.raises(Unclear, match="the observations of MIGRANT_STOCK are needed, and were not given"):
            compute(indicator, {}, engine)
        indicator = _indicator(measure.replace("XXX", "SLV"), "PS", "[REF_AREA]", "")
        with pytest.raises(Unclear, match=r"more than one figure .*: made up 2026, made up too 2026; give one vintage"):
            compute(indicator, {}, engine, {"MIGRANT_STOCK": both})


def test_a_dimension_that_a_dataflow_keeps_apart_must_be_chosen() -> None:
    rows = [("REFUGEES", "USA", "SLV", "2024", 7.0), ("ASYLUM_SEEKERS", "USA", "SLV", "2024", 9.0)]
    columns = ["INDICATOR", "REF_AREA", "COUNTERPART_AREA", "TIME_PERIOD", "OBS_VALUE"]
    frame = pl.DataFrame(rows, columns, orient="row").with_columns(OBS_STATUS=pl.lit("A"))
    with opened("polars") as engine:
        indicator = _indicator("{fn: external, dataflow: REFUGEES}", "PS", "[]", "")
        with pytest.raises(Unclear, match="keeps ASYLUM_SEEKERS, REFUGEES of INDICATOR apart; say in where which"):
            compute(indicator, {}, engine, {"REFUGEES": frame})
        chosen = _indicator("{fn: external, dataflow: REFUGEES, where: {INDICATOR: REFUGEES}}", "PS", "[]", "")
        assert compute(chosen, {}, engine, {"REFUGEES": frame}).cells["OBS_VALUE"].to_list() == [7.0]


def test_no_rows_are_no_cells(tmp_path: Path) -> None:
    flows = "inflow: {fn: count, of: crossings}, outflow: {fn: count, of: crossings}"
    for measure, unit, table in (
        ("{fn: count, of: returns}", "EVENTS", "returns"),
        (f"{{fn: stock, {flows}}}", "PS", "crossings"),
    ):
        cube = _cube(_indicator(measure, unit, "[SEX]"), table, [], {}, tmp_path)
        assert cube.cells.is_empty()
        assert cube.cells.columns[:4] == ["INDICATOR", "FREQ", "SEX", "TIME_PERIOD"]
