"""From a question and its frame to the figures: one answer feeds page, chart, map, CSV and JSON alike."""

from collections.abc import Sequence

import polars as pl

from torogoz.domain.ages import ALL, SETS, band, is_band
from torogoz.statistics import periods
from torogoz.statistics.ages import harmonise
from torogoz.statistics.dataflows import TIME, UnclearQuestion, select
from torogoz.statistics.private_releases import RELEASED
from torogoz.topics.flows.questions import Question

HIDDEN = ("C", "D", "N", "S")
SHORTEST_FIRST = ("D", "M", "Q", "S", "A")
LENGTHS = {"A": 4, "Q": 7, "M": 7}


class CannotAddPeriods(UnclearQuestion):
    """The question asks for longer periods than the publisher gives, and these figures are not added over time."""


def answer(question: Question, frame: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    """The figures of a question, as `torogoz data` gives them, with the frequency asked for.

    frame    the observations of the question's dataflow
    returns  the columns of `statistics.dataflows.select`; a protected figure has no OBS_VALUE, also where it is part
             of a sum
    raises   UnclearQuestion for unknown codes and unreadable periods, CannotAddPeriods
    """
    wanted, lazy = _periods(question, frame.lazy())
    where = {name: list(codes) for name, codes in question.where.items()}
    if wanted is not None:
        lazy = lazy.filter(pl.col(TIME).is_in(list(wanted)))
        if question.frequency and question.by:
            lazy = _coarser(lazy, wanted, question.frequency)
    known, by = dict(where), list(question.by)
    if by and question.flow.id in RELEASED and TIME not in by:
        by.append(TIME)  # each year was protected on its own: years are not added, nor is one left unnamed
    found = without_protected(select(lazy, question.flow, where, by or None, known))
    if question.frequency and wanted and TIME in found.columns:
        found = _with_open_periods(found, _unfinished(wanted, question.frequency))
    return found


def with_comparable_ages(question: Question, found: pl.DataFrame) -> pl.DataFrame:
    """The answer in the bands that the question asks for, where it is along AGE; split figures have OBS_STATUS E.

    What has no value in a published band (OBS_UNKNOWN) is counted at the youngest of the bands that it reaches.
    """
    if not question.ages or "AGE" not in found.columns or "AGE" not in question.by:
        return found
    target = SETS[question.ages]
    by = [name for name in (*question.flow.names, "SOURCE") if name in found.columns and name != "AGE"]
    made = harmonise(found, target, by)
    if "OBS_UNKNOWN" in found.columns:
        reached = {code: _youngest(code, target) for code in found["AGE"].unique().to_list()}
        unknown = (
            found.with_columns(pl.col("AGE").replace(reached)).group_by(*by, "AGE").agg(pl.col("OBS_UNKNOWN").sum())
        )
        made = made.join(unknown, on=[*by, "AGE"], how="left", nulls_equal=True, maintain_order="left")
        made = made.with_columns(pl.col("OBS_UNKNOWN").fill_null(0))
    return made.select([name for name in found.columns if name in made.columns])


def _youngest(code: str, target: Sequence[str]) -> str:
    """The first of the bands that a published band reaches; the code itself if it is none."""
    if not is_band(code) or band(code) == ALL:
        return code
    return next((each for each in target if band(each).overlaps(band(code))), code)


def without_protected(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame without any value beside a CONF_STATUS that forbids it: the sum of the rest would mislead.

    A protected figure is known, so its OBS_STATUS never says that it is missing.
    """
    if "CONF_STATUS" not in frame.columns:
        return frame
    hidden = pl.col("CONF_STATUS").is_in(list(HIDDEN)).fill_null(value=False)
    status = pl.col("OBS_STATUS")
    return frame.with_columns(
        pl.when(~hidden).then(pl.col("OBS_VALUE")).alias("OBS_VALUE"),
        pl.when(hidden & (status == "M")).then(pl.lit("A")).otherwise(status).alias("OBS_STATUS"),
    )


def periods_of(frame: pl.DataFrame | pl.LazyFrame) -> list[str]:
    """The periods of a frame, in their order."""
    column = frame.lazy().select(pl.col(TIME).drop_nulls().unique()).collect().to_series()
    return sorted(column.to_list(), key=lambda period: (periods.bounds(period), period))


def _periods(question: Question, frame: pl.LazyFrame) -> tuple[list[str] | None, pl.LazyFrame]:
    """The periods to answer from, None for all: those within the question's, of the frequency that it asks for."""
    length = _length(question)
    if not (length or question.frequency):
        return None, frame
    within = [period for period in periods_of(frame) if question.includes(period)]
    return (_of_frequency(question, within) if question.frequency else _as_long(length, within)), frame


def _length(question: Question) -> str:
    """How long the periods of an answer are where no frequency is asked for: as those that the question names.

    A release gives years and their months, and no answer lays them beside each other: years unless months are named.
    """
    named = {periods.frequency(period) for period in (question.first, question.last) if period}
    if named:
        return next(code for code in SHORTEST_FIRST if code in named)
    return "A" if question.by and question.flow.id in RELEASED else ""


def _as_long(length: str, present: Sequence[str]) -> list[str]:
    """The periods of one length, and others only where there is none of that length over the same time."""
    asked = [period for period in present if periods.frequency(period) == length]
    rest = [period for period in present if not any(periods.overlap(period, each) for each in asked)]
    return [period for period in present if period in asked or period in rest]


def _of_frequency(question: Question, present: Sequence[str]) -> list[str]:
    """The periods of one frequency as published, or the shorter ones from which they can be added."""
    order = ("A", "Q", "M", "D")
    published = [period for period in present if periods.frequency(period) == question.frequency]
    if published:
        return published
    shorter = order[order.index(question.frequency) + 1 :]
    for code in shorter:
        found = [period for period in present if periods.frequency(period) == code]
        if found:
            if question.flow.dimension(TIME).role != "sum":
                raise CannotAddPeriods(f"{question.flow.id} is published by shorter periods, which are not added")
            return found
    return []


def _coarser(frame: pl.LazyFrame, present: Sequence[str], frequency: str) -> pl.LazyFrame:
    """The frame with each period written as the longer one that holds it."""
    holder = {period: _holder(period, frequency) for period in present}
    return frame.with_columns(pl.col(TIME).replace_strict(holder, return_dtype=pl.String))


def _unfinished(present: Sequence[str], frequency: str) -> list[str]:
    """The longer periods of which the publisher has not given the last part, or not the first."""
    parts: dict[str, list[str]] = {}
    for period in present:
        parts.setdefault(_holder(period, frequency), []).append(period)
    return [
        holder
        for holder, held in parts.items()
        if periods.bounds(held[-1])[1] < periods.bounds(holder)[1]
        or periods.bounds(held[0])[0] > periods.bounds(holder)[0]
    ]


def _with_open_periods(frame: pl.DataFrame, unfinished: Sequence[str]) -> pl.DataFrame:
    """The frame with the figures of unfinished periods marked as provisional."""
    is_open = pl.col(TIME).is_in(list(unfinished)) & pl.col("OBS_VALUE").is_not_null()
    return frame.with_columns(pl.when(is_open).then(pl.lit("P")).otherwise(pl.col("OBS_STATUS")).alias("OBS_STATUS"))


def _holder(period: str, frequency: str) -> str:
    first = periods.bounds(period)[0]
    if periods.frequency(period) == frequency:
        return period
    return f"{first.year}" if frequency == "A" else f"{first.year}-Q{(first.month + 2) // 3}"
