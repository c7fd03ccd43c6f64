"""Questions of the single form, which of them apply, answers to them, and what is wrong with an answer."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar

from torogoz.domain import conditions
from torogoz.domain.access import Tier
from torogoz.domain.birthdates import PartialDate
from torogoz.domain.conditions import NOT_APPLICABLE, UNKNOWN, Condition, Truth, Values
from torogoz.domain.refusals import Refused

NONE = "NONE"
YES_NO_UNKNOWN = {"Y": ("Sí", "Yes"), "N": ("No", "No"), UNKNOWN: ("No se sabe", "Not known")}

Answers = Mapping[str, object]
"""By question: a code, a list of codes, a text or a whole number. A question that is not there was not answered."""

NOTHING: Values = MappingProxyType({})

YEARS = frozenset({"youngest", "oldest"})
"""What a doubt may look at of the fact `birth`: the least and the most completed years of age that it allows."""


class Kind(StrEnum):
    """How a question is answered."""

    CHOICE = "choice"
    SEVERAL = "several"
    YES_NO = "yes_no"
    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    TIME = "time"
    PARTIAL_DATE = "partial_date"


@dataclass(frozen=True)
class Option:
    """One answer to choose, in both languages."""

    code: str
    es: str
    en: str

    def label(self, language: str) -> str:
        """Its words."""
        return self.es if language.startswith("es") else self.en


@dataclass(frozen=True)
class Doubt:
    """When an answer is unlikely, and what is said then. It may be true: whoever asked it says so, and it is kept."""

    when: Condition
    es: str
    en: str

    def label(self, language: str) -> str:
        """What is said."""
        return self.es if language.startswith("es") else self.en


@dataclass(frozen=True)
class Question:
    """One question. Its code names the fact that it asks, and no other question of any form asks for that fact.

    least, most     bounds of a number; `most` is also the greatest length of a text
    relevant        when the question applies; None is always
    tier            how sensitive the answer is, when it is more so than its section
    codelist        the list that the answers are taken from, when they are not in `options`
    within          the question whose answer the answers to this one lie in: the department of a district
    doubt           when an answer is kept only once it was said to be so
    """

    code: str
    kind: Kind
    es: str
    en: str
    options: tuple[Option, ...] = ()
    hint_es: str = ""
    hint_en: str = ""
    required: bool = False
    least: int = 0
    most: int = 500
    relevant: Condition | None = None
    tier: Tier | None = None
    codelist: str = ""
    within: str = ""
    doubt: Doubt | None = None

    @property
    def counted(self) -> bool:
        """Whether its answers can be counted: they are codes or numbers."""
        return self.kind in (Kind.CHOICE, Kind.SEVERAL, Kind.YES_NO, Kind.NUMBER)

    def label(self, language: str) -> str:
        """The question itself."""
        return self.es if language.startswith("es") else self.en

    def hint(self, language: str) -> str:
        """What helps to answer it, or nothing."""
        return self.hint_es if language.startswith("es") else self.hint_en

    def choices(self, language: str) -> list[tuple[str, str]]:
        """The codes to choose from with their words, in the order of the form."""
        return [(option.code, option.label(language)) for option in self.options]


@dataclass(frozen=True)
class SectionForm:
    """The questions that one institution adds to the single form, under one version.

    needs       facts that the institution works with and never asks, since the header or another section has
    changed     what this version changed, in both languages; empty in the first
    """

    code: str
    version: int
    institution: str
    tier: Tier
    es: str
    en: str
    needs: frozenset[str]
    questions: tuple[Question, ...]
    changed: tuple[str, str] = ("", "")

    def label(self, language: str) -> str:
        """The name of the section."""
        return self.es if language.startswith("es") else self.en

    def tier_of(self, question: Question) -> Tier:
        """How sensitive the answer to one of its questions is."""
        return question.tier or self.tier

    def for_readers(self) -> "SectionForm":
        """What of it whoever may read the section may read, who does not write it: nothing more sensitive than it."""
        return replace(self, questions=tuple(each for each in self.questions if self.tier_of(each) <= self.tier))

    def with_lists(self, lists: Mapping[str, Collection[Option]]) -> "SectionForm":
        """The form with the options of its code lists; who does not know is offered to say so."""
        unknown = Option(UNKNOWN, *YES_NO_UNKNOWN[UNKNOWN])
        questions = (
            replace(each, options=(*lists[each.codelist], *each.options, unknown)) if each.codelist in lists else each
            for each in self.questions
        )
        return replace(self, questions=tuple(questions))


class AnswerRefused(Refused):
    """An answer that the question does not take."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "required": ("Falta responder. Si no se sabe, elija «No se sabe».", "Answer this. If unknown, say so."),
        "option": ("«{value}» no es una de las respuestas.", "“{value}” is not one of the answers."),
        "exclusive": (
            "«{option}» no va junto con otras respuestas. Deje solo una de las dos cosas.",
            "“{option}” does not go with other answers. Keep only one or the other.",
        ),
        "number": ("«{value}» no es un número entero. Escriba solo cifras.", "“{value}” is not a whole number."),
        "bounds": ("Escriba un número de {least} a {most}.", "Write a number from {least} to {most}."),
        "long": (
            "Tiene {length} letras; caben {most}. Nada se ha borrado: acorte el texto.",
            "It has {length} letters; {most} fit. Nothing was deleted: shorten the text.",
        ),
        "unasked": ("Esta pregunta no está en el formulario.", "This question is not on the form."),
        "inapplicable": (
            "Por las demás respuestas, esta pregunta no corresponde. Corrija la otra, o guarde sin esta.",
            "By the other answers this question does not apply. Correct the other answer, or save without this one.",
        ),
        "day": ("«{value}» no es un día. Escríbalo así: 2026-05-17.", "“{value}” is not a day. Write 2026-05-17."),
        "time": ("«{value}» no es una hora. Escríbala así: 14:30.", "“{value}” is not a time. Write 14:30."),
        "partial_date": (
            "«{value}» no es una fecha. Escriba 2001, 2001-05 o 2001-05-17.",
            "“{value}” is not a date. Write 2001, 2001-05 or 2001-05-17.",
        ),
    }


