"""How long fifty officers of two institutions wait who list, search, open, register and write sections at once.

    python tests/load/bench_officers.py [--minutes M] [--officers N] [--people N]

A made-up country is put into the configured database, which must be empty: script/bench names a PostgreSQL. The site
is served by gunicorn on 127.0.0.1. Every officer is a thread with a session of its own, who reads for some seconds
after each answer, as people do. At the end the record of accesses is held against what was answered: each disclosure
must stand in it exactly once. 1 if a target is missed, 2 if the database is not empty.
"""

import argparse
import http.client
import os
import random
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import django
import numpy as np
import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torogoz.site.settings")
os.environ.setdefault("TOROGOZ_DEMONSTRATION", "1")
django.setup()

from django.core.management import call_command  # noqa: E402 - Django is set up above
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from torogoz.domain.access import Role  # noqa: E402
from torogoz.shared.audit.models import AccessEvent  # noqa: E402
from torogoz.shared.audit.queries import verify  # noqa: E402
from torogoz.shared.institutions.models import Institution, Membership, Office, Officer  # noqa: E402
from torogoz.shared.people.models import Name, Person  # noqa: E402
from torogoz.site.demonstration import loading  # noqa: E402
from torogoz.site.demonstration.offices import AIRPORT, CENTRE  # noqa: E402

P95_MS = 300.0
WARMING = 12
READS_FOR = (2.0, 6.0)
"""Seconds that an officer reads an answer: fifty of them ask twelve times a second."""

REGISTRARS, NURSES = "DGME", "MINSAL"
PERSON = re.compile(r"/returns/people/([0-9a-f-]{36})/")
Disclosure = tuple[str, str, str, str]
"""Who, what was done, with what, of whom ('' of a list)."""


@dataclass
class Seen:
    """What one officer was answered: milliseconds by kind of request, disclosures, and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=dict)
    disclosed: Counter[Disclosure] = field(default_factory=Counter)
    saved: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class Fields(HTMLParser):
    """The fields of a page's forms with what they hold, as a browser would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self.values[self._select] = given.get("value", "")
        elif tag == "input" and name and given.get("type") in {"hidden", "text", "date", "datetime-local", "number"}:
            self.values[name] = given.get("value", "")


