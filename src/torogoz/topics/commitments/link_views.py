"""The pages on which the secretariat adds, confirms and ends links, and looks at what is suggested."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from torogoz.domain.access import Verb
from torogoz.domain.provisions import LinkRefused
from torogoz.domain.refusals import Refused
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.provisions import actions
from torogoz.shared.provisions.queries import link_called, provision_called, provision_coded, words_of
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.commitments import link_queries, queries, words
from torogoz.topics.commitments.link_forms import JudgeForm, LinkForm, SuggestionForm


@require_http_methods(["GET", "POST"])
def links(request: HttpRequest, key: UUID) -> HttpResponse:
    """Link a provision to another, in the officer's own name."""
    now, officer = timezone.now(), officer_of(request)
    found = provision_called(key)
    if found is None or not queries.may_convene(officer, now):
        return not_found(request, verb=Verb.CONVENE, what="link", subject=key, now=now)
    form, status = LinkForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            typed = form.cleaned_data
            try:
                target = provision_coded(typed["instrument"], typed["target"].strip())
                if target is None:
                    raise LinkRefused("target", "unknown", name=typed["target"].strip())
                actions.link(by=officer, source=found, target=target, kind=typed["kind"], why=typed["why"], now=now)
            except Refused as why:
                form.refuse(why)
            else:
                messages.success(request, _("El enlace quedó a su nombre, en las dos páginas."))
                return redirect("commitments:provision", key=found.key)
    context = {"form": form, "provision": found, "called": words.called(found, language())}
    return render(request, "commitments/link.html", context, status=status)


@require_http_methods(["GET", "POST"])
def judge(request: HttpRequest, key: UUID) -> HttpResponse:
    """Confirm a link that was only proposed, or end one."""
    now, officer = timezone.now(), officer_of(request)
    found = link_called(key)
    if found is None or not queries.may_convene(officer, now):
        return not_found(request, verb=Verb.CONVENE, what="link", subject=key, now=now)
    form, status = JudgeForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            why = form.cleaned_data["why"]
            try:
                if form.cleaned_data["step"] == "end":
                    actions.end_link(by=officer, ended=found, why=why, now=now)
                elif found.ended_at is not None:
                    raise LinkRefused("", "ended")
                elif found.origin != found.Origin.PROPOSED:
                    raise LinkRefused("", "confirmed")
                else:
                    actions.link(
                        by=officer, source=found.source, target=found.target, kind=found.kind, why=why, now=now
                    )
            except Refused as refused:
                form.refuse(refused)
            else:
                messages.success(request, _("Quedó a su nombre, y en la historia de las dos páginas."))
                return redirect("commitments:provision", key=found.source.key)
    said = words_of([found.source, found.target])
    state, origin = words.origin(found)
    context = {
        "form": form,
        "link": found,
        "relation": words.relation(found.kind, here=True),
        "source": words.called(found.source, language(), said[found.source.pk]),
        "target": words.called(found.target, language(), said[found.target.pk]),
        "state": state,
        "origin": origin,
        "proposed": found.origin == found.Origin.PROPOSED and found.ended_at is None,
    }
    return render(request, "commitments/judge.html", context, status=status)


@require_http_methods(["GET", "POST"])
def suggestions(request: HttpRequest) -> HttpResponse:
    """What the likeness of texts suggests, the likest first; each becomes a link only in somebody's name."""
    now, officer = timezone.now(), officer_of(request)
    if not queries.may_convene(officer, now):
        return not_found(request, verb=Verb.CONVENE, what="link", subject="", now=now)
    status, refusal = 200, ""
    if request.method == "POST":
        form = SuggestionForm(request.POST)
        source = provision_called(form.cleaned_data["source"]) if form.is_valid() else None
        target = provision_called(form.cleaned_data["target"]) if form.is_valid() else None
        if source is None or target is None:
            status, refusal = 422, _("La sugerencia no se pudo leer. No se guardó nada: elija otra vez en la lista.")
        else:
            typed = form.cleaned_data
            said = {"source": source, "target": target, "kind": typed["kind"], "score": typed["score"]}
            try:
                if typed["step"] == "accept":
                    actions.link(by=officer, why=typed["why"], now=now, **said)
                else:
                    actions.refuse_suggestion(by=officer, why=typed["why"], now=now, **said)
            except Refused as why:
                status, refusal = 422, why.explain(language())
            else:
                messages.success(request, _("Quedó a su nombre."))
                return redirect(request.get_full_path())
    asked = request.GET
    context = link_queries.suggestions(
        asked.get("with", ""), language(), aim=asked.get("aim", ""), page=asked.get("page", "1")
    )
    context["refusal"] = refusal
    return render(request, "commitments/suggestions.html", context, status=status)
