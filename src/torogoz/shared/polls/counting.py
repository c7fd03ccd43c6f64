"""What a poll came to, from the ballots that count. It is reached through the gate of results and from nowhere else."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from torogoz.domain import deliberation
from torogoz.domain.deliberation import Stance, Voice
from torogoz.domain.polls import FEWEST, Kind, Secrecy, Voters
from torogoz.shared.polls.models import Ballot, Option, Poll
from torogoz.shared.polls.urns import ballots_in, last_of
from torogoz.statistics.deliberation.agreement import consensus
from torogoz.statistics.deliberation.equal_shares import Outcome as Bought
from torogoz.statistics.deliberation.equal_shares import Utility, equal_shares
from torogoz.statistics.deliberation.priorities import (
    SchulzeResult,
    Tally,
    count_dots,
    count_quadratic,
    schulze,
)


@dataclass(frozen=True)
class Counted:
    """One ballot that counts: how many seats it weighs, what it says, and whose it is where it is named."""

    content: Mapping[str, Any]
    weight: int = 1
    reason: str = ""
    body: str = ""
    name_es: str = ""
    name_en: str = ""
    group: str = ""


@dataclass(frozen=True)
class Paid:
    """A project that is funded: by how many, how much together, and in which part of the rule it was bought.

    price   the most that one voter paid; None in greedy completion, and where `payers` is: it would tell how many
    tied    what stood as well in this round and came after it by the order of the list alone, bought later or not
    by      names of bodies and what each paid, of a named poll
    payers  None where fewer than five attested people paid
    """

    option: str
    cost: Fraction
    stage: str
    payers: int | None
    by: tuple[tuple[str, str, Fraction], ...] = ()
    price: Fraction | None = None
    tied: tuple[str, ...] = ()


@dataclass(frozen=True)
class Results:
    """What everybody who may see results is told. Parts of other kinds are None.

    voted, asked    ballots that count, and who could have cast one; None where it is not known
    too_few         whether fewer than five cast a ballot where it bears no name: then nothing is told but that
    ballots         the ballots by name, of a named poll; without names and in no order of casting, of a secret one
    """

    kind: Kind
    secrecy: Secrecy
    options: tuple[Option, ...]
    voted: int | None
    asked: int | None
    too_few: bool = False
    ballots: tuple[Counted, ...] = ()
    decided: deliberation.Outcome | None = None
    consensus: float | None = None
    ranking: SchulzeResult | None = None
    tally: Tally | None = None
    bought: Bought | None = None
    paid: tuple[Paid, ...] = ()
    few: frozenset[str] = field(default_factory=frozenset)

    @property
    def of_people(self) -> bool:
        """Whether ballots are of attested people, of whom no small number is told."""
        return self.asked is None


def ballots_that_count(poll: Poll) -> tuple[Counted, ...]:
    """The last ballot of each voter. Named ones in the order of the roll; secret ones in an order that says nothing."""
    if poll.secrecy == Secrecy.SECRET.value:
        return tuple(Counted(one.content, reason=one.reason) for one in last_of(ballots_in(poll)))
    newest: dict[int, Ballot] = {}
    for ballot in Ballot.objects.filter(seat__poll=poll).select_related("seat").order_by("number"):
        newest[ballot.seat_id] = ballot
    return tuple(
        Counted(
            one.content,
            one.seat.weight,
            one.reason,
            str(one.seat.body),
            one.seat.name_es,
            one.seat.name_en,
            one.seat.group,
        )
        for one in sorted(newest.values(), key=lambda one: one.seat.position)
    )


def count(poll: Poll) -> Results:
    """Count a poll of any kind but statements (see `statement_counts`)."""
    kind, secrecy = Kind(poll.kind), Secrecy(poll.secrecy)
    options = tuple(poll.options.order_by("position", "pk"))
    cast = ballots_that_count(poll)
    of_people = poll.voters == Voters.ATTESTED.value
    asked = None if of_people else sum(poll.roll.values_list("weight", flat=True))
    voted = sum(one.weight for one in cast)
    if secrecy is Secrecy.SECRET and voted < FEWEST:
        return Results(kind, secrecy, options, None, asked, too_few=True)
    told = cast if secrecy is Secrecy.NAMED else _mixed(cast)
    counts = _by_kind(poll, kind, options, cast)
    few = _chosen_by_few(kind, options, cast) if of_people else frozenset()
    if few:
        told = ()
    return Results(kind, secrecy, options, voted, asked, ballots=told, few=few, **counts)


def _mixed(cast: tuple[Counted, ...]) -> tuple[Counted, ...]:
    """In the order of what they say: equal ballots stand together, and no place says whose they are."""
    return tuple(sorted(cast, key=lambda one: (str(one.content), one.reason)))


def _by_kind(poll: Poll, kind: Kind, options: Sequence[Option], cast: Sequence[Counted]) -> dict[str, Any]:
    codes = [option.code for option in options]
    every = [one.content for one in cast for _ in range(one.weight)]
    if kind is Kind.SCALE:
        return _scale(poll, cast)
    if kind is Kind.RANK:
        ranks, times = [one.content["places"] for one in cast], [one.weight for one in cast]
        return {"ranking": schulze(codes, ranks, times)}
    if kind is Kind.DOTS:
        dots, most = poll.rules["dots"], poll.rules.get("most")
        return {"tally": count_dots(codes, [one["votes"] for one in every], dots=dots, most=most)}
    if kind is Kind.QUADRATIC:
        credit = poll.rules["credits"]
        return {"tally": count_quadratic(codes, [one["votes"] for one in every], credits_each=credit)}
    return _budget(poll, options, cast)


def rules_of(poll: Poll) -> deliberation.Rules:
    """The rule of decision of a poll on a scale."""
    said = poll.rules
    return deliberation.Rules(
        rule=deliberation.Rule(said["rule"]),
        share=Fraction(said.get("share_top", 1), said.get("share_bottom", 2)),
        more_than=said.get("more_than", False),
        base=deliberation.Base(said.get("base", deliberation.Base.SIDES.value)),
        quorum_seats=said.get("quorum_seats", 0),
        quorum_groups=said.get("quorum_groups", {}),
    )


def _scale(poll: Poll, cast: Sequence[Counted]) -> dict[str, Any]:
    """By the rule of the process. Of a secret ballot the group is not known, so no quorum of groups is asked."""
    named = poll.secrecy == Secrecy.NAMED.value
    if named:
        spoken = {one.body: one for one in cast}
        voices = [
            Voice(
                str(seat.body),
                seat.group,
                Stance(spoken[str(seat.body)].content["stance"]) if str(seat.body) in spoken else None,
                seat.weight,
                spoken[str(seat.body)].reason if str(seat.body) in spoken else "",
            )
            for seat in poll.roll.order_by("position", "pk")
        ]
    else:
        voices = [Voice("", "", Stance(one.content["stance"]), 1, one.reason) for one in _mixed(tuple(cast))]
        voices += [Voice("", "", None)] * (poll.roll.count() - len(cast))
    outcome = deliberation.decide(rules_of(poll), voices)
    stances = [outcome.tally[stance] for stance in deliberation.Stance]
    return {"decided": outcome, "consensus": consensus(stances)}


def _budget(poll: Poll, options: Sequence[Option], cast: Sequence[Counted]) -> dict[str, Any]:
    costs = {option.code: Fraction(option.cost or 0) for option in options}
    every = [one for one in cast for _ in range(one.weight)]
    if not every:
        return {}
    bought = equal_shares(
        costs,
        [one.content["approved"] for one in every],
        Fraction(str(poll.rules["budget"])),
        utility=Utility(poll.rules.get("utility", Utility.COST.value)),
        complete=poll.rules.get("complete", True),
        step=Fraction(str(poll.rules.get("step", 1))),
    )
    paid = []
    for one in bought.purchases:
        payers = sum(amount > 0 for amount in one.paid)
        hide = poll.voters == Voters.ATTESTED.value and 0 < payers < FEWEST
        by: Counter[tuple[str, str]] = Counter()
        if poll.secrecy == Secrecy.NAMED.value:
            for who, amount in zip(every, one.paid, strict=False):
                by[who.name_es, who.name_en] += amount  # type: ignore[assignment]
        sums = tuple((*name, Fraction(amount)) for name, amount in by.items() if amount)
        price = None if hide else max(one.paid, default=None)
        paid.append(Paid(one.project, one.cost, one.stage.value, None if hide else payers, sums, price, one.tied))
    return {"bought": bought, "paid": tuple(paid)}


def _chosen_by_few(kind: Kind, options: Sequence[Option], cast: Sequence[Counted]) -> frozenset[str]:
    """The options that 1 to 4 people chose: their numbers are not told, nor files with every ballot."""
    part = {Kind.RANK: "places", Kind.BUDGET: "approved"}.get(kind, "votes")
    chosen = Counter(code for one in cast for code in one.content[part])
    return frozenset(option.code for option in options if 0 < chosen[option.code] < FEWEST)
