"""A form that a device filled in, read from its XML: https://getodk.github.io/xforms-spec/ .

What it says is taken apart by the questions of the versions that it was filled in under. Nothing is dropped: an answer
to a question that no such form has stays among the answers, for `domain.questions.check` to refuse.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from torogoz.domain.questions import Kind, Option, Question, SectionForm
from torogoz.domain.sections import NoSuchForm, SingleForm
from torogoz.exchange.blankforms.outline import (
    PERSON,
    Asked,
    BlankForm,
    Lists,
    answers_of,
    file_name,
    outline,
    parts_of,
    walk,
)

LONGEST: Final = 120
"""Signs of an instance's id; the uuid of ODK Collect has 41."""
HEADER: Final = "header"
_TIME: Final = re.compile(r"(\d\d:\d\d)(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?")


class NotFilledIn(ValueError):
    """These bytes are no filled form, or do not say which one. Nothing was kept."""


@dataclass(frozen=True)
class Filled:
    """What a device sent, as it stands in the XML.

    form, version   torogoz-dgme-registrar, header1.migration2
    instance        what the device calls this one filled form, the same each time that it sends it
    said            by group, the answers by name of the question; those left empty are not there
    """

    form: str
    version: str
    instance: str
    said: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Part:
    """The header, or one section: the form that it was filled in under, the answers as `check` takes them, and the name
    of the photograph that goes along; empty without one."""

    form: SectionForm
    answers: Mapping[str, object]
    file: str = ""


def read(written: bytes) -> Filled:
    """The filled form in the XML of a submission. Raises NotFilledIn."""
    try:
        root = fromstring(written, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as why:  # LookupError: an encoding nobody knows
        raise NotFilledIn("this is not the whole XML of a filled form") from why
    said: dict[str, dict[str, str]] = {}
    instance = ""
    for group in root:
        name = _name(group)
        if name == "meta":
            instance = next((_text(each) for each in group if _name(each) == "instanceID"), "")
            continue
        answers = said.setdefault(name, {})
        for leaf in _leaves(group):
            if _name(leaf) in answers:
                raise NotFilledIn(f"{_name(leaf)} stands in it twice")
            if _text(leaf):
                answers[_name(leaf)] = _text(leaf)
    form, version = root.get("id", ""), root.get("version", "")
    if not form or not version or not instance or len(instance) > LONGEST or len(version) > 2 * LONGEST:
        raise NotFilledIn("it does not say which form it is, which version, or which instance")
    return Filled(form, version, instance, {group: answers for group, answers in said.items() if answers})


def person_reference(filled: Filled) -> str:
    """The code of the sheet, or the number of the document, of the person whom the sections are about."""
    return filled.said.get("person", {}).get(PERSON.code, "")


def has_header(filled: Filled) -> bool:
    """Whether it is a form with a header. Raises NoSuchForm."""
    return HEADER in _parts(filled)


def header_of(filled: Filled, single: SingleForm, lists: Lists) -> Part | None:
    """The header under the version that it was filled in under; None in a form without one. Raises NoSuchForm.

    A question is called by its name in the form: document_1_kind. Of a document that is not there no field is required.
    """
    version = _parts(filled).get(HEADER)
    if version is None:
        return None
    header = single.header
    if version != header.version:
        raise NoSuchForm(f"no version {version} of the header was ever in use")
    answers = filled.said.get(HEADER, {})
    asked = [each for _, each in walk(outline(BlankForm("", "", "", "", header, ())))]
    questions = tuple(_as_asked(each, answers, lists) for each in asked)
    form = SectionForm(HEADER, version, header.institution, header.tier, header.es, header.en, frozenset(), questions)
    return Part(form, _typed(form, answers))


def sections_of(filled: Filled, single: SingleForm) -> list[Part]:
    """The sections in which something was answered, in the order of the form. Raises NoSuchForm."""
    found = []
    versions = {f"section_{code}": (code, number) for code, number in _parts(filled).items() if code != HEADER}
    strange = set(filled.said) - set(versions) - {HEADER, "person"}
    if strange:
        raise NoSuchForm(f"the version {filled.version} has no group {', '.join(sorted(strange))}")
    for group, (code, number) in versions.items():
        form = single.form_of(code, number)
        said = dict(filled.said.get(group, {}))
        file = said.pop(file_name(code), "")
        if said or file:
            found.append(Part(form, _typed(form, said), file))
    return found


def files_of(filled: Filled) -> frozenset[str]:
    """The names of the files that the form says go along with it."""
    named = (answers.get(file_name(group.removeprefix("section_")), "") for group, answers in filled.said.items())
    return frozenset(name for name in named if name)


def _parts(filled: Filled) -> dict[str, int]:
    try:
        return parts_of(filled.version)
    except ValueError as why:
        raise NoSuchForm(str(why)) from why


def _as_asked(each: Asked, answers: Mapping[str, str], lists: Lists) -> Question:
    """A question of the header with its name in the form and the answers of its code list."""
    choices = each.question.options
    if each.question.codelist:
        listed = answers_of(each.question, lists)
        choices = tuple(Option(one.code, one.es, one.en) for one in listed)
    required = each.question.required and (not each.after or each.after in answers)
    return replace(each.question, code=each.name, options=choices, codelist="", required=required)


def _typed(form: SectionForm, said: Mapping[str, str]) -> dict[str, object]:
    """The answers in the types of their questions; what cannot be read so stays as it was said."""
    kinds = {question.code: question.kind for question in form.questions}
    return {code: _value(kinds.get(code, Kind.TEXT), text) for code, text in said.items()}


def _value(kind: Kind, text: str) -> object:
    if kind is Kind.SEVERAL:
        return list(dict.fromkeys(text.split()))
    if kind is Kind.NUMBER and text.isascii() and text.isdigit() and len(text) < 20:
        return int(text)
    if kind is Kind.TIME and (found := _TIME.fullmatch(text)):
        return found.group(1)
    return text


def _leaves(element: Element) -> Iterator[Element]:
    return (each for each in element.iter() if each is not element and not len(each))


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: Element) -> str:
    return (element.text or "").strip()
