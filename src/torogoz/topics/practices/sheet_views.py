"""The sheets as files: a published practice, and a call with its pledges, in the language of the page."""

import hashlib
from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from torogoz.domain.practices import State
from torogoz.exchange.documents.content import Document
from torogoz.exchange.documents.docx_file import docx_bytes
from torogoz.exchange.documents.pdf_file import pdf
from torogoz.shared.ui.public import Edition, download
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.practices import call_queries, files, pledge_queries, queries
from torogoz.topics.practices.pledge_files import call_content
from torogoz.topics.practices.sheet_documents import call_sheet, practice_sheet

CONTENT_TYPES: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "json": "application/json",
}
KEPT_SECONDS: Final = 3600


@login_not_required
@require_safe
def practice(request: HttpRequest, key: UUID, ending: str) -> HttpResponseBase:
    """The sheet of a practice that is published."""
    found = queries.was_published(key)
    if found is None or found.state != State.PUBLISHED.value or ending not in CONTENT_TYPES:
        raise Http404
    address, tongue = _address(request, "practices:practice", key), language()

    def content() -> bytes:
        return b"".join(files.json_pieces([found]))

    def document(made_from: str) -> Document:
        return practice_sheet(found, tongue, made_from=made_from, address=address)

    return _file(request, f"practice-{str(key)[:8]}", ending, content, document)


@login_not_required
@require_safe
def call(request: HttpRequest, key: UUID, ending: str) -> HttpResponseBase:
    """The sheet of a call with its pledges."""
    found = call_queries.call_named(key)
    if found is None or ending not in CONTENT_TYPES:
        raise Http404
    address, tongue = _address(request, "practices:call", key), language()

    def content() -> bytes:
        return call_content(found, pledge_queries.pledges_of(found), queries.answered(found))

    def document(made_from: str) -> Document:
        return call_sheet(found, tongue, made_from=made_from, address=address)

    return _file(request, f"call-{str(key)[:8]}", ending, content, document)


def _address(request: HttpRequest, name: str, key: UUID) -> str:
    return request.build_absolute_uri(reverse(name, args=[key]))


def _file(
    request: HttpRequest, name: str, ending: str, content: Callable[[], bytes], document: Callable[[str], Document]
) -> HttpResponseBase:
    """The file, made once for all who ask for the same edition; the same content gives the same bytes."""
    edition, tongue = Edition(queries.edition().checksum, None), language()

    def pieces() -> list[bytes]:
        kept = "sheet:" + _hash(f"{request.get_host()} {request.path} {tongue} {edition.checksum}".encode())
        held: bytes | None = cache.get(kept)
        if held is None:
            said = content()
            held = said if ending == "json" else (docx_bytes if ending == "docx" else pdf)(document(_hash(said)))
            cache.set(kept, held, KEPT_SECONDS)
        return [held]

    return download(
        request,
        edition=edition,
        pieces=pieces,
        content_type=CONTENT_TYPES[ending],
        file_name=f"{name}-{tongue}.{ending}",
    )


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
