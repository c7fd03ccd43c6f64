"""Pages of projects: what anybody reads, the proposal, and where the municipality works on one."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from torogoz.domain.access import Verb
from torogoz.domain.associations import AssociationRefused
from torogoz.domain.community_projects import FundKind, ProjectRefused, State, Step
from torogoz.domain.refusals import Refused
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.institutions.lockout import client_address
from torogoz.shared.institutions.models import Officer
from torogoz.shared.places.queries import department_of, name_of
from torogoz.shared.ui.public import public_page
from torogoz.topics.diaspora import project_actions as actions
from torogoz.topics.diaspora import project_queries as queries
from torogoz.topics.diaspora.acting import count_sent, departments_of, municipal
from torogoz.topics.diaspora.association_queries import association_with
from torogoz.topics.diaspora.models import Project
from torogoz.topics.diaspora.project_forms import (
    DoneForm,
    FundForm,
    MilestoneForm,
    PhotoForm,
    ProposalForm,
    StepForm,
    UpdateForm,
)
from torogoz.topics.diaspora.queries import edition
from torogoz.topics.diaspora.round_queries import rounds_of
from torogoz.topics.diaspora.words import FUND_KINDS, PROJECT_BADGES, PROJECT_STATES

WHAT = "project"
FORMS: dict[str, Callable[..., forms.Form]] = {
    "milestone": MilestoneForm,
    "update": UpdateForm,
    "photo": PhotoForm,
    "done": DoneForm,
}
WRITES = frozenset({*FORMS, "fund", "step", "cancel", "publish", "refuse"})


@public_page(edition)
def projects(request: HttpRequest) -> HttpResponse:
    """The projects that a municipality has checked, and sums by currency."""
    found = list(queries.public_projects())
    page = {"rows": [shown(one) for one in found], "totals": queries.totals_of_all(found), "count": len(found)}
    return render(request, "diaspora/projects.html", page)


@public_page(lambda key: edition())
def project(request: HttpRequest, key: UUID) -> HttpResponse:
    """One project: need, goal, money, parts, news, photographs."""
    found = queries.public_project(key)
    if found is None:
        raise Http404
    return render(request, "diaspora/project.html", _whole(found, public=True))


@login_not_required
@require_safe
def photo(request: HttpRequest, key: UUID, size: str) -> HttpResponse:
    """A photograph as JPEG: small or large."""
    found = queries.photo_seen(request.user, key, timezone.now())
    if found is None:
        raise Http404
    content = bytes(found.small if size == "small" else found.image)
    # What is published may be taken back: no copy lives longer than a few minutes.
    kept = "public, max-age=300" if found.state == "published" else "private, no-store"
    return HttpResponse(content, content_type="image/jpeg", headers={"Cache-Control": kept})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Propose a project, with the code of a verified association."""
    posted, now = request.method == "POST", timezone.now()
    form = ProposalForm(request.POST if posted else None, initial={"token": uuid4()})
    said = form.read() if posted else None
    if said is not None:
        try:
            count_sent("code", client_address(request), now)
            association = association_with(form.cleaned_data["code"])
            if association is None:
                raise AssociationRefused("code", "code")
            token = form.cleaned_data["token"] or uuid4()
            actions.propose_project(association=association, said=said, token=token, now=now)
        except Refused as why:
            form.refuse(why)
        else:
            done = _("Recibimos el proyecto. La municipalidad lo revisa antes de publicarlo; con el código ve cómo va.")
            return render(request, "diaspora/done.html", {"done": done})
    return render(request, "diaspora/propose.html", {"form": form}, status=422 if posted else 200)


@never_cache
@require_GET
def worked_on(request: HttpRequest) -> HttpResponse:
    """For officers of a municipality: the projects of their department."""
    now, officer = timezone.now(), officer_of(request)
    if not departments_of(officer, now):
        return not_found(request, verb=Verb.LIST, what=WHAT, subject="", now=now)
    rows = [shown(one) for one in queries.projects_worked_on_by(officer, now)]
    return render(request, "diaspora/worked_on.html", {"rows": rows})


@never_cache
@require_GET
def work(request: HttpRequest, key: UUID) -> HttpResponse:
    """One project as its municipality works on it."""
    now, officer = timezone.now(), officer_of(request)
    found = queries.project_worked_on_by(officer, key, now)
    if found is None:
        return not_found(request, verb=Verb.VIEW, what=WHAT, subject=key, now=now)
    return _work_page(request, officer, found, {})


