"""The reintegration plan of a person who returned: what is needed, what is done, when life is asked about again."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from torogoz.domain.refusals import Refused

MOST_GOALS = 8


class PlanRefused(Refused):
    """Something that cannot be done with a plan as it is."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "exists": (
            "Ya hay un plan para esta llegada, suyo o de otra institución. No se guardó otro.",
            "There is a plan for this arrival already, yours or another institution's. No other was stored.",
        ),
        "empty": (
            "Anote al menos una necesidad o una meta: un plan vacío no se acuerda con nadie.",
            "Record at least one need or one goal: an empty plan is agreed with nobody.",
        ),
        "goals": (
            "Son más de {most} metas. Deje las que la persona puede recordar; no se guardó nada.",
            "There are more than {most} goals. Keep those that the person can remember; nothing was stored.",
        ),
        "closed": ("El plan está cerrado. No se guardó nada.", "The plan is closed. Nothing was stored."),
        "changed": (
            "Mientras tanto se guardó la versión {number}. Se acuerda la última: léala con la persona.",
            "Version {number} was stored meanwhile. The last one is agreed: read it with the person.",
        ),
        "agreed": (
            "Esta versión ya está acordada. Si algo cambia, escriba otra versión.",
            "This version is agreed already. If something changes, write another version.",
        ),
        "sheet": (
            "Ese código no es de una hoja del plan de esta persona impresa después de su última versión. Imprima la"
            " hoja, fírmenla y escriba el código que lleva.",
            "That code is not of a sheet of this person's plan printed after its last version. Print the sheet, sign it"
            " and type the code that it bears.",
        ),
        "open_actions": (
            "Acciones sin resultado: {count}. Anote cómo terminaron, también si no se hicieron, y cierre después.",
            "Actions without an outcome: {count}. Record how they ended, also if they were not done, and close then.",
        ),
        "future": (
            "El día {day} todavía no ha llegado. Revise la fecha.",
            "The day {day} has not come yet. Check the date.",
        ),
        "before": (
            "El día {day} es anterior a {opened}, cuando esto comenzó. Revise la fecha.",
            "The day {day} is before {opened}, when this began. Check the date.",
        ),
        "ended": (
            "Esa acción ya tiene resultado. Queda como estaba.",
            "That action has an outcome already. It stays as it was.",
        ),
        "assessed": (
            "Ese seguimiento ya se hizo. Queda como se hizo; no se guardó otro.",
            "That follow-up was made already. It stays as it was made; no other was stored.",
        ),
        "too_early": (
            "Ese seguimiento se hace desde el {first}. Antes mediría otra cosa; no se guardó nada.",
            "That follow-up is made from {first} on. Earlier it would measure something else; nothing was stored.",
        ),
        "too_late": (
            "Ese seguimiento se podía hacer hasta el {last}. Queda sin hacer, que no es cero; no se guardó nada.",
            "That follow-up could be made until {last}. It stays not made, which is not zero; nothing was stored.",
        ),
    }


class Need(StrEnum):
    """What a person who returned may need in order to stay and live."""

    SAFETY = "safety"
    HOUSING = "housing"
    INCOME = "income"
    TRAINING = "training"
    SCHOOL = "school"
    PAPERS = "papers"
    HEALTH = "health"
    PSYCHOSOCIAL = "psychosocial"
    FAMILY = "family"
    LEGAL = "legal"
    DEBT = "debt"


class Level(StrEnum):
    """How much something is needed; what was not asked is unknown, and not `none`."""

    UNKNOWN = "_U"
    NONE = "none"
    LATER = "later"
    SOON = "soon"
    NOW = "now"


class Outcome(StrEnum):
    """How an action ended. `planned` has not ended; who could not come may have said so before."""

    PLANNED = "planned"
    DONE = "done"
    NO_SHOW = "no_show"
    EXCUSED = "excused"
    CANCELLED = "cancelled"


class Agreed(StrEnum):
    """How a person agreed to a version."""

    SIGNED = "signed"
    FINGERPRINT = "fingerprint"
    SPOKEN = "spoken"


class Closed(StrEnum):
    """Why a plan ended."""

    REACHED = "reached"
    DECLINED = "declined"
    LEFT = "left"
    UNREACHABLE = "unreachable"
    DIED = "died"


