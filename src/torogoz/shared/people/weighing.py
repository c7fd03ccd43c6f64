"""The one comparison of two persons (`statistics.linkage`) at the desk: of whom a form describes, or a line of words.

Its weights and rarities of names are those that are shipped: so hidden people change nothing of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from torogoz.domain.names import PARTS, PersonName, tokens
from torogoz.shared.people.duplicates import FIELDS, agreement_of
from torogoz.statistics.linkage.comparison import Comparison, Described, Holds, compare, weights_between

GIVEN1, GIVEN2, SURNAME1, SURNAME2, MARRIED = PARTS
READINGS: Mapping[int, tuple[tuple[str, ...], ...]] = {
    1: ((GIVEN1,), (SURNAME1,)),
    2: ((GIVEN1, SURNAME1), (SURNAME1, GIVEN1), (GIVEN1, GIVEN2), (SURNAME1, SURNAME2)),
    3: (
        (GIVEN1, GIVEN2, SURNAME1),
        (GIVEN1, SURNAME1, SURNAME2),
        (SURNAME1, SURNAME2, GIVEN1),
        (SURNAME1, GIVEN1, GIVEN2),
        (GIVEN1, SURNAME1, MARRIED),
    ),
    4: (
        (GIVEN1, GIVEN2, SURNAME1, SURNAME2),
        (SURNAME1, SURNAME2, GIVEN1, GIVEN2),
        (GIVEN1, GIVEN2, SURNAME1, MARRIED),
        (GIVEN1, SURNAME1, SURNAME2, MARRIED),
    ),
    5: ((GIVEN1, GIVEN2, SURNAME1, SURNAME2, MARRIED),),
}
"""By how many words there are, the parts of a name that they may be."""


@dataclass(frozen=True)
class Who:
    """Somebody as a form describes one: what a search for the same person asks by.

    birth       EDTF; empty when it is not known
    documents   kind and number of each
    """

    name: PersonName
    aliases: tuple[str, ...] = ()
    sex: str = "_U"
    birth: str = ""
    documents: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> list[str]:
        """The name on papers, and those that others use, each as one text."""
        return [name for name in (str(self.name), *self.aliases) if name]

    @property
    def birth_year(self) -> int | None:
        """The year of birth; None when it is not known."""
        return int(self.birth[:4]) if self.birth[:4].isdigit() else None

    def described(self) -> list[Described]:
        """As the comparison takes it: once by the name on papers, and by each way to read a name that others use."""
        papers = tuple(paper for paper in self.documents if paper[1])
        about = Described(sex=self.sex, birth=self.birth, documents=papers)
        own = replace(about, **{part: getattr(self.name, part) for part in PARTS})
        return [own, *(reading for alias in self.aliases for reading in readings(tokens(alias), about))]


def readings(words: Sequence[str], about: Described) -> list[Described]:
    """Whom a line of words may mean, read in every order in which people say their names; five words count.

    about   what else is known of the one who is meant
    """
    some = words[: max(READINGS)]
    return [
        replace(about, **dict(zip(parts, some, strict=True)))  # type: ignore[arg-type]  # parts of a name are text
        for parts in READINGS.get(len(some), ())
    ]


def held(one: Who, other: Who) -> Comparison:
    """The two by those of their names that agree most."""
    ones, others = one.described(), other.described()
    best = int(np.argmax(weights_between(ones, others)))
    return compare(ones[best // len(others)], others[best % len(others)])


def weights(asked: Sequence[Described], borne: Sequence[Sequence[Described]]) -> list[float]:
    """For each bearer, the weight in bits of the reading that fits best; minus infinity for one without a name."""
    every = [one for some in borne for one in some]
    owner = np.repeat(np.arange(len(borne)), [len(some) for some in borne])
    best = np.full(len(borne), -np.inf)
    if asked and every:
        np.maximum.at(best, owner, weights_between(asked, every).max(axis=0))
    found: list[float] = best.tolist()
    return found


def agreeing(comparison: Comparison) -> tuple[str, ...]:
    """What agrees, wholly or partly, as `fact.agreeing`, which `review_words` puts into words; the weightiest first."""
    return tuple(
        f"{reason.field}.{agreement_of(reason.field, reason.number, spelt=reason.spelt).value}"
        for reason in comparison.reasons
        if reason.holds is not Holds.DIFFERS and reason.field in FIELDS
    )


def differs_in(comparison: Comparison) -> Iterable[str]:
    """The fields that do not agree."""
    return (reason.field for reason in comparison.that(Holds.DIFFERS))
