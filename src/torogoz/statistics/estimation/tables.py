"""From long tables of stocks and vital events to matrices, and back to long tables of flows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

import numpy as np
import polars as pl

from torogoz.statistics.estimation.fitting import Mask, Matrix
from torogoz.statistics.estimation.methods import ACCOUNTING, Choices, Method, Stocks, by_birthplace, flows

STOCK: Final = pl.Schema({"birth": pl.String(), "dest": pl.String(), "sex": pl.String(), "value": pl.Float64()})
VITAL: Final = pl.Schema({"region": pl.String(), "sex": pl.String(), "births": pl.Float64(), "deaths": pl.Float64()})
POPULATION: Final = pl.Schema({"region": pl.String(), "sex": pl.String(), "start": pl.Float64(), "end": pl.Float64()})
SEED: Final = pl.Schema({"orig": pl.String(), "dest": pl.String(), "value": pl.Float64()})
TOTAL: Final = "_T"
LOW, HIGH = "low", "high"
USUAL: Final = Choices()
_SHOWN: Final = 6


class UnclearStocks(ValueError):
    """The tables cannot be used as they stand; nothing was estimated. The message names rows and columns."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Stocks ready to be estimated from, by sex, and what a reader of the estimates must know."""

    stocks: Mapping[str, Stocks]
    notes: tuple[str, ...]


def prepare(
    start: pl.DataFrame,
    end: pl.DataFrame,
    *,
    vital: pl.DataFrame | None = None,
    population: pl.DataFrame | None = None,
    seed: pl.DataFrame | None = None,
    absent_is_zero: bool = False,
    only_common: bool = False,
    choices: Choices = USUAL,
) -> Prepared:
    """Line up two stocks and what goes with them.

    start, end      columns of `STOCK`: persons by birthplace and residence; sex is `_T` where there is one table
    vital           columns of `VITAL`: births and deaths of the period by residence; None: none are known
    population      columns of `POPULATION`: everybody, from which residents at their birthplace are taken
    seed            columns of `SEED`; a pair that is absent is a move that cannot be
    absent_is_zero  whether a pair that a stock leaves out has nobody; otherwise that is refused as unknown
    only_common     leave out places that only one of the stocks has; otherwise they are refused
    returns         a `Stocks` for each sex, places in order of their codes
    raises          UnclearStocks
    """
    notes: list[str] = []
    for table, which in ((start, "start"), (end, "end")):
        _once(table, ("sex", "birth", "dest"), f"{which} stock")
    sexes = sorted(set(start["sex"]) & set(end["sex"]))
    alone = sorted(set(start["sex"]) ^ set(end["sex"]))
    if alone:
        raise UnclearStocks(f"only one of the stocks has the sex {', '.join(alone)}; nothing was estimated")
    start, end, names = _places(start, end, only_common, notes)
    found = {}
    for sex in sexes:
        found[sex] = _one(start.filter(sex=sex), end.filter(sex=sex), names, sex, absent_is_zero, notes)
    if population is not None:
        _once(population, ("sex", "region"), "population")
        found = {sex: _with_residents(each, population, sex, notes) for sex, each in found.items()}
    if vital is not None:
        _once(vital, ("sex", "region"), "vital events")
        found = {sex: _with_vital(each, vital, sex, notes) for sex, each in found.items()}
    kernel = None if seed is None else _seed(seed, names)
    return Prepared(
        {sex: replace(each, seed=kernel, choices=choices) for sex, each in found.items()}, tuple(dict.fromkeys(notes))
    )


def estimate(prepared: Prepared, methods: Sequence[Method]) -> pl.DataFrame:
    """Flows by each method: sex, orig, dest, a column for each method, and low and high if there are several.

    Every pair has a row, also that of a place with itself (0). Where the stocks have women (F) and men (M) but no
    total, the total is the sum of both estimates.

    raises  CannotAccount
    """
    tables = {sex: flows(stocks, methods) for sex, stocks in prepared.stocks.items()}
    if {"F", "M"} <= set(tables) and TOTAL not in tables:
        tables[TOTAL] = {method: tables["F"][method] + tables["M"][method] for method in methods}
    names = next(iter(prepared.stocks.values())).names
    parts = [
        _pairs(names).select(
            pl.lit(sex).alias("sex"),
            "orig",
            "dest",
            *(pl.Series(method.value, table.ravel()) for method, table in by_method.items()),
        )
        for sex, by_method in tables.items()
    ]
    found = pl.concat(parts)
    if len(methods) > 1:
        every = [method.value for method in methods]
        found = found.with_columns(pl.min_horizontal(every).alias(LOW), pl.max_horizontal(every).alias(HIGH))
    return found


