"""A conversation in the three CSV files of Polis, for the programs that read those.

Voters and authors are the numbers that are given: they must lead to nobody. Times are written in UTC; Polis's zone is
that of its server. Text that a spreadsheet would run as a formula is preceded by an apostrophe, which our reader takes
away.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from torogoz.exchange.writers import csv_text
from torogoz.statistics.deliberation.representative import NO_GROUP
from torogoz.statistics.deliberation.votes import AGREE, DISAGREE, UNSEEN, VoteMatrix, all_cast

CAST: Final = ("at", "statement", "voter", "vote")


def comments_file(statements: pl.DataFrame, cast: pl.DataFrame) -> Iterator[bytes]:
    """comments.csv: each statement with all votes cast on it, changed ones too, as Polis counts.

    statements  statement (id), at (ms since 1970), author (id), moderated (1, 0, −1), text
    cast        every vote: at, statement, voter, vote
    raises      BadVote for a vote on a statement that is not there
    """
    every = all_cast(cast["statement"].to_numpy(), cast["vote"].to_numpy(), statements["statement"].to_numpy())
    frame = statements.select(
        timestamp=pl.col("at"),
        datetime=_told("at"),
        **{
            "comment-id": pl.col("statement"),
            "author-id": pl.col("author"),
            "agrees": pl.lit(pl.Series(every.agree)),
            "disagrees": pl.lit(pl.Series(every.disagree)),
            "moderated": pl.col("moderated"),
            "comment-body": pl.col("text"),
        },
    )
    return csv_text.pieces(frame)


def votes_file(cast: pl.DataFrame) -> Iterator[bytes]:
    """votes.csv: every vote cast (at, statement, voter, vote), by statement and time as Polis writes them."""
    frame = cast.sort("statement", "at", maintain_order=True).select(
        timestamp=pl.col("at"),
        datetime=_told("at"),
        **{"comment-id": pl.col("statement"), "voter-id": pl.col("voter"), "vote": pl.col("vote")},
    )
    return csv_text.pieces(frame)


def participants_file(
    matrix: VoteMatrix, group: npt.ArrayLike | None = None, authors: npt.ArrayLike = ()
) -> Iterator[bytes]:
    """participants-votes.csv: a row a voter with the last vote on each statement.

    group    number of the group of each row, or NO_GROUP; left empty if not given
    authors  the author of each statement, for how many a voter wrote
    """
    values = matrix.values
    of_row = np.full(len(matrix.voters), NO_GROUP) if group is None else np.asarray(group, dtype=np.int64)
    wrote = np.asarray(authors, dtype=np.int64)
    columns: dict[str, pl.Series] = {
        "participant": pl.Series(matrix.voters),
        "group-id": _none(of_row, NO_GROUP),
        "n-comments": pl.Series((matrix.voters[:, None] == wrote[None]).sum(axis=1)),
        "n-votes": pl.Series(matrix.cast),
        "n-agree": pl.Series((values == AGREE).sum(axis=1)),
        "n-disagree": pl.Series((values == DISAGREE).sum(axis=1)),
    }
    columns |= {str(each): _none(values[:, at], UNSEEN) for at, each in enumerate(matrix.statements.tolist())}
    return csv_text.pieces(pl.DataFrame(columns))


def _none(values: npt.NDArray[np.signedinteger], what: int) -> pl.Series:
    """The values, empty where they are `what`."""
    series = pl.Series(values)
    return series.set(series == what, None)


def _told(name: str) -> pl.Expr:
    """A time as Polis writes it: Mon Jul 17 16:10:15 UTC 2017."""
    return pl.from_epoch(pl.col(name), time_unit="ms").dt.strftime("%a %b %d %H:%M:%S UTC %Y")
