"""The sheets as files: a published practice, and a call with its pledges, in the language of the page."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from torogoz.domain.practices import State
from torogoz.exchange.documents.content import Document
from torogoz.shared.ui.documents import CONTENT_TYPES, document_file
from torogoz.shared.ui.public import Edition
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.practices import call_queries, files, pledge_queries, queries
from torogoz.topics.practices.pledge_files import call_content
from torogoz.topics.practices.sheet_documents import call_sheet, practice_sheet


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

    return document_file(
        request,
        edition=_edition(),
        ending=ending,
        content=content,
        document=document,
        file_name=f"practice-{str(key)[:8]}-{tongue}.{ending}",
    )


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

    return document_file(
        request,
        edition=_edition(),
        ending=ending,
        content=content,
        document=document,
        file_name=f"call-{str(key)[:8]}-{tongue}.{ending}",
    )


def _address(request: HttpRequest, name: str, key: UUID) -> str:
    return request.build_absolute_uri(reverse(name, args=[key]))


def _edition() -> Edition:
    """No day: a sheet changes with its practice or call, not with the last one of them all."""
    return Edition(queries.edition().checksum, None)
