"""Non-interference, counted: what an officer may not see changes no answer to that officer. And what refusals take.

`python tests/load/bench_access.py [--cases N]` on the configured database, which must be empty. A case is one question
(a list, a count, a search, an export, an error, a page) of one officer in two made-up worlds that differ in nothing but
what that officer may not see. Then pages are asked with keys that are refused and keys of nothing, by turns: the
statistic is the chance that a refusal takes longer than a missing one (Mann-Whitney's U over the number of pairs),
0.5 when time tells nothing, with its interval of 95 %.
"""

import argparse
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from unittest import mock
from uuid import uuid4

import django
import numpy as np
from django.core.management import call_command
from scipy import stats

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torogoz.site.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402 - Django is set up above
from django.test import Client, override_settings  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from tests.access import questions, worlds  # noqa: E402
from tests.world import NOW  # noqa: E402
from torogoz.shared.attachments.models import Attachment  # noqa: E402
from torogoz.shared.cases.models import Handover  # noqa: E402
from torogoz.shared.people.models import Person  # noqa: E402
from torogoz.shared.people.queries import person_seen_by  # noqa: E402

HTTP_EVERY = 25
"""Of so many worlds one is asked over HTTP too, byte by byte."""
TIMED = 400
CROWD = 60
MOST_OFF = 0.05
"""How far from 0.5 the chance may lie."""
SHOWN = 10


def count_leaks(cases: int) -> tuple[Counter[str], list[questions.Leak]]:
    """Worlds, officers and cases asked until there are at least so many cases; and the leaks."""
    counted: Counter[str] = Counter()
    leaks: list[questions.Leak] = []
    world, begun = worlds.base(), time.perf_counter()
    while counted["cases"] < cases:
        seed = counted["worlds"]
        with transaction.atomic():
            made = worlds.cast(world, seed)
            for asked, found in questions.compare(made, seed, over_http=seed % HTTP_EVERY == 0):
                counted["cases"] += asked
                counted["pairs of worlds"] += 1
                leaks.extend(found)
            transaction.set_rollback(True)
        counted["worlds"] += 1
        if counted["worlds"] % 50 == 0:
            spent = time.perf_counter() - begun
            print(f"  {counted['cases']:,} cases in {spent:.0f} s, {len(leaks)} leaks", flush=True)
    return counted, leaks


def times_of(ask: Callable[[str], None], refused: list[str]) -> tuple[list[float], list[float]]:
    """Milliseconds of refused keys and of keys of nothing, by turns in an order thrown by dice."""
    taken: dict[bool, list[float]] = {True: [], False: []}
    dice = random.Random(5)
    for turn in range(TIMED):
        for is_refused in dice.sample((True, False), 2):
            key = refused[turn % len(refused)] if is_refused else str(uuid4())
            begun = time.perf_counter()
            ask(key)
            taken[is_refused].append((time.perf_counter() - begun) * 1000)
    return taken[True], taken[False]


def compare_times() -> bool:
    """Print, page by page, whether the time of a refusal tells it from a missing key; whether none does."""
    world = worlds.base()
    officer, people = world.officers["health_a"], worlds.crowd(world, CROWD)
    hidden = [str(each.key) for each in people if person_seen_by(officer, each.key, NOW) is None]
    files = Attachment.objects.filter(encounter__person__key__in=hidden).values_list("key", flat=True)
    handovers = Handover.objects.filter(person__key__in=hidden).values_list("key", flat=True)
    pages = (
        ("a person", "returns:person", lambda key: [key], hidden),
        ("a section", "returns:section", lambda key: [key, "health"], hidden),
        ("a hand-over of a person", "cases:send", lambda key: [key], hidden),
        ("an attachment", "attachments:file", lambda key: [key], [str(key) for key in files]),
        ("a hand-over", "cases:handover", lambda key: [key], [str(key) for key in handovers]),
        ("the stops", "returns:stops", lambda key: [key], hidden),
    )
    client = Client()
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    kept = True
    print(f"  {'refused or missing':<28}{'refused p50':>13}{'missing p50':>13}{'chance':>9}   95 %")
    for what, name, arguments, refused in pages:
        if not refused:
            print(f"  {what:<28} no such key in this world")
            continue

        def ask(key: str, name: str = name, arguments: Callable[[str], list[str]] = arguments) -> None:
            assert client.get(reverse(name, args=arguments(key))).status_code == 404

        for _ in range(20):
            ask(refused[0])
        long, short = times_of(ask, refused)
        chance = stats.mannwhitneyu(long, short).statistic / (len(long) * len(short))
        half = 1.96 * np.sqrt((len(long) + len(short) + 1) / (12 * len(long) * len(short)))
        kept = kept and abs(chance - 0.5) <= MOST_OFF + half
        print(
            f"  {what:<28}{np.median(long):>10.2f} ms{np.median(short):>10.2f} ms{chance:>9.3f}"
            f"   {chance - half:.3f} to {chance + half:.3f}"
        )
    print(f"  {len(hidden)} of {len(people)} people hidden; within {MOST_OFF} of 0.5: {'met' if kept else 'MISSED'}")
    return kept


def main(argv: list[str]) -> int:
    """Build, ask, print. 2 if the database is not empty, 1 if anything leaks."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=100_000)
    chosen = options.parse_args(argv)
    call_command("migrate", verbosity=0)
    if Person.objects.exists():
        print("The database already holds people. Name an empty one: TOROGOZ_VAR=$(mktemp -d), or DATABASE_URL.")
        return 2
    call_command("codelists", verbosity=0, stdout=StringIO())
    call_command("collectstatic", verbosity=0, interactive=False)
    settled = override_settings(TWO_FACTOR=False, ALLOWED_HOSTS=["testserver"])
    with settled, mock.patch.object(timezone, "now", return_value=NOW):
        with transaction.atomic():
            counted, leaks = count_leaks(chosen.cases)
            transaction.set_rollback(True)
        print(
            f"Policy: {counted['worlds']:,} worlds on {connection.vendor}, {counted['pairs of worlds']:,} pairs "
            "that differ in what one officer may not see;"
        )
        print(f"  {len(leaks)} leaks in {counted['cases']:,} generated cases")
        for leak in leaks[:SHOWN]:
            print(f"  LEAK {leak}")
        with transaction.atomic():
            kept = compare_times()
            transaction.set_rollback(True)
    return 0 if kept and not leaks else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
