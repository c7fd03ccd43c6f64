"""What the secretariat does with a vote of seats: opens it by the rules of the consultation, takes its outcome on."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from torogoz.domain.consultations import TAKES_MORE, ConsultationRefused, ProcessState
from torogoz.domain.polls import FEWEST, Kind, Moment, PollRefused, Secrecy, Voters, moment
from torogoz.shared.institutions.models import Officer
from torogoz.shared.polls import actions as polls
from torogoz.shared.polls.actions import Asks, Place
from torogoz.shared.polls.counting import Results
from torogoz.shared.polls.models import Poll
from torogoz.shared.polls.queries import Asker, results
from torogoz.topics.consultation import drafting_actions, vote_queries
from torogoz.topics.consultation.acting import as_secretariat, hold
from torogoz.topics.consultation.adoption_queries import name_of
from torogoz.topics.consultation.models import Draft
from torogoz.topics.consultation.process_models import Invitation, Process, Theme
from torogoz.topics.consultation.vote_words import TAKEN, as_text


@dataclass(frozen=True)
class VoteSaid:
    """A vote as the secretariat announces it.

    asks        without its roll; its rules are the numbers of its kind: dots and most, credits, budget
    bodies      keys of the invitations on the roll
    may_change  whether a seat may change its ballot until it closes
    """

    asks: Asks
    bodies: Collection[UUID]
    may_change: bool = True


@transaction.atomic
def open_vote(*, by: Officer, process: Process, said: VoteSaid, now: datetime, token: UUID | None = None) -> Poll:
    """Announce a vote of bodies that decide and have accepted. Nothing that it asks is changed afterwards.

    Raises NotAllowed, ConsultationRefused, PollRefused."""
    as_secretariat(by, process, now)
    hold(process)
    if process.state != ProcessState.AT_WORK:
        raise ConsultationRefused("", "state")
    if said.asks.closes_at <= now:
        raise PollRefused("closes_at", "closes")
    bodies = [one for one in vote_queries.may_vote(process) if one.key in said.bodies]
    secret = said.asks.secrecy is Secrecy.SECRET
    if secret and any(one.institution is None for one in bodies):
        raise PollRefused("bodies", "secret_paper")
    roll = [_place(one, secret) for one in bodies]
    asks = replace(said.asks, voters=Voters.SEATS, rules=_rules(process, said, secret), roll=roll)
    if asks.kind is Kind.SCALE and len(roll) >= (FEWEST if secret else 1):
        for lacking in vote_queries.never_reached(process, bodies, secret=secret):
            raise PollRefused("bodies", "never_quorum", asked=lacking.asked, held=lacking.seats)
    poll = polls.make_poll(by=by, owner=process.convener, about=process.key, asks=asks, now=now, token=token)
    Process.objects.filter(pk=process.pk).update(changed_at=now, changes=F("changes") + 1)
    return poll


@transaction.atomic
def open_online(*, by: Officer, process: Process, asks: Asks, now: datetime, token: UUID | None = None) -> Poll:
    """Announce the on-line vote of a consultation that is neither closed nor adopted.

    Raises NotAllowed, ConsultationRefused (`over`), PollRefused."""
    as_secretariat(by, process, now)
    hold(process)
    if process.state not in TAKES_MORE:
        raise ConsultationRefused("", "over")
    poll = polls.make_poll(by=by, owner=process.convener, about=process.key, asks=asks, now=now, token=token)
    Process.objects.filter(pk=process.pk).update(changed_at=now, changes=F("changes") + 1)
    return poll


def _rules(process: Process, said: VoteSaid, secret: bool) -> dict[str, Any]:
    rules = {name: value for name, value in said.asks.rules.items() if value}
    if not said.may_change:
        rules["once"] = True
    if said.asks.kind is Kind.SCALE:
        rules |= {
            "rule": process.rule,
            "share_top": process.share_top,
            "share_bottom": process.share_bottom,
            "more_than": process.more_than,
            "base": process.base,
            "quorum_seats": process.quorum_seats,
            # Of a secret ballot nobody knows the group.
            "quorum_groups": {} if secret else process.quorum_groups,
        }
    return rules


def _place(one: Invitation, secret: bool) -> Place:
    name = name_of(one)
    return Place(one.key, one.institution, name.es, name.en, one.group, 1 if secret else one.seats or 1)


@transaction.atomic
def take_into_text(
    *, by: Officer, process: Process, poll: Poll, code: str, kind: str, theme: Theme | None, now: datetime
) -> Draft:
    """Begin a text with what a vote came to, for the seats to decide on like on any other; a vote is taken once.

    Raises NotAllowed, ConsultationRefused; PollRefused while results are hidden or where there are none."""
    as_secretariat(by, process, now)
    if (before := vote_queries.taken_into(poll)) is not None:
        return before
    found = results(poll, Asker(by), now)
    over = moment(poll.standing, now) is Moment.CLOSED
    if not over or not isinstance(found, Results) or found.too_few or not found.voted or found.kind not in TAKEN:
        raise PollRefused("", "nothing_to_take")
    text = as_text(poll, found)
    return drafting_actions.open_draft(
        by=by,
        process=process,
        theme=theme,
        code=code,
        kind=kind,
        title_es=poll.title_es,
        title_en=poll.title_en,
        text_es=text.es,
        text_en=text.en,
        now=now,
        token=poll.key,  # one vote, one text
    )
