"""The search for duplicates: which two stored records may be of one person, and why.

The comparison and the model are those that `statistics.linkage` ships: weights and rarity of names learnt from made-up
people, the same everywhere. So the score of two people says nothing about a third whom the officer may not see.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import product

import numpy as np
import polars as pl
from django.db import transaction
from django.db.models import Q
from numpy.typing import NDArray

from torogoz.domain.documents import fold_number
from torogoz.domain.duplicates import Agreeing, Verdict, apart
from torogoz.domain.names import PARTS, tokens
from torogoz.shared.people.merged import groups, joined
from torogoz.shared.people.models import HASHED_AS, Encounter, Identifier, Name, Pair, Person
from torogoz.shared.vault.sealing import Batch
from torogoz.statistics.linkage.blocking import pairs_within
from torogoz.statistics.linkage.comparison import spelt_same
from torogoz.statistics.linkage.impossible import born_apart, days, duis, two_duis
from torogoz.statistics.linkage.levels import Agreement, BirthLevel, NameLevel, Pairs, TextLevel, agreement
from torogoz.statistics.linkage.model import shipped
from torogoz.statistics.linkage.records import Ints, Records, prepare

LEAST = 0.0
"""Bits from which a pair is proposed: as likely one person as two."""

MOST_DOCUMENTS = 3
UNKNOWN_SEX = "_U"
NOT_KEPT = ("municipality", "mother", "phone")
"""What the model compares and a person here does not have: it counts neither for nor against."""

OTHER_NAME = (NameLevel.DIFFERENT, NameLevel.ONE_EACH, NameLevel.ONE_OF_TWO)
"""Levels at which one of the two bears a given name that the other does not: so twins and brothers are told apart."""

NAMES: Mapping[int, Agreeing] = {
    NameLevel.DIFFERENT: Agreeing.DIFFERENT,
    NameLevel.ONE_ALIKE: Agreeing.SIMILAR,
    NameLevel.ONE_OF_TWO: Agreeing.PARTLY,
    NameLevel.ONE_EACH: Agreeing.DIFFERENT,
    NameLevel.FIRST_ONLY_THERE: Agreeing.PARTLY,
    NameLevel.CROSSED_ONE: Agreeing.CROSSED,
    NameLevel.ONE_SAME_ONE_ALIKE: Agreeing.SIMILAR,
    NameLevel.BOTH_CROSSED: Agreeing.CROSSED,
    NameLevel.SAME: Agreeing.SAME,
}
BIRTHS: Mapping[int, Agreeing] = {
    BirthLevel.DIFFERENT: Agreeing.DIFFERENT,
    BirthLevel.YEAR_NEAR: Agreeing.SIMILAR,
    BirthLevel.YEAR_SAME: Agreeing.PARTLY,
    BirthLevel.YEAR_AND_PART: Agreeing.PARTLY,
    BirthLevel.DAY_OF_ANOTHER_YEAR: Agreeing.SIMILAR,
    BirthLevel.DAY_OFF: Agreeing.SIMILAR,
    BirthLevel.SWAPPED: Agreeing.CROSSED,
    BirthLevel.PARTIAL: Agreeing.PARTLY,
    BirthLevel.SAME: Agreeing.SAME,
}
TEXTS: Mapping[int, Agreeing] = {
    TextLevel.DIFFERENT: Agreeing.DIFFERENT,
    TextLevel.ALIKE: Agreeing.SIMILAR,
    TextLevel.NEAR: Agreeing.SIMILAR,
    TextLevel.SAME: Agreeing.SAME,
    TextLevel.TWO_VALID: Agreeing.DIFFERENT,
}
FIELDS: dict[str, Mapping[int, Agreeing]] = {
    "given": NAMES,
    "family": NAMES,
    "birth": BIRTHS,
    "document": TEXTS,
    "sex": TEXTS,
    "married": TEXTS,
}


@dataclass(frozen=True)
class Found:
    """How likely two people are one, 0 to 100, and how far each fact agrees, as `fact.agreeing`."""

    score: int
    reasons: tuple[str, ...]


@transaction.atomic
def find_duplicates(*, now: datetime) -> int:
    """Look at everybody once more, and keep the pairs that are likely; how many are open for a decision.

    A pair that was decided keeps its decision. Two records that were decided to be of two people are not proposed
    again, whatever they are merged with. A pair that is open and no longer likely is taken away.
    """
    into = joined()
    decided = Pair.objects.filter(verdict=Verdict.DIFFERENT.value).values_list("first", "second")
    never = apart(decided, into)
    likely = {pair: found for pair, found in compared().items() if pair not in never}
    stored = {(row.first_id, row.second_id): row for row in Pair.objects.all()}
    Pair.objects.filter(
        pk__in=[row.pk for pair, row in stored.items() if not row.verdict and pair not in likely]
    ).delete()
    _keep({pair: found for pair, found in likely.items() if pair not in stored}, now)
    for pair, found in likely.items():
        row = stored.get(pair)
        if row is not None and (row.score, row.reasons) != (found.score, list(found.reasons)):
            row.score, row.reasons, row.found_at = found.score, list(found.reasons), now
            row.save(update_fields=["score", "reasons", "found_at"])
    return sum(pair not in stored or not stored[pair].verdict for pair in likely)


def find_same_document(person: Person, *, now: datetime) -> None:
    """Open at once the pairs of a person with whoever bears a document of hers: no night is waited for.

    Who saved the document is told nothing: a pair is seen by who may see both people. Part of the caller's transaction.
    """
    batch = Batch()
    numbers = [one.number_seen(batch) for one in Identifier.objects.filter(person=person).select_related("institution")]
    hashes = {one for number in numbers if number for one in batch.keyed_hashes(HASHED_AS, fold_number(number))}
    same = set(Identifier.objects.filter(hashed__in=hashes).exclude(person=person).values_list("person", flat=True))
    if not same:
        return
    never = apart(Pair.objects.filter(verdict=Verdict.DIFFERENT.value).values_list("first", "second"), joined())
    likely = compared({person.pk, *same})
    _keep({pair: found for pair, found in likely.items() if pair not in never and person.pk in pair}, now)


def _keep(likely: Mapping[tuple[int, int], Found], now: datetime) -> None:
    """Keep the pairs; one that is there already, or that somebody keeps at this moment, stays as it is."""
    Pair.objects.bulk_create(
        (
            Pair(first_id=low, second_id=high, score=found.score, reasons=list(found.reasons), found_at=now)
            for (low, high), found in sorted(likely.items())
        ),
        ignore_conflicts=True,
    )


def compared(among: Collection[int] | None = None) -> dict[tuple[int, int], Found]:
    """The likely pairs of the people who were met at all, by their numbers, the smaller first.

    among   numbers of the people who are compared; None compares everybody
    Two who have valid DUIs and none in common are not proposed. Nor are, without a document in common, two born more
    than three years apart, or who bear another given name: the model takes twins for one person when it knows neither
    mother nor place.
    """
    rows = list(_rows(among))
    if len(rows) < 2:
        return {}
    people = np.array([person for person, _ in rows], dtype=np.int64)
    records = prepare(pl.DataFrame([fields for _, fields in rows]))
    one, other = pairs_within(records)
    two = people[one] != people[other]
    one, other = one[two], other[two]
    model = shipped()
    found = agreement(records, records, (one, other), model.rarity_in(records.words))
    told = Agreement({field: found.levels[field] for field in model.weights.states}, model.weights.states)
    bits = model.weights.of(told.codes())
    known_duis = _duis(people, records)
    best: dict[tuple[int, int], Found] = {}
    for place in np.flatnonzero((bits >= LEAST) & ~_apart(records, one, other, found)).tolist():
        first, second = sorted((int(people[one[place]]), int(people[other[place]])))
        if (
            first in known_duis
            and second in known_duis
            and two_duis(known_duis[first][:, None], known_duis[second]).all()
        ):
            continue
        score = min(99, max(1, round(100 / (1 + 2 ** -float(bits[place])))))
        known = best.get((first, second))
        if known is None or known.score < score:
            levels = {field: int(found.levels[field][place]) for field in FIELDS}
            best[first, second] = Found(score, tuple(_reasons(levels, rows[one[place]][1], rows[other[place]][1])))
    return best


def _duis(people: Pairs, records: Records) -> dict[int, Ints]:
    """By person, the valid DUIs that are known."""
    numbers = duis(records)
    known: dict[int, set[int]] = {}
    for place in np.flatnonzero(numbers).tolist():
        known.setdefault(int(people[place]), set()).add(int(numbers[place]))
    return {person: np.array(sorted(found), dtype=np.int32) for person, found in known.items()}


def _apart(records: Records, one: Pairs, other: Pairs, found: Agreement) -> NDArray[np.bool_]:
    """Whether years of birth are too far apart for a slip, or a given name is another, and no document agrees."""
    year, day = records.year, days(records)
    apart_in_years = born_apart(year[one], year[other], day[one], day[other])
    another = np.isin(found.levels["given"], OTHER_NAME)
    alike = np.isin(found.levels["document"], (TextLevel.SAME, TextLevel.NEAR))
    return np.asarray((apart_in_years | another) & ~alike)


def agreement_of(field: str, level: int, *, spelt: bool) -> Agreeing:
    """How far a field agrees at this level; `spelt`, whether it is written the same. UNKNOWN when one lacks it."""
    agreeing = FIELDS[field].get(level, Agreeing.UNKNOWN)
    return Agreeing.SOUNDS if agreeing is Agreeing.SAME and not spelt else agreeing


def _reasons(levels: Mapping[str, int], one: Mapping[str, str], other: Mapping[str, str]) -> Iterator[str]:
    for field in FIELDS:
        agreeing = agreement_of(field, levels[field], spelt=spelt_same(field, one, other))
        if agreeing is not Agreeing.UNKNOWN:
            yield f"{field}.{agreeing.value}"


def _rows(among: Collection[int] | None) -> Iterator[tuple[int, dict[str, str]]]:
    """What is compared of each person who was met: a row per name and document."""
    merged = groups(joined())
    of, whose = Q(), Q()
    if among is not None:
        whole = {*among, *(one for each in among for one in merged.get(each, []))}
        of, whose = Q(pk__in=whole), Q(person__in=whole)
    met = set(Encounter.objects.filter(whose).values_list("person", flat=True).distinct())
    people = {pk: (birth, sex) for pk, birth, sex in Person.objects.filter(of).values_list("pk", "birth", "sex")}
    names: dict[int, list[Name]] = {}
    for name in Name.objects.filter(whose).order_by("pk"):
        names.setdefault(name.person_id, []).append(name)
    documents: dict[int, list[tuple[str, str]]] = {}
    batch = Batch()
    for document in Identifier.objects.filter(whose).select_related("institution").order_by("pk"):
        if number := document.number_seen(batch):
            documents.setdefault(document.person_id, []).append((document.kind, number))
    for person in sorted(met):
        group = [person, *merged.get(person, [])]
        borne = [_parts(name) for each in group for name in names.get(each, [])]
        # A document that stayed on a merged record is one that the record which stands had too, corrected since or not.
        papers = documents.get(person, [])[:MOST_DOCUMENTS] or [("", "")]
        births = list(dict.fromkeys(people[each][0] for each in group))
        sex = people[person][1]
        for parts, (kind, number), birth in product(filter(None, borne), papers, births):
            yield (
                person,
                {
                    "id": str(person),
                    **parts,
                    "birth": birth,
                    "sex": "" if sex == UNKNOWN_SEX else sex,
                    "document_kind": kind,
                    "document": number,
                    **dict.fromkeys(NOT_KEPT, ""),
                },
            )


def _parts(name: Name) -> dict[str, str]:
    """The parts of a name; an alias of several words has its first for a given name, and its last for a surname."""
    if name.kind == Name.Kind.MAIN:
        return {part: getattr(name, part) for part in PARTS}
    words = tokens(name.alias)
    if len(words) < 2:
        return {}
    return {**dict.fromkeys(PARTS, ""), "given1": words[0], "surname1": words[-1]}
