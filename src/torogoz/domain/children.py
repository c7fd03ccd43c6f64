"""A child who arrives without parents: who counts as a child, who accompanies, and what must be there before a move.

The order is that of the guidelines on best interests (UNHCR, 2021): urgent measures, an assessment (BIA) before any act
that affects the child, a determination (BID) by a panel for a lasting solution. Whether a relationship is real is never
taken for granted, and what is not known never makes a child safer than she is.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from torogoz.domain.birthdates import PartialDate
from torogoz.domain.families import Evidence, Kin
from torogoz.domain.letters import fold
from torogoz.domain.refusals import Refused

ADULT_AT = 18
PANEL_OF = 3
SHORTEST_REASONS = 40
LONGEST_REASONS = 4000


class Minority(StrEnum):
    """Whether somebody is under 18, as far as the birth date tells."""

    CHILD = "child"
    POSSIBLE = "possible"
    ADULT = "adult"
    UNKNOWN = "unknown"


class Company(StrEnum):
    """With whom a child arrived, and whether that is shown."""

    ACCOMPANIED = "accompanied"
    UNVERIFIED = "unverified"
    SEPARATED = "separated"
    UNACCOMPANIED = "unaccompanied"
    UNKNOWN = "unknown"


class Move(StrEnum):
    """What may be done with a child, which cannot be undone by the child."""

    HAND_OVER = "hand_over"
    TRANSFER = "transfer"
    RETURN = "return"
    SOLUTION = "solution"


class Study(StrEnum):
    """An assessment of the best interests of a child, or their determination by a panel."""

    BIA = "bia"
    BID = "bid"


class Lacks(StrEnum):
    """What is not there yet for a move."""

    AGE = "age"
    NOT_A_CHILD = "not_a_child"
    STUDY = "study"
    NOT_PERMITTED = "not_permitted"
    OVERDUE = "overdue"
    PANEL = "panel"
    RECEIVER = "receiver"
    DOCUMENT = "document"
    EVIDENCE = "evidence"
    RECEIVER_AGE = "receiver_age"


class ChildRefused(Refused):
    """A best-interests study, or a move of a child, that cannot be recorded as it was typed."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        Lacks.AGE: (
            "No se sabe la edad. Escriba al menos el año de nacimiento antes de decidir por esta persona.",
            "The age is not known. Write the year of birth at least, before deciding for this person.",
        ),
        Lacks.NOT_A_CHILD: (
            "Tiene 18 años o más: decide por sí misma, y esta página no es para ella.",
            "This person is 18 or over and decides alone; this page is not for her.",
        ),
        Lacks.STUDY: (
            "Falta la evaluación del interés superior. Sin ella no se entrega, traslada ni retorna a una niña o niño "
            "que llegó sin su madre, padre o responsable verificado. Pídala a protección de niñez.",
            "The best-interests assessment is missing. Without it no child who came without a verified parent or "
            "guardian is handed over, transferred or returned. Ask child protection for it.",
        ),
        Lacks.NOT_PERMITTED: (
            "La evaluación del interés superior no lo permite. Hable con quien la hizo.",
            "The best-interests assessment does not permit it. Speak with who made it.",
        ),
        Lacks.OVERDUE: (
            "La evaluación del interés superior debía revisarse y no se ha revisado.",
            "The best-interests assessment was due for review, and was not reviewed.",
        ),
        Lacks.PANEL: (
            "Una solución duradera la determina un panel de {least} o más (determinación del interés superior), y no "
            "hay ninguna que valga.",
            "A lasting solution is determined by a panel of {least} or more (best-interests determination), and none "
            "is in force.",
        ),
        Lacks.RECEIVER: ("Diga a quién se entrega.", "Say to whom the child is handed."),
        Lacks.DOCUMENT: (
            "Escriba qué documento de identidad mostró quien recibe.",
            "Write which identity document the receiver showed.",
        ),
        Lacks.EVIDENCE: (
            "La relación con la niña o el niño no tiene documento que la demuestre. Véalo primero.",
            "No document shows the relationship with the child. See one first.",
        ),
        Lacks.RECEIVER_AGE: (
            "No consta que quien recibe tenga 18 años o más.",
            "It is not on record that the receiver is 18 or over.",
        ),
        "panel_small": (
            "Un panel es de {least} personas o más, distintas entre sí: hay {members}.",
            "A panel is of {least} different people or more: there are {members}.",
        ),
        "own_case": (
            "Quien registra el caso no decide en el panel: quite a {name}.",
            "Who records the case does not decide in the panel: take out {name}.",
        ),
        "reasons": (
            "Escriba las razones, en {least} letras o más.",
            "Write the reasons, in {least} letters or more.",
        ),
        "too_long": ("Escriba {most} letras o menos.", "Write {most} letters or fewer."),
        "view": (
            "Escriba qué opina la niña o el niño, o por qué no se le pudo preguntar.",
            "Write what the child thinks, or why the child could not be asked.",
        ),
        "future": ("Ese día no ha llegado. Revise la fecha.", "That day has not come. Check the date."),
        "review": (
            "Escriba cuándo se revisa: un día después del de la evaluación.",
            "Write when it is reviewed: a day after that of the assessment.",
        ),
    }


@dataclass(frozen=True)
class Companion:
    """Somebody who arrived with the child.

    kin         what the companion is to the child; None when nothing is noted
    adult       whether the companion is 18 or over; None when it is not known
    """

    kin: Kin | None
    evidence: Evidence
    adult: bool | None


@dataclass(frozen=True)
class Finding:
    """What a best-interests study says to everybody who must heed it: not why."""

    study: Study
    done_on: date
    permits: frozenset[Move]
    review_on: date
    panel: int = 0

    def in_force(self, today: date) -> bool:
        """Whether its day of review has not passed."""
        return today <= self.review_on


