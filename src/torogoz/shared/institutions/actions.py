"""What happens to officers: they are added and posted, sign in, enrol a second factor, say for what they work. Each
with its record."""

import secrets
from collections.abc import MutableMapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from torogoz.domain.access import REFUSED, Basis, Decision, Role, Verb
from torogoz.domain.apart import check_apart
from torogoz.domain.consents import Purpose
from torogoz.shared.audit.actions import record
from torogoz.shared.audit.asking import Asker
from torogoz.shared.audit.declared import declaring
from torogoz.shared.institutions.access import all_postings, as_posting, opened_by_protocol
from torogoz.shared.institutions.models import Institution, Membership, Office, Officer
from torogoz.shared.institutions.purposes import KEY

RECOVERY_CODES = 10
CODE_DIGITS = 6
BY_DUTY = Decision(True, Basis.DUTY)
OWN_ACCOUNT = Decision(True, Basis.OWN)


class NoSuchCode(Exception):
    """An institution or an office with this code is not stored. Nothing was changed."""


class UsernameTaken(Exception):
    """There is already an officer with this username. Nothing was changed."""


class NoSuchOfficer(Exception):
    """There is no officer with this username. Nothing was changed."""


@transaction.atomic
def add_officer(*, username: str, full_name: str, password: str, now: datetime, made_up: bool = False) -> Officer:
    """An officer who can sign in, and may do nothing before a posting. Raises UsernameTaken."""
    if Officer.objects.filter(username__iexact=username).exists():
        raise UsernameTaken(f"there is already an officer {username!r}; choose another username")
    officer = Officer(username=username, full_name=full_name, made_up=made_up)
    officer.set_password(password)
    officer.save(force_insert=True)
    _record_on(officer, verb=Verb.CREATE, what="officer", now=now)
    return officer


@transaction.atomic
def post_officer(
    *, username: str, institution: str, office: str, role: Role, valid_until: datetime | None, now: datetime
) -> Membership:
    """Let an officer serve an institution at an office in a role, from now.

    Raises NoSuchOfficer, NoSuchCode, and KeptApart beside a posting that the same account cannot hold with it.
    """
    # Held until the end, so that two postings given at once do not pass one another.
    officer = Officer.objects.select_for_update().get(pk=_officer(username).pk)
    membership = Membership(
        officer=officer,
        institution=_institution(institution),
        office=_office(office),
        role=role.value,
        valid_from=now,
        valid_until=valid_until,
    )
    check_apart(all_postings(officer), as_posting(membership), partial(opened_by_protocol, now=now))
    membership.save(force_insert=True)
    _record_on(officer, verb=Verb.CREATE, what="posting", now=now, institution=institution)
    return membership


@transaction.atomic
def end_postings(*, username: str, now: datetime) -> int:
    """End every posting of an officer that is in force; how many. Raises NoSuchOfficer."""
    officer = _officer(username)
    Membership.objects.filter(officer=officer, valid_from__gte=now).delete()
    running = Membership.objects.filter(officer=officer, valid_from__lt=now)
    ended = running.exclude(valid_until__lte=now).update(valid_until=now)
    _record_on(officer, verb=Verb.EDIT, what="posting", now=now)
    return ended


@transaction.atomic
def change_password(*, username: str, password: str, now: datetime) -> None:
    """Give an officer a new password; whoever was signed in with the old one no longer is. Raises NoSuchOfficer."""
    officer = _officer(username)
    officer.set_password(password)
    officer.save(update_fields=["password"])
    _record_on(officer, verb=Verb.EDIT, what="password", now=now)


@transaction.atomic
def deactivate(*, username: str, now: datetime) -> None:
    """Let an officer sign in no more, and end the postings; what the officer recorded stays. Raises NoSuchOfficer."""
    officer = _officer(username)
    officer.is_active = False
    officer.save(update_fields=["is_active"])
    end_postings(username=username, now=now)
    _record_on(officer, verb=Verb.EDIT, what="officer", now=now)


@transaction.atomic
def forget_second_factor(*, username: str, now: datetime) -> None:
    """Take away a lost authenticator and its recovery codes; the next sign-in enrols a new one."""
    officer = _officer(username)
    TOTPDevice.objects.filter(user=officer).delete()
    StaticDevice.objects.filter(user=officer).delete()
    _record_on(officer, verb=Verb.EDIT, what="second_factor", now=now)


@transaction.atomic
def record_sign_in(*, officer: Officer, institution: str, asker: Asker, path: str, now: datetime) -> None:
    """Keep that an officer has signed in."""
    _record_by(officer, Verb.SIGN_IN, "session", OWN_ACCOUNT, asker, path, now, institution)


