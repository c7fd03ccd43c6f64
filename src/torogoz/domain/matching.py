"""Matching money and promises: so much for each unit of another's, until a cap; and to what each amount obliges.

A ratio of 2 : 1 gives two for each one of the others. What is not known obliges to something that is not known, which
is not zero. No amount is turned from one unit or currency into another.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

CENT: Final = Decimal("0.01")
REASONS: Final[Mapping[str, tuple[str, str]]] = {
    "half_a_ratio": (
        "Una proporción tiene dos números: cuánto se pone y por cuánto de los demás. Escriba los dos o ninguno.",
        "A ratio has two numbers: how much is given, and for how much of the others. Write both or neither.",
    ),
    "ratio": ("Los dos números de una proporción son mayores que cero.", "Both numbers of a ratio are above zero."),
    "cap": ("Un tope es mayor que cero; en blanco, no hay tope.", "A cap is above zero; empty, there is none."),
    "cap_alone": ("Un tope es de una proporción: escriba también los dos números.", "A cap is of a ratio: write it."),
}


@dataclass(frozen=True)
class Ratio:
    """`gives` for each `for_each` of the others, until `cap`; None is no cap."""

    gives: Decimal
    for_each: Decimal
    cap: Decimal | None = None

    def __str__(self) -> str:
        return f"{plain(self.gives)} : {plain(self.for_each)}"

    def within(self, *limits: Decimal | None) -> "Ratio":
        """The same ratio under the lowest of its own cap and other limits; None limits nothing."""
        found = [one for one in (self.cap, *limits) if one is not None]
        return Ratio(self.gives, self.for_each, min(found) if found else None)


@dataclass(frozen=True)
class Sum:
    """What several amounts oblige to together. When one is not known, the sum is at least `known`."""

    known: Decimal
    whole: bool


def plain(number: Decimal) -> str:
    """A number without the zeros behind it."""
    return f"{number.normalize():f}"


def ratio(gives: Decimal | None, for_each: Decimal | None, cap: Decimal | None) -> Ratio | None:
    """The ratio that was written; None where none was."""
    return None if gives is None or for_each is None else Ratio(gives, for_each, cap)


def fault(gives: Decimal | None, for_each: Decimal | None, cap: Decimal | None) -> tuple[str, str] | None:
    """The field that is wrong and the reason, a key of `REASONS`; None when the ratio can be kept, or there is none."""
    if (gives is None) is not (for_each is None):
        return ("for_each" if for_each is None else "gives", "half_a_ratio")
    for field, number in (("gives", gives), ("for_each", for_each)):
        if number is not None and number <= 0:
            return (field, "ratio")
    if cap is not None and cap <= 0:
        return ("cap", "cap")
    return ("cap", "cap_alone") if cap is not None and gives is None else None


def obliged(held: Ratio | None, amounts: Sequence[Decimal | None]) -> list[Decimal | None]:
    """To what each amount of the others obliges who matches, in their order, until the cap is used up.

    amounts  None where one is not known: what it obliges to is not known, nor is, under a cap, what is left for the
             amounts after it
    returns  one for each amount, to the cent
    """
    if held is None:
        return [None] * len(amounts)
    found: list[Decimal | None] = []
    left = held.cap
    lost = False  # an amount that is not known has taken some of the cap
    for amount in amounts:
        if left is not None and not lost and left <= 0:
            found.append(Decimal(0))
        elif amount is None or lost:
            found.append(None)
            lost = lost or left is not None
        else:
            asked = _cents(amount * held.gives / held.for_each)
            given = asked if left is None else min(asked, left)
            left = None if left is None else left - given
            found.append(given)
    return found


def asked_of_others(held: Ratio | None, amount: Decimal | None) -> Decimal | None:
    """What an amount of who matches asks of the others, so that the ratio holds; no cap is of theirs."""
    return None if held is None or amount is None else _cents(amount * held.for_each / held.gives)


def together(parts: Iterable[Decimal | None]) -> Sum:
    """The sum of what is known, and whether it is the whole."""
    found = list(parts)
    return Sum(sum((one for one in found if one is not None), Decimal(0)), None not in found)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
