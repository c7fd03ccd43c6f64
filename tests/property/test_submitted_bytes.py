"""Whatever bytes an institution hands in: an answer, never an exception."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.effort import tries
from torogoz.shared.submissions.preparing import prepare
from torogoz.shared.submissions.schemas import shipped

EVENTS = (
    b"institution,crime,event_id,victim,date,reported_on,department,municipality,sex,age,status,made_up\n"
    b"PNC,HOMICIDE,H1,1,2026-01-01,,SV-SS,Soyapango,M,23,completed,true\n"
    b'PNC,THREAT,"H, 2",1,2026-02-01,2026-02-03,SV-SS,"San ""Salvador""",F,,completed,true\n'
)
PATIENT = settings(
    max_examples=tries(100),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
Change = tuple[int, int, bytes]
CHANGES = st.lists(
    st.tuples(
        st.integers(0, 1 << 20),
        st.integers(0, 12),
        st.one_of(
            st.binary(max_size=8),
            st.sampled_from([b'"', b"\n", b"\r", b",", b";", b"\t", b"\xff\xfe", b"\x00", b"{", b"1e999", b"9" * 400]),
        ),
    ),
    min_size=1,
    max_size=6,
)


def changed(content: bytes, changes: list[Change]) -> bytes:
    """The bytes after a few were taken out and others put in."""
    for at, out, put in changes:
        place = at % (len(content) + 1)
        content = content[:place] + put + content[place + out :]
    return content


def workbook() -> dict[str, bytes]:
    """The parts of a workbook with the same rows."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet("Datos")
        for at, row in enumerate(EVENTS.decode().splitlines()):
            sheet.write_row(at, 0, row.split(","))
        sheet.write_formula(1, 3, "=1+1", None, 2)
        sheet.write_number(2, 4, 46054.5)
    with zipfile.ZipFile(made) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


PARTS = workbook()


def answered(path: Path, content: bytes) -> None:
    """Read and check a file; it says something of itself, or has rows."""
    path.write_bytes(content)
    for schema in shipped().values():
        prepared = prepare(path, schema, date(2026, 3, 1))
        assert prepared.usable or prepared.findings.height
        assert "\x00" not in str(prepared.good)


@PATIENT
@given(st.binary(max_size=200), st.sampled_from([b"", b"\xff\xfe", b"\xfe\xff", b"\x1f\x8b\x08", b"PK\x03\x04", b"{"]))
def test_any_bytes_are_answered(tmp_path: Path, content: bytes, begins: bytes) -> None:
    answered(tmp_path / "in", begins + content)


@PATIENT
@given(CHANGES, st.sampled_from(["utf-8", "utf-16", "utf-16-be", "cp1252"]))
def test_a_damaged_csv_is_answered(tmp_path: Path, changes: list[Change], encoding: str) -> None:
    answered(tmp_path / "in.csv", changed(EVENTS.decode().encode(encoding), changes))


@PATIENT
@given(CHANGES, st.sampled_from(sorted(PARTS)))
def test_a_workbook_with_a_damaged_part_is_answered(tmp_path: Path, changes: list[Change], part: str) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in PARTS.items():
            packed.writestr(name, changed(content, changes) if name == part else content)
    answered(tmp_path / "in.xlsx", made.getvalue())


@PATIENT
@given(CHANGES)
def test_a_workbook_with_damaged_bytes_is_answered(tmp_path: Path, changes: list[Change]) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as packed:
        for name, content in PARTS.items():
            packed.writestr(name, content)
    answered(tmp_path / "in.xlsx", changed(made.getvalue(), changes))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<v>46054.5</v>", b"<v>1e308</v>"),
        (b"<v>46054.5</v>", b"<v>-99999999</v>"),
        (b"<v>46054.5</v>", b"<v>NaN</v>"),
        (b"<v>46054.5</v>", b"<v>inf</v>"),
        (b'<c r="E3"', b'<c t="s" r="E3"'),
        (b'<c r="E3"', b'<c t="d" r="E3"'),
        (b'<c r="E3"', b'<c t="e" r="E3"'),
        (b'<c r="E3"', b'<c r="ZZZ9999999"'),
        (b'<c r="E3"', b'<c r="3E"'),
        (b'<c r="E3"', b"<c"),
    ],
)
def test_a_cell_that_no_spreadsheet_writes_is_answered(tmp_path: Path, old: bytes, new: bytes) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in PARTS.items():
            packed.writestr(name, content.replace(old, new))
    assert old in PARTS["xl/worksheets/sheet1.xml"]
    answered(tmp_path / "in.xlsx", made.getvalue())
