"""What follows the reception: belongings that are kept and given back, the way home, and a bed for the night.

A stay is a row of nights from `first_night` until before `leaves_on`. In no night are there more people in a place than
it has beds, and nobody sleeps in two places.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar

from torogoz.domain.refusals import Refused

MOST_NIGHTS = 30


class OnwardRefused(Refused):
    """Something that cannot be done with belongings, a trip or a bed."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "same_bag": (
            "Una bolsa con ese número de sello ya está registrada en este centro. Revise el número; no se guardó otra.",
            "A bag with that seal number is registered at this centre already. Check the number; no other was stored.",
        ),
        "given": (
            "Esa bolsa ya se entregó. Queda como estaba.",
            "That bag was given back already. It stays as it was.",
        ),
        "child": (
            "Puede ser menor de 18 años, o no consta su edad, y no consta que se haya decidido con quién se va. Quien "
            "registra lo anota en «Protección de la niña o el niño»; antes no viaja. No se guardó nada.",
            "This person may be under 18, or the age is not on record, and with whom to leave is not on record either. "
            "Who registers notes it under “Protection of the child”; nobody travels before. Nothing was stored.",
        ),
        "nights": (
            "La salida debe ser después de la primera noche, y son {most} noches como mucho.",
            "The day of leaving must be after the first night, and {most} nights are the most.",
        ),
        "past": (
            "La primera noche es anterior a la llegada, {met}. Revise la fecha.",
            "The first night is before the arrival, {met}. Check the date.",
        ),
        "full": (
            "No hay lugar en {nights}. Busque otro albergue u otras noches; no se guardó nada.",
            "There is no room on {nights}. Look for another place or other nights; nothing was stored.",
        ),
        "elsewhere": (
            "Esa persona ya tiene lugar para alguna de esas noches. Termine esa estadía antes; no se guardó nada.",
            "That person has a bed for one of those nights already. End that stay first; nothing was stored.",
        ),
        "longer": (
            "Una estadía se acorta aquí; para alargarla, dele otra a continuación. No se guardó nada.",
            "A stay is shortened here; to lengthen it, give another one after it. Nothing was stored.",
        ),
        "same_place": (
            "Ya hay un albergue con ese nombre en este centro. No se guardó otro.",
            "There is a place with that name at this centre already. No other was stored.",
        ),
    }


class GivenTo(StrEnum):
    """To whom a bag was given back; `unclaimed` is one that nobody claimed and that was handed in."""

    PERSON = "person"
    RELATIVE = "relative"
    UNCLAIMED = "unclaimed"


class Way(StrEnum):
    """How a person travels on."""

    TERMINAL = "terminal"
    VEHICLE = "vehicle"
    FAMILY = "family"
    OWN = "own"


@dataclass(frozen=True)
class Nights:
    """The nights of a stay; none when it ended before it began."""

    first_night: date
    leaves_on: date

    def __iter__(self) -> Iterator[date]:
        return (self.first_night + timedelta(days=count) for count in range((self.leaves_on - self.first_night).days))

    def meets(self, other: "Nights") -> bool:
        """Whether they share a night."""
        return max(self.first_night, other.first_night) < min(self.leaves_on, other.leaves_on)


def check_nights(nights: Nights, *, met_on: date) -> None:
    """Refuse a stay without nights, of too many, or before the person was met. Raises OnwardRefused."""
    if not 0 < (nights.leaves_on - nights.first_night).days <= MOST_NIGHTS:
        raise OnwardRefused("leaves_on", "nights", most=MOST_NIGHTS)
    if nights.first_night < met_on:
        raise OnwardRefused("first_night", "past", met=met_on.isoformat())


def check_room(nights: Nights, others: Iterable[Nights], capacity: int) -> None:
    """Refuse a stay in a place where one of its nights is full of `others`. Raises OnwardRefused, which names them."""
    taken = taken_in(others)
    if full := [night for night in nights if taken[night] >= capacity]:
        raise OnwardRefused("shelter", "full", nights=", ".join(night.isoformat() for night in full))


def check_alone(nights: Nights, own: Iterable[Nights]) -> None:
    """Refuse a stay that shares a night with another one of the same person. Raises OnwardRefused."""
    if any(nights.meets(other) for other in own):
        raise OnwardRefused("first_night", "elsewhere")


def taken_in(stays: Iterable[Nights]) -> Counter[date]:
    """How many sleep there, by night."""
    return Counter(night for stay in stays for night in stay)
