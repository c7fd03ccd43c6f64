"""Pages of associations: the public list, the form that needs no account, the receipt, and the desk of officers."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from torogoz.domain.access import Verb
from torogoz.domain.alphabet import alphabetical
from torogoz.domain.associations import AssociationRefused, State, decisions_on, standing
from torogoz.domain.community_projects import State as Project
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.codelists.queries import countries
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.institutions.lockout import client_address
from torogoz.shared.ui.public import public_page
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.diaspora import association_actions as actions
from torogoz.topics.diaspora import association_queries as queries
from torogoz.topics.diaspora import project_queries
from torogoz.topics.diaspora.abroad_models import Association
from torogoz.topics.diaspora.acting import consular, count_sent
from torogoz.topics.diaspora.association_forms import (
    CodeForm,
    CorrectionForm,
    DecisionForm,
    DeclarationForm,
    RenewForm,
    typed_before,
)
from torogoz.topics.diaspora.queries import edition
from torogoz.topics.diaspora.words import (
    BADGES,
    CHANNELS,
    LANGUAGES,
    PROJECT_BADGES,
    PROJECT_STATES,
    STATES,
    STEPS,
)

WHAT = "association"


def _placed(found: Iterable[Association], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Associations, each with the name of its country."""
    return [{"one": one, "country": names.get(one.country, one.country)} for one in found]


