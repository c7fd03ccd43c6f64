"""The documents of a person that may be corrected, and what was corrected of them before."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from torogoz.domain.access import Verb
from torogoz.domain.sections import IDENTITY
from torogoz.shared.institutions.access import may
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.models import DocumentCorrection, Person
from torogoz.shared.people.queries import Document, may_correct, subject_of
from torogoz.shared.vault.keyring import CannotOpen
from torogoz.shared.vault.sealing import Batch

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class DocumentKept:
    """A document by its key. Its number is empty when it does not open; then nobody writes over it."""

    key: UUID
    document: Document


@dataclass(frozen=True)
class DocumentChange:
    """One correction of a document: what stood before and what took its place, None when it was taken away.

    shut        whether it does not open: then there is neither, nor a note
    """

    before: Document | None
    after: Document | None
    removed: bool
    shut: bool
    reason: str
    note: str
    corrected_by: str
    institution: str
    corrected_at: datetime


def documents_to_correct(officer: Officer, person: Person, now: datetime) -> list[DocumentKept]:
    """The documents of a visible person, for who may correct who she is; none for others."""
    if not may_correct(officer, person, now):
        return []
    batch = Batch()
    return [
        DocumentKept(each.key, Document(each.kind, each.number_seen(batch), each.issuer))
        for each in person.identifiers.select_related("institution").order_by("pk")
    ]


def taken_away(person: Person, document: UUID) -> bool:
    """Whether a document with this key was the person's, and was taken away."""
    return DocumentCorrection.objects.filter(person=person, document=document, removed=True).exists()


def document_changes_seen_by(officer: Officer, person: Person, now: datetime) -> list[DocumentChange]:
    """What was corrected of the documents of a person whose identity the officer may read, the newest first."""
    if not may(officer, Verb.VIEW, subject_of(person), IDENTITY, now):
        return []
    batch = Batch()
    stored = DocumentCorrection.objects.filter(person=person).select_related("corrected_by", "institution")
    return [_as_seen(one, batch) for one in stored.order_by("-corrected_at", "-pk")]


def _as_seen(one: DocumentCorrection, batch: Batch) -> DocumentChange:
    try:
        said, shut = one.said_in(batch), False
    except CannotOpen as why:
        logger.error("%s", why)
        said, shut = {}, True
    return DocumentChange(
        before=_document(said.get("before")),
        after=_document(said.get("after")),
        removed=one.removed,
        shut=shut,
        reason=one.reason,
        note=said.get("note", ""),
        corrected_by=one.corrected_by.full_name,
        institution=one.institution.code,
        corrected_at=one.corrected_at,
    )


def _document(said: dict[str, Any] | None) -> Document | None:
    return Document(said["kind"], said["number"], said["issuer"]) if said else None
