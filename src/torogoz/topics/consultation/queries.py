"""What is known of consultations, each reader through one gate: what is not published does not exist for the public."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from torogoz.domain.access import Verb
from torogoz.domain.consultations import ContributionState, Part, ProcessState, Reply, TableState
from torogoz.shared.institutions.access import may_for, seats
from torogoz.shared.institutions.models import Officer
from torogoz.shared.ui.public import Edition
from torogoz.shared.vault.sealing import Batch
from torogoz.topics.consultation.models import Contribution, Lineage, Minutes
from torogoz.topics.consultation.process_models import AttendanceNames, Event, Invitation, Process, Table


@dataclass(frozen=True)
class Gate:
    """What the public sees of a consultation: the process itself, and its results (outcomes, contributions, minutes).

    Every page, file and answer asks here, and so must whoever adds a channel.
    """

    process: bool
    results: bool


@dataclass(frozen=True)
class Standing:
    """What an officer is in a consultation: of its secretariat, focal point of a convened body, named for tables."""

    process: Process
    convenes: bool
    invitations: tuple[Invitation, ...]
    tables: tuple[Table, ...]

    def __bool__(self) -> bool:
        return self.convenes or bool(self.invitations) or bool(self.tables)

    @property
    def seat(self) -> Invitation | None:
        """The body for which the officer takes positions: it decides and has accepted."""
        return next((one for one in self.invitations if one.part == Part.DECIDES and one.reply == Reply.YES), None)


def gate(process: Process) -> Gate:
    """What the public sees of it now."""
    shown = process.published_at is not None
    return Gate(shown, shown and process.results_at is not None)


def published() -> QuerySet[Process]:
    """The consultations that the public sees, the newest first."""
    return Process.objects.filter(published_at__isnull=False).select_related("convener").order_by("-created_at", "-pk")


def published_process(code: str) -> Process | None:
    """The consultation with this code, if the public sees it."""
    return published().filter(code=code).first()


def published_results(code: str) -> Process | None:
    """The consultation with this code, if the public sees its results."""
    return published().filter(code=code, results_at__isnull=False).first()


def worked_in_by(officer: Officer, now: datetime) -> QuerySet[Process]:
    """The consultations that the officer's institution convened or was invited to, or that name the officer; not those
    that were recorded from a source after the fact."""
    mine = Q(convener__code__in=seats(officer, Verb.CONVENE, now))
    mine |= Q(
        invitations__institution__code__in=seats(officer, Verb.REPORT, now), invitations__invited_at__isnull=False
    )
    mine |= Q(tables__duties__officer=officer, tables__duties__ended_at__isnull=True)
    found = Process.objects.filter(pk__in=Process.objects.filter(mine).values("pk"), source="")
    return found.select_related("convener").order_by("-created_at", "-pk")


def standing(officer: Officer, key: UUID, now: datetime) -> Standing | None:
    """What the officer is in the consultation with this key; None when nothing, as for one that does not exist."""
    process = worked_in_by(officer, now).filter(key=key).first()
    if process is None:
        return None
    invited = process.invitations.filter(
        institution__code__in=seats(officer, Verb.REPORT, now), invited_at__isnull=False
    )
    tables = process.tables.filter(duties__officer=officer, duties__ended_at__isnull=True)
    return Standing(
        process,
        convenes(officer, process, now),
        tuple(invited.select_related("institution", "process__convener").order_by("position", "pk")),
        tuple(tables.select_related("theme", "process__convener").distinct().order_by("pk")),
    )


def convenes(reader: object, process: Process, now: datetime) -> bool:
    """Whether the reader serves in the secretariat of the institution that convened it."""
    return isinstance(reader, Officer) and bool(may_for(reader, Verb.CONVENE, process.convener.code, now))


def convening_seats(reader: object, now: datetime) -> tuple[str, ...]:
    """The institutions for which the reader may convene a consultation."""
    return seats(reader, Verb.CONVENE, now) if isinstance(reader, Officer) else ()


def convened(process: Process) -> list[Invitation]:
    """The bodies convened, in their order."""
    return list(
        process.invitations.select_related("institution", "replied_by", "process__convener").order_by("position", "pk")
    )


def events_of(process: Process) -> list[Event]:
    """The meetings, in their order."""
    return list(process.events.select_related("minutes", "process__convener").order_by("starts_on", "pk"))


def event_called(process: Process, key: UUID) -> Event | None:
    """One meeting of the consultation."""
    return process.events.filter(key=key).select_related("minutes", "process__convener").first()


def attendance_of(event: Event) -> dict[int, Any]:
    """By invitation (key of the row), what was noted of the body."""
    return {one.invitation_id: one for one in event.attendances.select_related("recorded_by")}


def names_of(attendances: Iterable[Any], standing: Standing) -> dict[int, list[str]]:
    """By attendance, who came, for those who may read it: the convener's secretariat, and the body itself."""
    own = {one.pk for one in standing.invitations}
    open_to = [one for one in attendances if standing.convenes or one.invitation_id in own]
    batch = Batch()
    found: dict[int, list[str]] = {}
    rows = AttendanceNames.objects.filter(attendance__in=open_to).select_related("institution").order_by("pk")
    for row in rows:
        found.setdefault(row.attendance_id, []).append(str(row.said_in(batch)["names"]))
    return found


