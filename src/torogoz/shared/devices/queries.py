"""Which devices an officer sees, which device signs in, and the forms that it fills in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from torogoz.domain.access import PERSON_ROLES, Posting, Role
from torogoz.exchange.blankforms.outline import BlankForm
from torogoz.shared.blankforms.queries import forms_of
from torogoz.shared.devices import tokens
from torogoz.shared.devices.models import Device
from torogoz.shared.institutions.access import postings
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
