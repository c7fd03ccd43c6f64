"""From what a program asks to the observations that answer it. Every filter is held against the codes that exist."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from functools import reduce
from operator import and_, or_
from typing import Final

import polars as pl

from torogoz.exchange.readers.sdmx_rest import (
    Condition,
    NothingFound,
    NotOffered,
    Question,
    Refused,
    Term,
    TooLarge,
    Unprocessable,
)
from torogoz.exchange.writers.sdmx_model import (
    AGENCY,
    EVERY_DIMENSION,
    MEASURE,
    TIME,
    VERSION,
    Action,
    Content,
    Part,
    Region,
    Structure,
)
from torogoz.shared.observations import queries as observations
from torogoz.shared.sdmx import structures
from torogoz.statistics import periods
from torogoz.statistics.bitemporal import HOW, VALID_FROM, VALID_TO, How
from torogoz.statistics.dataflows import DATAFLOWS, Dataflow
from torogoz.statistics.observations import DATASET, with_frequency

FREQ: Final = "FREQ"
# So many lines of the log are looked through for one answer, and no more.
MOST_LINES: Final = 3_000_000
ALWAYS_KNOWN: Final = ("_T", "_U", "SLV")
Tests = Mapping[str, Callable[[str, str], bool]]

_TEXT: Final[Tests] = {
    "eq": lambda code, value: code == value,
    "ne": lambda code, value: code != value,
    "lt": lambda code, value: code < value,
    "le": lambda code, value: code <= value,
    "gt": lambda code, value: code > value,
    "ge": lambda code, value: code >= value,
    "co": lambda code, value: value in code,
    "nc": lambda code, value: value not in code,
    "sw": lambda code, value: code.startswith(value),
    "ew": lambda code, value: code.endswith(value),
}
# A period is from 2020 on if it begins no earlier, and until 2020 if it ends no later.
_TIME: Final[Tests] = {
    **_TEXT,
    "lt": lambda period, value: periods.bounds(period)[1] < periods.bounds(value)[0],
    "le": lambda period, value: periods.bounds(period)[1] <= periods.bounds(value)[1],
    "gt": lambda period, value: periods.bounds(period)[0] > periods.bounds(value)[1],
    "ge": lambda period, value: periods.bounds(period)[0] >= periods.bounds(value)[0],
}


@dataclass(frozen=True)
class Asked:
    """A question about one dataflow, checked: what it is about, and which keys of the log it chooses.

    allowed     the codes that each dimension may have, where the conditions leave some out
    keys        the same for each key of the path; none for all
    conditions  on attributes and on the value, which are looked at in the answer itself
    """

    flow: Dataflow
    structure: Structure
    question: Question
    allowed: Mapping[str, Sequence[str]]
    keys: tuple[Mapping[str, Sequence[str]], ...]
    conditions: Mapping[str, Condition]

    def where(self, without: str = "") -> pl.Expr | None:
        """The keys of the log that are asked for; `without` leaves out what is asked of one dimension."""
        wanted = [self._within(name, codes) for name, codes in self.allowed.items() if name != without]
        if self.keys:
            each_key = [
                reduce(
                    and_, [self._within(name, codes) for name, codes in key.items() if name != without], pl.lit(True)
                )
                for key in self.keys
            ]
            wanted.append(reduce(or_, each_key))
        return reduce(and_, wanted) if wanted else None

    def _within(self, name: str, codes: Sequence[str]) -> pl.Expr:
        if name != FREQ:
            return pl.col(name).is_in(list(codes))
        present = structures.codes_ever(self.flow)[TIME]
        return pl.col(TIME).is_in([period for period in present if periods.frequency(period) in codes])


def flow_of(question: Question, context: str) -> Dataflow:
    """The one dataflow that a question is about. Raises NothingFound, TooLarge, NotOffered."""
    if context == "provisionagreement":
        raise NotOffered("no provision agreement is published; ask by dataflow")
    named = [flow for flow in DATAFLOWS.values() if question.reference.names(AGENCY, flow.id, VERSION)]
    if not named:
        ids = [word for word in question.reference.ids if word != "*"]
        near = get_close_matches(ids[0].upper(), DATAFLOWS, n=2, cutoff=0.5) if ids else []
        hint = f"; did you mean {' or '.join(near)}?" if near else f"; there are {', '.join(DATAFLOWS)}"
        raise NothingFound(f"{AGENCY} publishes no such dataflow in version {VERSION}{hint}")
    if len(named) > 1:
        raise TooLarge(f"one dataflow is answered at a time, and {len(named)} are asked for; name one of them")
    return named[0]


def asked(question: Question, flow: Dataflow) -> Asked:
    """The question, held against the structure and the codes. Raises Refused, Unprocessable."""
    published = structures.structure(flow)
    ever = structures.codes_ever(flow)
    present = {**ever, FREQ: sorted({periods.frequency(period) for period in ever[TIME]})}
    known = {
        each.id: {code.id for code in each.codes} for each in structures.codelists(_lists_asked(published, question))
    }
    allowed: dict[str, Sequence[str]] = {}
    others: dict[str, Condition] = {}
    for name, wanted in question.conditions.items():
        if name in published.dimensions:
            allowed[name] = _allowed(published, name, wanted, present[name], known)
        elif name == MEASURE or name in published.attributes:
            others[name] = wanted
        else:
            raise Unprocessable(f"{flow.id} has no component {name}{_near(name, _components(published))}")
    keys = tuple(_key(published, key, present, known) for key in question.keys)
    return Asked(flow, published, question, allowed, keys, others)


def content(ask: Asked, most: int) -> Content:
    """The observations that answer, ready to be written. Raises NothingFound, TooLarge, Unprocessable, NotOffered."""
    question, flow = ask.question, ask.flow
    if question.sort:
        raise NotOffered("sort is not offered: series come in the order of their keys, and periods in order of time")
    at = _at_observation(ask)
    columns = _columns(ask)
    where = ask.where()
    lines = observations.lines_of(flow, where)
    pages = question.limit is not None and question.limit <= most
    if lines > MOST_LINES or (lines > most and not pages and not (question.first or question.last or ask.conditions)):
        raise TooLarge(_too_large(lines, most))
    found = _found(ask, where)
    if found.height > most:
        raise TooLarge(_too_large(found.height, most))
    if found.is_empty():
        raise NothingFound("no observation answers the question")
    names = structures.names_of(
        flow, {name: found[name].unique().drop_nulls().to_list() for name in columns if name in found.columns}
    )
    return Content(ask.structure, tuple(_parts(ask, found, columns, at)), at, names)


def region(ask: Asked, only: Sequence[str] = ()) -> Region:
    """The values of each dimension that have data for a question, and how much. Raises NothingFound."""
    if ask.conditions:
        raise Unprocessable("availability is asked by dimensions; attributes and values are filtered in data")
    series = list(ask.structure.key)
    here = _keys_found(ask, ask.where())
    if here.is_empty():
        raise NothingFound("no observation answers the question")
    values: dict[str, list[str]] = {}
    for name in series:
        if only and name not in only:
            continue
        frame = here
        if ask.question.mode == "available" and (name in ask.allowed or any(name in key for key in ask.keys)):
            frame = _keys_found(ask, ask.where(without=name))
        values[name] = frame[name].unique().sort().to_list()
    time = sorted(here[TIME].unique().to_list(), key=lambda period: periods.bounds(period))
    shown = not only or TIME in only
    return Region(
        ask.structure,
        values,
        here.height,
        here.select(series).unique().height,
        time[0] if shown else "",
        max(time, key=lambda period: periods.bounds(period)[1]) if shown else "",
    )


def _keys_found(ask: Asked, where: pl.Expr | None) -> pl.DataFrame:
    question = ask.question
    found = observations.seen(ask.flow, where=where, updated_after=question.updated_after)
    return with_frequency(found.select([*ask.flow.names, DATASET])).collect()


def _found(ask: Asked, where: pl.Expr | None) -> pl.DataFrame:
    """The rows that answer, with FREQ, sorted by their keys, times as text."""
    question = ask.question
    later = bool(ask.conditions or question.first or question.last)
    offset, limit = (0, None) if later else (question.offset, question.limit)
    found = observations.seen(
        ask.flow,
        where=where,
        as_of=question.as_of,
        updated_after=question.updated_after,
        history=question.include_history,
        offset=offset,
        limit=limit,
    )
    if VALID_TO not in found.columns:
        found = found.with_columns(pl.lit(None, dtype=pl.Datetime("us", "UTC")).alias(VALID_TO))
    found = (
        with_frequency(found).collect().sort([VALID_FROM] * question.include_history + list(ask.structure.dimensions))
    )
    written = [pl.col(name).dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").alias(f"{name}") for name in (VALID_FROM, VALID_TO)]
    unit = pl.lit(ask.flow.unit_en).alias("UNIT_MEASURE")
    found = found.with_columns(pl.col(VALID_FROM).alias("MOMENT"), unit, *written)
    for name, wanted in ask.conditions.items():  # held against what is written: moments as text, the unit too
        found = found.filter(_expression(ask.structure, name, wanted))
    if question.first or question.last:
        found = _first_and_last(found, [*ask.structure.key, *([VALID_FROM] * question.include_history)], question)
    if later:
        found = found.slice(question.offset, question.limit)
    return found


def _first_and_last(found: pl.DataFrame, series: Sequence[str], question: Question) -> pl.DataFrame:
    """The first and the last observations of each series, as many as are asked for."""
    place, rest = pl.int_range(pl.len()).over(series), pl.len().over(series) - pl.int_range(pl.len()).over(series)
    wanted = []
    if question.first:
        wanted.append(place < question.first)
    if question.last:
        wanted.append(rest <= question.last)
    return found.filter(reduce(or_, wanted))


def _parts(ask: Asked, found: pl.DataFrame, columns: Sequence[str], at: str) -> list[Part]:
    """The data sets of the message: one; what to replace and to delete; or one for each time that something changed."""
    order = [name for name in ask.structure.dimensions if name != at]
    order = [*order, at] if at != EVERY_DIMENSION else list(ask.structure.dimensions)
    ready = found.sort(order, maintain_order=True) if at not in (TIME, EVERY_DIMENSION) else found
    if columns and not ({MEASURE, *ask.structure.attributes} & set(columns)):
        return [Part(ready.select(columns).unique(maintain_order=True))]
    if ask.question.updated_after is not None:
        gone = pl.col(HOW) == How.REMOVED
        sets = ((Action.REPLACE, ready.filter(~gone)), (Action.DELETE, ready.filter(gone)))
        return [Part(rows.select(columns), action) for action, rows in sets if not rows.is_empty()]
    if ask.question.include_history:
        return [
            Part(rows.select(columns), valid_from=_moment(rows))
            for _, rows in ready.group_by(["MOMENT"], maintain_order=True)
        ]
    return [Part(ready.select(columns))]


def _moment(rows: pl.DataFrame) -> datetime | None:
    first = rows["MOMENT"][0]
    return first if isinstance(first, datetime) else None


def _wanted_attributes(ask: Asked) -> list[str]:
    """The attributes that are asked for, in the order of the structure. Raises Unprocessable."""
    words, published = ask.question.attributes, ask.structure
    of_time = ask.question.include_history or ask.question.updated_after or ask.question.as_of
    wanted: set[str] = set()
    for word in words:
        if word in ("dsd", "obs"):
            wanted |= {name for name in published.attributes if of_time or name not in structures.OF_TIME}
        elif word == "all":
            wanted |= set(published.attributes)
        elif word in published.attributes:
            wanted.add(word)
        elif word not in ("none", "dataset", "series", "msd"):
            raise Unprocessable(f"{ask.flow.id} has no attribute {word}{_near(word, published.attributes)}")
    return [name for name in published.attributes if name in wanted]


def _columns(ask: Asked) -> list[str]:
    """The columns of the answer: dimensions, the value, the attributes of observations."""
    measures = ask.question.measures
    for word in measures:
        if word not in ("all", "none", MEASURE):
            raise Unprocessable(f"{ask.flow.id} has no measure {word}; it has {MEASURE}")
    attributes = _wanted_attributes(ask)
    shown = [MEASURE] if "all" in measures or MEASURE in measures else []
    if not shown and not attributes:
        return list(ask.structure.key)
    return [*ask.structure.dimensions, *shown, *attributes]


def _at_observation(ask: Asked) -> str:
    at = ask.question.at_observation or TIME
    if at != EVERY_DIMENSION and at not in ask.structure.dimensions:
        raise Unprocessable(f"{ask.flow.id} has no dimension {at}{_near(at, ask.structure.dimensions)}")
    return at


def _key(
    published: Structure,
    key: Sequence[Sequence[str]],
    present: Mapping[str, Sequence[str]],
    known: Mapping[str, set[str]],
) -> dict[str, Sequence[str]]:
    """The codes that one key asks for, by dimension. Raises Refused, Unprocessable."""
    if len(key) > len(published.key):
        raise Refused(
            f"the key has {len(key)} positions, and {published.id} has {len(published.key)}: {'.'.join(published.key)}"
        )
    chosen: dict[str, Sequence[str]] = {}
    for name, codes in zip(published.key, key, strict=False):
        if codes:
            wanted = tuple((Term("eq", code),) for code in codes)
            chosen[name] = _allowed(published, name, wanted, present[name], known)
    return chosen


def _allowed(
    published: Structure, name: str, wanted: Condition, present: Sequence[str], known: Mapping[str, set[str]]
) -> list[str]:
    """The present codes that fulfil a condition. Raises Unprocessable for a code that no list has."""
    codelist = published.component(name).codelist
    tests = _TIME if name == TIME else _TEXT
    for term in (term for terms in wanted for term in terms):
        if name == TIME and term.operator in ("eq", "ne", "lt", "le", "gt", "ge"):
            _readable(term.value)
        elif codelist and term.operator in ("eq", "ne") and term.value not in known[codelist]:
            raise Unprocessable(f"{name} has no code {term.value[:60]}{_near(term.value, known[codelist])}")

    def fulfils(code: str) -> bool:
        return any(all(tests[term.operator](code, term.value) for term in terms) for terms in wanted)

    return [code for code in present if fulfils(code)]


def _readable(period: str) -> None:
    try:
        periods.bounds(period)
    except periods.UnclearPeriod as reason:
        raise Unprocessable(str(reason)) from reason


def _expression(published: Structure, name: str, wanted: Condition) -> pl.Expr:
    """A condition on an attribute or on the value. What is not known fulfils none. Raises Unprocessable."""
    numeric = published.component(name).kind in ("Double", "Integer")
    column = pl.col(name)

    def held(term: Term) -> pl.Expr:
        value: str | float = term.value
        if numeric:
            try:
                value = float(term.value)
            except ValueError:
                raise Unprocessable(f"c[{name}] is compared with a number, not {term.value[:60]}") from None
            if term.operator in ("co", "nc", "sw", "ew"):
                raise Unprocessable(f"c[{name}] is a number: {term.operator} is for texts")
        comparisons = {
            "eq": column == value, "ne": column != value, "lt": column < value, "le": column <= value,
            "gt": column > value, "ge": column >= value,
        }  # fmt: skip
        if term.operator in comparisons:
            return comparisons[term.operator]
        text = str(value)
        return {
            "co": column.str.contains(text, literal=True),
            "nc": ~column.str.contains(text, literal=True),
            "sw": column.str.starts_with(text),
            "ew": column.str.ends_with(text),
        }[term.operator]

    return reduce(or_, [reduce(and_, [held(term) for term in terms]) for terms in wanted]).fill_null(value=False)


def _lists_asked(published: Structure, question: Question) -> set[str]:
    """The code lists that the codes of a question are held against."""
    in_keys = {name for key in question.keys for name, codes in zip(published.key, key, strict=False) if codes}
    names = {*question.conditions, *in_keys}
    return {each.codelist for each in published.components if each.codelist and each.id in names}


def _components(published: Structure) -> list[str]:
    return [*published.dimensions, MEASURE, *published.attributes]


def _near(word: str, candidates: Sequence[str] | set[str]) -> str:
    """`; did you mean X?`, or what there is when that is little, or nothing."""
    near = get_close_matches(word.upper(), candidates, n=3, cutoff=0.5)
    if near:
        return f"; did you mean {' or '.join(near)}?"
    return f"; there are {', '.join(sorted(candidates))}" if len(candidates) <= 20 else ""


def _too_large(rows: int, most: int) -> str:
    return (
        f"{rows:,} observations may answer, and at most {most:,} are given at once; "
        f"ask for fewer codes or periods, or page through them with limit={min(most, 100_000)} and offset"
    )
