"""To what each amount of a project obliges the fund of a round, and to what the fund's own obliges the others."""

from dataclasses import dataclass
from decimal import Decimal

from torogoz.domain.community_projects import FundKind
from torogoz.domain.matching import Ratio, Sum, asked_of_others, obliged, together
from torogoz.topics.diaspora.models import Fund, Round, RoundProject


@dataclass(frozen=True)
class Line:
    """One amount and to what it obliges, in the currency of the round.

    of_the_fund  whether the fund gave it: then it obliges the others, and otherwise the fund
    obliges      None when it is not known, which is not zero
    """

    fund: Fund
    of_the_fund: bool
    obliges: Decimal | None


@dataclass(frozen=True)
class Owed:
    """What pledged, or received, amounts of a project oblige to: the fund, and the others; None without any amount."""

    kind: FundKind
    fund: Sum | None
    others: Sum | None


@dataclass(frozen=True)
class Matched:
    """A project of a round: the cap that holds for it, each amount, and the sums, pledged beside received."""

    entry: RoundProject
    cap: Decimal | None
    lines: tuple[Line, ...]
    owed: tuple[Owed, ...]


def matched(made: Round) -> tuple[Matched, ...] | None:
    """The projects of a round; None where its rule has no numbers, so that nothing can be computed.

    Until the result is published, the fund is obliged to nothing: it is what it would be if the project is chosen,
    and is given what it asks for.
    """
    ratio = made.ratio
    if ratio is None:
        return None
    entries = made.entries.select_related("project").prefetch_related("project__funds").order_by("pk")
    return tuple(
        _matched(made, entry, ratio.within(entry.cost if entry.given is None else entry.given)) for entry in entries
    )


def _matched(made: Round, entry: RoundProject, ratio: Ratio) -> Matched:
    found = sorted(
        (one for one in entry.project.funds.all() if one.cancelled_at is None), key=lambda one: (one.on, one.pk)
    )
    lines: list[Line] = []
    for kind in FundKind:
        of_kind = [one for one in found if one.kind == kind.value]
        others = [one for one in of_kind if one.round_id != made.pk]
        asked = obliged(ratio, [_amount(one, made) for one in others])
        lines += [Line(one, False, owed) for one, owed in zip(others, asked, strict=True)]
        fund = [one for one in of_kind if one.round_id == made.pk]
        lines += [Line(one, True, asked_of_others(ratio, _amount(one, made))) for one in fund]
    return Matched(entry, ratio.cap, tuple(lines), tuple(_owed(kind, lines) for kind in FundKind))


def _owed(kind: FundKind, lines: list[Line]) -> Owed:
    of_kind = [one for one in lines if one.fund.kind == kind.value]
    fund = [one.obliges for one in of_kind if not one.of_the_fund]
    others = [one.obliges for one in of_kind if one.of_the_fund]
    return Owed(kind, together(fund) if fund else None, together(others) if others else None)


def _amount(fund: Fund, made: Round) -> Decimal | None:
    """The amount in the currency of the round; None in another, which nobody here turns into this one."""
    return fund.amount if fund.currency == made.currency else None
