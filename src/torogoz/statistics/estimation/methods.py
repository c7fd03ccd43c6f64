"""Seven methods that estimate bilateral flows from two bilateral stocks; none of them needs an array of n x n x n.

With stayers at their maximum no cell of a birthplace has both a surplus and a deficit, so the fewest moves that join
both stocks are r[k, i] c[k, j] / R[k], and the table of flows is one matrix product. Independence is another.

source  Abel & Cohen, Scientific Data 6 (2019) 82; Dennett, Global Dynamics (2015) 125-142 (`mig_rate`);
        Azose & Raftery, PNAS 116 (2019) 116-122 (`da_pb_closed`)
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final

import numpy as np

from torogoz.statistics.estimation.accounting import (
    Account,
    Balance,
    CannotAccount,
    Fit,
    Leavers,
    closed,
    opened,
    without_negative_residents,
)
from torogoz.statistics.estimation.fitting import MarginsDisagree, Matrix, NoFit, ratio, two_way

STAYING: Final = 0.87
_SWEEPS: Final = 60


class Method(StrEnum):
    """The methods, called as the columns of Abel & Cohen's data set (`da_ind_closed` is a part of `da_pb_closed`)."""

    SD_DROP_NEG = "sd_drop_neg"
    SD_REV_NEG = "sd_rev_neg"
    MIG_RATE = "mig_rate"
    DA_MIN_OPEN = "da_min_open"
    DA_MIN_CLOSED = "da_min_closed"
    DA_IND_CLOSED = "da_ind_closed"
    DA_PB_CLOSED = "da_pb_closed"


ACCOUNTING: Final = frozenset({Method.DA_MIN_OPEN, Method.DA_MIN_CLOSED, Method.DA_IND_CLOSED, Method.DA_PB_CLOSED})


@dataclass(frozen=True, slots=True)
class Choices:
    """What the literature leaves open.

    balance  when a closed account is balanced: `before` or `after` births and deaths are taken out
    fit      how it is fitted: `published` (stopped as the published estimates are) or `exact`
    leavers  where leavers of an open account are drawn from
    movers   the number of movers of `mig_rate`; None: the absolute net migration of all places, summed
    """

    balance: Balance = Balance.BEFORE
    fit: Fit = Fit.PUBLISHED
    leavers: Leavers = Leavers.START
    movers: float | None = None


@dataclass(frozen=True)
class Stocks:
    """Two stocks of the same places, and the births and deaths between them.

    names            of the places, (n,)
    start, end       (birthplaces, residences) persons >= 0; the diagonal may be negative (see `accounting`)
    births, deaths   (n,) persons >= 0 by residence; zeros where a method does not need them
    seed             (origins, destinations) >= 0: how much likelier a move is beforehand; None: all alike
    residents        whether the diagonal is known: without it no method of demographic accounting can be used
    """

    names: tuple[str, ...]
    start: Matrix
    end: Matrix
    births: Matrix
    deaths: Matrix
    seed: Matrix | None = None
    residents: bool = True
    choices: Choices = field(default_factory=Choices)

    @cached_property
    def mended(self) -> tuple[Matrix, Matrix, tuple[str, ...]]:
        """Both stocks without negative residents, and the places where there were some. Raises CannotAccount."""
        start, at_start = without_negative_residents(self.start, self.names, "start")
        end, at_end = without_negative_residents(self.end, self.names, "end")
        return start, end, tuple(dict.fromkeys((*at_start, *at_end)))

    @cached_property
    def closed(self) -> Account:
        """The closed account. Raises CannotAccount."""
        self._needs_residents()
        start, end, _ = self.mended
        chosen = self.choices
        return closed(start, end, self.births, self.deaths, names=self.names, balance=chosen.balance, fit=chosen.fit)

    @cached_property
    def opened(self) -> Account:
        """The open account. Raises CannotAccount."""
        self._needs_residents()
        start, end, _ = self.mended
        return opened(start, end, self.births, self.deaths, names=self.names, leavers=self.choices.leavers)

    def account(self, method: Method) -> Account:
        """The account behind a method of demographic accounting. Raises CannotAccount."""
        return self.opened if method is Method.DA_MIN_OPEN else self.closed

    @cached_property
    def movers(self) -> float:
        """The number of movers of `mig_rate`: the absolute net migration of all places, summed.

        Net migration is the change of the residents less births plus deaths; without these (as in the printed
        example) it is the change alone. Scaling its gains and losses to the same sum, as is done where they differ,
        leaves this number as it is.
        """
        if self.choices.movers is not None:
            return self.choices.movers
        start, end, _ = self.mended if self.residents else (self.start, self.end, ())
        change = end.sum(axis=0) - start.sum(axis=0)
        natural = self.births - self.deaths if self.residents else np.zeros(len(self.names))
        return float(np.abs(change - natural).sum())

    def _needs_residents(self) -> None:
        if not self.residents:
            raise CannotAccount(
                "demographic accounting needs the people who live where they were born (population less foreign-born), "
                "and these stocks do not have them"
            )


