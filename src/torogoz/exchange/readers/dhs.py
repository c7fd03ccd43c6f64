"""US DHS, Yearbook of Immigration Statistics: apprehended, inadmissible, returned, removed, permanent residents.

A period is a fiscal year of the United States: 2013 is October 2012 to September 2013. Continents stand among the
countries of each table and keep their M49 number. `NA` and `D` (withheld) are not available; `-` is zero, as the
yearbook says.
"""

import re
from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

import polars as pl

from torogoz.exchange.readers.areas import BESIDE_ISO, DHS_AGGREGATES, DHS_NAMES, US_STATES
from torogoz.exchange.readers.cells import Aside, is_year, kept, labels, long, numbers, observations
from torogoz.exchange.readers.contract import Reading, Unreadable
from torogoz.exchange.readers.layouts import Layout, columns
from torogoz.exchange.readers.tables import ROW, Table, plain

PUBLISHER: Final = "US Department of Homeland Security, Office of Immigration Statistics"
LICENCE: Final = "Public domain (work of the US Government)"
_ABSENT: Final = frozenset({"NA", "D", "X", "N/A"})
_TABLES: Final = MappingProxyType(
    {
        "APPREHENDED": ("dhs-apprehended-by-country", r"apprehended|apprehensions|\btable 34\b"),
        "INADMISSIBLE": ("dhs-inadmissible-by-country", r"inadmissible|\btable 37\b"),
        "RETURNED": ("dhs-returned-by-country", r"returned|returns|\btable 40\b"),
    }
)
_CRIMINAL: Final = MappingProxyType({"Total": "_T", "Criminal": "CRIMINAL", "Non-criminal": "NON_CRIMINAL"})
_NO_NAME: Final = "no country or region is known by this name"
_TALLY: Final = {"REF_AREA": "USA", "CRIMINAL_STATUS": "_T"}


def nationality(name: str) -> str | None:
    """The code of a country or region as the yearbook names it, footnote marks and repeated blanks left out."""
    return DHS_NAMES.get(re.sub(r"\s*\d+$", "", " ".join(name.split())))


def _subject(table: Table) -> str | None:
    """Which of the tables by country and year this is, from the lines above it or the name of its sheet."""
    titles = " ".join(cell for row in table.above for cell in row if cell)
    for words in (titles.lower(), table.sheet.lower()):
        for indicator, (_, pattern) in _TABLES.items():
            if re.search(pattern, words):
                return indicator
    return None


def _by_country(table: Table) -> Sequence[Reading]:
    """Tables 34, 37 and 40: persons by nationality and fiscal year."""
    aside = Aside()
    indicator = _subject(table)
    if indicator is None:
        raise AssertionError("the layout claims only tables whose subject is stated")
    years = [name for name in table.names[1:] if is_year(name)]
    frame = numbers(_nationals(table, aside), years, aside, absent=_ABSENT)
    whole = long(frame, ("COUNTERPART_AREA", ROW), [(year, {"TIME_PERIOD": year}) for year in years]).with_columns(
        pl.lit(indicator).alias("INDICATOR"), *(pl.lit(code).alias(name) for name, code in _TALLY.items())
    )
    return [_reading(_TABLES[indicator][0], _TABLES[indicator][0], table, whole, aside)]


def _residents(table: Table) -> Sequence[Reading]:
    """Supplemental table 1: persons obtaining permanent residence, by country of birth and state."""
    aside = Aside()
    year = _fiscal_year(table)
    states = {
        name: US_STATES[written]
        for name, written in zip(table.names, table.header, strict=True)
        if written in US_STATES
    }
    frame = numbers(_nationals(table, aside), states, aside, absent=_ABSENT)
    whole = long(frame, ("COUNTERPART_AREA", ROW), [(name, {"REF_AREA": code}) for name, code in states.items()])
    whole = whole.with_columns(
        pl.lit("LPR").alias("INDICATOR"), pl.lit("_T").alias("CRIMINAL_STATUS"), pl.lit(year).alias("TIME_PERIOD")
    )
    stated = any("fiscal year" in cell.lower() for row in table.above for cell in row)
    notes = () if stated else (f"the table states no year; {year} is from the name of the file",)
    return [_reading("dhs-permanent-residents", RESIDENTS.key, table, whole, aside, notes)]


def _fiscal_year(table: Table) -> str:
    """The fiscal year, from the lines above the table; if they are cut off, from the file's name (`FY2013`)."""
    above = " ".join(cell for row in table.above for cell in row)
    found = re.search(r"fiscal year (\d{4})", above, re.IGNORECASE) or re.search(r"FY[ _-]?(\d{4})", table.path.name)
    if found is None:
        raise Unreadable(
            f"{table.path.name}: the table states no fiscal year, its title is cut off; nothing was read. "
            "Put the year in the file's name, as in FY2013"
        )
    return found[1]


