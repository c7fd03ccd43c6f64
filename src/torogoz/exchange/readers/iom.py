"""IOM Missing Migrants Project: one row per incident, in each layout that IOM has used.

A blank count is unknown, not zero. The layout of 2026 has no `Total Number of Dead and Missing`: DEAD_MISSING is then
the sum of what is known of the two, as in the total that IOM published before; null if neither is known.
"""

import re
from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import Final

import polars as pl

from torogoz.exchange.readers.cells import Aside, code_of, is_year, labels, long, numbers, observations
from torogoz.exchange.readers.contract import ATTRIBUTES, DIMENSIONS, Reading
from torogoz.exchange.readers.days import month_of, order_of, parse_day
from torogoz.exchange.readers.layouts import Layout, columns
from torogoz.exchange.readers.places import positions
from torogoz.exchange.readers.tables import ROW, Table, plain

PUBLISHER: Final = "International Organization for Migration (IOM), Missing Migrants Project"
LICENCE: Final = "CC BY 4.0"
DATASET: Final = "iom-missing-migrants"

_NAMES: Final = MappingProxyType(
    {
        "region of incident": "region",
        "incident region": "region",
        "incident date": "date",
        "reported date": "date",
        "date of incident": "date",
        "incident year": "year",
        "reported year": "year",
        "reported month": "month",
        "number of dead": "dead",
        "number dead": "dead",
        "minimum estimated number of missing": "missing",
        "number of missing": "missing",
        "total number of dead and missing": "dead and missing",
        "total dead and missing": "dead and missing",
        "number of survivors": "survivors",
        "number of females": "females",
        "number of males": "males",
        "number of children": "children",
        "region of origin": "origin",
        "region origin": "origin",
        "cause of death": "cause",
        "migration route": "route",
        "coordinates": "position",
        "location coordinates": "position",
        "lat": "latitude",
        "lon": "longitude",
        "long": "longitude",
        "lng": "longitude",
        "incident id": "incident",
        "web id": "incident",
        "id": "incident",
        "source quality": "quality",
        "reliability": "quality",
    }
)
_COUNTS: Final = MappingProxyType(
    {
        "dead": "DEAD",
        "missing": "MISSING",
        "dead and missing": "DEAD_MISSING",
        "survivors": "SURVIVORS",
        "females": "FEMALES",
        "males": "MALES",
        "children": "CHILDREN",
    }
)
# IOM takes back missing persons, whose bodies were found later, by a number below zero that its totals include.
_CORRECTED: Final = frozenset({"missing", "dead and missing"})
_LEFT: Final = columns(
    *("Main ID", "Incident Type", "UNSD Geographical Grouping", "Location of death", "Location description"),
    *("Information Source", "Article title", "URL", "Country of Origin"),
)
# The regions of two editions of IOM's own scheme. In both, Mexico is in Central America, and deaths on the
# northern side of its border are in North America (the later one) or at the border (the earlier one).
_EVERYWHERE: Final = {
    "Mediterranean",
    "Europe",
    "Caribbean",
    "South America",
    "North America",
    "Central Asia",
    "Oceania",
}
_REGIONS_2020: Final = {
    *("Central America", "Northern Africa", "Western Africa", "Eastern Africa", "Middle Africa", "Southern Africa"),
    *("Southern Asia", "Western Asia", "South-eastern Asia", "Eastern Asia"),
}
_REGIONS_2014: Final = {
    *("US-Mexico Border", "U.S./Mexico Border", "Central America", "Central America incl. Mexico", "Horn of Africa"),
    *("Middle East", "North Africa", "Sub-Saharan Africa", "Southeast Asia", "East Asia", "South Asia"),
}
SCHEMES: Final = MappingProxyType(
    {"IOM_2020": frozenset(_EVERYWHERE | _REGIONS_2020), "IOM_2014": frozenset(_EVERYWHERE | _REGIONS_2014)}
)
# Labels that IOM uses; a cell may hold several, joined by commas, and three of them contain commas or slashes.
CAUSES: Final = (
    "Accidental death",
    "Drowning",
    "Harsh environmental conditions / lack of adequate shelter, food, water",
    "Mixed or unknown",
    "Sickness / lack of access to adequate healthcare",
    "Vehicle accident / death linked to hazardous transport",
    "Violence",
)


