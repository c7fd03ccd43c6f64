"""What an on-line vote costs, and whether any is lost or counted twice when the server is killed in the middle.

    python tests/load/bench_voting.py [--voters N] [--votes M] [--rate R]

Made-up people of a made-up diaspora vote on statements at R requests a second, against gunicorn on 127.0.0.1 and the
configured database, which must be empty: script/bench names a PostgreSQL. In the middle the workers are killed
(SIGKILL), and a little later the master too, which is started again. A voter who was not answered sends the same form
again. At the end the last stored vote of every code and statement must be the one that its voter was told is stored.
1 if a target is missed, 2 if the database is not empty.
"""

import argparse
import http.client
import os
import queue
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from io import StringIO
from pathlib import Path
from urllib.parse import urlencode

import django
import numpy as np
import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torogoz.site.settings")
os.environ.setdefault("TOROGOZ_DEMONSTRATION", "1")
django.setup()

from django.core.management import call_command  # noqa: E402 - Django is set up above
from django.core.signing import get_cookie_signer  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from torogoz.domain.polls import VALUE, Answer, HideUntil, Kind, Secrecy, Voters  # noqa: E402
from torogoz.shared.institutions.models import Institution  # noqa: E402
from torogoz.shared.polls import online_actions  # noqa: E402
from torogoz.shared.polls.models import Poll, Statement, StatementEvent, Vote  # noqa: E402
from torogoz.topics.consultation.online_views import COOKIE  # noqa: E402
from torogoz.topics.consultation.process_models import Process  # noqa: E402

P95_MS = 200.0
PROCESSOR_MS = 8.0
CODE = "medida"
HERE = f"/consultation/online/{CODE}/vote/"
STATEMENTS = 20
THREADS = 40
GIVE_UP_SECONDS = 60.0
FIELD = re.compile(r'<input type="hidden" name="(statement|wording|turn|csrfmiddlewaretoken)" value="([^"]+)"')


@dataclass
class Voter:
    """A code, the form before her, and what she was told is stored."""

    code: str
    number: int
    form: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    told: dict[str, int] = field(default_factory=dict)


@dataclass
class Seen:
    """Milliseconds of votes that were answered, how many requests were answered, and how often one was sent again."""

    times: list[float] = field(default_factory=list)
    answered: int = 0
    again: int = 0
    wrong: list[str] = field(default_factory=list)


