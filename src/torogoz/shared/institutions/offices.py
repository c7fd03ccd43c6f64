"""Where institutions work: an office is opened and closed, each with its line in the record."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from torogoz.domain.access import Basis, Decision, Verb
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.models import Institution, Membership, Office

BY_DUTY = Decision(True, Basis.DUTY)


class OfficeRefused(Exception):
    """The office cannot be opened or closed so. Nothing was changed."""


@dataclass(frozen=True)
class NewOffice:
    """What is said of an office when it opens."""

    code: str
    institution: str
    name_es: str
    name_en: str
    department: str
    receives_arrivals: bool


@transaction.atomic
def open_office(*, office: NewOffice, now: datetime) -> Office:
    """Open an office of an institution. Raises OfficeRefused if the code is taken or the institution not stored."""
    institution = Institution.objects.filter(code=office.institution).first()
    if institution is None:
        raise OfficeRefused(f"no institution {office.institution!r} is stored; `torogoz codelists` loads them")
    if Office.objects.filter(code=office.code).exists():
        raise OfficeRefused(f"there is already an office {office.code!r}; choose another code")
    opened = Office.objects.create(
        code=office.code,
        institution=institution,
        name_es=office.name_es,
        name_en=office.name_en,
        department=office.department,
        receives_arrivals=office.receives_arrivals,
        opened_on=now.date(),
    )
    _note(opened, Verb.CREATE, now)
    return opened


@transaction.atomic
def close_office(*, code: str, on: date, now: datetime) -> int:
    """Close an office and end the postings at it; how many ended. Raises OfficeRefused if there is no such office."""
    office = Office.objects.filter(code=code).first()
    if office is None:
        raise OfficeRefused(f"there is no office {code!r}; `torogoz office list` names them")
    office.closed_on = on
    office.save(update_fields=["closed_on"])
    running = Membership.objects.filter(office=office, valid_from__lt=now).exclude(valid_until__lte=now)
    ended = running.update(valid_until=now)
    _note(office, Verb.EDIT, now)
    return ended


def offices() -> list[Office]:
    """Every office, by its code."""
    return list(Office.objects.select_related("institution").order_by("code"))


def _note(office: Office, verb: Verb, now: datetime) -> None:
    record(
        officer="",
        institution=office.institution.code,
        verb=verb,
        what="office",
        subjects=[office.code],
        decision=BY_DUTY,
        channel="command",
        now=now,
    )