def estimate_by_birthplace(prepared: Prepared, method: Method) -> pl.DataFrame:
    """The moves and stayers behind a method of accounting: sex, orig, dest, pob, value. Raises CannotAccount."""
    parts = []
    for sex, stocks in prepared.stocks.items():
        size = len(stocks.names)
        places = pl.Series("place", stocks.names)
        at = np.indices((size, size, size)).reshape(3, -1)
        columns = {name: places.gather(at[axis]) for name, axis in (("orig", 1), ("dest", 2), ("pob", 0))}
        values = by_birthplace(stocks, method).ravel()
        parts.append(pl.DataFrame({**columns, "value": values}).select(pl.lit(sex).alias("sex"), pl.all()))
    return pl.concat(parts)


def needs_vital(methods: Iterable[Method]) -> list[Method]:
    """The methods among these that take births and deaths out of the stocks."""
    return [method for method in methods if method in ACCOUNTING]


def _pairs(names: Sequence[str]) -> pl.DataFrame:
    places = pl.Series("place", names, dtype=pl.String())
    origins, destinations = np.indices((len(names), len(names))).reshape(2, -1)
    return pl.DataFrame({"orig": places.gather(origins), "dest": places.gather(destinations)})


def _once(table: pl.DataFrame, key: Sequence[str], what: str) -> None:
    """Refuse a key that stands twice. Raises UnclearStocks."""
    twice = table.filter(pl.struct(key).is_duplicated()).unique(key, maintain_order=True)
    if twice.height:
        shown = [" ".join(f"{name}={row[name]}" for name in key) for row in twice.head(_SHOWN).to_dicts()]
        raise UnclearStocks(
            f"the {what} has {twice.height} combinations more than once: {'; '.join(shown)}; nothing was estimated"
        )


def _places(
    start: pl.DataFrame, end: pl.DataFrame, only_common: bool, notes: list[str]
) -> tuple[pl.DataFrame, pl.DataFrame, tuple[str, ...]]:
    """Both stocks with the same places, and these in order. Raises UnclearStocks."""
    first, last = ({*table["birth"], *table["dest"]} for table in (start, end))
    if first == last:
        return start, end, tuple(sorted(first))
    said = "; ".join(
        f"only in the {which}: {_listed(sorted(places))}"
        for which, places in (("start", first - last), ("end", last - first))
        if places
    )
    if not only_common:
        raise UnclearStocks(
            f"the stocks do not have the same places ({said}); nothing was estimated: add what is missing, or leave "
            "these places out (--only-common)"
        )
    both = sorted(first & last)
    kept = []
    for table, which in ((start, "start"), (end, "end")):
        inside = table.filter(pl.col("birth").is_in(both), pl.col("dest").is_in(both))
        outside = float(table["value"].sum()) - float(inside["value"].sum())
        notes.append(
            f"{which} stock: {table.height - inside.height} pairs with {outside:.12g} persons were set aside, since "
            f"only {len(both)} places are in both stocks ({said})"
        )
        kept.append(inside)
    if not both:
        raise UnclearStocks("the stocks have no place in common; nothing was estimated")
    return kept[0], kept[1], tuple(both)


def _one(
    start: pl.DataFrame, end: pl.DataFrame, names: tuple[str, ...], sex: str, absent_is_zero: bool, notes: list[str]
) -> Stocks:
    """The stocks of one sex, without births and deaths."""
    matrices, residents = [], True
    for table, which in ((start, "start"), (end, "end")):
        matrix, known = _matrix(table, ("birth", "dest"), names)
        missing = ~known
        at_home = missing.diagonal()
        if at_home.any():
            residents = False
            without = "no place has" if at_home.all() else f"{_listed(_where(names, at_home))} lack"
            notes.append(f"{which} stock: {without} residents at their birthplace (birth = dest)")
        np.fill_diagonal(missing, False)
        if missing.any() and not absent_is_zero:
            pairs = [f"{names[k]} in {names[i]}" for k, i in islice(zip(*np.nonzero(missing), strict=True), _SHOWN)]
            raise UnclearStocks(
                f"the {which} stock ({sex}) says nothing of {int(missing.sum())} pairs, such as people born in "
                f"{', '.join(pairs)}; unknown is not zero: add them, or say that they have nobody (--absent-is-zero)"
            )
        if missing.any():
            notes.append(f"{which} stock ({sex}): {int(missing.sum())} pairs that it leaves out count as 0")
        negative = (matrix < 0) & ~np.eye(len(names), dtype=bool)
        if negative.any():
            k, i = (int(part[0]) for part in np.nonzero(negative))
            raise UnclearStocks(
                f"the {which} stock ({sex}) has {matrix[k, i]:.12g} people born in {names[k]} who live in {names[i]}; "
                "only residents at their birthplace may be below 0; nothing was estimated"
            )
        matrices.append(matrix)
    nobody = np.zeros(len(names))
    return Stocks(names, matrices[0], matrices[1], nobody, nobody, residents=residents)


