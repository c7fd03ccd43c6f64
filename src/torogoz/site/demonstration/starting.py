"""What must hold before the demonstration country is made and served; each refusal says what to do."""

import fcntl
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LAST_PORT = 65_535


class CannotStart(Exception):
    """Why nothing was started, in one sentence for the person at the terminal."""


def refuse_taken_port(port: int) -> None:
    """Raise `CannotStart` unless this machine can serve at `port` of 127.0.0.1."""
    if not 1 <= port <= LAST_PORT:
        raise CannotStart(f"{port} is no port: nothing was started. Name one from 1 to {LAST_PORT} with --port.")
    with socket.socket() as trial:
        # As the web server does, so that the connections of one that has just stopped are no hindrance.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError as reason:
            raise CannotStart(
                f"Port {port} cannot be used ({reason.strerror}), so nothing was started; perhaps Torogoz runs there "
                f"already: look at http://127.0.0.1:{port}/ or name another port with --port."
            ) from reason


@contextmanager
def one_at_a_time(var: Path) -> Iterator[None]:
    """Hold the folder `var` while the country is made in it; raise `CannotStart` if another process does."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "demonstration.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as reason:
            raise CannotStart(
                f"Another script/demo is making the country in {var}; this one changed nothing. "
                "Wait until the other has finished, or set TOROGOZ_VAR to another folder."
            ) from reason
        yield


def data_folder(named: Path | None, configured: str, beside: Path) -> Path | None:
    """The folder of real data: the one that is named, or `configured`, or `beside` if it is there."""
    chosen = named or (Path(configured) if configured else None)
    if chosen is None:
        return beside if beside.is_dir() else None
    if not chosen.is_dir():
        raise CannotStart(
            f"{chosen} is not a folder: nothing was made and nothing was imported. "
            "Name a folder with --data or TOROGOZ_DATA, or leave both out."
        )
    return chosen.resolve()
