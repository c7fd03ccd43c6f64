"""Who asks for a page: the officer, the postings in force, and the number of the request.

The record of accesses knows institutions only by their codes; who asks is put on the request by
`institutions.middleware.who_asks`, and read from it here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from torogoz.domain.access import Posting

KEY = "torogoz.asker"
NUMBER = "torogoz.request_number"


@dataclass(frozen=True)
class Asker:
    """Somebody who asks for a page: the officer's username (empty for the public), postings, number of the request."""

    officer: str
    postings: tuple[Posting, ...]
    request_id: str

    @property
    def institution(self) -> str:
        """The code of the institution of the oldest posting in force; empty without one."""
        return self.postings[0].institution if self.postings else ""


def asker(request: HttpRequest) -> Asker:
    """Who asks for this page. Nobody, when no middleware has said."""
    find: Callable[[], Asker] | None = request.META.get(KEY)
    return find() if find else Asker("", (), "")


def ask_as(request: HttpRequest, find: Callable[[], Asker], number: str) -> None:
    """Let `find` tell, when it is first needed, who asks; the request has its number at once."""
    request.META[KEY] = find
    request.META[NUMBER] = number


def number_of(request: HttpRequest) -> str:
    """The number of the request, which needs no look into the database; empty when no middleware gave one."""
    return str(request.META.get(NUMBER, ""))
