"""The three files of a conversation as Polis exports it: statements, votes as they were cast, the matrix of voters.

They are read whole or not at all: a row that cannot be read is named and nothing is kept, since votes without some of
the votes are other votes.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from torogoz.exchange.readers.contract import Unreadable
from torogoz.exchange.readers.tables import ROW, Table, open_file
from torogoz.statistics.deliberation.representative import NO_GROUP
from torogoz.statistics.deliberation.votes import UNSEEN, Ids, Votes

VOTES: Final = ("timestamp", "comment-id", "voter-id", "vote")
COMMENTS: Final = ("timestamp", "comment-id", "author-id", "agrees", "disagrees", "moderated", "comment-body")
ABOUT_VOTERS: Final = ("participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree")
GUARDED: Final = r"^'([=+\-@\t\r])"  # what `writers.csv_text` puts before text that a spreadsheet would run


@dataclass(frozen=True)
class Participants:
    """The matrix of the last votes, as published.

    voters, statements  ids of rows and columns
    values              shape voters × statements: 1, 0, −1 or UNSEEN
    group               group of each voter, NO_GROUP where there is none
    """

    voters: Ids
    statements: Ids
    values: Votes
    group: npt.NDArray[np.int64]


def votes_of(path: Path) -> pl.DataFrame:
    """Every vote cast: at (ms since 1970), statement, voter, vote (1, 0, −1), in the order of the file.

    raises  Unreadable for another header, or naming the first row with something else than these numbers
    """
    table = _opened(path, VOTES)
    return pl.DataFrame(
        {
            "at": _numbers(table, "timestamp"),
            "statement": _numbers(table, "comment-id"),
            "voter": _numbers(table, "voter-id"),
            "vote": _votes(table, "vote"),
        }
    )


def comments_of(path: Path) -> pl.DataFrame:
    """The statements: at, statement, author, agrees, disagrees (all votes cast, changed ones too), moderated, text.

    moderated is 1 (let in), 0 (not looked at) or −1 (moderated out).
    raises  Unreadable as `votes_of`
    """
    table = _opened(path, COMMENTS)
    text = table.frame["comment-body"].fill_null("").str.replace(GUARDED, "$1")
    return pl.DataFrame(
        {
            "at": _numbers(table, "timestamp"),
            "statement": _numbers(table, "comment-id"),
            "author": _numbers(table, "author-id"),
            "agrees": _numbers(table, "agrees"),
            "disagrees": _numbers(table, "disagrees"),
            "moderated": _votes(table, "moderated"),
            "text": text,
        }
    )


def participants_of(path: Path) -> Participants:
    """The matrix of voters and statements. Raises Unreadable as `votes_of`, also if a column is no statement's id."""
    table = _opened(path, ABOUT_VOTERS)
    names = [name for name in table.names if name not in ABOUT_VOTERS]
    if wrong := [name for name in names if not name.isdecimal()]:
        raise Unreadable(f"{path.name}: the column {wrong[0]!r} is no number of a statement; nothing was read")
    columns = [_votes(table, name, may_be_empty=True).fill_null(UNSEEN).to_numpy() for name in names]
    group = _numbers(table, "group-id", may_be_empty=True).fill_null(NO_GROUP)
    height = table.frame.height
    values = np.stack(columns, axis=1) if columns else np.zeros((height, 0))
    return Participants(
        _numbers(table, "participant").to_numpy(),
        np.array([int(name) for name in names], dtype=np.int64),
        values.astype(np.int8),
        group.to_numpy(),
    )


def _opened(path: Path, needed: tuple[str, ...]) -> Table:
    (table, *more) = open_file(path)
    if not isinstance(table, Table) or more:
        raise Unreadable(f"{path.name} is a workbook, not a CSV of Polis; nothing was read")
    if missing := [name for name in needed if name not in table.names]:
        raise Unreadable(f"{path.name} lacks the columns {', '.join(missing)} of Polis; nothing was read")
    if table.ragged:
        raise Unreadable(
            f"{path.name}, row {table.ragged[0][0]}: more or fewer fields than the header; nothing was read"
        )
    return table


def _numbers(table: Table, name: str, *, may_be_empty: bool = False) -> pl.Series:
    """A column as whole numbers. Raises Unreadable with the first row that has none."""
    text = table.frame[name]
    number = text.cast(pl.Int64, strict=False)
    wrong = number.is_null() & (text.is_not_null() if may_be_empty else pl.Series([True]))
    if wrong.any():
        at = int(wrong.arg_true()[0])
        row = table.frame[ROW][at]
        raise Unreadable(f"{table.path.name}, row {row}: {name} is {text[at]!r}, not a whole number; nothing was read")
    return number


def _votes(table: Table, name: str, *, may_be_empty: bool = False) -> pl.Series:
    number = _numbers(table, name, may_be_empty=may_be_empty)
    wrong = ~number.is_in([-1, 0, 1]) & number.is_not_null()
    if wrong.any():
        at = int(wrong.arg_true()[0])
        row = table.frame[ROW][at]
        raise Unreadable(f"{table.path.name}, row {row}: {name} is {number[at]}, not 1, 0 or -1; nothing was read")
    return number
