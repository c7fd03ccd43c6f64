"""Calendars that a telephone subscribes to (iCalendar, RFC 5545). Times are in UTC, which needs no zone table."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

LINE: Final = 75
"""Octets of a line, without its end; the rest goes on in the next line after a space."""
TYPE: Final = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class Event:
    """One entry.

    uid         the same for the same thing for ever, so that a change replaces it in the reader's calendar
    changed     when it was last changed, with its zone
    begins      a moment with its zone, or a day
    ends        a moment with its zone; None for a day, which is the whole of it
    sequence    counts up with every change
    """

    uid: str
    changed: datetime
    begins: datetime | date
    summary: str
    ends: datetime | None = None
    location: str = ""
    description: str = ""
    address: str = ""
    cancelled: bool = False
    sequence: int = 0


def written(name: str, events: Iterable[Event]) -> bytes:
    """A calendar called `name`, with CRLF ends of lines."""
    return b"".join(_folded(line) for line in _lines(name, events))


def _lines(name: str, events: Iterable[Event]) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Torogoz//Calendar//ES", "CALSCALE:GREGORIAN")
    yield from ("METHOD:PUBLISH", f"X-WR-CALNAME:{_escaped(name)}", f"NAME:{_escaped(name)}")
    for event in events:
        yield "BEGIN:VEVENT"
        yield f"UID:{event.uid}"
        yield f"DTSTAMP:{_moment(event.changed)}"
        yield f"LAST-MODIFIED:{_moment(event.changed)}"
        yield f"SEQUENCE:{event.sequence}"
        yield from _times(event)
        yield f"SUMMARY:{_escaped(event.summary)}"
        for word, text in (("LOCATION", event.location), ("DESCRIPTION", event.description)):
            if text:
                yield f"{word}:{_escaped(text)}"
        if event.address:
            yield f"URL:{event.address}"
        yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def _times(event: Event) -> Iterator[str]:
    if isinstance(event.begins, datetime):
        yield f"DTSTART:{_moment(event.begins)}"
        if event.ends is not None:
            yield f"DTEND:{_moment(event.ends)}"
    else:
        yield f"DTSTART;VALUE=DATE:{event.begins:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{event.begins + timedelta(days=1):%Y%m%d}"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for plain, said in (("\\", "\\\\"), (";", "\\;"), (",", "\\,")):
        text = text.replace(plain, said)
    return "\\n".join(text.splitlines())


def _folded(line: str) -> bytes:
    """The line in pieces of at most 75 octets, none of which cuts a letter in two."""
    pieces, piece = [], b""
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > LINE:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
