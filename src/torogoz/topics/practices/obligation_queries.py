"""To what a matching pledge obliges, and to what it obliges the one that it matches."""

from dataclasses import dataclass
from decimal import Decimal

from torogoz.domain.matching import Ratio, asked_of_others, obliged, plain
from torogoz.topics.practices.call_models import Pledge


@dataclass(frozen=True)
class Obligations:
    """Of a matching pledge, in its own unit, and what it asks of the other, in the unit of that one.

    None is not known: the ratio was not said, or nobody has said how much was reached. It is never zero.
    """

    pledge: Pledge
    matched: Pledge
    ratio: Ratio | None
    reached: Decimal | None
    other_reached: Decimal | None
    by_promised: Decimal | None
    by_reached: Decimal | None
    asks_promised: Decimal | None
    asks_reached: Decimal | None

    @property
    def cap(self) -> Decimal | None:
        """What it gives at most; None without one, or where no ratio was said."""
        return self.ratio.cap if self.ratio else None

    @property
    def short(self) -> Decimal | None:
        """By how much its promise is below what the ratio asks of it; None when it is not, or is not known."""
        lacks = None if self.by_promised is None else self.by_promised - self.pledge.target
        return lacks if lacks is not None and lacks > 0 else None

    def cells(self) -> tuple[str, ...]:
        """As the table of pledges gives it; empty where it is not known."""
        numbers = (self.by_promised, self.by_reached, self.asks_promised, self.asks_reached)
        return tuple("" if one is None else plain(one) for one in numbers)


def reached(pledge: Pledge) -> Decimal | None:
    """How far it is, as its newest update says; None where that says nothing, or there is none."""
    told = list(pledge.updates.all())
    return told[-1].reached if told else None


def obligations(pledge: Pledge, matched: Pledge) -> Obligations:
    """To what a matching pledge obliges."""
    held, mine, theirs = pledge.ratio, reached(pledge), reached(matched)
    return Obligations(
        pledge=pledge,
        matched=matched,
        ratio=held,
        reached=mine,
        other_reached=theirs,
        by_promised=obliged(held, [matched.target])[0],
        by_reached=obliged(held, [theirs])[0],
        asks_promised=asked_of_others(held, pledge.target),
        asks_reached=asked_of_others(held, mine),
    )
