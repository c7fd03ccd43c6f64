"""For views: recording what a page disclosed, and refusing in a way that tells nothing."""

from collections.abc import Sequence
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from torogoz.domain.access import REFUSED, Decision, Verb
from torogoz.shared.audit import actions
from torogoz.shared.audit.asking import asker


def disclosed(
    request: HttpRequest,
    *,
    verb: Verb,
    what: str,
    subjects: Sequence[object],
    decision: Decision,
    now: datetime,
    sections: Sequence[str] = (),
    channel: str = "page",
    asked: str = "",
) -> None:
    """Record that this page shows these subjects to who asks. A list is one event, with the keys it shows.

    asked   what was asked of the page, in codes and keys: it is kept, so never what somebody typed freely
    """
    who = asker(request)
    actions.record(
        officer=who.officer,
        institution=decision.institution or who.institution,
        verb=verb,
        what=what,
        subjects=[str(subject) for subject in subjects],
        decision=decision,
        channel=channel,
        now=now,
        sections=sections,
        path=f"{request.path}?{asked}" if asked else request.path,
        request_id=who.request_id,
    )


def not_found(
    request: HttpRequest, *, verb: Verb, what: str, subject: object, now: datetime, section: str | None = None
) -> HttpResponse:
    """Refuse: record the attempt, and answer as for an address that leads nowhere.

    A key that does not exist and a key that the policy denies take this same way, so that neither the page nor the
    time it takes tells one from the other.
    """
    disclosed(
        request,
        verb=verb,
        what=what,
        subjects=[subject],
        decision=REFUSED,
        now=now,
        sections=[section] if section else [],
    )
    return nowhere(request)


def nowhere(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for an address that leads nowhere: also the site's `handler404`. It does not repeat the address."""
    return render(request, "audit/not_found.html", {"language_next": "/"}, status=404)
