"""Minutes: a draft, then open to amendments of who attended until a moment, then final and the same for ever."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from torogoz.domain.consultations import AmendmentState, MinutesState
from torogoz.domain.refusals import Refused


class MinutesRefused(Refused):
    """Something that minutes do not allow, or not now. Nothing was changed."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "final": (
            "El acta es definitiva: ya no se cambia. Lo que falte se dice en el acta de otra reunión.",
            "The minutes are final: they do not change any more. What is missing goes into those of another meeting.",
        ),
        "in_the_past": (
            "Ese momento ya pasó. Dé tiempo a quienes asistieron: escriba uno futuro.",
            "That moment has passed. Give those who attended some time: write one to come.",
        ),
        "not_open": (
            "El acta no está abierta a enmiendas. Lo que escribió no se guardó.",
            "The minutes are not open to amendments. What you wrote was not stored.",
        ),
        "window_over": (
            "El plazo para pedir enmiendas terminó. Lo que escribió no se guardó.",
            "The time to ask for amendments is over. What you wrote was not stored.",
        ),
        "did_not_attend": (
            "Solo pide enmiendas quien asistió a la reunión.",
            "Only who attended the meeting asks for amendments.",
        ),
        "window_running": (
            "Todavía hay plazo para pedir enmiendas. El acta queda definitiva cuando termine.",
            "There is still time to ask for amendments. The minutes become final when it is over.",
        ),
        "unanswered": (
            "Hay enmiendas sin respuesta. Responda cada una antes de dar por definitiva el acta.",
            "There are amendments without an answer. Answer each one before making the minutes final.",
        ),
    }


def check_writing(state: MinutesState) -> None:
    """Refuse to change final minutes. Raises MinutesRefused."""
    if state is MinutesState.FINAL:
        raise MinutesRefused("", "final")


def check_opening(state: MinutesState, until: datetime, now: datetime) -> None:
    """Refuse a window of amendments that has ended before it begins. Raises MinutesRefused."""
    check_writing(state)
    if until <= now:
        raise MinutesRefused("open_until", "in_the_past")


def check_request(state: MinutesState, until: datetime | None, attended: bool, now: datetime) -> None:
    """Refuse an amendment outside of the window, or of a body that was not there. Raises MinutesRefused."""
    check_writing(state)
    if state is not MinutesState.AMENDMENTS or until is None:
        raise MinutesRefused("", "not_open")
    if now >= until:
        raise MinutesRefused("", "window_over")
    if not attended:
        raise MinutesRefused("", "did_not_attend")


def check_finishing(
    state: MinutesState, until: datetime | None, amendments: list[AmendmentState], now: datetime
) -> None:
    """Refuse to make minutes final while amendments may be asked for, or wait. Raises MinutesRefused."""
    check_writing(state)
    if state is not MinutesState.AMENDMENTS or until is None:
        raise MinutesRefused("", "not_open")
    if now < until:
        raise MinutesRefused("", "window_running")
    if AmendmentState.PROPOSED in amendments:
        raise MinutesRefused("", "unanswered")


def hash_of(text_es: str, text_en: str) -> str:
    """SHA-256 of both texts, Spanish first, each ended by a line break (U+000A), as UTF-8."""
    return hashlib.sha256(f"{text_es}\n{text_en}\n".encode()).hexdigest()
