"""What every write of a consultation shares: who may, the lock on what two people edit, the line in the record."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Model

from torogoz.domain.access import Basis, Decision, Verb
from torogoz.domain.consultations import ConsultationRefused, Duty
from torogoz.domain.refusals import FieldsRefused, Refused
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.access import may_for, postings
from torogoz.shared.institutions.models import Officer
from torogoz.topics.consultation.process_models import Invitation, Process, Table, TableDuty


class NotAllowed(PermissionError):
    """The policy refuses this officer."""


def as_secretariat(by: Officer, process: Process, now: datetime) -> Decision:
    """That the officer serves in the secretariat of the convener. What was recorded after the fact nobody changes.

    Raises NotAllowed."""
    if process.source:
        raise NotAllowed("a consultation that was recorded from a source is not worked on")
    return allowed(may_for(by, Verb.CONVENE, process.convener.code, now))


def as_seat(by: Officer, invitation: Invitation, now: datetime) -> Decision:
    """That the officer is a focal point of the institution that was invited. Raises NotAllowed."""
    institution = invitation.institution
    return allowed(may_for(by, Verb.REPORT, institution.code, now) if institution else Decision(allowed=False))


def as_seat_or_secretariat(by: Officer, invitation: Invitation, now: datetime) -> Decision:
    """One of the two. Raises NotAllowed."""
    try:
        return as_seat(by, invitation, now)
    except NotAllowed:
        return as_secretariat(by, invitation.process, now)


def at_table(by: Officer, table: Table, now: datetime, *duties: Duty) -> Decision:
    """That the officer was named for one of these duties at the table, or convenes. Raises NotAllowed."""
    decision = may_for(by, Verb.CONVENE, table.process.convener.code, now)
    held = postings(by, now)
    if not decision and held and on_duty(by, table, *duties):
        decision = Decision(allowed=True, basis=Basis.DUTY, institution=held[0].institution)
    return allowed(decision)


@transaction.atomic
def together(deeds: Mapping[str, Callable[[], object]]) -> None:
    """Do several things, each about a row called by its key, or none of them.

    Raises NotAllowed; FieldsRefused, by key."""
    refused: dict[str, Refused] = {}
    for key, do in deeds.items():
        try:
            with transaction.atomic():
                do()
        except Refused as why:
            refused[key] = why
    if refused:
        raise FieldsRefused(refused)


def on_duty(by: Officer, table: Table, *duties: Duty) -> bool:
    """Whether the officer holds one of these duties at the table now."""
    return TableDuty.objects.filter(table=table, officer=by, duty__in=duties, ended_at__isnull=True).exists()


def allowed(decision: Decision) -> Decision:
    """The decision itself. Raises NotAllowed when it refuses."""
    if not decision:
        raise NotAllowed("only the convener's secretariat, the invited institution or who was named for it may do this")
    return decision


def change(row: Any, version: int, **changes: Any) -> None:
    """Store these changes in a row that stands at `version`. Raises ConsultationRefused when it has moved on."""
    changed = type(row).objects.filter(pk=row.pk, version=version).update(version=F("version") + 1, **changes)
    if not changed:
        raise ConsultationRefused("", "stale")
    row.refresh_from_db()


def hold(row: Any) -> None:
    """Read a row again and keep others from changing it until this transaction ends."""
    type(row)._base_manager.select_for_update().get(pk=row.pk)
    row.refresh_from_db()


def sent_before(model: type[Model], token: UUID | None, by: Officer, field: str, said: dict[str, Any]) -> Any:
    """What the same form of the same officer has stored already; None for a new one. Raises ConsultationRefused when
    it says something else now, or was sent by somebody else."""
    if token is None:
        return None
    found: Any = model._default_manager.filter(token=token).first()
    if found is None:
        return None
    if getattr(found, f"{field}_id") != by.pk or any(getattr(found, name) != value for name, value in said.items()):
        raise ConsultationRefused("", "sent_before")
    return found


def written(
    by: Officer, process: Process, what: str, subject: object, decision: Decision, now: datetime, verb: Verb = Verb.EDIT
) -> None:
    """Note in the record of accesses what was done, and in the process that something changed."""
    Process.objects.filter(pk=process.pk).update(changed_at=now, changes=F("changes") + 1)
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
