"""Votes of seats within a consultation: who stands before one, what of it may be done, and its results by the gates."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from torogoz.domain.consultations import Part, Reply
from torogoz.domain.deliberation import Reason, Stance, Voice, missing
from torogoz.domain.polls import FEWEST, Kind, Moment, Secrecy, Voters, moment
from torogoz.shared.institutions.models import Officer
from torogoz.shared.polls import files
from torogoz.shared.polls.counting import Results
from torogoz.shared.polls.models import Poll, Seat
from torogoz.shared.polls.queries import Asker, may_see, named_ballot, poll_called, polls_about, results, seats_of
from torogoz.shared.polls.queries import seats_that_voted as voted_of
from torogoz.topics.consultation.models import Draft
from torogoz.topics.consultation.process_models import Invitation, Process
from torogoz.topics.consultation.queries import Standing, gate, standing


@dataclass(frozen=True)
class Vote:
    """A vote of seats, and what its reader is in the consultation; `here` is None for the public."""

    process: Process
    poll: Poll
    moment: Moment
    here: Standing | None
    reader: Officer | None

    @property
    def convenes(self) -> bool:
        """Whether the reader serves in the secretariat."""
        return self.here is not None and self.here.convenes

    @property
    def is_open(self) -> bool:
        """Whether ballots are taken now."""
        return self.moment is Moment.OPEN

    @property
    def secret(self) -> bool:
        """Whether ballots bear no name."""
        return self.poll.secrecy == Secrecy.SECRET.value

    @property
    def kind(self) -> Kind:
        """How it asks."""
        return Kind(self.poll.kind)


def vote_with(reader: object, key: UUID, now: datetime) -> Vote | None:
    """The vote of seats with this key: for who works in its consultation, and, once that is published, for anybody."""
    poll = poll_called(key)
    if poll is None or poll.voters != Voters.SEATS.value:
        return None
    process = Process.objects.filter(key=poll.about).select_related("convener").first()
    if process is None:
        return None
    here = _at_work(reader, process, now)
    if here is None and not gate(process).process:
        return None
    return Vote(process, poll, moment(poll.standing, now), here, reader if isinstance(reader, Officer) else None)


def votes_in(process: Process, now: datetime) -> list[tuple[Poll, Moment]]:
    """The votes of seats of a consultation, the newest first. Whether its reader may see them, the caller knows."""
    found = polls_about(process.key).filter(voters=Voters.SEATS.value)
    return [(poll, moment(poll.standing, now)) for poll in found]


def shows(vote: Vote, now: datetime) -> bool:
    """Whether both gates show the reader what the vote came to. No ballot is counted for it."""
    return _opens(vote) and may_see(vote.poll, Asker(vote.reader), now)


def told(vote: Vote, now: datetime) -> Results | None:
    """What the vote came to, through both gates: the public waits for the results of the consultation as well."""
    if not _opens(vote):
        return None
    found = results(vote.poll, Asker(vote.reader), now)
    return found if isinstance(found, Results) else None


def file_of(vote: Vote, ending: str, now: datetime) -> tuple[bytes, str] | None:
    """The results as `csv`, `json` or, of a budget, `pb`, with the kind of content; None while they are hidden."""
    return files.file_of(vote.poll, Asker(vote.reader), now, ending) if _opens(vote) else None


def _opens(vote: Vote) -> bool:
    return vote.here is not None or gate(vote.process).results


def _at_work(reader: object, process: Process, now: datetime) -> Standing | None:
    """What the reader is in the consultation, if of its secretariat or of a convened body."""
    here = standing(reader, process.key, now) if isinstance(reader, Officer) else None
    return here if here is not None and (here.convenes or here.invitations) else None


def may_vote(process: Process) -> list[Invitation]:
    """The bodies that may be put on the roll: they decide and have accepted."""
    found = process.invitations.filter(part=Part.DECIDES.value, reply=Reply.YES.value)
    return list(found.select_related("institution", "process").order_by("position", "pk"))


def never_reached(process: Process, bodies: Sequence[Invitation], *, secret: bool) -> tuple[Reason, ...]:
    """What the quorum of the consultation lacks though each of these bodies spoke: nothing but these can vote. Secret
    ballots weigh one seat each, and bear no group."""
    rules = process.rules
    if rules is None:
        return ()
    if secret:
        rules = replace(rules, quorum_groups={})
    voices = [Voice(str(one.key), one.group, Stance.AGREE, 1 if secret else one.seats or 1) for one in bodies]
    return missing(rules, voices)


def own_seats(vote: Vote, now: datetime) -> list[Seat]:
    """The seats in whose name the reader may vote."""
    return seats_of(vote.poll, vote.reader, now) if vote.reader is not None else []


def paper_seats(vote: Vote) -> list[Seat]:
    """The seats of bodies outside the State, for which the secretariat types what came on paper."""
    if not vote.convenes or vote.secret:
        return []
    return list(vote.poll.roll.filter(institution=None).order_by("position", "pk"))


def roll_of(vote: Vote) -> list[tuple[Seat, bool]]:
    """Every seat, and whether it has voted: for the secretariat, which reminds those that have not."""
    voted = voted_of(vote.poll)
    return [(one, one.pk in voted) for one in vote.poll.roll.select_related("institution").order_by("position", "pk")]


def voted(vote: Vote) -> set[int]:
    """The rows of the seats that have voted."""
    return voted_of(vote.poll)


def ballot_of(vote: Vote, seat: Seat) -> dict[str, Any]:
    """What the named ballot of a seat says, for who votes in its name; empty without one, and of a secret one."""
    held = None if vote.secret else named_ballot(seat)
    return {**held.content, "reason": held.reason, "sheet": held.sheet} if held else {}


def may_be_taken(vote: Vote, now: datetime) -> bool:
    """Whether the vote has an outcome that its reader sees and that has not become a text. No ballot is counted."""
    enough = len(voted(vote)) >= (FEWEST if vote.secret else 1)
    over = vote.moment is Moment.CLOSED
    return over and enough and shows(vote, now) and taken_into(vote.poll) is None


def taken_into(poll: Poll) -> Draft | None:
    """The text that the outcome of the vote was taken into."""
    return Draft.objects.filter(token=poll.key).first()