def typed(form: SectionForm, fields: Mapping[str, Iterable[str]]) -> dict[str, object]:
    """The answers in the fields of a web form, each a list of texts; what was left empty is not there.

    A number that cannot be read stays as it was typed, so that `check` refuses it and the page shows it again.
    """
    answers: dict[str, object] = {}
    for question in form.questions:
        values = [value.strip() for value in fields.get(question.code, ()) if value.strip()]
        if not values:
            continue
        if question.kind is Kind.SEVERAL:
            answers[question.code] = list(dict.fromkeys(values))
        elif question.kind is Kind.NUMBER and values[0].isascii() and values[0].isdigit():
            answers[question.code] = int(values[0])
        else:
            answers[question.code] = values[0]
    return answers


def applies(form: SectionForm, answers: Answers, known: Values = NOTHING) -> dict[str, Truth]:
    """Whether each question applies, by its code; None when that does not follow from what is known.

    known       facts of the header and of other sections, as far as they may be looked at
    An answer to a question that does not apply counts for nothing, and so does what depends on it alone.
    """
    values = {code: value for code, value in known.items() if code in form.needs}
    found: dict[str, Truth] = {}
    for question in form.questions:
        truth = True if question.relevant is None else conditions.met(question.relevant, values)
        found[question.code] = truth
        if truth is False:
            values[question.code] = NOT_APPLICABLE
        elif question.code in answers:
            values[question.code] = answers[question.code]
    return found


def check(form: SectionForm, answers: Answers, known: Values = NOTHING) -> dict[str, AnswerRefused]:
    """What is wrong with each answer, by question; nothing when all can be kept.

    A question is required only where it surely applies, and refused only where it surely does not.
    """
    by_code = {question.code: question for question in form.questions}
    errors = {code: AnswerRefused(code, "unasked") for code in answers if code not in by_code}
    asked = applies(form, answers, known)
    for question in form.questions:
        if question.code not in answers:
            if question.required and asked[question.code]:
                errors[question.code] = AnswerRefused(question.code, "required")
        elif asked[question.code] is False:
            errors[question.code] = AnswerRefused(question.code, "inapplicable")
        elif refused := _wrong(question, answers[question.code]):
            errors[question.code] = refused
    return errors


