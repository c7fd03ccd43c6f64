"""Person search over made-up people: how fast, and how often the right person is among the first ten.

`python tests/load/bench_search.py [--people N] [--queries Q]` measures on the configured database, which must be
empty: SQLite in TOROGOZ_VAR, or the PostgreSQL that DATABASE_URL names. Every query is a second record of somebody
in the register, with the slips of a real desk; beside it, in the same run, a peer answers the same queries: a LIKE scan
on SQLite, pg_trgm on PostgreSQL.
"""

import argparse
import itertools
import os
import random
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import django
import numpy as np
import psutil
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torogoz.site.settings")
django.setup()

from tests.load.made_up_names import JOINED, MEN, SURNAMES, WOMEN  # noqa: E402 - Django is set up above
from torogoz.domain.access import Role  # noqa: E402
from torogoz.domain.documents import dui_check_digit  # noqa: E402
from torogoz.domain.letters import fold  # noqa: E402
from torogoz.domain.names import PARTS, PersonName, tokens_of  # noqa: E402
from torogoz.domain.sounds import also_called  # noqa: E402
from torogoz.shared.institutions import protocol, shipped  # noqa: E402
from torogoz.shared.institutions.models import Institution, Membership, Office, Officer  # noqa: E402
from torogoz.shared.people import index  # noqa: E402
from torogoz.shared.people.models import Identifier, Person  # noqa: E402
from torogoz.shared.people.queries import search_seen_by  # noqa: E402
from torogoz.shared.vault.sealing import Batch  # noqa: E402

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
SEED = 20170724
OFFICES = 20
BATCH = 50_000
PEER_SECONDS = 40
MOST_MILLISECONDS = 50
MOST_MEGABYTES = 600
LEAST_FOUND = 0.97
BY_EAR = (
    ("z", "s"), ("s", "z"), ("c", "s"), ("v", "b"), ("b", "v"), ("ll", "y"), ("y", "ll"), ("h", ""), ("g", "j"),
    ("qu", "k"), ("rr", "r"), ("n", "m"), ("x", "s"), ("ue", "we"),
)  # fmt: skip


@dataclass(frozen=True)
class MadeUp:
    """One made-up person of the register: the true name, and the name as the first desk wrote it."""

    number: int
    name: PersonName
    written: PersonName
    sex: str
    birth: str
    dui: str
    office: int


@dataclass(frozen=True)
class Query:
    """What a desk asks about somebody who is in the register."""

    person: int
    name: str
    document: str
    birth_year: int | None


def make_up(people: int, rng: np.random.Generator, dice: random.Random) -> Iterator[MadeUp]:
    """The register: surnames of father and mother, one or two given names, births, documents of adults; siblings."""
    surnames = [*SURNAMES.split(), *JOINED]
    father, mother = (_drawn(surnames, people, 2.7, 0.95, rng) for _ in range(2))
    women = rng.random(people) < 0.32
    given = {
        sex: [_drawn(names.split(), people, 0, 0.9, rng) for _ in range(2)] for sex, names in (("M", MEN), ("F", WOMEN))
    }
    second = rng.random(people) < 0.82
    ages = np.minimum(rng.gamma(6.5, 4.3, people), 85).astype(int)
    days = rng.integers(1, 366, people)
    siblings = rng.random(people) < 0.10
    offices = rng.integers(0, OFFICES, people)
    before = ("", "")
    for at in range(people):
        sex = "F" if women[at] else "M"
        one, two = (names[at] for names in given[sex])
        surnames_of = before if siblings[at] and at else (father[at], mother[at])
        before = surnames_of
        birth = np.datetime64(f"{2026 - ages[at]}-01-01") + (days[at] - 1)
        # Numbers are spread over eight digits by a step that shares no factor with their count: each is unique.
        digits = f"{at * 7_654_321 % 10**8:08}"
        name = PersonName(one, two if second[at] and two != one else "", *surnames_of)
        yield MadeUp(
            number=at + 1,
            name=name,
            written=replace(name, **{part: _slip(getattr(name, part), dice) for part in PARTS[:4]}),
            sex=sex,
            birth=str(birth),
            dui=digits + str(dui_check_digit(digits)) if ages[at] >= 18 and at % 10 < 7 else "",
            office=int(offices[at]),
        )


