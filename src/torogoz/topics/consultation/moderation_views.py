"""The secretariat's desk of an on-line consultation: opening it, its own statements, and what was proposed."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from torogoz.domain.access import Verb
from torogoz.domain.consultations import TAKES_MORE, ConsultationRefused
from torogoz.domain.polls import HideUntil, Kind, PollRefused, Secrecy, Voters
from torogoz.domain.refusals import Refused
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.institutions.models import Officer
from torogoz.shared.polls import actions as polls
from torogoz.shared.polls import online_actions as actions
from torogoz.shared.polls.models import Poll, Statement
from torogoz.shared.polls.queries import proposals_waiting, statement_poll, statements_offered
from torogoz.shared.ui.forms import Questions
from torogoz.topics.consultation import online_queries as queries
from torogoz.topics.consultation import vote_actions
from torogoz.topics.consultation.online_forms import AcceptForm, LeaveOutForm, OpenForm, TextsForm
from torogoz.topics.consultation.online_queries import Online
from torogoz.topics.consultation.online_words import MOMENTS
from torogoz.topics.consultation.process_models import Process

GET_OR_POST = ["GET", "HEAD", "POST"]
WHAT = "poll"
FORMS: dict[str, type[Questions]] = {
    "accept": AcceptForm,
    "refuse": LeaveOutForm,
    "retire": LeaveOutForm,
    "reword": TextsForm,
}
Step = Callable[[Officer, Statement, Questions, datetime], Statement]


@never_cache
@require_http_methods(GET_OR_POST)
def open_online(request: HttpRequest, key: UUID) -> HttpResponse:
    """Open the on-line consultation of a process; once there is one, its desk."""
    now, officer = timezone.now(), officer_of(request)
    process = queries.process_convened_by(officer, key, now)
    if process is None:
        return not_found(request, verb=Verb.EDIT, what="consultation", subject=key, now=now)
    poll = statement_poll(process.key)
    if poll is not None and request.POST.get("token") != str(poll.token):
        return redirect("consultation:online_desk", poll.key)
    form = OpenForm(request.POST or None, initial={"token": uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            made = _opened(officer, process, form, now)
        except Refused as why:
            form.refuse(why)
        else:
            return redirect("consultation:online_desk", made.key)
    over = "" if process.state in TAKES_MORE else ConsultationRefused("", "over").explain(get_language() or "es")
    page = {"process": process, "form": form, "over": over}
    return render(request, "consultation/online/open.html", page, status=422 if form.is_bound else 200)


def _opened(officer: Officer, process: Process, form: OpenForm, now: datetime) -> Poll:
    said = form.cleaned_data
    asks = polls.Asks(
        kind=Kind.STATEMENTS,
        voters=Voters.ATTESTED,
        secrecy=Secrecy.TOKEN,
        hide_until=HideUntil(said["hide_until"]),
        title_es=process.title_es[:200],
        title_en=process.title_en[:200],
        question_es=said["question_es"],
        question_en=said["question_en"],
        opens_at=said["opens_at"] or now,
        closes_at=said["closes_at"],
    )
    return vote_actions.open_online(by=officer, process=process, asks=asks, now=now, token=said["token"])


@never_cache
@require_http_methods(GET_OR_POST)
def desk(request: HttpRequest, key: UUID) -> HttpResponse:
    """What was proposed and waits, what is being asked; and the secretariat's own statements."""
    now = timezone.now()
    online = queries.worked_on(officer_of(request), key, now)
    if online is None:
        return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
    form = TextsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = form.cleaned_data
            actions.add_statement(
                by=officer_of(request), poll=online.poll, text_es=said["text_es"], text_en=said["text_en"], now=now
            )
        except PollRefused as why:
            form.refuse(why)
        else:
            return redirect("consultation:online_desk", key)
    return _desk(request, online, form)


def _desk(request: HttpRequest, online: Online, form: Questions) -> HttpResponse:
    badge, word = MOMENTS[online.moment]
    page = {
        "online": online,
        "badge": badge,
        "word": word,
        "waiting": proposals_waiting(online.poll),
        "asked": statements_offered(online.poll),
        "form": form,
    }
    return render(request, "consultation/online/desk.html", page, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(GET_OR_POST)
def decide(request: HttpRequest, key: UUID, statement: UUID, step: str) -> HttpResponse:
    """Accept, refuse, retire or reword a statement."""
    now, officer = timezone.now(), officer_of(request)
    online = queries.worked_on(officer, key, now)
    found = queries.statement_in(online.poll, statement) if online else None
    if online is None or found is None or step not in FORMS:
        return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
    initial = {"text_es": found.text_es, "text_en": found.text_en} if step == "reword" else None
    form = FORMS[step](request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            _step(officer, found, step, form, now)
        except PollRefused as why:
            form.refuse(why)
        else:
            return redirect("consultation:online_desk", key)
    page = {"online": online, "statement": found, "step": step, "form": form, "language": get_language()}
    return render(request, "consultation/online/decide.html", page, status=422 if form.is_bound else 200)


def _step(officer: Officer, statement: Statement, step: str, form: Questions, now: datetime) -> None:
    said = form.cleaned_data
    if step == "accept":
        actions.accept(by=officer, statement=statement, translation=said["translation"], now=now)
    elif step == "reword":
        actions.reword(by=officer, statement=statement, text_es=said["text_es"], text_en=said["text_en"], now=now)
    else:
        assert isinstance(form, LeaveOutForm)
        leave_out = actions.refuse if step == "refuse" else actions.retire
        leave_out(
            by=officer,
            statement=statement,
            ground=form.ground_chosen(),
            reason_es=said["reason_es"],
            reason_en=said["reason_en"],
            now=now,
        )


@never_cache
@require_POST
def publish(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show the results of a poll that hides them until then; it must have closed."""
    now, officer = timezone.now(), officer_of(request)
    online = queries.worked_on(officer, key, now)
    if online is None:
        return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
    form = TextsForm()
    try:
        polls.publish_results(by=officer, poll=online.poll, now=now)
    except PollRefused as why:
        form = TextsForm({})
        form.full_clean()
        form.errors.clear()
        form.refuse(why)
        return _desk(request, online, form)
    return redirect("consultation:online_desk", key)
