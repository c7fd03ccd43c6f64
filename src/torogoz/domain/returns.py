"""The return of a person: when an arrival can be, and who passes through the compulsory medical stop."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from torogoz.domain.refusals import Refused

CHILD_UNTIL = 3
"""Last completed year of age at which a child passes through the stop: children from 0 to 3."""

OLDER_FROM = 60
"""Age from which a person is older: Special Law for the Protection of the Rights of the Older Person (2021)."""

LATEST_RECORD = timedelta(days=5 * 365)
"""How long after an arrival it is still registered: old paper is typed in late, but a wrong year is no arrival."""


class ArrivalRefused(Refused):
    """An arrival that cannot have been as it was written down."""


class ArrivalInTheFuture(ArrivalRefused):
    """The arrival is dated after the moment at which it is recorded."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "future": (
            "La llegada dice {arrived}, pero ahora es {now}. Revise el día y la hora.",
            "The arrival says {arrived}, but it is {now} now. Check the day and the time.",
        )
    }


class ArrivalLongAgo(ArrivalRefused):
    """The arrival is dated so long ago that a slip of the finger in the year is likelier."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "long_ago": (
            "La llegada dice {arrived}: hace más de cinco años. Revise el año."
            " Las llegadas tan antiguas no se registran aquí.",
            "The arrival says {arrived}: more than five years ago. Check the year."
            " Arrivals that old are not registered here.",
        )
    }


class ArrivalBeforeBirth(ArrivalRefused):
    """The arrival is dated before the person can have been born."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "before_birth": (
            "La llegada dice {arrived}, pero la persona nació el {born} o después. Revise las dos fechas.",
            "The arrival says {arrived}, but the person was born on {born} or later. Check both dates.",
        )
    }


class AlreadyArrived(ArrivalRefused):
    """The same person has already been recorded as arriving on the same day."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "same_day": (
            "Esta persona ya tiene una llegada registrada el {day}. No se guardó otra; abra su ficha para verla.",
            "This person already has an arrival on {day}. No other was stored; open her page to see it.",
        )
    }


class FormSentBefore(ArrivalRefused):
    """A form that has already given an arrival came again with other answers: the page of before, written over."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "other_answers": (
            "Este formulario ya se guardó antes, y ahora dice otra cosa. Lo que escribió ahora no se ha guardado. "
            "Si es otra persona u otra llegada, revíselo y guarde otra vez; si es la misma, ya está registrada.",
            "This form was already saved, and now it says something else. What you typed now has not been saved. "
            "If it is another person or another arrival, check it and save again; if it is the same, it is "
            "already registered.",
        )
    }


class ArrivalUnclear(ArrivalRefused):
    """What no arrival is recorded without was answered with «No se sabe»."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "unknown": (
            "Sin esto no se registra una llegada, y la respuesta fue «No se sabe». Averígüelo y regístrela.",
            "No arrival is recorded without this, and the answer was “Not known”. Find it out and record it.",
        )
    }


class Answer(StrEnum):
    """An answer of three values: unknown is neither yes nor no."""

    YES = "Y"
    NO = "N"
    UNKNOWN = "_U"


class Ground(StrEnum):
    """Why a person passes through the medical stop."""

    CHILD = "child"
    PREGNANT = "pregnant"
    OLDER = "older"
    DISABLED = "disabled"
    INJURED = "injured"


@dataclass(frozen=True)
class Declaration:
    """What a person declares on arrival, in codes of the code lists; an empty department or district is unknown."""

    returned_from: str
    route: str
    accompanied: Answer = Answer.UNKNOWN
    origin_department: str = ""
    origin_district: str = ""
    destination_department: str = ""
    destination_district: str = ""
    reason: str = "_U"
    needs: tuple[str, ...] = ()
    pregnant: Answer = Answer.UNKNOWN
    disabled: Answer = Answer.UNKNOWN
    injured: Answer = Answer.UNKNOWN


@dataclass(frozen=True)
class MedicalStop:
    """Whether the stop is compulsory, on which grounds, and which grounds are still not known."""

    compulsory: Answer
    grounds: tuple[Ground, ...] = ()
    unknown: tuple[Ground, ...] = ()


def medical_stop(
    *, ages: tuple[int, int] | None, sex: str, pregnant: Answer, disabled: Answer, injured: Answer
) -> MedicalStop:
    """Whether the medical stop is compulsory for a person who arrives.

    ages     lowest and highest age in completed years on the day of arrival; None when nothing is known
    sex      code of the list SEX; of a man (M) no pregnancy is supposed when it was not asked
    returns  yes with every ground that holds; otherwise unknown with the grounds that might; otherwise no.
             A fact that is not known never makes the answer "no".
    source   reception of returned persons, "Bienvenido a Casa", DGME: children 0 to 3, pregnant women, older
             persons, persons with disability, persons injured on the way
    """
    youngest, oldest = ages if ages is not None else (0, 150)
    facts: Mapping[Ground, Answer] = {
        Ground.CHILD: _between(oldest <= CHILD_UNTIL, youngest > CHILD_UNTIL),
        Ground.PREGNANT: Answer.NO if sex == "M" and pregnant is Answer.UNKNOWN else pregnant,
        Ground.OLDER: _between(youngest >= OLDER_FROM, oldest < OLDER_FROM),
        Ground.DISABLED: disabled,
        Ground.INJURED: injured,
    }
    grounds = tuple(ground for ground, fact in facts.items() if fact is Answer.YES)
    unknown = tuple(ground for ground, fact in facts.items() if fact is Answer.UNKNOWN)
    if grounds:
        return MedicalStop(Answer.YES, grounds, unknown)
    return MedicalStop(Answer.UNKNOWN if unknown else Answer.NO, (), unknown)


def check_arrival(*, arrived_at: datetime, now: datetime, born_from: date | None, field: str = "arrived_on") -> None:
    """Refuse an arrival that cannot be.

    arrived_at, now  with a time zone; the arrival's own zone gives its day
    born_from        earliest day on which the person can have been born, or None
    raises           ArrivalInTheFuture, ArrivalLongAgo, ArrivalBeforeBirth
    """
    if arrived_at > now:
        clock = now.astimezone(arrived_at.tzinfo)
        raise ArrivalInTheFuture(field, "future", arrived=f"{arrived_at:%F %R}", now=f"{clock:%F %R}")
    if born_from is not None and arrived_at.date() < born_from:
        raise ArrivalBeforeBirth(field, "before_birth", arrived=f"{arrived_at:%F}", born=f"{born_from:%F}")
    if arrived_at < now - LATEST_RECORD:
        raise ArrivalLongAgo(field, "long_ago", arrived=arrived_at.date().isoformat())


def _between(holds: bool, fails: bool) -> Answer:
    """Yes when it holds for every age that is possible, no when it fails for each, else unknown."""
    if holds:
        return Answer.YES
    return Answer.NO if fails else Answer.UNKNOWN