def flows(stocks: Stocks, methods: Iterable[Method]) -> dict[Method, Matrix]:
    """Flows (origins, destinations) >= 0, diagonal 0, by each method.

    raises  CannotAccount
    """
    found: dict[Method, Matrix] = {}
    wanted = list(methods)
    for method in wanted:
        table = found.get(method)
        if table is None:
            table = _flows(stocks, method, found)
            np.fill_diagonal(table, 0)
        found[method] = table
    return {method: found[method] for method in wanted}


def _flows(stocks: Stocks, method: Method, found: dict[Method, Matrix]) -> Matrix:
    match method:
        case Method.SD_DROP_NEG:
            grown: Matrix = np.maximum(stocks.end - stocks.start, 0)
            return grown
        case Method.SD_REV_NEG:
            change = stocks.end - stocks.start
            table: Matrix = np.maximum(change, 0) + np.maximum(-change, 0).T
            return table
        case Method.MIG_RATE:
            living_abroad = stocks.start.copy()
            np.fill_diagonal(living_abroad, 0)
            everyone = living_abroad.sum()
            if not everyone:
                raise CannotAccount("mig_rate needs somebody who lives outside their birthplace at the start")
            shared: Matrix = living_abroad * (stocks.movers / everyone)
            return shared
        case Method.DA_PB_CLOSED:
            fewest, independent = (
                found[part] if part in found else _flows(stocks, part, found)
                for part in (Method.DA_MIN_CLOSED, Method.DA_IND_CLOSED)
            )
            return STAYING * fewest + (1 - STAYING) * independent
        case Method.DA_IND_CLOSED:
            return _independent(stocks.closed, stocks)
    return _fewest(stocks.account(method), stocks)


def by_birthplace(stocks: Stocks, method: Method) -> Matrix:
    """The array (birthplaces, origins, destinations) behind a method of accounting, stayers on the diagonals.

    raises  CannotAccount; ValueError for a method that has no birthplaces
    """
    if method not in ACCOUNTING:
        raise ValueError(f"{method} counts every mover by birthplace and has no array")
    if method is Method.DA_PB_CLOSED:
        fewest = by_birthplace(stocks, Method.DA_MIN_CLOSED)
        return STAYING * fewest + (1 - STAYING) * by_birthplace(stocks, Method.DA_IND_CLOSED)
    account = stocks.account(method)
    if method is Method.DA_IND_CLOSED:
        over, down, seed, stayers = account.start, account.end, stocks.seed, None
    else:
        stayers = np.minimum(account.start, account.end)
        over, down, seed = account.start - stayers, account.end - stayers, _moves(stocks)
    row, column = _multipliers(over, down, seed, stocks.names)
    found = row[:, :, None] * column[:, None, :]
    if seed is not None:
        found *= seed
    if stayers is not None:
        at = np.arange(len(stocks.names))
        found[:, at, at] = stayers
    return found


def _fewest(account: Account, stocks: Stocks) -> Matrix:
    """Flows when as many as possible stay: quasi-independence of the rest."""
    stayers = np.minimum(account.start, account.end)
    seed = _moves(stocks)
    row, column = _multipliers(account.start - stayers, account.end - stayers, seed, stocks.names)
    table: Matrix = row.T @ column
    return table if seed is None else table * seed


def _independent(account: Account, stocks: Stocks) -> Matrix:
    """Flows when origin and destination are independent for each birthplace."""
    row, column = _multipliers(account.start, account.end, stocks.seed, stocks.names)
    table: Matrix = row.T @ column
    return table if stocks.seed is None else table * stocks.seed


def _moves(stocks: Stocks) -> Matrix | None:
    """The seed of moves: that of the stocks without its diagonal."""
    if stocks.seed is None:
        return None
    moves = stocks.seed.copy()
    np.fill_diagonal(moves, 0)
    return moves


def _multipliers(over: Matrix, down: Matrix, seed: Matrix | None, names: tuple[str, ...]) -> tuple[Matrix, Matrix]:
    """Row and column multipliers, each (birthplaces, places), so that row * seed * column has the margins of each.

    With a seed all birthplaces are swept at once, two matrix products a sweep; those that are slow go on by Newton.
    raises  CannotAccount where the zeros of the seed leave no way for the people of a birthplace
    """
    if seed is None:
        return over, ratio(down, down.sum(axis=1, keepdims=True))
    over = over * ratio(down.sum(axis=1), over.sum(axis=1))[:, None]
    row, column = np.zeros_like(over), np.ones_like(down)
    for _ in range(_SWEEPS):
        row = ratio(over, column @ seed.T)
        column = ratio(down, row @ seed)
    off = np.abs(row * (column @ seed.T) - over).max(axis=1)
    for k in np.flatnonzero(off > 1e-12 * np.maximum(over.max(axis=1), 1)):
        try:
            fit = two_way(over[k], down[k], seed)
        except (NoFit, MarginsDisagree) as reason:
            raise CannotAccount(
                f"the seed leaves the people born in {names[k]} no way from where they were to where they are "
                f"({reason}; 0 is {names[0]})"
            ) from reason
        row[k], column[k] = fit.row, fit.column
    return row, column
