"""What is done about a breach: recorded, added to, and each of the three told."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from torogoz.domain.access import Decision, Verb
from torogoz.domain.breaches import (
    BreachRefused,
    Category,
    Told,
    check_breach,
    check_notice,
    check_people,
    check_words,
)
from torogoz.shared.audit.actions import record
from torogoz.shared.data_rights.models import Breach, BreachEntry, BreachNotice
from torogoz.shared.institutions.access import duty, seats
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.people.actions import NotAllowed


@transaction.atomic
def record_breach(
    *,
    by: Officer,
    discovered_at: datetime,
    began_at: datetime | None,
    what: str,
    categories: Collection[Category],
    people: int | None,
    now: datetime,
) -> Breach:
    """Record a breach of the institution where the officer protects the data. The hours run from its discovery.

    Raises BreachRefused, NotAllowed.
    """
    code = next(iter(seats(by, Verb.AUDIT, now)), "")
    if not code:
        raise NotAllowed(f"{by} may not record a breach")
    check_breach(
        discovered_at=discovered_at, began_at=began_at, what=what, categories=categories, people=people, now=now
    )
    breach = Breach(
        institution=Institution.objects.get(code=code),
        discovered_at=discovered_at,
        began_at=began_at,
        categories=sorted(one.value for one in categories),
        people=people,
        recorded_by=by,
        recorded_at=now,
    ).keep(check_words(what, "what"))
    breach.save(force_insert=True)
    _note(by, Verb.CREATE, breach, duty(by, Verb.AUDIT, code, now), now)
    return breach


@transaction.atomic
def add_to_breach(*, by: Officer, breach: Breach, words: str, people: int | None, now: datetime) -> BreachEntry:
    """Add what was learnt or done; `people` is how many it reaches as known now, None when it is not known.

    Raises BreachRefused, NotAllowed.
    """
    held, decision = _held(by, breach, now)
    check_people(people)
    entry = BreachEntry(breach=held, institution=held.institution, people=people, by=by, at=now)
    entry.keep(check_words(words, "words")).save(force_insert=True)
    held.people = people
    held.save(update_fields=["people"])
    _note(by, Verb.EDIT, held, decision, now)
    return entry


@transaction.atomic
def note_notice(*, by: Officer, breach: Breach, told: Told, done_at: datetime, how: str, now: datetime) -> BreachNotice:
    """Record that one of the three was told. Raises BreachRefused, NotAllowed."""
    held, decision = _held(by, breach, now)
    if held.notices.filter(told=told.value).exists():
        raise BreachRefused("", "done")
    check_notice(discovered_at=held.discovered_at, done_at=done_at, now=now)
    notice = BreachNotice(breach=held, told=told.value, done_at=done_at, how=how.strip(), by=by, at=now)
    notice.save(force_insert=True)
    _note(by, Verb.EDIT, held, decision, now)
    return notice


def _held(by: Officer, breach: Breach, now: datetime) -> tuple[Breach, Decision]:
    held = Breach.objects.select_for_update(of=("self",)).select_related("institution").get(pk=breach.pk)
    decision = duty(by, Verb.AUDIT, held.institution.code, now)
    if not decision:
        raise NotAllowed(f"{by} may not work on this breach")
    return held, decision


def _note(by: Officer, verb: Verb, breach: Breach, decision: Decision, now: datetime) -> None:
    record(
        officer=by.username,
        institution=decision.institution,
        verb=verb,
        what="breach",
        subjects=[str(breach.key)],
        decision=decision,
        channel="page",
        now=now,
    )
