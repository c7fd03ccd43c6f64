"""How a body of institutions decides: positions of its seats in, an outcome with its reasons out.

Not agreed is an outcome as good as any: it keeps the points that were agreed. Who has not answered has said neither yes
nor no, and counts for the quorum alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar

from torogoz.domain.refusals import Refused


class Stance(StrEnum):
    """Where a seat stands towards a text. Who blocks says that no outcome can be built on it."""

    AGREE = "agree"
    RESERVATIONS = "reservations"
    ABSTAIN = "abstain"
    DISAGREE = "disagree"
    BLOCK = "block"


REASON_IS_OWED = frozenset({Stance.RESERVATIONS, Stance.DISAGREE, Stance.BLOCK})
FOR = frozenset({Stance.AGREE, Stance.RESERVATIONS})
SIDES = FOR | REASON_IS_OWED
DISSENT = frozenset({Stance.RESERVATIONS, Stance.DISAGREE, Stance.BLOCK})
"""What is kept with an outcome, whatever it is."""


class Rule(StrEnum):
    """What it takes to agree, from the strictest to the least.

    UNANIMITY       every seat that spoke agrees, without reservation or abstention
    RESERVATIONS    consensus with reservations: no seat disagrees and none blocks
    CONSENSUS       consensus without a block: seats may disagree, and their reasons stay with the text
    MAJORITY        as large a share of the seats is for it as the process says
    """

    UNANIMITY = "unanimity"
    RESERVATIONS = "with_reservations"
    CONSENSUS = "consensus"
    MAJORITY = "majority"


class Base(StrEnum):
    """Of which seats a majority is asked: those that took a side, those that spoke, or all that were convened."""

    SIDES = "sides"
    PRESENT = "present"
    SEATS = "seats"


class Result(StrEnum):
    """What came of it. NOT_RECORDED is of consultations recorded after the fact; no rule makes it."""

    AGREED = "agreed"
    WITH_RESERVATIONS = "with_reservations"
    BY_MAJORITY = "by_majority"
    NOT_AGREED = "not_agreed"
    NO_QUORUM = "no_quorum"
    NOT_RECORDED = "not_recorded"


class Why(StrEnum):
    """A reason of an outcome, in a word; the pages say it in sentences."""

    SEATS_MISSING = "seats_missing"
    GROUP_MISSING = "group_missing"
    NOBODY_SPOKE = "nobody_spoke"
    ALL_AGREE = "all_agree"
    RESERVATIONS_KEPT = "reservations_kept"
    ABSTENTIONS = "abstentions"
    DISAGREEMENT = "disagreement"
    DISSENT_KEPT = "dissent_kept"
    BLOCKED = "blocked"
    NOBODY_FOR = "nobody_for"
    MAJORITY_REACHED = "majority_reached"
    MAJORITY_MISSED = "majority_missed"


class DeliberationRefused(Refused):
    """A rule that decides nothing, or a stance without the reason that it owes."""

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {
        "reason_owed": (
            "Escriba por qué. Quien tiene reservas, no está de acuerdo o bloquea da su razón: queda con el resultado.",
            "Write why. Whoever has reservations, disagrees or blocks says so with the reason, kept with the outcome.",
        ),
        "share": (
            "La mayoría debe ser mayor que cero y no pasar de todos los escaños. Escriba, por ejemplo, 2 de cada 3.",
            "The majority must be more than nothing and no more than all seats. Write, say, 2 of 3.",
        ),
        "quorum": (
            "El quórum no puede ser menor que cero. Escriba 0 si no se exige.",
            "The quorum cannot be less than nothing. Write 0 if none is asked.",
        ),
    }


@dataclass(frozen=True)
class Rules:
    """The rules of decision of one process.

    share           of the seats of `base` that a majority takes, above 0 and at most 1; only asked under MAJORITY
    more_than       whether exactly `share` is not enough ("more than half")
    quorum_seats    seats that must have spoken (an abstention speaks); 0 asks for none
    quorum_groups   by group of bodies, seats of it that must have spoken
    """

    rule: Rule
    share: Fraction = Fraction(1, 2)
    more_than: bool = False
    base: Base = Base.SIDES
    quorum_seats: int = 0
    quorum_groups: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1 or (self.share == 1 and self.more_than):
            raise DeliberationRefused("share", "share")
        if self.quorum_seats < 0 or any(seats < 0 for seats in self.quorum_groups.values()):
            raise DeliberationRefused("quorum_seats", "quorum")


@dataclass(frozen=True)
class Voice:
    """A convened body: its group, how many seats it holds (1 or more), and where it stands; None: it has not spoken."""

    body: str
    group: str
    stance: Stance | None
    seats: int = 1
    reason: str = ""


@dataclass(frozen=True)
class Reason:
    """Why an outcome is what it is: seats counted, seats asked, and the group it speaks of."""

    why: Why
    seats: int = 0
    of: int = 0
    asked: int = 0
    group: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a rule makes of the positions: result, reasons, seats by stance, seats that have not spoken, and dissent."""

    result: Result
    reasons: tuple[Reason, ...]
    tally: Mapping[Stance, int]
    silent: int
    dissent: tuple[Voice, ...]


