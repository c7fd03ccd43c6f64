"""The statements of a poll as voters meet them, kept ready for some seconds, and which one a voter meets next.

Thousands vote at once, from old telephones: what is the same for all of them is read once, not once a vote. Whoever
decides on a statement throws the copy away; other processes notice within seconds.
"""

import random
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count

from torogoz.domain.polls import Standing, StatementState
from torogoz.shared.polls.models import Poll, Vote
from torogoz.statistics.deliberation.next_statement import least_seen_first

FRESH_SECONDS = 5
SEEN_SECONDS = 30


@dataclass(frozen=True)
class Line:
    """A statement that may be voted on."""

    pk: int
    key: UUID
    number: int
    text_es: str
    text_en: str
    wording: int
    frozen: bool


@dataclass(frozen=True)
class Board:
    """A poll of statements: where it stands, and its statements in the order in which they were accepted."""

    poll: int
    key: UUID
    about: UUID
    standing: Standing
    lines: tuple[Line, ...]

    def line(self, key: UUID) -> Line | None:
        """The statement with this key, if it may be voted on."""
        return next((one for one in self.lines if one.key == key), None)


def board(poll: UUID) -> Board | None:
    """The board of a poll, at most some seconds old."""
    name = _name(poll)
    found: Board | None = cache.get(name)
    if found is None:
        found = _read(poll)
        if found is not None:
            cache.set(name, found, FRESH_SECONDS)
    return found


def forget(poll: UUID) -> None:
    """Read the board anew the next time."""
    cache.delete(_name(poll))


def next_line(found: Board, voted: Collection[int], token: int) -> Line | None:
    """The statement that this token meets next: seen by fewest first; among equals in an order of its own."""
    lines = list(found.lines)
    random.Random(token).shuffle(lines)
    seen = _seen(found)
    order = least_seen_first([one.pk for one in lines], [seen.get(one.pk, 0) for one in lines], voted=voted)
    if not order:
        return None
    return next(one for one in lines if one.pk == order[0])


def _read(key: UUID) -> Board | None:
    poll = Poll.objects.filter(key=key).first()
    if poll is None:
        return None
    offered = poll.statements.filter(state=StatementState.ACCEPTED.value).order_by("number")
    fields = ("pk", "key", "number", "text_es", "text_en", "wording", "frozen")
    lines = tuple(Line(*row) for row in offered.values_list(*fields))
    return Board(poll.pk, poll.key, poll.about, poll.standing, lines)


def _seen(found: Board) -> dict[int, int]:
    """How many tokens saw each statement, as of at most half a minute ago."""
    name = f"polls:seen:{found.key}"
    seen: dict[int, int] | None = cache.get(name)
    if seen is None:
        first = Vote.objects.filter(statement__poll=found.poll, number=1)
        seen = dict(first.values_list("statement").annotate(times=Count("pk")).order_by())
        cache.set(name, seen, SEEN_SECONDS)
    return seen


def _name(poll: UUID) -> str:
    return f"polls:board:{poll}"


@dataclass(frozen=True)
class Own:
    """One vote of a token on a statement: its number (1 the first), value, and the turn of its form."""

    number: int
    value: int
    turn: int


def own_votes(attestation: int) -> dict[int, list[Own]]:
    """All votes of a token by statement, the first first."""
    found: dict[int, list[Own]] = {}
    rows = Vote.objects.filter(attestation=attestation).order_by("statement", "number")
    for statement, *vote in rows.values_list("statement", "number", "value", "turn"):
        found.setdefault(statement, []).append(Own(*vote))
    return found


def opens(found: Board, now: datetime) -> bool:
    """Whether votes are taken now."""
    return found.standing.withdrawn_at is None and found.standing.opens_at <= now < found.standing.closes_at
