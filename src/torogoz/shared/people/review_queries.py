"""What may be read of pairs that may be one person, and of merges: only by who may see both."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from torogoz.domain.access import REFUSED, Decision, Verb
from torogoz.domain.documents import fold_number
from torogoz.domain.duplicates import Agreeing, Verdict
from torogoz.domain.letters import fold
from torogoz.domain.names import PARTS
from torogoz.domain.sections import IDENTITY
from torogoz.domain.sounds import also_called, sound
from torogoz.shared.institutions.access import at, may, postings, visible
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.models import Encounter, Pair, PairDecision, Person
from torogoz.shared.people.queries import IdentitySeen, encounters_seen_by, identity_seen_by, names_of, subject_of

MOST_PAIRS = 100


@dataclass(frozen=True)
class PairSeen:
    """A pair in a list: the names of both, by which they are called."""

    pair: Pair
    first: str
    second: str


@dataclass(frozen=True)
class Compared:
    """One fact of two people, side by side: its code, what each has (several texts), and how far that agrees."""

    fact: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    agreeing: Agreeing


@dataclass(frozen=True)
class Side:
    """One of the two people of a pair: who that is, as far as it is open, and the encounters that are."""

    person: Person
    name: str
    identity: IdentitySeen
    encounters: tuple[Encounter, ...]


@dataclass(frozen=True)
class PairCompared:
    """A pair on its own page. `may_decide` is for who may write who both are."""

    pair: Pair
    first: Side
    second: Side
    facts: tuple[Compared, ...]
    decisions: tuple[PairDecision, ...]
    may_decide: bool


def reviewer(officer: Officer, now: datetime) -> Decision:
    """On what ground the officer reviews duplicates: as one who may write who a person is, at an own office."""
    for posting in postings(officer, now):
        if decision := may(officer, Verb.CREATE, at(posting.office), IDENTITY, now):
            return decision
    return REFUSED


def pairs_seen_by(officer: Officer, now: datetime, verdict: Verdict | None = None) -> QuerySet[Pair]:
    """The pairs of which the officer may list both people; without `verdict` those that nobody decided yet.

    A pair of which one person is hidden is not there: not in the list, not in its length.
    """
    if not reviewer(officer, now):
        return Pair.objects.none()
    return Pair.objects.filter(_both(officer, now), verdict=verdict.value if verdict else "").order_by("-score", "pk")


def shown(pairs: QuerySet[Pair]) -> list[PairSeen]:
    """The first of these pairs, with the names of both."""
    found = pairs.select_related("first", "second").prefetch_related("first__names", "second__names")
    return [PairSeen(pair, called(pair.first), called(pair.second)) for pair in found[:MOST_PAIRS]]


def pair_seen_by(officer: Officer, key: UUID | str, now: datetime) -> PairCompared | None:
    """The pair with this key, compared; None when the officer may not know that there is one."""
    if not reviewer(officer, now):
        return None
    pair = Pair.objects.filter(_both(officer, now), key=key).select_related("first", "second").first()
    if pair is None:
        return None
    first, second = (_side(officer, person, now) for person in (pair.first, pair.second))
    return PairCompared(
        pair=pair,
        first=first,
        second=second,
        facts=tuple(_facts(first.identity, second.identity)),
        decisions=tuple(pair.decisions.select_related("decided_by", "institution").order_by("-pk")),
        may_decide=bool(may_decide(officer, pair, now)),
    )


def pair_of(officer: Officer, person: Person, other: UUID, now: datetime) -> Pair | None:
    """The pair of a person and another (a key); None when the officer may not know that there is one."""
    if not reviewer(officer, now):
        return None
    both = Q(first=person, second__key=other) | Q(second=person, first__key=other)
    return Pair.objects.filter(_both(officer, now), both).first()


def may_decide(officer: Officer, pair: Pair, now: datetime) -> Decision:
    """On what ground the officer may decide on a pair: that of who may write who both people are."""
    both = [may(officer, Verb.EDIT, subject_of(person), IDENTITY, now) for person in (pair.first, pair.second)]
    return both[0] if all(both) else REFUSED


def called(person: Person) -> str:
    """The name on papers, else the first by which the person is known; or empty."""
    name, aliases = names_of(person)
    return str(name) or next(iter(aliases), "")


def _both(officer: Officer, now: datetime) -> Q:
    """The condition that both people of a pair are within the officer's lists."""
    seen = Encounter.objects.filter(visible(officer, Verb.LIST, now, through="", section=IDENTITY)).values("person")
    return Q(first__in=seen, second__in=seen)


def _side(officer: Officer, person: Person, now: datetime) -> Side:
    whole = Person.objects.prefetch_related("names", "identifiers__institution").get(pk=person.pk)
    return Side(
        person=whole,
        name=called(whole),
        identity=identity_seen_by(officer, whole, now),
        encounters=tuple(encounters_seen_by(officer, whole, now)),
    )


def _facts(first: IdentitySeen, second: IdentitySeen) -> list[Compared]:
    """The facts side by side, those that neither has left out."""
    told = [
        *((part, _one(getattr(first.name, part)), _one(getattr(second.name, part))) for part in PARTS),
        ("aliases", first.aliases, second.aliases),
        ("birth", _one(first.birth), _one(second.birth)),
        ("sex", _one(first.sex, "_U"), _one(second.sex, "_U")),
        ("nationality", _one(first.nationality, "_U"), _one(second.nationality, "_U")),
    ]
    facts = [Compared(fact, one, other, agreeing(one, other)) for fact, one, other in told if one or other]
    kinds = dict.fromkeys(document.kind for document in (*first.documents, *second.documents))
    for kind in kinds:
        one, other = ({document.number for document in of.documents if document.kind == kind} for of in (first, second))
        folded = [{fold_number(number) for number in numbers if number} for numbers in (one, other)]
        if folded[0] and folded[1]:
            alike = Agreeing.SAME if folded[0] & folded[1] else Agreeing.DIFFERENT
        else:
            alike = Agreeing.UNKNOWN
        facts.append(Compared(f"document:{kind}", tuple(sorted(one)), tuple(sorted(other)), alike))
    return facts


def agreeing(one: tuple[str, ...], other: tuple[str, ...]) -> Agreeing:
    """How far two answers agree as they are written, accents and capitals aside: a date that says less agrees partly,
    a word that sounds the same, or a short name of the other, is similar."""
    if not one or not other:
        return Agreeing.UNKNOWN
    ours, theirs = ({fold(text) for text in texts} for texts in (one, other))
    if ours == theirs:
        return Agreeing.SAME
    if ours & theirs or any(a.startswith(f"{b}-") or b.startswith(f"{a}-") for a in ours for b in theirs):
        return Agreeing.PARTLY
    if _spoken(ours) & _sounds(theirs) or _sounds(ours) & _spoken(theirs):
        return Agreeing.SIMILAR
    return Agreeing.DIFFERENT


def _sounds(words: Iterable[str]) -> set[str]:
    return {sound(word) for word in words} - {""}


def _spoken(words: Iterable[str]) -> set[str]:
    """How the words sound, and the names that they are short for."""
    return _sounds(text for word in words for text in (word, *also_called(word)))


def _one(text: str, unknown: str = "") -> tuple[str, ...]:
    return (text,) if text and text != unknown else ()
