"""What is done with a poll: it is made, voted in, published, or withdrawn before anybody has voted."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from torogoz.domain import voting_codes
from torogoz.domain.access import Verb
from torogoz.domain.polls import (
    FEWEST,
    HideUntil,
    Kind,
    Moment,
    PollRefused,
    Secrecy,
    Voters,
    check_together,
    moment,
)
from torogoz.shared.institutions.access import may_for
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.polls.acting import allowed, as_secretariat, check_open, written
from torogoz.shared.polls.ballots import checked, checked_reason
from torogoz.shared.polls.drawn_codes import code_of, new_code
from torogoz.shared.polls.models import Attestation, Ballot, Option, Participation, Poll, Seat
from torogoz.shared.polls.queries import ballot_with, seats_that_voted, takes_attested
from torogoz.shared.polls.urns import empty_urn, put_in, series_of

NEEDED: Mapping[Kind, tuple[str, ...]] = {
    Kind.SCALE: ("rule",),
    Kind.DOTS: ("dots",),
    Kind.QUADRATIC: ("credits",),
    Kind.BUDGET: ("budget",),
}
"""The rules without which a kind of poll cannot be counted."""


@dataclass(frozen=True)
class Choice:
    """An option of a new poll."""

    code: str
    name_es: str
    name_en: str
    cost: Decimal | None = None


@dataclass(frozen=True)
class Place:
    """A body on the roll of a new poll; `institution` is None for one that is not of the State."""

    body: UUID
    institution: Institution | None
    name_es: str
    name_en: str
    group: str
    weight: int = 1


@dataclass(frozen=True)
class Asks:
    """What a new poll asks, whom, and by which rules."""

    kind: Kind
    voters: Voters
    secrecy: Secrecy
    hide_until: HideUntil
    title_es: str
    title_en: str
    question_es: str
    question_en: str
    opens_at: datetime
    closes_at: datetime
    rules: Mapping[str, Any] = field(default_factory=dict)
    options: Sequence[Choice] = ()
    roll: Sequence[Place] = ()


@transaction.atomic
def make_poll(
    *, by: Officer, owner: Institution, about: UUID, asks: Asks, now: datetime, token: UUID | None = None
) -> Poll:
    """Make a poll with its options and roll. Nothing of it is changed afterwards.

    Sent twice with the same words, it gives what it gave the first time. Raises NotAllowed, PollRefused."""
    decision = as_secretariat(by, owner, now)
    if token is not None and (before := Poll.objects.filter(token=token).first()) is not None:
        if before.created_by_id != by.pk or before.about != about or not _says(before, asks, now):
            raise PollRefused("", "sent_before")
        return before
    _check(asks)
    poll = Poll.objects.create(
        about=about,
        token=token,
        owner=owner,
        kind=asks.kind.value,
        voters=asks.voters.value,
        secrecy=asks.secrecy.value,
        hide_until=asks.hide_until.value,
        title_es=asks.title_es,
        title_en=asks.title_en,
        question_es=asks.question_es,
        question_en=asks.question_en,
        rules=dict(asks.rules),
        opens_at=asks.opens_at,
        closes_at=asks.closes_at,
        made_up=by.made_up,
        created_by=by,
        created_at=now,
    )
    Option.objects.bulk_create(
        Option(poll=poll, code=one.code, name_es=one.name_es, name_en=one.name_en, cost=one.cost, position=at)
        for at, one in enumerate(asks.options)
    )
    Seat.objects.bulk_create(Seat(poll=poll, position=at, **vars(one)) for at, one in enumerate(asks.roll))
    if asks.secrecy is Secrecy.SECRET:
        empty_urn(poll).save()
    written(by, "poll", poll.key, decision, now)
    return poll


@transaction.atomic
def cast_named(
    *,
    by: Officer,
    seat: Seat,
    content: Mapping[str, Any],
    now: datetime,
    reason: str = "",
    sheet: str = "",
) -> Ballot:
    """Cast a ballot in the name of a seat; the same one again is kept once. Raises NotAllowed, PollRefused,
    DeliberationRefused.

    sheet   of a body that is not of the State: the paper from which the secretariat types its ballot
    """
    poll = Poll.objects.select_for_update(of=("self",)).select_related("owner").get(pk=seat.poll_id)
    if seat.institution is None:
        decision = as_secretariat(by, poll.owner, now)
    else:
        decision = allowed(may_for(by, Verb.REPORT, seat.institution.code, now))
    if poll.secrecy != Secrecy.NAMED.value or (seat.institution is None and not sheet.strip()):
        raise PollRefused("", "not_asked")
    check_open(poll, now)
    kind = Kind(poll.kind)
    kept = checked(kind, poll.rules, _codes(poll), content)
    why = checked_reason(kind, kept, reason)
    before: Ballot | None = seat.ballots.order_by("-number").first()
    if before is not None and (before.content, before.reason) == (kept, why):
        return before
    if before is not None and not poll.may_change:
        raise PollRefused("", "once")
    ballot = Ballot.objects.create(
        seat=seat,
        number=before.number + 1 if before else 1,
        content=kept,
        reason=why,
        sheet=sheet.strip(),
        cast_by=by,
        cast_at=now,
    )
    written(by, "ballot", seat.key, decision, now)
    return ballot


@transaction.atomic
def cast_secret(
    *,
    poll: Poll,
    content: Mapping[str, Any],
    now: datetime,
    by: Officer | None = None,
    seat: Seat | None = None,
    attestation: Attestation | None = None,
    reason: str = "",
    code: str = "",
    drawn: str = "",
) -> str:
    """Put a secret ballot into the urn, for a seat or a token; the code that its voter keeps comes back.

    Whoever has voted changes the ballot by that code alone: nothing here knows which ballot it was. The record of
    accesses says that the officer voted for the seat, as the list of who has voted does. Raises NotAllowed,
    PollRefused, DeliberationRefused.

    drawn   the code that was shown before, under its signature: the ballot gets it, and the same form sent again finds
            its ballot by it and is kept once
    """
    if poll.secrecy != Secrecy.SECRET.value:
        raise PollRefused("", "not_asked")
    decision = None
    if attestation is not None:
        if not takes_attested(poll, attestation):
            raise PollRefused("", "not_asked")
        voter: dict[str, Any] = {"attestation": attestation}
    else:
        if by is None or seat is None or seat.institution is None or seat.poll_id != poll.pk:
            raise PollRefused("", "not_asked")
        decision = allowed(may_for(by, Verb.REPORT, seat.institution.code, now))
        voter = {"seat": seat}
    poll = Poll.objects.select_for_update(of=("self",)).get(pk=poll.pk)
    check_open(poll, now)
    kind = Kind(poll.kind)
    kept = checked(kind, poll.rules, _codes(poll), content)
    why = checked_reason(kind, kept, reason)
    shown = code_of(poll, drawn)
    lying = ballot_with(poll, code.strip() or shown)
    if not Participation.objects.filter(poll=poll, **voter).exists():
        Participation.objects.create(poll=poll, **voter)
        # A code under which a ballot lies is somebody's: a first ballot never takes the place of another one.
        code, lying = (shown if shown and ballot_with(poll, shown) is None else new_code()), None
    elif lying is None:
        raise _not_found(poll, code)
    elif (lying.content, lying.reason) != (kept, why) and not poll.may_change:
        raise PollRefused("", "once")
    code = voting_codes.read(code.strip() or shown)
    if lying is None or (lying.content, lying.reason) != (kept, why):
        put_in(poll, series_of(poll, code), kept, why)
    if by is not None and seat is not None and decision is not None:
        written(by, "ballot", seat.key, decision, now)
    return code


def _not_found(poll: Poll, code: str) -> PollRefused:
    """Why whoever has voted cannot change the ballot by this code."""
    if not poll.may_change:
        return PollRefused("", "once")
    return PollRefused("code", "code" if code.strip() else "voted")


@transaction.atomic
def close_poll(*, by: Officer, poll: Poll, now: datetime) -> Poll:
    """Close a poll of seats before its time, once every seat of the roll has voted: so nobody loses a vote by it.

    Only where results are hidden until it closes: who closes it has seen nothing of them. Raises NotAllowed,
    PollRefused."""
    decision = as_secretariat(by, poll.owner, now)
    held = Poll.objects.select_for_update(of=("self",)).get(pk=poll.pk)
    check_open(held, now)
    if held.hide_until not in {HideUntil.CLOSED.value, HideUntil.PUBLISHED.value}:
        raise PollRefused("", "seen_early")
    if held.voters != Voters.SEATS.value:
        raise PollRefused("", "together")
    if missing := held.roll.count() - len(seats_that_voted(held)):
        raise PollRefused("", "not_all_voted", missing=missing)
    held.ended_at = now
    held.save(update_fields=["ended_at"])
    written(by, "poll", poll.key, decision, now)
    return held


@transaction.atomic
def publish_results(*, by: Officer, poll: Poll, now: datetime) -> Poll:
    """Open the results of a poll that hides them until then. Raises NotAllowed, PollRefused while it is open."""
    decision = as_secretariat(by, poll.owner, now)
    if moment(poll.standing, now) is not Moment.CLOSED:
        raise PollRefused("", "still_open")
    if not Poll.objects.filter(pk=poll.pk, published_at__isnull=True).update(published_at=now):
        poll.refresh_from_db()
        return poll
    poll.refresh_from_db()
    written(by, "poll", poll.key, decision, now, Verb.PUBLISH)
    return poll


@transaction.atomic
def withdraw_poll(*, by: Officer, poll: Poll, reason_es: str, reason_en: str, now: datetime) -> Poll:
    """Take back a poll that has not opened yet, with the reason. Once it is open it runs to its end: whether it may be
    withdrawn would tell whether somebody has voted. Raises NotAllowed, PollRefused."""
    decision = as_secretariat(by, poll.owner, now)
    if not (reason_es.strip() and reason_en.strip()):
        raise PollRefused("reason_es", "reason")
    held = Poll.objects.select_for_update(of=("self",)).get(pk=poll.pk)
    if moment(held.standing, now) is not Moment.WAITING:
        raise PollRefused("", "has_opened")
    held.withdrawn_at, held.withdrawn_es, held.withdrawn_en = now, reason_es.strip(), reason_en.strip()
    held.save(update_fields=["withdrawn_at", "withdrawn_es", "withdrawn_en"])
    written(by, "poll", poll.key, decision, now)
    return held


def _codes(poll: Poll) -> list[str]:
    return list(poll.options.order_by("position", "pk").values_list("code", flat=True))


def _says(poll: Poll, asks: Asks, now: datetime) -> bool:
    """Whether the poll that is stored asks just this. An opening that has passed was perhaps the moment of sending."""
    words = ("title_es", "title_en", "question_es", "question_en")
    rest = ("closes_at", "kind", "voters", "secrecy", "hide_until")
    return (
        all(getattr(poll, name) == getattr(asks, name) for name in (*words, *rest))
        and (poll.opens_at == asks.opens_at or asks.opens_at <= now)
        and poll.rules == json.loads(json.dumps(dict(asks.rules)))
        and list(poll.options.order_by("position").values_list("code", "name_es", "name_en", "cost"))
        == [(one.code, one.name_es, one.name_en, one.cost) for one in asks.options]
        and list(poll.roll.order_by("position").values_list("body", "weight"))
        == [(one.body, one.weight) for one in asks.roll]
    )


def _check(asks: Asks) -> None:
    """Refuse a poll that could not be counted, or could not keep its promises. Raises PollRefused."""
    check_together(asks.kind, asks.voters, asks.secrecy, asks.hide_until)
    if asks.closes_at <= asks.opens_at:
        raise PollRefused("closes_at", "closes")
    for rule in NEEDED.get(asks.kind, ()):
        if not asks.rules.get(rule):
            raise PollRefused("rules", "rules", rule=rule)
    codes = [one.code for one in asks.options]
    if asks.kind not in {Kind.SCALE, Kind.STATEMENTS} and (len(codes) < 2 or len(set(codes)) != len(codes)):
        raise PollRefused("options", "options")
    if asks.kind is Kind.BUDGET and any(one.cost is None or one.cost <= 0 for one in asks.options):
        raise PollRefused("options", "cost")
    if asks.voters is Voters.SEATS:
        _check_names(asks)
        _check_roll(asks)


def _check_names(asks: Asks) -> None:
    """Refuse options that a seat could not tell apart; projects of a fund are told apart by their sheets."""
    for name in ("name_es", "name_en"):
        names = [" ".join(getattr(one, name).split()) for one in asks.options]
        again = [one for at, one in enumerate(names) if one.casefold() in {each.casefold() for each in names[:at]}]
        if again:
            raise PollRefused("options", "same_name", name=again[0])


def _check_roll(asks: Asks) -> None:
    if not asks.roll:
        raise PollRefused("roll", "roll")
    if asks.secrecy is Secrecy.SECRET:
        if len(asks.roll) < FEWEST:
            raise PollRefused("roll", "secret_few", fewest=FEWEST)
        if any(one.weight != 1 for one in asks.roll):
            raise PollRefused("roll", "secret_seats")
