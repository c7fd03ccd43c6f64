"""The pages on which a statistician answers notices. Nobody else finds them.

A notice quotes a figure, so until a release that has it is public, only the institution that makes releases sees it.
"""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from torogoz.domain.access import Verb
from torogoz.shared.audit.asking import asker
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.institutions.access import may, may_before_it_is_public, officer_of
from torogoz.shared.institutions.queries import institutions_by_code
from torogoz.shared.releases import queries
from torogoz.shared.releases.forms import DecisionForm
from torogoz.shared.releases.models import NoticeDecision
from torogoz.shared.releases.notice_words import said
from torogoz.shared.releases.notices import decide_on

WHAT = "notice"


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """Every notice that the officer may see, those that wait for an answer first."""
    now, officer = timezone.now(), officer_of(request)
    inside = may_before_it_is_public(officer, now)
    decision = inside or may(officer, Verb.PUBLISH, None, None, now)
    if not decision:
        return not_found(request, verb=Verb.LIST, what=WHAT, subject="index", now=now)
    language = (get_language() or "es")[:2]
    found, names, institutions = (
        queries.notices_to_answer(public_only=not inside),
        queries.names_of_codes(language),
        institutions_by_code(),
    )
    disclosed(
        request, verb=Verb.LIST, what=WHAT, subjects=[each.notice.key for each in found], decision=decision, now=now
    )
    rows = [said(each, names, institutions, language) for each in found]
    waiting = sum(1 for each in rows if not each.kind)
    return render(request, "releases/notices.html", {"rows": rows, "waiting": waiting})


@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, key: UUID) -> HttpResponse:
    """One notice, the decisions on it, and the form of the next."""
    now, officer = timezone.now(), officer_of(request)
    inside = may_before_it_is_public(officer, now)
    decision = inside or may(officer, Verb.PUBLISH, None, None, now)
    found = queries.notice_called(key, public_only=not inside) if decision else None
    if found is None:
        return not_found(request, verb=Verb.VIEW, what=WHAT, subject=key, now=now)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        decide_on(
            notice=found.notice,
            kind=NoticeDecision.Kind(form.cleaned_data["kind"]),
            text_es=form.cleaned_data["text_es"],
            text_en=form.cleaned_data["text_en"],
            officer=officer,
            decision=decision,
            request_id=asker(request).request_id,
            path=request.path,
            now=now,
        )
        messages.success(request, _("La respuesta quedó guardada y se publica con el aviso."))
        return redirect("releases:notices")
    language = (get_language() or "es")[:2]
    disclosed(request, verb=Verb.VIEW, what=WHAT, subjects=[key], decision=decision, now=now)
    context = {
        "said": said(found, queries.names_of_codes(language), institutions_by_code(), language),
        "decisions": found.decisions,
        "form": form,
    }
    return render(request, "releases/notice.html", context, status=422 if form.is_bound else 200)
