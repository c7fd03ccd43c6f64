"""The on-line consultation of a process: its poll of statements, and who stands before it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from torogoz.domain.polls import Moment, moment
from torogoz.shared.codelists.queries import countries
from torogoz.shared.institutions.models import Officer
from torogoz.shared.polls.models import Attestation, Poll, Statement
from torogoz.shared.polls.queries import Asker, poll_called, runs, statement_poll
from torogoz.topics.consultation.process_models import Process
from torogoz.topics.consultation.queries import convenes, published, published_process

HOME = "SLV"


@dataclass(frozen=True)
class Online:
    """A consultation with its poll of statements."""

    process: Process
    poll: Poll
    moment: Moment

    @property
    def is_open(self) -> bool:
        """Whether votes are taken now."""
        return self.moment is Moment.OPEN


def online_with(code: str, now: datetime) -> Online | None:
    """The on-line consultation of the published process with this code."""
    process = published_process(code)
    poll = statement_poll(process.key) if process else None
    return Online(process, poll, moment(poll.standing, now)) if process and poll else None


def every_online(now: datetime) -> list[Online]:
    """The on-line consultations that the public sees, the newest first."""
    found = (online_with(process.code, now) for process in published())
    return [one for one in found if one is not None]


def worked_on(officer: object, key: UUID, now: datetime) -> Online | None:
    """The poll of statements with this key, for the secretariat that convened its process."""
    poll = poll_called(key)
    process = Process.objects.filter(key=poll.about).select_related("convener").first() if poll else None
    if poll is None or process is None or not convenes(officer, process, now) or not runs(officer, poll, now):
        return None
    return Online(process, poll, moment(poll.standing, now))


def process_convened_by(officer: object, key: UUID, now: datetime) -> Process | None:
    """The process with this key, for the secretariat that convened it."""
    process = Process.objects.filter(key=key).select_related("convener").first()
    return process if process is not None and convenes(officer, process, now) else None


def asker(user: object, attestation: Attestation | None) -> Asker:
    """Who asks for results."""
    return Asker(user if isinstance(user, Officer) else None, attestation)


def abroad(language: str) -> list[tuple[str, str]]:
    """The countries in which somebody of the diaspora may live."""
    return [(code, name) for code, name in countries(language) if code != HOME]


def statement_in(poll: Poll, key: UUID) -> Statement | None:
    """A statement of the poll, with its poll."""
    return Statement.objects.filter(poll=poll, key=key).select_related("poll__owner").first()
