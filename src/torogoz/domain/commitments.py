"""How a commitment is followed: ways of a report, reminders of a duty, days and targets; no clock of its own."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar, Final

from torogoz.domain.refusals import Refused

FIRST_YEAR, LAST_YEAR = 1990, 2100


class ReportState(StrEnum):
    """Written by the institution; submitted to another of its officers; approved by the institution; published."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PUBLISHED = "published"


class ReportStep(StrEnum):
    """What is done to a report: the institution submits, approves or takes back; the secretariat publishes or sends
    back."""

    SUBMIT = "submit"
    APPROVE = "approve"
    TAKE_BACK = "take_back"
    PUBLISH = "publish"
    SEND_BACK = "send_back"


MOVES: Final[Mapping[tuple[ReportState, ReportStep], ReportState]] = {
    (ReportState.DRAFT, ReportStep.SUBMIT): ReportState.SUBMITTED,
    (ReportState.SUBMITTED, ReportStep.APPROVE): ReportState.APPROVED,
    (ReportState.SUBMITTED, ReportStep.TAKE_BACK): ReportState.DRAFT,
    (ReportState.APPROVED, ReportStep.PUBLISH): ReportState.PUBLISHED,
    (ReportState.APPROVED, ReportStep.SEND_BACK): ReportState.DRAFT,
}
REASON_IS_OWED: Final = frozenset({ReportStep.TAKE_BACK, ReportStep.SEND_BACK})
MET: Final = frozenset({ReportState.APPROVED, ReportState.PUBLISHED})
"""A duty is met once the institution has approved its report; what follows is the secretariat's."""


class MeasureState(StrEnum):
    """Written by the institution; offered to the secretariat; public."""

    DRAFT = "draft"
    OFFERED = "offered"
    PUBLISHED = "published"


class MeasureStep(StrEnum):
    """What is done to a measure: the institution offers it; the secretariat publishes it or sends it back."""

    OFFER = "offer"
    PUBLISH = "publish"
    SEND_BACK = "send_back"


MEASURE_MOVES: Final[Mapping[tuple[MeasureState, MeasureStep], MeasureState]] = {
    (MeasureState.DRAFT, MeasureStep.OFFER): MeasureState.OFFERED,
    (MeasureState.OFFERED, MeasureStep.PUBLISH): MeasureState.PUBLISHED,
    (MeasureState.OFFERED, MeasureStep.SEND_BACK): MeasureState.DRAFT,
}


class MilestoneState(StrEnum):
    """Whether a milestone is reached. That nobody has said is not that it is not."""

    UNKNOWN = "unknown"
    OPEN = "open"
    DONE = "done"


class Direction(StrEnum):
    """Which way a figure is to go."""

    UP = "up"
    DOWN = "down"


class Reminder(StrEnum):
    """The steps at which an institution is told of a duty, in their order; each of them once."""

    ANNOUNCED = "announced"
    BEFORE = "before"
    ON_DAY = "on_day"
    OVERDUE = "overdue"
    LONG_OVERDUE = "long_overdue"


REACHED: Final[Mapping[Reminder, timedelta]] = {
    Reminder.BEFORE: timedelta(days=-30),
    Reminder.ON_DAY: timedelta(0),
    Reminder.OVERDUE: timedelta(days=1),
    Reminder.LONG_OVERDUE: timedelta(days=30),
}
"""On which day, counted from the day on which a report is due, each reminder is reached."""


SHORTEST_WHY: Final = 10


