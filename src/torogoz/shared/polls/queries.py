"""What is known of polls. `results` is the one gate: page, file, answer of a program and letter ask it.

Nothing else counts a ballot.

While results are hidden it has looked at no ballot: what it answers, and how long it takes, cannot depend on any.
"""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from django.core.cache import cache
from django.db.models import Max, QuerySet

from torogoz.domain import voting_codes
from torogoz.domain.access import Verb
from torogoz.domain.polls import HideUntil, Kind, Moment, Secrecy, StatementState, Voters, moment, shown
from torogoz.shared.institutions.access import may_for, seats
from torogoz.shared.institutions.models import Officer
from torogoz.shared.polls.counting import Results, count
from torogoz.shared.polls.models import (
    Attestation,
    Ballot,
    Participation,
    Poll,
    Seat,
    Statement,
    StatementEvent,
    Vote,
)
from torogoz.shared.polls.statement_counts import StatementResults, count_statements
from torogoz.shared.polls.urns import Folded, ballots_in, series_of

COUNTED_SECONDS = 3600


@dataclass(frozen=True)
class Asker:
    """Who asks for results: an officer, the holder of a token, or, with neither, the public."""

    officer: Officer | None = None
    attestation: Attestation | None = None


PUBLIC = Asker()


def results(poll: Poll, asker: Asker, now: datetime) -> Results | StatementResults | None:
    """What the asker may see of what the poll came to; None while it is hidden.

    Nobody sees results sooner than the poll says, whatever the role. Of people, a poll that is still open tells what
    was voted up to the day before: who looks twice within a day learns of no single vote.
    """
    if not may_see(poll, asker, now):
        return None
    if poll.kind == Kind.STATEMENTS.value:
        still_open = moment(poll.standing, now) is Moment.OPEN
        return _statements_counted(poll, now.date() if still_open else None)
    return count(poll)


def may_see(poll: Poll, asker: Asker, now: datetime) -> bool:
    """Whether results are shown to the asker. Only a poll hidden until one has voted asks whether this asker has."""
    standing = poll.standing
    asks = standing.hide_until is HideUntil.VOTED and moment(standing, now) is Moment.OPEN
    return shown(standing, has_voted=asks and has_voted(poll, asker, now), now=now)


def has_voted(poll: Poll, asker: Asker, now: datetime) -> bool:
    """Whether the asker, or an institution that the officer reports for, has voted."""
    if asker.attestation is not None:
        if poll.kind == Kind.STATEMENTS.value:
            return Vote.objects.filter(attestation=asker.attestation, statement__poll=poll).exists()
        return Participation.objects.filter(poll=poll, attestation=asker.attestation).exists()
    if asker.officer is None:
        return False
    own = seats_of(poll, asker.officer, now)
    if poll.secrecy == Secrecy.SECRET.value:
        return Participation.objects.filter(poll=poll, seat__in=own).exists()
    return Ballot.objects.filter(seat__in=own).exists()


def _statements_counted(poll: Poll, before: date | None) -> StatementResults:
    """Counted once for all who ask, until something is added."""
    last = Vote.objects.filter(statement__poll=poll).aggregate(last=Max("pk"))["last"]
    decided = StatementEvent.objects.filter(statement__poll=poll).aggregate(last=Max("pk"))["last"]
    sworn = Attestation.objects.filter(about=poll.about).aggregate(last=Max("pk"))["last"]
    key = f"polls:{poll.key}:{before}:{last}:{decided}:{sworn}"
    found: StatementResults | None = cache.get(key)
    if found is None:
        found = count_statements(poll, before)
        cache.set(key, found, COUNTED_SECONDS)
    return found


def polls_about(about: UUID) -> QuerySet[Poll]:
    """The polls of a process or funding round, the newest first. Whether its reader may see it, its topic knows."""
    return Poll.objects.filter(about=about).select_related("owner").order_by("-opens_at", "-pk")