class Server:
    """gunicorn with two workers, to be killed and started again on the same port."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.start()

    def start(self) -> None:
        """Start, and wait until it listens."""
        command = [sys.executable, "-m", "gunicorn", "-c", "python:torogoz.site.serving"]
        command += ["-b", f"127.0.0.1:{self.port}", "-w", "2", "--threads", "8"]
        self.master = subprocess.Popen(
            [*command, "--keep-alive", "30"],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)

    def kill_workers(self) -> int:
        """SIGKILL to every worker; the master starts others."""
        workers = psutil.Process(self.master.pid).children()
        for worker in workers:
            worker.send_signal(signal.SIGKILL)
        return len(workers)

    def kill_all(self) -> None:
        """SIGKILL to the master and every worker."""
        workers = psutil.Process(self.master.pid).children()
        self.master.send_signal(signal.SIGKILL)
        self.master.wait()
        for worker in workers:
            if worker.is_running():
                worker.send_signal(signal.SIGKILL)

    def processor(self) -> float:
        """Seconds of processor that master and workers have taken."""
        whole = psutil.Process(self.master.pid)
        return sum(one.cpu_times().user + one.cpu_times().system for one in [whole, *whole.children()])

    def stop(self) -> None:
        self.master.terminate()
        self.master.wait(timeout=30)


def built(voters: int) -> list[Voter]:
    """A published consultation that is open, twenty statements, and people who swore."""
    now = timezone.now()
    owner = Institution.objects.get(code="RREE")
    words = {"title_es": "Medida", "title_en": "Measured", "question_es": "¿Qué?", "question_en": "What?"}
    process = Process.objects.create(
        code=CODE, **words, convener=owner, published_at=now, created_at=now, changed_at=now, made_up=True
    )
    poll = Poll.objects.create(
        about=process.key,
        owner=owner,
        kind=Kind.STATEMENTS.value,
        voters=Voters.ATTESTED.value,
        secrecy=Secrecy.TOKEN.value,
        hide_until=HideUntil.CLOSED.value,
        **words,
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(hours=5),
        made_up=True,
        created_at=now,
    )
    for number in range(STATEMENTS):
        said = Statement.objects.create(
            poll=poll,
            number=number,
            text_es=f"Frase medida {number}",
            text_en=f"Measured statement {number}",
            language="es",
            state="accepted",
            proposed_on=now.date(),
        )
        StatementEvent.objects.create(statement=said, state="accepted", at=now)
    codes = [
        online_actions.attest(poll=poll, country="USA", age_group="30-44", sex="", text=1, sworn=True, now=now)[1]
        for _ in range(voters)
    ]
    return [Voter(code, number) for number, code in enumerate(codes)]


def vote_once(voter: Voter, port: int, line: list[http.client.HTTPConnection | None], seen: Seen) -> None:
    """Open the page the first time; else press a button, until an answer says that the vote is stored."""
    signed = get_cookie_signer(salt=COOKIE + CODE).sign(voter.code)
    voter.cookies[COOKIE] = signed
    sent: dict[str, str] | None = None
    answer = Answer.AGREE
    if voter.form:
        answer = random.Random(f"{voter.number} {voter.form['statement']}").choice(list(Answer))
        sent = {**voter.form, "answer": answer.value}
    until = time.monotonic() + GIVE_UP_SECONDS
    while time.monotonic() < until:
        begun = time.perf_counter()
        try:
            status, text = _ask(voter, port, line, sent)
        except (OSError, http.client.HTTPException):
            line[0] = None
            seen.again += 1
            time.sleep(0.2)
            continue
        if status == 200:
            seen.answered += 1
            if sent is not None:
                seen.times.append((time.perf_counter() - begun) * 1000)
                voter.told[sent["statement"]] = VALUE[answer]
            voter.form = dict(FIELD.findall(text))
            if "statement" not in voter.form:
                voter.form = {}
            return
        if status < 500:
            seen.wrong.append(f"answered {status}")
            return
        seen.again += 1
        time.sleep(0.2)
    seen.wrong.append("no answer in a minute")


def _ask(
    voter: Voter, port: int, line: list[http.client.HTTPConnection | None], sent: dict[str, str] | None
) -> tuple[int, str]:
    if line[0] is None:
        line[0] = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in voter.cookies.items())}
    if sent is None:
        line[0].request("GET", HERE, headers=headers)
    else:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        line[0].request("POST", HERE, urlencode(sent), headers)
    answer = line[0].getresponse()
    text = answer.read().decode()
    for cookie in answer.headers.get_all("Set-Cookie") or ():
        name, value = cookie.split(";")[0].split("=", 1)
        voter.cookies[name] = value
    return answer.status, text


def main(argv: list[str]) -> int:
    """Build, vote, kill, compare, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--voters", type=int, default=2_000)
    options.add_argument(
        "--votes", type=int, default=8_000, help="requests at the rate: each voter opens the page, then votes"
    )
    options.add_argument("--rate", type=float, default=50.0)
    chosen = options.parse_args(argv)
    call_command("migrate", verbosity=0)
    if Process.objects.filter(code=CODE).exists():
        print("The database is not empty. Name an empty one: TOROGOZ_VAR=$(mktemp -d), or DATABASE_URL.")
        return 2
    for command in ("codelists", "protocol"):
        call_command(command, verbosity=0, stdout=StringIO())
    call_command("collectstatic", verbosity=0, interactive=False)
    voters = built(chosen.voters)
    print(f"{len(voters):,} made-up voters on {connection.vendor}, {chosen.rate:.0f} requests a second", flush=True)
    server = Server()
    try:
        return _measured(server, voters, chosen.votes, chosen.rate)
    finally:
        server.stop()


