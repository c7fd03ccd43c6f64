"""The on-line consultation as people abroad meet it, on an old telephone, without an account and without a script."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from torogoz.domain.polls import Answer, PollRefused
from torogoz.shared.institutions.lockout import client_address
from torogoz.shared.polls import online_actions as actions
from torogoz.shared.polls.board import Line, Own, board, next_line, own_votes
from torogoz.shared.polls.models import Attestation
from torogoz.shared.polls.queries import attestation_with, moderation_log
from torogoz.topics.consultation import online_queries as queries
from torogoz.topics.consultation.online_forms import AttestForm, CodeForm, ProposeForm, VoteForm
from torogoz.topics.consultation.online_queries import Online
from torogoz.topics.consultation.online_words import ANSWERS, GROUNDS, MOMENTS, SAID, TEXT

COOKIE = "torogoz-voter"
KEPT_SECONDS = 200 * 24 * 3600
GET_OR_POST = ["GET", "HEAD", "POST"]


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The on-line consultations that anybody may read or vote in."""
    found = [(one, *MOMENTS[one.moment]) for one in queries.every_online(timezone.now())]
    return render(request, "consultation/online/index.html", {"found": found})


@login_not_required
@require_safe
def methods(request: HttpRequest) -> HttpResponse:
    """How it is voted and counted, and what this does and does not prevent."""
    return render(request, "consultation/online/methods.html")


@login_not_required
@never_cache
@require_safe
def start(request: HttpRequest, code: str) -> HttpResponse:
    """What is asked, of whom, until when; and from here on to vote."""
    online, _, who = _asked(request, code)
    badge, word = MOMENTS[online.moment]
    page = {"online": online, "badge": badge, "word": word, "who": who}
    return render(request, "consultation/online/start.html", page)