def _drawn(names: list[str], people: int, shift: float, power: float, rng: np.random.Generator) -> list[str]:
    weights = 1 / (np.arange(1, len(names) + 1) + shift) ** power
    drawn = rng.choice(len(names), size=people, p=weights / weights.sum())
    return [names[each] for each in drawn]


def noisy(person: MadeUp, rng: random.Random) -> Query:
    """A second record of the same person, as another desk would write it (rates: shelters and clinics included)."""
    name = person.name
    given = [name.given1] + ([name.given2] if name.given2 and rng.random() > 0.15 else [])
    if len(given) == 2 and rng.random() < 0.05:
        given.reverse()
    surnames = [name.surname1] + ([name.surname2] if rng.random() > 0.09 else [])
    if len(surnames) == 2 and rng.random() < 0.03:
        surnames.reverse()
    if person.sex == "F" and rng.random() < 0.12:
        surnames[1:] = [f"de {rng.choice(SURNAMES.split())}"]
    if rng.random() < 0.05 and (short := sorted(also_called(fold(given[0])))):
        given[0] = rng.choice(short)
    words = [_slip(word, rng) for word in (*given, *surnames)]
    text = " ".join(words)
    if rng.random() < 0.7:
        text = fold(text).upper() if rng.random() < 0.6 else fold(text).title()
    year = int(person.birth[:4])
    drawn = rng.random()
    birth_year = None if drawn < 0.10 else year + rng.choice((-2, -1, 1, 2)) if drawn < 0.15 else year
    if 0.15 <= drawn < 0.16:
        birth_year = year + rng.choice((-10, 10))
    document = person.dui if person.dui and rng.random() < 0.45 else ""
    if document and rng.random() < 0.03:
        place = rng.randrange(9)
        document = document[:place] + rng.choice("0123456789") + document[place + 1 :]
    return Query(person.number, text, document, birth_year)


def _slip(word: str, rng: random.Random) -> str:
    if rng.random() < 0.10:
        heard = [(old, new) for old, new in BY_EAR if old in word.lower()]
        if heard:
            old, new = rng.choice(heard)
            return word.lower().replace(old, new, 1)
    if rng.random() < 0.02 and len(word) > 3:
        place = rng.randrange(1, len(word) - 1)
        return rng.choice(
            (
                word[:place] + word[place + 1 :],
                word[:place] + word[place + 1] + word[place] + word[place + 2 :],
                word[:place] + rng.choice("aeiouslnr") + word[place + 1 :],
            )
        )
    return word


def store(people: Iterable[MadeUp], total: int) -> None:
    """Write the register and its index, straight into the tables."""
    dgme = Institution.objects.get(code="DGME")
    recorder = Officer.objects.create(username="bench", full_name="Medición inventada", made_up=True)
    offices = Office.objects.bulk_create(
        Office(code=f"BENCH-{n}", institution=dgme, name_es="Inventada", name_en="Made up", department="SV-SS")
        for n in range(OFFICES)
    )
    keys = [office.pk for office in offices]
    rest = iter(people)
    entries: list[index.Entry] = []
    while batch := list(itertools.islice(rest, BATCH)):
        _fill(batch, keys, recorder.pk, dgme)
        entries += (index.Entry(each.number, tokens_of(each.written), int(each.birth[:4])) for each in batch)
        _tell("made up", len(entries), total)
    index.index_people(entries, total=total, progress=lambda done, total: _tell("indexed", done, total))


def _tell(what: str, done: int, total: int) -> None:
    print(f"  {what} {done:,} of {total:,}", file=sys.stderr, flush=True)


