"""What goes to the log of the server: where something failed, never what was in it.

The text of an error can hold a name (PostgreSQL quotes the row that it refused), so it is left out; its kind, the
places in the code and the number of the request are kept. The same number stands in the record of accesses.
"""

import logging
import traceback
from types import TracebackType

from django.http import HttpRequest

from torogoz.shared.audit.asking import number_of

FRAMES = 12
"""How many places in the code are named, the innermost ones."""


class WithoutPersons(logging.Formatter):
    """One line for what happened, and one for each place in the code that an error came through."""

    default_msec_format = None

    def format(self, record: logging.LogRecord) -> str:
        head = f"{self.formatTime(record)} {record.levelname} {record.name}: {record.getMessage()}"
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            head += f" (request {number_of(request)})"
        return "\n".join([head, *self._places(record)])

    def _places(self, record: logging.LogRecord) -> list[str]:
        if not record.exc_info or record.exc_info[0] is None:
            return []
        kind, _, trace = record.exc_info
        return [f"  {kind.__module__}.{kind.__qualname__}", *_frames(trace)]


def _frames(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-FRAMES:]
    return [f"    {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
