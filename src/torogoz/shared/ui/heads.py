"""Asking only for the head of a page: every page that is read answers it as it answers for the whole."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase


class AnswersHead:
    """Let views that know of reading and of sending answer HEAD as they answer GET; the server leaves out the body.

    A view that means something else by it says so: `answers_head`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = request.method
        response = self.get_response(request)
        request.method = asked
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], _args: Any, _named: Any) -> None:
        if request.method == "HEAD" and not getattr(view, "answers_head", False):
            request.method = "GET"