def check_stance(stance: Stance, reason: str) -> str:
    """The reason without spaces around it. Raises DeliberationRefused when the stance owes one and has none."""
    reason = reason.strip()
    if stance in REASON_IS_OWED and not reason:
        raise DeliberationRefused("reason", "reason_owed")
    return reason


def decide(rules: Rules, voices: Iterable[Voice]) -> Outcome:
    """What `rules` make of the positions of these bodies. The order of the voices does not matter."""
    voices = tuple(sorted(voices, key=lambda voice: voice.body))
    tally = {stance: sum(voice.seats for voice in voices if voice.stance is stance) for stance in Stance}
    spoken = sum(tally.values())
    convened = sum(voice.seats for voice in voices)
    dissent = tuple(voice for voice in voices if voice.stance in DISSENT)
    lacking = missing(rules, voices)
    if lacking:
        result, reasons = Result.NO_QUORUM, lacking
    elif not spoken:
        result, reasons = Result.NO_QUORUM, (Reason(Why.NOBODY_SPOKE, of=convened),)
    elif rules.rule is Rule.MAJORITY:
        result, reasons = _majority(rules, tally, spoken, convened)
    else:
        result, reasons = _consensus(rules.rule, tally, spoken)
    return Outcome(result, reasons, tally, convened - spoken, dissent)


def missing(rules: Rules, voices: Sequence[Voice]) -> tuple[Reason, ...]:
    """What the quorum lacks: seats at large, then groups in the order of their codes."""
    convened = sum(voice.seats for voice in voices)
    spoken = sum(voice.seats for voice in voices if voice.stance is not None)
    lacking = []
    if spoken < rules.quorum_seats:
        lacking.append(Reason(Why.SEATS_MISSING, seats=spoken, of=convened, asked=rules.quorum_seats))
    for group, asked in sorted(rules.quorum_groups.items()):
        own = [voice for voice in voices if voice.group == group]
        there = sum(voice.seats for voice in own if voice.stance is not None)
        if there < asked:
            of = sum(voice.seats for voice in own)
            lacking.append(Reason(Why.GROUP_MISSING, seats=there, of=of, asked=asked, group=group))
    return tuple(lacking)


def _consensus(rule: Rule, tally: Mapping[Stance, int], spoken: int) -> tuple[Result, tuple[Reason, ...]]:
    against = []
    if tally[Stance.BLOCK]:
        against.append(Reason(Why.BLOCKED, seats=tally[Stance.BLOCK], of=spoken))
    if tally[Stance.DISAGREE] and rule is not Rule.CONSENSUS:
        against.append(Reason(Why.DISAGREEMENT, seats=tally[Stance.DISAGREE], of=spoken))
    if rule is Rule.UNANIMITY and tally[Stance.RESERVATIONS]:
        against.append(Reason(Why.RESERVATIONS_KEPT, seats=tally[Stance.RESERVATIONS], of=spoken))
    if rule is Rule.UNANIMITY and tally[Stance.ABSTAIN]:
        against.append(Reason(Why.ABSTENTIONS, seats=tally[Stance.ABSTAIN], of=spoken))
    if not any(tally[stance] for stance in FOR):
        against.append(Reason(Why.NOBODY_FOR, of=spoken))
    if against:
        return Result.NOT_AGREED, tuple(against)
    kept = []
    if tally[Stance.RESERVATIONS]:
        kept.append(Reason(Why.RESERVATIONS_KEPT, seats=tally[Stance.RESERVATIONS], of=spoken))
    if tally[Stance.DISAGREE]:
        kept.append(Reason(Why.DISSENT_KEPT, seats=tally[Stance.DISAGREE], of=spoken))
    if kept:
        return Result.WITH_RESERVATIONS, tuple(kept)
    return Result.AGREED, (Reason(Why.ALL_AGREE, seats=tally[Stance.AGREE], of=spoken),)


def _majority(
    rules: Rules, tally: Mapping[Stance, int], spoken: int, convened: int
) -> tuple[Result, tuple[Reason, ...]]:
    sides = sum(tally[stance] for stance in SIDES)
    of = {Base.SIDES: sides, Base.PRESENT: spoken, Base.SEATS: convened}[rules.base]
    inside = sum(tally[stance] for stance in FOR)
    asked = seats_asked(rules, of)
    if not inside:
        return Result.NOT_AGREED, (Reason(Why.NOBODY_FOR, of=of),)
    if inside < asked:
        return Result.NOT_AGREED, (Reason(Why.MAJORITY_MISSED, seats=inside, of=of, asked=asked),)
    if tally[Stance.AGREE] == spoken:
        return Result.AGREED, (Reason(Why.ALL_AGREE, seats=inside, of=spoken),)
    return Result.BY_MAJORITY, (Reason(Why.MAJORITY_REACHED, seats=inside, of=of, asked=asked),)


def seats_asked(rules: Rules, of: int) -> int:
    """The fewest seats of `of` that make the majority."""
    whole = rules.share * of
    least = -(-whole.numerator // whole.denominator)
    return least + 1 if rules.more_than and whole == least else least
