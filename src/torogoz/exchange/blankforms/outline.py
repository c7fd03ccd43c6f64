"""The outline of a blank form: its groups and questions, each with a name of its own, as every writer puts them down.

A form has the header, when its officers register arrivals, or else the reference of the person whom the sections are
about; and the sections that they write. Its version says which version of each part it has: `header1.migration2`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from torogoz.domain.questions import Kind, Option, Question, SectionForm
from torogoz.domain.sections import Fact, Header, SingleForm

PERSON: Final = Question(
    "person_reference",
    Kind.TEXT,
    "Código de la ficha, o número de documento",
    "Code of the sheet, or number of the document",
    hint_es="Está al pie de la ficha impresa. Con él se sabe de quién se trata; nada se pregunta otra vez.",
    hint_en="It is at the foot of the printed sheet. It tells who this is about; nothing is asked again.",
    required=True,
    most=60,
)
"""Whom a section is about, where the form has no header."""


FILE_LABEL: Final = (
    "Fotografía de un documento de esta parte, si hace falta",
    "Photograph of a document of this part, if there is need",
)


class NothingToFillIn(LookupError):
    """Officers of this institution in this role write nothing."""


class ListMissing(KeyError):
    """A form was to be written without the answers of one of its code lists."""


@dataclass(frozen=True)
class Listed:
    """A code of a code list; `within` is the code that it lies in: the department of a district."""

    code: str
    es: str
    en: str
    within: str = ""


Lists = Mapping[str, Sequence[Listed]]
"""The codes by list: AREA, DOCUMENT, CENTRE, DEPARTMENT, DISTRICT, REASON, NEED."""


@dataclass(frozen=True)
class BlankForm:
    """What officers of one institution in one role fill in.

    id          torogoz-dgme-registrar
    header      None where they register no arrivals
    """

    institution: str
    role: str
    es: str
    en: str
    header: Header | None
    sections: tuple[SectionForm, ...]

    @property
    def id(self) -> str:
        """What the form is called wherever it goes."""
        return f"torogoz-{self.institution.lower()}-{self.role}"

    @property
    def version(self) -> str:
        """Which version of each part it has: header1.migration2."""
        parts = [f"header{self.header.version}"] if self.header else []
        return ".".join([*parts, *(f"{form.code}{form.version}" for form in self.sections)])


@dataclass(frozen=True)
class Asked:
    """A question in a form.

    name        unlike every other in the form
    code        the question's own code, which repeats where a fact is asked several times
    after       the name of a question without whose answer this one need not be answered
    """

    name: str
    code: str
    question: Question
    after: str = ""


@dataclass(frozen=True)
class Group:
    """Questions that belong together; `after`, if any, is the question that must have an answer first; `file`, if any,
    what the photograph is called that may go along with them."""

    name: str
    es: str
    en: str
    children: tuple["Group | Asked", ...]
    after: str = ""
    file: str = ""


def blank_form(
    single: SingleForm, institution: str, role: str, names: tuple[str, str], codes: Iterable[str], *, registers: bool
) -> BlankForm:
    """The form in force of an institution and role.

    names       of the institution and role, in Spanish and in English
    codes       of the sections that they write
    registers   whether they register arrivals, and so fill in the header
    raises      NothingToFillIn
    """
    wanted = set(codes)
    sections = tuple(form for form in single.current() if form.code in wanted)
    if not sections and not registers:
        raise NothingToFillIn(f"{institution} {role} writes no section and registers no arrival")
    return BlankForm(institution, role, *names, single.header if registers else None, sections)


def parts_of(version: str) -> dict[str, int]:
    """The version of each part that a form's version names, by code. Raises ValueError where it names none."""
    parts = {}
    for part in version.split("."):
        found = re.fullmatch(r"([a-z_]+)([1-9]\d{0,2})", part)
        if found is None:
            raise ValueError(f"“{version}” is not the version of a form, like header1.migration2")
        parts[found.group(1)] = int(found.group(2))
    return parts


def outline(form: BlankForm) -> tuple[Group, ...]:
    """The groups of a form, from top to bottom."""
    if form.header:
        facts = tuple(child for fact in form.header.facts for child in _fact(fact))
        first = Group("header", form.header.es, form.header.en, facts)
    else:
        first = Group("person", "De quién se trata", "Whom this is about", (Asked(PERSON.code, PERSON.code, PERSON),))
    sections = (
        Group(
            f"section_{section.code}",
            section.es,
            section.en,
            tuple(Asked(each.code, each.code, each) for each in section.questions),
            file=file_name(section.code),
        )
        for section in form.sections
    )
    return (first, *sections)


def file_name(code: str) -> str:
    """What the photograph that goes with a section is called in a form."""
    return f"file_{code}"


def walk(groups: Iterable["Group | Asked"], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Asked]]:
    """Every question with the names of the groups that it stands in, from top to bottom."""
    for each in groups:
        if isinstance(each, Group):
            yield from walk(each.children, (*above, each.name))
        else:
            yield above, each


def _fact(fact: Fact) -> tuple[Group | Asked, ...]:
    """A fact of one field as a question, one of several fields as a group, one that repeats as groups one after
    another: whoever fills in paperless forms skips what stays empty."""
    if fact.question:
        return (Asked(fact.question.code, fact.question.code, fact.question),)
    if fact.times == 1:
        children = tuple(Asked(field.code, field.code, field) for field in fact.fields)
        return (Group(f"fact_{fact.code}", fact.es, fact.en, children),)
    return tuple(_repeated(fact, number) for number in range(1, fact.times + 1))


def _repeated(fact: Fact, number: int) -> Group:
    names = {field.code: f"{fact.code}_{number}_{field.code}" for field in fact.fields}
    first = fact.fields[0].code
    children = tuple(
        Asked(names[field.code], field.code, replace(field, required=False), "")
        if field.code == first
        else Asked(names[field.code], field.code, field, names[first])
        for field in fact.fields
    )
    before = f"{fact.code}_{number - 1}_{first}" if number > 1 else ""
    return Group(f"fact_{fact.code}_{number}", f"{fact.es} {number}", f"{fact.en} {number}", children, before)


def answers_of(question: Question, lists: Lists) -> tuple[Listed, ...]:
    """The answers to choose from, of a code list too; none where there is nothing to choose. Raises ListMissing."""
    own = [Listed(option.code, option.es, option.en) for option in question.options]
    if not question.codelist:
        return tuple(own)
    if question.codelist not in lists:
        raise ListMissing(f"the answers of the list {question.codelist} are needed for {question.code}")
    unknown = Option("_U", "No se sabe", "Not known")
    return (*lists[question.codelist], *own, Listed(unknown.code, unknown.es, unknown.en))