class AtDesk:
    """One officer before a screen."""

    def __init__(self, username: str, port: int, session: str, names: list[str], seed: int) -> None:
        self.username, self.names = username, names
        self.dice = random.Random(seed)
        self.seen = Seen()
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies = {"sessionid": session}
        self._people: list[str] = []

    def work(self, until: float) -> None:
        """List, search, open, write, until it is time; whatever goes wrong is kept."""
        time.sleep(self.dice.uniform(0, READS_FOR[1]))
        turns = [self.list, self.search, self.open, self.write, self.search, self.open]
        turn = self.dice.randrange(len(turns))
        while time.monotonic() < until:
            try:
                turns[turn % len(turns)]()
            except Exception as error:  # a measurement goes on, and counts it
                self.seen.wrong.append(f"{type(error).__name__}: {error}")
                self._line.close()
            turn += 1
            time.sleep(self.dice.uniform(*READS_FOR))

    def list(self) -> None:
        """The arrivals of today, or of a day of the last week."""
        day = timezone.localdate() - timedelta(days=self.dice.randrange(7))
        page = self._ask("list", f"/returns/?day={day}")
        self._disclosed("list", "arrival")
        self._people = PERSON.findall(page) or self._people

    def search(self) -> None:
        """Somebody by name, one letter of it wrong every third time."""
        name = self.dice.choice(self.names)
        if self.dice.random() < 1 / 3:
            place = self.dice.randrange(1, len(name))
            name = name[:place] + name[place + 1 :]
        page = self._ask("search", "/returns/search/", {"text": name, "document": "", "birth_year": ""})
        self._disclosed("search", "person")
        self._people = PERSON.findall(page) or self._people

    def open(self) -> None:
        """One of those who stand on the page before."""
        if not self._people:
            return self.list()
        key = self.dice.choice(self._people)
        self._ask("open", f"/returns/people/{key}/")
        return self._disclosed("view", "person", key)

    def write(self) -> None:
        """A registrar registers somebody who resembles nobody; a nurse writes the health section of the one before."""
        if self.username.startswith("nurse"):
            return self._section()
        page = self._ask("form", "/returns/new/")
        arrived = timezone.localtime() - timedelta(minutes=10)
        given, surname, alias = ("".join(self.dice.choices("aeioulmnrst", k=9)) for _ in range(3))
        sent = Fields(page).values | {
            "save": "1", "given1": given, "surname1": surname, "sex": "F", "birth": f"{self.dice.randint(1950, 2005)}",
            "nationality": "SLV",
            "aliases": f"Medida {alias}", "token": str(uuid4()), "returned_from": "USA", "route": "AIR",
            "accompanied": "N", "origin_department": "SV-AH", "reason": "ECONOMIC", "pregnant": "N", "disabled": "N",
            "injured": "N", "arrived_on": f"{arrived:%Y-%m-%d}", "arrived_at": f"{arrived:%H:%M}",
        }  # fmt: skip
        return self._saved("register", "/returns/new/", sent)

    def _section(self) -> None:
        if not self._people:
            return
        key = self.dice.choice(self._people)
        address = f"/returns/people/{key}/sections/health/"
        page = self._ask("form", address)
        self._disclosed("view", "section", key)
        sent = Fields(page).values | {"care": "TREATED", "health_note": f"nota inventada {self.dice.random():.6f}"}
        self._saved("section", address, sent)

    def _saved(self, kind: str, address: str, sent: dict[str, str]) -> None:
        where = self._ask(kind, address, sent, expected=(302, 200))
        if where.startswith("/"):
            self.seen.saved[kind] += 1
            if match := PERSON.search(where):
                self._people = [match[1]]
        elif kind == "section":  # somebody else wrote it meanwhile: both texts are shown, nothing is lost
            self.seen.saved["conflict shown"] += 1
            self._disclosed("view", "section", PERSON.search(address)[1])  # type: ignore[index]
        else:
            raise RuntimeError(
                f"the form was not accepted: {' '.join(re.findall(r'error[^<]*>([^<]+)<', where))[:300]}"
            )

    def _disclosed(self, verb: str, what: str, whom: str = "") -> None:
        self.seen.disclosed[self.username, verb, what, whom] += 1

    def _ask(
        self, kind: str, address: str, sent: dict[str, str] | None = None, expected: tuple[int, ...] = (200,)
    ) -> str:
        """The answer's text, or where it leads. Raises RuntimeError when it is another than expected."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        body = None
        if sent is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
            token = self._cookies.get("csrftoken") or self._token(headers)
            headers |= {"X-CSRFToken": token, "Cookie": f"{headers['Cookie']}; csrftoken={token}"}
            body = urlencode({name: value for name, value in sent.items() if name != "csrfmiddlewaretoken"})
        begun = time.perf_counter()
        self._line.request("POST" if body is not None else "GET", address, body, headers)
        answer = self._line.getresponse()
        text = answer.read().decode()
        self.seen.times.setdefault(kind, []).append((time.perf_counter() - begun) * 1000)
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, value = cookie.split(";")[0].split("=", 1)
            self._cookies[name] = value
        if answer.status not in expected:
            raise RuntimeError(f"{address} answered {answer.status}")
        return answer.headers.get("Location", "") if answer.status == 302 else text

    def _token(self, headers: dict[str, str]) -> str:
        self._line.request("GET", "/returns/search/", headers=headers)
        answer = self._line.getresponse()
        answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            if cookie.startswith("csrftoken="):
                self._cookies["csrftoken"] = cookie.split(";")[0].split("=", 1)[1]
        return self._cookies["csrftoken"]


def hired(count: int) -> dict[str, str]:
    """Half of them registrars, half nurses, at two centres; the session of each."""
    sessions = {}
    for number in range(count):
        name, code, role = (
            ("registrar", REGISTRARS, Role.REGISTRAR) if number % 2 else ("nurse", NURSES, Role.SPECIALIST)
        )
        officer = Officer.objects.create(username=f"{name}{number}", full_name="Medición inventada", made_up=True)
        Membership.objects.create(
            officer=officer,
            institution=Institution.objects.get(code=code),
            office=Office.objects.get(code=CENTRE if number % 4 < 2 else AIRPORT),
            role=role.value,
            valid_from=datetime(2020, 1, 1, tzinfo=UTC),
        )
        client = Client()
        client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
        sessions[officer.username] = client.cookies["sessionid"].value
    return sessions


@contextmanager
def served() -> Iterator[int]:
    """The site on a free port, for as long as it is needed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "python:torogoz.site.serving",
        "-b",
        f"127.0.0.1:{port}",
        "-w",
        "2",
        "--threads",
        "8",
        "--keep-alive",
        "30",
    ]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        for _ in range(WARMING):  # each worker reads the program at its first request
            urllib.request.urlopen(f"http://127.0.0.1:{port}/flows/", timeout=60).read()
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def processor_seconds() -> dict[str, float]:
    """What the site, the database and this process have taken of the processor until now, by name."""
    taken = Counter[str]()
    for process in psutil.process_iter(["name", "cmdline", "cpu_times"]):
        words, times = " ".join(process.info["cmdline"] or ()), process.info["cpu_times"]
        name = "site" if "gunicorn" in words else "database" if "postgres" in (process.info["name"] or "") else ""
        if times is not None and (name or process.pid == os.getpid()):
            taken[name or "officers"] += times.user + times.system
    return taken