def _by_country(found: Iterable[Association], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The same in the order of the countries, and of their own names within each."""
    return sorted(_placed(found, names), key=lambda row: (alphabetical(row["country"]), alphabetical(row["one"].name)))


@public_page(edition)
def associations(request: HttpRequest) -> HttpResponse:
    """The verified associations by country, and those whose verification is over."""
    today, names = timezone.localdate(), dict(countries(language()))
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in queries.verified(today):
        groups.setdefault(names.get(one.country, one.country), []).append(_shown(one))
    page = {
        "groups": sorted(groups.items(), key=lambda group: alphabetical(group[0])),
        "count": sum(map(len, groups.values())),
        "lapsed": _by_country(queries.lapsed(today), names),
    }
    return render(request, "diaspora/associations.html", page)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest) -> HttpResponse:
    """Declare an association, without an account; the receipt is on the page that answers, once."""
    posted = request.method == "POST"
    form = DeclarationForm(request.POST if posted else None, initial={"token": uuid4()})
    said = form.read() if posted else None
    if said is not None:
        try:
            stored, code = actions.receive_declaration(
                said=said,
                persons=form.cleaned_data["persons"],
                token=form.sent_token or uuid4(),
                address=client_address(request),
                now=timezone.now(),
            )
        except AssociationRefused as why:
            form.refuse(why)
        else:
            return render(request, "diaspora/received.html", {"code": code, "name": stored.name})
    return render(request, "diaspora/declare.html", {"form": form}, status=422 if posted else 200)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """Come back with the code: how the declaration stands, and the form to correct it."""
    posted = request.method == "POST"
    form = CodeForm(request.POST if posted else None)
    if posted and form.is_valid():
        found = _with_code(request, form)
        if found is not None:
            return _own_page(request, found, CorrectionForm(initial=typed_before(found, form.cleaned_data["code"])))
    return render(request, "diaspora/receipt.html", {"form": form}, status=422 if posted else 200)


@login_not_required
@never_cache
@require_POST
def correct(request: HttpRequest) -> HttpResponse:
    """Say it anew, with the code."""
    code, form = CodeForm(request.POST), CorrectionForm(request.POST)
    found = _with_code(request, code) if code.is_valid() else None
    if found is None:
        return render(request, "diaspora/receipt.html", {"form": code}, status=422)
    said = form.read()
    if said is not None:
        try:
            actions.correct_association(
                association=found,
                said=said,
                persons=form.persons_said,
                version=form.cleaned_data["version"],
                now=timezone.now(),
            )
        except AssociationRefused as why:
            form.refuse(why)
        else:
            done = _("Se guardó. Un oficial consular la mirará otra vez antes de que se publique.")
            return render(request, "diaspora/done.html", {"done": done})
    return _own_page(request, found, form, status=422)


@login_not_required
@never_cache
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Delete whom the association named, or take it out as a whole, with the code, at once."""
    form = CodeForm(request.POST)
    found = _with_code(request, form) if form.is_valid() else None
    if found is None:
        return render(request, "diaspora/receipt.html", {"form": form}, status=422)
    if request.POST.get("whole"):
        actions.withdraw_association(association=found, now=timezone.now())
        done = _("La asociación se retiró: ya no se muestra, y las personas de contacto se borraron.")
    else:
        actions.forget_persons(association=found, now=timezone.now())
        done = _("Se borraron las personas de contacto y el contacto privado. Lo demás sigue como estaba.")
    return render(request, "diaspora/done.html", {"done": done})


@never_cache
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """For officers of the foreign service: what waits, what is verified, what is over. No person is on it."""
    now, officer = timezone.now(), officer_of(request)
    ground = consular(officer, now)
    if not ground:
        return not_found(request, verb=Verb.LIST, what=WHAT, subject="", now=now)
    today, names = timezone.localdate(now), dict(countries(language()))
    parts = [
        (_("Esperan que alguien las mire"), _placed(queries.waiting(), names)),
        (_("Verificadas"), _by_country(queries.verified(today), names)),
        (_("Con la verificación vencida"), _by_country(queries.lapsed(today), names)),
        (_("No aceptadas"), _by_country(queries.refused(), names)),
    ]
    keys = [row["one"].key for _title, rows in parts for row in rows]
    disclosed(request, verb=Verb.LIST, what=WHAT, subjects=keys, decision=ground, now=now, channel="list")
    return render(request, "diaspora/desk.html", {"parts": parts})


@never_cache
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, key: UUID) -> HttpResponse:
    """One declaration as an officer reads it, and what she decides."""
    now, officer = timezone.now(), officer_of(request)
    ground, found = consular(officer, now), queries.association_called(key)
    if not ground or found is None:
        return not_found(request, verb=Verb.VIEW, what=WHAT, subject=key, now=now)
    posted = request.method == "POST"
    steps = decisions_on(standing(State(found.state), found.verified_until, timezone.localdate(now)))
    form = DecisionForm(steps, request.POST if posted else None, initial={"version": found.version})
    if posted and form.is_valid():
        try:
            actions.decide_association(
                by=officer,
                association=found,
                step=form.chosen,
                reason=form.cleaned_data["reason"],
                version=form.cleaned_data["version"],
                now=now,
            )
        except AssociationRefused as why:
            form.refuse(why)
        else:
            messages.success(request, _("Se guardó la decisión."))
            return redirect("diaspora:decide", key=key)
    disclosed(request, verb=Verb.VIEW, what=WHAT, subjects=[key], decision=ground, now=now)
    received = bool(actions.may_read_persons(officer, found, now))
    page = {
        "form": form if steps else None,
        "shown": _shown(found),
        "has_persons": queries.has_persons(found) and received,
        "may_renew": received,
        "steps": [{"step": one, "word": STEPS_SAID[one.step]} for one in queries.steps(found)],
    }
    return render(request, "diaspora/decide.html", page, status=422 if posted else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def renew(request: HttpRequest, key: UUID) -> HttpResponse:
    """A new receipt for an association that lost its own, by an officer of the institution that received it."""
    now, officer = timezone.now(), officer_of(request)
    found = queries.association_called(key)
    ground = actions.may_read_persons(officer, found, now) if found else None
    if found is None or not ground:
        return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
    posted = request.method == "POST"
    form = RenewForm(request.POST if posted else None, initial={"version": found.version})
    if posted and form.is_valid():
        typed = form.cleaned_data
        try:
            _renewed, code = actions.renew_receipt(
                by=officer, association=found, how=typed["how"], version=typed["version"], now=now
            )
        except AssociationRefused as why:
            form.refuse(why, "how" if why.field == "reason" else None)
        else:
            return render(request, "diaspora/renewed.html", {"code": code, "one": found})
    disclosed(request, verb=Verb.VIEW, what=WHAT, subjects=[key], decision=ground, now=now)
    return render(request, "diaspora/renew.html", {"form": form, "one": found}, status=422 if posted else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def persons(request: HttpRequest, key: UUID) -> HttpResponse:
    """Whom an association named, for officers of the institution that received it: each opening is recorded."""
    now, officer = timezone.now(), officer_of(request)
    found = queries.association_called(key)
    ground = actions.may_read_persons(officer, found, now) if found else None
    if found is None or not ground:
        return not_found(request, verb=Verb.VIEW, what=WHAT, subject=key, now=now, section="contacts")
    if request.method == "POST":
        actions.delete_persons(by=officer, association=found, now=now)
        messages.success(request, _("Se borraron las personas de contacto y el contacto privado."))
        return redirect("diaspora:decide", key=key)
    said = queries.persons_of(found)
    disclosed(request, verb=Verb.VIEW, what=WHAT, subjects=[key], decision=ground, now=now, sections=["contacts"])
    return render(request, "diaspora/persons.html", {"said": said, "one": found})


STEPS_SAID = {step.value: word for step, word in STEPS.items()}


def _with_code(request: HttpRequest, form: CodeForm) -> Association | None:
    """The declaration of the code, each try counted; None, and the form says why."""
    try:
        count_sent("code", client_address(request), timezone.now())
    except AssociationRefused as why:
        form.refuse(why, "code")
        return None
    found = queries.association_with(form.cleaned_data["code"])
    if found is None:
        form.refuse(AssociationRefused("code", "code"))
    return found


def _own_page(request: HttpRequest, found: Association, form: CorrectionForm, status: int = 200) -> HttpResponse:
    page = {
        "form": form,
        "shown": _shown(found),
        "code": form["code"].value(),
        "reason": queries.last_reason(found),
        "has_persons": queries.has_persons(found),
        "projects": [
            {
                "one": one,
                "state": PROJECT_STATES[Project(one.state)],
                "badge": PROJECT_BADGES[Project(one.state)],
                "reason": project_queries.last_reason(one, language()),
            }
            for one in project_queries.projects_of(found)
        ],
    }
    return render(request, "diaspora/own.html", page, status=status)


def _shown(one: Association) -> dict[str, Any]:
    """A declaration in words; nothing of it is sealed."""
    state = standing(State(one.state), one.verified_until, timezone.localdate())
    return {
        "one": one,
        "state": STATES[state],
        "badge": BADGES[state],
        "languages": [LANGUAGES.get(code, code) for code in one.languages],
        "channel": CHANNELS_SAID.get(one.channel, ""),
        "foreign": one.language != language(),
    }


CHANNELS_SAID = {channel.value: word for channel, word in CHANNELS.items()}