class Moment(StrEnum):
    """When a person is asked how life goes."""

    BASELINE = "baseline"
    MONTH_6 = "month_6"
    MONTH_12 = "month_12"


MONTHS: Mapping[Moment, int] = {Moment.BASELINE: 0, Moment.MONTH_6: 6, Moment.MONTH_12: 12}
"""How many months after the plan was opened each follow-up is due."""

LEEWAY = timedelta(days=30)
"""How long before it is due a follow-up may be made."""

LAST_MONTHS = 18
"""Until how many months after the plan was opened the last follow-up may still be made."""


@dataclass(frozen=True)
class Content:
    """What one version of a plan says: how much of what is needed, a note, and the goals in the person's words."""

    needs: Mapping[Need, Level]
    note: str
    goals: tuple[str, ...]

    def check(self) -> None:
        """Refuse what nobody could agree to. Raises PlanRefused."""
        if len(self.goals) > MOST_GOALS:
            raise PlanRefused("goals", "goals", most=MOST_GOALS)
        if not self.goals and not self.needed:
            raise PlanRefused("goals", "empty")

    @property
    def needed(self) -> dict[Need, Level]:
        """What is needed, the most urgent first."""
        order = [Level.NOW, Level.SOON, Level.LATER]
        found = [(need, level) for need in Need if (level := self.level(need)) in order]
        return dict(sorted(found, key=lambda pair: order.index(pair[1])))

    def level(self, need: Need) -> Level:
        """How much of this is needed; unknown when nobody asked."""
        return self.needs.get(need, Level.UNKNOWN)

    def as_data(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {"needs": dict(self.needs), "note": self.note, "goals": list(self.goals)}

    @classmethod
    def from_data(cls, kept: Mapping[str, Any]) -> "Content":
        """What `as_data` kept."""
        needs = {Need(need): Level(level) for need, level in kept["needs"].items()}
        return cls(needs, kept["note"], tuple(kept["goals"]))


@dataclass(frozen=True)
class Window:
    """When a follow-up is due, and the first and last day on which it may be made."""

    first: date
    due: date
    last: date


def window_of(opened_on: date, moment: Moment) -> Window:
    """When a follow-up of a plan may be made: from thirty days before it is due until the next one begins."""
    due = months_later(opened_on, MONTHS[moment])
    later = [other for other in Moment if MONTHS[other] > MONTHS[moment]]
    if later:
        last = months_later(opened_on, MONTHS[later[0]]) - LEEWAY - timedelta(days=1)
    else:
        last = months_later(opened_on, LAST_MONTHS)
    return Window(max(opened_on, due - LEEWAY), due, last)


def months_later(day: date, months: int) -> date:
    """So many months later, on the last day of a month that is too short."""
    whole = day.month - 1 + months
    year, month = day.year + whole // 12, whole % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def check_moment(opened_on: date, moment: Moment, made: Iterable[Moment], today: date) -> None:
    """Refuse a follow-up that was made, that is too early, or too late to be what it is called. Raises PlanRefused."""
    window = window_of(opened_on, moment)
    if moment in set(made):
        raise PlanRefused("", "assessed")
    if today < window.first:
        raise PlanRefused("", "too_early", first=window.first.isoformat())
    if today > window.last:
        raise PlanRefused("", "too_late", last=window.last.isoformat())


def to_make(opened_on: date, made: Iterable[Moment], today: date, ahead: timedelta = LEEWAY) -> list[Moment]:
    """The follow-ups that are due by `today` or within `ahead`, not made, and not too late to make."""
    done = set(made)
    windows = [(moment, window_of(opened_on, moment)) for moment in Moment if moment not in done]
    return [moment for moment, window in windows if window.due - ahead <= today <= window.last]


def check_day(field: str, day: date, *, begun: date, today: date) -> None:
    """Refuse a day that has not come, or lies before what it belongs to began. Raises PlanRefused."""
    if day > today:
        raise PlanRefused(field, "future", day=day.isoformat())
    if day < begun:
        raise PlanRefused(field, "before", day=day.isoformat(), opened=begun.isoformat())


def check_closing(outcomes: Iterable[Outcome]) -> None:
    """Refuse to close a plan while an action has no outcome. Raises PlanRefused."""
    if waiting := sum(outcome is Outcome.PLANNED for outcome in outcomes):
        raise PlanRefused("reason", "open_actions", count=waiting)
