"""Instruments: questions with options that have values, weighted into dimensions and one score between 0 and 1.

An instrument is data under a version; the score is a pure function of it and of the answers. What is not known leaves
the score, it is never zero: weights are shared out again among what was answered, and below a stated share of answers
there is no score at all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any, ClassVar

from torogoz.domain.refusals import Refused

UNKNOWN = "_U"
"""The answer of who was asked and does not know, or does not say: as if nobody had asked."""

NOT_APPLICABLE = "_Z"
"""The answer of whom the question does not concern: it is not among what was asked."""


class InstrumentRefused(Refused):
    """A definition from which no score could be worked out, or not the one that it says."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "empty": ("No tiene ninguna pregunta, dimensión o banda.", "It has no item, dimension or band."),
        "twice": ("«{what}» está dos veces.", "“{what}” is there twice."),
        "reserved": (
            "«{what}» está reservado: «_U» es se desconoce, «_Z» es no aplica.",
            "“{what}” is reserved: “_U” is unknown, “_Z” is not applicable.",
        ),
        "no_dimension": (
            "La pregunta «{item}» dice la dimensión «{what}», que no existe.",
            "Item “{item}” says dimension “{what}”, which there is not.",
        ),
        "no_item": ("La dimensión «{what}» no tiene preguntas.", "Dimension “{what}” has no items."),
        "weight": (
            "El peso de «{what}» debe ser mayor que cero.",
            "The weight of “{what}” must be greater than zero.",
        ),
        "value": (
            "El valor de «{what}» en «{item}» debe estar entre 0 y 1.",
            "The value of “{what}” in “{item}” must lie between 0 and 1.",
        ),
        "options": (
            "La pregunta «{item}» necesita dos opciones o más.",
            "Item “{item}” needs two options or more.",
        ),
        "bands": (
            "Las bandas deben empezar en 0 y subir.",
            "Bands must begin at 0 and rise.",
        ),
        "share": (
            "La parte mínima contestada debe ser mayor que 0 y no pasar de 1.",
            "The least share answered must be above 0 and at most 1.",
        ),
        "notice": (
            "Un instrumento provisional debe decirlo en español y en inglés.",
            "A provisional instrument must say so in Spanish and in English.",
        ),
        "source": ("Falta la fuente.", "The source is missing."),
    }


