"""Projects of communities of origin: their states, money that is kept apart by currency, and progress by milestones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar, Final

from torogoz.domain import matching
from torogoz.domain.currencies import OFFERED
from torogoz.domain.refusals import Refused

REASON: Final = 10
MOST_PHOTOS: Final = 8


class State(StrEnum):
    """Where a project stands."""

    PROPOSED = "proposed"
    CHECKED = "checked"
    OPEN = "open"
    UNDER_WAY = "under_way"
    FINISHED = "finished"
    STOPPED = "stopped"
    DECLINED = "declined"


class Step(StrEnum):
    """What the municipality does with it."""

    CHECK = "check"
    DECLINE = "decline"
    OPEN = "open"
    START = "start"
    FINISH = "finish"
    STOP = "stop"


class FundKind(StrEnum):
    """Money that somebody said would come, or money that has come. The one is never the other."""

    PLEDGED = "pledged"
    RECEIVED = "received"


class PhotoState(StrEnum):
    """A photograph waits for a second officer, and is published or not."""

    WAITING = "waiting"
    PUBLISHED = "published"
    REFUSED = "refused"


PUBLIC: Final = frozenset({State.CHECKED, State.OPEN, State.UNDER_WAY, State.FINISHED, State.STOPPED})
"""What anybody reads: nothing before the municipality has checked it, nor what it declined."""
FUNDED: Final = frozenset({State.CHECKED, State.OPEN, State.UNDER_WAY, State.FINISHED})
WAYS: Final[Mapping[tuple[State, Step], State]] = {
    (State.PROPOSED, Step.CHECK): State.CHECKED,
    (State.PROPOSED, Step.DECLINE): State.DECLINED,
    (State.CHECKED, Step.OPEN): State.OPEN,
    (State.OPEN, Step.START): State.UNDER_WAY,
    (State.UNDER_WAY, Step.FINISH): State.FINISHED,
    (State.CHECKED, Step.STOP): State.STOPPED,
    (State.OPEN, Step.STOP): State.STOPPED,
    (State.UNDER_WAY, Step.STOP): State.STOPPED,
}
WITH_REASON: Final = frozenset({Step.STOP, Step.DECLINE})


class ProjectRefused(Refused):
    """A project, or something of one, that cannot be kept."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        **matching.REASONS,
        "moved": (
            "El proyecto ya no está como usted lo vio. No se cambió nada; mírelo otra vez.",
            "The project is not as you saw it any more. Nothing was changed; look at it again.",
        ),
        "reason": (
            "Diga por qué, en al menos {least} letras, en español y en inglés.",
            "Say why, in {least} letters or more, in Spanish and in English.",
        ),
        "amount": ("Una cantidad es mayor que cero.", "An amount is above zero."),
        "currency": ("Esa moneda no está en la lista.", "That currency is not on the list."),
        "goal": (
            "Una meta con cifra dice también de qué: personas, aulas, metros.",
            "A goal with a figure also says of what: people, classrooms, metres.",
        ),
        "giver": (
            "Escriba quién dio el aporte, o elija la ronda de la que es: uno de los dos.",
            "Write who gave it, or choose the round that it is of: one of the two.",
        ),
        "round": ("Esa ronda no es de este proyecto.", "That round is not of this project."),
        "named": (
            "«{giver}» es el nombre de una ronda de este proyecto. Si el dinero es de ella, elíjala en la lista.",
            "“{giver}” is the name of a round of this project. If the money is the round's, choose it in the list.",
        ),
        "municipality": ("Elija un municipio de la lista.", "Choose a municipality from the list."),
        "future": ("Esa fecha todavía no llega.", "That date is still to come."),
        "closed": (
            "El proyecto no recibe eso en el estado en que está.",
            "The project does not take that in the state in which it is.",
        ),
        "association": (
            "El código no es de una asociación verificada. Solo una asociación verificada propone o vota.",
            "The code is not of a verified association. Only a verified association proposes or votes.",
        ),
        "voted": (
            "Su asociación ya votó en esta ronda. El voto es secreto y se da una vez.",
            "Your association has voted in this round. The vote is secret and is cast once.",
        ),
        "alt": (
            "Describa la fotografía, en español o en inglés, para quien no la ve.",
            "Describe the photograph, in Spanish or in English, for those who do not see it.",
        ),
        "child": (
            "Confirme que no se reconoce a ninguna niña, niño o adolescente.",
            "Confirm that no child can be recognised.",
        ),
        "photos": ("Ya hay {most} fotografías. Quite una antes.", "There are {most} photographs already."),
        "second": (
            "Quien subió la fotografía no decide sobre ella: lo hace otra persona.",
            "Who uploaded the photograph does not decide on it: somebody else does.",
        ),
        "decided": ("Ya estaba decidido. No se cambió nada.", "It was decided already. Nothing was changed."),
        "small": (
            "La fotografía es muy pequeña: su lado más corto debe tener {least} píxeles o más. No se guardó nada.",
            "The photograph is too small: its shorter side must have {least} pixels or more. Nothing was stored.",
        ),
        "picture": (
            "El archivo no se puede leer como fotografía (JPEG, PNG o WebP, hasta 10 MB). No se guardó nada.",
            "The file cannot be read as a photograph (JPEG, PNG or WebP, up to 10 MB). Nothing was stored.",
        ),
    }


