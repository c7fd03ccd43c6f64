"""Psychosocial attention after the reception: sessions, each written once, and when the person comes again."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import ClassVar

from torogoz.domain.refusals import Refused


class SessionKind(StrEnum):
    """How a session was held."""

    INDIVIDUAL = "individual"
    GROUP = "group"
    FAMILY = "family"
    CRISIS = "crisis"


class SessionRefused(Refused):
    """A session that cannot have been held so."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "future": (
            "El día {day} todavía no ha llegado. Una cita se anota como próxima; no se guardó nada.",
            "The day {day} has not come yet. An appointment is recorded as the next one; nothing was stored.",
        ),
        "before": (
            "El día {day} es anterior a la llegada, {met}. Revise la fecha.",
            "The day {day} is before the arrival, {met}. Check the date.",
        ),
        "next": (
            "La próxima cita debe ser después de la sesión. Revise la fecha.",
            "The next appointment must be after the session. Check the date.",
        ),
    }


def check_session(*, held_on: date, next_on: date | None, met_on: date, today: date) -> None:
    """Refuse days that cannot be. Raises SessionRefused."""
    if held_on > today:
        raise SessionRefused("held_on", "future", day=held_on.isoformat())
    if held_on < met_on:
        raise SessionRefused("held_on", "before", day=held_on.isoformat(), met=met_on.isoformat())
    if next_on is not None and next_on <= held_on:
        raise SessionRefused("next_on", "next")
