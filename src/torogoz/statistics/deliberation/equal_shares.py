"""The method of equal shares: projects bought by those who want them, in exact fractions.

Each of n voters holds an n-th part of the budget. Again and again the project is bought that costs its supporters
least for what it is worth to them (ρ), each paying the same or all that they still hold, until no project left can be
paid by its own supporters. Every group of voters thus decides about its part of the money.

The method leaves money unspent, so a rule of completion belongs to it, and is to be stated wherever a result is:

1. *add-one*: the purchase is made anew as if each voter held one `step` of money more, and again, until nothing more
   fits into the real budget, or until the purchase would cost more than the real budget; then the one before counts;
2. *greedy*: of what is left, the project with the most worth for its cost that still fits, and so on. Nobody's share
   pays for these.

A project that nobody approved is never bought. Ties go to the project that stands first in the list as given.

source  Peters, Pierczyński & Skowron (2021), Proportional participatory budgeting with additive utilities, NeurIPS 34;
        equalshares.net (completion by add-one, then by a greedy rule)
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

Money = int | Fraction
Class = frozenset[str]  # voters who approved the same projects hold the same money all the way


class Utility(StrEnum):
    """What an approved project is worth to a voter."""

    COST = "cost"  # as much as it costs: large projects count for more
    CARDINALITY = "cardinality"  # one: every project counts the same


class Stage(StrEnum):
    """In which part of the rule a project was bought."""

    SHARES = "shares"
    GREEDY = "greedy"


@dataclass(frozen=True)
class Purchase:
    """One project, in the order of purchase.

    project  its name
    cost     in units of money
    stage    paid from the shares of its supporters, or by greedy completion from what was left
    price    ρ: money that its supporters pay at most for a unit of worth; None in greedy completion
    paid     what each voter paid, in the order of the ballots (units of money, exact); empty in greedy completion
    tied     projects that stood as well in this round and were put behind it by the order of the list alone
    """

    project: str
    cost: Fraction
    stage: Stage
    price: Fraction | None
    paid: tuple[Fraction, ...]
    tied: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What is bought, who paid, and what remains.

    purchases  in the order of purchase
    share      money that each voter held in the run that counts: the n-th part of the budget and what was added
    added      what add-one gave to each voter (units of money); 0 without completion
    spent      what the projects cost together; never more than the budget
    unspent    the budget less that
    """

    purchases: tuple[Purchase, ...]
    share: Fraction
    added: Fraction
    spent: Fraction
    unspent: Fraction

    @property
    def winners(self) -> tuple[str, ...]:
        """The projects bought, in the order of purchase."""
        return tuple(each.project for each in self.purchases)


def equal_shares(
    costs: Mapping[str, Money],
    ballots: Sequence[Collection[str]],
    budget: Money,
    *,
    utility: Utility = Utility.COST,
    complete: bool = True,
    step: Money = 1,
) -> Outcome:
    """The projects that the method buys.

    costs     project to its cost, in units of money, more than 0; the order decides ties
    ballots   for each voter the projects approved, each known; an empty ballot holds money too and leaves it unspent
    budget    in the same units, at least 0
    complete  by add-one and then greedily; without, the method alone
    step      what add-one adds to each voter's share at a time, more than 0
    returns   an outcome that costs no more than the budget
    raises    ValueError for a cost, budget or step that is not as said, no voters, or an unknown project
    """
    prices = {project: Fraction(cost) for project, cost in costs.items()}
    limit, more = Fraction(budget), Fraction(step)
    _check(prices, ballots, limit, more)
    cast = [frozenset(each) for each in ballots]
    classes = Counter(cast)
    share = limit / len(cast)
    bought = _bought(prices, classes, share, utility)
    added = Fraction(0)
    if complete:
        wanted = {project for each in classes for project in each}
        while not _nothing_fits(prices, wanted, bought, limit):
            next_one = _bought(prices, classes, share + added + more, utility)
            if sum(prices[each.project] for each in next_one) > limit:
                break
            bought, added = next_one, added + more
    purchases = [
        Purchase(
            each.project,
            prices[each.project],
            Stage.SHARES,
            each.price,
            tuple(each.paid.get(ballot, Fraction(0)) for ballot in cast),
            each.tied,
        )
        for each in bought
    ]
    if complete:
        purchases += _greedy(prices, cast, purchases, limit, utility)
    spent = sum((each.cost for each in purchases), Fraction(0))
    return Outcome(tuple(purchases), share + added, added, spent, limit - spent)