def split_labels(cell: str, known: Iterable[str]) -> list[str]:
    """The labels of a cell that joins them by commas, though a label may itself contain commas.

    Known labels are taken first, the longest first. What is left is cut at the commas that no blank follows, as
    IOM joins labels; commas inside a label have one.
    """
    found: list[str] = []
    rest = cell.strip()
    longest_first = sorted(known, key=len, reverse=True)
    while rest:
        label = next((each for each in longest_first if re.match(re.escape(each) + r"\s*(,|$)", rest)), None)
        if label is None:
            label = re.split(r",(?=\S)", rest, maxsplit=1)[0]
        found.append(label.strip())
        rest = rest[len(label) :].lstrip().removeprefix(",").lstrip()
    return found


def _incidents(table: Table, layout: str) -> Reading:
    """One row for each incident and each count of it."""
    aside = Aside()
    counts = [name for name in _COUNTS if name in table.names]
    frame = _dated(table.frame, aside)
    frame = numbers(frame, [name for name in counts if name not in _CORRECTED], aside)
    frame = numbers(frame, [name for name in counts if name in _CORRECTED], aside, below_zero=True)
    for name in _CORRECTED & set(counts):
        aside.add(
            frame.filter(pl.col(name) < 0), name, "below zero, which corrects an earlier incident; stored as published"
        )
    frame = positions(frame, aside)
    frame = _with_total(frame, aside).with_columns(pl.lit(1.0).alias("incidents"))
    scheme, notes = _scheme(frame)
    words: dict[str, dict[str, str]] = {}
    coded = []
    for name, column in (("region", "REF_AREA"), ("route", "ROUTE"), ("cause", "CAUSE"), ("origin", "ORIGIN")):
        codes, words[column] = _codes(frame, name, CAUSES if name == "cause" else ())
        coded.append(codes.alias(column))
    frame = frame.with_columns(
        *coded,
        pl.lit(scheme).alias("REGION_SCHEME"),
        *(_text(frame, name).alias(column) for name, column in (("incident", "INCIDENT"), ("quality", "QUALITY"))),
    )
    keep = [*DIMENSIONS["MISSING_MIGRANTS"][1:], "TIME_PERIOD", *ATTRIBUTES["MISSING_MIGRANTS"], ROW]
    cells = [("incidents", {"INDICATOR": "INCIDENTS"})]
    cells += [(name, {"INDICATOR": code}) for name, code in _COUNTS.items() if name in frame.columns]
    aside.ragged(table)
    return Reading(
        publisher=PUBLISHER,
        dataset=DATASET,
        dataflow="MISSING_MIGRANTS",
        layout=layout,
        vintage=None,
        licence=LICENCE,
        observations=observations("MISSING_MIGRANTS", long(frame, keep, cells)),
        set_aside=aside.frame(),
        rows_read=table.frame.height + len(table.ragged),
        labels=labels(words),
        notes=notes,
    )


def _dated(frame: pl.DataFrame, aside: Aside) -> pl.DataFrame:
    """The rows with a TIME_PERIOD: month of the incident, of the report if the day is blank, at worst the year."""
    days, years, months = (_text(frame, name).to_list() for name in ("date", "year", "month"))
    own = [month_of(month) if month else None for month in months]
    order = order_of((day, month) for day, month in zip(days, own, strict=True) if day)
    periods: list[str | None] = []
    for row, day, year, month in zip(frame[ROW].to_list(), days, years, own, strict=True):
        found = parse_day(day, order) if day else None
        period = f"{found:%Y-%m}" if found else None
        if period is None and year and is_year(year):
            period = f"{year}-{month:02d}" if month else year
            kept = "the month and year beside it were used" if month else "only its year is stored"
            if day:
                aside.add_one(row, "date", day, f"not a day that can be told; {kept}")
            elif not month:
                aside.add_one(row, "date", "", f"neither day nor month is given; {kept}")
        if period is None:
            aside.add_one(row, "date", day or year or "", "no day and no year can be read; the incident was not stored")
        periods.append(period)
    dated = frame.with_columns(pl.Series("TIME_PERIOD", periods, dtype=pl.String()))
    return dated.filter(pl.col("TIME_PERIOD").is_not_null())


