"""What a filled form says is written: all of it through the actions that pages call, or nothing.

Whatever stands in the way is told as Held, with the reason; the transaction around it takes back what was begun.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from torogoz.domain.access import Verb
from torogoz.domain.attachments import AttachmentRefused, FileRefused, plain_name
from torogoz.domain.printed import SheetRefused
from torogoz.domain.questions import check
from torogoz.domain.refusals import FieldsRefused, Refused
from torogoz.domain.sections import NoSuchForm
from torogoz.exchange.blankforms.filled import (
    HEADER,
    Filled,
    Part,
    has_header,
    header_of,
    person_reference,
    sections_of,
)
from torogoz.shared.attachments.actions import attach
from torogoz.shared.blankforms.queries import lists
from torogoz.shared.cases.queries import elsewhere
from torogoz.shared.devices.models import FilledForm, FormFile
from torogoz.shared.devices.reception import reception
from torogoz.shared.institutions.access import may
from torogoz.shared.institutions.models import Officer
from torogoz.shared.papers.models import Paper
from torogoz.shared.papers.queries import issued_with
from torogoz.shared.people.actions import NotAllowed, write_section
from torogoz.shared.people.held import Disposed, hold
from torogoz.shared.people.likeness import Reason
from torogoz.shared.people.models import Encounter, Person, Section
from torogoz.shared.people.queries import person_seen_by, resembling, search_seen_by, subject_of_section
from torogoz.shared.people.search import Candidate
from torogoz.shared.vault.sealing import opened
from torogoz.statistics.forms.shipped import SINGLE_FORM

Why = FilledForm.Why


class Held(Exception):
    """The form cannot be written as it is, and a person has to decide.

    faults      by question, in both languages
    encounter   whose section says something else
    """

    def __init__(
        self,
        why: FilledForm.Why,
        faults: Mapping[str, Refused] | None = None,
        part: str = "",
        encounter: Encounter | None = None,
    ) -> None:
        self.why = why
        self.encounter = encounter
        self.faults = [
            {"part": part, "question": question, "es": refused.explain("es"), "en": refused.explain("en")}
            for question, refused in (faults or {}).items()
        ]
        super().__init__(why.value)


@dataclass(frozen=True)
class Choice:
    """What a person has decided of a form that was held; nothing when it has just come.

    person      it is this one
    other       it is nobody who is registered, however alike
    here        she is registered here though another institution has a record with her document
    replace     answers that differ take the place of those stored
    """

    person: Person | None = None
    other: bool = False
    here: bool = False
    replace: bool = False


def write(form: FilledForm, filled: Filled, *, by: Officer, choice: Choice, now: datetime) -> Encounter:
    """Write the arrival and the sections of a filled form, with their files, in the name of `by`. Raises Held."""
    try:
        header = header_in(filled, now)
        parts = sections_of(filled, SINGLE_FORM)
    except NoSuchForm:
        raise Held(Why.VERSION) from None
    if header is None and not parts:
        raise Held(Why.INVALID)
    try:
        met = _arrived(header, form, by, choice, now) if header else _known(filled, by, choice, now)
        if met.institution_id != form.institution_id and header:
            raise Held(Why.REFUSED)
        hold(met.person)
        # The encounter is held, so that two devices that write one section come one after the other.
        encounter = Encounter.objects.select_for_update().select_related("person", "institution").get(pk=met.pk)
        for part in parts:
            _write_section(part, form, encounter, by, choice, now)
        _attach_files(form, parts, encounter, by, now)
    except NotAllowed:
        raise Held(Why.REFUSED) from None
    except Disposed:
        raise Held(Why.PERSON) from None
    return encounter


def suspects(filled: Filled, by: Officer, now: datetime) -> list[Candidate]:
    """Those within the officer's reach who may be the person of the header, the likeliest first; none without one."""
    header = header_in(filled, now)
    return _alike(header, by, now) if header else []


def documents_in(header: Part) -> tuple[str, ...]:
    """The numbers of the documents that a header names."""
    return tuple(number for _, number in reception().described(header.answers).documents)


def header_in(filled: Filled, now: datetime) -> Part | None:
    """The header of a form, with its code lists; None in a form without one. Raises NoSuchForm."""
    return header_of(filled, SINGLE_FORM, lists(now)) if has_header(filled) else None