class FollowUpRefused(Refused):
    """Something that the follow-up of commitments does not allow, or not now. Nothing was changed."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "changed": (
            "Ya no se puede: esto cambió mientras usted lo tenía abierto. No se cambió nada; vea cómo está ahora.",
            "This is no longer possible: it changed while you had it open. Nothing was changed; see how it stands now.",
        ),
        "moved": (
            "La institución cambió la medida después de que usted la leyó. No se publicó: lea qué cambió y decida otra "
            "vez.",
            "The institution changed the measure after you read it. It was not published: read what changed, and "
            "decide again.",
        ),
        "reason": (
            "Escriba por qué se devuelve: la institución debe saber qué corregir.",
            "Write why it goes back: the institution must know what to correct.",
        ),
        "why": (
            "La medida es pública: diga por qué la corrige, en {least} letras o más. Lo anterior queda a la vista.",
            "The measure is public: say why you correct it, in {least} letters or more. What it said stays in sight.",
        ),
        "same_officer": (
            "Lo escribió usted: lo aprueba otra persona de su institución. El informe sigue enviado.",
            "You wrote it: another officer of your institution approves it. The report stays submitted.",
        ),
        "status": (
            "Elija cómo va el compromiso antes de enviarlo.",
            "Choose how the commitment stands before you send it.",
        ),
        "narrative": (
            "Escriba en español qué se hizo, antes de enviarlo.",
            "Write in Spanish what was done before you send it.",
        ),
        "evidence": (
            "«{status}» necesita evidencia: una dirección o un texto que diga dónde se puede comprobar.",
            "“{status}” needs evidence: an address or a text that says where it can be checked.",
        ),
        "address": (
            "La dirección debe empezar con https:// o http://.",
            "The address must begin with https:// or http://.",
        ),
        "notified": (
            "La fecha ya se avisó a la institución y no se cambia. Si hace falta otra, abra otro ciclo.",
            "The institution has been told of the day, so it is not changed. If another is needed, open another cycle.",
        ),
        "past": ("El {day} ya pasó: escriba un día desde {today}.", "{day} is past: write a day from {today} on."),
        "order": ("El {last} es anterior al {first}.", "{last} is before {first}."),
        "future": ("El {day} todavía no llega.", "{day} has not come yet."),
        "done_without_day": ("Escriba el día en que se cumplió.", "Write the day on which it was reached."),
        "weight": ("El peso debe ser mayor que cero.", "The weight must be more than zero."),
        "year": ("Escriba un año entre {first} y {last}.", "Write a year from {first} to {last}."),
        "amount": ("Un monto no puede ser menor que cero.", "An amount cannot be less than zero."),
        "currency": (
            "«{currency}» no es la moneda de ningún país. Escriba sus tres letras: USD.",
            "“{currency}” is not the money of any country. Write its three letters: USD.",
        ),
        "nothing": (
            "Escriba al menos un monto. Lo que no se sabe se deja en blanco: no es cero.",
            "Write at least one amount. What is not known stays empty: it is not zero.",
        ),
        "direction": (
            "La meta {target} no queda en la dirección elegida desde {base}.",
            "The target {target} does not lie in the chosen direction from {base}.",
        ),
        "target_year": (
            "La meta va con su año, y ese año es posterior al de la base ({base}).",
            "A target goes with its year, and that year is after the year of the base ({base}).",
        ),
        "share": ("Una proporción en porcentaje va de 0 a 100.", "A share in per cent goes from 0 to 100."),
        "series": ("No existe la serie «{series}»: {why}", "There is no series “{series}”: {why}"),
        "there": (
            "Eso ya está registrado. No se guardó dos veces.",
            "That is recorded already. It was not kept twice.",
        ),
        "not_responsible": (
            "{body} no responde por esto: regístrela primero en el compromiso.",
            "{body} does not answer for this: record it on the commitment first.",
        ),
        "ended": (
            "{body} ya no existe: elija la institución que tomó sus funciones.",
            "{body} no longer exists: choose the institution that took over.",
        ),
        "no_commitments": (
            "Esa institución no dirige ningún compromiso todavía.",
            "No institution leads a commitment yet, so there is nobody to ask for a report.",
        ),
        "reply": ("Escriba la respuesta.", "Write the reply."),
        "reasons": (
            "Escriba en español en qué se basa la evaluación, antes de publicarla.",
            "Write in Spanish what the assessment rests on before you publish it.",
        ),
    }  # fmt: skip


def after(state: ReportState, step: ReportStep, reason: str = "") -> ReportState:
    """The state of a report after a step. Raises FollowUpRefused (changed, reason)."""
    try:
        reached = MOVES[state, step]
    except KeyError:
        raise FollowUpRefused("", "changed") from None
    if step in REASON_IS_OWED and not reason.strip():
        raise FollowUpRefused("reason", "reason")
    return reached


def after_measure(state: MeasureState, step: MeasureStep, reason: str = "") -> MeasureState:
    """The state of a measure after a step. Raises FollowUpRefused (changed, reason)."""
    try:
        reached = MEASURE_MOVES[state, step]
    except KeyError:
        raise FollowUpRefused("", "changed") from None
    if step is MeasureStep.SEND_BACK and not reason.strip():
        raise FollowUpRefused("reason", "reason")
    return reached


def check_two_persons(writers: Collection[int], approver: int) -> None:
    """Refuse that whoever wrote or submitted a report approves it."""
    if approver in writers:
        raise FollowUpRefused("", "same_officer")


def check_address(address: str, field: str = "evidence_address") -> None:
    """Refuse an address of evidence that a browser could not open as a page."""
    if address and not address.startswith(("https://", "http://")):
        raise FollowUpRefused(field, "address")


def check_due(due: date, today: date) -> None:
    """Refuse a due date that is past before anybody was told of it."""
    if due < today:
        raise FollowUpRefused("due_on", "past", day=due.isoformat(), today=today.isoformat())


def check_order(first: date | None, last: date | None, field: str) -> None:
    """Refuse an end before its beginning; an end or a beginning that is not known is not refused."""
    if first is not None and last is not None and last < first:
        raise FollowUpRefused(field, "order", first=first.isoformat(), last=last.isoformat())


def check_milestone(state: MilestoneState, done_on: date | None, weight: float, today: date) -> None:
    """Refuse a weight of nothing, a milestone reached on no day, and a day that has not come."""
    if not weight > 0:
        raise FollowUpRefused("weight", "weight")
    if state is MilestoneState.DONE and done_on is None:
        raise FollowUpRefused("done_on", "done_without_day")
    if done_on is not None and done_on > today:
        raise FollowUpRefused("done_on", "future", day=done_on.isoformat())


def check_target(
    direction: Direction, base: float, base_year: int, target: float | None, target_year: int | None, *, share: bool
) -> None:
    """Refuse a target without a later year, one on the wrong side of its base, and shares beyond 0 to 100."""
    if share and any(not 0 <= each <= 100 for each in (base, target) if each is not None):
        raise FollowUpRefused("target" if 0 <= base <= 100 else "base", "share")
    if (target is None) != (target_year is None) or (target_year is not None and target_year <= base_year):
        raise FollowUpRefused("target_year", "target_year", base=base_year)
    if target is not None and (target <= base if direction is Direction.UP else target >= base):
        raise FollowUpRefused("target", "direction", target=f"{target:g}", base=f"{base:g}")


def check_year(year: int, field: str = "year") -> None:
    """Refuse a year that is a slip of the keyboard."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise FollowUpRefused(field, "year", first=FIRST_YEAR, last=LAST_YEAR)


def reminder_to_give(due: date, today: date, given: Collection[Reminder]) -> Reminder | None:
    """The reminder to give today, or None: the last step that is reached, unless it was given.

    A step that was missed because nobody ran the work of the night is not made up for: "30 days left" is not said of
    what is overdue.
    """
    reached = [step for step, ahead in REACHED.items() if due + ahead <= today]
    return reached[-1] if reached and reached[-1] not in given else None


def overdue(due: date | None, today: date, *, met: bool) -> bool:
    """Whether something due is not there on the day after. What has no day is never late."""
    return due is not None and due < today and not met


def check_why(why: str) -> None:
    """Refuse to correct what is public without saying why. Raises FollowUpRefused (why)."""
    if len(why.strip()) < SHORTEST_WHY:
        raise FollowUpRefused("why", "why", least=SHORTEST_WHY)