class AnswerRefused(Refused):
    """An answer that the instrument has no option for."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "no_item": ("El instrumento no pregunta «{item}».", "The instrument has no item “{item}”."),
        "no_option": ("«{what}» no es una opción de esta pregunta.", "“{what}” is no option of this item."),
    }


class NotComparable(ValueError):
    """Two results under different instruments or versions: their difference would mean nothing."""


@dataclass(frozen=True)
class Words:
    """A text in both languages."""

    es: str
    en: str

    def label(self, language: str) -> str:
        """The text in Spanish (`es…`) or English (any other)."""
        return self.es if language.startswith("es") else self.en


@dataclass(frozen=True)
class Option:
    """An answer and what it is worth, between 0 (worst) and 1 (best)."""

    code: str
    words: Words
    value: Fraction


@dataclass(frozen=True)
class Item:
    """A question of one dimension; its weight counts within the dimension."""

    code: str
    dimension: str
    words: Words
    options: tuple[Option, ...]
    weight: Fraction = Fraction(1)
    may_not_apply: bool = False

    @property
    def values(self) -> dict[str, Fraction]:
        """What each option is worth, by its code."""
        return {option.code: option.value for option in self.options}


@dataclass(frozen=True)
class Dimension:
    """A part of the whole; its weight counts among the dimensions."""

    code: str
    words: Words
    weight: Fraction = Fraction(1)


@dataclass(frozen=True)
class Band:
    """A range of the score with a name: from `least`, itself included, until the next band begins."""

    code: str
    words: Words
    least: Fraction


@dataclass(frozen=True)
class Instrument:
    """One version of an instrument. What an older version said is read under that version, for ever.

    least_answered  share of the items that apply which must be answered, in each dimension, for there to be a score
    source, dated   where items and weights come from, and of which day that is
    provisional     whether the weights still await those of an authority; then `notice` says so wherever it is shown
    raises          InstrumentRefused
    """

    code: str
    version: int
    words: Words
    dimensions: tuple[Dimension, ...]
    items: tuple[Item, ...]
    bands: tuple[Band, ...]
    least_answered: Fraction
    source: str
    dated: date
    provisional: bool
    notice: Words = Words("", "")

    def __post_init__(self) -> None:
        if not (self.dimensions and self.items and self.bands):
            raise InstrumentRefused("items", "empty")
        _refuse_twice(dimension.code for dimension in self.dimensions)
        _refuse_twice(item.code for item in self.items)
        _refuse_twice(band.code for band in self.bands)
        weights = [(one.code, one.weight) for one in self.dimensions] + [(one.code, one.weight) for one in self.items]
        for code, weight in weights:
            if weight <= 0:
                raise InstrumentRefused("weight", "weight", what=code)
        for item in self.items:
            self._check(item)
        for dimension in self.dimensions:
            if not self.items_of(dimension.code):
                raise InstrumentRefused("dimensions", "no_item", what=dimension.code)
        least = [band.least for band in self.bands]
        if least[0] != 0 or least[-1] > 1 or any(before >= after for before, after in pairwise(least)):
            raise InstrumentRefused("bands", "bands")
        if not 0 < self.least_answered <= 1:
            raise InstrumentRefused("least_answered", "share")
        if not self.source.strip():
            raise InstrumentRefused("source", "source")
        if self.provisional and not (self.notice.es.strip() and self.notice.en.strip()):
            raise InstrumentRefused("notice", "notice")

    def items_of(self, dimension: str) -> tuple[Item, ...]:
        """The items of one dimension, in their order."""
        return tuple(item for item in self.items if item.dimension == dimension)

    def band_of(self, score: Fraction | None) -> Band | None:
        """The band that a score falls in; None of a score that is not known."""
        held = [band for band in self.bands if score is not None and band.least <= score]
        return held[-1] if held else None

    def _check(self, item: Item) -> None:
        if item.dimension not in {dimension.code for dimension in self.dimensions}:
            raise InstrumentRefused("items", "no_dimension", item=item.code, what=item.dimension)
        if len(item.options) < 2:
            raise InstrumentRefused("items", "options", item=item.code)
        _refuse_twice(option.code for option in item.options)
        for option in item.options:
            if option.code in (UNKNOWN, NOT_APPLICABLE):
                raise InstrumentRefused("items", "reserved", what=option.code)
            if not 0 <= option.value <= 1:
                raise InstrumentRefused("items", "value", item=item.code, what=option.code)


@dataclass(frozen=True)
class Part:
    """What came out for one dimension, or for the whole.

    score       between 0 and 1; None when too little is known
    answered    how many items have an answer that has a value
    asked       how many items apply
    """

    score: Fraction | None
    answered: int
    asked: int


@dataclass(frozen=True)
class Result:
    """What came out of one instrument and one set of answers, under its version."""

    instrument: str
    version: int
    whole: Part
    dimensions: Mapping[str, Part]
    band: str | None


def score(instrument: Instrument, answers: Mapping[str, str]) -> Result:
    """Work out the score.

    answers     code of the option by code of the item; absent, empty and `_U` are unknown, `_Z` does not apply
    returns     of each dimension the mean of the values of what was answered, by the weights of the items; of the whole
                the mean of the dimensions by theirs. Too few answers in a dimension, or none that applies, leave it
                without a score, and the whole with it: a part that is not known is not the mean of the others
    raises      AnswerRefused
    """
    for code, answer in answers.items():
        _check_answer(instrument, code, answer)
    parts = {dimension.code: _part(instrument, dimension.code, answers) for dimension in instrument.dimensions}
    answered = sum(part.answered for part in parts.values())
    asked = sum(part.asked for part in parts.values())
    weighed = [
        (dimension.weight, part.score)
        for dimension in instrument.dimensions
        if (part := parts[dimension.code]).score is not None
    ]
    whole = _mean(weighed) if len(weighed) == len(parts) else None
    band = instrument.band_of(whole)
    return Result(instrument.code, instrument.version, Part(whole, answered, asked), parts, band.code if band else None)


def change(before: Result, after: Result) -> dict[str | None, Fraction | None]:
    """How much each dimension, and the whole (None), rose or fell; None where either is not known.

    raises      NotComparable of results under different instruments or versions
    """
    if (before.instrument, before.version) != (after.instrument, after.version):
        raise NotComparable(
            f"{before.instrument} {before.version} and {after.instrument} {after.version} are not one scale"
        )
    rose: dict[str | None, Fraction | None] = {None: _difference(before.whole, after.whole)}
    return rose | {code: _difference(part, after.dimensions[code]) for code, part in before.dimensions.items()}


def as_data(result: Result) -> dict[str, Any]:
    """A result as JSON keeps it: fractions as text (`7/12`), what is not known as null."""
    return {
        "instrument": result.instrument,
        "version": result.version,
        "band": result.band,
        "whole": _part_as_data(result.whole),
        "dimensions": {code: _part_as_data(part) for code, part in result.dimensions.items()},
    }


def from_data(kept: Mapping[str, Any]) -> Result:
    """The result that `as_data` kept."""
    return Result(
        instrument=kept["instrument"],
        version=kept["version"],
        whole=_part_from(kept["whole"]),
        dimensions={code: _part_from(part) for code, part in kept["dimensions"].items()},
        band=kept["band"],
    )


def _part_as_data(part: Part) -> list[Any]:
    return [None if part.score is None else str(part.score), part.answered, part.asked]


def _part_from(kept: list[Any]) -> Part:
    written, answered, asked = kept
    return Part(None if written is None else Fraction(written), answered, asked)


def _part(instrument: Instrument, dimension: str, answers: Mapping[str, str]) -> Part:
    applies = [item for item in instrument.items_of(dimension) if answers.get(item.code) != NOT_APPLICABLE]
    known = [(item.weight, item.values[answer]) for item in applies if (answer := _known(answers.get(item.code)))]
    enough = bool(known) and Fraction(len(known), len(applies)) >= instrument.least_answered
    return Part(_mean(known) if enough else None, len(known), len(applies))


def _known(answer: str | None) -> str | None:
    return answer if answer and answer != UNKNOWN else None


def _mean(weighed: Iterable[tuple[Fraction, Fraction]]) -> Fraction:
    pairs = list(weighed)
    return sum((weight * value for weight, value in pairs), Fraction(0)) / sum(weight for weight, _value in pairs)


def _difference(before: Part, after: Part) -> Fraction | None:
    return None if before.score is None or after.score is None else after.score - before.score


def _check_answer(instrument: Instrument, code: str, answer: str) -> None:
    item = next((one for one in instrument.items if one.code == code), None)
    if item is None:
        raise AnswerRefused(code, "no_item", item=code)
    if answer == NOT_APPLICABLE and not item.may_not_apply:
        raise AnswerRefused(code, "no_option", what=answer)
    if _known(answer) and answer != NOT_APPLICABLE and answer not in item.values:
        raise AnswerRefused(code, "no_option", what=answer)


def _refuse_twice(codes: Iterable[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise InstrumentRefused("code", "twice", what=code)
        seen.add(code)