def person_meant(reference: str, by: Officer, now: datetime) -> Person | None:
    """The person of a sheet's code or a document's number; None where it is nobody, or several, within reach."""
    try:
        issued = issued_with(reference)
    except SheetRefused:
        issued = None
    if issued:
        person = Paper.objects.select_related("person").get(code=issued.code).person
        return person_seen_by(by, person.key, now) if person else None
    found = [
        candidate
        for candidate in search_seen_by(by, document=reference, now=now)
        if Reason.SAME_DOCUMENT in candidate.reasons
    ]
    return person_seen_by(by, found[0].key, now) if len(found) == 1 else None


def _arrived(header: Part, form: FilledForm, by: Officer, choice: Choice, now: datetime) -> Encounter:
    if errors := check(header.form, header.answers):
        raise Held(Why.INVALID, errors, HEADER)
    try:
        if choice.person is None and not choice.other and _alike(header, by, now):
            raise Held(Why.DUPLICATE)
        if choice.person is None and not choice.here and any(elsewhere(by, each, now) for each in documents_in(header)):
            raise Held(Why.ELSEWHERE)
        return reception().arrive(by=by, header=header.answers, person=choice.person, token=form.key, now=now)
    except FieldsRefused as why:
        raise Held(Why.INVALID, why.errors, HEADER) from None
    except Disposed:
        raise
    except Refused as why:
        raise Held(Why.INVALID, {why.field: why}, HEADER) from None


def _alike(header: Part, by: Officer, now: datetime) -> list[Candidate]:
    return resembling(by, reception().described(header.answers), now=now)


def _known(filled: Filled, by: Officer, choice: Choice, now: datetime) -> Encounter:
    person = choice.person or person_meant(person_reference(filled), by, now)
    encounter = reception().where(by=by, person=person, now=now) if person else None
    if encounter is None:
        raise Held(Why.PERSON)
    return encounter


def _write_section(
    part: Part, form: FilledForm, encounter: Encounter, by: Officer, choice: Choice, now: datetime
) -> None:
    """Write a section; one that says the same already is left as it is."""
    code = part.form.code
    stored = Section.objects.filter(encounter=encounter, code=code).select_related("institution").first()
    decision = may(by, Verb.EDIT if stored else Verb.CREATE, subject_of_section(encounter, part.form.tier), code, now)
    if decision.institution != form.institution.code or (stored and stored.institution_id != form.institution_id):
        raise Held(Why.REFUSED)
    if stored and stored.answers == part.answers:
        return
    if stored and not choice.replace:
        raise Held(Why.DIFFERS, encounter=encounter)
    try:
        write_section(
            by=by,
            encounter=encounter,
            code=code,
            answers=part.answers,
            expected_version=stored.version if stored else 0,
            now=now,
            known=reception().known(by=by, encounter=encounter, form=part.form, now=now),
            form_version=part.form.version,
        )
    except FieldsRefused as why:
        raise Held(Why.INVALID, why.errors, code) from None


def _attach_files(form: FilledForm, parts: list[Part], encounter: Encounter, by: Officer, now: datetime) -> None:
    """Attach each file to the section that names it; from then on it lies there, and no longer with the form."""
    sections = {part.file: part.form.code for part in parts if part.file}
    for file in FormFile.objects.filter(filled=form, sealed__isnull=False):
        name, clear = file_of(file, form)
        if name not in sections:
            raise Held(Why.INVALID, {plain_name(name): FileRefused(name, "unnamed")})
        try:
            file.attachment = attach(
                by=by, encounter=encounter, code=sections[name], name=name, chunks=[clear], now=now, channel="device"
            )
        except AttachmentRefused as why:
            raise Held(Why.INVALID, {plain_name(name): FileRefused(name, why.fault)}, sections[name]) from None
        file.sealed = None
        file.save(update_fields=["attachment", "sealed"])


def file_of(file: FormFile, form: FilledForm) -> tuple[str, bytes]:
    """The name and the bytes of a file, opened."""
    name, clear = FormFile.SEALED
    code = form.institution.code
    return (
        opened(code, bytes(file.name), name.about(FormFile, file.key)).decode(),
        opened(code, bytes(file.sealed or b""), clear.about(FormFile, file.key)),
    )
