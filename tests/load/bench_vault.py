"""What sealing costs: desk search with a document, the page of a person, the rows of a release; sealed and in clear.

`python tests/load/bench_vault.py [--people N]` on the configured database, which must be empty. Both are measured in
one run, on the same people: in clear the same code runs with a cipher that does nothing, and no key is fetched.
"""

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from unittest import mock

import django
import numpy as np
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torogoz.site.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402 - Django is set up above
from django.test import Client, override_settings  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from torogoz.domain.names import PARTS  # noqa: E402
from torogoz.shared.institutions.models import Officer  # noqa: E402
from torogoz.shared.people.models import Identifier, Person, Section  # noqa: E402
from torogoz.shared.people.queries import names_of, search_seen_by  # noqa: E402
from torogoz.shared.vault.sealing import Batch  # noqa: E402
from torogoz.site.demonstration import loading  # noqa: E402
from torogoz.topics.returns.queries import person_rows  # noqa: E402

BACKEND = "django.contrib.auth.backends.ModelBackend"
ASKED = 300
ROUNDS = 9
VALUES = 20_000
MOST = 1.5
"""The page and the search may take half as long again."""


@contextmanager
def in_clear() -> Iterator[None]:
    """The same people with nothing sealed, and the same code with a cipher that does nothing."""
    documents = list(Identifier.objects.select_related("institution"))
    sections = list(Section.objects.filter(sealed__isnull=False).select_related("institution"))
    numbers, answers = [each.number_in(Batch()) for each in documents], [each.answers_in(Batch()) for each in sections]
    nothing = {
        "seal": lambda self, institution, clear, about: clear,
        "opened": lambda self, institution, sealed, about: bytes(sealed),
        "keyed_hashes": lambda self, kind, folded: [folded.encode()],
    }
    with transaction.atomic(), mock.patch.multiple(Batch, **nothing):
        for document, number in zip(documents, numbers, strict=True):
            document.keep(number)
        for section, given in zip(sections, answers, strict=True):
            section.sealed = json.dumps(given).encode()
        Identifier.objects.bulk_update(documents, ["sealed", "hashed"], batch_size=200)
        Section.objects.bulk_update(sections, ["sealed"], batch_size=200)
        yield
        transaction.set_rollback(True)


def milliseconds(ask: Callable[[int], object], times: int) -> list[float]:
    taken = []
    for turn in range(times):
        begun = time.perf_counter()
        ask(turn)
        taken.append((time.perf_counter() - begun) * 1000)
    return taken


def measure() -> dict[str, list[float]]:
    """Milliseconds of each: search by name and document, by document alone, the page of a person, a release's rows."""
    dice, now = random.Random(7), timezone.now()
    desk = Officer.objects.get(username="dgme")
    chosen = dice.sample(list(Identifier.objects.order_by("pk").values_list("pk", flat=True)), ASKED)
    documents = list(Identifier.objects.filter(pk__in=chosen).select_related("institution", "person").order_by("pk"))
    names = [" ".join(getattr(names_of(each.person)[0], part) for part in PARTS[:4]) for each in documents]
    numbers = [each.number for each in documents]
    sections = Section.objects.filter(code="health").select_related("encounter__person").order_by("pk")[:ASKED]
    pages = [reverse("returns:person", args=[each.encounter.person.key]) for each in sections]
    nurse = Client()
    nurse.force_login(Section.objects.filter(code="health").first().recorded_by, backend=BACKEND)

    def page(turn: int) -> None:
        assert nurse.get(pages[turn % len(pages)]).status_code == 200

    both = lambda turn: search_seen_by(desk, name=names[turn], document=numbers[turn], now=now)  # noqa: E731
    alone = lambda turn: search_seen_by(desk, document=numbers[turn], now=now)  # noqa: E731
    for turn in range(20):
        both(turn)
        page(turn)
    return {
        "search by name and document": milliseconds(both, ASKED),
        "search by document alone": milliseconds(alone, ASKED),
        "page of a person with a health section": milliseconds(page, min(ASKED, len(pages))),
        "rows of a release, all sections": milliseconds(lambda turn: person_rows(now), ROUNDS),
    }


def one_value() -> tuple[float, float, float]:
    """Microseconds to seal, to open, and to hash a document's number."""
    batch = Batch()
    begun = time.perf_counter()
    sealed = [batch.seal("DGME", b"00016297-5", f"a.b:{each}") for each in range(VALUES)]
    between = time.perf_counter()
    for each, value in enumerate(sealed):
        batch.opened("DGME", value, f"a.b:{each}")
    then = time.perf_counter()
    for each in range(VALUES):
        batch.keyed_hashes("document", str(each))
    end = time.perf_counter()
    return tuple(spent / VALUES * 1e6 for spent in (between - begun, then - between, end - then))  # type: ignore[return-value]


def main(argv: list[str]) -> int:
    """Build, measure, print. 2 if the database is not empty, 1 if a target is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=4_000)
    chosen = options.parse_args(argv)
    call_command("migrate", verbosity=0)
    if Person.objects.exists():
        print("The database already holds people. Name an empty one: TOROGOZ_VAR=$(mktemp -d), or DATABASE_URL.")
        return 2
    call_command("codelists", verbosity=0, stdout=StringIO())
    call_command("protocol", verbosity=0, stdout=StringIO())
    call_command("collectstatic", verbosity=0, interactive=False)
    loading.WITH_SECTIONS = timedelta(days=36_500)
    loading.load_country(now=timezone.now(), people=chosen.people, progress=False)
    print(
        f"{Person.objects.count():,} made-up people on {connection.vendor}, {Identifier.objects.count():,} documents, "
        f"{Section.objects.filter(sealed__isnull=False).count():,} sealed sections of {Section.objects.count():,}"
    )
    seal, opening, hashing = one_value()
    print(f"  one value: sealed in {seal:.1f} µs, opened in {opening:.1f} µs, hashed in {hashing:.1f} µs")
    with override_settings(TWO_FACTOR=False, ALLOWED_HOSTS=["testserver"]):
        sealed = measure()
        with in_clear():
            clear = measure()
    kept = True
    print(f"  {'':<42}{'sealed p50':>12}{'p95':>9}{'clear p50':>12}{'p95':>9}{'p50 more':>11}")
    for what, times in sealed.items():
        (p50, p95), (clear50, clear95) = np.percentile(times, [50, 95]), np.percentile(clear[what], [50, 95])
        print(f"  {what:<42}{p50:>9.2f} ms{p95:>9.2f}{clear50:>9.2f} ms{clear95:>9.2f}{p50 / clear50 - 1:>11.0%}")
        kept = kept and p50 <= MOST * clear50
    print(f"  target: at most {MOST:.1f} times as long as in clear: {'met' if kept else 'MISSED'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
