"""The pages of the secretariat: what waits, who reviews it, what the verdict is, and what is done."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from torogoz.domain.access import Verb
from torogoz.domain.practices import PracticeRefused, ReviewState, State, Verdict
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.ui.forms import Questions
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.practices import actions, queries, review_actions, review_queries, shown
from torogoz.topics.practices.models import Practice
from torogoz.topics.practices.own_forms import ReasonForm
from torogoz.topics.practices.review_forms import AskForm
from torogoz.topics.practices.words import REVIEWS

WHAT = "practice"
STEPS = ("ask", "release", "publish", "send-back", "validate")


@never_cache
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """What was submitted and is in review, what waits longest first."""
    now, officer = timezone.now(), officer_of(request)
    if not queries.convenes_for(officer, now):
        return not_found(request, verb=Verb.CONVENE, what=WHAT, subject="", now=now)
    rows = [
        {**shown.row(one, language()), **shown.verdict_shown(one, review_queries.reviews_of(one))}
        for one in queries.waiting_for_secretariat(officer, now)
    ]
    return render(request, "practices/desk.html", {"rows": rows})


@never_cache
@require_GET
def handle(request: HttpRequest, key: UUID) -> HttpResponse:
    """One practice: its reviewers, their answers, the verdict and what may be done."""
    now, officer = timezone.now(), officer_of(request)
    found = queries.handled_practice(officer, key, now)
    if found is None:
        return not_found(request, verb=Verb.CONVENE, what=WHAT, subject=key, now=now)
    return _page(request, found, None, None)


@never_cache
@require_POST
def step(request: HttpRequest, key: UUID, step: str) -> HttpResponse:
    """Ask a peer, release one, publish, send back, validate the translation."""
    now, officer = timezone.now(), officer_of(request)
    found = queries.handled_practice(officer, key, now)
    if found is None or step not in STEPS:
        return not_found(request, verb=Verb.CONVENE, what=WHAT, subject=key, now=now)
    asking, reason = _ask_form(request, found), ReasonForm(request.POST)
    wrong: Questions | None = None
    try:
        if step == "ask":
            wrong = asking
            if asking.is_valid():
                people = {one.username: one for one, _reviewer in review_queries.candidates(found, now)}
                person = people[asking.cleaned_data["reviewer"]]
                review_actions.ask(by=officer, practice=found, reviewer=person, now=now)
                messages.success(request, _("Se le pidió la revisión. Antes de leer declarará si tiene un conflicto."))
                wrong = None
        elif step == "send-back":
            wrong = reason
            if reason.is_valid():
                review_actions.send_back(by=officer, practice=found, reason=reason.cleaned_data["reason"], now=now)
                messages.success(request, _("Se devolvió a su institución."))
                return redirect("practices:desk")
        elif step == "publish":
            review_actions.publish(by=officer, practice=found, now=now)
            messages.success(request, _("Se publicó."))
        elif step == "validate":
            seen = request.POST.get("seen", "")
            actions.validate_translation(by=officer, practice=found, seen=int(seen) if seen.isdecimal() else 0, now=now)
            messages.success(request, _("La traducción quedó validada en su nombre."))
        else:
            text = request.POST.get("review", "")
            review = next((one for one in review_queries.reviews_of(found) if str(one.key) == text), None)
            if review is None:
                return not_found(request, verb=Verb.EDIT, what="review", subject=text, now=now)
            review_actions.release(by=officer, review=review, now=now)
            messages.success(request, _("Ya no la revisa. Puede pedirla a otra persona."))
    except PracticeRefused as why:
        messages.error(request, why.explain(language()))
        again = queries.handled_practice(officer, key, now) or found
        return _page(request, again, None, reason if step == "send-back" else None, status=422)
    if wrong is not None:
        return _page(request, found, asking if step == "ask" else None, reason if step == "send-back" else None)
    return redirect("practices:handle", key=key)


def _ask_form(request: HttpRequest, found: Practice, *, fresh: bool = False) -> AskForm:
    people = [
        (one.username, f"{reviewer.institution} · {reviewer.name}")
        for one, reviewer in review_queries.candidates(found, timezone.now())
    ]
    return AskForm(people, None if fresh else request.POST)


def _page(
    request: HttpRequest, found: Practice, asking: AskForm | None, reason: ReasonForm | None, *, status: int = 0
) -> HttpResponse:
    reviews = review_queries.reviews_of(found)
    counting = review_queries.reviewing(reviews)
    told, state = shown.verdict_shown(found, counting), State(found.state)
    wanted = 3 if told["verdict"] is Verdict.THIRD else 2
    wrong = asking or reason
    page = {
        **shown.whole(found, language()),
        **told,
        "asked": [
            {
                "review": one,
                "word": REVIEWS[ReviewState(one.state)],
                "releases": ReviewState(one.state) in (ReviewState.ASKED, ReviewState.READING),
            }
            for one in reviews
        ],
        "given": shown.reviews(found, counting, names=True),
        "asks": state in (State.SUBMITTED, State.IN_REVIEW) and len(counting) < wanted,
        "publishes": state is State.IN_REVIEW and told["verdict"] is Verdict.PUBLISH,
        "sends_back": state is State.SUBMITTED or (state is State.IN_REVIEW and told["verdict"] is Verdict.SEND_BACK),
        "asking": asking or _ask_form(request, found, fresh=True),
        "reason": reason or ReasonForm(),
        "wrong": wrong,
        "validates": found.edited_by_id != officer_of(request).pk,
    }
    return render(request, "practices/handle.html", page, status=status or (422 if wrong is not None else 200))
