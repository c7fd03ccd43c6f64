"""The public pages of consultations. All ask the one gate: what is not published answers like what is not there."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from torogoz.domain.moderation import POLICY, SINCE
from torogoz.domain.positions import MinutesDocument, canonical, hash_of
from torogoz.domain.receipts import read
from torogoz.shared.codelists.queries import names
from torogoz.shared.institutions.models import Officer
from torogoz.shared.polls.queries import statement_poll
from torogoz.shared.ui.language import switching
from torogoz.shared.ui.public import public_page
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.consultation import adoption_queries, queries, table_queries, vote_queries, words
from torogoz.topics.consultation.forms import ReceiptForm
from torogoz.topics.consultation.shown import (
    REFRESH_SECONDS,
    body_name,
    contribution_shown,
    lineage_shown,
    log_shown,
    minutes_left,
    outcome_shown,
)


@public_page(lambda: queries.edition())
def index(request: HttpRequest) -> HttpResponse:
    """The consultations that are published; for officers, also those that they work in."""
    now, reader = timezone.now(), request.user
    page = {
        "processes": [{"process": one, "state": words.PROCESS_STATES[one.state]} for one in queries.published()],
        "mine": [
            {"process": one, "state": words.PROCESS_STATES[one.state], "badge": words.PROCESS_BADGES[one.state]}
            for one in queries.worked_in_by(reader, now)
        ]
        if isinstance(reader, Officer)
        else [],
        "convenes": bool(queries.convening_seats(reader, now)),
    }
    return render(request, "consultation/index.html", page)


@public_page(lambda code: queries.edition(code))
def process(request: HttpRequest, code: str) -> HttpResponse:
    """One consultation: question, phases, who was convened, rules; and, where they are shown, its results."""
    found = queries.published_process(code)
    if found is None:
        raise Http404
    gate = queries.gate(found)
    groups = names("BODY_GROUP", language())
    page = {
        "process": found,
        "gate": gate,
        "state": words.PROCESS_STATES[found.state],
        "rule": words.rule_in_words(found),
        "quorum": words.quorum_in_words(found),
        "phases": [
            {"phase": one, "word": words.PHASES[one.kind]}
            for one in found.phases.order_by("pk")
            if one.starts_on or one.ends_on or one.note_es
        ],
        "bodies": [
            {
                "name": body_name(one),
                "group": groups.get(one.group, one.group),
                "part": words.PARTS[one.part],
                "invitation": one,
                "reply": words.REPLIES[one.reply],
            }
            for one in queries.convened(found)
            if one.invited_at is not None or found.source
        ],
        "events": queries.events_of(found),
        "themes": list(found.themes.order_by("position", "pk")),
        "tables": table_queries.tables_of(found),
        "outcomes": [outcome_shown(one) for one in adoption_queries.decided_outcomes(found)] if gate.results else [],
        "minutes": queries.published_minutes(found),
        "votes": bool(vote_queries.votes_in(found, timezone.now())),
        "position": adoption_queries.adopted_position(found) if gate.results else None,
        "online": statement_poll(found.key) is not None,
    }
    return render(request, "consultation/process.html", page)


@public_page(lambda code, draft: queries.edition(code))
def outcome(request: HttpRequest, code: str, draft: str) -> HttpResponse:
    """What came of one text: its words or that there was no agreement, the agreed points, the dissent."""
    found = queries.published_results(code)
    outcomes = adoption_queries.decided_outcomes(found) if found else []
    shown = next((one for one in outcomes if one.draft.code == draft), None)
    if found is None or shown is None:
        raise Http404
    return render(request, "consultation/outcome.html", {"process": found, **outcome_shown(shown)})


@public_page(lambda code: queries.edition(code))
def said(request: HttpRequest, code: str) -> HttpResponse:
    """What was said in a consultation and what became of it, but for what was set aside."""
    found = queries.published_results(code)
    if found is None:
        raise Http404
    rows = [
        {**contribution_shown(one), "became": lineage_shown(one, one.became.select_related("target", "draft"))}
        for one in queries.published_contributions(found)
    ]
    return render(request, "consultation/said.html", {"process": found, "rows": rows})


@public_page(lambda code, event: queries.edition(code))
def public_minutes(request: HttpRequest, code: str, event: UUID) -> HttpResponse:
    """Final minutes of a meeting, with their hash; attendance by bodies and counts."""
    found = queries.published_results(code)
    minutes = next((one for one in queries.published_minutes(found) if one.event.key == event), None) if found else None
    if found is None or minutes is None:
        raise Http404
    document = adoption_queries.minutes_document(minutes)
    page = {"process": found, "minutes": minutes, "event": minutes.event, "rows": _attendance(document)}
    return render(request, "consultation/public_minutes.html", page)


def _attendance(document: MinutesDocument) -> list[dict[str, object]]:
    return [
        {
            "name": one.body.en if language() == "en" else one.body.es,
            "presence": words.PRESENCES[one.presence],
            "people": one.people,
        }
        for one in document.attendance
    ]


@public_page(lambda code: queries.edition(code))
def position(request: HttpRequest, code: str) -> HttpResponse:
    """The position that was adopted, by whom, its hash, and how anybody checks it."""
    found = queries.published_results(code)
    adopted = adoption_queries.adopted_position(found) if found else None
    if found is None or adopted is None:
        raise Http404
    page = {
        "process": found,
        "position": adopted,
        "unchanged": hash_of(canonical(adopted.document)) == adopted.sha256,
        "outcomes": [outcome_shown(one) for one in adoption_queries.decided_outcomes(found)],
        "rule": words.rule_in_words(found),
    }
    return render(request, "consultation/position.html", page)


@login_not_required
@require_safe
def position_file(request: HttpRequest, code: str) -> HttpResponse:
    """The canonical form of the adopted position, byte for byte what its hash was taken over."""
    found = queries.published_results(code)
    held = adoption_queries.adoption_of(found) if found else None
    if held is None or held.state != "adopted":
        raise Http404
    answer = HttpResponse(held.canonical.encode(), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="position-{code}.json"'
    return answer


@public_page(lambda: queries.edition())
def policy(request: HttpRequest) -> HttpResponse:
    """By which policy contributions are set aside."""
    return render(request, "consultation/policy.html", {"policy": POLICY, "since": SINCE})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """What became of a contribution, for whoever holds its receipt. The code is not in the address."""
    form = ReceiptForm(request.POST if request.method == "POST" and not switching(request) else None)
    page: dict[str, object] = {"form": form}
    if form.is_valid():
        told = queries.told_by(read(form.cleaned_data["receipt"]))
        page["asked"] = True
        if told is not None:
            page |= contribution_shown(told.contribution)
            page["process"] = told.contribution.process
            page["log"] = log_shown(told.log)
            page["became"] = lineage_shown(told.contribution, told.became, told.unsaid)
    return render(request, "consultation/receipt.html", page, status=422 if form.is_bound and form.errors else 200)


@login_not_required
@never_cache
@require_safe
def shared_screen(request: HttpRequest, screen: UUID) -> HttpResponse:
    """The screen of an open table, for whoever has its link: the prompt and its time. What was said is not on it."""
    table = queries.screen(screen)
    if table is None:
        raise Http404
    page = {"table": table, "left": minutes_left(table, timezone.now()), "said": None, "every": REFRESH_SECONDS}
    return render(request, "consultation/screen.html", page)
