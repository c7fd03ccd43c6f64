"""Files made to exhaust who reads them: they are refused by a sentence, within a moment and a little memory."""

import gzip
import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from torogoz.exchange.readers import submitted, table_schema
from torogoz.exchange.readers.contract import Unreadable
from torogoz.exchange.readers.tables import open_file, plain_names

SCHEMA = table_schema.of({"fields": [{"name": "name"}, {"name": "month"}]})
SECONDS = 2.0
SHEET = "xl/worksheets/sheet1.xml"


def workbook() -> bytes:
    """A small workbook with two columns of the schema."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet("Datos")
        sheet.write_row("A1", ["name", "month"])
        sheet.write_row("A2", ["x", "2026-01"])
    return made.getvalue()


def altered(change: Callable[[bytes], bytes], part: str = SHEET) -> bytes:
    """The workbook with one of its parts changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            new.writestr(each, change(old.read(each)) if each == part else old.read(each))
    return made.getvalue()


def before_the_end(added: bytes) -> Callable[[bytes], bytes]:
    """Put bytes before the end of a sheet's cells."""
    return lambda xml: xml.replace(b"</sheetData>", added + b"</sheetData>")


def lying(content: bytes) -> bytes:
    """The same zip, which says of each member that it is one byte long."""
    told = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for each in packed.infolist():
            told[each.header_offset + 22 : each.header_offset + 26] = (1).to_bytes(4, "little")
    at = 0
    while (at := told.find(b"PK\x01\x02", at)) >= 0:
        told[at + 24 : at + 28] = (1).to_bytes(4, "little")
        at += 4
    return bytes(told)


ZEROS = b" " * (300 * 1024 * 1024)
BOMBS = {
    "formula cells that never close": lambda: altered(lambda xml: xml + b"<!--" + b"<c " * 60_000 + b"-->"),
    "a comment of many megabytes": lambda: altered(lambda xml: xml + b"<!--" + b"<c 0123456789 " * 900_000 + b"-->"),
    "a sheet of spaces": lambda: altered(before_the_end(ZEROS)),
    "a sheet of spaces that says it is small": lambda: lying(altered(before_the_end(ZEROS))),
    "a cell in the last corner": lambda: altered(
        before_the_end(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    ),
    "entities within entities": lambda: altered(
        lambda xml: xml.replace(
            b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet', 1
        )
    ),
    "gzip of zeros": lambda: gzip.compress(ZEROS),
    "a header of commas": lambda: b"name,month" + b"," * 5_000_000 + b"\n",
    "a quotation of empty lines": lambda: b'"' + b"\n" * 2_000_000 + b'",month\nx,2026-01\n',
    "nested JSON": lambda: b'{"features": ' + b"[" * 200_000,
    "rows without end": lambda: b"name,month\n" + b"x,2026-01\n" * 300_000,
    "a field larger than csv reads": lambda: b"name," + b"m" * 200_000 + b"\nx,y\n",
    "half a letter of UTF-16": lambda: b"\xff\xfe" + "name,month\nx,2026-01\n".encode("utf-16-le") + b"\x41",
    "a lone surrogate": lambda: b"\xff\xfe" + "name,month\nx".encode("utf-16-le") + b"\x00\xd8",
}  # fmt: skip


@pytest.mark.parametrize("what", list(BOMBS))
def test_a_file_made_to_overwhelm_is_refused_at_once_by_a_sentence(tmp_path: Path, what: str) -> None:
    path = tmp_path / "in"
    path.write_bytes(BOMBS[what]())
    tracemalloc.start()
    began = time.process_time()
    found = submitted.read(path, SCHEMA)
    took = time.process_time() - began
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < SECONDS
    assert most < 60 * 1024 * 1024
    if what == "formula cells that never close":  # a comment is harmless once it is read in one go
        return
    assert found.frame is None
    (line,) = found.findings.iter_rows(named=True)
    assert line["row"] == 0
    assert len(line["message_es"]) > 20


def test_one_long_text_that_many_cells_share_is_counted_as_often_as_it_is_shown(tmp_path: Path) -> None:
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (row, row) for row in range(3, 9003))
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(altered(before_the_end(cells)))) as old,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for each in old.namelist():
            text = old.read(each)
            if each == "xl/sharedStrings.xml":
                text = text.replace(b"<t>name</t>", b"<t>" + b"n" * 32_000 + b"</t>")
            new.writestr(each, text)
    path = tmp_path / "in.xlsx"
    path.write_bytes(content.getvalue())
    assert submitted.read(path, SCHEMA).findings["rule"].to_list() == ["large"]


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_packed_as_no_workbook_is_is_refused(tmp_path: Path, packing: int) -> None:
    path = tmp_path / "in.xlsx"
    with zipfile.ZipFile(path, "w", packing) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
    assert submitted.read(path, SCHEMA).findings["rule"].to_list() == ["unreadable"]


def test_what_a_person_hands_in_is_neither_gzip_nor_json(tmp_path: Path) -> None:
    path = tmp_path / "in"
    path.write_bytes(gzip.compress(b"name,month\nx,2026-01\n"))
    (line,) = submitted.read(path, SCHEMA).findings.iter_rows(named=True)
    assert (line["rule"], "gz" in line["message_es"]) == ("packed", True)
    path.write_bytes(b'{"features": []}')
    assert submitted.read(path, SCHEMA).findings["rule"].to_list() == ["unreadable"]


def test_commands_read_gzip_but_not_without_limit(tmp_path: Path) -> None:
    limits = pytest.importorskip("torogoz.exchange.readers.unpacking")
    small = limits.Limits(unpacked=1000, ratio=100, rows=10, columns=10, cells=100)
    path = tmp_path / "in.csv.gz"
    path.write_bytes(gzip.compress(b"name,month\nx,2026-01\n"))
    assert len(open_file(path)) == 1
    read = submitted.read(path, SCHEMA, limits.COMMAND)
    assert read.frame is not None
    path.write_bytes(gzip.compress(b"name,month\n" + b"x,2026-01\n" * 100))
    with pytest.raises(Unreadable, match="unpacks to more than"):
        open_file(path, small)
    path.write_bytes(workbook())
    with pytest.raises(Unreadable, match="unpacks to more than"):
        open_file(path, small)


def test_names_of_columns_that_repeat_are_numbered_in_a_moment() -> None:
    began = time.process_time()
    names = plain_names([""] * 20_000)
    assert time.process_time() - began < SECONDS
    assert len(set(names)) == 20_000
    assert plain_names(["a", "a 2", "a", "a"]) == ("a", "a 2", "a 3", "a 4")