@never_cache
@require_POST
def write(request: HttpRequest, key: UUID, what: str) -> HttpResponse:
    """Write one thing of a project: a step, money, a part, news, a photograph, or what is decided on one."""
    now, officer = timezone.now(), officer_of(request)
    found = queries.project_worked_on_by(officer, key, now)
    if found is None:
        return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
    if what not in WRITES:
        raise Http404
    form = _form(what, found, request)
    try:
        if form is None:
            _pressed(request, officer, found, what)
        elif form.is_valid():
            _store(officer, found, what, form)
        else:
            return _work_page(request, officer, found, {what: form}, status=422)
    except ProjectRefused as why:
        if form is None:
            messages.error(request, why.explain(request.LANGUAGE_CODE or "es"))
            return redirect("diaspora:work", key=key)
        form.refuse(why)  # type: ignore[attr-defined]  # every form of ours can
        return _work_page(request, officer, found, {what: form}, status=422)
    messages.success(request, _("Se guardó."))
    return redirect("diaspora:work", key=key)


def _form(what: str, found: Project, request: HttpRequest) -> forms.Form | None:
    if what == "step":
        return StepForm(State(found.state), request.POST)
    if what == "fund":
        return FundForm(rounds_of(found), request.POST)
    if what == "photo":
        return PhotoForm(request.POST, request.FILES)
    return FORMS[what](request.POST) if what in FORMS else None


def _store(officer: Officer, found: Project, what: str, form: forms.Form) -> None:
    """Do what a form asks for. Raises ProjectRefused, NotAllowed."""
    now, typed = timezone.now(), dict(form.cleaned_data)
    if what == "step":
        actions.decide_project(by=officer, project=found, now=now, **typed | {"step": Step(typed["step"])})
    elif isinstance(form, FundForm):
        typed.pop("round", None)
        typed |= {"kind": FundKind(typed["kind"]), "of_round": form.of_round}
        actions.record_fund(by=officer, project=found, now=now, **typed)
    elif what == "milestone":
        actions.add_milestone(by=officer, project=found, now=now, **typed)
    elif what == "done":
        actions.finish_milestone(by=officer, project=found, now=now, **typed)
    elif what == "update":
        actions.tell(by=officer, project=found, now=now, **typed)
    else:
        sent: UploadedFile = typed.pop("photo")
        actions.add_photo(by=officer, project=found, content=sent.read, now=now, **typed)


def _pressed(request: HttpRequest, officer: Officer, found: Project, what: str) -> None:
    """Do what a button asks for. Raises ProjectRefused, NotAllowed."""
    now = timezone.now()
    try:
        key = UUID(request.POST.get("one", ""))
    except ValueError:
        raise ProjectRefused("", "moved") from None
    if what == "cancel":
        actions.cancel_fund(by=officer, project=found, fund=key, now=now)
    else:
        actions.decide_photo(by=officer, project=found, photo=key, publish=what == "publish", now=now)


def _work_page(
    request: HttpRequest, officer: Officer, found: Project, wrong: dict[str, forms.Form], status: int = 200
) -> HttpResponse:
    now = timezone.now()
    ground = municipal(officer, department_of(found.municipality), now)
    disclosed(request, verb=Verb.VIEW, what=WHAT, subjects=[found.key], decision=ground, now=now)
    shown_forms = {name: wrong.get(name) or make() for name, make in FORMS.items()}
    shown_forms["fund"] = wrong.get("fund") or FundForm(rounds_of(found))
    step = wrong.get("step") or StepForm(State(found.state), initial={"version": found.version})
    page = _whole(found, public=False) | {"forms": shown_forms, "step_form": step, "wrong": list(wrong.values())}
    return render(request, "diaspora/work.html", page, status=status)


def _whole(found: Project, *, public: bool) -> dict[str, Any]:
    known = queries.known(found, public=public)
    return {
        "shown": shown(found),
        "known": known,
        "percent": None if known.progress is None else int(known.progress * 100),
        "funds": [{"fund": one, "kind": KINDS_SAID[one.kind]} for one in known.funds],
        "steps": [{"step": one, "word": PROJECT_STATES[State(one.state)]} for one in known.steps],
    }


def shown(one: Project) -> dict[str, Any]:
    """A project in words."""
    state = State(one.state)
    figure: Decimal | None = one.goal_figure
    return {
        "one": one,
        "place": name_of(one.municipality) or one.municipality,
        "state": PROJECT_STATES[state],
        "badge": PROJECT_BADGES[state],
        "figure": None if figure is None else f"{figure.normalize():f}",
    }


KINDS_SAID = {kind.value: word for kind, word in FUND_KINDS.items()}
