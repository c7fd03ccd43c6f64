"""What a page answers when data of the person were just disposed of, where its form does not say so itself."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from torogoz.shared.people.held import Disposed
from torogoz.shared.ui.templatetags.ui import language

NOT_TYPED = frozenset({"csrfmiddlewaretoken", "token", "expected_version", "save"})


class DisposedMiddleware:
    """Answers 409 in words for Disposed, with what was typed, so that nothing of it is lost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request pass."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for Disposed; None for every other exception."""
        if not isinstance(exception, Disposed):
            return None
        sent = [value for name, values in request.POST.lists() if name not in NOT_TYPED for value in values]
        page = {"why": exception.explain(language()), "typed": [value for value in sent if value.strip()]}
        return render(request, "people/disposed.html", page, status=409)
