"""Taking people out of the register in a file: how many one officer takes out alone, and what a second approves.

No law was read for the numbers; that nobody takes out a whole register alone is the project's own rule.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final

from torogoz.domain.refusals import Refused

ALONE: Final = 100
"""How many people one officer takes out alone, in this file and those of COUNTED before it."""

WHOLE: Final = 20
"""From how many people on a file of everybody within the officer's reach is a register, and not a list."""

COUNTED: Final = timedelta(days=1)
ASKED_FOR: Final = timedelta(days=7)
APPROVED_FOR: Final = timedelta(days=1)


class State(StrEnum):
    """Where a request to take out many people stands."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    MADE = "made"
    LAPSED = "lapsed"


class ExportRefused(Refused):
    """A file that is not made."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "future": (
            "Hasta hoy, {today}, como mucho: lo que no ha pasado no se exporta. No se exportó nada.",
            "Until today, {today}, at most: what has not happened is not exported. Nothing was exported.",
        ),
        "same_officer": (
            "Quien pide una exportación no la aprueba: la aprueba otra persona de su institución. No se cambió nada.",
            "Who asks for an export does not approve it: another person of the institution does. Nothing was changed.",
        ),
        "state": (
            "Esta exportación ya se decidió, ya se hizo o venció. No se cambió nada.",
            "This export was decided or made already, or it lapsed. Nothing was changed.",
        ),
        "grown": (
            "Ahora serían {found} personas y se aprobaron {approved}: pídala otra vez. No se exportó nada.",
            "It would be {found} people now, and {approved} were approved: ask again. Nothing was exported.",
        ),
    }


def check_days(until: date, today: date) -> None:
    """Refuse days that have not come. Raises ExportRefused."""
    if until > today:
        raise ExportRefused("until", "future", today=f"{today:%Y-%m-%d}")


def needs_second(people: int, *, lately: int, everybody: int) -> bool:
    """Whether a second officer must approve a file.

    people      how many are in it
    lately      how many the officer took out alone in COUNTED before it
    everybody   how many the officer could take out at all
    """
    return people + lately > ALONE or (people >= everybody and people > WHOLE)


def state_at(state: State, asked_at: datetime, decided_at: datetime | None, now: datetime) -> State:
    """Where a request stands at `now`: one that nobody decided, or nobody used, lapses."""
    since = {State.ASKED: (asked_at, ASKED_FOR), State.APPROVED: (decided_at or asked_at, APPROVED_FOR)}.get(state)
    return State.LAPSED if since and now >= since[0] + since[1] else state
