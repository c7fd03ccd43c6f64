"""The record of accesses with a million events: writing, asking, checking the chain; beside lines of JSON.

`python tests/load/bench_audit.py [--events N]` on the configured database, which must be empty. Everything is made up.
The peer is what systems without an index of persons leave to do: one line of JSON for each event, read from its first
to its last for each question. Both hold the same events and answer the same questions; the answers are compared.
"""

import argparse
import itertools
import json
import os
import random
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import django
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torogoz.site.settings")
django.setup()

from django.db import connection, models, transaction  # noqa: E402 - Django is set up above

from torogoz.domain.access import Basis, Decision, Verb  # noqa: E402
from torogoz.domain.chain import GENESIS, link  # noqa: E402
from torogoz.shared.audit import queries  # noqa: E402
from torogoz.shared.audit.actions import record  # noqa: E402
from torogoz.shared.audit.disclosures import disclosures_of  # noqa: E402
from torogoz.shared.audit.models import AccessEvent, AccessSubject  # noqa: E402
from torogoz.shared.audit.queries import Asked  # noqa: E402
from torogoz.shared.audit.sealed import WITH_PURPOSE, content  # noqa: E402

START = datetime(2026, 1, 1, 6, 0, tzinfo=UTC)
SECONDS_BETWEEN = 20
PEOPLE, OFFICERS, LISTED = 200_000, 200, 20
INSTITUTIONS = ("DGME", "MINSAL", "PNC", "GAMI", "CONAPINA", "ISDEMU", "RREE", "MTPS", "PGR", "PDDH")
BATCH = 10_000
ASKED, SCANS, WRITES = 200, 1, 500
MOST_MILLISECONDS = 100
"""95 of 100 questions are answered by then, and 95 of 100 disclosures written."""


def person(number: int) -> str:
    return str(uuid.UUID(int=number + (1 << 100)))


def made_up(events: int, dice: random.Random) -> Iterator[AccessEvent]:
    """A year of offices: seven in ten events open one person, one in five is a list or a search of LISTED, few are
    refused, broken glass or exports; each with its place in the chain."""
    before = GENESIS
    for number in range(1, events + 1):
        drawn, officer = dice.random(), dice.randrange(OFFICERS)
        verb = (
            Verb.VIEW if drawn < 0.78 else Verb.LIST if drawn < 0.93 else Verb.SEARCH if drawn < 0.999 else Verb.EXPORT
        )
        many = LISTED if verb in (Verb.LIST, Verb.SEARCH) and dice.random() < 0.6 else 1
        allowed = dice.random() > 0.01
        basis = Basis.GLASS if dice.random() < 0.001 else Basis.OFFICE if dice.random() < 0.7 else Basis.OWN
        event = AccessEvent(
            id=number,
            sequence=number,
            at=START + timedelta(seconds=number * SECONDS_BETWEEN),
            officer=f"officer{officer}",
            institution=INSTITUTIONS[officer % len(INSTITUTIONS)],
            verb=verb.value,
            purpose="attention",
            seal=WITH_PURPOSE,
            what="person",
            subjects=[person(dice.randrange(PEOPLE)) for _ in range(many)],
            sections=["identity"],
            allowed=allowed,
            basis=basis.value if allowed else "",
            channel="page",
            path="/returns/people/",
            request_id=str(uuid.UUID(int=number)),
            previous_hash=before,
        )
        before = event.hash = link(before, content(event))
        yield event


COLUMNS = (
    "id", "sequence", "at", "officer", "institution", "verb", "what", "subjects", "sections", "allowed", "basis",
    "purpose", "seal", "channel", "path", "request_id", "previous_hash", "hash",
)  # fmt: skip


def insert(model: type[models.Model], columns: tuple[str, ...]) -> str:
    """The statement that adds a row."""
    return f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"


def as_row(event: AccessEvent) -> tuple[object, ...]:
    """The event as the database takes it: a million of them straight into the table."""
    values = {name: getattr(event, name) for name in COLUMNS}
    at = connection.ops.adapt_datetimefield_value(event.at)
    return tuple((values | {"at": at, "subjects": json.dumps(event.subjects), "sections": '["identity"]'}).values())


