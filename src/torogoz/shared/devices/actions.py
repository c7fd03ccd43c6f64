"""A device is registered by the officer as whom it acts, and revoked by that officer or a supervisor."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from torogoz.domain.access import REFUSED, Basis, Decision, Verb
from torogoz.shared.audit.actions import record
from torogoz.shared.devices import queries, tokens
from torogoz.shared.devices.models import Device
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.people.actions import NotAllowed

LASTS: Final = timedelta(days=90)
"""How long a device may send without anybody saying that it is still in the right hands."""

CHANNEL: Final = "device"


@transaction.atomic
def register_device(*, by: Officer, institution: Institution, name: str, now: datetime) -> tuple[Device, str]:
    """Let a device act as the officer; the device and its token, which nothing but this answer ever shows.

    Raises NotAllowed where the officer fills in no form of that institution.
    """
    if institution not in queries.institutions_of(by, now):
        raise NotAllowed(f"{by} fills in no form of {institution}")
    token = tokens.fresh_token()
    device = Device.objects.create(
        officer=by,
        institution=institution,
        code=tokens.fresh_code(),
        hashed=tokens.hashed(token),
        name=name.strip(),
        registered_at=now,
        valid_until=now + LASTS,
    )
    _note(by, Verb.CREATE, device, Basis.OWN, now)
    return device, token


@transaction.atomic
def revoke_device(*, by: Officer, device: Device, now: datetime) -> Device:
    """Let a device sign in no more; what it sent stays. Raises NotAllowed."""
    held = Device.objects.select_for_update().select_related("officer", "institution").get(pk=device.pk)
    seen = queries.device_seen_by(by, held.key, now)
    if seen is None:
        raise NotAllowed(f"{by} may not revoke this device")
    if held.revoked_at is None:
        held.revoked_at, held.revoked_by = now, by
        held.save(update_fields=["revoked_at", "revoked_by"])
        _note(by, Verb.EDIT, held, Basis.OWN if seen.own else Basis.DUTY, now)
    return held


@transaction.atomic
def record_wrong_token(*, path: str, now: datetime) -> None:
    """Keep that a device was not let in. What it said is not kept: it may be somebody's password."""
    record(
        officer="",
        institution="",
        verb=Verb.SIGN_IN,
        what="device",
        subjects=[],
        decision=REFUSED,
        channel=CHANNEL,
        now=now,
        path=path,
    )


def _note(by: Officer, verb: Verb, device: Device, basis: Basis, now: datetime) -> None:
    code = device.institution.code
    record(
        officer=by.username,
        institution=code,
        verb=verb,
        what="device",
        subjects=[str(device.key)],
        decision=Decision(True, basis, code),
        channel="page",
        now=now,
    )