def _nationals(table: Table, aside: Aside) -> pl.DataFrame:
    """The rows whose first cell names a country or region; `-` in the others is zero. Other rows are set aside."""
    first = table.names[0]
    frame = kept(table.frame, first, lambda name: nationality(name) is not None, aside, _NO_NAME)
    codes = {name: code for name in frame[first].unique() if (code := nationality(name))}
    return frame.with_columns(
        pl.col(first).replace(codes).alias("COUNTERPART_AREA"),
        *map(_zeros, table.names[1:]),
    )


def _zeros(name: str) -> pl.Expr:
    """The column with the yearbook's dash, which means zero, as 0."""
    return (
        pl.when(pl.col(name).str.strip_chars().is_in(["-", "–"])).then(pl.lit("0")).otherwise(pl.col(name)).alias(name)
    )


def _removals(table: Table) -> Sequence[Reading]:
    """Removals by nationality (one column each), fiscal year and criminal status.

    Some nationalities have two columns, one for each spelling of the yearbooks: the one with a figure is taken.
    """
    aside = Aside()
    year, status, *_ = table.names
    frame = kept(table.frame, year, is_year, aside, "not a fiscal year")
    frame = frame.with_columns(pl.col(status).str.strip_chars(), *map(_zeros, table.names[2:]))
    frame = kept(frame, status, lambda text: text in _CRIMINAL, aside, "neither Total, Criminal nor Non-criminal")
    cells = []
    for name, written in zip(table.names[2:], table.header[2:], strict=True):
        code = nationality(written)
        if code is None:
            aside.add_one(1, written, "", f"{_NO_NAME}; the column was not stored")
        else:
            cells.append((name, {"COUNTERPART_AREA": code, "written": written}))
    frame = numbers(frame, [name for name, _ in cells], aside, absent=_ABSENT)
    whole = long(frame, (year, status, ROW), cells).with_columns(
        pl.col(year).alias("TIME_PERIOD"), pl.col(status).replace(dict(_CRIMINAL)).alias("CRIMINAL_STATUS")
    )
    whole = _one_spelling(whole, aside).with_columns(
        pl.lit("REMOVED").alias("INDICATOR"), pl.lit("USA").alias("REF_AREA")
    )
    return [_reading("dhs-removals-by-criminal-status", REMOVALS.key, table, whole, aside)]


def _one_spelling(whole: pl.DataFrame, aside: Aside) -> pl.DataFrame:
    """One row for each nationality, year and status: the largest figure of its spellings; others are set aside."""
    key = ("COUNTERPART_AREA", ROW)
    ranked = whole.sort("OBS_VALUE", descending=True, nulls_last=True, maintain_order=True)
    first = ranked.select(pl.struct(key).is_first_distinct())["COUNTERPART_AREA"]
    chosen, others = ranked.filter(first), ranked.filter(~first).filter(pl.col("OBS_VALUE") > 0)
    for column, row, figure in others.select("written", ROW, "OBS_VALUE").iter_rows():
        aside.add_one(row, column, str(figure), "the nationality has another column with a figure; that one was stored")
    return chosen.sort(ROW, maintain_order=True)


def _reading(
    dataset: str, layout: str, table: Table, whole: pl.DataFrame, aside: Aside, notes: tuple[str, ...] = ()
) -> Reading:
    aside.ragged(table)
    words = {code: name for name, code in DHS_AGGREGATES.items() if not code.startswith("_")} | dict(BESIDE_ISO)
    used = set(whole["COUNTERPART_AREA"].unique())
    return Reading(
        publisher=PUBLISHER,
        dataset=dataset,
        dataflow="ENFORCEMENT",
        layout=layout,
        vintage=None,
        licence=LICENCE,
        observations=observations("ENFORCEMENT", whole),
        set_aside=aside.frame(),
        rows_read=table.frame.height + len(table.ragged),
        labels=labels({"COUNTERPART_AREA": {code: name for code, name in words.items() if code in used}}),
        notes=("a period is a fiscal year of the United States, October to September", *notes),
    )


def _years_across(table: Table) -> bool:
    """Whether the header is a first column of names and then years only, two at least."""
    first, *others = table.header
    named = plain(first) in {"", "region", "country"} or plain(first).startswith("region and country")
    years = [cell for cell in others if cell]
    return named and len(years) > 1 and all(map(is_year, years))


def _any_place(name: str) -> bool:
    """Each column is a place or a year: one that is not known is set aside by the reader itself."""
    return True


def _claims(indicator: str) -> Layout:
    """The layout of the table by country and year whose subject is `indicator`."""
    return Layout(
        _TABLES[indicator][0],
        frozenset(),
        _by_country,
        claims=lambda table: _years_across(table) and _subject(table) == indicator,
        family=_any_place,
    )


REMOVALS: Final = Layout(
    "dhs-removals-by-criminal-status",
    columns("El Salvador", "Mexico", "Total"),
    _removals,
    claims=lambda table: all(plain(name) == "" or plain(name).startswith("unnamed") for name in table.header[:2]),
    family=_any_place,
)
RESIDENTS: Final = Layout(
    "dhs-permanent-residents", columns("Total", "Alabama", "California", "Texas"), _residents, family=_any_place
)
LAYOUTS: Final = (*map(_claims, _TABLES), REMOVALS, RESIDENTS)