@transaction.atomic
def record_sign_out(*, officer: Officer, asker: Asker, path: str, now: datetime) -> None:
    """Keep that an officer has left."""
    _record_by(officer, Verb.SIGN_OUT, "session", OWN_ACCOUNT, asker, path, now, asker.institution)


@transaction.atomic
def declare_purpose(
    *,
    officer: Officer,
    purpose: Purpose,
    asker: Asker,
    path: str,
    session: MutableMapping[str, Any],
    now: datetime,
) -> None:
    """From now on the officer works for this purpose, in this session; the record keeps when it was declared."""
    session[KEY] = purpose.value
    with declaring(lambda username: purpose.value if username == officer.username else ""):
        _record_by(officer, Verb.EDIT, "purpose", OWN_ACCOUNT, asker, path, now, asker.institution)


@transaction.atomic
def record_failed_sign_in(*, username: str, asker: Asker, path: str, now: datetime) -> None:
    """Keep that a sign-in failed. What was typed is kept only if it is an officer's username: it may be a password."""
    officer = Officer.objects.filter(username=username).first()
    _record_by(officer, Verb.SIGN_IN, "session", REFUSED, asker, path, now, "")


@transaction.atomic
def start_enrolment(*, officer: Officer) -> TOTPDevice:
    """The authenticator that `officer` is about to confirm; the same one until it is."""
    device, _made = TOTPDevice.objects.get_or_create(user=officer, confirmed=False, defaults={"name": "Torogoz"})
    return device


@transaction.atomic
def confirm_enrolment(*, officer: Officer, code: str, asker: Asker, path: str, now: datetime) -> list[str] | None:
    """Confirm the authenticator with a code it shows: the recovery codes, shown once; None when the code is wrong."""
    device = TOTPDevice.objects.select_for_update().filter(user=officer, confirmed=False).first()
    if device is None or not device.verify_token(code):
        return None
    device.confirmed = True
    device.save()
    StaticDevice.objects.filter(user=officer).delete()
    paper = StaticDevice.objects.create(user=officer, name="paper")
    codes = [secrets.token_hex(5) for _ in range(RECOVERY_CODES)]
    for recovery_code in codes:
        paper.token_set.create(token=recovery_code)
    _record_by(officer, Verb.CREATE, "second_factor", OWN_ACCOUNT, asker, path, now, asker.institution)
    return codes


@transaction.atomic
def verify_code(*, officer: Officer, code: str, asker: Asker, path: str, now: datetime) -> Device | None:
    """The authenticator, or the sheet of recovery codes, that accepts `code`; None when neither does.

    After wrong codes both wait longer and longer before they accept another (1, 2, 4, 8 … seconds).
    """
    kind = TOTPDevice if len(code) == CODE_DIGITS and code.isdigit() else StaticDevice
    device: Device | None = kind.objects.select_for_update().filter(user=officer, confirmed=True).first()
    accepted = device is not None and device.verify_token(code)
    decision = OWN_ACCOUNT if accepted else REFUSED
    _record_by(officer, Verb.SIGN_IN, "second_factor", decision, asker, path, now, asker.institution)
    return device if accepted else None


def _record_on(officer: Officer, *, verb: Verb, what: str, now: datetime, institution: str = "") -> None:
    record(
        officer="",
        institution=institution,
        verb=verb,
        what=what,
        subjects=[str(officer.key)],
        decision=BY_DUTY,
        channel="command",
        now=now,
    )


def _record_by(
    officer: Officer | None,
    verb: Verb,
    what: str,
    decision: Decision,
    asker: Asker,
    path: str,
    now: datetime,
    institution: str,
) -> None:
    record(
        officer=officer.username if officer else "",
        institution=institution,
        verb=verb,
        what=what,
        subjects=[str(officer.key)] if officer else [],
        decision=decision,
        channel="page",
        now=now,
        path=path,
        request_id=asker.request_id,
    )


def _officer(username: str) -> Officer:
    officer = Officer.objects.filter(username=username).first()
    if officer is None:
        raise NoSuchOfficer(f"there is no officer {username!r}; `torogoz officer add` makes one")
    return officer


def _institution(code: str) -> Institution:
    institution = Institution.objects.filter(code=code).first()
    if institution is None:
        raise NoSuchCode(f"there is no institution {code!r}; `torogoz codelists` loads them")
    return institution


def _office(code: str) -> Office:
    office = Office.objects.filter(code=code).first()
    if office is None:
        known = ", ".join(Office.objects.order_by("code").values_list("code", flat=True)) or "none yet"
        raise NoSuchCode(f"there is no office {code!r}; known: {known}")
    return office
