"""Public answers: the same for everyone who asks in the same language, kept ready, and answered 304 when unchanged.

An answer is kept for every reader but those who have signed in: their pages carry their name, so they are made each
time and marked private. Kept pages hold no secret (no token, no name), so they may be compressed.

An address is read without what networks add to it, and a page that reads no parameters without any. A page that reads
some refuses those that it does not know, and a refusal is kept nowhere.
"""

import gzip
import hashlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import get_language
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from torogoz.domain.damage import Damaged
from torogoz.shared.ui.compression import accepts_gzip, squeezed_pieces

P = ParamSpec("P")

KEPT_SECONDS = 3600
FRESH_SECONDS = 300
SQUEEZED = (".zip", ".xlsx", ".parquet", ".docx", ".pdf")
# What social networks and newsletters add to an address that is shared.
ADDED_BY_OTHERS = ("fbclid", "gclid", "igshid", "mc_cid", "mc_eid")
VARIES_BY = ("Cookie", "Accept-Encoding")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Edition:
    """What an answer was computed from: a checksum of it all, and when the last of it came in."""

    checksum: str
    changed_at: datetime | None


@dataclass(frozen=True)
class _Kept:
    """A page as it is kept: compressed, with its tag."""

    squeezed: bytes
    content_type: str
    etag: str


class PublicView(Protocol[P]):
    """A view that anyone may ask, called with what its address holds."""

    def __call__(self, request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase: ...


def public_page(
    edition: Callable[P, Edition], *, refuses: bool = False
) -> Callable[[Callable[Concatenate[HttpRequest, P], HttpResponse]], PublicView[P]]:
    """Make a view public and keep its pages for as long as `edition`, asked with the view's own arguments, stays.

    refuses  whether the page reads parameters, and itself refuses those that it does not know; without, all are left
             out before it is asked
    """

    def decorate(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> PublicView[P]:
        @login_not_required
        @require_safe
        @only_sound_files
        @wraps(view)
        def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            _leave_out_unread(request, refuses=refuses)
            if _is_for_one_reader(request):
                response = view(request, *args, **kwargs)
                patch_cache_control(response, private=True, no_store=True)
                patch_vary_headers(response, VARIES_BY)
                return response
            now = edition(*args, **kwargs)
            key = _key(request, now)
            kept: _Kept | None = cache.get(key)
            if kept is None:
                response = view(request, *args, **kwargs)
                if response.status_code != 200 or response.cookies or request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
                    patch_vary_headers(response, VARIES_BY)
                    return response
                kept = _squeezed(response)
                cache.set(key, kept, KEPT_SECONDS)
            return _given(request, kept, now)

        return answer

    return decorate


def may_be_framed(view: PublicView[P]) -> PublicView[P]:
    """Let pages of anybody show this one in a frame of theirs. It holds no form and nothing of who reads."""

    @wraps(view)
    def framed(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        def ask(request: HttpRequest) -> HttpResponseBase:
            return view(request, *args, **kwargs)

        return xframe_options_exempt(csp_replace({"frame-ancestors": ["*"]})(ask))(request)

    return framed


def only_sound_files(view: PublicView[P]) -> PublicView[P]:
    """Say plainly that figures are not shown when the file that holds them is not the one that was stored."""

    @wraps(view)
    def sound(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Damaged as damage:
            logger.error("%s is not shown: %s", request.path, damage)
            response = render(request, "ui/damaged.html", status=503)
            patch_cache_control(response, no_store=True)
            return response

    return sound


def download(
    request: HttpRequest, *, edition: Edition, pieces: Callable[[], Iterable[bytes]], content_type: str, file_name: str
) -> HttpResponseBase:
    """Stream a file, or say 304 when the reader has this edition of it already."""
    etag = _tag(f"{request.get_full_path()} {get_language()} {edition.checksum}".encode())
    squeeze = accepts_gzip(request) and not file_name.endswith(SQUEEZED)
    unchanged = _unchanged(request, etag, edition)
    response: HttpResponseBase
    if unchanged is not None:
        response = unchanged
    else:
        body = iter(pieces())
        response = StreamingHttpResponse(squeezed_pieces(body) if squeeze else body, content_type=content_type)
        response["Content-Disposition"] = f'attachment; filename="{file_name}"'
        if squeeze:
            response["Content-Encoding"] = "gzip"
    _mark_public(response, etag, edition)
    return response


def of_nobody(name: str) -> bool:
    """Whether a parameter was added to a shared address on its way, and asks for nothing."""
    return name in ADDED_BY_OTHERS or name.startswith("utm_")


def _leave_out_unread(request: HttpRequest, *, refuses: bool) -> None:
    """Leave in the address what the page reads, in one order, so that what it shows depends on nothing else."""
    asked = QueryDict(mutable=True)
    for name in sorted(request.GET):
        values = request.GET.getlist(name)
        spoken = name == "lang" and values[-1] in dict(settings.LANGUAGES)
        if spoken or (refuses and name != "lang" and not of_nobody(name)):
            asked.setlist(name, values)
    # The stubs say that GET is never replaced; it is a plain attribute, which Django fills when it is first read.
    vars(request)["GET"] = asked
    request.META["QUERY_STRING"] = asked.urlencode(safe=",:")


def _is_for_one_reader(request: HttpRequest) -> bool:
    """Whether the reader has signed in, or is to be told something once. A cookie alone says neither."""
    return request.user.is_authenticated or len(get_messages(request)) > 0


def _key(request: HttpRequest, edition: Edition) -> str:
    asked = "\n".join([request.get_host(), request.path, request.META.get("QUERY_STRING", ""), get_language() or ""])
    return "public:" + hashlib.sha256(f"{asked}\n{edition.checksum}".encode()).hexdigest()


def _tag(content: bytes) -> str:
    """A weak tag: the compressed and the plain answer count as the same."""
    return f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'


def _squeezed(response: HttpResponse) -> _Kept:
    return _Kept(
        gzip.compress(response.content, compresslevel=6, mtime=0), response["Content-Type"], _tag(response.content)
    )


def _given(request: HttpRequest, kept: _Kept, edition: Edition) -> HttpResponseBase:
    """The kept page, compressed for those who accept it, or 304."""
    response: HttpResponseBase
    unchanged = _unchanged(request, kept.etag, edition)
    if unchanged is not None:
        response = unchanged
    elif accepts_gzip(request):
        response = HttpResponse(kept.squeezed, content_type=kept.content_type)
        response["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(gzip.decompress(kept.squeezed), content_type=kept.content_type)
    _mark_public(response, kept.etag, edition)
    return response


def _unchanged(request: HttpRequest, etag: str, edition: Edition) -> HttpResponseBase | None:
    """304 when the reader's copy is this one. The tag alone decides: two pages may change within one second."""
    if "If-None-Match" not in request.headers:
        return None
    return get_conditional_response(request, etag=etag)


def _mark_public(response: HttpResponseBase, etag: str, edition: Edition) -> None:
    response["ETag"] = etag
    if edition.changed_at is not None:
        response["Last-Modified"] = http_date(edition.changed_at.timestamp())
    patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    patch_vary_headers(response, VARIES_BY)
