"""Files as institutions save them: what can be read is read, and what cannot is said by its cause."""

import re
from pathlib import Path

import pytest
import xlsxwriter

from torogoz.exchange.readers import submitted, table_schema
from torogoz.exchange.readers.submitted import Submitted
from torogoz.statistics.rules.schema import TableSchema

SCHEMA = table_schema.of(
    {
        "fields": [{"name": "name", "x-torogoz": {"identifying": True}}, {"name": "month", "type": "yearmonth"}],
        "fieldsMatch": "equal",
    }
)


def read(tmp_path: Path, content: bytes, schema: TableSchema = SCHEMA) -> Submitted:
    """A file with these bytes, read under the schema."""
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    return submitted.read(path, schema)


def said(found: Submitted) -> list[tuple[int, str, str]]:
    """Row, rule and column of each finding."""
    return list(found.findings.select("row", "rule", "column").iter_rows())


@pytest.mark.parametrize(
    "content",
    [
        "name,month\nÑandú,2026-01\n".encode(),
        "\ufeffname,month\r\nÑandú,2026-01\r\n".encode(),
        "Name;MONTH\rÑandú;2026-01\r".encode(),
        "month\tname\n2026-01\tÑandú\n".encode(),
        "name,month\nÑandú,2026-01".encode("utf-16"),
    ],
    ids=["plain", "byte mark and CRLF", "CR and semicolons", "tabs, another order", "UTF-16"],
)
def test_the_usual_ways_of_saving_a_csv_read_the_same(tmp_path: Path, content: bytes) -> None:
    found = read(tmp_path, content)
    assert said(found) == []
    assert found.frame is not None
    assert found.frame.select("SOURCE_ROW", "name", "month").rows() == [(2, "Ñandú", "2026-01")]


@pytest.mark.parametrize(
    ("content", "rule", "words"),
    [
        (b"", "empty", "vacío"),
        (b"\xef\xbb\xbf\r\n", "empty", "vacío"),
        ("name,month\nMaría Ñandú,2026-01\n".encode("cp1252"), "encoding", "línea 2.*Windows-1252"),
        ("name,month\nMaría Ñandú Gómez,2026-01\n".encode("mac_roman"), "encoding", "Mac Roman"),
        ("name,month\nMaría Ñandú Gómez,2026-01\n".encode("cp850"), "encoding", "DOS 850"),
        (b"name,month\na\x00b,2026-01\n", "nul", "línea 2"),
        (b'name,month\n"a,2026-01\n', "quotes", "comilla"),
        (b"<html><body>error</body></html>", "unreadable", "otra cosa"),
        (b"a,b,c\n1,2,3\n", "columns", "Se esperan: name, month"),
        (b"PK\x03\x04 broken", "unreadable", "dañado"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_cause(tmp_path: Path, content: bytes, rule: str, words: str) -> None:
    found = read(tmp_path, content)
    assert found.frame is None
    (line,) = found.findings.iter_rows(named=True)
    assert (line["row"], line["rule"], line["severity"]) == (0, rule, "error")
    assert re.search(words, line["message_es"])
    assert line["message_en"]


def test_a_column_that_is_missing_or_there_twice_refuses_the_file(tmp_path: Path) -> None:
    assert said(read(tmp_path, b"name\nx\n")) == [(0, "columns", "month")]
    assert read(tmp_path, b"name\nx\n").frame is None
    assert said(read(tmp_path, b"name,month,Month\nx,2026-01,2026-02\n")) == [(0, "columns", "month")]


def test_a_column_that_nobody_asked_for_is_said_by_its_position_and_left_out(tmp_path: Path) -> None:
    found = read(tmp_path, b"name,month,phone\nx,2026-01,7777-0000\n")
    assert said(found) == [(0, "columns", "#3")]
    assert found.frame is not None
    assert found.frame.columns == ["SOURCE_ROW", "name", "month"]
    assert "7777" not in found.findings.write_csv()


def test_a_row_that_stands_where_the_header_should_is_not_printed(tmp_path: Path) -> None:
    found = read(tmp_path, b"JUAN PEREZ 0123,name,month\nx,y,2026-01\n")
    assert said(found) == [(0, "columns", "#1")]
    assert "PEREZ" not in found.findings.write_csv().upper()


def test_a_column_that_is_nearly_one_of_the_schema_is_printed_with_the_one_that_was_meant(tmp_path: Path) -> None:
    schema = table_schema.of({"fields": [{"name": "municipality"}, {"name": "sex"}], "fieldsMatch": "partial"})
    assert said(read(tmp_path, b"municipalty,sex\nx,F\n", schema)) == []  # columns of its own are welcome there
    schema = table_schema.of({"fields": [{"name": "municipality"}, {"name": "sex"}], "fieldsMatch": "superset"})
    (line,) = read(tmp_path, b"municipalty,sex\nx,F\n", schema).findings.iter_rows(named=True)
    assert (line["value"], line["column"]) == ("municipalty", "#1")
    assert "municipality" in line["message_en"]


def test_no_message_has_the_name_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "tmpk58u64qy"
    for content in (b"<html>", b"PK\x03\x04 broken", b"{" * 10, b"\xff\xfea"):
        path.write_bytes(content)
        (line,) = submitted.read(path, SCHEMA).findings.iter_rows(named=True)
        assert "tmpk58u64qy" not in str(line)
        assert line["message_en"].startswith("The file ")


def test_a_record_of_another_length_is_set_aside_by_its_row_and_not_printed(tmp_path: Path) -> None:
    found = read(tmp_path, b"name,month\nx,2026-01\nSECRET,2026-01,extra\ny,2026-02\n")
    assert said(found) == [(3, "ragged", "")]
    assert found.ragged == ((3, "SECRET,2026-01,extra"),)
    assert found.rows == 3
    assert "SECRET" not in found.findings.write_csv()


def test_letters_damaged_before_the_file_came_are_a_warning(tmp_path: Path) -> None:
    schema = table_schema.of({"fields": [{"name": "place"}]})
    found = read(tmp_path, "place\nChalatenango\nCabaÃ±as\nUsulut\ufffdn\n".encode(), schema)
    assert said(found) == [(3, "letters", "place"), (4, "letters", "place")]


def test_a_file_without_rows_says_so(tmp_path: Path) -> None:
    assert said(read(tmp_path, b"name,month\n")) == [(0, "empty", "")]


def test_a_workbook_is_read_from_the_sheet_and_row_of_its_header_and_formulas_are_named(tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("Notas").write("A1", "Hoja de notas")
        sheet = book.add_worksheet("Datos")
        sheet.write("A1", "Informe de la institución")
        sheet.write_row("A3", ["Name", "Month", "Total"])
        sheet.write_row("A4", ["x", "2026-01", 3])
        sheet.write_row("A5", ["y", "2026-02"])
        sheet.write_formula("C5", "=C4+1", None, 4)
    schema = table_schema.of({"fields": [{"name": "name"}, {"name": "month"}, {"name": "total", "type": "integer"}]})
    found = submitted.read(path, schema)
    assert found.frame is not None
    assert found.frame.rows() == [(4, "x", "2026-01", "3"), (5, "y", "2026-02", "4")]
    assert said(found) == [(5, "formulaCell", "total")]
    assert found.findings["value"].to_list() == ["C5"]
