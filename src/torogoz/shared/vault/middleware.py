"""What a page answers when something sealed does not open: what happened, what is kept, whom to tell."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from torogoz.shared.vault.keyring import CannotOpen, FileDamaged

logger = logging.getLogger(__name__)


class CannotOpenMiddleware:
    """Answers 503 in words for CannotOpen; the log says of which row it is, and never what stands in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request pass."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for what does not open; None for every other exception."""
        if not isinstance(exception, CannotOpen):
            return None
        logger.error("%s", exception)
        page = "vault/damaged_file.html" if isinstance(exception, FileDamaged) else "vault/cannot_open.html"
        return render(request, page, {"now": timezone.now()}, status=503)
