"""While a page is only read, each question to the tables of the policy is asked once.

A page of a person asks for the officer's postings some twenty times: each part of it decides for itself, and must. What
a request that changes nothing was told once holds until its answer is made; the next request asks anew, so that a
posting or a consent that has ended opens nothing more. A request that may change something remembers nothing.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Told = TypeVar("Told")

_told: ContextVar[dict[Hashable, Any] | None] = ContextVar("told", default=None)


@contextmanager
def only_reading() -> Iterator[None]:
    """Whoever is asked in here with the same words twice gives the first answer again."""
    before = _told.set({})
    try:
        yield
    finally:
        _told.reset(before)


def asked_once(question: Callable[Asked, Told]) -> Callable[Asked, Told]:
    """Remember the answers of `question` within `only_reading`; outside of it, ask every time."""

    @wraps(question)
    def ask(*args: Asked.args, **kwargs: Asked.kwargs) -> Told:
        told = _told.get()
        if told is None:
            return question(*args, **kwargs)
        words = (question, args, tuple(sorted(kwargs.items())))
        if words not in told:
            told[words] = question(*args, **kwargs)
        answer: Told = told[words]
        return answer

    return ask
