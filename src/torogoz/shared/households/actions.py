"""What is written of how a person is reached. Every action asks the policy and leaves its line in the record."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from torogoz.domain.access import Verb
from torogoz.domain.contacts import (
    LONGEST_NOTE,
    ContactRefused,
    Read,
    Safe,
    Way,
    Whose,
    check_dates,
    folded,
    read_contact,
)
from torogoz.domain.sections import CONTACTS
from torogoz.shared.households.models import Contact
from torogoz.shared.households.noting import allowed, note
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.held import hold
from torogoz.shared.people.models import Person
from torogoz.shared.people.queries import subject_of
from torogoz.shared.vault.keyring import CannotOpen
from torogoz.shared.vault.sealing import Batch


@transaction.atomic
def add_contact(
    *,
    by: Officer,
    person: Person,
    way: Way,
    value: str,
    whose: Whose,
    safe: Safe,
    now: datetime,
    country: str = "",
    name: str = "",
    hours: str = "",
    language: str = "",
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> tuple[Contact, Read]:
    """Note how a person is reached, sealed; and how it was read, with its doubt.

    Raises ContactRefused with the field and the reason, also for what is noted already and for what the person asked
    not to be used; Disposed, NotAllowed. Nothing is stored then.
    """
    # The person is held, so that two officers who note the same telephone do not both store it.
    (held,) = hold(person)
    decision, institution = allowed(by, Verb.CREATE, subject_of(person), CONTACTS, now)
    today = timezone.localdate(now)
    begins = valid_from or today
    read = read_contact(way, value, country)
    named, noted = " ".join(name.split()), " ".join(hours.split())
    if whose is not Whose.OWN and not named:
        raise ContactRefused("name", "name")
    for field, text in (("name", named), ("hours", noted)):
        if len(text) > LONGEST_NOTE:
            raise ContactRefused(field, "too_long", most=LONGEST_NOTE)
    check_dates(begins, valid_until)
    _refuse_twice(held, way, read.text, today)
    contact = Contact(
        person=held,
        way=way.value,
        whose=whose.value,
        safe=safe.value,
        language=" ".join(language.split()),
        valid_from=begins,
        valid_until=valid_until,
        recorded_by=by,
        institution=institution,
        recorded_at=now,
    ).keep(read.text, named, noted)
    contact.save(force_insert=True)
    note(by, Verb.CREATE, "contact", [held.key, contact.key], decision, now, CONTACTS)
    return contact, read


@transaction.atomic
def end_contact(*, by: Officer, contact: Contact, now: datetime) -> Contact:
    """Record that the contact is no longer in force, nor what was asked about it. Raises Disposed, NotAllowed."""
    hold(contact.person)
    held = Contact.objects.select_for_update(of=("self",)).select_related("person").get(pk=contact.pk)
    decision, _ = allowed(by, Verb.EDIT, subject_of(held.person), CONTACTS, now)
    if held.ended_at is None:
        held.ended_at, last = now, timezone.localdate(now)
        held.valid_until = max(held.valid_from, min(held.valid_until or last, last))
        held.save(update_fields=["ended_at", "valid_until"])
        note(by, Verb.EDIT, "contact", [held.person.key, held.key], decision, now, CONTACTS)
    return held


@transaction.atomic
def forbid_contact(*, by: Officer, contact: Contact, now: datetime) -> Contact:
    """Record that the person asks not to be contacted there: from this moment nobody is shown it. Raises Disposed,
    NotAllowed."""
    hold(contact.person)
    held = Contact.objects.select_for_update(of=("self",)).select_related("person").get(pk=contact.pk)
    decision, _ = allowed(by, Verb.EDIT, subject_of(held.person), CONTACTS, now)
    if held.forbidden_at is None:
        held.forbidden_at, held.forbidden_by = now, by
        held.save(update_fields=["forbidden_at", "forbidden_by"])
        note(by, Verb.EDIT, "contact", [held.person.key, held.key], decision, now, CONTACTS)
    return held


def _refuse_twice(person: Person, way: Way, text: str, today: date) -> None:
    """Refuse what is noted in force, and in whatever way what the person forbade. What does not open, its key being
    lost, is passed over."""
    batch = Batch()
    for stored in Contact.objects.filter(person=person).select_related("institution"):
        if stored.ended_on(today) or (stored.way != way and stored.forbidden_at is None):
            continue
        try:
            same = folded(stored.said_in(batch)["value"]) == folded(text)
        except CannotOpen:
            continue
        if same:
            raise ContactRefused("value", "forbidden" if stored.forbidden_at else "same")
