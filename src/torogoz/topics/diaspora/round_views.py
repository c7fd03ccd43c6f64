"""Pages of rounds of matching funds: what anybody reads, the ballot of an association, the secretariat's pages."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from torogoz.domain.access import Verb
from torogoz.domain.associations import AssociationRefused
from torogoz.domain.polls import Moment
from torogoz.domain.refusals import Refused
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.institutions.lockout import client_address
from torogoz.shared.ui.public import download, public_page
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.diaspora import round_actions as actions
from torogoz.topics.diaspora import round_queries as queries
from torogoz.topics.diaspora.acting import count_sent
from torogoz.topics.diaspora.association_queries import association_with
from torogoz.topics.diaspora.matching_files import csv_pieces
from torogoz.topics.diaspora.matching_queries import matched
from torogoz.topics.diaspora.queries import edition
from torogoz.topics.diaspora.round_forms import RoundForm, VoteForm
from torogoz.topics.diaspora.words import MOMENTS

WHAT = "funding_round"


@public_page(edition)
def rounds(request: HttpRequest) -> HttpResponse:
    """Every round."""
    now = timezone.now()
    rows = [{"one": one, "stands": MOMENTS[queries.known(one, now).stands]} for one in queries.rounds()]
    return render(request, "diaspora/rounds.html", {"rows": rows})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def funding_round(request: HttpRequest, key: UUID) -> HttpResponse:
    """One round: its rule, its projects, the ballot while it is open, the result once it is published."""
    found, now = queries.round_called(key), timezone.now()
    if found is None:
        raise Http404
    known = queries.known(found, now)
    posted = request.method == "POST" and known.stands is Moment.OPEN
    form = VoteForm(known.entries, found.currency, request.POST if posted else None)
    if posted and form.is_valid():
        try:
            count_sent("code", client_address(request), now)
            association = association_with(form.cleaned_data["code"])
            if association is None:
                raise AssociationRefused("code", "code")
            actions.vote_in_round(made=found, association=association, approved=form.cleaned_data["approved"], now=now)
        except Refused as why:
            form.refuse(why)
        else:
            done = _("Su asociación votó. El voto es secreto: en ninguna parte queda de quién es cada papeleta.")
            return render(request, "diaspora/done.html", {"done": done})
    page = {
        "known": known,
        "matched": matched(found),
        "form": form,
        "open": known.stands is Moment.OPEN,
        "closed": known.stands is Moment.CLOSED,
        "stands": MOMENTS[known.stands],
        "spanish": language() == "es",
        "convenes": queries.convenes(request.user, now),
    }
    return render(request, "diaspora/round.html", page, status=422 if posted else 200)


@login_not_required
@never_cache
@require_safe
def round_file(request: HttpRequest, key: UUID, ending: str) -> HttpResponse:
    """The result as CSV, JSON or `.pb`; nothing is there until it is published, whoever asks."""
    made = queries.round_called(key)
    found = queries.file_of(made, ending, timezone.now()) if made is not None else None
    if found is None:
        raise Http404
    content, content_type = found
    response = HttpResponse(content, content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="round-{str(key)[:8]}.{ending}"'
    return response


@login_not_required
@require_safe
def obligations(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """What each amount obliges to in a round, as CSV."""
    found = queries.round_called(key)
    if found is None:
        raise Http404
    return download(
        request,
        edition=edition(),
        pieces=lambda: csv_pieces(found),
        content_type="text/csv; charset=utf-8; header=present",
        file_name="obligations.csv",
    )


@never_cache
@require_http_methods(["GET", "POST"])
def new_round(request: HttpRequest) -> HttpResponse:
    """Announce a round: the secretariat."""
    now, officer = timezone.now(), officer_of(request)
    if not queries.convenes(officer, now):
        return not_found(request, verb=Verb.CREATE, what=WHAT, subject="", now=now)
    posted = request.method == "POST"
    form = RoundForm(list(queries.eligible()), request.POST if posted else None)
    if posted and form.is_valid():
        try:
            made = actions.open_round(by=officer, said=form.said, projects=form.chosen, now=now)
        except Refused as why:
            form.refuse(why, "projects" if why.field == "options" else None)
        else:
            messages.success(request, _("La ronda está anunciada. Nada de ella se cambia ya."))
            return redirect("diaspora:round", key=made.key)
    return render(request, "diaspora/new_round.html", {"form": form}, status=422 if posted else 200)


@never_cache
@require_POST
def publish_round(request: HttpRequest, key: UUID) -> HttpResponse:
    """Publish what a round came to: the secretariat, once it is closed."""
    now, officer = timezone.now(), officer_of(request)
    found = queries.round_called(key) if queries.convenes(officer, now) else None
    if found is None:
        return not_found(request, verb=Verb.PUBLISH, what=WHAT, subject=key, now=now)
    try:
        actions.publish_round(by=officer, made=found, now=now)
    except Refused as why:
        messages.error(request, why.explain(language()))
    else:
        messages.success(request, _("El resultado está publicado."))
    return redirect("diaspora:round", key=key)
