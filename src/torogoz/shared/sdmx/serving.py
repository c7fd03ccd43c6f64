"""Answers for programs: streamed, compressed for who accepts it, 304 for who has them, reasons for what is refused."""

import hashlib
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from functools import wraps
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import http_date, parse_etags
from django.views.decorators.http import require_safe

from torogoz.exchange.readers.sdmx_accept import DATA, STRUCTURE, Offer, negotiate
from torogoz.exchange.readers.sdmx_rest import NotAcceptable, Refused
from torogoz.exchange.writers import sdmx_json, sdmx_structures_ml
from torogoz.shared.releases.files import ReleaseDamaged
from torogoz.shared.sources.files import VintageDamaged
from torogoz.shared.ui.compression import accepts_gzip, squeezed_pieces

FRESH_SECONDS: Final = 300
VARIES_BY: Final = ("Accept", "Accept-Encoding", "Accept-Language")
UNAVAILABLE: Final = 503
logger = logging.getLogger(__name__)
View = Callable[[HttpRequest, str], HttpResponseBase]


def for_programs(view: View) -> View:
    """Make a view public, and give the reason for every refusal in the format that the program reads."""

    @login_not_required
    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, path: str = "") -> HttpResponseBase:
        try:
            response = view(request, path or "")
        except Refused as refusal:
            response = _refused(request, refusal.status, refusal.code, refusal.title, str(refusal))
        except (ReleaseDamaged, VintageDamaged) as damage:
            logger.error("%s is not shown: %s", request.path, damage)
            text = "A stored file of these figures is missing or was altered. They are not shown until it is restored."
            response = _refused(request, UNAVAILABLE, UNAVAILABLE, "Not available for now", text)
        patch_vary_headers(response, VARIES_BY)
        response["Access-Control-Allow-Origin"] = "*"  # public figures: programs in any page may read them
        return response

    return answer


def serve(
    request: HttpRequest,
    *,
    edition: tuple[str, datetime | None],
    offer: Offer,
    said: str,
    pieces: Callable[[], Iterable[bytes]],
    file_name: str = "",
) -> HttpResponseBase:
    """The answer in pieces, or 304 when the reader has it already.

    edition  what names the state of the data, and since when it holds
    said     what else the answer depends on: language, labels
    pieces   the answer, made only if it is needed
    """
    asked = f"{request.get_full_path()} {offer.content_type} {said} {edition[0]}"
    etag = f'W/"{hashlib.sha256(asked.encode()).hexdigest()[:32]}"'
    response: HttpResponseBase
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    else:
        body = iter(pieces())
        squeeze = accepts_gzip(request)
        response = StreamingHttpResponse(
            squeezed_pieces(body) if squeeze else body, content_type=f"{offer.content_type}"
        )
        if squeeze:
            response["Content-Encoding"] = "gzip"
        if file_name:
            response["Content-Disposition"] = f'inline; filename="{file_name}"'
    response["ETag"] = etag
    if edition[1] is not None:
        response["Last-Modified"] = http_date(edition[1].timestamp())
    patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    return response


def _refused(request: HttpRequest, status: int, code: int, title: str, text: str) -> HttpResponse:
    """A refusal: an SDMX error message in JSON or ML, plain words for who reads CSV."""
    short = "csv"
    for wanted in ("", request.GET.get("format", "")):
        with suppress(NotAcceptable):
            short = negotiate(request.headers.get("Accept", ""), (*DATA, *STRUCTURE), wanted).offer.short
    if short == "csv":
        return HttpResponse(f"{title}: {text}\n", content_type="text/plain; charset=utf-8", status=status)
    if short == "json":
        body, kind = sdmx_json.error(code, text, title), "application/vnd.sdmx.data+json;version=2.0.0"
    else:
        body, kind = sdmx_structures_ml.error(code, text), "application/vnd.sdmx.data+xml;version=3.0.0"
    return HttpResponse(body, content_type=kind, status=status)
