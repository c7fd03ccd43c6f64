"""The urn of a secret poll: opened to add a ballot, to see whether one lies in it, and to count after the gate opens.

A ballot lies under the hash of a code that only its voter keeps. All ballots are sealed together, in the order of these
hashes and padded to whole pages, so that neither the row nor its size tells which one came last or what it says.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from torogoz.shared.polls.models import Poll, Urn
from torogoz.shared.vault import sealing
from torogoz.shared.vault.sealing import Batch

PAGE = 4096


@dataclass(frozen=True)
class Folded:
    """One secret ballot: the hash of its code, how many times it was cast (1 the first), what it says and why."""

    series: str
    number: int
    content: dict[str, Any]
    reason: str = ""


def series_of(poll: Poll, code: str) -> str:
    """The hash under which the ballot of this code lies, in this poll and no other."""
    return hashlib.sha256(f"{poll.key}:{code}".encode()).hexdigest()


def ballots_in(poll: Poll) -> list[Folded]:
    """Every ballot ever put in, in the order of the hashes, then of casting."""
    urn = Urn.objects.select_related("institution").filter(poll=poll).first()
    return [Folded(**one) for one in urn.said_in(Batch())["ballots"]] if urn else []


def last_of(ballots: list[Folded]) -> list[Folded]:
    """Of each series the ballot that counts."""
    return list({one.series: one for one in sorted(ballots, key=lambda one: (one.series, one.number))}.values())


def put_in(poll: Poll, series: str, content: dict[str, Any], reason: str) -> Folded:
    """Add a ballot, and seal all of them anew. The row of the urn is held until the transaction ends."""
    urn = Urn.objects.select_for_update(of=("self",)).select_related("institution").get(poll=poll)
    kept = [Folded(**one) for one in urn.said_in(Batch())["ballots"]]
    added = Folded(series, 1 + sum(one.series == series for one in kept), content, reason)
    _seal(urn, [*kept, added]).save(update_fields=["sealed"])
    return added


def empty_urn(poll: Poll) -> Urn:
    """The urn of a new poll, not saved yet. It takes as much room as one with a few ballots."""
    return _seal(Urn(poll=poll, institution=poll.owner), [])


def _seal(urn: Urn, ballots: list[Folded]) -> Urn:
    lying = [vars(one) for one in sorted(ballots, key=lambda one: (one.series, one.number))]
    size = len(sealing.written({"ballots": lying, "padding": ""}))
    return urn.keep_words({"ballots": lying, "padding": "0" * (PAGE - size % PAGE)})
