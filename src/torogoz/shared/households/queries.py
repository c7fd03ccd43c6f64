"""What may be read of a person's contacts: by whom the protocol names, and never what the person forbade."""

import logging
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from torogoz.domain.access import Verb
from torogoz.domain.contacts import Safe, Way
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

    shut    whether it does not open, its key being lost
    """

    contact: Contact
    ended: bool
    value: str = ""
    name: str = ""
    note: str = ""
    shut: bool = False

    @property
    def forbidden(self) -> bool:
        """Whether the person asked not to be contacted there."""
        return self.contact.forbidden_at is not None

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
    seen = [_as_seen(contact, today, batch) for contact in stored.order_by("-recorded_at", "-pk")]
    return sorted(seen, key=lambda one: one.ended)


def _as_seen(contact: Contact, today: date, batch: Batch) -> ContactSeen:
    ended = contact.ended_on(today)
    if contact.forbidden_at is not None:
        return ContactSeen(contact, ended)
    try:
        said = contact.said_in(batch)
    except CannotOpen as why:
        logger.error("%s", why)
        return ContactSeen(contact, ended, shut=True)
    return ContactSeen(contact, ended, said["value"], said["name"], said["note"])
