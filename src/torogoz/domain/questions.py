"""Questions of the single form, answers to them, and what is wrong with an answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from torogoz.domain.access import Tier
from torogoz.domain.refusals import Refused

UNKNOWN = "_U"
NONE = "NONE"
YES_NO_UNKNOWN = {"Y": ("Sí", "Yes"), "N": ("No", "No"), UNKNOWN: ("No se sabe", "Not known")}

Answers = Mapping[str, object]
"""By question: a code, a list of codes, a text or a whole number. A question that is not there was not answered."""


class Kind(StrEnum):
    """How a question is answered."""

    CHOICE = "choice"
    SEVERAL = "several"
    YES_NO = "yes_no"
    TEXT = "text"
    NUMBER = "number"


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
class Question:
    """One question. Its code names the fact that it asks, and no other question of any form asks for that fact.

    least, most     bounds of a number; `most` is also the greatest length of a text
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

    needs       facts of the common header that the institution works with and therefore never asks
    """

    code: str
    version: int
    institution: str
    tier: Tier
    es: str
    en: str
    needs: frozenset[str]
    questions: tuple[Question, ...]

    def label(self, language: str) -> str:
        """The name of the section."""
        return self.es if language.startswith("es") else self.en


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


def check(form: SectionForm, answers: Answers) -> dict[str, AnswerRefused]:
    """What is wrong with each answer, by question; nothing when all can be kept."""
    by_code = {question.code: question for question in form.questions}
    errors = {code: AnswerRefused(code, "unasked") for code in answers if code not in by_code}
    for question in form.questions:
        if question.code not in answers:
            if question.required:
                errors[question.code] = AnswerRefused(question.code, "required")
        elif refused := _wrong(question, answers[question.code]):
            errors[question.code] = refused
    return errors


def readable(form: SectionForm, answers: Answers, language: str) -> list[tuple[str, str]]:
    """Each question with its answer in words, in the order of the form; «Sin respuesta» where there is none."""
    unanswered = "Sin respuesta" if language.startswith("es") else "Not answered"
    return [
        (question.label(language), _in_words(question, answers[question.code], language))
        if question.code in answers
        else (question.label(language), unanswered)
        for question in form.questions
    ]


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
    return None


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
