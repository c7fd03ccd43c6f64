"""Who answers for a commitment: recorded, ended, and passed on to the successor of an institution that ended."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from torogoz.domain.access import Verb
from torogoz.domain.provisions import ResponsibilityRefused, check_reason, check_years
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.provisions.actions import allowed, note
from torogoz.shared.provisions.models import Provision
from torogoz.topics.commitments.models import Responsibility


@dataclass(frozen=True)
class PassedOn:
    """Open duties that went from one institution to its successor."""

    institution: Institution
    successor: Institution
    count: int


@transaction.atomic
def make_responsible(
    *, by: Officer, provision: Provision, institution: str, role: str, since: date, ground: str, now: datetime
) -> Responsibility:
    """Record that an institution leads or supports a commitment from a day on.

    raises  ResponsibilityRefused, ReasonRefused, NotAllowed
    """
    decision = allowed(by, now)
    body = _institution(institution)
    check_years(body.code, since, body.valid_from, body.valid_until)
    made = Responsibility(
        provision=provision,
        institution=body,
        role=Responsibility.Role(role),
        valid_from=since,
        ground=check_reason(ground, "ground"),
        recorded_by=by,
        recorded_at=now,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise ResponsibilityRefused("institution", "there", name=body.code) from None
    note(by, Verb.CREATE, "responsibility", [provision], decision, now)
    return made


@transaction.atomic
def end_responsibility(*, by: Officer, ended: Responsibility, on: date, now: datetime) -> Responsibility:
    """End a responsibility on a day; the row stays under the old name. Raises ResponsibilityRefused, NotAllowed."""
    decision = allowed(by, now)
    found = Responsibility.objects.select_for_update().get(pk=ended.pk)
    if found.valid_until is not None:
        raise ResponsibilityRefused("on", "ended")
    if on <= found.valid_from:
        raise ResponsibilityRefused("on", "order", day=found.valid_from.isoformat())
    found.valid_until = on
    found.save(update_fields=["valid_until"])
    note(by, Verb.EDIT, "responsibility", [found.provision], decision, now)
    return found


@transaction.atomic
def pass_on(*, by: Officer, institution: str, ground: str, on: date | None, now: datetime) -> PassedOn:
    """Pass every open responsibility of an institution on to its successor, all or none.

    The old rows end and keep the old name; each says in which row of the successor it lives on. Where the successor
    supported already what it now leads, its own row ends too, and the new one leads.

    on      the day of the change; None for the day on which the institution ended, or today where none is recorded
    raises  ResponsibilityRefused, ReasonRefused, NotAllowed
    """
    decision = allowed(by, now)
    said = check_reason(ground, "ground")
    body = _institution(institution)
    successor = _last_successor(body)
    day = on or body.valid_until or timezone.localdate(now)
    open_rows = list(_open().filter(institution=body).select_related("provision"))
    if not open_rows:
        raise ResponsibilityRefused("institution", "nothing", name=body.code)
    check_years(successor.code, day, successor.valid_from, successor.valid_until)
    for row in open_rows:
        _pass_on(row, successor, day, said, by, now)
    note(by, Verb.EDIT, "responsibility", [row.provision for row in open_rows], decision, now)
    return PassedOn(body, successor, len(open_rows))


def _pass_on(row: Responsibility, successor: Institution, day: date, ground: str, by: Officer, now: datetime) -> None:
    """End one row and let it live on in the successor's: its own if that says as much, or else a new one."""
    if day <= row.valid_from:
        raise ResponsibilityRefused("on", "order", day=row.valid_from.isoformat())
    there = _open().filter(provision=row.provision, institution=successor).first()
    row.valid_until = day
    row.save(update_fields=["valid_until"])
    if there is None or (row.role == Responsibility.Role.LEAD and there.role == Responsibility.Role.SUPPORT):
        if there is not None:
            if day <= there.valid_from:
                raise ResponsibilityRefused("on", "order", day=there.valid_from.isoformat())
            there.valid_until = day
            there.save(update_fields=["valid_until"])
        new = Responsibility.objects.create(
            provision=row.provision,
            institution=successor,
            role=row.role,
            valid_from=day,
            ground=ground,
            recorded_by=by,
            recorded_at=now,
        )
        if there is not None:
            there.passed_to = new
            there.save(update_fields=["passed_to"])
        there = new
    row.passed_to = there
    row.save(update_fields=["passed_to"])


def _open() -> QuerySet[Responsibility]:
    return Responsibility.objects.select_for_update(of=("self",)).filter(valid_until__isnull=True)


def _last_successor(body: Institution) -> Institution:
    """Who has the functions now: the successor, or its own if that ended too. Raises ResponsibilityRefused."""
    seen, found = {body.pk}, body.successor
    if found is None:
        raise ResponsibilityRefused("institution", "no_successor", name=body.code)
    while found.valid_until is not None and found.successor is not None and found.pk not in seen:
        seen.add(found.pk)
        found = found.successor
    return found


def _institution(code: str) -> Institution:
    found = Institution.objects.filter(code=code).select_related("successor").first()
    if found is None:
        raise ResponsibilityRefused("institution", "unknown", name=code[:20])
    return found
