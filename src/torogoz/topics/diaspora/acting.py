"""What every action of the topic does: asks the policy, counts what a connection sends, leaves its line."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from torogoz.domain import receipts
from torogoz.domain.access import REFUSED, Decision, Verb
from torogoz.domain.associations import AssociationRefused
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.access import may_for, postings, seats
from torogoz.shared.institutions.models import Institution, Office, Officer
from torogoz.topics.diaspora.abroad_models import Sent

RECEIVER: Final = "RREE"
"""The institution that receives what comes in by the public forms."""
LOCAL: Final = "LOCAL"
"""The institution of the municipalities, whose officers check projects of their department."""
CONSULAR: Final = ("RREE", "VMDMH")
"""Whose officers verify associations and announce mobile consulates."""
MOST: Final = {"declare": 30, "code": 30, "offer": 30}
"""What one connection may store by each public form within an hour, and how many codes it may try: enough for the room
of a consulate, where all who come share a connection."""


class NotAllowed(PermissionError):
    """The policy refuses this officer."""


def consular(officer: object, now: datetime) -> Decision:
    """Whether who asks deals with the diaspora for the foreign service, and for which of its institutions."""
    if isinstance(officer, Officer):
        for code in CONSULAR:
            if decision := may_for(officer, Verb.LIAISE, code, now):
                return decision
    return REFUSED


def municipal(officer: object, department: str | None, now: datetime) -> Decision:
    """Whether who asks speaks for the local governments, at an office in this department."""
    if not isinstance(officer, Officer) or not (decision := may_for(officer, Verb.LIAISE, LOCAL, now)):
        return REFUSED
    return decision if department in departments_of(officer, now) else REFUSED


def departments_of(officer: object, now: datetime) -> frozenset[str]:
    """The departments in which who asks speaks for the local governments: those of her offices."""
    if not isinstance(officer, Officer) or not may_for(officer, Verb.LIAISE, LOCAL, now):
        return frozenset()
    offices = [one.office for one in postings(officer, now) if one.institution == LOCAL]
    return frozenset(Office.objects.filter(pk__in=offices).values_list("department", flat=True))


def own_desks(officer: object, now: datetime) -> tuple[str, ...]:
    """The institutions for which who asks deals with the diaspora."""
    return seats(officer, Verb.LIAISE, now) if isinstance(officer, Officer) else ()


def allowed(decision: Decision) -> Institution:
    """The institution for which something is done. Raises NotAllowed for a refusal."""
    if not decision:
        raise NotAllowed("the policy does not let this officer do that; nothing was changed")
    return Institution.objects.get(code=decision.institution)


def note(by: Officer, verb: Verb, what: str, subjects: Sequence[object], decision: Decision, now: datetime) -> None:
    """One line in the record of accesses."""
    record(
        officer=by.username,
        institution=decision.institution,
        verb=verb,
        what=what,
        subjects=[str(subject) for subject in subjects],
        decision=decision,
        channel="page",
        now=now,
    )


def note_without_officer(verb: Verb, what: str, subjects: Sequence[object], institution: str, now: datetime) -> None:
    """One line for what somebody did with the code of a receipt, or by a public form."""
    record(
        officer="",
        institution=institution,
        verb=verb,
        what=what,
        subjects=[str(subject) for subject in subjects],
        decision=Decision(True),
        channel="page",
        now=now,
    )


def new_code() -> tuple[str, str]:
    """A code for a receipt, and what of it is stored."""
    code = receipts.written(secrets.randbelow(len(receipts.ALPHABET) ** receipts.LENGTH))
    return code, hash_of(code)


def hash_of(code: str) -> str:
    """What of a code is stored. The code has 49 random bits, and guesses are counted: no salt would add to that."""
    return sha256(code.encode()).hexdigest()


@transaction.atomic
def count_sent(what: str, address: str, now: datetime) -> None:
    """Count one sending of a public form from an address. Raises AssociationRefused above what an hour allows."""
    hour = f"{now:%Y-%m-%dT%H}"
    kept = salted_hmac(f"diaspora {now:%Y-%m-%d}", address).hexdigest()
    Sent.objects.filter(hour__lt=f"{now - timedelta(days=1):%Y-%m-%dT%H}").delete()
    row, _ = Sent.objects.get_or_create(what=what, hour=hour, address=kept)
    Sent.objects.filter(pk=row.pk).update(times=F("times") + 1)
    if row.times >= MOST[what]:
        raise AssociationRefused("", "too_many")
