"""Which attachments an officer sees: those of the sections that are open to the officer, and no sign of others."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from torogoz.domain.access import Decision, Tier, Verb
from torogoz.domain.sections import BESIDE_THE_FORM
from torogoz.shared.attachments.models import Attachment
from torogoz.shared.institutions.access import may
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.models import Encounter
from torogoz.shared.people.queries import encounter_seen_by, subject_of_section
from torogoz.shared.vault.files import open_pieces
from torogoz.shared.vault.keyring import CannotOpen, FileDamaged
from torogoz.shared.vault.sealing import opened
from torogoz.statistics.forms.shipped import current_form

logger = logging.getLogger(__name__)


class FileMissing(FileDamaged):
    """The sealed file of an attachment is not in its folder. The row is kept; restore the folder from a back-up."""


@dataclass(frozen=True)
class AttachmentSeen:
    """An attachment that may be opened, and on what ground."""

    attachment: Attachment
    name: str
    recorded_by: str
    decision: Decision


def attachments_seen_by(officer: Officer, encounter: Encounter, now: datetime) -> list[AttachmentSeen]:
    """The attachments of an encounter (one that the officer sees) in the sections open to the officer, oldest first."""
    stored = Attachment.objects.filter(encounter=encounter).select_related("institution", "recorded_by")
    return [
        AttachmentSeen(each, _name(each), each.recorded_by.full_name, decision)
        for each in stored.order_by("pk")
        if (decision := _may_open(officer, each, now))
    ]


def attachment_seen_by(officer: Officer, key: UUID, now: datetime) -> AttachmentSeen | None:
    """The attachment with this key; None when the officer may not know that there is one."""
    related = ("encounter__person", "institution", "recorded_by")
    stored = Attachment.objects.filter(key=key).select_related(*related).first()
    # A key of nothing takes the steps of a key that is refused, so that the time tells neither.
    if encounter_seen_by(officer, stored.encounter.key if stored else key, now) is None or stored is None:
        return None
    decision = _may_open(officer, stored, now)
    return AttachmentSeen(stored, _name(stored), stored.recorded_by.full_name, decision) if decision else None


def check_whole(attachment: Attachment) -> None:
    """Open a file to its end, before a byte of it is sent: once half of it is on its way, no page can be answered.

    raises      FileMissing, FileBroken, SealBroken, KeyMissing
    """
    size = sum(len(piece) for piece in content(attachment))
    if size != attachment.size:
        raise FileDamaged(f"the file of attachment {attachment.key} has {size} bytes, its row says {attachment.size}")


def is_whole(attachment: Attachment) -> bool:
    """Whether a file opens to its end; the log says why not."""
    try:
        check_whole(attachment)
    except CannotOpen as why:
        logger.error("%s", why)
        return False
    return True


def content(attachment: Attachment) -> Iterator[bytes]:
    """The bytes of an attachment, piece by piece. Raises FileMissing, FileBroken, SealBroken, KeyMissing."""
    secret = opened(attachment.institution.code, bytes(attachment.secret), attachment.about("secret"))
    try:
        file = attachment.path.open("rb")
    except OSError as why:
        raise FileMissing(
            f"the file of attachment {attachment.key} is missing; restore the folder attachments"
        ) from why
    with file:
        yield from open_pieces(secret, file, attachment.about("path"))


def tier_of(code: str) -> Tier:
    """How sensitive the files of a section are: as it is. Raises NoSuchForm."""
    return Tier.SENSITIVE if code in BESIDE_THE_FORM else current_form(code).tier


def _may_open(officer: Officer, attachment: Attachment, now: datetime) -> Decision:
    tier = tier_of(attachment.code)
    subject = replace(subject_of_section(attachment.encounter, tier), written_at=attachment.recorded_at)
    return may(officer, Verb.VIEW, subject, attachment.code, now)


def _name(attachment: Attachment) -> str:
    """What the file was called; nothing when that does not open, so that one lost key does not shut a whole page."""
    try:
        return opened(attachment.institution.code, bytes(attachment.name), attachment.about("name")).decode()
    except CannotOpen as why:
        logger.error("%s", why)
        return ""
