"""How fast the public pages are, against the same pages made anew for every request and a static file, in one run.

    python tests/load/bench_pages.py [--requests N]

A small made-up country is released into the folder of TOROGOZ_VAR (a folder of its own if that is not set), the site
is served by gunicorn on 127.0.0.1, and four readers ask at once. Ends by itself within about two minutes.
"""

import argparse
import gzip
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
READERS = 4
WARMING = 8
PAGES = ("/", "/flows/", "/flows/RETURNS/", "/flows/HEADLINES/")
FILE = "/flows/RETURNS.csv"
P95_MS, PAGE_KB, FIRST_LOAD_KB = 50.0, 100.0, 60.0
MADE_ANEW = {"Cookie": "sessionid=nobody"}  # a page for a session is never kept: it is made for each request

PREPARE = """
import django
django.setup()
from django.core.management import call_command
from tests.made_up import arrivals, release_of_made_up_rows
from torogoz.shared.sources.reading import HEADLINES
call_command("migrate", verbosity=0)
call_command("codelists", verbosity=0)
call_command("collectstatic", verbosity=0, interactive=False)
call_command("import", str(HEADLINES), verbosity=0)
release_of_made_up_rows(arrivals(6_000, 2014, 2025))
"""


@dataclass(frozen=True)
class Measured:
    """What asking one address many times took."""

    address: str
    per_second: float
    p50_ms: float
    p95_ms: float
    sent_bytes: int
    whole_bytes: int


def ask(port: int, address: str, headers: dict[str, str]) -> tuple[float, bytes]:
    """One request on a connection of its own: milliseconds, and the body as sent. Raises RuntimeError unless 200."""
    start = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", address, headers={"Accept-Encoding": "gzip", **headers})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{address} answered {answer.status}")
    return (time.perf_counter() - start) * 1000, body


def measure(port: int, address: str, requests: int, headers: dict[str, str]) -> Measured:
    """Ask one address `requests` times, four readers at once, after a few that warm every worker."""
    for _ in range(WARMING):
        _, body = ask(port, address, headers)
    start = time.perf_counter()
    with ThreadPoolExecutor(READERS) as readers:
        times = sorted(took for took, _ in readers.map(lambda _: ask(port, address, headers), range(requests)))
    seconds = time.perf_counter() - start
    whole = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
    p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
    return Measured(address, requests / seconds, p50, p95, len(body), len(whole))


@contextmanager
def served(environment: dict[str, str]) -> Iterator[int]:
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
    ]
    server = subprocess.Popen(command, cwd=HERE, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                ask(port, "/flows/", {})
                break
            except OSError:
                time.sleep(0.2)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def stylesheet(environment: dict[str, str]) -> str:
    """The address of the style sheet, a static file under its hashed name."""
    static = Path(environment["TOROGOZ_VAR"]) / "static"
    return f"/static/{min(static.glob('ui/torogoz.*.css')).relative_to(static)}"


def line(name: str, found: Measured) -> str:
    return (
        f"{name:<34} {found.per_second:>7.0f}/s  p50 {found.p50_ms:>6.1f} ms  p95 {found.p95_ms:>6.1f} ms  "
        f"{found.sent_bytes / 1000:>6.1f} kB sent, {found.whole_bytes / 1000:>6.1f} kB whole"
    )


def main() -> int:
    """Print the figures of each page beside its peers; 1 if a budget is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--requests", type=int, default=400, help="requests per address (default 400)")
    requests = options.parse_args().requests
    with tempfile.TemporaryDirectory() as own:
        environment = {
            **os.environ,
            "PYTHONPATH": f"{HERE / 'src'}:{HERE}",
            "TOROGOZ_VAR": os.environ.get("TOROGOZ_VAR") or own,
            "TOROGOZ_DEMONSTRATION": "1",
            "DJANGO_SETTINGS_MODULE": "torogoz.site.settings",
        }
        subprocess.run([sys.executable, "-c", PREPARE], cwd=HERE, env=environment, check=True, timeout=180)
        kept_budget = True
        with served(environment) as port:
            static = measure(port, stylesheet(environment), requests, {})
            print(line("style sheet (static file)", static))
            for address in PAGES:
                kept = measure(port, address, requests, {})
                anew = measure(port, address, max(requests // 8, 20), MADE_ANEW)
                print(line(address, kept))
                print(line("  the same, made for each request", anew))
                first_load = (kept.sent_bytes + static.sent_bytes) / 1000
                print(
                    f"  {kept.per_second / anew.per_second:.1f} times as many a second as made anew, "
                    f"{kept.per_second / static.per_second:.2f} times the static file; first load {first_load:.1f} kB"
                )
                within = kept.p95_ms <= P95_MS and kept.whole_bytes <= PAGE_KB * 1000 and first_load <= FIRST_LOAD_KB
                kept_budget = kept_budget and within
            print(line(FILE, measure(port, FILE, max(requests // 8, 20), {})))
        said = "kept" if kept_budget else "MISSED"
        print(f"budget: p95 ≤ {P95_MS:.0f} ms, page ≤ {PAGE_KB:.0f} kB, first load ≤ {FIRST_LOAD_KB:.0f} kB: {said}")
        return 0 if kept_budget else 1


if __name__ == "__main__":
    sys.exit(main())