def published_minutes(process: Process) -> list[Minutes]:
    """The final minutes, where the public sees results."""
    if not gate(process).results:
        return []
    found = Minutes.objects.filter(event__process=process, state="final").select_related("event__process")
    return list(found.order_by("event__starts_on", "pk"))


def withheld(process: Process) -> set[int]:
    """The contributions (keys of the rows) whose words the public does not read: what was set aside, and what that was
    made of, since it says the same."""
    made_of: dict[int, list[int]] = {}
    steps = Lineage.objects.filter(source__process=process, target__isnull=False)
    for source, target in steps.values_list("source", "target"):
        made_of.setdefault(target, []).append(source)
    aside = process.contributions.filter(state=ContributionState.SET_ASIDE.value)
    waiting = list(aside.values_list("pk", flat=True))
    found: set[int] = set()
    while waiting:
        if (one := waiting.pop()) not in found:
            found.add(one)
            waiting += made_of.get(one, [])
    return found


def published_contributions(process: Process) -> list[Contribution]:
    """What was said, but for what is withheld; where the public sees results. So is nothing that one of them became."""
    if not gate(process).results:
        return []
    found = process.contributions.exclude(pk__in=withheld(process))
    return list(found.select_related("theme", "table", "invitation__institution").order_by("theme__position", "pk"))


@dataclass(frozen=True)
class Told:
    """What is told to whoever holds a receipt: the contribution, its log, and what it became.

    unsaid      what it became whose words are not told (keys of the rows)
    """

    contribution: Contribution
    log: list[Any]
    became: list[Lineage]
    unsaid: set[int]


def told_by(receipt: str) -> Told | None:
    """What became of the contribution with this receipt, of a consultation that the public sees.

    What it became is told where results are shown, without words that are withheld; its own words, state and reasons
    always.
    """
    found = Contribution.objects.filter(receipt=receipt, process__published_at__isnull=False)
    contribution = found.select_related("process__convener", "theme").first()
    if contribution is None or not receipt:
        return None
    became = lineage_of(contribution) if gate(contribution.process).results else []
    unsaid = withheld(contribution.process) if became else set()
    return Told(contribution, list(contribution.log.order_by("at", "pk")), became, unsaid)


def lineage_of(contribution: Contribution) -> list[Lineage]:
    """Everything that a contribution became, step after step, each once."""
    found: dict[int, Lineage] = {}
    waiting = [contribution]
    while waiting:
        steps = waiting.pop().became.select_related("target", "draft", "source").order_by("pk")
        for step in steps:
            if step.pk not in found:
                found[step.pk] = step
                waiting += [step.target] if step.target else []
    return list(found.values())


def screen(key: UUID) -> Table | None:
    """The table whose screen is shared at this address, while it is open and its consultation at work."""
    found = Table.objects.filter(screen=key, state=TableState.OPEN.value, process__state=ProcessState.AT_WORK.value)
    return found.select_related("prompt", "theme", "process").first()


def edition(code: str = "") -> Edition:
    """What the public pages are made from: every published consultation, or one of them, as it last changed."""
    found = published().filter(code=code) if code else published()
    rows = found.values_list("key", "changes", "published_at", "results_at")
    parts = [" ".join(str(value) for value in row) for row in rows]
    newest = found.order_by().aggregate(at=Max("changed_at"))["at"]
    return Edition(hashlib.sha256("\n".join(parts).encode()).hexdigest(), newest)
