"""How alike somebody who is registered is to what was asked: word by word, from 0 to 100, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from rapidfuzz.distance import OSA

from torogoz.domain.names import PersonName, tokens, tokens_of
from torogoz.domain.sounds import also_called, sound
from torogoz.shared.people.weighing import Who
from torogoz.statistics.linkage.comparison import Described

YEARS_OFF = 2

# Given names that so many bear that they tell little by themselves; they weigh less than other words.
COMMON = frozenset({"jose", "maria", "juan", "ana", "luis", "carlos", "jesus", "antonio", "francisco", "manuel"})


class Reason(StrEnum):
    """Why somebody was found, in words of the page's own."""

    SAME_DOCUMENT = "same_document"
    NEAR_DOCUMENT = "near_document"
    SAME_NAMES = "same_names"
    SAME_SURNAMES = "same_surnames"
    SOME_NAMES = "some_names"
    SOUNDS_ALIKE = "sounds_alike"
    SHORT_NAME = "short_name"
    MISSPELT = "misspelt"
    KNOWN_AS = "known_as"
    SAME_BIRTH_YEAR = "same_birth_year"
    NEAR_BIRTH_YEAR = "near_birth_year"


@dataclass
class Bearer:
    """Somebody whom the index gave: the names to compare, the year of birth (0 unknown), the documents."""

    name: PersonName = field(default_factory=PersonName)
    aliases: list[str] = field(default_factory=list)
    year: int = 0
    documents: list[str] = field(default_factory=list)

    def described(self) -> list[Described]:
        """As the comparison of two persons takes it, without documents."""
        return Who(self.name, tuple(self.aliases), birth=str(self.year or "")).described()


class Comparison:
    """What was asked, held against one bearer after another; what two words have in common is worked out once."""

    def __init__(self, words: Sequence[str], number: str, year: int | None) -> None:
        self.words = words
        self.number = number
        self.year = year
        self._known: dict[tuple[str, str], tuple[float, Reason | None]] = {}

    def with_bearer(self, bearer: Bearer) -> tuple[int, tuple[Reason, ...]]:
        """How alike, from 0 to 100, and why."""
        score, reasons = self._names(bearer) if self.words else (0.0, [])
        if self.number:
            off = min((OSA.distance(self.number, other, score_cutoff=1) for other in bearer.documents), default=2)
            if off < 2:
                score += 20 if off else 40 if self.words else 100
                reasons.insert(0, Reason.NEAR_DOCUMENT if off else Reason.SAME_DOCUMENT)
        if self.year and bearer.year:
            off = abs(self.year - bearer.year)
            score += {0: 15, 1: 10, 2: 6}.get(off, -10)
            if off <= YEARS_OFF:
                reasons.append(Reason.NEAR_BIRTH_YEAR if off else Reason.SAME_BIRTH_YEAR)
        return max(0, min(100, round(score))), tuple(dict.fromkeys(reasons))

    def _names(self, bearer: Bearer) -> tuple[float, list[Reason]]:
        """Points for the words: all of them as written give 85."""
        borne = tokens_of(bearer.name, bearer.aliases)
        pairs = sorted(
            (
                (alike, ours, theirs, why)
                for ours, word in enumerate(self.words)
                for theirs, other in enumerate(borne)
                for alike, why in (self._alike(word, other),)
                if alike
            ),
            key=lambda pair: (-pair[0], pair[1], pair[2]),
        )
        matched: dict[int, float] = {}
        taken: set[int] = set()
        whys: list[Reason] = []
        exact: set[str] = set()
        for alike, ours, theirs, why in pairs:
            if ours in matched or theirs in taken:
                continue
            matched[ours] = alike
            taken.add(theirs)
            if why:
                whys.append(why)
            else:
                exact.add(borne[theirs])
        weights = [0.6 if word in COMMON else 1.0 for word in self.words]
        share = sum(weights[ours] * alike for ours, alike in matched.items()) / sum(weights)
        left_over = len(borne) - len(taken)
        return 85 * share - 2 * left_over, [*_exact_reasons(self.words, exact, bearer), *whys]

    def _alike(self, word: str, other: str) -> tuple[float, Reason | None]:
        """How alike two words are, from 0 to 1, and why if they are not the same."""
        known = self._known.get((word, other))
        if known is None:
            known = self._known[word, other] = _compare(word, other)
        return known


def _compare(word: str, other: str) -> tuple[float, Reason | None]:
    if word == other:
        return 1.0, None
    if sound(word) == sound(other):
        return 0.95, Reason.SOUNDS_ALIKE
    if other in also_called(word):
        return 0.9, Reason.SHORT_NAME
    if len(word) == 1 or len(other) == 1:
        return (0.5, Reason.SHORT_NAME) if word[0] == other[0] else (0.0, None)
    most = letters_off(min(word, other, key=len))
    off = min(OSA.distance(word, other, score_cutoff=most), OSA.distance(sound(word), sound(other), score_cutoff=most))
    if most and off <= most:
        return (0.85 if off <= 1 else 0.7), Reason.MISSPELT
    return 0.0, None


def _exact_reasons(words: Sequence[str], exact: set[str], bearer: Bearer) -> Iterator[Reason]:
    surnames = set(tokens(f"{bearer.name.surname1} {bearer.name.surname2}"))
    if len(words) > 1 and len(exact) == len(words):
        yield Reason.SAME_NAMES
    elif surnames and surnames <= exact:
        yield Reason.SAME_SURNAMES
    elif exact:
        yield Reason.SOME_NAMES
    if exact & {word for alias in bearer.aliases for word in tokens(alias)} - set(tokens_of(bearer.name)):
        yield Reason.KNOWN_AS


def letters_off(word: str) -> int:
    """How many letters may be wrong in a word: none in a short one, where every letter makes another name."""
    return 0 if len(word) < 4 else 1 if len(word) < 9 else 2
