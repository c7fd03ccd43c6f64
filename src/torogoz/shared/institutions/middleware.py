"""What every request passes: who asks, and no copy in any cache."""

import uuid
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from torogoz.shared.audit.asking import Asker, ask_as
from torogoz.shared.institutions.access import postings
from torogoz.shared.institutions.models import Officer
from torogoz.shared.institutions.second_factor import has_proved_identity

Handler = Callable[[HttpRequest], HttpResponse]


def who_asks(get_response: Handler) -> Handler:
    """Number each request, and say who asks when the policy or the record wants to know (public pages never do)."""

    def handle(request: HttpRequest) -> HttpResponse:
        request_id = str(uuid.uuid4())

        @cache
        def find() -> Asker:
            officer = request.user
            if not isinstance(officer, Officer) or not has_proved_identity(officer):
                return Asker("", (), request_id)
            return Asker(officer.username, postings(officer, timezone.now()), request_id)

        ask_as(request, find)
        return get_response(request)

    return handle


def no_copies(get_response: Handler) -> Handler:
    """Pages for somebody who is signed in are kept in no cache, on the way or on the machine of the centre."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES or settings.SESSION_COOKIE_NAME in response.cookies:
            add_never_cache_headers(response)
        return response

    return handle
