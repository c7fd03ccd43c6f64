"""Search before create: who, among the people that may be seen, is likeliest the one described.

Three steps. The words of the query are widened: to what sounds alike, to short names, to words one letter off. The
index gives those who share three of the sounds, or two and about the year of birth, or the document. The few hundred
who share most are compared word by word with what was asked, and ranked; of those whose words say as much, the
comparison of two persons (`weighing.py`) says who comes first.

Whoever may not be seen is left out inside the first query of the database, nothing is weighed by how often a name
occurs, and what is near a misspelt word is read from sounds alone: so hidden people change neither the results, nor
their order, nor their scores.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, product
from threading import Lock
from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Max, OuterRef, QuerySet, Subquery
from django.db.models.lookups import IsNull
from rapidfuzz import process
from rapidfuzz.distance import OSA

from torogoz.domain.documents import fold_number
from torogoz.domain.names import PersonName, tokens
from torogoz.domain.sounds import also_called, sound
from torogoz.shared.people.among import among
from torogoz.shared.people.index import key_of
from torogoz.shared.people.likeness import YEARS_OFF, Bearer, Comparison, Reason, letters_off
from torogoz.shared.people.merged import inside_of
from torogoz.shared.people.models import HASHED_AS, Encounter, Identifier, Name, Person, Posting, Word
from torogoz.shared.people.weighing import readings, weights
from torogoz.shared.vault.sealing import Batch, keyed_hashes
from torogoz.statistics.linkage.comparison import Described

MOST_WORDS = 6
COMPARED = 200
SETTLED = 60
SURE = 85
LIKELY = 60
NEVER = 101
LEAST_SCORE = 30


class Document(NamedTuple):
    """A document as it is shown beside a candidate."""

    kind: str
    number: str


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be the one described; `score` from 0 to 100, `reasons` the strongest first.

    A reason is a `likeness.Reason`, or, of whom a form describes, what agrees as `fact.agreeing`.
    """

    key: UUID
    name: PersonName
    aliases: tuple[str, ...]
    sex: str
    birth: str
    nationality: str
    documents: tuple[Document, ...]
    last_met_at: datetime
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Sought:
    """One word of the query, with the sounds that stand for it and those of words one or two letters off."""

    word: str
    near: frozenset[str]
    far: frozenset[str]


class Ranked(NamedTuple):
    """Somebody compared with what was asked; of equals the first recorded comes first."""

    person: int
    score: int
    reasons: tuple[Reason, ...]
    bearer: Bearer

    def order(self) -> tuple[bool, int, int, int]:
        """What sorts the likeliest first: whoever has the very document comes before any name."""
        return Reason.SAME_DOCUMENT not in self.reasons, -self.score, -len(self.reasons), self.person


class Step(NamedTuple):
    """One more look into the index: how many words must be shared, about which year, and when it is needless.

    needless_at   the score that somebody who was found already must have
    """

    shared: int
    year: int | None = None
    needless_at: int = NEVER


class Dictionary:
    """The sounds that occur in names, in memory: a few tens of thousands for a country.

    Whether a sound is near a word is read from the two alone, never from how somebody's name is spelt: so a name that
    the officer may not see makes no other name near (tests/access/test_leaks.py).
    """

    # A number is taken before its transaction ends, so a smaller one may appear after a larger: look back this far.
    LOOK_BACK = 500

    def __init__(self) -> None:
        self._lock = Lock()
        self._last = 0
        self._sounds: dict[str, None] = {}
        self._near: dict[str, frozenset[str]] = {}

    def refresh(self) -> None:
        """Take in the words that were written since the last search."""
        with self._lock:
            newest = Word.objects.aggregate(last=Max("pk"))["last"] or 0
            if newest < self._last:  # another database, or one that was restored
                self._last, self._sounds, self._near = 0, {}, {}
            if newest > self._last or newest < self.LOOK_BACK:
                fresh = Word.objects.filter(pk__gt=self._last - self.LOOK_BACK).order_by("pk")
                self._sounds = self._sounds | dict.fromkeys(map(sound, fresh.values_list("text", flat=True)))
                self._last, self._near = newest, {}

    def sounds_near(self, word: str) -> frozenset[str]:
        """The sounds that are a letter or two off how `word` sounds."""
        near = self._near.get(word)
        if near is None:
            off = letters_off(word)
            known = process.extract(sound(word), list(self._sounds), scorer=OSA.distance, score_cutoff=off, limit=None)
            near = self._near[word] = frozenset(other for other, _, _ in known) if off else frozenset()
        return near


