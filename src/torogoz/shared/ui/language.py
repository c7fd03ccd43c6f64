"""In which language a page speaks: Spanish, until its reader chooses otherwise, or its address says so (`?lang=en`)."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import translation
from django.utils.cache import patch_vary_headers

SWITCH = "switch_language"
"""The name of the switch where it belongs to a form of work (ui/language.html): what was typed travels along."""


def switching(request: HttpRequest) -> bool:
    """Whether a form was sent by the switch, to be shown again: it stores nothing, whatever else it says."""
    return request.method == "POST" and SWITCH in request.POST


def chosen_language(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Speak the language that the reader chose with the switch; what the browser prefers does not count.

    Officers share machines whose browsers were set up in English; Spanish comes first for everybody. An address may
    name its language, so that a file, a picture or an embedded figure has one address in each; nothing is kept of it.
    """
    spoken = dict(settings.LANGUAGES)

    def respond(request: HttpRequest) -> HttpResponse:
        switched = _switched(request)
        offers = (switched, request.GET.get("lang", ""), request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))
        language = next((offer for offer in offers if offer in spoken), settings.LANGUAGE_CODE)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        if switched in spoken:
            _keep(response, language)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie",))
        return response

    return respond


def _switched(request: HttpRequest) -> str:
    """What the switch of a form of work asks for; such forms are for who has signed in, and carry no files."""
    typed = request.method == "POST" and request.content_type == "application/x-www-form-urlencoded"
    if not typed or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ""
    try:
        return request.POST.get(SWITCH, "")
    except (UnreadablePostError, SuspiciousOperation, BadRequest):
        # Too large, or broken off: whoever reads the form next says so.
        return ""


def _keep(response: HttpResponse, language: str) -> None:
    """The cookie that Django's set_language sets."""
    # The stubs of the settings promise any text, those of the cookie want one of three words.
    same_site: Any = settings.LANGUAGE_COOKIE_SAMESITE
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=same_site,
    )
