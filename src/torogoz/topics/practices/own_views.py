"""The pages on which an institution writes, submits and takes back its practices."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from torogoz.domain.access import Verb
from torogoz.domain.practices import WRITTEN, PracticeRefused, ReviewState, State, Verdict
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.ui.language import switching
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.practices import actions, call_queries, queries, shown
from torogoz.topics.practices.models import Practice
from torogoz.topics.practices.own_forms import PracticeForm, ReasonForm, typed
from torogoz.topics.practices.words import FIELDS, STEPS

WHAT = "practice"


@never_cache
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Every practice of the officer's institutions, with its state."""
    now, officer = timezone.now(), officer_of(request)
    held = queries.offers_for(officer, now)
    if not held:
        return not_found(request, verb=Verb.REPORT, what=WHAT, subject="", now=now)
    rows = [shown.row(one, language()) for one in queries.own(officer, now)]
    return render(request, "practices/mine.html", {"rows": rows, "held": held})


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin to write a practice."""
    now, officer = timezone.now(), officer_of(request)
    if not queries.offers_for(officer, now):
        return not_found(request, verb=Verb.REPORT, what=WHAT, subject="", now=now)
    posted = request.method == "POST" and not switching(request)
    form = _form(request, None)
    if posted and form.is_valid():
        try:
            kept = actions.start(
                by=officer,
                institution=form.cleaned_data["institution"],
                written=form.written(),
                call=form.chosen_call,
                token=form.cleaned_data["token"],
                now=now,
            )
        except PracticeRefused as why:
            form.refuse(why)
        else:
            messages.success(request, _("Se guardó el borrador. Solo su institución lo ve."))
            return redirect("practices:own", key=kept.key)
    return render(request, "practices/form.html", {"form": form, "practice": None}, status=422 if posted else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write on in a draft, or in what was sent back."""
    now, officer = timezone.now(), officer_of(request)
    found = queries.own_practice(officer, key, now)
    if found is None or State(found.state) not in WRITTEN:
        return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
    posted = request.method == "POST" and not switching(request)
    form = _form(request, found)
    if posted and form.is_valid():
        try:
            seen = form.cleaned_data["seen"] or 0
            actions.write(by=officer, practice=found, written=form.written(), call=form.chosen_call, seen=seen, now=now)
        except PracticeRefused as why:
            form.refuse(why)
        else:
            messages.success(request, _("Se guardó."))
            return redirect("practices:own", key=key)
    return render(request, "practices/form.html", {"form": form, "practice": found}, status=422 if posted else 200)


@never_cache
@require_GET
def own(request: HttpRequest, key: UUID) -> HttpResponse:
    """A practice as its institution sees it: what it still lacks, what was done with it, what reviewers said."""
    now, officer = timezone.now(), officer_of(request)
    found = queries.own_practice(officer, key, now)
    if found is None:
        return not_found(request, verb=Verb.VIEW, what=WHAT, subject=key, now=now)
    return _page(request, found, None)


@never_cache
@require_POST
def step(request: HttpRequest, key: UUID, step: str) -> HttpResponse:
    """Submit a practice, validate its translation, or take it back."""
    now, officer = timezone.now(), officer_of(request)
    found = queries.own_practice(officer, key, now)
    if found is None or step not in ("submit", "withdraw", "validate"):
        return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
    form = ReasonForm(request.POST)
    seen = int(request.POST.get("seen", "")) if request.POST.get("seen", "").isdecimal() else 0
    try:
        if step == "submit":
            actions.submit(by=officer, practice=found, seen=seen, now=now)
            messages.success(request, _("Se presentó. Desde ahora sus palabras no cambian, salvo que la devuelvan."))
        elif step == "validate":
            actions.validate_translation(by=officer, practice=found, seen=seen, now=now)
            messages.success(request, _("La traducción quedó validada en su nombre."))
        elif form.is_valid():
            actions.withdraw(by=officer, practice=found, reason=form.cleaned_data["reason"], now=now)
            messages.success(request, _("Se retiró."))
        else:
            return _page(request, found, form)
    except PracticeRefused as why:
        if why.code in ("missing", "no_translation"):
            names = [str(FIELDS[name]) for name in str(why.details["names"]).split(", ")]
            why = PracticeRefused(why.field, why.code, names=", ".join(names))
        form = form if step == "withdraw" else ReasonForm(None)
        messages.error(request, why.explain(language()))
        return _page(request, queries.own_practice(officer, key, now) or found, form, status=422)
    return redirect("practices:own", key=key)


def _page(request: HttpRequest, found: Practice, form: ReasonForm | None, status: int = 0) -> HttpResponse:
    state, officer = State(found.state), officer_of(request)
    reviews = [one for one in queries.reviews_published_of(found) if one.state == ReviewState.GIVEN.value]
    told = state in (State.PUBLISHED, State.SENT_BACK) or (
        state is State.WITHDRAWN and shown.verdict_of(found, reviews) is not Verdict.WAITING
    )
    page = {
        **shown.whole(found, language()),
        "missing": [FIELDS[name] for name in queries.as_written(found).missing()] if state in WRITTEN else [],
        "writes": state in WRITTEN,
        "withdraws": state is not State.WITHDRAWN,
        "validates": state is not State.WITHDRAWN and found.edited_by_id != officer.pk,
        "log": [{"event": one, "word": STEPS[one.step]} for one in queries.log_of(found)],  # type: ignore[index]
        "reviews": shown.reviews(found, reviews, names=False) if told else [],
        "form": form or ReasonForm(),
        "wrong": form,
    }
    return render(request, "practices/own.html", page, status=status or (422 if form is not None else 200))


def _form(request: HttpRequest, found: Practice | None) -> PracticeForm:
    now, officer = timezone.now(), officer_of(request)
    held = (found.institution.code,) if found else queries.offers_for(officer, now)
    calls = call_queries.open_calls(now)
    if found and found.call and found.call not in calls:
        calls = [*calls, found.call]
    if found is None:
        initial = {"token": uuid4(), "country": "SLV", "call": request.GET.get("call", "")}
    else:
        call = str(found.call.key) if found.call else ""
        initial = {**typed(queries.as_written(found)), "seen": found.version, "call": call}
    return PracticeForm(
        held,
        queries.objectives(language()),
        [one for one in queries.institutions() if one.code not in held or len(held) > 1],
        calls,
        request.POST if request.method == "POST" else None,
        initial=initial,
    )
