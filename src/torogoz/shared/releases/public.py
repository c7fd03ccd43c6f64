"""What a page may say of a release. Shares are whole per cents and rows are not counted: an exact share of unknowns,
or the sum of all years, could give a hidden cell back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from torogoz.exchange.writers.charts.table import Cell, cell
from torogoz.shared.releases.words import meaning
from torogoz.statistics.tabulation import is_total

SHOWN = 20
SHARES = {"unknown", "repeated_rows", "rows_shared_by_few"}
KEPT_INSIDE = {"rows"}
CODELISTS = {
    "COUNTERPART_AREA": "AREA",
    "REF_AREA": "DEPARTMENT",
    "ORIGIN": "DEPARTMENT",
    "ACCOMPANIED": "ANSWER",
    "CITIZENSHIP": "AREA",
    "BIRTH_AREA": "AREA",
}

Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Look:
    """One thing that was looked at: which check, of what, what was found (per cent, or plain), whether it passes."""

    check: str
    of: str
    percent: int | None
    passes: bool


@dataclass(frozen=True)
class Change:
    """One published figure that was revised: when, of what, from what to what."""

    period: str
    of: tuple[str, ...]
    before: float
    after: float


def looks(findings: Sequence[Mapping[str, Any]], language: str) -> Iterator[Look]:
    """The findings of a validation report as the public may read them, columns by their meaning.

    A code that was never seen is not named: it may be of a column that no table shows, and of one person.
    """
    new_codes = False
    for finding in findings:
        if finding["check"] in KEPT_INSIDE or (finding["check"] == "code_never_seen" and new_codes):
            continue
        new_codes |= finding["check"] == "code_never_seen"
        percent = _whole(finding["figure"]) if finding["check"] in SHARES else None
        of = meaning(finding["of"], language) if finding["check"] == "unknown" else finding["of"]
        yield Look(finding["check"], of, percent, bool(finding["passes"]))


def hidden_percent(figures: Mapping[str, Any]) -> int:
    """How many of a hundred cells are hidden."""
    hidden = figures["hidden"] if "epsilon" in figures else figures["hidden_small"] + figures["hidden_for_others"]
    return _whole(hidden / max(figures["cells"], 1))


def revisions(changes: pl.DataFrame, names: Names) -> list[Change]:
    """The largest material revisions, with the names of their codes."""
    by = (pl.col("AFTER") - pl.col("BEFORE")).abs()
    largest = changes.filter("MATERIAL").sort(
        by, *changes.columns[:-4], descending=[True, *[False] * (changes.width - 4)]
    )
    dimensions = [name for name in changes.columns[:-4] if name != "TIME_PERIOD"]
    return [
        Change(
            row["TIME_PERIOD"],
            tuple(
                names.get(CODELISTS.get(name, name), {}).get(row[name], row[name])
                for name in dimensions
                if not is_total(name, row[name])
            ),
            row["BEFORE"],
            row["AFTER"],
        )
        for row in largest.head(SHOWN).iter_rows(named=True)
    ]


@dataclass(frozen=True)
class Differing:
    """One published cell that differs: when, of what, how, what stood there and what stands there now."""

    period: str
    of: tuple[str, ...]
    how: str
    before: Cell
    after: Cell
    percent: float | None


def differing(found: pl.DataFrame, names: Names, shown: int = SHOWN) -> list[Differing]:
    """The first rows of `bitemporal.difference`, the material ones, with the names of their codes."""
    beside = {"BEFORE", "AFTER", "STATUS_BEFORE", "STATUS_AFTER", "HOW", "RELATIVE", "MATERIAL", "TIME_PERIOD"}
    dimensions = [name for name in found.columns if name not in beside]
    return [
        Differing(
            row["TIME_PERIOD"],
            tuple(
                names.get(CODELISTS.get(name, name), {}).get(row[name], row[name])
                for name in dimensions
                if not is_total(name, row[name])
            ),
            row["HOW"],
            _cell(row["BEFORE"], row["STATUS_BEFORE"]),
            _cell(row["AFTER"], row["STATUS_AFTER"]),
            None if row["RELATIVE"] is None else round(100 * row["RELATIVE"], 1),
        )
        for row in found.filter("MATERIAL").head(shown).iter_rows(named=True)
    ]


def _cell(value: float | None, status: str | None) -> Cell:
    """One side of a difference; a cell that is not there on that side is not available."""
    observed, _, confidential = (status or "M").partition(" ")
    return cell(value, observed, confidential or None)


def counted_by_how(found: pl.DataFrame) -> list[tuple[str, int, int]]:
    """How many cells differ in which way, and how many of them materially."""
    counts = found.group_by("HOW").agg(pl.len(), pl.col("MATERIAL").sum()).sort("HOW")
    return [(how, cells, material) for how, cells, material in counts.iter_rows()]


def counted(changes: pl.DataFrame) -> dict[str, int]:
    """How many cells were added, gone, hidden, shown, revised."""
    return dict(changes.group_by("HOW").len().sort("HOW").iter_rows())


def _whole(share: float) -> int:
    return round(100 * share)
