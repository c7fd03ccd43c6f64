"""A file is attached: by who may write the section, of a kind and size that are taken, sealed before it is stored."""

import os
import uuid
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from django.db import transaction

from torogoz.domain.access import Verb
from torogoz.domain.attachments import KINDS, LOOKED_AT, MOST_BYTES, AttachmentRefused, Fault, Kind, kind_of, plain_name
from torogoz.shared.attachments.models import Attachment
from torogoz.shared.attachments.queries import tier_of
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.access import may
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.held import hold
from torogoz.shared.people.models import Encounter, Section
from torogoz.shared.people.queries import subject_of_section
from torogoz.shared.vault import keyring
from torogoz.shared.vault.files import seal_pieces
from torogoz.shared.vault.sealing import Batch

NAME_LENGTH = 120


@transaction.atomic
def attach(
    *,
    by: Officer,
    encounter: Encounter,
    code: str,
    name: str,
    chunks: Iterable[bytes],
    now: datetime,
    key: uuid.UUID | None = None,
    channel: str = "page",
    kinds: Collection[Kind] = KINDS,
) -> Attachment:
    """Attach a file to the own institution's section `code` of an encounter.

    chunks      its bytes, in pieces of any size; never held as a whole, never written unsealed
    kinds       those that are taken here
    key         given by a device that may send the same file twice: the second time nothing is stored
    raises      AttachmentRefused, Disposed, NoSuchForm, NotAllowed; then nothing of it was kept
    """
    hold(encounter.person)
    decision = may(by, Verb.EDIT, subject_of_section(encounter, tier_of(code)), code, now)
    written = Section.objects.filter(encounter=encounter, code=code).select_related("institution").first()
    if not decision or (written and written.institution.code != decision.institution):
        raise NotAllowed(f"{by} may not attach a file to {code}")
    if key and (before := Attachment.objects.filter(key=key, encounter=encounter, code=code).first()):
        return before
    own = Institution.objects.get(code=decision.institution)
    attachment = Attachment(
        key=key or uuid.uuid4(), encounter=encounter, code=code, institution=own, recorded_by=by, recorded_at=now
    )
    secret, batch = keyring.fresh(), Batch()
    attachment.secret = batch.seal(own.code, secret, attachment.about("secret"))
    attachment.name = batch.seal(own.code, plain_name(name)[-NAME_LENGTH:].encode(), attachment.about("name"))
    measured = _Measured(chunks, kinds)
    _store(attachment, seal_pieces(secret, measured, attachment.about("path")))
    attachment.media, attachment.size = measured.media, measured.size
    attachment.save(force_insert=True)
    record(
        officer=by.username,
        institution=decision.institution,
        verb=Verb.CREATE,
        what="attachment",
        subjects=[str(encounter.person.key), str(encounter.key), str(attachment.key)],
        decision=decision,
        channel=channel,
        now=now,
        sections=[code],
    )
    return attachment


class _Measured:
    """The chunks of a file on their way, with its kind and size; refused as soon as either is not taken."""

    def __init__(self, chunks: Iterable[bytes], kinds: Collection[Kind]) -> None:
        self._chunks, self._kinds = chunks, kinds
        self.media, self.size = "", 0

    def __iter__(self) -> Iterator[bytes]:
        start = b""
        for chunk in self._chunks:
            self.size += len(chunk)
            if self.size > MOST_BYTES:
                raise AttachmentRefused(Fault.TOO_LARGE)
            if not self.media:
                start += chunk
                if len(start) < LOOKED_AT:
                    continue
                chunk = self._known(start)
            yield chunk
        if not self.media:
            yield self._known(start)

    def _known(self, start: bytes) -> bytes:
        if not start:
            raise AttachmentRefused(Fault.EMPTY)
        kind = kind_of(start)
        if kind is None or kind not in self._kinds:
            raise AttachmentRefused(Fault.UNKNOWN_KIND)
        self.media = kind.media
        return start


def _store(attachment: Attachment, pieces: Iterable[bytes]) -> None:
    """Write the sealed file: whole, on the disk, before the row that tells of it is there."""
    path = attachment.path
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    try:
        with unfinished.open("xb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