@dataclass(frozen=True)
class _Bought:
    project: str
    price: Fraction
    paid: Mapping[Class, Fraction]  # by each voter of the class
    tied: tuple[str, ...]


def _bought(
    costs: Mapping[str, Fraction], classes: Mapping[Class, int], share: Fraction, utility: Utility
) -> list[_Bought]:
    """The purchases when each voter holds `share`.

    As money only becomes less, a project's price only rises: one whose last price is above the best need not be
    asked again in this round.
    """
    held = dict.fromkeys(classes, share)
    supporters = {project: [each for each in classes if project in each] for project in costs}
    worth = {project: cost if utility is Utility.COST else Fraction(1) for project, cost in costs.items()}
    last = {project: Fraction(0) for project in costs if supporters[project]}
    place = {project: at for at, project in enumerate(costs)}
    purchases: list[_Bought] = []
    while True:
        best: tuple[Fraction, int, str] | None = None
        asked: set[str] = set()
        for project in sorted(last, key=lambda each: (last[each], place[each])):
            if best is not None and last[project] > best[0]:
                break
            most = _most_paid(costs[project], [(held[each], classes[each]) for each in supporters[project]])
            if most is None:
                del last[project]
                continue
            last[project] = most / worth[project]
            asked.add(project)
            if best is None or (last[project], place[project]) < best[:2]:
                best = (last[project], place[project], project)
        if best is None:
            return purchases
        price, _, project = best
        del last[project]
        tied = tuple(sorted((each for each in asked if each in last and last[each] == price), key=place.__getitem__))
        paid = {each: min(held[each], price * worth[project]) for each in supporters[project]}
        for each, amount in paid.items():
            held[each] -= amount
        purchases.append(_Bought(project, price, MappingProxyType(paid), tied))


def _most_paid(cost: Fraction, holders: list[tuple[Fraction, int]]) -> Fraction | None:
    """What the richest pay when all pay the same or all that they hold; None if together they hold too little."""
    due, left = cost, sum(voters for _, voters in holders)
    for money, voters in sorted(holders):
        if money * left >= due:
            return due / left
        due -= money * voters
        left -= voters
    return None


def _nothing_fits(
    costs: Mapping[str, Fraction], wanted: Collection[str], bought: Sequence[_Bought], limit: Fraction
) -> bool:
    """Whether no project that somebody approved could still be paid from what the purchases leave."""
    names = {each.project for each in bought}
    remains = limit - sum(costs[name] for name in names)
    return all(cost > remains for project, cost in costs.items() if project in wanted and project not in names)


def _greedy(
    costs: Mapping[str, Fraction],
    cast: Sequence[Class],
    purchases: Sequence[Purchase],
    limit: Fraction,
    utility: Utility,
) -> list[Purchase]:
    """What still fits, by worth to all supporters over cost, the most first."""
    names = {each.project for each in purchases}
    remains = limit - sum((each.cost for each in purchases), Fraction(0))
    voters = Counter(project for each in cast for project in each)
    worth = {each: voters[each] * (Fraction(1) if utility is Utility.COST else 1 / costs[each]) for each in voters}
    more: list[Purchase] = []
    left = sorted((each for each in costs if each in worth and each not in names), key=lambda p: -worth[p])
    for at, project in enumerate(left):
        if costs[project] <= remains:
            tied = tuple(p for p in left[at + 1 :] if worth[p] == worth[project] and costs[p] <= remains)
            remains -= costs[project]
            more.append(Purchase(project, costs[project], Stage.GREEDY, None, (), tied))
    return more


def _check(costs: Mapping[str, Fraction], ballots: Sequence[Collection[str]], budget: Fraction, step: Fraction) -> None:
    if not ballots:
        raise ValueError("equal shares need at least one voter")
    if budget < 0 or step <= 0:
        raise ValueError("a budget is at least 0 and a step more than 0")
    for project, cost in costs.items():
        if cost <= 0:
            raise ValueError(f"project {project!r} costs {cost}: a cost is more than 0")
    for number, ballot in enumerate(ballots, 1):
        for project in ballot:
            if project not in costs:
                raise ValueError(f"ballot {number}: {project!r} is not one of the projects")