DICTIONARY = Dictionary()


def found(
    visible: QuerySet[Encounter], *, name: str, document: str, birth_year: int | None, limit: int
) -> list[Candidate]:
    """The likeliest people of the `visible` encounters, the likeliest first."""
    words = tokens(name)[:MOST_WORDS]
    number = fold_number(document)
    if not words and not number:
        return []
    compare = Comparison(words, number, birth_year)
    people = set(_with_document(visible, number)) if number else set()
    ranked = sorted(_ranked(people, compare), key=Ranked.order)
    sought = _widened(words) if words else []
    for step in _steps(len(words), birth_year):
        if any(each.score >= step.needless_at for each in ranked):
            break
        fresh = _sharing(visible, _keys(sought, step.shared), step.year) - people
        ranked = sorted([*ranked, *_ranked(fresh, compare)], key=Ranked.order)
        people |= fresh
    return _shown(visible, _settled(ranked, words, birth_year, limit))


def _settled(ranked: list[Ranked], words: Sequence[str], year: int | None, limit: int) -> list[Ranked]:
    """The first of these; those of one score in the order in which the comparison of two persons has them."""
    if len(ranked) < 2 or not words:
        return ranked[:limit]
    last = ranked[min(limit, len(ranked)) - 1].score
    close = [each for each in ranked[:SETTLED] if each.score >= last or Reason.SAME_DOCUMENT in each.reasons]
    bits = weights(readings(words, Described(birth=str(year or ""))), [each.bearer.described() for each in close])
    settled = zip(close, bits, strict=True)
    ordered = sorted(settled, key=lambda each: (*each[0].order()[:2], -each[1], *each[0].order()[2:]))
    return [each for each, _ in ordered[:limit]]


def _steps(words: int, year: int | None) -> Iterator[Step]:
    """Three words shared; or two and about the year; or two; or, when no more was said, what was said."""
    if words > 2:
        yield Step(3)
        if year:
            yield Step(2, year, needless_at=SURE)
        yield Step(2, needless_at=LIKELY)
    elif words:
        if year:
            yield Step(words, year)
        if words == 2 or not year:
            yield Step(words)


def _widened(words: Sequence[str]) -> list[Sought]:
    DICTIONARY.refresh()
    widened = []
    for word in words:
        near = frozenset({sound(word), *(sound(other) for other in also_called(word))})
        widened.append(Sought(word, near, DICTIONARY.sounds_near(word) - near))
    return widened


def _keys(sought: Sequence[Sought], size: int) -> set[int]:
    """The keys of any `size` of the words, of which at most one is misspelt."""
    keys: set[int] = set()
    for chosen in combinations(sought, size):
        near = [word.near for word in chosen]
        keys.update(key_of(sounds) for sounds in product(*near))
        for place, word in enumerate(chosen):
            keys.update(key_of(sounds) for sounds in product(*near[:place], word.far, *near[place + 1 :]))
    return keys


def _with_document(visible: QuerySet[Encounter], number: str) -> Iterator[int]:
    same = Identifier.objects.filter(_seen(visible), hashed__in=keyed_hashes(HASHED_AS, number))
    return same.values_list("person_id", flat=True).iterator()


def _seen(visible: QuerySet[Encounter]) -> IsNull:
    """The condition that a row's person has a visible encounter, looked up row by row.

    As an EXISTS, PostgreSQL would at times read every visible encounter of the country first.
    """
    return IsNull(Subquery(visible.filter(person=OuterRef("person")).values("person")[:1]), False)