def store(events: Iterator[AccessEvent], total: int, lines: Path) -> None:
    """The events and their index into the tables, and one line of JSON for each."""
    done = 0
    with lines.open("w", encoding="utf-8") as into:
        while batch := list(itertools.islice(events, BATCH)):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.executemany(insert(AccessEvent, COLUMNS), [as_row(event) for event in batch])
                shown = [(event.pk, key) for event in batch for key in dict.fromkeys(event.subjects)]
                cursor.executemany(insert(AccessSubject, ("event_id", "subject")), shown)
            into.writelines(json.dumps(content(event)) + "\n" for event in batch)
            done += len(batch)
            print(f"  made up {done:,} of {total:,}", file=sys.stderr, flush=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval('audit_accessevent_id_seq', %s)", [total])


def questions(total: int, dice: random.Random) -> dict[str, Callable[[], Asked]]:
    """What is asked, and with whom or which week drawn anew each time."""

    def week() -> dict[str, datetime]:
        since = START + timedelta(seconds=dice.randrange(max(1, total - 30_000)) * SECONDS_BETWEEN)
        return {"since": since, "until": since + timedelta(days=7)}

    def someone() -> str:
        return f"officer{dice.randrange(OFFICERS)}"

    return {
        "everything": Asked,
        "one person": lambda: Asked(subject=person(dice.randrange(PEOPLE))),
        "one officer": lambda: Asked(officer=someone()),
        "one officer, one week": lambda: Asked(officer=someone(), **week()),
        "one institution, one week": lambda: Asked(institution=dice.choice(INSTITUTIONS), **week()),
        "broken glass": lambda: Asked(basis="glass"),
        "exports of one institution": lambda: Asked(verb="export", institution=dice.choice(INSTITUTIONS)),
        "refused": lambda: Asked(refused=True),
        "refused, one officer": lambda: Asked(refused=True, officer=someone()),
        "one person, refused": lambda: Asked(subject=person(dice.randrange(PEOPLE)), refused=True),
    }


def page(asked: Asked) -> list[int]:
    """What the page reads: the newest fifty, and how many there are up to a thousand."""
    found = queries.events(asked)
    rows, _ = queries.some(found, 50)
    queries.counted(found, 1_000)
    return [event.sequence for event in rows]


def scan(lines: Path, asked: Asked) -> list[int]:
    """The newest fifty, by reading every line."""
    names = ("officer", "institution", "verb", "basis")
    wanted = {name: getattr(asked, name) for name in names if getattr(asked, name)}
    found = []
    with lines.open(encoding="utf-8") as all_of_them:
        for line in all_of_them:
            event = json.loads(line)
            if any(event[name] != value for name, value in wanted.items()):
                continue
            if asked.subject and asked.subject not in event["subjects"]:
                continue
            if asked.refused and event["allowed"]:
                continue
            at = datetime.fromisoformat(event["at"])
            if (asked.since and at < asked.since) or (asked.until and at >= asked.until):
                continue
            found.append(event["sequence"])
    return found[:-51:-1]


def timed(do: Callable[[], object]) -> float:
    begun = time.perf_counter()
    do()
    return (time.perf_counter() - begun) * 1000


def p95(taken: list[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.95)]


def write(subjects: int, total: int, dice: random.Random) -> list[float]:
    """Disclosures written one after another, each in a transaction of its own, at the end of the chain."""
    decision = Decision(True, Basis.OFFICE, "DGME")
    taken = []
    for number in range(WRITES):
        at = START + timedelta(seconds=(total + number) * SECONDS_BETWEEN)
        keys = [person(dice.randrange(PEOPLE)) for _ in range(subjects)]

        def once(keys: list[str] = keys, at: datetime = at) -> None:
            record(
                officer="officer1", institution="DGME", verb=Verb.VIEW, what="person", subjects=keys, decision=decision,
                channel="page", now=at, sections=["identity"],
            )  # fmt: skip

        taken.append(timed(once))
    return taken


def main() -> int:
    """Print the figures; 1 if a budget is missed or an answer differs."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--events", type=int, default=1_000_000)
    events = asked.parse_args().events
    call_command("migrate", verbosity=0)
    dice = random.Random(20170724)
    failed = 0
    with TemporaryDirectory() as folder:
        lines = Path(folder) / "events.jsonl"
        store(made_up(events, dice), events, lines)
        print(f"{connection.vendor}, {events:,} events, {AccessSubject.objects.count():,} persons shown in them")
        print(f"{'asked':28} {'median ms':>10} {'p95 ms':>8} {'lines read ms':>14} {'ratio':>7}")
        for name, ask in questions(events, dice).items():
            taken, scanned = [], []
            for turn in range(ASKED):
                one = ask()
                taken.append(timed(lambda one=one: page(one)))
                if turn < SCANS:
                    answers: list[list[int]] = []
                    scanned.append(timed(lambda one=one, answers=answers: answers.append(scan(lines, one))))
                    failed += answers != [page(one)]
            print(
                f"{name:28} {median(taken):10.1f} {p95(taken):8.1f} {median(scanned):14.0f} "
                f"{median(scanned) / median(taken):7,.0f}"
            )
            failed += p95(taken) > MOST_MILLISECONDS
        told = [timed(lambda: list(disclosures_of([person(dice.randrange(PEOPLE))]))) for _ in range(ASKED)]
        print(f"{'told to one person':28} {median(told):10.1f} {p95(told):8.1f}")
        deep = [
            timed(lambda: queries.some(queries.events(Asked()), 50, dice.randrange(51, events))) for _ in range(ASKED)
        ]
        print(f"{'a page anywhere in the list':28} {median(deep):10.1f} {p95(deep):8.1f}")
    begun = time.perf_counter()
    found = queries.verify()
    took = time.perf_counter() - begun
    print(f"chain checked in {took:.0f} s, {found.events / took:,.0f} events a second; whole: {found.whole}")
    for subjects in (1, 25):
        taken = write(subjects, events, dice)
        print(
            f"written, {subjects} persons each: {1000 * len(taken) / sum(taken):,.0f} a second, "
            f"p95 {p95(taken):.1f} ms, worst {max(taken):.0f} ms"
        )
        failed += p95(taken) > MOST_MILLISECONDS
    print("ok" if not failed and found.whole else f"{failed} budgets missed or answers that differ")
    return int(bool(failed) or not found.whole)


if __name__ == "__main__":
    sys.exit(main())
