"""The figures of an indicator once more, by plain loops over rows: slow, and read in a minute."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from torogoz.statistics.indicators.definition import (
    AnyOf,
    Breakdown,
    Comparison,
    Condition,
    Count,
    Distinct,
    External,
    Indicator,
    Mean,
    Quantile,
    Ratio,
    Share,
    Stock,
    Sum,
    Where,
    parts_of,
)

Row = Mapping[str, Any]
Key = tuple[str, ...]
Figure = tuple[float | None, float | None, int, int]  # value, below the line, rows or persons, unsure
Cell = tuple[float | None, float | None, float | None, int | None, int]  # OBS_VALUE, above, below, N, OBS_UNKNOWN


def plain_cells(indicator: Indicator, tables: Mapping[str, Sequence[Row]]) -> dict[Key, Cell]:
    """Every cell by FREQ, dimensions and TIME_PERIOD. Measures without dataflows only."""
    measure = indicator.measure
    figures = [_figures(indicator, part, tables) for part in parts_of(measure)]
    cells: dict[Key, Cell] = {}
    for key in dict.fromkeys(key for part in figures for key in part):
        value, below, count, unsure = figures[0].get(key, (0.0, None, 0, 0))
        if isinstance(measure, Ratio | Stock):
            other = figures[1].get(key, (0.0, None, 0, 0))
            below, unsure = other[0], unsure + other[3]
        if isinstance(measure, Ratio | Share | Mean):
            times = 1 if isinstance(measure, Mean) else measure.times
            known = value is not None and below is not None and below != 0
            cells[key] = (value * times / below if known else None, value, below, count, unsure)  # type: ignore[operator]
        elif isinstance(measure, Stock):
            cells[key] = (value, value, below, count, unsure)
        else:
            cells[key] = (value, None, None, count, unsure)
    return _running(cells) if isinstance(measure, Stock) else cells


def _running(flows: dict[Key, Cell]) -> dict[Key, Cell]:
    """What there is at the end of each period, of a register that began empty."""
    stocks: dict[Key, Cell] = {}
    for frequency in {key[0] for key in flows}:
        times = sorted({key[-1] for key in flows if key[0] == frequency})
        for place in {key[1:-1] for key in flows if key[0] == frequency}:
            there: float | None = 0.0
            for time in _every(times[0], times[-1], frequency):
                _, came, went, _, unsure = flows.get((frequency, *place, time), (0.0, 0.0, 0.0, 0, 0))
                there = None if there is None or came is None or went is None else there + came - went
                whole = None if there is None else round(there)
                stocks[(frequency, *place, time)] = (there, None, None, whole, unsure)
    return stocks


def _every(first: str, last: str, frequency: str) -> list[str]:
    ends = {"A": [""], "Q": ["-Q1", "-Q2", "-Q3", "-Q4"], "M": [f"-{month:02}" for month in range(1, 13)]}[frequency]
    every = [f"{year}{end}" for year in range(int(first[:4]), int(last[:4]) + 1) for end in ends]
    return every[every.index(first) : every.index(last) + 1]


def _figures(indicator: Indicator, part: Any, tables: Mapping[str, Sequence[Row]]) -> dict[Key, Figure]:
    assert not isinstance(part, External)
    groups: dict[Key, list[Row]] = defaultdict(list)
    seen: set[tuple[Key, int]] = set()
    for row in tables[part.table]:
        if row["TIME_PERIOD"] in (None, "", "_U"):
            continue
        for frequency in indicator.frequency:
            for names in indicator.sets:
                codes = dict(indicator.dimensions)
                for name in names:
                    breakdown = indicator.breakdown(name)
                    alike = [each for each in indicator.breakdowns if each.dimension == breakdown.dimension]
                    unknown = any(_code(each, row) == each.unknown for each in alike)
                    codes[breakdown.dimension] = breakdown.unknown if unknown else _code(breakdown, row)
                key = (frequency, *codes.values(), _period(row["TIME_PERIOD"], frequency))
                if (key, id(row)) not in seen:  # two breakdowns of a dimension have their unknowns in common
                    seen.add((key, id(row)))
                    groups[key].append(row)
    return {key: _figure(part, rows) for key, rows in groups.items()}


def _figure(part: Any, rows: Sequence[Row]) -> Figure:
    """The figure of one cell."""
    answers = [(row, _truth(part.where, row)) for row in rows]
    unsure = sum(answer is None for _, answer in answers)
    inside = [row for row, answer in answers if answer]
    match part:
        case Count():
            return (None if unsure == len(rows) else float(len(inside))), None, len(inside), unsure
        case Share():
            within = [_truth(part.part, row) for row in inside]
            yes, no, more = within.count(True), within.count(False), within.count(None)
            return float(yes), float(yes + no), yes, unsure + more
    known = [row[part.column] for row in inside if not _blank(row[part.column])]
    unsure += len(inside) - len(known)
    match part:
        case Distinct():
            return (None if unsure == len(rows) else float(len(set(known)))), None, len(set(known)), unsure
        case Sum():
            return (None if unsure and not known else math.fsum(known)), None, len(known), unsure
        case Mean():
            return math.fsum(known), float(len(known)), len(known), unsure
        case Quantile():
            return _quantile(sorted(known), part.at), None, len(known), unsure
    raise AssertionError(part)


def _quantile(values: Sequence[float], at: float) -> float | None:
    if not values:
        return None
    place = (len(values) - 1) * at
    low, high = values[math.floor(place)], values[math.ceil(place)]
    return low + (high - low) * (place - math.floor(place))


def _truth(where: Where, row: Row) -> bool | None:
    """All conditions hold: no if one fails, else unknown if one is unknown, else yes."""
    answers = [_holds(each, row) for each in where]
    return False if False in answers else None if None in answers else True


def _holds(condition: Condition | AnyOf, row: Row) -> bool | None:
    if isinstance(condition, AnyOf):
        answers = [_truth(group, row) for group in condition.groups]
        return True if True in answers else None if None in answers else False
    value, wanted = row[condition.column], condition.values
    if condition.test in (Comparison.KNOWN, Comparison.UNKNOWN):
        return _blank(value) is (condition.test is Comparison.UNKNOWN)
    if _blank(value):
        return None
    match condition.test:
        case Comparison.IN:
            return value in wanted
        case Comparison.NOT_IN:
            return value not in wanted
        case Comparison.HAS:
            return bool(set(value.split()) & set(wanted))
        case Comparison.AT_LEAST:
            return bool(value >= wanted[0])
        case Comparison.AT_MOST:
            return bool(value <= wanted[0])
    return bool(wanted[0] <= value <= wanted[1])


def _blank(value: Any) -> bool:
    return value in (None, "", "_U") or (isinstance(value, float) and math.isnan(value))


def _code(breakdown: Breakdown, row: Row) -> str:
    value = row[breakdown.column]
    if _blank(value):
        return breakdown.unknown
    if not breakdown.bands:
        return str(value)
    found = [word for low, word in zip(breakdown.bands, breakdown.band_codes(), strict=True) if value >= low]
    return found[-1] if found else breakdown.unknown


def _period(written: str, frequency: str) -> str:
    if frequency == "M":
        return written
    return written[:4] if frequency == "A" else f"{written[:4]}-Q{(int(written[5:]) + 2) // 3}"
