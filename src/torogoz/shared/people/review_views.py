"""The pages on which two records that may be of one person are compared and decided."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from torogoz.domain.access import Verb
from torogoz.domain.duplicates import DecisionRefused, Verdict
from torogoz.domain.sections import IDENTITY
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.institutions.access import officer_of
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people import review_queries as queries
from torogoz.shared.people import review_words as words
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.merge_queries import may_merge, merges_seen_by
from torogoz.shared.people.merge_queries import shown as shown_merges
from torogoz.shared.people.review_actions import decide_pair
from torogoz.shared.people.review_forms import DecisionForm, MergeForm


@never_cache
@require_GET
def duplicates(request: HttpRequest) -> HttpResponse:
    """The pairs that wait for a decision, the likeliest first; and those of which nobody could tell."""
    now, officer = timezone.now(), officer_of(request)
    decision = queries.reviewer(officer, now)
    if not decision:
        return not_found(request, verb=Verb.LIST, what="duplicate", subject="", now=now, section=IDENTITY)
    groups: list[dict[str, Any]] = []
    people: list[UUID] = []
    for title, verdict in (
        (_("Por decidir"), None),
        (_("No se pudo saber"), Verdict.UNSURE),
        (_("La misma persona, sin unir"), Verdict.SAME),
    ):
        pairs = queries.pairs_seen_by(officer, now, verdict)
        shown = queries.shown(pairs)
        people.extend(person.key for seen in shown for person in (seen.pair.first, seen.pair.second))
        rows = [{"seen": seen, "reasons": words.reasons(seen.pair.reasons)} for seen in shown]
        groups.append({"title": title, "count": pairs.count(), "rows": rows})
    merges = shown_merges(officer, merges_seen_by(officer, now), now)
    people.extend(person.key for seen in merges for person in (seen.merge.survivor, seen.merge.merged))
    disclosed(
        request,
        verb=Verb.LIST,
        what="duplicate",
        subjects=list(dict.fromkeys(people)),
        decision=decision,
        now=now,
        sections=[IDENTITY],
        channel="list",
    )
    page = {"groups": [group for group in groups if group["rows"]], "most": queries.MOST_PAIRS, "merges": merges}
    return render(request, "people/duplicates.html", page)


@never_cache
@require_http_methods(["GET", "POST"])
def pair(request: HttpRequest, key: UUID) -> HttpResponse:
    """Two records side by side, and the decision on them."""
    now, officer = timezone.now(), officer_of(request)
    verb = Verb.EDIT if request.method == "POST" else Verb.VIEW
    seen = queries.pair_seen_by(officer, key, now)
    if seen is None or (request.method == "POST" and not seen.may_decide):
        return not_found(request, verb=verb, what="duplicate", subject=key, now=now, section=IDENTITY)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            decide_pair(by=officer, pair=seen.pair, verdict=form.chosen, reason=form.cleaned_data["reason"], now=now)
        except DecisionRefused as why:
            form.refuse(why)
        except NotAllowed:
            return not_found(request, verb=verb, what="duplicate", subject=key, now=now, section=IDENTITY)
        else:
            messages.success(request, _("Se guardó su decisión."))
            return redirect("people:pair", key=key)
    disclosed(
        request,
        verb=Verb.VIEW,
        what="person",
        subjects=[seen.first.person.key, seen.second.person.key],
        decision=queries.reviewer(officer, now),
        now=now,
        sections=[IDENTITY],
    )
    page = {
        "seen": seen,
        "sides": (seen.first, seen.second),
        "form": form,
        "merge_form": MergeForm(choices=words.survivors(seen)) if _may_merge(officer, seen, now) else None,
        "facts": words.lines(seen.facts),
        "reasons": words.reasons(seen.pair.reasons),
        "decisions": [
            {"decision": one, "word": words.VERDICTS[Verdict(one.verdict)], "badge": words.BADGES[one.verdict]}
            for one in seen.decisions
        ],
    }
    return render(request, "people/pair.html", page)


def _may_merge(officer: Officer, seen: queries.PairCompared, now: datetime) -> bool:
    """Whether the officer may merge the two now: they were decided to be one person."""
    people = (seen.pair.first, seen.pair.second)
    return seen.pair.verdict == Verdict.SAME and may_merge(officer, people, now) is not None
