"""The search index: which person bears which one, two or three sounds. Written with the person, in one transaction.

A posting's key stands for a set of sounds, whatever their order: the sum of their hashes. Triples find a person with
one word wrong among four at the cost of a few rows, however common the names; pairs do so together with the year.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, islice
from typing import Any, TypeVar

import numpy as np
from django.db import connection, transaction

from torogoz.domain.names import tokens_of
from torogoz.domain.sounds import sound
from torogoz.shared.people.merged import joined, merged_into
from torogoz.shared.people.models import Name, Person, Posting, Word

MOST_SOUNDS = 8
"""Sounds of one person that are indexed: 92 postings at the very most, 14 for two given names and two surnames."""

BATCH = 250_000
Progress = Callable[[int, int], None]
Rows = np.ndarray[Any, np.dtype[np.int64]]
Item = TypeVar("Item")


@dataclass(frozen=True)
class Entry:
    """What the index keeps of one person: its number, the words of its names, its year of birth or 0."""

    person: int
    words: tuple[str, ...]
    year: int


@lru_cache(maxsize=262_144)
def hash_of(sounds_like: str) -> int:
    """64 bits that stand for a sound, the same on every machine."""
    return int.from_bytes(hashlib.blake2b(sounds_like.encode(), digest_size=8).digest(), "big")


def key_of(sounds: Iterable[str]) -> int:
    """The key of a set of sounds, signed as databases keep it."""
    total = sum(hash_of(each) for each in sounds) % 2**64
    return total - 2**64 if total >= 2**63 else total


def sounds_of(words: Iterable[str]) -> tuple[str, ...]:
    """The sounds of these words, each once, as many as are indexed."""
    return tuple(dict.fromkeys(sound(word) for word in words))[:MOST_SOUNDS]


def keys_of(words: Iterable[str]) -> list[int]:
    """The keys under which a person with these words is found."""
    sounds = sounds_of(words)
    return list(dict.fromkeys(key_of(each) for size in (1, 2, 3) for each in combinations(sounds, size)))


def words_of(person: Person) -> tuple[str, ...]:
    """The words by which a stored person is found: those of the name and of the names that others use."""
    return _words(person.names.all())


def write(person: Person) -> None:
    """Let `person` be found by its names, and by those of the records that were merged into it."""
    for entry in entries_of(person):
        _add(entry)


def erase(person: Person) -> None:
    """Take away what `write` wrote; the names and the merges are those of then."""
    for entry in entries_of(person):
        _remove(entry)


def add(person: Person, words: tuple[str, ...]) -> None:
    """Let `person` be found by `words`. Part of the transaction that writes the names."""
    _add(Entry(person.pk, words, _year(person)))


def remove(person: Person, words: tuple[str, ...]) -> None:
    """Take away what `add` wrote for the same words and year of birth."""
    _remove(Entry(person.pk, words, _year(person)))


def entries_of(person: Person) -> list[Entry]:
    """What the index keeps of a person and of the records merged into it: an entry for each year of birth said."""
    by_year: dict[int, dict[str, None]] = {}
    for one in (person, *merged_into(person)):
        by_year.setdefault(_year(one), {}).update(dict.fromkeys(words_of(one)))
    return [Entry(person.pk, tuple(words), year) for year, words in by_year.items()]


def entries() -> Iterator[Entry]:
    """An entry for every stored person, for `index_people`."""
    into = joined()
    merged, survivors = set(into), set(into.values())
    people = Person.objects.prefetch_related("names").order_by("pk")
    for person in people.iterator(chunk_size=2000):
        if person.pk in survivors - merged:
            yield from entries_of(person)
        elif person.pk not in merged:
            yield Entry(person.pk, words_of(person), _year(person))


@transaction.atomic
def rebuild(progress: Progress | None = None) -> int:
    """Forget the index and write it again from the stored names; how many people it finds."""
    Posting.objects.all().delete()
    return index_people(entries(), total=Person.objects.count(), progress=progress)


@transaction.atomic
def index_people(people: Iterable[Entry], *, total: int, progress: Progress | None = None) -> int:
    """Index many people who are not in the index yet; how many they were.

    people      one entry per person, of rows that are stored in the same transaction or before
    progress    called with how many are done and `total`, some times a minute
    """
    done = 0
    words: set[str] = set()
    for batch in _batches(people, BATCH):
        _insert(_postings(batch))
        words.update(word for entry in batch for word in entry.words)
        done += len(batch)
        if progress:
            progress(done, total)
    for some in _batches(sorted(words), 5000):
        Word.objects.bulk_create([Word(text=word) for word in some], ignore_conflicts=True)
    return done


def _add(entry: Entry) -> None:
    Word.objects.bulk_create([Word(text=word) for word in sorted(entry.words)], ignore_conflicts=True)
    keys = keys_of(entry.words)
    Posting.objects.bulk_create([Posting(key=key, year=entry.year, person_id=entry.person) for key in keys])


def _remove(entry: Entry) -> None:
    Posting.objects.filter(key__in=keys_of(entry.words), year=entry.year, person=entry.person).delete()


def _year(person: Person) -> int:
    return int(person.birth[:4]) if person.birth else 0


def _words(names: Iterable[Name]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in sorted(names, key=lambda name: (name.kind != Name.Kind.MAIN, name.pk)):
        found.update(dict.fromkeys(tokens_of(name.as_person_name(), [name.alias])))
    return tuple(found)


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def _postings(batch: Iterable[Entry]) -> Rows:
    """Every posting of these people in the order of the key: a record of key, year, person for each."""
    by_size: dict[int, list[tuple[Entry, tuple[int, ...]]]] = {}
    for entry in batch:
        hashes = tuple(hash_of(each) for each in sounds_of(entry.words))
        if hashes:
            by_size.setdefault(len(hashes), []).append((entry, hashes))
    parts = []
    for size, members in by_size.items():
        hashes_of = np.array([hashes for _, hashes in members], dtype=np.uint64)
        rows = np.zeros((len(members), 3), dtype=np.int64)
        rows[:, 1] = [entry.year for entry, _ in members]
        rows[:, 2] = [entry.person for entry, _ in members]
        for chosen in (each for count in (1, 2, 3) for each in combinations(range(size), count)):
            part = rows.copy()
            part[:, 0] = hashes_of[:, list(chosen)].sum(axis=1, dtype=np.uint64).view(np.int64)
            parts.append(part)
    if not parts:
        return np.zeros((0, 3), dtype=np.int64)
    postings = np.concatenate(parts)
    return postings[np.lexsort((postings[:, 2], postings[:, 1], postings[:, 0]))]


def _insert(postings: Rows) -> None:
    """Store records of key, year, person: by binary COPY in PostgreSQL, by one prepared statement elsewhere."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.executemany(
                "INSERT OR IGNORE INTO people_posting (key, year, person_id) VALUES (%s, %s, %s)", postings.tolist()
            )
            return
        # Each row of the binary format: how many fields, then the length of each field before its value.
        layout = [("n", ">i2"), ("l1", ">i4"), ("key", ">i8"), ("l2", ">i4"), ("year", ">i2"), ("l3", ">i4")]
        rows = np.empty(len(postings), dtype=[*layout, ("person", ">i8")])
        rows["n"], rows["l1"], rows["l2"], rows["l3"] = 3, 8, 2, 8
        rows["key"], rows["year"], rows["person"] = postings.T
        with cursor.copy("COPY people_posting (key, year, person_id) FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8) + rows.tobytes() + b"\xff\xff")
