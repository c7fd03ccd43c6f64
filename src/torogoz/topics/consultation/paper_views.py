"""Position and minutes as DOCX and PDF: the published ones for everybody, drafts for who convenes."""

from datetime import date
from typing import Final
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from torogoz.domain.access import Verb
from torogoz.domain.positions import AdoptedPosition
from torogoz.exchange.documents.content import Document
from torogoz.exchange.documents.docx_file import docx_bytes
from torogoz.exchange.documents.pdf_file import pdf
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.ui.public import download
from torogoz.shared.ui.templatetags.ui import language, localised
from torogoz.topics.consultation import adoption_queries, queries, words
from torogoz.topics.consultation.models import Minutes
from torogoz.topics.consultation.papers import minutes_paper, position_paper
from torogoz.topics.consultation.process_models import Process
from torogoz.topics.consultation.working import prepared

CONTENT_TYPES: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
WRITERS: Final = {"docx": docx_bytes, "pdf": pdf}


@login_not_required
@require_safe
def position(request: HttpRequest, code: str, ending: str) -> HttpResponseBase:
    """The adopted position, where the public sees results."""
    found = queries.published_results(code)
    adopted = adoption_queries.adopted_position(found) if found else None
    if found is None or adopted is None or ending not in WRITERS:
        raise Http404
    address = reverse("consultation:position", args=[code])
    tongue = language()
    return download(
        request,
        edition=queries.edition(code),
        pieces=lambda: [WRITERS[ending](_position(request, found, adopted, address, draft=False))],
        content_type=CONTENT_TYPES[ending],
        file_name=f"position-{code}-{tongue}.{ending}",
    )


@login_not_required
@require_safe
def minutes(request: HttpRequest, code: str, event: UUID, ending: str) -> HttpResponseBase:
    """The final minutes of a meeting, where the public sees results."""
    found = queries.published_results(code)
    held = next((one for one in queries.published_minutes(found) if one.event.key == event), None) if found else None
    if found is None or held is None or ending not in WRITERS:
        raise Http404
    address = reverse("consultation:public_minutes", args=[code, event])
    return download(
        request,
        edition=queries.edition(code),
        pieces=lambda: [WRITERS[ending](_minutes(request, found, held, address, draft=False))],
        content_type=CONTENT_TYPES[ending],
        file_name=f"minutes-{code}-{language()}.{ending}",
    )


@require_safe
def draft_position(request: HttpRequest, key: UUID, ending: str) -> HttpResponse:
    """The position as it stands, for who convenes; every page of it says that it is a draft."""
    now, officer = timezone.now(), officer_of(request)
    here = queries.standing(officer, key, now)
    if here is None or not here.convenes or ending not in WRITERS:
        return not_found(request, verb=Verb.CONVENE, what="position", subject=key, now=now)
    prepared(request, here, "position", key, now)
    as_it_stands = AdoptedPosition(adoption_queries.position_document(here.process))
    address = reverse("consultation:adoption", args=[key])
    return _for_one(_position(request, here.process, as_it_stands, address, draft=True), ending, "position-draft")


@require_safe
def draft_minutes(request: HttpRequest, key: UUID, event: UUID, ending: str) -> HttpResponse:
    """The minutes as they stand, for who convenes."""
    now, officer = timezone.now(), officer_of(request)
    here = queries.standing(officer, key, now)
    meeting = queries.event_called(here.process, event) if here and here.convenes else None
    held: Minutes | None = getattr(meeting, "minutes", None)
    if here is None or held is None or ending not in WRITERS:
        return not_found(request, verb=Verb.CONVENE, what="minutes", subject=event, now=now)
    prepared(request, here, "minutes", event, now)
    address = reverse("consultation:minutes", args=[key, event])
    draft = held.final_at is None
    return _for_one(_minutes(request, here.process, held, address, draft=draft), ending, "minutes-draft")


def _position(
    request: HttpRequest, process: Process, position: AdoptedPosition, address: str, *, draft: bool
) -> Document:
    return position_paper(
        position,
        language(),
        rule=[words.rule_in_words(process), *words.quorum_in_words(process)],
        draft=draft,
        made_up=process.made_up,
        made_on=_date(process, position, draft=draft),
        address=request.build_absolute_uri(address),
    )


def _date(process: Process, position: AdoptedPosition, *, draft: bool) -> date:
    """The day of the adoption; of a position whose source does not tell it, the day on which it was published here."""
    if draft:
        return timezone.localdate()
    return timezone.localdate(position.adopted_at or process.published_at)


def _minutes(request: HttpRequest, process: Process, held: Minutes, address: str, *, draft: bool) -> Document:
    return minutes_paper(
        adoption_queries.minutes_document(held),
        language(),
        publisher=localised(process.convener, "name"),
        draft=draft,
        made_up=process.made_up,
        made_on=timezone.localdate(held.final_at) if held.final_at else timezone.localdate(),
        address=request.build_absolute_uri(address),
    )


def _for_one(document: Document, ending: str, name: str) -> HttpResponse:
    """A file for who asks and nobody else: kept nowhere on its way."""
    response = HttpResponse(WRITERS[ending](document), content_type=CONTENT_TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    patch_cache_control(response, private=True, no_store=True)
    return response
