"""Every reader, tried by the header of the file: `read` is the one door to publishers' files."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from torogoz.exchange.readers import abel_cohen, crime, dhs, idmc, iom, population, undesa, unhcr, worldbank
from torogoz.exchange.readers.contract import Reading, UnknownLayout
from torogoz.exchange.readers.layouts import Layout, unread
from torogoz.exchange.readers.tables import Sheet, Table, open_file, plain_names

LAYOUTS: Final[tuple[Layout, ...]] = (
    *iom.LAYOUTS,
    *undesa.LAYOUTS,
    *unhcr.LAYOUTS,
    *worldbank.LAYOUTS,
    *idmc.LAYOUTS,
    *dhs.LAYOUTS,
    *abel_cohen.LAYOUTS,
    *crime.LAYOUTS,
    *population.LAYOUTS,
)
# A title, a citation and a licence may stand above the header of a sheet; none seen has more than ten such rows.
HIGHEST_HEADER: Final = 25


def read(path: Path) -> list[Reading]:
    """Read `path` with the reader that knows its header; one reading for each dataset that the file feeds.

    raises  UnknownLayout if no reader knows the header; Unreadable if the file is not what it claims to be
    """
    opened = open_file(path)
    sheets = [each for each in opened if isinstance(each, Sheet)]
    readings: list[Reading] = []
    for each in opened:
        for layout, table in _recognised(each):
            readings.extend(_as_written(reading, layout, table) for reading in layout.read(layout.named(table)))
    if not readings:
        raise _unknown([header for each in opened for header in _headers(each)])
    unused = [sheet.name for sheet in sheets if not any(True for _ in _recognised(sheet))]
    return [_completed(reading, sheets, unused) for reading in readings]


def _as_written(reading: Reading, layout: Layout, table: Table) -> Reading:
    """`reading` with the columns of what was set aside called as the file calls them, and those left unread named."""
    written = dict(zip(layout.named(table).names, table.header, strict=True))
    set_aside = reading.set_aside.with_columns(pl.col("column").replace(written))
    return replace(reading, set_aside=set_aside, notes=reading.notes + unread(layout, table))


def _completed(reading: Reading, sheets: Sequence[Sheet], unused: Sequence[str]) -> Reading:
    """`reading` with what only the whole workbook tells: the sheets that were not read, and IDMC's day of update."""
    notes = reading.notes + ((f"sheets not read: {', '.join(unused)}",) if unused else ())
    vintage = reading.vintage
    if reading.publisher == idmc.PUBLISHER:
        vintage = idmc.last_update(sheets)
    return replace(reading, notes=notes, vintage=vintage)


def _recognised(opened: Table | Sheet) -> Iterator[tuple[Layout, Table]]:
    """The layout whose header `opened` has, with the table below it; nothing if there is none."""
    for header in _headers(opened):
        for layout in LAYOUTS:
            if layout.recognises(header):
                yield layout, opened if isinstance(opened, Table) else opened.table(len(header.above))
                return


def _headers(opened: Table | Sheet) -> Iterator[Table]:
    """What may be the header of `opened`, as tables without rows: a csv has one, a sheet any of its first rows."""
    if isinstance(opened, Table):
        yield opened
        return
    for at, row in enumerate(opened.rows[:HIGHEST_HEADER]):
        if sum(map(bool, row)) > 1:
            empty = pl.DataFrame(schema=dict.fromkeys(plain_names(row), pl.String()))
            yield Table(row, empty, opened.path, opened.name, opened.rows[:at])


def _unknown(headers: Sequence[Table]) -> UnknownLayout:
    """The refusal, naming the known layout that shares the largest part of its columns with one of `headers`."""
    known = [layout.key for layout in LAYOUTS]
    best: tuple[float, Layout, Table] | None = None
    for header in headers:
        for layout in LAYOUTS:
            shared = len(layout.needs & set(layout.named(header).names))
            share = shared / len(layout.needs) if layout.needs else 0
            if shared and (best is None or share > best[0]):
                best = (share, layout, header)
    if best is None:
        found = [cell for header in headers[:1] for cell in header.header if cell]
        return UnknownLayout(found, "", (), found, known)
    _, layout, header = best
    missing, extra = layout.compare(header)
    return UnknownLayout([cell for cell in header.header if cell], layout.key, missing, extra, known)