@login_not_required
@never_cache
@require_http_methods(GET_OR_POST)
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Swear, without a name, and receive a code."""
    online, now, who = _asked(request, code)
    if who is not None:
        return redirect("consultation:online_vote", code)
    form = AttestForm(queries.abroad(get_language() or "es"), request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            _within(request, "attest", now, online.poll.rules.get("attestations_an_hour"))
            _attestation, drawn = actions.attest(
                poll=online.poll,
                country=said["country"],
                age_group=said["age_group"],
                sex=said["sex"],
                text=TEXT,
                sworn=said["sworn"],
                now=now,
            )
        except PollRefused as why:
            form.refuse(why)
        else:
            return _with_cookie(redirect("consultation:online_code", code), code, drawn)
    return _page(request, "begin", {"online": online, "form": form}, form.is_bound)


@login_not_required
@never_cache
@require_http_methods(GET_OR_POST)
def own_code(request: HttpRequest, code: str) -> HttpResponse:
    """The own code, to be written down or printed; or the code from another device, to go on here."""
    online, now, who = _asked(request, code)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _within(request, "code", now)
            typed = form.cleaned_data["code"]
            if attestation_with(online.process.key, typed) is None:
                raise PollRefused("code", "code")
        except PollRefused as why:
            form.refuse(why)
        else:
            return _with_cookie(redirect("consultation:online_vote", code), code, typed)
    page = {"online": online, "form": form, "who": who, "drawn": _code(request, code) if who else ""}
    return _page(request, "code", page, form.is_bound)


@login_not_required
@never_cache
@require_http_methods(GET_OR_POST)
def vote(request: HttpRequest, code: str) -> HttpResponse:
    """One statement at a time. The answer to a vote is the page of the next statement."""
    online, now, _ = _asked(request, code, whom=False)
    drawn, refused, said = _code(request, code), None, None
    own: dict[int, list[Own]] = {}
    token = 0
    if request.method == "POST" and drawn:
        form = VoteForm(request.POST)
        if not form.is_valid():
            refused = PollRefused("", "kind")
        else:
            said = form.cleaned_data
            try:
                voted = actions.vote(
                    poll=online.poll.key,
                    code=drawn,
                    statement=said["statement"],
                    answer=Answer(said["answer"]),
                    wording=said["wording"],
                    turn=said["turn"],
                    now=now,
                )
                token, own = voted.attestation, voted.own
            except PollRefused as why:
                refused = why
    if not token:
        who = attestation_with(online.process.key, drawn)
        if who is None:
            return redirect("consultation:online_begin", code)
        token, own = who.pk, own_votes(who.pk)
    return _next(request, online, token, own, refused, said)


def _next(
    request: HttpRequest,
    online: Online,
    token: int,
    own: dict[int, list[Own]],
    refused: PollRefused | None,
    said: dict[str, object] | None,
) -> HttpResponse:
    found = board(online.poll.key)
    assert found is not None
    line = _wanted(request, found.lines) or next_line(found, [pk for pk, votes in own.items() if votes], token)
    votes = own.get(line.pk, []) if line else []
    shown = {one.pk for one in found.lines}
    page = {
        "online": online,
        "line": line,
        "turn": len(votes),
        "before": SAID[votes[-1].value] if votes else "",
        "answers": ANSWERS.items(),
        "done": sum(1 for pk, each in own.items() if each and pk in shown),
        "all": len(found.lines),
        "refused": refused.explain(get_language() or "es") if refused else "",
        "stored": ANSWERS[Answer(str(said["answer"]))] if said and not refused else "",
    }
    return render(request, "consultation/online/vote.html", page, status=422 if refused else 200)


def _wanted(request: HttpRequest, lines: tuple[Line, ...]) -> Line | None:
    """The statement that the address names, to change what was said to it."""
    asked = request.GET.get("statement", "") if request.method != "POST" else ""
    return next((one for one in lines if str(one.key) == asked), None)


@login_not_required
@never_cache
@require_safe
def mine(request: HttpRequest, code: str) -> HttpResponse:
    """What the own token has said to each statement, to be changed while it is open."""
    online, _, who = _asked(request, code)
    if who is None:
        return redirect("consultation:online_begin", code)
    found, own = board(online.poll.key), own_votes(who.pk)
    lines = [(one, SAID[own[one.pk][-1].value]) for one in found.lines if one.pk in own] if found else []
    return render(request, "consultation/online/mine.html", {"online": online, "lines": lines})


@login_not_required
@never_cache
@require_http_methods(GET_OR_POST)
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """Propose a statement; the secretariat decides on it by its published policy."""
    online, now, who = _asked(request, code)
    if who is None:
        return redirect("consultation:online_begin", code)
    form, kept = ProposeForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        language = "en" if get_language() == "en" else "es"
        try:
            kept = actions.propose(
                poll=online.poll, attestation=who, text=form.cleaned_data["text"], language=language, now=now
            )
        except PollRefused as why:
            form.refuse(why)
    page = {"online": online, "form": form, "kept": kept}
    return _page(request, "propose", page, form.is_bound and kept is None)


@login_not_required
@require_safe
def policy(request: HttpRequest, code: str) -> HttpResponse:
    """By which grounds statements are left out, and what was left out with its reason."""
    online, _, _ = _asked(request, code, whom=False)
    log = [
        (one, GROUNDS[next(each for each in GROUNDS if each.value == one.ground)])
        for one in moderation_log(online.poll)
    ]
    page = {"online": online, "grounds": GROUNDS.values(), "log": log}
    return render(request, "consultation/online/policy.html", page)


def _asked(request: HttpRequest, code: str, *, whom: bool = True) -> tuple[Online, datetime, Attestation | None]:
    """The consultation, the time, and who holds the token of the cookie. Raises Http404."""
    now = timezone.now()
    online = queries.online_with(code, now)
    if online is None:
        raise Http404
    return online, now, attestation_with(online.process.key, _code(request, code)) if whom else None


def voter(request: HttpRequest, code: str, about: UUID) -> Attestation | None:
    """Who holds the token of the cookie."""
    return attestation_with(about, _code(request, code))


def _code(request: HttpRequest, code: str) -> str:
    """The code in the signed cookie; empty without one, or when somebody wrote it."""
    try:
        return request.get_signed_cookie(COOKIE, salt=code) or ""
    except (KeyError, BadSignature):
        return ""


def _with_cookie(response: HttpResponse, code: str, drawn: str) -> HttpResponse:
    response.set_signed_cookie(
        COOKIE,
        drawn,
        salt=code,
        max_age=KEPT_SECONDS,
        path=f"/consultation/online/{code}/",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def _within(request: HttpRequest, what: str, now: datetime, most: int | None = None) -> None:
    """Raises PollRefused when this connection asked too often."""
    if not actions.count_asking(what=what, address=client_address(request), now=now, most=most):
        raise PollRefused("", "too_many")


def _page(request: HttpRequest, name: str, page: dict[str, object], wrong: bool) -> HttpResponse:
    return render(request, f"consultation/online/{name}.html", page, status=422 if wrong else 200)
