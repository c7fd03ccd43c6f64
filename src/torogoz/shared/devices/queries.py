"""Which devices an officer sees, which device signs in, its forms, and what waits for a person."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from torogoz.domain.access import PERSON_ROLES, Posting, Role, Subject, Verb
from torogoz.domain.sections import IDENTITY
from torogoz.exchange.blankforms.filled import HEADER, Filled, files_of
from torogoz.exchange.blankforms.outline import BlankForm, parts_of
from torogoz.shared.blankforms.queries import forms_of
from torogoz.shared.devices import tokens
from torogoz.shared.devices.models import Device, FilledForm, FormFile
from torogoz.shared.institutions.access import may, postings
from torogoz.shared.institutions.models import Institution, Officer

NO_HASH: Final = "0" * 64


@dataclass(frozen=True)
class DeviceSeen:
    """A device as a page shows it; `own` is whether it acts as the officer who looks."""

    device: Device
    own: bool
    works: bool


def institutions_of(officer: Officer, now: datetime) -> list[Institution]:
    """The institutions for which the officer fills in forms, by code."""
    codes = {form.institution for form in forms_of(officer, now)}
    return list(Institution.objects.filter(code__in=codes).order_by("code"))


def supervised(officer: Officer, now: datetime) -> frozenset[str]:
    """The codes of the institutions whose devices the officer may revoke."""
    return frozenset(held.institution for held in postings(officer, now) if held.role is Role.SUPERVISOR)


def devices_seen_by(officer: Officer, now: datetime) -> list[DeviceSeen]:
    """The officer's own devices, and those of the institutions where the officer supervises; the newest first."""
    own = Device.objects.filter(officer=officer)
    others = Device.objects.filter(institution__code__in=supervised(officer, now))
    found = (own | others).select_related("officer", "institution", "revoked_by").order_by("-registered_at", "-pk")
    return [DeviceSeen(each, each.officer_id == officer.pk, works(each, now)) for each in found]


def device_seen_by(officer: Officer, key: UUID, now: datetime) -> DeviceSeen | None:
    """The device with this key; None where the officer may not know that there is one."""
    return next((seen for seen in devices_seen_by(officer, now) if seen.device.key == key), None)


def works(device: Device, now: datetime) -> bool:
    """Whether the device may sign in: not revoked, within its time, and its officer is posted in the institution."""
    return device.revoked_at is None and now < device.valid_until and bool(posted(device, now))


def posted(device: Device, now: datetime) -> tuple[Posting, ...]:
    """The postings in which the device acts: those of its officer in its institution that have to do with people."""
    return tuple(
        held
        for held in postings(device.officer, now)
        if held.institution == device.institution.code and held.role in PERSON_ROLES
    )


def device_with(code: str, token: str, now: datetime) -> Device | None:
    """The device that signs in so. Why one does not is not told apart, neither in the answer nor by its time."""
    device = Device.objects.filter(code=code.lower()).select_related("officer", "institution").first()
    right = tokens.is_token(token, device.hashed if device else NO_HASH)
    return device if device is not None and right and works(device, now) else None


def forms_of_device(device: Device, now: datetime) -> list[BlankForm]:
    """The forms that the device fills in: those of its officer for its institution."""
    return [form for form in forms_of(device.officer, now) if form.institution == device.institution.code]


def form_named(posting: Posting) -> str:
    """What the form of a posting is called, in whatever version."""
    return f"torogoz-{posting.institution.lower()}-{posting.role.value}"


def files_missing(form: FilledForm, filled: Filled) -> frozenset[str]:
    """The names of the files that a form says go along with it, and that have not come."""
    there = set(FormFile.objects.filter(filled=form).values_list("named", flat=True))
    return frozenset(name for name in files_of(filled) if sha256(name.encode()).hexdigest() not in there)


def forms_held(officer: Officer, now: datetime) -> list[FilledForm]:
    """The forms that wait for a person, and about which the officer may decide; the oldest first."""
    own = {held.institution for held in postings(officer, now) if held.role in PERSON_ROLES}
    held = FilledForm.objects.filter(state=FilledForm.State.HELD, institution__code__in=own)
    asked: dict[tuple[int, str, str], bool] = {}
    found = []
    for form in held.select_related("institution", "office", "officer", "device").order_by("received_at", "pk"):
        about = form.office_id, form.institution.code, form.version
        if about not in asked:
            asked[about] = _may_write_all(officer, form, now)
        if asked[about] or form.officer_id == officer.pk:
            found.append(form)
    return found


def form_seen_by(officer: Officer, key: UUID, now: datetime) -> FilledForm | None:
    """The held form with this key; None where the officer may not know that there is one."""
    return next((form for form in forms_held(officer, now) if form.key == key), None)


def forms_awaited(officer: Officer) -> list[FilledForm]:
    """The officer's own forms that came without all the files that they name, the oldest first."""
    waiting = FilledForm.objects.filter(state=FilledForm.State.WAITING, officer=officer)
    return list(waiting.select_related("device").order_by("received_at", "pk"))


def _may_write_all(officer: Officer, form: FilledForm, now: datetime) -> bool:
    """Whether the officer may write every part of the form at the office where it was filled in: whoever decides reads
    it, and nobody reads so what the own role does not write."""
    try:
        parts = [IDENTITY if part == HEADER else part for part in parts_of(form.version)]
    except ValueError:
        return False
    subject = Subject(frozenset({form.office_id}), frozenset({form.institution.code}))
    decisions = [may(officer, Verb.CREATE, subject, part, now) for part in parts]
    return bool(parts) and all(decision.institution == form.institution.code for decision in decisions)
