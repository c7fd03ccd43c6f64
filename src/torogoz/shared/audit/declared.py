"""For what purpose whoever asks now works: told by the request, known to the policy and to the record alike.

Outside of a request, and in one that no officer signed in for (a command, a device), nobody declares anything: what
stands on a consent stays shut, and the record keeps no purpose.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Tell = Callable[[str], str]
"""From a username to the purpose for which its officer works; empty when that officer declared none here."""

_tell: ContextVar[Tell | None] = ContextVar("declared", default=None)


@contextmanager
def declaring(tell: Tell) -> Iterator[None]:
    """In here, `tell` says for what purpose an officer works."""
    before = _tell.set(tell)
    try:
        yield
    finally:
        _tell.reset(before)


def purpose_of(username: str) -> str:
    """The purpose for which this officer works now; empty when none was declared."""
    tell = _tell.get()
    return tell(username) if tell and username else ""
