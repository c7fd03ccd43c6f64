"""What the screens of the follow-up share: a form that acts once, and says again what was typed when it is refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from torogoz.domain.commitments import FollowUpRefused
from torogoz.shared.ui.forms import Questions

FORM = "commitments/follow_form.html"


@dataclass(frozen=True)
class Screen:
    """A screen with one form: what it is called, what its button says, and where one goes without keeping anything."""

    title: str
    button: str
    back: str
    lead: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)
    template: str = FORM


def answered(
    request: HttpRequest, form: Questions, screen: Screen, act: Callable[[], str], *, done: str
) -> HttpResponse:
    """Show the form; once it is valid, `act`, say `done` and go where `act` says.

    A refusal stands beside the field that it speaks of, under 422, with all that was typed; nothing was kept.
    """
    if request.method == "POST" and form.is_valid():
        try:
            where = act()
        except FollowUpRefused as why:
            form.refuse(why)
        else:
            messages.success(request, done)
            return redirect(where)
    context = {"form": form, "screen": screen, **screen.more}
    return render(request, screen.template, context, status=422 if form.is_bound else 200)


def stepped(request: HttpRequest, act: Callable[[], str], *, done: str, back: str, language: str) -> HttpResponse:
    """A step that takes no words: it is done, or it is said why not."""
    try:
        where = act()
    except FollowUpRefused as why:
        messages.error(request, why.explain(language))
        return redirect(back)
    messages.success(request, done)
    return redirect(where)
