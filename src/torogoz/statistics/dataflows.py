"""Dataflows: their dimensions, what may be added to what, and the one way to select from them.

The list itself is `dataflows.toml`. Unknown is never zero: a sum is the sum of what is known, with the number of
observations that are not.
"""

import difflib
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import polars as pl

from torogoz.statistics import periods

TIME: Final = "TIME_PERIOD"
WHOLE: Final = "_T"
# Numbers of UN DESA's list that hold no other: the Channel Islands, which have no ISO code, and "other origin".
NOT_REGIONS: Final = ("830", "2003")
Where = Mapping[str, Sequence[str]]


class Role(StrEnum):
    """What may be done with a dimension that a question leaves out."""

    SUM = "sum"
    TOTAL = "total"
    KEEP = "keep"


class Kind(StrEnum):
    """What an observation measures: a number at a moment, of a period, a price, or what INDICATOR says."""

    STOCK = "stock"
    FLOW = "flow"
    PRICE = "price"
    MIXED = "mixed"


class UnclearQuestion(ValueError):
    """A question that names what does not exist. The message says what is nearest."""


class UnknownDataflow(UnclearQuestion):
    """No dataflow has this name."""


class UnknownDimension(UnclearQuestion):
    """The dataflow has no such dimension."""


class UnknownCode(UnclearQuestion):
    """Neither the data nor the code list of the dimension knows the code."""


@dataclass(frozen=True)
class Dimension:
    """One dimension: the list that names its codes, and whether its codes may be added.

    role   sum: codes exclude each other; total: `total` holds the whole; keep: never added
    means  what the dimension stands for in this dataflow, where its SDMX name does not say it
    """

    id: str
    role: Role
    codelist: str = ""
    total: str = WHOLE
    means_es: str = ""
    means_en: str = ""

    def holds_others(self, code: str) -> bool:
        """Whether `code` is a total or a regional aggregate (M49 number), which contains other codes."""
        aggregate = self.codelist == "AREA" and code.isdigit() and code not in NOT_REGIONS
        return aggregate or code in (self.total, WHOLE)


