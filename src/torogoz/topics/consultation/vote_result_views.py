"""What a vote of seats came to: page, files, the check of a receipt. All pass the gates; what is shut is not there."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from torogoz.domain.polls import PollRefused
from torogoz.shared.institutions.lockout import client_address
from torogoz.shared.polls.online_actions import count_asking
from torogoz.shared.polls.queries import ballot_with
from torogoz.topics.consultation import queries, vote_queries
from torogoz.topics.consultation.vote_forms import BallotCodeForm
from torogoz.topics.consultation.vote_queries import Vote
from torogoz.topics.consultation.vote_shown import results_shown
from torogoz.topics.consultation.vote_views import about, rows_of


@login_not_required
@never_cache
@require_safe
def public_votes(request: HttpRequest, code: str) -> HttpResponse:
    """The votes of a published consultation."""
    process, now = queries.published_process(code), timezone.now()
    if process is None:
        raise Http404
    page = {"process": process, "rows": rows_of(vote_queries.votes_in(process, now)), "gate": queries.gate(process)}
    return render(request, "consultation/votes/public.html", page)


@login_not_required
@never_cache
@require_safe
def vote_results(request: HttpRequest, key: UUID) -> HttpResponse:
    """The outcome with its computation; while it is hidden, until when, and nothing more."""
    asked, now = _asked(request, key), timezone.now()
    found = vote_queries.told(asked, now)
    page = {**about(asked), "gate": queries.gate(asked.process), "taken": None}
    if found is not None:
        page |= results_shown(asked.poll, found)
        page["taken"] = vote_queries.taken_into(asked.poll) if asked.here else None
    return render(request, "consultation/votes/results.html", page)


@login_not_required
@never_cache
@require_safe
def vote_file(request: HttpRequest, key: UUID, ending: str) -> HttpResponse:
    """The same as CSV, JSON or, of a budget, `.pb`; nothing is there while it is hidden."""
    asked = _asked(request, key)
    found = vote_queries.file_of(asked, ending, timezone.now())
    if found is None:
        raise Http404
    content, content_type = found
    response = HttpResponse(content, content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{asked.process.code}-{str(key)[:8]}.{ending}"'
    return response


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def vote_receipt(request: HttpRequest, key: UUID) -> HttpResponse:
    """Whether the ballot of a code lies in the urn; never what it says, and whose it is nobody knows."""
    asked, now = _asked(request, key), timezone.now()
    if not asked.secret:
        raise Http404
    posted = request.method == "POST"
    form, lies = BallotCodeForm(request.POST if posted else None), False
    if posted and form.is_valid():
        if not count_asking(what="code", address=client_address(request), now=now):
            form.refuse(PollRefused("", "too_many"))
        elif ballot_with(asked.poll, form.cleaned_data["code"]) is None:
            form.refuse(PollRefused("code", "code"))
        else:
            lies = True
    page = {**about(asked), "form": form, "lies": lies}
    return render(request, "consultation/votes/receipt.html", page, status=422 if posted and not lies else 200)


def _asked(request: HttpRequest, key: UUID) -> Vote:
    """The vote, for who may know of it. Raises Http404."""
    asked = vote_queries.vote_with(request.user, key, timezone.now())
    if asked is None:
        raise Http404
    return asked