def _fill(batch: list[MadeUp], offices: list[int], recorder: int, dgme: Institution) -> None:
    at, keys = NOW.isoformat(), Batch()
    # Keys need not be hard to guess here, only unique; made from the number they are the same in every run.
    key = lambda number, of: uuid.UUID(int=number + (of << 100))  # noqa: E731 - two uses, both on the next lines
    hexadecimal = (lambda value: str(value)) if connection.vendor == "postgresql" else (lambda value: value.hex)
    rows(
        "people_person",
        "id key sex birth birth_min birth_max nationality recorded_at version made_up shell "
        "institution_id recorded_by_id",
        [
            (
                p.number,
                hexadecimal(key(p.number, 1)),
                p.sex,
                p.birth,
                p.birth,
                p.birth,
                "SLV",
                at,
                1,
                True,
                False,
                dgme.pk,
                recorder,
            )
            for p in batch
        ],
    )
    rows(
        "people_name",
        "person_id kind given1 given2 surname1 surname2 married alias",
        [
            (p.number, "main", p.written.given1, p.written.given2, p.written.surname1, p.written.surname2, "", "")
            for p in batch
        ],
    )
    rows(
        "people_identifier",
        "key person_id kind issuer institution_id sealed hashed",
        [
            (hexadecimal(document.key), document.person_id, "DUI", "SLV", dgme.pk, document.sealed, document.hashed)
            for document in (
                Identifier(key=key(p.number, 3), person_id=p.number, institution=dgme).keep(p.dui, keys)
                for p in batch
                if p.dui
            )
        ],
    )
    rows(
        "people_encounter",
        "key person_id office_id institution_id kind occurred_at recorded_by_id recorded_at",
        [
            (hexadecimal(key(p.number, 2)), p.number, offices[p.office], dgme.pk, "return", at, recorder, at)
            for p in batch
        ],
    )


def rows(table: str, columns: str, values: list[tuple[object, ...]]) -> None:
    """Insert many rows fast."""
    names = columns.replace(" ", ", ")
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(values[0])) if values else ""
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", values)


def officer(username: str, institution: str, office: str, role: Role) -> Officer:
    """A made-up officer with one posting."""
    made = Officer.objects.create(username=username, full_name="Medición inventada", made_up=True)
    Membership.objects.create(
        officer=made,
        institution=Institution.objects.get(code=institution),
        office=Office.objects.get(code=office),
        role=role.value,
        valid_from=datetime(2020, 1, 1, tzinfo=UTC),
    )
    return made


def measure(who: Officer, queries: list[Query]) -> tuple[list[float], int, int]:
    """Milliseconds of each query, in how many the right person was first, and among the first ten."""
    keys = dict(Person.objects.filter(pk__in=[query.person for query in queries]).values_list("pk", "key"))
    times, first, ten = [], 0, 0
    working = time.process_time()
    for query in queries:
        begun = time.perf_counter()
        found = search_seen_by(
            who, name=query.name, document=query.document, birth_year=query.birth_year, now=NOW, limit=10
        )
        times.append((time.perf_counter() - begun) * 1000)
        right = [candidate.key for candidate in found]
        first += right[:1] == [keys[query.person]]
        ten += keys[query.person] in right
    print(
        f"  ({who}: {(time.process_time() - working) / len(queries) * 1000:.1f} ms of this process's processor a query)"
    )
    return times, first, ten


def peer() -> tuple[str, Callable[[Query], None]] | None:
    """What one would do without an index of one's own: its name, and how it answers a query."""
    if connection.vendor != "postgresql":
        sql = (
            "SELECT person_id FROM people_name WHERE "
            "(given1 LIKE %s OR given2 LIKE %s) AND (surname1 LIKE %s OR surname2 LIKE %s) LIMIT 10"
        )

        def scan(query: Query) -> None:
            words = query.name.split()
            given, surname = f"{words[0][:4]}%", f"{words[-1][:4]}%"
            with connection.cursor() as cursor:
                cursor.execute(sql, [given, given, surname, surname])
                cursor.fetchall()

        return "LIKE scan of the names (no slips, no ranking)", scan
    whole = "lower(given1 || ' ' || given2 || ' ' || surname1 || ' ' || surname2)"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            cursor.execute(f"CREATE INDEX bench_trigrams ON people_name USING gin (({whole}) gin_trgm_ops)")
    except DatabaseError as reason:
        print(f"  peer: pg_trgm is not available ({str(reason).splitlines()[0]})")
        return None

    def trigrams(query: Query) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT person_id FROM people_name WHERE {whole} %% %s ORDER BY similarity({whole}, %s) DESC LIMIT 10",
                [query.name.lower()] * 2,
            )
            cursor.fetchall()

    return "pg_trgm GIN, similarity > .3", trigrams