@dataclass(frozen=True)
class Dataflow:
    """One kind of observations: its names, its unit, its dimensions in order, and attributes shown beside the value.

    decimals  the precision of the publisher, to which answers are rounded; None: as stored
    """

    id: str
    name_es: str
    name_en: str
    description_es: str
    description_en: str
    kind: Kind
    unit_es: str
    unit_en: str
    dimensions: tuple[Dimension, ...]
    attributes: tuple[str, ...] = ()
    decimals: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the dimensions, in order."""
        return tuple(dimension.id for dimension in self.dimensions)

    def dimension(self, name: str) -> Dimension:
        """The dimension called `name`. Raises UnknownDimension, naming the nearest."""
        for dimension in self.dimensions:
            if dimension.id == name:
                return dimension
        raise UnknownDimension(
            f"{self.id} has no dimension {name}{nearest(name, self.names)} It has {', '.join(self.names)}."
        )


def dataflow(name: str) -> Dataflow:
    """The dataflow called `name`. Raises UnknownDataflow, naming the nearest."""
    try:
        return DATAFLOWS[name]
    except KeyError:
        raise UnknownDataflow(
            f"there is no dataflow {name}{nearest(name, DATAFLOWS)} There are {', '.join(DATAFLOWS)}."
        ) from None


def select(
    frame: pl.DataFrame | pl.LazyFrame,
    flow: Dataflow,
    where: Where,
    by: Sequence[str] | None = None,
    known: Mapping[str, Collection[str]] | None = None,
) -> pl.DataFrame:
    """The observations that `where` asks for, one row each; or, with `by`, one row per combination of its dimensions.

    frame    the dimensions of `flow` (str), OBS_VALUE (float, null = not available), OBS_STATUS; optionally
             CONF_STATUS, attributes, and DATASET and VINTAGE, which become SOURCE
    where    codes per dimension; periods may be ranges (2014-01:2022-02); a year stands for its months and quarters
    by       the dimensions wanted in the answer. Dimensions that must not be added stay in it too: those of role
             `keep`, one that mixes a total with its parts, and the publisher's data set
    known    codes that each dimension may have although no observation has them; others raise UnknownCode
    returns  the dimensions, OBS_VALUE, OBS_STATUS, CONF_STATUS if there is any, OBS_UNKNOWN with `by` (how many
             observations had no value: OBS_VALUE is the sum of the others, and null if there are none), SOURCE;
             sorted by the dimensions
    raises   UnknownDimension, UnknownCode, UnclearPeriod
    """
    lazy = frame.lazy()
    for name in (*where, *(by or ())):
        flow.dimension(name)
    chosen = {name: _codes(lazy, flow.dimension(name), words, known or {}) for name, words in where.items()}
    found = lazy.filter(pl.lit(True), *(pl.col(name).is_in(codes) for name, codes in chosen.items()))
    if by is None:
        return _finish(_with_source(found, flow).collect(), flow, flow.names)
    return _added(found, flow, chosen, by)


def _codes(
    frame: pl.LazyFrame, dimension: Dimension, words: Sequence[str], known: Mapping[str, Collection[str]]
) -> list[str]:
    """The codes of the dimension that `words` ask for. Raises UnknownCode, UnclearPeriod."""
    present = frame.select(pl.col(dimension.id).drop_nulls().unique().sort()).collect().to_series().to_list()
    if dimension.id == TIME:
        return _periods(present, words)
    for word in words:
        if word not in present and word not in known.get(dimension.id, ()):
            candidates = {*present, *known.get(dimension.id, ())}
            raise UnknownCode(f"{dimension.id} has no code {word}{nearest(word, candidates)}")
    return list(words)


def _periods(present: Sequence[str], words: Sequence[str]) -> list[str]:
    """The present periods that lie within any of `words`.

    Where there are periods as long as those that a word is written in, they answer, and no longer or shorter ones of
    the same time: 2014:2025 means years where there are years, else the months or quarters of those years.
    """
    wanted: dict[str, None] = {}
    for word in words:
        begins, ends = periods.span(word)
        found = [period for period in present if periods.within(period, begins, ends)]
        length = periods.frequency(next(filter(None, word.split(":"))))
        asked = [period for period in found if periods.frequency(period) == length]
        others = [period for period in found if periods.frequency(period) != length]
        rest = [period for period in others if not any(periods.overlap(period, each) for each in asked)]
        wanted.update(dict.fromkeys([*asked, *rest]))
    return list(wanted)


def _added(found: pl.LazyFrame, flow: Dataflow, chosen: Where, by: Sequence[str]) -> pl.DataFrame:
    """`found` with every dimension that may be left out of the answer added up, or read at its total."""
    kept: list[str] = []
    for dimension in flow.dimensions:
        name, codes = dimension.id, chosen.get(dimension.id)
        if name in by or dimension.role is Role.KEEP:
            kept.append(name)
        elif codes is not None:
            if _overlap(dimension, codes):
                kept.append(name)
        elif dimension.role is Role.TOTAL:
            found = found.filter(pl.col(name) == dimension.total)
        elif name == TIME:
            if _overlap(dimension, found.select(pl.col(name).drop_nulls().unique()).collect().to_series().to_list()):
                kept.append(name)
        else:
            found = found.filter(~_holds_others(dimension).fill_null(False))
    columns = found.collect_schema().names()
    groups = [*kept, *(["DATASET"] if "DATASET" in columns else [])]
    value = pl.col("OBS_VALUE")
    sums = [
        pl.when(value.is_not_null().any()).then(value.sum()).alias("OBS_VALUE"),
        _status(protected="CONF_STATUS" in columns).alias("OBS_STATUS"),
        *([_confidentiality().alias("CONF_STATUS")] if "CONF_STATUS" in columns else []),
        value.is_null().sum().cast(pl.Int64).alias("OBS_UNKNOWN"),
        *([pl.col("VINTAGE").unique().sort().str.join(" + ").alias("VINTAGE")] if "VINTAGE" in columns else []),
    ]
    if len(kept) == len(flow.dimensions):  # nothing was added, so what is said of one observation still holds
        sums += [pl.col(name).first() for name in flow.attributes if name in columns]
    if groups:
        answer = found.group_by(groups).agg(sums)
    else:
        answer = found.select(pl.len().alias("rows"), *sums).filter(pl.col("rows") > 0).drop("rows")
    return _finish(_with_source(answer, flow).collect(), flow, kept)


def _overlap(dimension: Dimension, codes: Sequence[str]) -> bool:
    """Whether adding these codes could count somebody twice."""
    if len(codes) < 2:
        return False
    if dimension.id == TIME:
        return dimension.role is not Role.SUM or len({periods.frequency(code) for code in codes}) > 1
    return dimension.role is not Role.SUM or any(dimension.holds_others(code) for code in codes)


def _holds_others(dimension: Dimension) -> pl.Expr:
    """`Dimension.holds_others`, for a column."""
    code = pl.col(dimension.id)
    totals = code.is_in([dimension.total, WHOLE])
    if dimension.codelist != "AREA":
        return totals
    return totals | (code.str.contains(r"^\d+$") & ~code.is_in(NOT_REGIONS))


def _status(*, protected: bool) -> pl.Expr:
    """The status of a sum: missing if nothing is known, estimated or broken if any part is, else normal.

    A figure that is hidden to protect people is known: where there are such (`protected`), it keeps its status.
    """
    known = pl.col("OBS_VALUE").is_not_null()
    if protected:
        known = known | pl.col("CONF_STATUS").is_in(["C", "D"]).fill_null(value=False)
    status = pl.col("OBS_STATUS").filter(known)
    chain = pl.when((~known).all()).then(pl.lit("M"))
    only = status.drop_nulls().unique()
    return (
        chain.when(only.len() == 1)
        .then(only.first())
        .when(status.is_in(["E"]).any())
        .then(pl.lit("E"))
        .when(status.is_in(["B"]).any())
        .then(pl.lit("B"))
        .otherwise(pl.lit("A"))
    )


def _confidentiality() -> pl.Expr:
    """Suppressed if any part is: C before D before F."""
    status = pl.col("CONF_STATUS")
    return (
        pl.when(status.is_in(["C"]).any())
        .then(pl.lit("C"))
        .when(status.is_in(["D"]).any())
        .then(pl.lit("D"))
        .otherwise(pl.lit("F"))
    )


def _with_source(frame: pl.LazyFrame, flow: Dataflow) -> pl.LazyFrame:
    """With the data set and vintage in one column, unless the dataflow cites a source of its own."""
    columns = frame.collect_schema().names()
    if "DATASET" in columns and "VINTAGE" in columns and not ("SOURCE" in flow.attributes and "SOURCE" in columns):
        return frame.with_columns(pl.concat_str(["DATASET", "VINTAGE"], separator=" ").alias("SOURCE"))
    return frame


def _finish(frame: pl.DataFrame, flow: Dataflow, dimensions: Iterable[str]) -> pl.DataFrame:
    """The columns of the answer, in order, and its rows sorted."""
    tail = ("OBS_VALUE", "OBS_STATUS", "CONF_STATUS", "OBS_UNKNOWN", *flow.attributes, "SOURCE")
    order = [*dimensions, *(name for name in dict.fromkeys(tail) if name in frame.columns)]
    sorting = [*dimensions, *(["SOURCE"] if "SOURCE" in frame.columns else [])]
    ready = frame.select(order)
    if flow.decimals is not None:
        ready = ready.with_columns(pl.col("OBS_VALUE").round(flow.decimals))
    return ready.sort(sorting, nulls_last=True, maintain_order=True) if sorting else ready


def nearest(word: str, candidates: Iterable[str]) -> str:
    """`; did you mean X or Y?`, or a full stop."""
    everything = {candidate.upper(): candidate for candidate in candidates}
    close = difflib.get_close_matches(word.upper(), everything, n=3, cutoff=0.5)
    starts = [upper for upper in sorted(everything) if word and upper.startswith(word.upper())][:3]
    names = [everything[upper] for upper in dict.fromkeys([*starts, *close])][:3]
    return f"; did you mean {' or '.join(names)}?" if names else "."


def _listed() -> dict[str, Dataflow]:
    """The dataflows of `dataflows.toml`, in its order."""
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    flows = {}
    for name, entry in tomllib.loads(text).items():
        dimensions = tuple(Dimension(**{**line, "role": Role(line["role"])}) for line in entry.pop("dimensions"))
        attributes = tuple(entry.pop("attributes", ()))
        kind = Kind(entry.pop("kind"))
        flows[name] = Dataflow(id=name, kind=kind, dimensions=dimensions, attributes=attributes, **entry)
    return flows


DATAFLOWS: Final[Mapping[str, Dataflow]] = _listed()
