"""Made-up linked tables for the tests of disclosure control: cells of several crossings of the same events."""

from collections.abc import Sequence
from itertools import product

import numpy as np

from torogoz.statistics.disclosure.system import Key, Real, Sum, System, system_of

TOTAL = "_T"


def linked_tables(
    events: Sequence[Key], codes: Sequence[Sequence[str]], crossings: Sequence[tuple[int, ...]]
) -> tuple[list[Key], Real, System]:
    """The cells of `crossings` (positions of the dimensions crossed, the others at their total), totals included.

    events  one tuple of codes per event; codes  the codes of each dimension
    """
    cells: dict[Key, float] = {}
    for crossing in crossings:
        for key in product(*((TOTAL, *codes[place]) if place in crossing else (TOTAL,) for place in range(len(codes)))):
            cells[key] = float(
                sum(all(code in (TOTAL, own) for code, own in zip(key, event, strict=True)) for event in events)
            )
    keys = sorted(cells)
    sums = [Sum(place, TOTAL, tuple(own)) for place, own in enumerate(codes)]
    return keys, np.array([cells[key] for key in keys]), system_of(keys, sums)


def table(rows: Sequence[Sequence[int]]) -> tuple[list[Key], Real, System]:
    """A table of two dimensions with its totals, from its inner cells: cell ("1", "0") is second row, first column."""
    events = [
        (str(place), str(column))
        for place, row in enumerate(rows)
        for column, count in enumerate(row)
        for _ in range(count)
    ]
    codes = [[str(place) for place in range(len(rows))], [str(column) for column in range(len(rows[0]))]]
    return linked_tables(events, codes, [(0, 1)])
