"""A file on its way in: read, checked, its rows keyed. Nothing is stored here."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from torogoz.exchange.readers import submitted
from torogoz.exchange.readers.unpacking import UPLOAD, Limits
from torogoz.statistics.rules.checking import FINDINGS, ROW, Checked, check
from torogoz.statistics.rules.schema import HIDDEN, Severity, TableSchema

RAW = "…"
Cells = dict[str, str]


@dataclass(frozen=True)
class KeyedRow:
    """One row: its line, the hash of its key ("" if that is missing or unreadable), its cells that are not missing."""

    row: int
    key: str
    cells: Cells


@dataclass(frozen=True)
class Prepared:
    """A file as it would be stored.

    findings   columns of FINDINGS, by row
    good       rows without an error, their cells as values (2026-09-30, 12, true)
    set_aside  the others, their cells as written; of a record of another length its text, under RAW
    """

    sha256: str
    bytes: int
    usable: bool
    rows: int
    findings: pl.DataFrame
    good: tuple[KeyedRow, ...]
    set_aside: tuple[KeyedRow, ...]


def prepare(path: Path, schema: TableSchema, today: date, institution: str = "", limits: Limits = UPLOAD) -> Prepared:
    """Read and check a file.

    institution  code of the institution that hands it in; rows in the name of another are set aside. Empty where a
                 file is only looked at, and nobody hands it in
    limits       how much the file may hold
    raises       OSError if it cannot be opened; SchemaUnclear
    """
    content = path.read_bytes()
    came = submitted.read(path, schema, limits)
    sha256 = hashlib.sha256(content).hexdigest()
    if came.frame is None:
        return Prepared(sha256, len(content), False, came.rows, came.findings, (), ())
    found = check(came.frame, schema, today=today)
    foreign = _of_another(found, schema, institution)
    values = _keyed(_as_text(found.values, schema), schema)
    wrong = (found.wrong | foreign).to_list()
    written = found.texts.iter_rows(named=True)
    good, aside = [], [KeyedRow(row, "", {RAW: text}) for row, text in came.ragged]
    for each, is_wrong, cells in zip(values, wrong, written, strict=True):
        if is_wrong:
            kept = {name: text for name, text in cells.items() if name != ROW and text is not None}
            aside.append(KeyedRow(each.row, each.key, kept))
        else:
            good.append(each)
    lines = _in_anothers_name(found.texts.filter(foreign), schema, institution)
    findings = pl.concat([came.findings, found.findings, lines]).sort("row", maintain_order=True)
    aside.sort(key=lambda one: one.row)
    return Prepared(sha256, len(content), True, came.rows, findings, tuple(good), tuple(aside))


def _of_another(found: Checked, schema: TableSchema, institution: str) -> pl.Series:
    """Which rows name another institution than the one that hands the file in (bool); none of a schema that asks no
    name. A row without a name is the business of the rule that requires one."""
    if not (schema.submitter and institution):
        return pl.repeat(False, found.texts.height, dtype=pl.Boolean, eager=True)
    return (found.texts[schema.submitter].str.strip_chars() != institution).fill_null(value=False)


def _in_anothers_name(rows: pl.DataFrame, schema: TableSchema, institution: str) -> pl.DataFrame:
    """The lines of the report for rows that name another institution."""
    es = f"La fila es de otra institución: «{schema.submitter}» debe ser {institution}, la que entrega el archivo."
    en = f"The row is of another institution: “{schema.submitter}” must be {institution}, which hands the file in."
    lines = []
    for row, value in rows.select(ROW, schema.submitter).iter_rows() if rows.height else ():
        # Only a code that the schema knows is printed: in a file whose columns are shifted it may be a name.
        shown = value if value in schema.field(schema.submitter).codes else HIDDEN
        lines.append((row, schema.submitter, "submitter", shown, Severity.ERROR.value, es, en))
    return pl.DataFrame(lines, schema=FINDINGS, orient="row")


def conflict(row: KeyedRow, before: Cells, schema: TableSchema) -> pl.DataFrame:
    """The lines of the report for a row that was accepted before and is now written otherwise."""
    lines = []
    for name in schema.names:
        was, now = before.get(name), row.cells.get(name)
        if was != now:
            hidden = schema.field(name).identifying
            value = HIDDEN if hidden else f"{was or '–'} → {now or '–'}"
            es = f"«{name}» ya se aceptó con otro valor; se conserva el anterior."
            en = f"“{name}” was accepted with another value; the earlier one is kept."
            lines.append((row.row, name, "conflict", value, Severity.ERROR.value, es, en))
    return pl.DataFrame(lines, schema=FINDINGS, orient="row")


def _as_text(values: pl.DataFrame, schema: TableSchema) -> pl.DataFrame:
    """Values in one way of writing each, so that 007 and 7 are the same: ISO dates, plain numbers, true and false."""
    return values.select(ROW, *(_written(values, name) for name in schema.names))


def _written(values: pl.DataFrame, name: str) -> pl.Expr:
    kind, column = values.schema[name], pl.col(name)
    if kind == pl.Float64:
        whole = column == column.floor()
        return (
            pl.when(whole).then(column.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(column.cast(pl.String))
        )
    if kind == pl.Boolean:
        return pl.when(column).then(pl.lit("true")).when(~column).then(pl.lit("false")).alias(name)
    return column.str.strip_chars() if kind == pl.String else column.cast(pl.String)


def _keyed(texts: pl.DataFrame, schema: TableSchema) -> Iterator[KeyedRow]:
    names = schema.primary_key or schema.names
    for row in texts.iter_rows(named=True):
        parts = [row[name] for name in names]
        whole = all(part is not None for part in parts) if schema.primary_key else True
        key = hashlib.sha256("\x1f".join(part or "" for part in parts).encode()).hexdigest() if whole else ""
        yield KeyedRow(row[ROW], key, {name: row[name] for name in schema.names if row[name] is not None})
