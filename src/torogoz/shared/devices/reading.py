"""A form that waits, as the person who decides reads it: what it says, what is wrong, and what it is held against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from torogoz.domain.access import Verb
from torogoz.domain.questions import Kind, Question, SectionForm, readable
from torogoz.domain.sections import IDENTITY, NoSuchForm
from torogoz.exchange.blankforms.filled import HEADER, Filled, Part, person_reference, read, sections_of
from torogoz.shared.codelists.queries import with_lists
from torogoz.shared.devices.applying import documents_in, header_in, suspects
from torogoz.shared.devices.models import FilledForm
from torogoz.shared.devices.queries import form_seen_by
from torogoz.shared.institutions.access import may
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.models import Section
from torogoz.shared.people.queries import subject_of_section
from torogoz.shared.people.search import Candidate
from torogoz.statistics.forms.shipped import SINGLE_FORM

Lines = list[tuple[str, str]]


@dataclass(frozen=True)
class PartSeen:
    """The header or a section: its code for the record of accesses, its title, and what was answered."""

    code: str
    title: str
    lines: Lines


@dataclass(frozen=True)
class Difference:
    """A question to which the device has another answer than the one stored."""

    question: str
    stored: str
    sent: str


@dataclass(frozen=True)
class HeldSeen:
    """A form that waits.

    reference   of the person, as it was filled in; empty in a form with a header
    faults      what is wrong: the question, and why
    alike       who may be the person, within reach of who reads
    documents   of the person, where another institution may have a record with one of them
    """

    form: FilledForm
    reference: str
    parts: tuple[PartSeen, ...]
    faults: Lines
    alike: tuple[Candidate, ...]
    differences: tuple[Difference, ...]
    documents: tuple[str, ...] = ()

    @property
    def codes(self) -> list[str]:
        """The codes of what is shown, for the record of accesses."""
        return sorted({part.code for part in self.parts})


def held_seen_by(officer: Officer, key: UUID, language: str, now: datetime) -> HeldSeen | None:
    """The form that waits, with this key; None where the officer may not know that there is one."""
    form = form_seen_by(officer, key, now)
    if form is None:
        return None
    filled = read(form.written)
    parts = _parts(filled, now)
    labels = {question.code: question.label(language) for part in parts for question in part.form.questions}
    return HeldSeen(
        form,
        person_reference(filled),
        tuple(_seen(part, language) for part in parts) or _as_it_came(filled, language),
        [(labels.get(fault["question"], fault["question"]), fault[language]) for fault in form.wrong],
        tuple(suspects(filled, officer, now)) if form.why == FilledForm.Why.DUPLICATE else (),
        _differences(officer, form, parts, language, now),
        tuple(each for part in parts if part.form.code == HEADER for each in documents_in(part))
        if form.why == FilledForm.Why.ELSEWHERE
        else (),
    )


def said_of(form: FilledForm, language: str) -> str:
    """What a form is, without what it says: the header and the sections of its version, by their names."""
    names = {each.code: each.label(language) for each in SINGLE_FORM.current()} | {
        HEADER: SINGLE_FORM.header.label(language)
    }
    return ", ".join(names.get(part, part) for part in (each.rstrip("0123456789") for each in form.version.split(".")))


def _parts(filled: Filled, now: datetime) -> list[Part]:
    """The parts of a form with the answers of their code lists; none under a version that never was."""
    try:
        header = header_in(filled, now)
        sections = [Part(with_lists(each.form), each.answers, each.file) for each in sections_of(filled, SINGLE_FORM)]
    except NoSuchForm:
        return []
    return [header, *sections] if header else sections


def _seen(part: Part, language: str) -> PartSeen:
    answered = {question.code for question in part.form.questions if question.code in part.answers}
    strange = [(code, str(answer)) for code, answer in part.answers.items() if code not in answered]
    code = IDENTITY if part.form.code == HEADER else part.form.code
    return PartSeen(code, part.form.label(language), [*_answered(part.form, part, language), *strange])


def _answered(form: SectionForm, part: Part, language: str) -> Lines:
    lines = readable(form, part.answers, language)
    return [line for question, line in zip(form.questions, lines, strict=True) if question.code in part.answers]


def _as_it_came(filled: Filled, language: str) -> tuple[PartSeen, ...]:
    """What a form of an unknown version says: in the words of today's definitions where they have the question and the
    answer, else by the names that the device sent."""
    today = {form.code: form for form in SINGLE_FORM.current()}
    found = []
    for group, answers in filled.said.items():
        if group == "person":
            continue
        code = IDENTITY if group == HEADER else group.removeprefix("section_")
        asked: Sequence[Question] = ()
        title = group
        if group == HEADER:
            title = SINGLE_FORM.header.label(language)
            asked = [field for fact in SINGLE_FORM.header.facts for field in fact.fields]
        elif code in today:
            title, asked = today[code].label(language), with_lists(today[code]).questions
        found.append(PartSeen(code, title, _by_name(asked, answers, language)))
    return tuple(found)


def _by_name(asked: Sequence[Question], answers: Mapping[str, str], language: str) -> Lines:
    named = {question.code: question for question in asked}
    lines = []
    for code, answer in answers.items():
        question = named.get(code)
        labels = dict(question.choices(language)) if question else {}
        several = answer.split() if question and question.kind is Kind.SEVERAL else [answer]
        said = "; ".join(labels.get(each, each) for each in several)
        lines.append((question.label(language) if question else code, said))
    return lines


def _differences(
    officer: Officer, form: FilledForm, parts: list[Part], language: str, now: datetime
) -> tuple[Difference, ...]:
    """Question by question, what is stored beside what was sent, of the sections that the officer may write."""
    if form.why != FilledForm.Why.DIFFERS or form.encounter is None:
        return ()
    found = []
    for part in parts:
        section = Section.objects.filter(encounter=form.encounter, code=part.form.code).first()
        subject = subject_of_section(form.encounter, part.form.tier)
        if section is None or not may(officer, Verb.EDIT, subject, part.form.code, now):
            continue
        before, after = readable(part.form, section.answers, language), readable(part.form, part.answers, language)
        found += [
            Difference(question, stored, sent)
            for (question, stored), (_, sent) in zip(before, after, strict=True)
            if stored != sent
        ]
    return tuple(found)
