"""Two devices without a reliable connection: schedules of faults played in this process; a server that is killed.

`python tests/load/bench_offline.py [--schedules N] [--first SEED] [--kills N] [--plans N]` on the configured database,
which must be empty: nothing is left of the schedules; the second part stores what its devices send, through gunicorn,
whose workers are killed (SIGKILL) while requests are under way; every tenth time its master as well.
"""

import argparse
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import django
import httpx
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torogoz.site.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django is set up above
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from tests.filled_forms import registered, says  # noqa: E402
from tests.offline import Request, decide_all, lost_and_doubled, plan, play_many, stored  # noqa: E402
from tests.world import World, make_world  # noqa: E402
from torogoz.shared.codelists import actions as codelists  # noqa: E402
from torogoz.shared.places import actions as places  # noqa: E402

OFFICERS = ("registrar_a", "health_a")
PLANS = 20


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--schedules", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--plans", type=int, default=10, help="six forms each, for the server that is killed")
    asked = parser.parse_args()
    call_command("migrate", verbosity=0)
    codelists.load()
    places.load()
    world = make_world()
    settings.ALLOWED_HOSTS = ["testserver"]
    played_well = schedules(world, asked.first, asked.schedules) if asked.schedules else True
    killed_well = kills(world, asked.kills, asked.plans) if asked.kills else True
    sys.exit(0 if played_well and killed_well else 1)


def schedules(world: World, first: int, count: int) -> bool:
    """Play so many schedules of faults, from this seed on; whether each ended as it does without faults."""
    devices = [registered(world, username) for username in OFFICERS]
    clients = [Client(headers={"Authorization": says(device.code, token)}) for device, token in devices]
    begun = time.perf_counter()
    played = play_many(range(first, first + count), PLANS, clients, [world.officers[username] for username in OFFICERS])
    taken = time.perf_counter() - begun
    faults = ", ".join(f"{kind} {number}" for kind, number in sorted(played.faults.items()) if kind != "none")
    print(f"{connection.vendor}: {played.schedules} schedules of faults, {played.forms} forms, {taken:.0f} s")
    print(f"  {played.requests} requests; faults: {faults}")
    print(f"  lost {played.lost}, doubled {played.doubled}, otherwise than without faults {len(played.unlike)}")
    return not (played.lost or played.doubled or played.unlike)


class Server:
    """Gunicorn with two workers on this database; killed and started again."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [sys.executable, "-m", "gunicorn", "-c", "python:torogoz.site.serving", "--workers", "2"]
        command += ["--bind", f"127.0.0.1:{self.port}", "--log-level", "critical"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "TOROGOZ_HOSTS": "127.0.0.1"}
        self.process = subprocess.Popen(
            command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(600):
            try:
                httpx.get(f"http://127.0.0.1:{self.port}/devices/formList", timeout=20)
            except httpx.HTTPError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError("the server did not start in a minute")

    def kill_workers(self) -> None:
        """Kill the workers at once, wherever they are; the master starts others."""
        if self.process is not None:
            master = self.process.pid
            for worker in Path(f"/proc/{master}/task/{master}/children").read_text().split():
                os.kill(int(worker), signal.SIGKILL)

    def kill(self) -> None:
        """Kill the master and its workers at once, wherever they are."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


def kills(world: World, count: int, each_of: int) -> bool:
    """Send so many plans while the server is killed so many times; whether all is stored once at the end."""
    draw = random.Random(1)
    devices = [registered(world, username) for username in OFFICERS]
    heads = [{"Authorization": says(device.code, token), "X-OpenRosa-Version": "1.0"} for device, token in devices]
    plans = [plan(1000 + number) for number in range(each_of)]
    unsent = [(head, form) for each in plans for head, forms in zip(heads, each.devices, strict=True) for form in forms]
    total, statuses, killed = len(unsent), Counter[str](), 0
    server = Server()
    server.start()
    begun = time.perf_counter()
    try:
        while unsent:
            place = draw.randrange(len(unsent))
            head, form = unsent[place]
            after = draw.uniform(0.0, 0.15) if killed < count else None
            kill = server.kill if killed % 10 == 9 else server.kill_workers
            heard = [_send(server.port, head, request, (kill, after), statuses) for request in form]
            if after is not None:
                killed += 1
                if server.process is None:
                    server.start()
            elif all(heard):
                unsent.pop(place)
    finally:
        server.kill()
    decide_all([world.officers[username] for username in OFFICERS])
    results = [lost_and_doubled(each) for each in plans]
    lost, doubled = sum(result[0] for result in results), results[0][1]
    ends = {what: len(rows) for what, rows in stored().items()}
    expected = {"people": 2, "arrivals": 2, "sections": 4, "attachments": 1, "forms": 6}
    right = ends == {what: number * each_of for what, number in expected.items()}
    taken = time.perf_counter() - begun
    print(f"{connection.vendor}: {total} forms, the server killed {killed} times, {taken:.0f} s")
    print(f"  answers: {', '.join(f'{said} {number}' for said, number in sorted(statuses.items()))}")
    print(f"  lost {lost}, doubled {doubled}; stored: {', '.join(f'{n} {what}' for what, n in ends.items())}")
    return lost == doubled == 0 and right


def _send(
    port: int,
    head: dict[str, str],
    request: Request,
    kill: tuple[Callable[[], None], float | None],
    said: Counter[str],
) -> bool:
    """Send a request over a connection of its own, and kill the server so many seconds later; whether it was taken."""
    end, after = kill
    body = request.body()
    address = urlsplit(f"http://127.0.0.1:{port}/devices/submission")
    lines = [f"POST {address.path} HTTP/1.1", f"Host: {address.hostname}", "Connection: close"]
    lines += [*(f"{name}: {value}" for name, value in head.items()), f"Content-Length: {len(body)}"]
    lines += ["Content-Type: multipart/form-data; boundary=B", "", ""]
    answer = b""
    try:
        with socket.create_connection((str(address.hostname), port), timeout=60) as line:
            line.sendall("\r\n".join(lines).encode() + body)
            if after is not None:
                time.sleep(after)
                end()
            while piece := line.recv(65536):
                answer += piece
    except OSError:
        pass
    status = answer[9:12].decode() or "none"
    said[status] += 1
    return status in ("201", "202") and after is None


if __name__ == "__main__":
    main()
