"""The pages on which is told that a practice was repeated, and how it went."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from torogoz.domain.access import Verb
from torogoz.domain.practices import PracticeRefused, State
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.ui.templatetags.ui import language, localised
from torogoz.topics.practices import queries, replication_actions, shown
from torogoz.topics.practices.actions import NotAllowed
from torogoz.topics.practices.replication_forms import ReplicationForm, ReportForm

WHAT = "practice"


@never_cache
@require_http_methods(["GET", "POST"])
def repeat(request: HttpRequest, key: UUID) -> HttpResponse:
    """Tell that a published practice was repeated."""
    now, officer = timezone.now(), officer_of(request)
    own, convening = queries.offers_for(officer, now), queries.convenes_for(officer, now)
    found = queries.was_published(key)
    if found is None or found.state != State.PUBLISHED.value or not (own or convening):
        return not_found(request, verb=Verb.CREATE, what=WHAT, subject=key, now=now)
    offered = [one for one in queries.institutions() if convening or one.code in own]
    posted = request.method == "POST"
    form = ReplicationForm(
        [(one.code, f"{one.code} · {localised(one, 'name')}") for one in offered],
        request.POST if posted else None,
        initial={"token": uuid4(), "country": "SLV", "institution": own[0] if own else ""},
    )
    if posted and form.is_valid():
        names = ("institution", "organisation", "place", "country", "began_on", "token")
        told = {name: form.cleaned_data[name] for name in names}
        try:
            replication_actions.record_replication(by=officer, practice=found, report=form.report(), now=now, **told)
        except PracticeRefused as why:
            form.refuse(why)
        except NotAllowed:
            form.add_error("organisation", _("Lo de una organización lo registra la secretaría. No se guardó nada."))
        else:
            messages.success(request, _("Quedó en la página de la práctica."))
            return redirect("practices:practice", key=key)
    page = {"form": form, "practice": found, "title": shown.said(found, "title", language()), "first": True}
    return render(request, "practices/repeat.html", page, status=422 if posted else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, key: UUID) -> HttpResponse:
    """Tell how a repetition goes by now."""
    now, officer = timezone.now(), officer_of(request)
    found = queries.replication_told_by(officer, key, now)
    if found is None:
        return not_found(request, verb=Verb.EDIT, what=WHAT, subject=key, now=now)
    posted = request.method == "POST"
    form = ReportForm(request.POST if posted else None)
    if posted and form.is_valid():
        try:
            replication_actions.report_on(by=officer, replication=found, report=form.report(), now=now)
        except PracticeRefused as why:
            form.refuse(why)
        else:
            messages.success(request, _("Quedó en la página de la práctica."))
            return redirect("practices:practice", key=found.practice.key)
    page = {"form": form, "practice": found.practice, "title": shown.said(found.practice, "title", language())}
    return render(request, "practices/repeat.html", page, status=422 if posted else 200)