@dataclass(frozen=True)
class Proposal:
    """What is proposed. `goal_figure` is None when the goal has no figure, which is not zero."""

    municipality: str
    title: str
    need: str
    goal: str
    language: str
    budget: Decimal
    currency: str
    goal_figure: Decimal | None = None
    goal_unit: str = ""

    def check(self) -> None:
        """Refuse what cannot be. Raises ProjectRefused."""
        check_money(self.budget, self.currency, "budget")
        if (self.goal_figure is None) != (not self.goal_unit):
            raise ProjectRefused("goal_unit", "goal")


@dataclass(frozen=True)
class Money:
    """An amount that was pledged or received."""

    kind: FundKind
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Total:
    """Sums of one currency; None where nothing was recorded, which is not zero."""

    currency: str
    pledged: Decimal | None
    received: Decimal | None


def totals(funds: Iterable[Money]) -> tuple[Total, ...]:
    """Sums by currency, pledged beside received, and never together; currencies in the order of the list."""
    sums: dict[tuple[str, FundKind], Decimal] = {}
    for each in funds:
        sums[each.currency, each.kind] = sums.get((each.currency, each.kind), Decimal(0)) + each.amount
    present = {currency for currency, _kind in sums}
    return tuple(
        Total(one, sums.get((one, FundKind.PLEDGED)), sums.get((one, FundKind.RECEIVED)))
        for one in OFFERED
        if one in present
    )


def progress(milestones: Iterable[tuple[int, bool]]) -> Fraction | None:
    """Weights that are done of all weights; None without milestones, which is not zero.

    milestones  the weight of each (1 or more), and whether it is done
    """
    kept = list(milestones)
    return Fraction(sum(w for w, done in kept if done), sum(w for w, _ in kept)) if kept else None


def after(state: State, step: Step) -> State:
    """The state that a step leads to. Raises ProjectRefused."""
    try:
        return WAYS[state, step]
    except KeyError:
        raise ProjectRefused("", "moved") from None


def steps_from(state: State) -> tuple[Step, ...]:
    """What may be done next."""
    return tuple(step for step in Step if (state, step) in WAYS)


def check_reasons(step: Step, es: str, en: str) -> None:
    """Refuse to stop or decline without saying why in both languages. Raises ProjectRefused."""
    for field, words in (("reason_es", es), ("reason_en", en)):
        if step in WITH_REASON and len(words.strip()) < REASON:
            raise ProjectRefused(field, "reason", least=REASON)


def check_money(amount: Decimal, currency: str, field: str = "amount") -> None:
    """Refuse an amount that is none, and a currency that is not offered. Raises ProjectRefused."""
    if not amount.is_finite() or amount <= 0:
        raise ProjectRefused(field, "amount")
    if currency not in OFFERED:
        raise ProjectRefused("currency", "currency")


def check_past(field: str, on: date, today: date) -> None:
    """Refuse a date to come, of what has happened. Raises ProjectRefused."""
    if on > today:
        raise ProjectRefused(field, "future")
