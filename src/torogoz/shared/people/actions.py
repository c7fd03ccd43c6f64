"""What is written of people: registered once, met again, corrected; and each institution's own section.

Every action asks the policy, refuses with the field and the reason, and leaves its line in the record of accesses.
A refusal leaves nothing half-written.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from torogoz.domain.access import Decision, Subject, Verb
from torogoz.domain.conditions import Values
from torogoz.domain.names import PARTS
from torogoz.domain.people import Details, DocumentTyped, read_details, read_typed
from torogoz.domain.questions import NOTHING, Answers, check
from torogoz.domain.refusals import FieldsRefused, Refused
from torogoz.domain.sections import IDENTITY
from torogoz.shared.audit.actions import record
from torogoz.shared.codelists.queries import with_lists
from torogoz.shared.institutions.access import at, may
from torogoz.shared.institutions.models import Institution, Office, Officer
from torogoz.shared.people import index
from torogoz.shared.people.duplicates import find_same_document
from torogoz.shared.people.held import Disposed, hold, hold_met, hold_standing
from torogoz.shared.people.models import (
    HASHED_AS,
    Correction,
    Encounter,
    Identifier,
    Name,
    Person,
    SearchDecision,
    Section,
)
from torogoz.shared.people.queries import details_of, resembling, subject_of, subject_of_section
from torogoz.shared.people.search import Candidate
from torogoz.shared.people.weighing import Who
from torogoz.shared.vault.sealing import keyed_hashes
from torogoz.statistics.forms.shipped import current_form, form_of


class NotAllowed(Exception):
    """The policy refuses this write. Nothing was changed; the page answers that there is no such thing."""


class Resembles(Refused):
    """Somebody who is registered already may well be the one described, and nobody said that she is not.

    candidates      they, the likeliest first, to be shown. Nothing was stored.
    """

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "resembles": (
            "Ya hay registros que se parecen: compare, elija uno, o diga que ninguno es.",
            "There are records that are alike: compare, choose one, or say that none fits.",
        ),
    }

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self.candidates = tuple(candidates)
        super().__init__("none_fits", "resembles")


class StalePerson(Exception):
    """Somebody corrected the person after the page was shown. Nothing was changed.

    stored      the person as it is now, to be shown beside what was typed
    """

    def __init__(self, stored: Person) -> None:
        self.stored = stored
        super().__init__(f"the person was corrected in the meantime: version {stored.version} is stored")


class StaleSection(Exception):
    """Somebody wrote the section after the page was shown. Nothing was changed.

    stored      the section as it is now
    typed       the answers that were not stored, to be shown again
    """

    def __init__(self, stored: Section, typed: Answers) -> None:
        self.stored = stored
        self.typed = dict(typed)
        super().__init__(f"the section was written in the meantime: version {stored.version} is stored")


class AnswersRefused(FieldsRefused):
    """Some answers cannot be kept; nothing was stored. `errors` by question, `typed` to be shown again."""

    def __init__(self, errors: Mapping[str, Refused], typed: Answers) -> None:
        self.typed = dict(typed)
        super().__init__(errors)


@transaction.atomic
def register_person(
    *,
    by: Officer,
    office: Office,
    now: datetime,
    given1: str = "",
    given2: str = "",
    surname1: str = "",
    surname2: str = "",
    married: str = "",
    aliases: Iterable[str] = (),
    sex: str = "_U",
    birth: str = "",
    nationality: str = "_U",
    identifiers: Iterable[DocumentTyped] = (),
    made_up: bool = False,
    none_fits: Collection[UUID] = (),
) -> Person:
    """Register somebody who stands at `office` and whom no search found. It is the one way in which a person is made.

    The search is done here once more, whoever calls; what came of it is kept. The person is seen by others only once
    an encounter is recorded: do so in the same transaction.

    none_fits   keys of people who are alike, whom the officer has looked at and said that none of them fits
    raises      FieldsRefused with every wrong field, Resembles for those alike who are not in `none_fits`, NotAllowed
    """
    decision = allowed(by, Verb.CREATE, at(office.pk), IDENTITY, now)
    details = read_details(
        today=timezone.localdate(now),
        names={"given1": given1, "given2": given2, "surname1": surname1, "surname2": surname2, "married": married},
        aliases=aliases,
        sex=sex,
        birth=birth,
        nationality=nationality,
        documents=identifiers,
    )
    who = Who(
        name=details.name,
        aliases=details.aliases,
        sex=details.sex,
        birth=details.birth.text if details.birth else "",
        documents=tuple((document.kind, document.number) for document, _ in dict.fromkeys(details.documents)),
    )
    alike = resembling(by, who, now=now)
    if any(one.key not in none_fits for one in alike):
        raise Resembles(alike)
    person = Person(
        recorded_by=by, institution=institution_of(decision), recorded_at=now, made_up=made_up, **_columns(details)
    )
    person.save(force_insert=True)
    _write_names(person, details)
    for document, issuer in dict.fromkeys(details.documents):
        _keep_document(person, document.kind, issuer, document.number, document.folded, decision)
    keep_search(person, by, decision, now, alike)
    note_access(by, Verb.CREATE, "person", [person.key], decision, now, [IDENTITY])
    return person


@transaction.atomic
def choose_person(*, by: Officer, person: Person, office: Office, now: datetime) -> None:
    """Keep that the officer chose this person, who was registered already, instead of registering one. Raises
    NotAllowed."""
    decision = allowed(by, Verb.CREATE, at(office.pk), IDENTITY, now)
    keep_search(person, by, decision, now, None)


@transaction.atomic
def correct_person(
    *,
    by: Officer,
    person: Person,
    expected_version: int,
    reason: Correction.Reason,
    now: datetime,
    note: str = "",
    given1: str = "",
    given2: str = "",
    surname1: str = "",
    surname2: str = "",
    married: str = "",
    aliases: Iterable[str] = (),
    sex: str = "_U",
    birth: str = "",
    nationality: str = "_U",
) -> Person:
    """Write a person's details anew, as they should have been; what stood before is kept, with the reason.

    Documents are added by `add_identifier`. When nothing differs, nothing is written.

    expected_version    the version that the page showed
    raises              FieldsRefused, StalePerson, Disposed, NotAllowed
    """
    (stored,) = hold(person)
    decision = allowed(by, Verb.EDIT, subject_of(stored), IDENTITY, now)
    details = read_details(
        today=timezone.localdate(now),
        names={"given1": given1, "given2": given2, "surname1": surname1, "surname2": surname2, "married": married},
        aliases=aliases,
        sex=sex,
        birth=birth,
        nationality=nationality,
    )
    if stored.version != expected_version:
        raise StalePerson(stored)
    before = details_of(stored)
    if before == _written(details):
        return stored
    index.erase(stored)
    stored.names.all().delete()
    for column, value in _columns(details).items():
        setattr(stored, column, value)
    stored.version += 1
    stored.save(force_update=True)
    _write_names(stored, details)
    Correction(
        person=stored,
        version=stored.version,
        before=before,
        reason=reason.value,
        note=note.strip(),
        corrected_by=by,
        institution=institution_of(decision),
        corrected_at=now,
    ).save(force_insert=True)
    note_access(by, Verb.EDIT, "person", [stored.key], decision, now, [IDENTITY])
    return stored


@transaction.atomic
def add_identifier(*, by: Officer, person: Person, document: DocumentTyped, now: datetime) -> Identifier:
    """Add a document to a person; one that is there already is left as it is.

    Raises Disposed, NotAllowed, and DetailRefused or DocumentRefused for the field `number`.
    """
    hold(person)
    decision = allowed(by, Verb.EDIT, subject_of(person), IDENTITY, now)
    read = read_typed(document, "number")
    identifier, added = _keep_document(person, read.kind, document.issuer, read.number, read.folded, decision)
    if added:
        note_access(by, Verb.EDIT, "identifier", [person.key], decision, now, [IDENTITY])
        find_same_document(person, now=now)
    return identifier


@transaction.atomic
def record_encounter(
    *, by: Officer, person: Person, office: Office, kind: str, occurred_at: datetime, now: datetime
) -> Encounter:
    """Record that an officer's institution met a person at an office. Raises Disposed, NotAllowed.

    person      one whom the officer sees already, or has registered just now
    """
    person = hold_standing(person)
    decision = allowed(by, Verb.CREATE, at(office.pk), IDENTITY, now)
    subject = subject_of(person)
    registered_now = not subject.offices and person.recorded_by_id == by.pk
    if not registered_now:
        allowed(by, Verb.VIEW, subject, IDENTITY, now)
    encounter = Encounter(
        person=person,
        office=office,
        institution=institution_of(decision),
        kind=kind,
        occurred_at=occurred_at,
        recorded_by=by,
        recorded_at=now,
    )
    encounter.save(force_insert=True)
    note_access(by, Verb.CREATE, "encounter", [person.key, encounter.key], decision, now)
    if registered_now:
        find_same_document(person, now=now)
    return encounter


@transaction.atomic
def write_section(
    *,
    by: Officer,
    encounter: Encounter,
    code: str,
    answers: Answers,
    expected_version: int,
    now: datetime,
    known: Values = NOTHING,
    form_version: int | None = None,
) -> Section:
    """Write the own institution's section of an encounter, or write it again.

    What is written again stays under the version that it was first written under, so that no answer is lost to a
    question which is no longer asked.

    expected_version    the version that the page showed; 0 when there was none
    known               facts of the header, as far as they are known, on which questions depend
    form_version        the version that a new section was answered under, when that is not the one in force
    raises              AnswersRefused, StaleSection (both keep what was typed), Disposed, NoSuchForm, NotAllowed
    """
    hold_met(encounter)
    # The encounter is held, so that two officers who begin the same section do not both create it.
    held = Encounter.objects.select_for_update().get(pk=encounter.pk)
    stored = Section.objects.filter(encounter=held, code=code).select_related("institution", "recorded_by").first()
    verb = Verb.EDIT if stored else Verb.CREATE
    if not stored and expected_version:  # there was one when the page was shown
        raise Disposed
    if stored:
        form = form_of(code, stored.form_version)
    else:
        form = form_of(code, form_version) if form_version else current_form(code)
    decision = allowed(by, verb, subject_of_section(held, form.tier), code, now)
    if stored and stored.institution.code != decision.institution:
        raise NotAllowed(f"{by} may not {verb.value} the section {code} of another institution")
    if stored and stored.version != expected_version:
        raise StaleSection(stored, answers)
    if errors := check(with_lists(form), answers, known):
        raise AnswersRefused(errors, answers)
    section = stored or Section(encounter=held, code=code, institution=institution_of(decision), version=0)
    section.form_version = form.version
    section.keep(answers)
    section.recorded_by = by
    section.recorded_at = now
    section.version += 1
    section.save()
    note_access(by, verb, "section", [held.person.key, held.key], decision, now, [code])
    return section


def allowed(by: Officer, verb: Verb, subject: Subject, section: str, now: datetime) -> Decision:
    """On what ground the officer may do this. Raises NotAllowed."""
    decision = may(by, verb, subject, section, now)
    if not decision:
        raise NotAllowed(f"{by} may not {verb.value} {section}")
    return decision


def institution_of(decision: Decision) -> Institution:
    """The institution for which the policy allowed it: nobody writes in the name of another."""
    return Institution.objects.get(code=decision.institution)


def _keep_document(
    person: Person, kind: str, issuer: str, number: str, folded: str, decision: Decision
) -> tuple[Identifier, bool]:
    """The document of the person, sealed for the institution that adds it; and whether it was not there before."""
    hashes = keyed_hashes(HASHED_AS, folded)
    same = Identifier.objects.filter(person=person, kind=kind, issuer=issuer, hashed__in=hashes).first()
    if same:
        return same, False
    added = Identifier(person=person, kind=kind, issuer=issuer, institution=institution_of(decision)).keep(number)
    added.save(force_insert=True)
    return added, True


def keep_search(
    person: Person, by: Officer, decision: Decision, now: datetime, alike: Iterable[Candidate] | None
) -> None:
    """Keep what came of the search; `alike` is None when somebody was chosen."""
    shown = [{"key": str(one.key), "score": one.score, "reasons": list(one.reasons)} for one in alike or ()]
    outcome = SearchDecision.Outcome.NONE_FITS if shown else SearchDecision.Outcome.NOBODY
    SearchDecision(
        person=person,
        outcome=(SearchDecision.Outcome.CHOSEN if alike is None else outcome).value,
        candidates=shown,
        decided_by=by,
        institution=institution_of(decision),
        decided_at=now,
    ).save(force_insert=True)


def _columns(details: Details) -> dict[str, Any]:
    return {
        "sex": details.sex,
        "birth": details.birth.text if details.birth else "",
        "birth_min": details.birth.first if details.birth else None,
        "birth_max": details.birth.last if details.birth else None,
        "nationality": details.nationality,
    }


def _written(details: Details) -> dict[str, Any]:
    """Details as `queries.details_of` gives those that are stored."""
    return {
        **{part: getattr(details.name, part) for part in PARTS},
        "aliases": list(details.aliases),
        "sex": details.sex,
        "birth": details.birth.text if details.birth else "",
        "nationality": details.nationality,
    }


def _write_names(person: Person, details: Details) -> None:
    """The name, the aliases, and the entries by which a search finds them."""
    name = details.name
    rows = [Name(person=person, kind=Name.Kind.ALIAS, alias=alias) for alias in details.aliases]
    if str(name):
        rows.insert(
            0,
            Name(
                person=person,
                kind=Name.Kind.MAIN,
                given1=name.given1,
                given2=name.given2,
                surname1=name.surname1,
                surname2=name.surname2,
                married=name.married,
            ),
        )
    Name.objects.bulk_create(rows)
    index.write(person)


def note_access(
    by: Officer,
    verb: Verb,
    what: str,
    keys: Iterable[object],
    decision: Decision,
    now: datetime,
    sections: Iterable[str] = (),
) -> None:
    """Leave the line of a write in the record of accesses."""
    record(
        officer=by.username,
        institution=decision.institution,
        verb=verb,
        what=what,
        subjects=[str(key) for key in keys],
        decision=decision,
        channel="page",
        now=now,
        sections=list(sections),
    )