def _with_residents(stocks: Stocks, population: pl.DataFrame, sex: str, notes: list[str]) -> Stocks:
    """The stocks with population less foreign-born on their diagonals."""
    columns = _by_place(population, ("start", "end"), stocks.names, sex, "population", notes)
    filled = []
    for table, people in ((stocks.start, columns["start"]), (stocks.end, columns["end"])):
        whole = table.copy()
        np.fill_diagonal(whole, 0)
        np.fill_diagonal(whole, people - whole.sum(axis=0))
        filled.append(whole)
    return replace(stocks, start=filled[0], end=filled[1], residents=True)


def _with_vital(stocks: Stocks, vital: pl.DataFrame, sex: str, notes: list[str]) -> Stocks:
    columns = _by_place(vital, ("births", "deaths"), stocks.names, sex, "vital events", notes)
    return replace(stocks, births=columns["births"], deaths=columns["deaths"])


def _by_place(
    table: pl.DataFrame, columns: Sequence[str], names: tuple[str, ...], sex: str, what: str, notes: list[str]
) -> dict[str, Matrix]:
    """The columns of a table by place as vectors in the order of `names`. Raises UnclearStocks."""
    own = table.filter(sex=sex)
    if own.is_empty():
        raise UnclearStocks(f"the {what} have no rows for sex {sex}; nothing was estimated")
    at = {name: place for place, name in enumerate(own["region"])}
    lacking = [name for name in names if name not in at]
    if lacking:
        raise UnclearStocks(
            f"the {what} ({sex}) have no row for {_listed(lacking)}; unknown is not zero; nothing was estimated"
        )
    extra = [name for name in at if name not in set(names)]
    if extra:
        notes.append(f"{what} ({sex}): rows of {_listed(extra)}, which the stocks do not have, were set aside")
    order = [at[name] for name in names]
    found: dict[str, Matrix] = {}
    for column in columns:
        values = own[column].to_numpy().astype(np.float64)[order]
        if (values < 0).any():
            raise UnclearStocks(f"the {what} ({sex}) have a {column} below 0 for {_listed(_where(names, values < 0))}")
        found[column] = values
    return found


def _seed(table: pl.DataFrame, names: tuple[str, ...]) -> Matrix:
    _once(table, ("orig", "dest"), "seed")
    unknown = sorted({*table["orig"], *table["dest"]} - set(names))
    if unknown:
        raise UnclearStocks(f"the seed has places that the stocks do not have: {_listed(unknown)}")
    matrix, _ = _matrix(table, ("orig", "dest"), names)
    if (matrix < 0).any():
        raise UnclearStocks("the seed has values below 0; nothing was estimated")
    return matrix


def _matrix(table: pl.DataFrame, key: tuple[str, str], names: tuple[str, ...]) -> tuple[Matrix, Mask]:
    """The values of a table as a matrix, 0 where it has none, and where it has one."""
    at = {name: place for place, name in enumerate(names)}
    rows, columns = (table[name].replace_strict(at, return_dtype=pl.Int64()).to_numpy() for name in key)
    matrix = np.zeros((len(names), len(names)))
    known = np.zeros((len(names), len(names)), dtype=np.bool_)
    matrix[rows, columns] = table["value"].to_numpy()
    known[rows, columns] = True
    return matrix, known


def _where(names: tuple[str, ...], chosen: Mask) -> list[str]:
    return [name for name, one in zip(names, chosen, strict=True) if one]


def _listed(names: Sequence[str]) -> str:
    """The first names of a list, and how many more there are."""
    rest = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