def doubts(questions: Iterable[Question], answers: Answers, known: Values = NOTHING) -> dict[str, Doubt]:
    """The doubts that the answers raise, by question; none where that does not follow from what is known.

    known       facts of the header and of other sections, and the ages of `YEARS`
    """
    values = {**known, **answers}
    return {
        each.code: each.doubt
        for each in questions
        if each.doubt is not None and each.code in answers and conditions.met(each.doubt.when, values)
    }


def without_inapplicable(form: SectionForm, answers: Answers, known: Values = NOTHING) -> dict[str, object]:
    """The answers but for those to questions that do not apply, which the officer has agreed to leave out."""
    asked = applies(form, answers, known)
    return {code: answer for code, answer in answers.items() if asked.get(code) is not False}


def readable(form: SectionForm, answers: Answers, language: str, known: Values = NOTHING) -> list[tuple[str, str]]:
    """Each question with its answer in words, in the order of the form.

    Where there is none it says «Sin respuesta», or «No corresponde» when the question surely did not apply.
    """
    spanish = language.startswith("es")
    unanswered = "Sin respuesta" if spanish else "Not answered"
    inapplicable = "No corresponde" if spanish else "Does not apply"
    asked = applies(form, answers, known)

    def said(question: Question) -> str:
        if question.code in answers:
            return _in_words(question, answers[question.code], language)
        return inapplicable if asked[question.code] is False else unanswered

    return [(question.label(language), said(question)) for question in form.questions]


def condition_in_words(question: Question, questions: Mapping[str, Question], language: str) -> str:
    """When a question applies, in words; nothing when it always does.

    questions   by code, those of the header too
    """
    if question.relevant is None:
        return ""
    return conditions.in_words(
        question.relevant,
        lambda fact: questions[fact].label(language),
        lambda fact, code: dict(questions[fact].choices(language)).get(code, code),
        language,
    )


def _wrong(question: Question, value: object) -> AnswerRefused | None:
    match question.kind:
        case Kind.TEXT:
            if not isinstance(value, str):
                return AnswerRefused(question.code, "option", value=value)
            if len(value) > question.most:
                return AnswerRefused(question.code, "long", length=len(value), most=question.most)
        case Kind.NUMBER:
            if not isinstance(value, int) or isinstance(value, bool):
                return AnswerRefused(question.code, "number", value=value)
            if not question.least <= value <= question.most:
                return AnswerRefused(question.code, "bounds", least=question.least, most=question.most)
        case Kind.SEVERAL:
            return _wrong_set(question, value)
        case Kind.CHOICE | Kind.YES_NO:
            if value not in [option.code for option in question.options]:
                return AnswerRefused(question.code, "option", value=value)
        case Kind.DAY | Kind.TIME | Kind.PARTIAL_DATE:
            return _wrong_moment(question, value)
    return None


def _wrong_moment(question: Question, value: object) -> AnswerRefused | None:
    text = value if isinstance(value, str) else ""
    try:
        if question.kind is Kind.DAY:
            found = f"{date.fromisoformat(text):%Y-%m-%d}"
        elif question.kind is Kind.TIME:
            found = f"{time.fromisoformat(text):%H:%M}"
        else:
            found = PartialDate.parse(text).text
    except ValueError:
        found = ""
    return None if found and found == text else AnswerRefused(question.code, question.kind.value, value=value)


def _wrong_set(question: Question, values: object) -> AnswerRefused | None:
    if not isinstance(values, list) or not values:
        return AnswerRefused(question.code, "option", value=values)
    labels = {option.code: option.es for option in question.options}
    for value in values:
        if value not in labels:
            return AnswerRefused(question.code, "option", value=value)
        if value in (NONE, UNKNOWN) and len(values) > 1:
            return AnswerRefused(question.code, "exclusive", option=labels[value])
    return None


def _in_words(question: Question, value: object, language: str) -> str:
    labels = dict(question.choices(language))
    if isinstance(value, list):
        return "; ".join(labels.get(str(code), str(code)) for code in value)
    return labels.get(str(value), str(value))
