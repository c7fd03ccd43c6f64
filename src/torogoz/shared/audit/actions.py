"""The one way to write the record of accesses."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from torogoz.domain.access import Decision, Verb
from torogoz.domain.chain import GENESIS, link
from torogoz.domain.purposes import recorded
from torogoz.shared.audit.declared import purpose_of
from torogoz.shared.audit.models import AccessEvent, AccessSubject
from torogoz.shared.audit.sealed import WITH_PURPOSE, content
from torogoz.shared.audit.taking_turns import take_turns

CHAIN_LOCK = 7_261_995_102
SUBJECT_LENGTH = 36  # of a UUID: what is longer is no key, and is kept shortened


@transaction.atomic
def record(
    *,
    officer: str,
    institution: str,
    verb: Verb,
    what: str,
    subjects: Sequence[str],
    decision: Decision,
    channel: str,
    now: datetime,
    sections: Sequence[str] = (),
    path: str = "",
    request_id: str = "",
) -> AccessEvent:
    """Add one event at the end of the chain: who saw, did or tried what, on what basis, and for what purpose.

    The purpose is the one that the officer declared (declared.py), unless glass was broken; no caller gives it.
    """
    kept = [subject[:SUBJECT_LENGTH] for subject in subjects]
    take_turns(CHAIN_LOCK)
    last = AccessEvent.objects.order_by("-sequence").only("sequence", "hash").first()
    event = AccessEvent(
        sequence=last.sequence + 1 if last else 1,
        at=now,
        officer=officer,
        institution=institution,
        verb=verb.value,
        what=what,
        subjects=kept,
        sections=list(sections),
        allowed=decision.allowed,
        basis=decision.basis.value if decision.basis else "",
        purpose=recorded(purpose_of(officer), decision.basis),
        seal=WITH_PURPOSE,
        channel=channel,
        path=path[:300],
        request_id=request_id,
        previous_hash=last.hash if last else GENESIS,
    )
    event.hash = link(event.previous_hash, content(event))
    event.save(force_insert=True)
    AccessSubject.objects.bulk_create(AccessSubject(event=event, subject=subject) for subject in dict.fromkeys(kept))
    return event
