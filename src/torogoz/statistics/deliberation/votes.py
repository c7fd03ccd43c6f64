"""Votes on statements: agree, disagree or pass; the last vote of a voter on a statement counts, and all are kept.

What a voter has not seen is a value of its own: it is no pass.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

AGREE: Final = 1
PASS: Final = 0
DISAGREE: Final = -1
UNSEEN: Final = 9  # not a vote
Votes = npt.NDArray[np.int8]
Counts = npt.NDArray[np.int64]
Ids = npt.NDArray[np.int64]


class BadVote(ValueError):
    """A vote that is none of agree, disagree and pass, or of nobody or nothing that is known."""


@dataclass(frozen=True)
class VoteMatrix:
    """Who voted what. `values` has a row a voter and a column a statement: AGREE, PASS, DISAGREE or UNSEEN."""

    voters: Ids
    statements: Ids
    values: Votes

    def __post_init__(self) -> None:
        """Refuse other shapes and values. Raises BadVote."""
        if self.values.shape != (len(self.voters), len(self.statements)):
            raise BadVote("votes have one row a voter and one column a statement")
        if not np.isin(self.values, (AGREE, PASS, DISAGREE, UNSEEN)).all():
            raise BadVote("a vote is 1 (agree), 0 (pass) or -1 (disagree); 9 stands for a statement not seen")

    @property
    def cast(self) -> Counts:
        """How many statements each voter voted on, passes included."""
        return np.asarray((self.values != UNSEEN).sum(axis=1), dtype=np.int64)


@dataclass(frozen=True)
class VoteCounts:
    """Votes of each statement, in its order (persons). `seen` counts passes too; passes are seen − agree − disagree."""

    agree: Counts
    disagree: Counts
    seen: Counts

    @property
    def passed(self) -> Counts:
        """Who saw the statement and passed."""
        return self.seen - self.agree - self.disagree


def last_votes(
    voter: npt.ArrayLike,
    statement: npt.ArrayLike,
    vote: npt.ArrayLike,
    when: npt.ArrayLike | None = None,
    *,
    voters: npt.ArrayLike | None = None,
    statements: npt.ArrayLike | None = None,
) -> VoteMatrix:
    """The last vote of each voter on each statement.

    voter, statement, vote  one entry a vote cast, in any order if `when` is given, else in the order of casting
    when                    when it was cast (any whole unit); of two votes at one moment the later entry counts
    voters, statements      rows and columns, in their order; those that occur, ascending, if not given
    raises                  BadVote for another vote than 1, 0 and −1, or one of an unknown voter or statement
    """
    who, what = np.asarray(voter, dtype=np.int64), np.asarray(statement, dtype=np.int64)
    given = np.asarray(vote)
    if not (who.shape == what.shape == given.shape and who.ndim == 1):
        raise BadVote("each vote has one voter, one statement and one value")
    if not np.isin(given, (AGREE, PASS, DISAGREE)).all():
        raise BadVote("a vote is 1 (agree), 0 (pass) or -1 (disagree)")
    rows, row = _placed(who, voters, "voter")
    columns, column = _placed(what, statements, "statement")
    if when is not None:
        order = np.argsort(np.asarray(when), kind="stable")
        row, column, given = row[order], column[order], given[order]
    values = np.full((len(rows), len(columns)), UNSEEN, dtype=np.int8)
    values[row, column] = given  # of repeated places the last assignment stays
    return VoteMatrix(rows, columns, values)


def _placed(found: Ids, known: npt.ArrayLike | None, what: str) -> tuple[Ids, Ids]:
    """The ids, and the place of each found one among them. Raises BadVote."""
    if known is None:
        ids, place = np.unique(found, return_inverse=True)
        return ids, place.astype(np.int64)
    ids = np.asarray(known, dtype=np.int64)
    order = np.argsort(ids, kind="stable")
    at = np.searchsorted(ids, found, sorter=order)
    place = order[np.minimum(at, len(ids) - 1)] if len(ids) else np.zeros(len(found), dtype=np.int64)
    wrong = np.ones(len(found), dtype=bool) if not len(ids) else ids[place] != found
    if wrong.any():
        raise BadVote(f"{what} {int(found[wrong][0])} is not known")
    return ids, place.astype(np.int64)


def counts(values: Votes) -> VoteCounts:
    """Votes of each statement over the rows of `values`, shape voters × statements."""
    return VoteCounts(
        np.asarray((values == AGREE).sum(axis=0), dtype=np.int64),
        np.asarray((values == DISAGREE).sum(axis=0), dtype=np.int64),
        np.asarray((values != UNSEEN).sum(axis=0), dtype=np.int64),
    )


def all_cast(statement: npt.ArrayLike, vote: npt.ArrayLike, statements: npt.ArrayLike) -> VoteCounts:
    """Every vote cast on each of `statements`, later changed ones included, as Polis's list of comments has them."""
    ids, place = _placed(np.asarray(statement, dtype=np.int64), statements, "statement")
    given = np.asarray(vote)
    agree, disagree, seen = (
        np.bincount(place[chosen], minlength=len(ids)).astype(np.int64)
        for chosen in (given == AGREE, given == DISAGREE, np.ones(len(given), dtype=bool))
    )
    return VoteCounts(agree, disagree, seen)
