"""Demographic accounting: what two stocks by birthplace say of movement once births and deaths are taken out.

A stock S[k, i] counts the people born in k who live in i; its diagonal holds those who live where they were born.
Births b[i] and deaths d[i] are those of the period by place of residence. After accounting, each birthplace has as
many people at the start as at the end, and whoever is not where they were has moved.

source  Abel, Demographic Research 28 (2013) 505-546; Abel & Sander, Science 343 (2014) 1520-1522;
        Abel & Cohen, Scientific Data 6 (2019) 82
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from torogoz.statistics.estimation.fitting import Matrix, NoFit, ratio, swept, two_way


class CannotAccount(ValueError):
    """Stocks, births and deaths contradict each other. The message names the place."""


class Balance(StrEnum):
    """When a closed account makes the change of all stocks equal to births less deaths."""

    BEFORE = "before"
    AFTER = "after"


class Fit(StrEnum):
    """How a closed account fits both stocks to the new sums by birthplace.

    PUBLISHED  sweeps that stop as those of the published estimates do, so that their figures come out again
    EXACT      Newton's method: every sum is met to rounding error
    """

    PUBLISHED = "published"
    EXACT = "exact"


class Leavers(StrEnum):
    """In an open account, where those who leave the system are drawn from, and who enters where.

    START  who leaves, from where they lived at the start; who enters, to where they live at the end (open-dr)
    END    the other way round (`open` of the reference, which can leave fewer than nobody; kept for comparison)
    """

    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class Account:
    """Both stocks after accounting, (birthplaces, residences), with equal row sums (as far as the fit goes).

    births, deaths    taken out of the end and the start, (birthplaces, residences)
    left, entered     who left and entered the system of an open account, (birthplaces, residences)
    adjusted          persons added to (or taken from) the residents at their birthplace: at the start, at the end
    """

    start: Matrix
    end: Matrix
    births: Matrix
    deaths: Matrix
    left: Matrix
    entered: Matrix
    adjusted: tuple[float, float] = (0.0, 0.0)


def closed(
    start: Matrix,
    end: Matrix,
    births: Matrix,
    deaths: Matrix,
    *,
    names: tuple[str, ...],
    balance: Balance = Balance.BEFORE,
    fit: Fit = Fit.PUBLISHED,
) -> Account:
    """The account of a closed world: nobody comes from or goes to a place outside it.

    The change that births and deaths do not explain is shared between the residents at their birthplace at both ends,
    in whole persons if the stocks are whole (the remainder to the largest, the first of equals). What a birthplace
    still gains or loses is halved: both stocks are fitted to the mean of its two sums, residences unchanged.

    raises  CannotAccount
    """
    adjusted = (0.0, 0.0)
    _possible(start, deaths, names, "deaths", "start")
    _possible(end, births, names, "births", "end")
    if balance is Balance.BEFORE:
        start, end, adjusted = _balanced(start, end, births.sum() - deaths.sum(), names)
    died, born = _deaths(start, deaths, names), _births(end, births, names)
    first, last = start - died, end - born
    if balance is Balance.AFTER:
        first, last, adjusted = _balanced(first, last, 0.0, names, whole=False)
    mean = (first.sum(axis=1) + last.sum(axis=1)) / 2
    return Account(
        start=_fitted(first, mean, names, "start", fit),
        end=_fitted(last, mean, names, "end", fit),
        births=born,
        deaths=died,
        left=np.zeros(start.shape),
        entered=np.zeros(start.shape),
        adjusted=adjusted,
    )


def opened(
    start: Matrix,
    end: Matrix,
    births: Matrix,
    deaths: Matrix,
    *,
    names: tuple[str, ...],
    leavers: Leavers = Leavers.START,
) -> Account:
    """The account of an open world: what a birthplace loses left it, what it gains entered it.

    raises  CannotAccount; with `Leavers.END` also where fewer than nobody would be left
    """
    died, born = _deaths(start, deaths, names), _births(end, births, names)
    first, last = start - died, end - born
    lost = first.sum(axis=1) - last.sum(axis=1)
    away, home = (first, last) if leavers is Leavers.START else (last, first)
    left = _spread(away, np.maximum(lost, 0), names, "leave", leavers)
    entered = _spread(home, np.maximum(-lost, 0), names, "enter", leavers)
    first, last = first - left, last - entered
    for table, moment in ((first, "start"), (last, "end")):
        k, i = np.unravel_index(table.argmin(), table.shape)
        if table[k, i] < -1e-9 * max(1.0, float(table.max())):
            raise CannotAccount(
                f"leavers drawn from the other stock leave {table[k, i]:.6g} people born in {names[k]} who live in "
                f"{names[i]} at the {moment}; draw them from the start instead (open-dr)"
            )
    return Account(np.maximum(first, 0), np.maximum(last, 0), born, died, left, entered)


def whole_shares(values: Matrix, total: float) -> Matrix:
    """`values` scaled to sum to `total` in whole numbers: rounded, the remainder to the largest, the first of equals.

    values  (n,) >= 0, not all 0
    """
    rounded: Matrix = np.rint(values * (total / values.sum()))
    rounded[rounded.argmax()] += total - rounded.sum()
    return rounded


def without_negative_residents(stock: Matrix, names: tuple[str, ...], moment: str) -> tuple[Matrix, tuple[str, ...]]:
    """`stock` without negative residents at their birthplace, and the places where there were some.

    The diagonal is often population less the foreign-born, and falls below 0 where sources disagree. There it is set
    to 0 and the foreign-born of the place are scaled to its population. Raises CannotAccount if that is negative too.
    """
    diagonal = stock.diagonal()
    wrong = np.flatnonzero(diagonal < 0)
    if not wrong.size:
        return stock, ()
    mended = stock.copy()
    for i in wrong:
        total = float(stock[:, i].sum())
        if total < 0:
            raise CannotAccount(f"the population of {names[i]} at the {moment} is {total:.12g}: less than nobody")
        mended[i, i] = 0
        foreign = mended[:, i].sum()
        mended[:, i] *= total / foreign if foreign else 0.0
    return mended, tuple(names[i] for i in wrong)


def _balanced(
    start: Matrix, end: Matrix, natural: float, names: tuple[str, ...], whole: bool = True
) -> tuple[Matrix, Matrix, tuple[float, float]]:
    """Both stocks with their diagonals scaled, so that the change of all people is `natural`."""
    missing = natural - (end.sum() - start.sum())
    if missing == 0:
        return start, end, (0.0, 0.0)
    first, last = start.trace(), end.trace()
    in_persons = whole and all(not (table % 1).any() for table in (start, end)) and missing % 1 == 0
    less, more = (np.floor(missing / 2), np.ceil(missing / 2)) if in_persons else (missing / 2, missing / 2)
    if first - less < 0 or last + more < 0 or (first == 0 and less) or (last == 0 and more):
        raise CannotAccount(
            f"the stocks change by {end.sum() - start.sum():.12g} persons, births less deaths are {natural:.12g}, and "
            f"the {min(first, last):.12g} residents at their birthplace are too few to take up the difference; "
            "check that both files hold the whole population of every place"
        )
    shared = []
    for table, total in ((start, first - less), (end, last + more)):
        diagonal = table.diagonal()
        changed = table.copy()
        scaled = whole_shares(diagonal, total) if in_persons else diagonal * (total / diagonal.sum())
        if (scaled < 0).any():
            raise CannotAccount(f"nobody would be left at home in {names[int(scaled.argmin())]}")
        np.fill_diagonal(changed, scaled)
        shared.append(changed)
    return shared[0], shared[1], (-float(less), float(more))


def _possible(stock: Matrix, events: Matrix, names: tuple[str, ...], what: str, moment: str) -> None:
    """Refuse more births or deaths than a place has people. Raises CannotAccount."""
    people = stock.sum(axis=0)
    for i in np.flatnonzero(events > people):
        raise CannotAccount(
            f"{names[i]} has {events[i]:.12g} {what} but {people[i]:.12g} people at the {moment}; "
            "check the unit and the period of the vital events"
        )


def _deaths(start: Matrix, deaths: Matrix, names: tuple[str, ...]) -> Matrix:
    """Deaths of each place shared among its people at the start by where they were born."""
    _possible(start, deaths, names, "deaths", "start")
    return start * ratio(deaths, start.sum(axis=0))


def _births(end: Matrix, births: Matrix, names: tuple[str, ...]) -> Matrix:
    """Births of each place as residents born there; where these are too few, shared among all of its people."""
    _possible(end, births, names, "births", "end")
    people = end.sum(axis=0)
    born = np.diag(births).astype(float)
    for i in np.flatnonzero(end.diagonal() < births):
        born[:, i] = births[i] * end[:, i] / people[i]
    return born


def _fitted(table: Matrix, rows: Matrix, names: tuple[str, ...], moment: str, fit: Fit) -> Matrix:
    """`table` fitted to new row sums, its column sums unchanged. Raises CannotAccount naming the birthplace."""
    empty = (table.sum(axis=1) <= 0) & (rows > 0)
    for k in np.flatnonzero(empty):
        raise CannotAccount(
            f"nobody born in {names[k]} is left at the {moment} of the period, but there are such people at the other "
            "end: a closed account cannot have both; leave that place out, or use da_min_open"
        )
    if np.array_equal(rows, table.sum(axis=1)):
        return table
    columns = table.sum(axis=0)
    try:
        return two_way(rows, columns, table).table if fit is Fit.EXACT else swept(rows, columns, table)
    except NoFit as reason:
        raise CannotAccount(f"the stock at the {moment} cannot be fitted ({reason}); 0 is {names[0]}") from reason


def _spread(table: Matrix, total: Matrix, names: tuple[str, ...], verb: str, leavers: Leavers) -> Matrix:
    """`total` persons of each birthplace shared among its residences."""
    people = table.sum(axis=1)
    for k in np.flatnonzero((people <= 0) & (total > 0)):
        raise CannotAccount(
            f"{total[k]:.12g} people born in {names[k]} {verb}, but nobody born there is in the other stock; "
            f"with leavers from the {leavers} there is no place to draw them from"
        )
    return table * ratio(total, people)[:, None]
