"""What leaves the house as a file: CSV, JSON, the dictionary, the papers and the package."""

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from torogoz.exchange.writers import csv_text, dictionary, json_text, package, papers, parquet, workbook
from torogoz.exchange.writers.publication import Column, Publication, Source, Words

PEOPLE = Words("personas", "persons")
SEX = Column(
    "SEX",
    Words("Sexo", "Sex"),
    Words("sexo registrado", "recorded sex"),
    {"F": Words("mujeres", "women"), "M": Words("hombres", "men"), "_U": Words("sin dato", "unknown")},
)
STANDARD = dictionary.standard_columns(PEOPLE)
ABOUT = Publication(
    dataflow="RETURNS",
    title=Words("Personas retornadas", "Returned persons"),
    unit=PEOPLE,
    institution="Torogoz",
    edition="2026-Q3 r0",
    published=date(2026, 10, 5),
    address="https://example.org/flows/RETURNS.csv?SEX=F",
    query="SEX=F",
    checksum="ab" * 32,
    made_up=False,
    columns=(SEX, STANDARD["TIME_PERIOD"], STANDARD["OBS_VALUE"], STANDARD["OBS_STATUS"], STANDARD["CONF_STATUS"]),
    sources=(Source("Torogoz", "Registro", "2026-Q3", "CC BY 4.0", "cd" * 32, date(2026, 10, 5)),),
)
TABLE = pl.DataFrame(
    {
        "SEX": ["F", "M", "F", "M"],
        "TIME_PERIOD": ["2026-01"] * 2 + ["2026-02"] * 2,
        "OBS_VALUE": [0.0, 1410659.0, None, None],
        "OBS_STATUS": ["A", "A", "A", "M"],
        "CONF_STATUS": ["F", "F", "C", "F"],
    }
)


