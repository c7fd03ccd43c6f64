"""The desk of the secretariat: what waits to be looked at, who answers for what, and what passes on to whom."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from torogoz.domain.access import Verb
from torogoz.domain.refusals import Refused
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.provisions.queries import provision_called
from torogoz.shared.ui.templatetags.ui import language, localised
from torogoz.topics.commitments import actions, queries, succession_actions, succession_queries, words
from torogoz.topics.commitments.forms import EndForm, ResponsibilityForm, SuccessionForm


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """What the secretariat does to the register, with how much of each waits."""
    now, officer = timezone.now(), officer_of(request)
    if not queries.may_convene(officer, now):
        return not_found(request, verb=Verb.CONVENE, what="register", subject="", now=now)
    return render(request, "commitments/register.html", {"desk": succession_queries.desk(timezone.localdate(now))})


@require_http_methods(["GET", "POST"])
def responsibilities(request: HttpRequest, key: UUID) -> HttpResponse:
    """Record that an institution leads or supports a commitment."""
    now, officer = timezone.now(), officer_of(request)
    found = provision_called(key)
    if found is None or not queries.may_convene(officer, now):
        return not_found(request, verb=Verb.CONVENE, what="responsibility", subject=key, now=now)
    form, status = ResponsibilityForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.make_responsible(by=officer, provision=found, now=now, **form.cleaned_data)
            except Refused as why:
                form.refuse(why)
            else:
                messages.success(request, _("Quedó registrada la institución."))
                return redirect("commitments:provision", key=found.key)
    context = {"form": form, "provision": found, "called": words.called(found, language())}
    return render(request, "commitments/responsibility.html", context, status=status)


@require_http_methods(["GET", "POST"])
def responsibility_end(request: HttpRequest, key: UUID) -> HttpResponse:
    """End a responsibility on a day."""
    now, officer = timezone.now(), officer_of(request)
    found = queries.responsibility_called(key)
    if found is None or not queries.may_convene(officer, now):
        return not_found(request, verb=Verb.CONVENE, what="responsibility", subject=key, now=now)
    form, status = EndForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.end_responsibility(by=officer, ended=found, on=form.cleaned_data["on"], now=now)
            except Refused as why:
                form.refuse(why)
            else:
                messages.success(request, _("Quedó terminada. El nombre sigue en la historia."))
                return redirect("commitments:provision", key=found.provision.key)
    context = {"form": form, "provision": found.provision, "responsibility": found, "called": found.provision.code}
    return render(request, "commitments/responsibility.html", context, status=status)


@require_http_methods(["GET", "POST"])
def succession(request: HttpRequest) -> HttpResponse:
    """Pass all that an institution that ended has open on to its successor."""
    now, officer = timezone.now(), officer_of(request)
    if not queries.may_convene(officer, now):
        return not_found(request, verb=Verb.CONVENE, what="responsibility", subject="", now=now)
    form, status = SuccessionForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                passed = succession_actions.pass_on(by=officer, now=now, **form.cleaned_data)
            except Refused as why:
                form.refuse(why)
            else:
                messages.success(request, _passed(passed))
                return redirect("commitments:register")
    context = {"form": form, "waiting": succession_queries.ended_with_something_open(timezone.localdate(now))}
    return render(request, "commitments/succession.html", context, status=status)


def _passed(passed: succession_actions.PassedOn) -> str:
    """What went to the successor, in words."""
    answers = ngettext("%(count)s responsabilidad", "%(count)s responsabilidades", passed.count)
    owed = ngettext("%(count)s informe pendiente", "%(count)s informes pendientes", passed.duties)
    return _("Pasó a %(name)s: %(answers)s, %(owed)s. Lo publicado queda con el nombre de antes.") % {
        "name": localised(passed.successor, "name"),
        "answers": answers % {"count": passed.count},
        "owed": owed % {"count": passed.duties},
    }
