"""Priorities of a body: ballots that rank, and ballots that spend dots or credits.

Methods differ on the same ballots, so whatever is published is published with the table that it was made from.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]
Ranks = Mapping[str, int]  # option to its place on one ballot; 1 is the best, equal places are ties


class BadBallot(ValueError):
    """A ballot that cannot be counted, with the reason. Nothing of it is counted."""


class UnknownOption(BadBallot):
    """A ballot names an option that is not on the list."""


class SpentTooMuch(BadBallot):
    """A ballot spends more than a voter has."""


@dataclass(frozen=True)
class SchulzeResult:
    """The order of options and the two tables that it follows from. Rows and columns stand in the order of `options`.

    options    the options, as given
    ballots    how many ballots were counted (persons)
    pairwise   [i, j] ballots that put option i before option j (persons); the diagonal is 0
    strongest  [i, j] strength of the strongest path from i to j (persons); 0 if there is none
    places     options from first to last; those of one place are tied
    """

    options: tuple[str, ...]
    ballots: int
    pairwise: Counts
    strongest: Counts
    places: tuple[tuple[str, ...], ...]

    @property
    def condorcet_winner(self) -> str | None:
        """The option that wins against every other one alone; None if there is no such option."""
        wins = (self.pairwise > self.pairwise.T).sum(axis=1)
        found = np.flatnonzero(wins == len(self.options) - 1)
        return self.options[int(found[0])] if len(found) else None


def pairwise_table(options: Sequence[str], ballots: Sequence[Ranks], times: Sequence[int] | None = None) -> Counts:
    """How many ballots put each option (row) before each other one (column). Shape options × options, in persons.

    options  at least one, each once
    ballots  option to place, 1 the best; several options may share a place; unranked options are tied last
    times    how many voters cast each ballot; once each if not given
    raises   UnknownOption, or BadBallot for a place under 1 or a negative number of times
    """
    _once_each(options)
    column = {option: at for at, option in enumerate(options)}
    cast = [1] * len(ballots) if times is None else list(times)
    if len(cast) != len(ballots) or any(each < 0 for each in cast):
        raise BadBallot("each ballot needs the number of voters who cast it, zero or more")
    last = np.iinfo(np.int64).max
    table = np.zeros((len(options), len(options)), dtype=np.int64)
    for ballot, voters in zip(ballots, cast, strict=True):
        place = np.full(len(options), last, dtype=np.int64)
        for option, rank in ballot.items():
            if option not in column:
                raise UnknownOption(f"{option!r} is not one of the options")
            if rank < 1:
                raise BadBallot(f"place {rank} of {option!r}: places start at 1")
            place[column[option]] = rank
        table += voters * (place[:, None] < place[None, :])
    return table


def schulze(options: Sequence[str], ballots: Sequence[Ranks], times: Sequence[int] | None = None) -> SchulzeResult:
    """Options in the order of Schulze's method, with paths measured in winning votes.

    An option comes before another one if its strongest path to it is stronger than the path back. Each place holds
    the options that no option still to be placed comes before. Arguments and errors are those of `pairwise_table`.
    Without any ballot all options share one place.

    source  Schulze (2011), A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent
            single-winner election method, Social Choice and Welfare 36, 267-303
    """
    table = pairwise_table(options, ballots, times)
    strength = np.where(table > table.T, table, 0)
    for middle in range(len(options)):
        strength = np.maximum(strength, np.minimum(strength[:, middle, None], strength[None, middle, :]))
    np.fill_diagonal(strength, 0)
    before = strength > strength.T
    left = list(range(len(options)))
    places: list[tuple[str, ...]] = []
    while left:
        first = [at for at in left if not before[left, at].any()]
        places.append(tuple(options[at] for at in first))
        left = [at for at in left if at not in first]
    cast = len(ballots) if times is None else sum(times)
    return SchulzeResult(tuple(options), cast, table, strength, tuple(places))


@dataclass(frozen=True)
class Tally:
    """What each option received.

    totals      option to the sum of votes (dots, or votes for less votes against)
    supporters  option to the voters who gave it anything in favour (persons)
    opponents   option to the voters who voted against it (persons); always 0 with dots
    ballots     ballots counted (persons)
    unspent     dots or credits that nobody spent
    places      options from most to least; those with equal totals share a place
    """

    totals: Mapping[str, int]
    supporters: Mapping[str, int]
    opponents: Mapping[str, int]
    ballots: int
    unspent: int
    places: tuple[tuple[str, ...], ...]


def check_dots(options: Sequence[str], ballot: Mapping[str, int], *, dots: int, most: int | None = None) -> int:
    """The dots that a ballot leaves unspent.

    dots    how many a voter has; at least 0
    most    how many may be put on one option; any number if not given
    raises  UnknownOption; SpentTooMuch; BadBallot for fewer than no dots on an option
    """
    _known(options, ballot)
    for option, number in ballot.items():
        if number < 0:
            raise BadBallot(f"{number} dots on {option!r}: dots are never negative")
        if most is not None and number > most:
            raise SpentTooMuch(f"{number} dots on {option!r}: at most {most} are allowed on one option")
    spent = sum(ballot.values())
    if spent > dots:
        raise SpentTooMuch(f"{spent} dots, but a voter has {dots}")
    return dots - spent


def check_quadratic(options: Sequence[str], ballot: Mapping[str, int], *, credits_each: int) -> int:
    """The credits that a ballot leaves unspent: v votes for or against one option cost v² credits.

    credits_each  how many a voter has; at least 0
    raises        UnknownOption; SpentTooMuch if the squares add up to more than the credits
    source        Lalley & Weyl (2018), Quadratic voting, AEA Papers and Proceedings 108, 33-37
    """
    _known(options, ballot)
    spent = sum(votes * votes for votes in ballot.values())
    if spent > credits_each:
        raise SpentTooMuch(f"the squares of these votes are {spent} credits, but a voter has {credits_each}")
    return credits_each - spent


def count_dots(
    options: Sequence[str], ballots: Sequence[Mapping[str, int]], *, dots: int, most: int | None = None
) -> Tally:
    """The sum of dots of each option. Errors are those of `check_dots`, with the number of the ballot before."""
    _once_each(options)
    unspent = 0
    for number, ballot in enumerate(ballots, 1):
        with _of_ballot(number):
            unspent += check_dots(options, ballot, dots=dots, most=most)
    return _tally(options, ballots, unspent)


def count_quadratic(options: Sequence[str], ballots: Sequence[Mapping[str, int]], *, credits_each: int) -> Tally:
    """The votes for each option less those against it. Errors are those of `check_quadratic`, with the ballot."""
    _once_each(options)
    unspent = 0
    for number, ballot in enumerate(ballots, 1):
        with _of_ballot(number):
            unspent += check_quadratic(options, ballot, credits_each=credits_each)
    return _tally(options, ballots, unspent)


def _tally(options: Sequence[str], ballots: Sequence[Mapping[str, int]], unspent: int) -> Tally:
    votes = np.array([[each.get(option, 0) for option in options] for each in ballots], dtype=np.int64)
    votes = votes.reshape(len(ballots), len(options))
    totals = dict(zip(options, votes.sum(axis=0).tolist(), strict=True))
    places = tuple(
        tuple(option for option in options if totals[option] == total) for total in sorted({*totals.values()})[::-1]
    )
    return Tally(
        MappingProxyType(totals),
        MappingProxyType(dict(zip(options, (votes > 0).sum(axis=0).tolist(), strict=True))),
        MappingProxyType(dict(zip(options, (votes < 0).sum(axis=0).tolist(), strict=True))),
        len(ballots),
        unspent,
        places,
    )


@contextmanager
def _of_ballot(number: int) -> Iterator[None]:
    """Say of which ballot an error is."""
    try:
        yield
    except BadBallot as why:
        raise type(why)(f"ballot {number}: {why}") from why


def _known(options: Sequence[str], ballot: Mapping[str, int]) -> None:
    for option in ballot:
        if option not in options:
            raise UnknownOption(f"{option!r} is not one of the options")


def _once_each(options: Sequence[str]) -> None:
    if not options or len(set(options)) != len(options):
        raise ValueError("options are at least one, each named once")