def read(text: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file as another program would read them."""
    return list(csv.DictReader(io.StringIO(text.decode("utf-8"), newline="")))


def whole(frame: pl.DataFrame, at_once: int = 20_000) -> bytes:
    return b"".join(csv_text.pieces(frame, at_once))


def test_suppressed_missing_and_zero_are_three_different_things_in_csv() -> None:
    assert [(row["OBS_VALUE"], row["OBS_STATUS"], row["CONF_STATUS"]) for row in read(whole(TABLE))] == [
        ("0", "A", "F"),
        ("1410659", "A", "F"),
        ("", "A", "C"),
        ("", "M", "F"),
    ]


def test_lines_end_as_rfc_4180_asks_and_the_header_comes_once() -> None:
    text = whole(TABLE, at_once=1)
    assert text == whole(TABLE)
    assert text.count(b"\r\n") == text.count(b"\n") == 5
    assert text.count(b"OBS_VALUE") == 1


def test_an_empty_table_still_has_its_header() -> None:
    assert whole(TABLE.clear()) == b"SEX,TIME_PERIOD,OBS_VALUE,OBS_STATUS,CONF_STATUS\r\n"


@pytest.mark.parametrize("text", ["=1+1", "+503", "-x", "@SUM(A1)", "\tx", "\rx", "\n=1"])
def test_text_that_a_spreadsheet_would_run_is_made_harmless(text: str) -> None:
    rows = read(whole(pl.DataFrame({"NOTE": [text, "calma"]})))
    assert [row["NOTE"] for row in rows] == ["'" + text, "calma"]


def test_a_negative_figure_remains_a_number() -> None:
    assert [row["OBS_VALUE"] for row in read(whole(pl.DataFrame({"OBS_VALUE": [-5.0, -2.855]})))] == ["-5", "-2.855"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"])), st.floats(-1e12, 1e12)), max_size=8))
def test_what_is_written_reads_back_the_same(rows: list[tuple[str, float]]) -> None:
    schema = {"NOTE": pl.String, "OBS_VALUE": pl.Float64}
    back = read(whole(pl.DataFrame(rows, schema=schema, orient="row"), at_once=3))
    assert [row["NOTE"].removeprefix("'") for row in back] == [note.removeprefix("'") for note, _ in rows]
    assert [float(row["OBS_VALUE"]) for row in back] == [value for _, value in rows]


def test_json_has_the_numbers_of_the_csv_and_says_what_they_are() -> None:
    document = json.loads(b"".join(json_text.pieces(ABOUT, TABLE, rows_at_once=3)))
    assert [row["OBS_VALUE"] for row in document["observations"]] == [0, 1410659, None, None]
    assert [row["CONF_STATUS"] for row in document["observations"]] == ["F", "F", "C", "F"]
    assert document["title"] == {"es": "Personas retornadas", "en": "Returned persons"}
    assert document["made_up"] is False
    assert document["checksum_sha256"] == "ab" * 32


def test_an_empty_json_document_is_still_a_document() -> None:
    assert json.loads(b"".join(json_text.pieces(ABOUT, TABLE.clear())))["observations"] == []


def test_the_dictionary_explains_each_column_and_only_the_codes_in_use() -> None:
    rows = read(dictionary.text(ABOUT, {"SEX": {"F", "M"}}))
    assert [(row["CODE"], row["NAME_ES"], row["NAME_EN"]) for row in rows if row["COLUMN"] == "SEX"] == [
        ("", "Sexo", "Sex"),
        ("F", "mujeres", "women"),
        ("M", "hombres", "men"),
    ]
    assert {row["COLUMN"] for row in rows} == {column.name for column in ABOUT.columns}


def test_the_citation_names_institution_dataflow_edition_date_address_and_checksum() -> None:
    for text in (papers.citation(ABOUT, "es"), papers.citation(ABOUT, "en")):
        for part in ("Torogoz", "RETURNS", "2026-Q3 r0", "2026-10-05", ABOUT.address, ABOUT.checksum):
            assert part in text


def test_the_package_holds_data_dictionary_licence_citation_and_read_me_and_repeats_itself() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    package.write(ABOUT, TABLE, first)
    package.write(ABOUT, TABLE, second)
    assert first.getvalue() == second.getvalue()
    with zipfile.ZipFile(first) as opened:
        folder = "torogoz-returns-2026-10-05/"
        names = ["data.csv", "dictionary.csv", "LICENCE.txt", "CITATION.txt", "README.txt"]
        assert opened.namelist() == [folder + name for name in names]
        data = opened.read(folder + "data.csv")
        assert data == whole(TABLE)
        assert hashlib.sha256(data).hexdigest() in opened.read(folder + "CITATION.txt").decode()
        assert "CC BY 4.0" in opened.read(folder + "LICENCE.txt").decode()
        assert "Made-up" not in opened.read(folder + "README.txt").decode()


def test_made_up_people_are_marked_in_every_paper_and_in_the_file_name() -> None:
    demo = replace(ABOUT, made_up=True)
    assert demo.file_stem() == "torogoz-returns-2026-10-05-demo"
    for text in (
        papers.citation(demo, "es"),
        papers.licence_text(demo),
        papers.readme_text(demo, 4),
        b"".join(json_text.pieces(demo, TABLE)).decode(),
    ):
        assert "inventadas" in text


def sheets(frame: pl.DataFrame) -> dict[str, list[list[object]]]:
    made = io.BytesIO()
    workbook.write(ABOUT, frame, made)
    opened = CalamineWorkbook.from_filelike(io.BytesIO(made.getvalue()))
    return {name: opened.get_sheet_by_name(name).to_python() for name in opened.sheet_names}


def test_a_workbook_has_the_figures_as_numbers_the_dictionary_and_what_to_read_first() -> None:
    found = sheets(TABLE)
    assert list(found) == ["README", "data", "dictionary"]
    assert found["data"] == [
        TABLE.columns,
        ["F", "2026-01", 0.0, "A", "F"],
        ["M", "2026-01", 1410659.0, "A", "F"],
        ["F", "2026-02", "", "A", "C"],
        ["M", "2026-02", "", "M", "F"],
    ]
    assert ["SEX", "F", "mujeres", "women", "", ""] in [(row + [""] * 6)[:6] for row in found["dictionary"]]
    first = "\n".join(str(row[0]) for row in found["README"] if row)
    assert "Una celda vacía en OBS_VALUE no es cero." in first
    assert "CC BY 4.0" in first


def test_a_workbook_runs_no_text_as_a_formula() -> None:
    made = io.BytesIO()
    workbook.write(ABOUT, TABLE.with_columns(SEX=pl.lit('=HYPERLINK("http://example.org")')), made)
    with zipfile.ZipFile(made) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet2.xml")


def test_the_same_edition_gives_the_same_workbook() -> None:
    one, two = io.BytesIO(), io.BytesIO()
    workbook.write(ABOUT, TABLE, one)
    workbook.write(ABOUT, TABLE, two)
    assert one.getvalue() == two.getvalue()


def test_a_table_that_no_spreadsheet_opens_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    with pytest.raises(workbook.TooManyRows, match="4 rows"):
        workbook.write(ABOUT, TABLE, io.BytesIO())


def test_parquet_keeps_types_and_carries_its_papers() -> None:
    made = io.BytesIO()
    parquet.write(ABOUT, TABLE, made)
    assert pl.read_parquet(io.BytesIO(made.getvalue())).equals(TABLE)
    said = pl.read_parquet_metadata(io.BytesIO(made.getvalue()))
    assert json.loads(said["torogoz"])["edition"] == "2026-Q3 r0"
    assert "CC BY 4.0" in said["licence"]