def timed(ask: Callable[[Query], None], queries: list[Query]) -> list[float]:
    """Milliseconds of the peer's answers, as many as half a minute allows."""
    times, begun = [], time.perf_counter()
    for query in queries:
        if time.perf_counter() - begun > PEER_SECONDS:
            break
        start = time.perf_counter()
        ask(query)
        times.append((time.perf_counter() - start) * 1000)
    return times


def line(label: str, times: list[float], more: str = "") -> tuple[float, float]:
    """Print p50 and p95, and give them."""
    p50, p95 = np.percentile(times, [50, 95])
    print(f"  {label:<52} n {len(times):>4}   p50 {p50:8.1f} ms   p95 {p95:8.1f} ms{more}")
    return float(p50), float(p95)


def built(people: int, queries: int) -> list[MadeUp]:
    """Make up the register and store it; twice as many of its people as there will be queries."""
    rng, dice = np.random.default_rng(SEED), random.Random(SEED)
    chosen = set(dice.sample(range(1, people + 1), min(people, 2 * queries)))
    sample: list[MadeUp] = []

    def noted() -> Iterator[MadeUp]:
        for person in make_up(people, rng, random.Random(SEED + 1)):
            if person.number in chosen:
                sample.append(person)
            yield person

    begun = time.perf_counter()
    store(noted(), people)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    print(f"{people:,} made-up people on {connection.vendor}, built in {time.perf_counter() - begun:.0f} s", flush=True)
    return sample


def main(argv: list[str]) -> int:
    """Build, measure, print. 2 if the database is not empty."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=1_000_000)
    options.add_argument("--queries", type=int, default=400)
    chosen = options.parse_args(argv)
    call_command("migrate", verbosity=0)
    if Person.objects.exists():
        print("The database already holds people. Name an empty one: TOROGOZ_VAR=$(mktemp -d), or DATABASE_URL.")
        return 2
    shipped.load()
    protocol.load()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:  # this one holds what searching takes
        sample = apart.submit(built, chosen.people, chosen.queries).result()
    dice = random.Random(SEED)
    dice.shuffle(sample)
    queries = [noisy(person, dice) for person in sample[: chosen.queries]]
    measure(officer("warm", "DGME", "BENCH-0", Role.SUPERVISOR), queries[:20])
    times, first, ten = measure(officer("all", "DGME", "BENCH-0", Role.SUPERVISOR), queries)
    found = f"   first {first / len(queries):.1%}   in ten {ten / len(queries):.1%}"
    p50, p95 = line("search_seen_by, an officer who may see everybody", times, found)
    bare = [(query, spent) for query, spent in zip(queries, times, strict=True) if not query.document]
    line("  of these without a document number", [spent for _, spent in bare])
    here = [noisy(person, dice) for person in sample if person.office == 0][: chosen.queries // 4]
    if here:
        near, _, ten_near = measure(officer("one", "MINSAL", "BENCH-0", Role.SPECIALIST), here)
        line("search_seen_by, an officer of one office in 20", near, f"   in ten {ten_near / len(here):.1%}")
    held = psutil.Process().memory_info().rss / 1e6
    print(f"  this process holds {held:.0f} MB")
    if other := peer():
        peer_p50, peer_p95 = line(f"peer: {other[0]}", timed(other[1], queries))
        print(f"  the peer takes {peer_p50 / p50:.1f} times as long at p50, {peer_p95 / p95:.1f} times at p95")
    met = p95 <= MOST_MILLISECONDS and ten >= LEAST_FOUND * len(queries) and held <= MOST_MEGABYTES
    print(
        f"  target p95 ≤ {MOST_MILLISECONDS} ms, in ten ≥ {LEAST_FOUND:.0%}, memory ≤ {MOST_MEGABYTES} MB: "
        f"{'met' if met else 'MISSED'}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