def _measured(server: Server, voters: list[Voter], requests: int, rate: float) -> int:
    seen, work = [Seen() for _ in range(THREADS)], queue.Queue[Voter | None]()

    def press(own: Seen) -> None:
        line: list[http.client.HTTPConnection | None] = [None]
        while (voter := work.get()) is not None:
            vote_once(voter, server.port, line, own)

    for _ in range(8):  # each worker reads the program at its first request
        vote_once(voters[0], server.port, [None], Seen())
    voters[0].form = {}
    threads = [threading.Thread(target=press, args=(own,)) for own in seen]
    for thread in threads:
        thread.start()
    # Every voter opens the page, then comes back with a vote; two requests of one voter are never under way at once.
    order = [voters[at % len(voters)] for at in range(requests)]
    # What is killed is killed while votes are under way: each voter has opened the page by then.
    votes = requests - len(voters)
    phases = {len(voters) + votes // 3: "workers", len(voters) + 2 * votes // 3: "all"}
    taken, begun_work, counted = 0.0, server.processor(), 0
    quiet: list[float] = []
    begun = time.monotonic()
    for at, voter in enumerate(order):
        time.sleep(max(0.0, begun + at / rate - time.monotonic()))
        if phases.get(at) == "workers":
            taken, counted = server.processor() - begun_work, sum(own.answered for own in seen)
            quiet = [spent for own in seen for spent in own.times]
            print(f"  killed {server.kill_workers()} workers", flush=True)
        elif phases.get(at) == "all":
            server.kill_all()
            server.start()
            print("  killed master and workers, and started them again", flush=True)
        work.put(voter)
    for _ in threads:
        work.put(None)
    for thread in threads:
        thread.join()
    return _told(seen, voters, quiet, taken, counted)


def _told(seen: list[Seen], voters: list[Voter], quiet: list[float], taken: float, counted: int) -> int:
    every = [spent for own in seen for spent in own.times]
    wrong = [each for own in seen for each in own.wrong]
    told = {(voter.code, statement): value for voter in voters for statement, value in voter.told.items()}
    codes = {online_actions.token_hash(voter.code): voter.code for voter in voters}
    rows = Vote.objects.order_by("number").values_list("attestation__token_hash", "statement__key", "value")
    stored: dict[tuple[str, str], int] = {}
    for token, key, value in rows:
        stored[codes[token], str(key)] = value
    twice = Vote.objects.filter(number__gt=1).count()
    lost = [pair for pair, value in told.items() if stored.get(pair) != value]
    unasked = [pair for pair in stored if pair not in told]
    each = 1000 * taken / max(counted, 1)
    p50, p95, p99 = np.percentile(quiet, [50, 95, 99])
    print(f"  before the kill  n {len(quiet):>5}   p50 {p50:6.1f} ms   p95 {p95:6.1f} ms   p99 {p99:6.1f} ms")
    print(f"  processor of the site {each:.1f} ms a request (aim ≤ {PROCESSOR_MS:.0f} ms)")
    print(f"  all              n {len(every):>5}   p95 {np.percentile(every, 95):6.1f} ms, outages included")
    print(f"  sent again {sum(own.again for own in seen)}; went wrong {len(wrong)} {wrong[:3] if wrong else ''}")
    print(f"  votes told {len(told):,}; lost {len(lost)}; stored twice {twice}; stored and not told {len(unasked)}")
    met = p95 <= P95_MS and not lost and not twice and not wrong and not unasked
    print(f"  target p95 ≤ {P95_MS:.0f} ms, no vote lost or counted twice: {'met' if met else 'MISSED'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
