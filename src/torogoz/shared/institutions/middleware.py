"""What every request passes: who asks, and no copy in any cache."""

import uuid
from collections.abc import Callable
from functools import cache
from typing import cast

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from torogoz.shared.audit.asking import Asker, ask_as
from torogoz.shared.audit.declared import declaring
from torogoz.shared.institutions.access import postings
from torogoz.shared.institutions.forms import SignInForm
from torogoz.shared.institutions.models import Officer
from torogoz.shared.institutions.once import only_reading
from torogoz.shared.institutions.purposes import in_session
from torogoz.shared.institutions.second_factor import has_proved_identity
from torogoz.shared.institutions.typed import kept

Handler = Callable[[HttpRequest], HttpResponse]


def who_asks(get_response: Handler) -> Handler:
    """Number each request, and say who asks, and for what purpose, when the policy or the record wants to know (public
    pages never do).

    A request that only reads asks the tables of the policy once.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        request_id = str(uuid.uuid4())

        @cache
        def find() -> Asker:
            officer = request.user
            if not isinstance(officer, Officer) or not has_proved_identity(officer):
                return Asker("", (), request_id)
            return Asker(officer.username, postings(officer, timezone.now()), request_id)

        @cache
        def purpose() -> str:
            return in_session(request.session, find().postings) or ""

        def declared(username: str) -> str:
            return purpose() if username == find().officer else ""

        ask_as(request, find, request_id)
        with declaring(declared):
            if request.method not in {"GET", "HEAD"}:
                return get_response(request)
            with only_reading():
                return get_response(request)

    return handle


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Who has not signed in is asked to; a form that was sent goes along, so that nothing typed is lost."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        """Ask to sign in. (Django checks the token of a form before it asks this.)"""
        if typed := kept(request):
            # The stubs promise a redirect; Django passes on any answer.
            page = {"form": SignInForm(), "next": request.path, "kept": typed, "language_next": request.path}
            return cast(HttpResponseRedirect, render(request, "institutions/sign_in.html", page, status=401))
        return super().handle_no_permission(request, view_func)


def no_copies(get_response: Handler) -> Handler:
    """Pages for somebody who is signed in, and answers to forms, are kept in no cache, here or on the way."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        known = settings.SESSION_COOKIE_NAME in request.COOKIES or settings.SESSION_COOKIE_NAME in response.cookies
        if known or request.method == "POST":
            add_never_cache_headers(response)
        return response

    return handle
