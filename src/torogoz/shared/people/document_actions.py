"""A document that was typed wrongly is written anew, or taken away: what stood before is kept, sealed, with the reason.

The document keeps its row and its key; its hash is of the new number, so that nothing finds the person by the old one.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from torogoz.domain.access import Decision, Verb
from torogoz.domain.documents import DocumentNotCorrected
from torogoz.domain.names import PersonName
from torogoz.domain.people import DocumentTyped, read_typed
from torogoz.domain.sections import IDENTITY
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.actions import (
    NotAllowed,
    Resembles,
    StalePerson,
    allowed,
    institution_of,
    keep_search,
    note_access,
)
from torogoz.shared.people.duplicates import find_same_document
from torogoz.shared.people.held import hold
from torogoz.shared.people.models import HASHED_AS, DocumentCorrection, Identifier, Person
from torogoz.shared.people.moving import follow
from torogoz.shared.people.queries import resembling, subject_of
from torogoz.shared.people.weighing import Who
from torogoz.shared.vault.sealing import keyed_hashes


@transaction.atomic
def correct_document(
    *,
    by: Officer,
    person: Person,
    document: UUID,
    typed: DocumentTyped,
    expected_version: int,
    reason: DocumentCorrection.Reason,
    now: datetime,
    note: str = "",
    none_fits: Collection[UUID] = (),
) -> Identifier:
    """Write a document of a person anew, as it should have been. When nothing differs, nothing is written.

    document            key of the identifier
    expected_version    of the person, that the page showed
    none_fits           keys of people who have that number too, whom the officer has looked at
    raises              DetailRefused, DocumentRefused and DocumentNotCorrected by field; Resembles for those within
                        reach who have the number and are not in `none_fits`; StalePerson, Disposed, NotAllowed;
                        CannotOpen when the old number does not open: nobody writes over what is shut
    """
    stored, kept, decision = _held(by, person, document, expected_version, now)
    read = read_typed(typed, "number")
    before = _said(kept)
    after = {"kind": read.kind, "issuer": typed.issuer, "number": read.number}
    if before == after:
        return kept
    said = _why(reason, note)
    hashes = keyed_hashes(HASHED_AS, read.folded)
    same = Identifier.objects.filter(person=stored, kind=read.kind, issuer=typed.issuer, hashed__in=hashes)
    if same.exclude(pk=kept.pk).exists():
        raise DocumentNotCorrected("number", "has_it")
    if bytes(kept.hashed) not in hashes:
        found = resembling(by, Who(PersonName(), documents=((read.kind, read.number),)), now=now)
        owners = [one for one in found if one.key != stored.key]
        if any(one.key not in none_fits for one in owners):
            raise Resembles(owners)
        if owners:
            keep_search(stored, by, decision, now, owners)
    row = kept.pk
    kept.kind, kept.issuer, kept.institution = read.kind, typed.issuer, institution_of(decision)
    kept.keep(read.number).save(force_update=True)
    _add(by, stored, kept, row, {"before": before, "after": after, "note": said}, reason, decision, now)
    find_same_document(stored, now=now)
    return kept


@transaction.atomic
def take_document_away(
    *,
    by: Officer,
    person: Person,
    document: UUID,
    expected_version: int,
    reason: DocumentCorrection.Reason,
    now: datetime,
    note: str = "",
) -> None:
    """Take away a document that never was this person's.

    Raises DocumentNotCorrected, StalePerson, Disposed, NotAllowed, and CannotOpen when its number does not open.
    """
    stored, kept, decision = _held(by, person, document, expected_version, now)
    words = {"before": _said(kept), "after": None, "note": _why(reason, note)}
    row = kept.pk
    kept.delete()
    _add(by, stored, kept, row, words, reason, decision, now)


def _held(
    by: Officer, person: Person, document: UUID, expected_version: int, now: datetime
) -> tuple[Person, Identifier, Decision]:
    """The person and the document, held until the end of the transaction, and on what ground it is corrected."""
    (stored,) = hold(person)
    decision = allowed(by, Verb.EDIT, subject_of(stored), IDENTITY, now)
    if stored.version != expected_version:
        raise StalePerson(stored)
    rows = Identifier.objects.select_for_update(of=("self",)).select_related("institution")
    kept = rows.filter(person=stored, key=document).first()
    if kept is None:
        raise NotAllowed(f"{by} may not correct a document that is not there")
    return stored, kept, decision


def _said(document: Identifier) -> dict[str, Any]:
    return {"kind": document.kind, "issuer": document.issuer, "number": document.number}


def _why(reason: DocumentCorrection.Reason, note: str) -> str:
    """The note; another reason than those of the list has to be said."""
    said = note.strip()
    if reason is DocumentCorrection.Reason.OTHER and not said:
        raise DocumentNotCorrected("note", "say_why")
    return said


def _add(
    by: Officer,
    person: Person,
    document: Identifier,
    row: int,
    words: dict[str, Any],
    reason: DocumentCorrection.Reason,
    decision: Decision,
    now: datetime,
) -> None:
    """Raise the version of the person, and add to the history what was done."""
    person.version += 1
    person.save(update_fields=["version"])
    added = DocumentCorrection(
        person=person,
        document=document.key,
        version=person.version,
        removed=words["after"] is None,
        reason=reason.value,
        corrected_by=by,
        institution=institution_of(decision),
        corrected_at=now,
    )
    added.keep_words(words).save(force_insert=True)
    follow(added, Identifier, row)
    note_access(by, Verb.EDIT, "identifier", [person.key, document.key], decision, now, [IDENTITY])
