"""The pages on which the secretariat writes wordings and validates them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from torogoz.domain.access import Verb
from torogoz.domain.refusals import Refused
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.provisions import actions
from torogoz.shared.provisions.queries import LANGUAGES, provision_called, text_called, words_of
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.commitments import queries, words
from torogoz.topics.commitments.text_forms import EDITED, WordingForm


@require_http_methods(["GET", "POST"])
def wording(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write the next version of one wording of a provision: the one in `?language=en&role=translation`, say."""
    now, officer = timezone.now(), officer_of(request)
    found = provision_called(key)
    if found is None or not queries.may_convene(officer, now):
        return not_found(request, verb=Verb.CONVENE, what="wording", subject=key, now=now)
    texts = words_of([found])[found.pk].texts
    asked = request.POST if request.method == "POST" else request.GET
    tongue = asked["language"] if asked.get("language") in LANGUAGES else language()
    role = asked["role"] if asked.get("role") in EDITED else EDITED[0]
    before = texts.get((tongue, role))
    start = {"language": tongue, "role": role, "text": before.text if before else ""}
    start["after"] = str(before.version if before else 0)
    form = WordingForm(request.POST if request.method == "POST" else None, initial=start)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            typed = form.cleaned_data
            try:
                actions.write_wording(
                    by=officer,
                    provision=found,
                    language=typed["language"],
                    role=typed["role"],
                    text=typed["text"],
                    why=typed["why"],
                    after=typed["after"] or 0,
                    now=now,
                )
            except Refused as why:
                form.refuse(why)
            else:
                messages.success(request, _("Se guardó la versión nueva. La anterior queda en la historia."))
                return redirect("commitments:provision", key=found.key)
    context = {
        "form": form,
        "provision": found,
        "called": words.called(found, language()),
        "what": f"{words.wording_role(role)}, {words.tongue(tongue)}",
        "wordings": [(text, words.wording_role(text.role), words.tongue(text.language)) for text in texts.values()],
    }
    return render(request, "commitments/wording.html", context, status=status)


@require_POST
def validate(request: HttpRequest, key: UUID, tongue: str, role: str, version: int) -> HttpResponse:
    """Stand for a version of a wording that somebody else wrote."""
    now, officer = timezone.now(), officer_of(request)
    found = provision_called(key)
    text = text_called(found, tongue, role, version) if found else None
    if found is None or text is None or not queries.may_convene(officer, now):
        return not_found(request, verb=Verb.CONVENE, what="wording", subject=key, now=now)
    try:
        actions.validate_wording(by=officer, text=text, now=now)
    except Refused as why:
        messages.error(request, why.explain(language()))
    else:
        messages.success(request, _("La redacción quedó validada en su nombre."))
    return redirect("commitments:provision", key=found.key)
