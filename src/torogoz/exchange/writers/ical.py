"""A calendar of days as RFC 5545 has it: whole-day events, folded lines, the same bytes for the same days."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

MOST_OCTETS: Final = 75
"""The longest line, without its end (RFC 5545, 3.1)."""


@dataclass(frozen=True)
class Day:
    """One whole-day event. `uid` is the same whenever it is written; `stamp` says when it was last changed."""

    uid: str
    on: date
    summary: str
    description: str
    stamp: datetime
    address: str = ""


def calendar(name: str, product: str, language: str, days: Iterable[Day]) -> bytes:
    """The calendar. Times carry a zone; text is escaped, lines are folded between characters and end in CRLF."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{_text(product)}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        *(line for day in days for line in _event(day, language)),
        "END:VCALENDAR",
    ]
    return b"".join(piece + b"\r\n" for line in lines for piece in _folded(line))


def _event(day: Day, language: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(day.uid)}"
    yield f"DTSTAMP:{day.stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{day.on:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day.on + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY;LANGUAGE={language}:{_text(day.summary)}"
    yield f"DESCRIPTION;LANGUAGE={language}:{_text(day.description)}"
    if day.address:
        yield f"URL:{day.address}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _text(words: str) -> str:
    """Words as a value of type TEXT (3.3.11). Control characters other than line ends are left out."""
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    lines = escaped.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(each for each in lines if each == "\t" or (each >= " " and each != "\x7f"))


def _folded(line: str) -> Iterator[bytes]:
    """The line in pieces of at most 75 octets, each but the first begun by a space; no character is cut."""
    piece, room = b"", MOST_OCTETS
    for character in line:
        octets = character.encode()
        if len(piece) + len(octets) > room:
            yield piece
            piece = b" "
        piece += octets
    yield piece
