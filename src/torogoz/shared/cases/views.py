"""The pages of consents and of broken glass."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from torogoz.domain.access import GRANTED_BASES, REFUSED, Verb
from torogoz.domain.children import minority
from torogoz.domain.consents import ConsentRefused, GlassRefused
from torogoz.domain.sections import IDENTITY
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.audit.words import section_names
from torogoz.shared.cases import actions, papers, queries
from torogoz.shared.cases.forms import AgainForm, ConsentForm, GlassForm, VerdictForm
from torogoz.shared.cases.models import Consent
from torogoz.shared.cases.words import VERDICTS
from torogoz.shared.institutions.access import may, officer_of, posted_at
from torogoz.shared.papers.actions import issue
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.models import Person
from torogoz.shared.people.queries import birth_of, names_of, person_seen_by, subject_of
from torogoz.shared.ui.templatetags.ui import language, localised


@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, key: UUID) -> HttpResponse:
    """Record what a person agrees to share."""
    now, officer = timezone.now(), officer_of(request)
    person = person_seen_by(officer, key, now)
    decision = may(officer, Verb.VIEW, subject_of(person), IDENTITY, now) if person else None
    if person is None or not decision or decision.basis in GRANTED_BASES:
        return not_found(request, verb=Verb.CREATE, what="consent", subject=key, now=now, section=IDENTITY)
    of = minority(birth_of(person), timezone.localdate(now))
    form = ConsentForm(
        request.POST if request.method == "POST" else None,
        shareable=queries.shareable(officer, person, now),
        recipients=queries.recipients(officer, now),
        of=of,
        now=now,
    )
    if form.is_valid():
        try:
            actions.give_consent(by=officer, person=person, now=now, **form.read())
        except ConsentRefused as why:
            form.refuse(why)
        except NotAllowed:
            return not_found(request, verb=Verb.CREATE, what="consent", subject=key, now=now, section=IDENTITY)
        else:
            messages.success(
                request, _("Se guardó el consentimiento. Vale desde ahora; puede retirarse cuando quiera.")
            )
            return redirect("returns:person", key=key)
    disclosed(request, verb=Verb.VIEW, what="person", subjects=[key], decision=decision, now=now, sections=[IDENTITY])
    name, aliases = names_of(person)
    page = {"person": person, "name": str(name) or next(iter(aliases), ""), "form": form, "of": of.value}
    return render(request, "cases/consent.html", page)


@require_POST
def withdraw(request: HttpRequest, key: UUID, consent: UUID) -> HttpResponse:
    """Record that the person withdraws a consent."""
    now, officer = timezone.now(), officer_of(request)
    person = person_seen_by(officer, key, now)
    stored = queries.consents_seen_by(officer, person, now) if person else []
    found = next((one for one in stored if one.key == consent), None)
    if found is None or not queries.may_withdraw(officer, found, now):
        return not_found(request, verb=Verb.EDIT, what="consent", subject=key, now=now)
    actions.withdraw_consent(by=officer, consent=found, now=now)
    messages.success(request, _("Se retiró el consentimiento. Desde este momento nadie más lo lee por él."))
    for other in queries.still_shared(officer, found, now):
        messages.warning(request, _still_shared(found.person, other))
    return redirect("returns:person", key=key)


def _still_shared(person: Person, other: Consent) -> SafeString:
    """That another consent still shares some of it, with the way there."""
    names = section_names(language())
    return format_html(
        _(
            "Otro consentimiento vigente todavía comparte lo mismo, o parte, con {recipient}: {link}. Si la persona "
            "también lo retira, retírelo ahí."
        ),
        recipient=localised(other.recipient, "name"),
        link=format_html(
            '<a href="{}#consent-{}">{}</a>',
            reverse("returns:person", args=[person.key]),
            other.key,
            ", ".join(names.get(code, code) for code in other.sections),
        ),
    )


@never_cache
@require_POST
def sheet(request: HttpRequest, key: UUID, consent: UUID) -> HttpResponse:
    """Print the sheet of a consent, for the person to sign and to keep."""
    now, officer = timezone.now(), officer_of(request)
    person = person_seen_by(officer, key, now)
    stored = queries.consents_seen_by(officer, person, now) if person else []
    found = next((one for one in stored if one.key == consent), None)
    decision = may(officer, Verb.PRINT, subject_of(person), IDENTITY, now) if person else None
    office = posted_at(officer, decision.institution, now) if decision else None
    if not (person and found and decision and office):
        return not_found(request, verb=Verb.PRINT, what="consent", subject=key, now=now)
    wanted = "en" if request.POST.get("sheet_language") == "en" else "es"
    printed = issue(
        by=officer,
        person=person,
        office=office,
        content=papers.of_consent(found, person, wanted),
        decision=decision,
        now=now,
    )
    return HttpResponse(
        printed,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="consentimiento-{timezone.localtime(now):%Y%m%d-%H%M%S}.pdf"'
        },
    )


@never_cache
@require_POST
def break_glass(request: HttpRequest) -> HttpResponse:
    """Open somebody who cannot wait. The token comes from a search and says nothing of whom it stands for."""
    now, officer = timezone.now(), officer_of(request)
    form = GlassForm(request.POST)
    token = request.POST.get("token", "")
    person = queries.behind(officer, token)
    if person is None or not queries.breaker(officer, now):
        return not_found(request, verb=Verb.CREATE, what="glass", subject="", now=now)
    if queries.barred(officer, person):
        disclosed(request, verb=Verb.CREATE, what="glass", subjects=[person.key], decision=REFUSED, now=now)
        why = GlassRefused("", "judged").explain(language())
        return render(request, "cases/glass.html", {"barred": why, "token": token}, status=403)
    if "reason" not in request.POST:
        form = GlassForm(initial={"token": token})
    elif form.is_valid():
        try:
            actions.break_glass(by=officer, person=person, reason=form.cleaned_data["reason"], now=now)
        except GlassRefused as why:
            form.refuse(why)
        else:
            messages.warning(request, _("Abierto por tres horas. Quienes atendieron a la persona ya lo ven."))
            return redirect("returns:person", key=person.key)
    return render(request, "cases/glass.html", {"form": form})


@require_GET
def broken(request: HttpRequest) -> HttpResponse:
    """The glass that was broken, for who reviews it."""
    now, officer = timezone.now(), officer_of(request)
    seen = queries.glass_seen_by(officer, now)
    if not queries.reviews(officer, now):
        return not_found(request, verb=Verb.AUDIT, what="glass", subject="", now=now)
    decision = may(officer, Verb.AUDIT, None, None, now) or queries.as_supervisor(officer, now)
    shown = [one.person for one in seen]
    disclosed(request, verb=Verb.LIST, what="glass", subjects=shown, decision=decision, now=now, channel="list")
    return render(request, "cases/broken.html", {"rows": [_row(one, VerdictForm(), AgainForm()) for one in seen]})


@require_POST
def judge(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say whether it was right."""
    now, officer = timezone.now(), officer_of(request)
    seen = next((one for one in queries.glass_seen_by(officer, now) if one.glass.key == key), None)
    if seen is None or not seen.may_judge:
        return not_found(request, verb=Verb.EDIT, what="glass", subject=key, now=now)
    form = VerdictForm(request.POST)
    if form.is_valid():
        actions.judge_glass(by=officer, glass=seen.glass, now=now, **form.read())
        messages.success(request, _("Se guardó su revisión."))
        return redirect("cases:broken")
    return render(request, "cases/broken.html", {"rows": [_row(seen, form, AgainForm())]})


@require_POST
def allow(request: HttpRequest, key: UUID) -> HttpResponse:
    """Let the officer break the glass of that person again, though it was not justified."""
    now, officer = timezone.now(), officer_of(request)
    seen = next((one for one in queries.glass_seen_by(officer, now) if one.glass.key == key), None)
    if seen is None or not seen.may_allow:
        return not_found(request, verb=Verb.EDIT, what="glass", subject=key, now=now)
    form = AgainForm(request.POST)
    if form.is_valid():
        actions.allow_again(by=officer, glass=seen.glass, why=form.cleaned_data["again_why"], now=now)
        messages.success(request, _("Se guardó: puede abrirlo de urgencia otra vez, y esa vez también se revisa."))
        return redirect("cases:broken")
    return render(request, "cases/broken.html", {"rows": [_row(seen, VerdictForm(), form)]})


def _row(seen: queries.GlassSeen, judging: VerdictForm, again: AgainForm) -> dict[str, Any]:
    for form in (judging, again):
        form.auto_id = f"id_{seen.glass.key}_%s"
    verdict = VERDICTS.get(seen.glass.verdict)  # type: ignore[call-overload]  # a StrEnum equals its text
    return {"seen": seen, "verdict": verdict, "form": judging, "again": again}
