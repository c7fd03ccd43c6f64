"""Psychosocial attention: the sessions of a person, and who is expected again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from torogoz.domain.access import Verb
from torogoz.domain.sections import SESSIONS
from torogoz.domain.sessions import SessionKind, SessionRefused
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.institutions.access import may, officer_of
from torogoz.shared.people.queries import encounters_seen_by, person_seen_by, subject_of
from torogoz.topics.returns import attention_actions, attention_queries, queries, words
from torogoz.topics.returns.attention_forms import SESSION_KINDS, SessionForm

SESSION = "session"


@require_GET
def appointments(request: HttpRequest) -> HttpResponse:
    """Who is expected again, the first day first."""
    now, officer = timezone.now(), officer_of(request)
    if not queries.works_with(officer, SESSIONS, now):
        return not_found(request, verb=Verb.LIST, what=SESSION, subject="index", now=now, section=SESSIONS)
    found = attention_queries.appointments(officer, timezone.localdate(now), now)
    if found:
        disclosed(
            request,
            verb=Verb.LIST,
            what=SESSION,
            subjects=[one.person.key for one in found],
            decision=may(officer, Verb.LIST, subject_of(found[0].person), SESSIONS, now),
            now=now,
            sections=[SESSIONS],
            channel="list",
        )
    page = {"rows": [{"one": one, "name": words.full_name(one.person)} for one in found]}
    return render(request, "returns/appointments.html", page)


@require_http_methods(["GET", "POST"])
def sessions(request: HttpRequest, key: UUID) -> HttpResponse:
    """The sessions of a person, the newest first; and a new one."""
    now, officer = timezone.now(), officer_of(request)
    known = person_seen_by(officer, key, now)
    encounter = queries.where_to_write(officer, encounters_seen_by(officer, known, now), now) if known else None
    reads = attention_queries.may_read_sessions(officer, known, now) if known else None
    writes = bool(attention_queries.may_attend(officer, encounter, now)) if encounter else False
    if known is None or encounter is None or not reads or (request.method == "POST" and not writes):
        return not_found(request, verb=Verb.VIEW, what=SESSION, subject=key, now=now, section=SESSIONS)
    form = SessionForm(request.POST if request.method == "POST" else None, initial={"held_on": timezone.localdate(now)})
    if form.is_valid():
        kept = form.cleaned_data
        try:
            attention_actions.record_session(
                by=officer,
                encounter=encounter,
                kind=form.chosen,
                held_on=kept["held_on"],
                next_on=kept["next_on"],
                notes=kept["notes"],
                now=now,
            )
        except SessionRefused as why:
            form.refuse(why)
        else:
            messages.success(request, _("Se guardó la sesión, cifrada."))
            return redirect("returns:sessions", key=key)
    found = attention_queries.sessions_of(officer, known, now)
    disclosed(
        request,
        verb=Verb.VIEW,
        what=SESSION,
        subjects=[key, *(one.session.key for one in found)],
        decision=reads,
        now=now,
        sections=[SESSIONS],
    )
    page = {
        "person": known,
        "name": words.full_name(known),
        "rows": [{"seen": one, "kind": SESSION_KINDS[SessionKind(one.session.kind)]} for one in found],
        "form": form if writes else None,
    }
    return render(request, "returns/sessions.html", page, status=422 if form.is_bound else 200)
