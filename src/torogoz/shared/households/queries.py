"""What may be read of a person's contacts: by whom the protocol names, and never what the person forbade."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from torogoz.domain.access import Verb
from torogoz.domain.contacts import Safe, Way, folded
from torogoz.domain.sections import CONTACTS
from torogoz.shared.households.models import Contact
from torogoz.shared.institutions.access import may
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.models import Person
from torogoz.shared.people.queries import subject_of
from torogoz.shared.vault.keyring import CannotOpen
from torogoz.shared.vault.sealing import Batch

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ContactSeen:
    """A contact as it is shown. What the person forbade has neither value nor name, on any page or paper.

    forbidden_at    since when the person asks not to be contacted there, noted on this row or on another that says the
                    same: of a merged record, or as a WhatsApp of the same number
    shut            whether it does not open, its key being lost
    """

    contact: Contact
    ended: bool
    forbidden_at: datetime | None = None
    value: str = ""
    name: str = ""
    note: str = ""
    shut: bool = False

    @property
    def forbidden(self) -> bool:
        """Whether the person asked not to be contacted there."""
        return self.forbidden_at is not None

    @property
    def dialled(self) -> str:
        """The number that a link may dial: whole, in force and said to be safe for a call; otherwise nothing."""
        usable = self.contact.way in (Way.PHONE, Way.WHATSAPP) and self.contact.safe == Safe.YES and not self.ended
        return self.value if usable and self.value.startswith("+") else ""


def may_read_contacts(officer: Officer, person: Person, now: datetime) -> bool:
    """Whether the officer may read how this person is reached."""
    return bool(may(officer, Verb.VIEW, subject_of(person), CONTACTS, now))


def may_write_contacts(officer: Officer, person: Person, now: datetime) -> bool:
    """Whether the officer may note how this person is reached."""
    return bool(may(officer, Verb.CREATE, subject_of(person), CONTACTS, now))


def contacts_seen_by(officer: Officer, person: Person, now: datetime) -> list[ContactSeen]:
    """The contacts of a person: those in force first, the newest first; none for who may not read them."""
    if not may_read_contacts(officer, person, now):
        return []
    today, batch = timezone.localdate(now), Batch()
    stored = Contact.objects.filter(person=person).select_related("institution", "recorded_by", "forbidden_by")
    opened = [(contact, _said(contact, batch)) for contact in stored.order_by("-recorded_at", "-pk")]
    forbidden = {
        folded(said["value"]): contact.forbidden_at
        for contact, said in opened
        if said and contact.forbidden_at and not contact.ended_on(today)
    }
    seen = [_as_seen(contact, said, forbidden, today) for contact, said in opened]
    return sorted(seen, key=lambda one: one.ended)


def _said(contact: Contact, batch: Batch) -> dict[str, str] | None:
    """What the contact says; None when it does not open, its key being lost."""
    try:
        return contact.said_in(batch)
    except CannotOpen as why:
        logger.error("%s", why)
        return None


def _as_seen(
    contact: Contact, said: dict[str, str] | None, forbidden: Mapping[str, datetime | None], today: date
) -> ContactSeen:
    ended = contact.ended_on(today)
    asked = contact.forbidden_at or (forbidden.get(folded(said["value"])) if said else None)
    if asked is not None:
        return ContactSeen(contact, ended, asked)
    if said is None:
        return ContactSeen(contact, ended, shut=True)
    return ContactSeen(contact, ended, value=said["value"], name=said["name"], note=said["note"])
