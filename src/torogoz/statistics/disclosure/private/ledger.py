"""The ledger of privacy: what every drawing of private tables has cost, and whether the next may still be paid.

A drawing is paid for once; answers are then read from what was drawn, as often as anybody likes. The ledger is only
ever added to, and each of its lines carries the hash of the one before, so a line that is changed or taken out shows.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction

from torogoz.domain.chain import GENESIS, link
from torogoz.statistics.disclosure.private.drawing import Measured


class BudgetSpent(Exception):
    """The next drawing would cost more than is left. Nothing was drawn."""


class LedgerBroken(Exception):
    """A line of a ledger was changed, taken out or cut off."""


@dataclass(frozen=True)
class Budget:
    """The most that all drawings of one data set (of each of its periods) may ever cost together."""

    epsilon: Fraction
    delta: Fraction = Fraction(0)


@dataclass(frozen=True)
class Spending:
    """What one table of one drawing cost: a line of the ledger.

    period           what the drawing covers; people are counted in each period apart, and so is its budget
    sensitivity      the most rows of one person in the table
    noise            laplace or gaussian
    epsilon, delta   the table's share of the drawing's cost, as fractions
    """

    dataset: str
    period: str
    release: str
    table: str
    cells: int
    sensitivity: int
    noise: str
    epsilon: Fraction
    delta: Fraction


def spendings(
    dataset: str, period: str, release: str, paid: Sequence[Measured], epsilon: Fraction, delta: Fraction | None
) -> tuple[Spending, ...]:
    """The lines of one drawing; their shares add up to its ε and δ exactly."""
    costs = [each.share.rho if each.share.epsilon is None else each.share.epsilon for each in paid]
    parts = [cost if cost is not None else Fraction(0) for cost in costs]
    whole = sum(parts, Fraction(0))
    return tuple(
        Spending(
            dataset,
            period,
            release,
            each.name,
            each.cells,
            each.share.sensitivity,
            "laplace" if each.share.rho is None else "gaussian",
            epsilon * part / whole,
            (delta or Fraction(0)) * part / whole,
        )
        for each, part in zip(paid, parts, strict=True)
    )


def spent(entries: Iterable[Spending], dataset: str, period: str) -> Budget:
    """What a period of a data set has cost so far."""
    own = [each for each in entries if (each.dataset, each.period) == (dataset, period)]
    return Budget(sum((each.epsilon for each in own), Fraction(0)), sum((each.delta for each in own), Fraction(0)))


def check(entries: Sequence[Spending], new: Sequence[Spending], budget: Budget) -> None:
    """Refuse spendings that would take any period over the budget. Raises BudgetSpent."""
    for dataset, period in dict.fromkeys((each.dataset, each.period) for each in new):
        before, cost = spent(entries, dataset, period), spent(new, dataset, period)
        if before.epsilon + cost.epsilon > budget.epsilon or before.delta + cost.delta > budget.delta:
            what = f"{dataset} {period}".strip()
            raise BudgetSpent(
                f"{what}: {_said(before)} of {_said(budget)} are spent, and this drawing would cost {_said(cost)}. "
                "Nothing was drawn. What was drawn before can be read as often as you like; a larger budget is a "
                "decision of the institution, not of this program."
            )


def running(entries: Iterable[Spending]) -> Iterator[tuple[Spending, Fraction]]:
    """Every spending with what its period has cost up to and with it."""
    sums: dict[tuple[str, str], Fraction] = {}
    for each in entries:
        key = (each.dataset, each.period)
        sums[key] = sums.get(key, Fraction(0)) + each.epsilon
        yield each, sums[key]


def line_of(entry: Spending, previous: str) -> tuple[str, str]:
    """A spending as a line of a ledger's file that follows the line with the hash `previous`; and its own hash."""
    content = _content(entry)
    own = link(previous, content)
    return json.dumps({**content, "hash": own}, ensure_ascii=False, sort_keys=True), own


def read(lines: Iterable[str]) -> tuple[list[Spending], str]:
    """The spendings of a ledger's file, and the hash of its last line. Raises LedgerBroken, naming the line."""
    entries, previous = [], GENESIS
    for number, line in enumerate(lines, start=1):
        try:
            content = json.loads(line)
            said = content.pop("hash")
            entry = Spending(
                **{**content, "epsilon": Fraction(content["epsilon"]), "delta": Fraction(content["delta"])}
            )
        except (ValueError, KeyError, TypeError, AttributeError) as mistake:
            raise LedgerBroken(f"line {number} of the ledger cannot be read; restore the file from a copy") from mistake
        if link(previous, _content(entry)) != said:
            raise LedgerBroken(f"line {number} of the ledger, or one before it, was changed; restore it from a copy")
        entries.append(entry)
        previous = said
    return entries, previous


def _content(entry: Spending) -> dict[str, object]:
    return {**asdict(entry), "epsilon": str(entry.epsilon), "delta": str(entry.delta)}


def _said(cost: Budget) -> str:
    """A cost in figures: ε, and δ if there is any."""
    return f"ε {float(cost.epsilon):g}" + (f" (δ {float(cost.delta):g})" if cost.delta else "")