@dataclass(frozen=True)
class Receiver:
    """The adult to whom a child is to be handed.

    document    the identity document that the adult showed; empty when none was seen
    """

    evidence: Evidence
    adult: bool | None
    document: str


def minority(birth: PartialDate | None, today: date) -> Minority:
    """Whether somebody is under 18; a birth date that allows both is `POSSIBLE`, which counts as a child."""
    if birth is None:
        return Minority.UNKNOWN
    under = birth.under(ADULT_AT, today)
    if under is None:
        return Minority.POSSIBLE
    return Minority.CHILD if under else Minority.ADULT


def counts_as_child(of: Minority) -> bool:
    """Whether somebody is treated as a child until shown otherwise."""
    return of in (Minority.CHILD, Minority.POSSIBLE)


def company(companions: Iterable[Companion], *, recorded: bool, alone: bool) -> Company:
    """With whom a child arrived.

    recorded    whether it is recorded with whom; without it nothing is known, which is never taken for company
    alone       whether it was recorded that the child came alone
    """
    companions = list(companions)
    if not recorded or not companions:
        return Company.UNACCOMPANIED if alone or recorded else Company.UNKNOWN
    # An adolescent mother is her child's mother; a guardian is an adult.
    carers = [one for one in companions if one.kin is Kin.PARENT or (one.kin is Kin.GUARDIAN and one.adult is True)]
    if any(one.evidence is Evidence.DOCUMENT for one in carers):
        return Company.ACCOMPANIED
    if carers:
        return Company.UNVERIFIED
    related = (Kin.SIBLING, Kin.RELATIVE, Kin.SPOUSE)
    if any(one.kin in related and one.adult is True for one in companions):
        return Company.SEPARATED
    return Company.UNACCOMPANIED


def needs_protection(of: Minority, with_whom: Company) -> bool:
    """Whether child protection has to be called: for every child but one with a parent or guardian who is verified."""
    return counts_as_child(of) and with_whom is not Company.ACCOMPANIED


def held_back(of: Minority, with_whom: Company, moved: bool) -> bool:
    """Whether somebody may not travel on yet: who may be under 18, alone as far as is known, and for whom nothing was
    decided since the arrival. Whose age is not known may be a child."""
    return of is not Minority.ADULT and with_whom is not Company.ACCOMPANIED and not moved


def lacking(
    move: Move,
    of: Minority,
    with_whom: Company,
    findings: Collection[Finding],
    receiver: Receiver | None,
    today: date,
) -> tuple[Lacks, ...]:
    """Everything that is not there yet for a move; empty when it may be done."""
    if of is Minority.UNKNOWN:
        return (Lacks.AGE,)
    if of is Minority.ADULT:
        return (Lacks.NOT_A_CHILD,)
    missing: list[Lacks] = []
    if move is Move.SOLUTION or needs_protection(of, with_whom):
        missing += _of_findings(move, findings, today)
    if move is Move.HAND_OVER:
        missing += _of_receiver(receiver)
    return tuple(missing)


def check_study(
    study: Study,
    *,
    done_on: date,
    review_on: date,
    reasons: str,
    child_view: str,
    panel: Sequence[str],
    recorder: str,
    today: date,
) -> tuple[str, ...]:
    """The panel of a study that may be recorded. Raises ChildRefused.

    panel       names; of a determination three or more, without who records the case
    """
    if done_on > today:
        raise ChildRefused("done_on", "future")
    if review_on <= done_on:
        raise ChildRefused("review_on", "review")
    for field, text in (("reasons", reasons), ("child_view", child_view)):
        if len(text) > LONGEST_REASONS:
            raise ChildRefused(field, "too_long", most=LONGEST_REASONS)
    if len(reasons.strip()) < SHORTEST_REASONS:
        raise ChildRefused("reasons", "reasons", least=SHORTEST_REASONS)
    if not child_view.strip():
        raise ChildRefused("child_view", "view")
    named = {fold(name): " ".join(name.split()) for name in panel if name.strip()}
    if study is Study.BIA:
        return tuple(named.values())
    if fold(recorder) in named:
        raise ChildRefused("panel", "own_case", name=recorder)
    if len(named) < PANEL_OF:
        raise ChildRefused("panel", "panel_small", least=PANEL_OF, members=len(named))
    return tuple(named.values())


def refused(lacks: Lacks, field: str) -> ChildRefused:
    """Why a move is refused, in words."""
    return ChildRefused(field, lacks.value, least=PANEL_OF)


def _of_findings(move: Move, findings: Collection[Finding], today: date) -> list[Lacks]:
    """What the studies lack. The newest that may decide the move decides it."""
    fit = [
        one for one in findings
        if move is not Move.SOLUTION or (one.study is Study.BID and one.panel >= PANEL_OF)
    ]  # fmt: skip
    if not fit:
        return [Lacks.PANEL if move is Move.SOLUTION else Lacks.STUDY]
    # Of two of one day the stricter counts.
    newest = max(one.done_on for one in fit)
    latest = [one for one in fit if one.done_on == newest]
    if not all(move in one.permits for one in latest):
        return [Lacks.NOT_PERMITTED]
    return [] if all(one.in_force(today) for one in latest) else [Lacks.OVERDUE]


def _of_receiver(receiver: Receiver | None) -> list[Lacks]:
    if receiver is None:
        return [Lacks.RECEIVER]
    missing = []
    if not receiver.document.strip():
        missing.append(Lacks.DOCUMENT)
    if receiver.evidence is not Evidence.DOCUMENT:
        missing.append(Lacks.EVIDENCE)
    if receiver.adult is not True:
        missing.append(Lacks.RECEIVER_AGE)
    return missing
