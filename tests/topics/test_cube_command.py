"""`torogoz cube`, as somebody types it."""

from io import StringIO
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from tests.made_up_indicators import SCHEMA, made_up_rows

DEFINITION = """
id: MADE_UP_01
name: {es: Retornos inventados, en: Made-up returns}
description: {es: Para las pruebas., en: For the tests.}
measure: {fn: count, of: returns, where: {NATIONALITY: SLV}}
unit: EVENTS
frequency: [A]
breakdowns: [SEX]
quality: {missing_max: {SEX: 0.01}}
disclosure: {policy: suppress}
"""


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """Four hundred made-up rows."""
    path = tmp_path / "rows.parquet"
    pl.DataFrame(made_up_rows(400, seed=3), schema=SCHEMA).write_parquet(path)
    return path


@pytest.fixture
def definition(tmp_path: Path) -> Path:
    """A file with one made-up definition."""
    path = tmp_path / "definition.yaml"
    path.write_text(DEFINITION, encoding="utf-8")
    return path


def _said(*words: object) -> str:
    output = StringIO()
    call_command("cube", *map(str, words), stdout=output)
    return output.getvalue()


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_the_cells_are_written_and_what_must_be_known_is_said(
    engine: str, definition: Path, rows: Path, tmp_path: Path
) -> None:
    output = tmp_path / "cells.csv"
    said = _said(definition, rows, "-o", output, "--engine", engine)
    cells = pl.read_csv(output, schema_overrides={"TIME_PERIOD": pl.String})
    assert cells.columns == [
        "INDICATOR", "FREQ", "SEX", "TIME_PERIOD", "OBS_VALUE", "NUMERATOR", "DENOMINATOR", "N", "OBS_UNKNOWN",
        "OBS_STATUS", "UNIT",
    ]  # fmt: skip
    expected = sum(
        row["NATIONALITY"] == "SLV" and (row["TIME_PERIOD"] or "").startswith("2024") for row in made_up_rows(400, 3)
    )
    assert cells.filter(SEX="_T", TIME_PERIOD="2024")["OBS_VALUE"].to_list() == [expected]
    assert said.startswith(f"MADE_UP_01 Made-up returns: {cells.height} cells in {output}\n  note: ")
    assert "rows of returns have no TIME_PERIOD and are in no figure" in said
    assert "missing: A _U 2024: 0." in said
    assert "not for publication" in said


def test_an_indicator_of_torogoz_is_called_by_its_id(rows: Path, tmp_path: Path) -> None:
    output = tmp_path / "cells.parquet"
    _said("SV_12_PERSONS", f"returns={rows}", "-o", output)
    assert set(pl.read_parquet(output)["INDICATOR"]) == {"SV_12_PERSONS"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["SV_12_PERSON", "ROWS", "-o", "OUT.csv"], "there is no indicator SV_12_PERSON; did you mean SV_12_PERSONS"),
        (["DEFINITION", "ROWS", "-o", "OUT.txt"], "OUT.txt: the name should end in .parquet or .csv"),
        (["DEFINITION", "-o", "OUT.csv"], "MADE_UP_01 reads returns: name a Parquet file of it"),
        (["DEFINITION", "crossings=ROWS", "-o", "OUT.csv"], "MADE_UP_01 reads returns; write TABLE=FILE"),
        (["DEFINITION", "none.parquet", "-o", "OUT.csv"], "none.parquet: there is no such file"),
        (["DEFINITION", "DEFINITION", "-o", "OUT.csv"], "definition.yaml is not a Parquet file, or is not whole"),
        (
            ["DEFINITION", "ROWS", "--id", "MADE_UP_02", "-o", "OUT.csv"],
            "has no indicator MADE_UP_02; it has MADE_UP_01",
        ),
        (["NONE.yaml", "ROWS", "-o", "OUT.csv"], "NONE.yaml: No such file or directory"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence_and_nothing_is_written(
    words: list[str], said: str, definition: Path, rows: Path, tmp_path: Path
) -> None:
    places = {"DEFINITION": str(definition), "ROWS": str(rows), "crossings=ROWS": f"crossings={rows}"}
    typed = [places.get(word, str(tmp_path / word) if word.startswith("OUT") else word) for word in words]
    with pytest.raises(CommandError, match="(?i)" + said.replace(".", r"\.")):
        _said(*typed)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["definition.yaml", "rows.parquet"]


def test_rows_that_are_not_what_the_table_should_be_are_refused(definition: Path, tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    good = pl.DataFrame(made_up_rows(20, seed=3), schema=SCHEMA)
    for frame, said in (
        (good.drop("SEX"), "returns was given without its column SEX"),
        (good.with_columns(SEX=pl.lit(1)), "returns.SEX holds Int32, but code is expected"),
        (good.with_columns(SEX=pl.lit("W")), "returns: SEX holds W"),
        (good.with_columns(TIME_PERIOD=pl.lit("2024")), "TIME_PERIOD holds 2024; periods are written like 2026-09"),
    ):
        frame.write_parquet(path)
        with pytest.raises(CommandError, match=said):
            _said(definition, path, "-o", tmp_path / "cells.csv")
    assert not (tmp_path / "cells.csv").exists()
