"""Which statement a voter is shown next.

We show what was seen least, so that every statement is heard. Polis draws them by a weight: new ones, those few pass
on, those many agree with and those that divide come more often. Its formula is here to compare with.
"""

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from torogoz.statistics.deliberation.votes import VoteCounts

Real = npt.NDArray[np.float64]
META = 7.0  # weight, before it is squared, of statements about the voters themselves


def least_seen_first(
    statements: npt.ArrayLike, seen: npt.ArrayLike, *, voted: Collection[int] = (), without: Collection[int] = ()
) -> list[int]:
    """Ids of the statements still to be shown, those seen by fewest first; ties in the order given.

    statements  ids, in the order of publication
    seen        how many saw each (persons)
    voted       what this voter voted on already
    without     what was moderated out
    raises      ValueError if there is not one number for each statement
    """
    ids = np.asarray(statements, dtype=np.int64)
    times = np.asarray(seen, dtype=np.int64)
    if ids.shape != times.shape:
        raise ValueError("each statement has a number of voters who saw it")
    hidden = {*voted, *without}
    return [each for each in ids[np.argsort(times, kind="stable")].tolist() if each not in hidden]


def importance(votes: VoteCounts, extremity: npt.ArrayLike) -> Real:
    """(1 − p_pass) · (1 + extremity) · p_agree, with p = (votes + 1) / (seen + 2).

    extremity  of each statement, from the opinion map; 0 where there is none
    source     Polis's own program (math/conversation.clj)
    """
    passed, agreed = ((each + 1) / (votes.seen + 2) for each in (votes.passed, votes.agree))
    return np.asarray((1 - passed) * (1 + np.asarray(extremity, dtype=np.float64)) * agreed)


def priority(votes: VoteCounts, extremity: npt.ArrayLike, meta: npt.ArrayLike = False) -> Real:
    """[importance · (1 + 8 · 2^(−S / 5))]²: the weight with which Polis draws the next statement; 7² for `meta` ones.

    A statement that nobody saw weighs up to 81 times as much as when many have seen it.
    """
    weight = importance(votes, extremity) * (1 + 8 * 2.0 ** (-votes.seen / 5))
    return np.where(np.asarray(meta, dtype=np.bool_), META, weight) ** 2