def _with_total(frame: pl.DataFrame, aside: Aside) -> pl.DataFrame:
    """`dead and missing`: the publisher's where given, else the sum of what is known of the two."""
    neither = pl.col("dead").is_null() & pl.col("missing").is_null()
    known = pl.when(~neither).then(pl.sum_horizontal("dead", "missing"))
    if "dead and missing" not in frame.columns:
        return frame.with_columns(known.alias("dead and missing"))
    differ = frame.filter(pl.col("dead and missing") != known)
    aside.add(differ, "dead and missing", "not the sum of dead and missing; all three were stored as published")
    return frame.with_columns(pl.coalesce("dead and missing", known))


def _scheme(frame: pl.DataFrame) -> tuple[str, tuple[str, ...]]:
    """The region scheme that has most of the file's regions, and a note on the regions it does not have."""
    regions = {region.strip() for region in frame["region"].drop_nulls()}
    scheme = max(SCHEMES, key=lambda name: len(regions & SCHEMES[name]))
    if regions and len(regions & SCHEMES[scheme]) * 2 < len(regions):
        return "OWN", ("the regions are of no scheme that the reader knows; they are stored as published",)
    outside = sorted(regions - SCHEMES[scheme])
    return scheme, (f"regions outside the scheme {scheme}: {', '.join(outside)}",) if outside else ()


def _codes(frame: pl.DataFrame, name: str, known: Iterable[str]) -> tuple[pl.Series, dict[str, str]]:
    """A code for each cell of the column, and the words of each code. Several labels make one code, joined by `-`."""
    text = _text(frame, name)
    codes: dict[str, str] = {}
    words: dict[str, str] = {}
    for cell in text.drop_nulls().unique().sort():
        parts = split_labels(cell, known)
        codes[cell] = "-".join(map(code_of, parts))
        words.setdefault(codes[cell], "; ".join(parts))
    coded = text.replace_strict(codes, default="_U", return_dtype=pl.String()) if codes else text
    return coded.fill_null("_U"), words


def _text(frame: pl.DataFrame, name: str) -> pl.Series:
    """The column `name` without blanks around it; all null if the file has no such column."""
    if name not in frame.columns:
        return pl.Series(name, [None] * frame.height, dtype=pl.String())
    text = frame[name].str.strip_chars()
    return text.set(text == "", None)


def _written(table: Table) -> set[str]:
    """The plain names of the header as the file writes it."""
    return set(map(plain, table.header))


def _of_2022(table: Table) -> bool:
    return {"region of incident", "number of dead", "total number of dead and missing"} <= _written(table)


def _of_2026(table: Table) -> bool:
    return {"region", "number dead", "country of origin"} <= _written(table) and "dead and missing" not in table.names


def _read_2022(table: Table) -> Sequence[Reading]:
    return [_incidents(table, LAYOUT_2022.key)]


def _read_2026(table: Table) -> Sequence[Reading]:
    return [_incidents(table, LAYOUT_2026.key)]


def _read_other(table: Table) -> Sequence[Reading]:
    return [_incidents(table, LAYOUT_OTHER.key)]


_NEEDS: Final = columns("region", "dead", "missing", "cause")
_KNOWS: Final = frozenset(_NAMES.values()) | _LEFT
LAYOUT_2022: Final = Layout("iom-missing-migrants-2022", _NEEDS | {"date"}, _read_2022, _KNOWS, _NAMES, _of_2022)
LAYOUT_2026: Final = Layout("iom-missing-migrants-2026", _NEEDS | {"date"}, _read_2026, _KNOWS, _NAMES, _of_2026)
LAYOUT_OTHER: Final = Layout(
    "iom-missing-migrants-other",
    _NEEDS,
    _read_other,
    _KNOWS,
    _NAMES,
    lambda table: bool({"date", "year"} & set(table.names)),
)
LAYOUTS: Final = (LAYOUT_2022, LAYOUT_2026, LAYOUT_OTHER)
