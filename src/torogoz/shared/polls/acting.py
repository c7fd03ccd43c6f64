"""What every write of a poll shares: who may, whether it is open, the line in the record."""

from datetime import datetime

from torogoz.domain.access import Decision, Verb
from torogoz.domain.polls import Moment, PollRefused, moment
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.access import may_for
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.polls.models import Poll


class NotAllowed(PermissionError):
    """The policy refuses this officer."""


def allowed(decision: Decision) -> Decision:
    """The decision itself. Raises NotAllowed when it refuses."""
    if not decision:
        raise NotAllowed("only the secretariat that runs the poll, or who reports for the seat, may do this")
    return decision


def as_secretariat(by: Officer, owner: Institution, now: datetime) -> Decision:
    """That the officer serves in the secretariat of the owner. Raises NotAllowed."""
    return allowed(may_for(by, Verb.CONVENE, owner.code, now))


def check_open(poll: Poll, now: datetime) -> None:
    """Raises PollRefused unless the poll is open. Closed early, it is closed also for whoever waited for it."""
    if poll.ended_at is not None or moment(poll.standing, now) is not Moment.OPEN:
        raise PollRefused("", "not_open")


def written(by: Officer, what: str, subject: object, decision: Decision, now: datetime, verb: Verb = Verb.EDIT) -> None:
    """Note in the record of accesses that an officer did this. Never what a ballot says."""
    record(
        officer=by.username,
        institution=decision.institution,
        verb=verb,
        what=what,
        subjects=[str(subject)],
        decision=decision,
        channel="page",
        now=now,
    )