def poll_called(key: UUID) -> Poll | None:
    """The poll with this key. Whether its reader may see it, its topic knows."""
    return Poll.objects.filter(key=key).select_related("owner").first()


def statement_poll(about: UUID) -> Poll | None:
    """The newest poll of statements of a process that was not withdrawn."""
    return polls_about(about).filter(kind=Kind.STATEMENTS.value, withdrawn_at__isnull=True).first()


def runs(officer: object, poll: Poll, now: datetime) -> bool:
    """Whether the officer serves in the secretariat of the institution that runs the poll."""
    return isinstance(officer, Officer) and bool(may_for(officer, Verb.CONVENE, poll.owner.code, now))


def seats_of(poll: Poll, officer: Officer, now: datetime) -> list[Seat]:
    """The seats of the roll in whose name the officer may vote."""
    reporting = seats(officer, Verb.REPORT, now)
    return list(poll.roll.filter(institution__code__in=reporting).select_related("institution").order_by("position"))


def named_ballot(seat: Seat) -> Ballot | None:
    """The ballot of a seat that counts, for who votes in its name; None in a secret poll or without one."""
    return seat.ballots.order_by("-number").first()


def voted_in_secret(poll: Poll, seat: Seat | None = None, attestation: Attestation | None = None) -> bool:
    """Whether a seat or a token has voted in a secret poll, for that seat or token itself."""
    found = Participation.objects.filter(poll=poll)
    return (found.filter(seat=seat) if seat else found.filter(attestation=attestation)).exists()


def seats_that_voted(poll: Poll) -> set[int]:
    """The rows of the seats that have voted, for who runs the poll: that they did, and not what."""
    if poll.secrecy == Secrecy.SECRET.value:
        found = Participation.objects.filter(poll=poll, seat__isnull=False).values_list("seat", flat=True)
    else:
        found = Ballot.objects.filter(seat__poll=poll).values_list("seat", flat=True)
    return set(found)


def ballot_with(poll: Poll, typed: str) -> Folded | None:
    """The secret ballot of this code that counts; for its page only that it lies in the urn, never what it says."""
    code = voting_codes.read(typed)
    if not code or poll.secrecy != Secrecy.SECRET.value:
        return None
    own = [one for one in ballots_in(poll) if one.series == series_of(poll, code)]
    return max(own, key=lambda one: one.number) if own else None


def token_hash(code: str) -> str:
    """What is stored of the code of an attestation. It is long and random, so nobody finds it by trying."""
    return sha256(f"attestation:{code}".encode()).hexdigest()


def attestation_with(about: UUID, typed: str) -> Attestation | None:
    """The attestation of this code, for this process."""
    code = voting_codes.read(typed)
    return Attestation.objects.filter(about=about, token_hash=token_hash(code)).first() if code else None


def takes_attested(poll: Poll, attestation: Attestation) -> bool:
    """Whether the poll asks attested people, and this is one of its process."""
    return poll.voters == Voters.ATTESTED.value and attestation.about == poll.about


def statements_offered(poll: Poll) -> list[Statement]:
    """The statements that may be voted on, in the order in which they were accepted."""
    return list(poll.statements.filter(state=StatementState.ACCEPTED.value).order_by("number"))


def proposals_waiting(poll: Poll) -> list[Statement]:
    """What was proposed and nobody has decided on, the oldest first."""
    return list(poll.statements.filter(state=StatementState.PROPOSED.value).order_by("number"))


def statement_called(poll: Poll, key: UUID) -> Statement | None:
    """One statement of the poll."""
    return poll.statements.filter(key=key).first()


def moderation_log(poll: Poll) -> list[StatementEvent]:
    """What was not accepted or was retired, for which ground and why, the newest first."""
    out = [StatementState.REFUSED.value, StatementState.RETIRED.value]
    found = StatementEvent.objects.filter(statement__poll=poll, state__in=out)
    return list(found.select_related("statement").order_by("-at", "-pk"))
