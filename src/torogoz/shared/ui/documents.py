"""Documents made from what is public: words in one language, and files that are made once for all who ask."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from torogoz.exchange.documents.content import Document
from torogoz.exchange.documents.docx_file import docx_bytes
from torogoz.exchange.documents.pdf_file import pdf
from torogoz.exchange.documents.words import day
from torogoz.exchange.writers.charts.numbers import written
from torogoz.shared.ui.public import KEPT_SECONDS, Edition, download

CONTENT_TYPES: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "json": "application/json",
}
OTHER: Final = {"es": "en", "en": "es"}


@dataclass(frozen=True)
class Teller:
    """Says things in one language; what was written in the other one alone is given as written, and marked.

    words  what the document says itself, by name; `only_es`, `only_en` and `no_day` are among them
    """

    language: str
    words: Mapping[str, str | Sequence[str]]

    def __getitem__(self, word: str) -> str:
        found = self.words[word]
        assert isinstance(found, str)
        return found

    def lines(self, word: str) -> Sequence[str]:
        """Several sentences under one name."""
        found = self.words[word]
        assert not isinstance(found, str)
        return found

    def of(self, thing: object, field: str) -> str:
        """`field_es` or `field_en` of a thing."""
        other = OTHER[self.language]
        here, there = (str(getattr(thing, f"{field}_{each}")) for each in (self.language, other))
        return here if here or not there else f"{there} {self[f'only_{other}']}"

    def number(self, value: float, decimals: int = 0) -> str:
        """A number as the language writes it."""
        return written(value, self.language, decimals)

    def day(self, when: date | datetime | None) -> str:
        """A day in words, in the time of El Salvador; that none is recorded is said."""
        if when is None:
            return self["no_day"]
        return day(timezone.localdate(when) if isinstance(when, datetime) else when, self.language)


def document_file(
    request: HttpRequest,
    *,
    edition: Edition,
    ending: str,
    content: Callable[[], bytes],
    document: Callable[[str], Document],
    file_name: str,
) -> HttpResponseBase:
    """A document as a file, made once for all who ask for the same edition of it in the same language.

    ending    docx, pdf, or json for the content alone
    content   what the document is made from; the same content gives the same bytes
    document  the document, given the SHA-256 of the content
    """

    def pieces() -> list[bytes]:
        asked = f"{request.get_host()} {request.path} {file_name} {edition.checksum}"
        kept = f"document:{_hash(asked.encode())}"
        held: bytes | None = cache.get(kept)
        if held is None:
            said = content()
            held = said if ending == "json" else (docx_bytes if ending == "docx" else pdf)(document(_hash(said)))
            cache.set(kept, held, KEPT_SECONDS)
        return [held]

    return download(request, edition=edition, pieces=pieces, content_type=CONTENT_TYPES[ending], file_name=file_name)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
