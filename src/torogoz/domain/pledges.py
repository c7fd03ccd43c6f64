"""Pledges: what an institution promises for the Compact, alone, with others, or matching what another promised.

The stages are those of the field: planning, in progress, fulfilled. A pledge has a measure and a day; one that is past
its day and not fulfilled is overdue, and the page says so.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from torogoz.domain import matching
from torogoz.domain.refusals import Refused


class Kind(StrEnum):
    """OWN: of one institution. JOINT: of several. MATCHING: adds to a pledge that somebody else made."""

    OWN = "own"
    JOINT = "joint"
    MATCHING = "matching"


class Type(StrEnum):
    """What is given."""

    FINANCIAL = "financial"
    HUMAN = "human"
    PROCESS = "process"
    POLICY = "policy"


class Stage(StrEnum):
    """How far it is."""

    PLANNING = "planning"
    IN_PROGRESS = "in_progress"
    FULFILLED = "fulfilled"


class PledgeRefused(Refused):
    """A pledge, or an update of one, that cannot be so. Nothing was changed."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        **matching.REASONS,
        "ratio_alone": (
            "Solo una promesa que se suma a otra tiene proporción. Elija «se suma a otra» o quítela.",
            "Only a matching pledge has a ratio. Choose “matching”, or take it out.",
        ),
        "no_call": (
            "Esa convocatoria no está abierta. Elija otra o ninguna.",
            "That call is not open. Choose another or none.",
        ),
        "no_target": (
            "Una promesa de este registro se puede medir: diga qué se medirá y a cuánto llegará, con su unidad.",
            "A pledge of this register can be measured: say what is measured and how much, with its unit.",
        ),
        "no_day": ("Una promesa tiene fecha: diga para qué día.", "A pledge has a day: say by when."),
        "past": ("El día ya pasó.", "The day is past."),
        "no_partner": ("Una promesa conjunta nombra con quién.", "A joint pledge names with whom."),
        "partner": (
            "Solo una promesa conjunta nombra con quién. Elija «conjunta» o quítelas.",
            "Only a joint pledge names partners. Choose “joint”, or take them out.",
        ),
        "itself": (
            "Su institución es quien promete; nombre a las demás.",
            "Your institution makes it: name others.",
        ),
        "no_matched": ("Diga a qué promesa se suma.", "Say which pledge it matches."),
        "matched": (
            "Solo una promesa que se suma a otra la señala. Elija «se suma a otra» o quítela.",
            "Only a matching pledge points to another. Choose “matching”, or take it out.",
        ),
        "own_matched": (
            "Una promesa no se suma a otra de la misma institución.",
            "A pledge does not match one of the same institution.",
        ),
        "withdrawn": ("La promesa se retiró; ya no cambia.", "The pledge was withdrawn; it changes no more."),
        "no_words": ("Diga qué pasó, en una frase.", "Say what happened, in a sentence."),
        "future": ("El día es posterior a hoy.", "The day is after today."),
        "before": ("El día es anterior al de la promesa.", "The day is before that of the pledge."),
        "joined": ("Su institución ya confirmó esta promesa.", "Your institution confirmed this pledge already."),
    }


def check(
    *,
    kind: Kind,
    measured: bool,
    target: Decimal | None,
    unit: str,
    due: date | None,
    partners: bool,
    itself: bool,
    matched: str | None,
    institution: str,
    today: date,
) -> None:
    """Refuse a pledge that nobody can check, or whose kind does not agree with whom it names.

    measured    whether it says what is measured
    partners    whether it names institutions or organisations
    itself      whether its own institution is among them
    matched     code of the institution whose pledge it matches; None without one
    raises      PledgeRefused
    """
    if not measured or target is None or not unit.strip():
        raise PledgeRefused("target", "no_target")
    if due is None:
        raise PledgeRefused("due_on", "no_day")
    if due < today:
        raise PledgeRefused("due_on", "past")
    if itself:
        raise PledgeRefused("partners", "itself")
    if (kind is Kind.JOINT) is not partners:
        raise PledgeRefused("partners", "no_partner" if kind is Kind.JOINT else "partner")
    if (kind is Kind.MATCHING) is not (matched is not None):
        raise PledgeRefused("matches", "no_matched" if kind is Kind.MATCHING else "matched")
    if matched == institution:
        raise PledgeRefused("matches", "own_matched")


def overdue(stage: Stage, due: date, today: date) -> bool:
    """Whether the day is past and it is not fulfilled."""
    return stage is not Stage.FULFILLED and due < today