def _sharing(visible: QuerySet[Encounter], keys: Iterable[int], year: int | None = None) -> set[int]:
    """Those of the visible who share most of these keys, a few hundred at most.

    The database orders everybody by what is shared, and asks of each in that order whether an encounter is visible,
    until enough are: so the condition stands before the limit, and is not asked of thousands for the sake of hundreds.
    OFFSET 0 keeps the planner from asking it first after all.
    """
    postings = Posting.objects.filter(among("key", keys))
    if year:
        postings = postings.filter(year__range=(year - YEARS_OFF, year + YEARS_OFF))
    shared = postings.values("person_id").annotate(shared=Count("key")).order_by("-shared", "person_id")
    try:
        sharing, these = shared.query.sql_with_params()
        seen, those = visible.order_by().values("person_id").query.sql_with_params()
    except EmptyResultSet:  # an officer who may see nobody
        return set()
    fence = "OFFSET 0" if connection.vendor == "postgresql" else "LIMIT -1 OFFSET 0"
    sql = (
        f"SELECT ranked.person_id FROM ({sharing} {fence}) AS ranked WHERE (SELECT seen.person_id FROM ({seen}) "
        "AS seen WHERE seen.person_id = ranked.person_id LIMIT 1) IS NOT NULL LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*these, *those, COMPARED])
        return {person for (person,) in cursor.fetchall()}


def _ranked(people: set[int], compare: Comparison) -> Iterator[Ranked]:
    """These people with scores and reasons; who is hardly alike, and has another document, is left out."""
    for person, bearer in _bearers(people, compare.number).items():
        score, reasons = compare.with_bearer(bearer)
        if score >= LEAST_SCORE or Reason.SAME_DOCUMENT in reasons:
            yield Ranked(person, score, reasons, bearer)


def _bearers(people: set[int], number: str) -> dict[int, Bearer]:
    bearers = {person: Bearer() for person in people}
    names = Name.objects.filter(person__in=people).order_by("pk")
    columns = ("person_id", "person__birth", "kind", "alias", "given1", "given2", "surname1", "surname2", "married")
    for person, birth, kind, alias, *parts in names.values_list(*columns):
        bearers[person].year = int(birth[:4]) if birth else 0
        if kind == Name.Kind.MAIN:
            bearers[person].name = PersonName(*parts)
        else:
            bearers[person].aliases.append(alias)
    for merged, person in inside_of(people):
        bearers[person].aliases.extend(_called(merged))
        bearers[person].year = bearers[person].year or int(merged.birth[:4] or 0)
    if number:
        batch = Batch()
        same = batch.keyed_hashes(HASHED_AS, number)
        for document in Identifier.objects.filter(person__in=people).select_related("institution"):
            # The same number is known by its hash: it is found even if the key that sealed it is lost.
            known = number if bytes(document.hashed) in same else fold_number(document.number_seen(batch))
            bearers[document.person_id].documents.append(known)
    return bearers


def _called(person: Person) -> list[str]:
    """Every name of a person, each as one text."""
    return [str(row.as_person_name()) if row.kind == Name.Kind.MAIN else row.alias for row in person.names.all()]


def _shown(visible: QuerySet[Encounter], ranked: Sequence[Ranked]) -> list[Candidate]:
    """What is shown of the ranked people. The visible encounters are asked once more, so that no slip shows another."""
    keys = [each.person for each in ranked]
    met = dict(
        visible.filter(person__in=keys)
        .values("person_id")
        .annotate(last=Max("occurred_at"))
        .values_list("person_id", "last")
    )
    people = {
        person.pk: person
        for person in Person.objects.filter(pk__in=met).prefetch_related("names", "identifiers__institution")
    }
    merged: dict[int, list[str]] = {}
    for one, person_in in inside_of(list(met)):
        merged.setdefault(person_in, []).extend(_called(one))
    candidates, batch = [], Batch()
    for each in ranked:
        if person := people.get(each.person):
            rows = list(person.names.all())
            main = next((row.as_person_name() for row in rows if row.kind == Name.Kind.MAIN), PersonName())
            known_as = [row.alias for row in rows if row.kind == Name.Kind.ALIAS]
            candidates.append(
                Candidate(
                    key=person.key,
                    name=main,
                    aliases=tuple(dict.fromkeys([*known_as, *merged.get(person.pk, [])])),
                    sex=person.sex,
                    birth=person.birth,
                    nationality=person.nationality,
                    documents=tuple(Document(one.kind, one.number_seen(batch)) for one in person.identifiers.all()),
                    last_met_at=met[each.person],
                    score=each.score,
                    reasons=each.reasons,
                )
            )
    return candidates
