"""Rounds of matching funds, and what of a result may be told: it comes through the gate of polls and no other way."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from torogoz.domain.access import Verb
from torogoz.domain.community_projects import FUNDED, State
from torogoz.domain.polls import Moment, moment
from torogoz.shared.institutions.access import may_for
from torogoz.shared.institutions.models import Officer
from torogoz.shared.polls import files
from torogoz.shared.polls.counting import Results
from torogoz.shared.polls.models import Poll
from torogoz.shared.polls.queries import PUBLIC, poll_called, results
from torogoz.topics.diaspora.acting import RECEIVER
from torogoz.topics.diaspora.models import Project, Round, RoundElector, RoundProject


@dataclass(frozen=True)
class RoundKnown:
    """A round: its poll, its projects, how many have voted, and, once published, the result with what is left over.

    voted   names of the associations that have voted, once it is closed; None before
    files   the endings under which the result can be had
    """

    round: Round
    poll: Poll
    stands: Moment
    entries: tuple[RoundProject, ...]
    voted: tuple[str, ...] | None
    result: Results | None
    files: tuple[str, ...]
    spent: Decimal | None
    left: Decimal | None


def rounds() -> QuerySet[Round]:
    """Every round, the newest first."""
    return Round.objects.select_related("institution").order_by("-created_at", "-pk")


def rounds_of(project: Project) -> QuerySet[Round]:
    """The rounds in which a project may be chosen or was, the newest first."""
    return rounds().filter(entries__project=project)


def round_called(key: UUID) -> Round | None:
    """The round with this key."""
    return Round.objects.filter(key=key).select_related("institution").first()


def known(made: Round, now: datetime) -> RoundKnown:
    """What anybody may know of a round at `now`; no officer sees more."""
    poll = poll_called(made.poll)
    assert poll is not None
    stands = moment(poll.standing, now)
    found = results(poll, PUBLIC, now)
    entries = tuple(made.entries.select_related("project__association").order_by("pk"))
    closed = stands is Moment.CLOSED
    electors = RoundElector.objects.filter(round=made).order_by("association__name")
    spent = sum((one.given for one in entries if one.given), Decimal(0)) if made.published_at else None
    return RoundKnown(
        made,
        poll,
        stands,
        entries,
        tuple(electors.values_list("association__name", flat=True)) if closed else None,
        found if isinstance(found, Results) else None,
        files.endings(found),
        spent,
        made.budget - spent if spent is not None else None,
    )


def file_of(made: Round, ending: str, now: datetime) -> tuple[bytes, str] | None:
    """The result as `csv`, `json` or `pb`, with the kind of content; None until it is published, for every reader."""
    poll = poll_called(made.poll)
    return files.file_of(poll, PUBLIC, now, ending) if poll is not None else None


def eligible() -> QuerySet[Project]:
    """The projects that a round may be over."""
    states = [state.value for state in State if state in FUNDED - {State.FINISHED}]
    return Project.objects.filter(state__in=states).order_by("title", "pk")


def convenes(officer: object, now: datetime) -> bool:
    """Whether who asks runs rounds: the secretariat."""
    return isinstance(officer, Officer) and bool(may_for(officer, Verb.CONVENE, RECEIVER, now))
