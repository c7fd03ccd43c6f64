"""Signed heads of the chain, in a file outside the database: an end that was cut off no longer agrees with them.

A chain that loses its last events is still unbroken. A head that was signed and kept elsewhere says how far it reached.
The file is read by everybody and written by adding a line; keep it where whoever runs the database cannot write (the
setting TOROGOZ_ANCHORS), and print a line of it from time to time.
"""

import base64
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from django.conf import settings

from torogoz.shared.vault import signing

FILE: Final = "audit-heads.jsonl"


class CannotAnchor(Exception):
    """The signed head could not be written. The record itself is not touched."""


@dataclass(frozen=True)
class Anchor:
    """That the chain had `events` events, and its last the hash `head`, at `at` (UTC); and the signature of that.

    restored    why the record ends earlier than an older line says: a back-up was restored; empty else
    """

    at: str
    events: int
    head: str
    restored: str
    signature: str

    @property
    def message(self) -> bytes:
        """What is signed."""
        return _message(self.at, self.events, self.head, self.restored)

    @property
    def line(self) -> str:
        """As it stands in the file, and on paper."""
        return json.dumps(asdict(self), sort_keys=True)


@dataclass(frozen=True)
class Kept:
    """What a file of signed heads says: the head at each number of events, how many lines, and lines nobody signed."""

    heads: dict[int, str]
    lines: int
    faults: list[str]
    restored: list[Anchor]


def path() -> Path:
    """The file of signed heads."""
    return Path(settings.ANCHORS) / FILE


def signed(events: int, head: str, now: datetime, restored: str = "") -> Anchor:
    """A head, signed by the newest key of this site."""
    at = now.astimezone(UTC).isoformat(timespec="seconds")
    signature = signing.sign(_message(at, events, head, restored))
    return Anchor(at, events, head, restored, base64.b64encode(signature).decode())


def keep(anchor: Anchor) -> Path:
    """Add it to the file, on the disk before this returns. Raises CannotAnchor."""
    into = path()
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        with into.open("a", encoding="utf-8") as file:
            # A line that a full disk or a cut in power left half-written is ended first, so that it spoils no other.
            file.write(("" if _ends_well(into) else "\n") + anchor.line + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as why:
        raise CannotAnchor(
            f"the signed head could not be written to {into}: {why.strerror}. The record was not touched. "
            "Give the folder of TOROGOZ_ANCHORS room and the right to write, then run `torogoz audit anchor`."
        ) from why
    return into


def kept(file: Path | None = None, genuine: Callable[[bytes, bytes], bool] | None = None, at_least: int = 0) -> Kept:
    """What the file says. A file that is not there has no line.

    genuine     tells whether a signature (second) is good for a message (first); by default by the keys of this site
    at_least    how many lines it had when it was last read: fewer mean that somebody shortened it
    """
    file = file or path()
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines() if file.exists() else []
    heads: dict[int, str] = {}
    faults, restored = [], []
    for number, line in enumerate(lines, start=1):
        anchor = _read(line)
        if anchor is None or not _good(anchor, genuine or signing.verify):
            faults.append(f"line {number} of {file.name} was not signed by this site: it was altered or cut off")
            continue
        if anchor.restored:
            restored.append(anchor)
            heads = {events: head for events, head in heads.items() if events <= anchor.events}
        if heads.setdefault(anchor.events, anchor.head) != anchor.head:
            faults.append(f"line {number} of {file.name} contradicts an earlier one: the record was rewritten")
    if len(lines) < at_least:
        faults.append(f"{file.name} has {len(lines)} lines and had {at_least} at the last check: lines were removed")
    return Kept(heads, len(lines), faults, restored)


def _message(at: str, events: int, head: str, restored: str) -> bytes:
    return f"torogoz audit head\n{at}\n{events}\n{head}\n{restored}\n".encode()


def _ends_well(file: Path) -> bool:
    with file.open("rb") as content:
        if content.seek(0, os.SEEK_END) == 0:
            return True
        content.seek(-1, os.SEEK_END)
        return content.read() == b"\n"


def _read(line: str) -> Anchor | None:
    try:
        found = json.loads(line)
        return Anchor(
            str(found["at"]), int(found["events"]), *(str(found[name]) for name in ("head", "restored", "signature"))
        )
    except (ValueError, KeyError, TypeError):
        return None


def _good(anchor: Anchor, genuine: Callable[[bytes, bytes], bool]) -> bool:
    try:
        return genuine(anchor.message, base64.b64decode(anchor.signature, validate=True))
    except ValueError:
        return False


def by_these_keys(keys: Iterable[bytes]) -> Callable[[bytes, bytes], bool]:
    """Tells whether a signature is good by one of these public keys (PEM), kept elsewhere."""
    pems = list(keys)
    return lambda message, signature: any(signing.good(pem, message, signature) for pem in pems)