def recorded(since: int) -> Counter[Disclosure]:
    """What stands in the record of accesses after event `since`, of officers of this measurement."""
    counted: Counter[Disclosure] = Counter()
    for event in AccessEvent.objects.filter(sequence__gt=since, allowed=True).iterator():
        whom = event.subjects[0] if event.verb == "view" and event.subjects else ""
        counted[event.officer, event.verb, event.what, whom] += 1
    return counted


def main(argv: list[str]) -> int:
    """Build, work, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=5)
    options.add_argument("--officers", type=int, default=50)
    options.add_argument("--people", type=int, default=20_000)
    chosen = options.parse_args(argv)
    call_command("migrate", verbosity=0)
    if Person.objects.exists():
        print("The database already holds people. Name an empty one: TOROGOZ_VAR=$(mktemp -d), or DATABASE_URL.")
        return 2
    for command in ("codelists", "protocol"):
        call_command(command, verbosity=0, stdout=StringIO())
    call_command("collectstatic", verbosity=0, interactive=False)
    loading.load_country(now=timezone.now(), people=chosen.people, progress=False)
    sessions = hired(chosen.officers)
    shown = Name.objects.filter(kind="main").order_by("-pk").values_list("given1", "given2", "surname1", "surname2")
    names = [" ".join(part for part in name if part) for name in shown[:5000]]
    since = AccessEvent.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    print(f"{Person.objects.count():,} made-up people on {connection.vendor}, {len(sessions)} officers", flush=True)
    with served() as port:
        desks = [AtDesk(name, port, key, names, seed) for seed, (name, key) in enumerate(sessions.items())]
        until = time.monotonic() + 60 * chosen.minutes
        threads = [threading.Thread(target=desk.work, args=(until,)) for desk in desks]
        begun, worked = time.monotonic(), processor_seconds()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.monotonic() - begun
        asked = sum(len(times) for desk in desks for times in desk.seen.times.values())
        for name, spent in processor_seconds().items():
            print(f"  processor of {name:<9} {1000 * (spent - worked.get(name, 0)) / asked:6.1f} ms an answer")
    return _told(desks, seconds, since)


def _told(desks: list[AtDesk], seconds: float, since: int) -> int:
    every = [spent for desk in desks for times in desk.seen.times.values() for spent in times]
    for kind in ("list", "search", "open", "form", "register", "section"):
        times = [spent for desk in desks for spent in desk.seen.times.get(kind, ())]
        if times:
            p50, p95, p99 = np.percentile(times, [50, 95, 99])
            print(f"  {kind:<9} n {len(times):>5}   p50 {p50:7.1f} ms   p95 {p95:7.1f} ms   p99 {p99:7.1f} ms")
    p50, p95 = np.percentile(every, [50, 95])
    wrong = [each for desk in desks for each in desk.seen.wrong]
    saved = sum((desk.seen.saved for desk in desks), Counter[str]())
    print(
        f"  all       n {len(every):>5}   p50 {p50:7.1f} ms   p95 {p95:7.1f} ms   {len(every) / seconds:.1f} a second"
    )
    print(f"  saved: {dict(saved)}; went wrong: {len(wrong)} {wrong[:3] if wrong else ''}")
    said = sum((desk.seen.disclosed for desk in desks), Counter[Disclosure]())
    kept = recorded(since)
    twice = sum((kept - said)[each] for each in said)
    missing = said - kept
    whole = verify().whole
    print(f"  disclosures answered {said.total():,}; missing in the record {missing.total()}, more than once {twice}")
    print(f"  the chain of the record {'is whole' if whole else 'IS BROKEN'}")
    met = p95 <= P95_MS and not wrong and not missing and not twice and whole
    print(f"  target p95 ≤ {P95_MS:.0f} ms, no error, each disclosure recorded once: {'met' if met else 'MISSED'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
