"""Files made for a test: a csv from lines, a workbook from sheets of rows."""

import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

Cell = str | int | float | None
Write = Callable[..., Path]

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


@pytest.fixture
def csv_file(tmp_path: Path) -> Write:
    """Write lines as a csv: `csv_file("a,b", "1,2", mark=b"", end="\\n")`."""

    def write(*lines: str, mark: bytes = b"", end: str = "\n", encoding: str = "utf-8") -> Path:
        path = tmp_path / "download"
        path.write_bytes(mark + (end.join(lines) + end).encode(encoding))
        return path

    return write


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """Write sheets of rows as an xlsx: `workbook({"Table 1": [["a", 1]]})`."""

    def write(sheets: Mapping[str, Sequence[Sequence[Cell]]], name: str = "download") -> Path:
        path = tmp_path / name
        numbers = range(1, len(sheets) + 1)
        with zipfile.ZipFile(path, "w") as archive:
            parts = "".join(
                f'<Override PartName="/xl/worksheets/sheet{i}.xml" '
                'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
                for i in numbers
            )
            archive.writestr(
                "[Content_Types].xml",
                f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
                'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                '<Override PartName="/xl/workbook.xml" ContentType='
                f'"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{parts}</Types>',
            )
            archive.writestr(
                "_rels/.rels",
                f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
                f'Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            )
            links = "".join(
                f'<Relationship Id="rId{i}" Type="{_REL}/worksheet" Target="worksheets/sheet{i}.xml"/>' for i in numbers
            )
            archive.writestr(
                "xl/_rels/workbook.xml.rels",
                f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>',
            )
            named = "".join(
                f'<sheet name="{escape(title)}" sheetId="{i}" r:id="rId{i}"/>'
                for i, title in zip(numbers, sheets, strict=True)
            )
            archive.writestr(
                "xl/workbook.xml",
                f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{named}</sheets></workbook>',
            )
            for i, rows in zip(numbers, sheets.values(), strict=True):
                body = "".join(f'<row r="{n}">{_cells(row, n)}</row>' for n, row in enumerate(rows, 1))
                archive.writestr(
                    f"xl/worksheets/sheet{i}.xml",
                    f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>',
                )
        return path

    return write


def _cells(row: Sequence[Cell], number: int) -> str:
    """The cells of a row; a cell that is None is absent."""
    found = []
    for column, value in enumerate(row):
        place = f"{chr(ord('A') + column)}{number}"
        if isinstance(value, str):
            found.append(f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>')
        elif value is not None:
            found.append(f'<c r="{place}"><v>{value}</v></c>')
    return "".join(found)
