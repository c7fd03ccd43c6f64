"""The pages on which two records of one person are merged, and a merge is confirmed or undone."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from torogoz.domain.access import Verb
from torogoz.domain.duplicates import DecisionRefused
from torogoz.domain.sections import IDENTITY
from torogoz.shared.audit.reading import disclosed, not_found
from torogoz.shared.institutions.access import may, officer_of
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people import merge_actions as actions
from torogoz.shared.people import merge_queries as queries
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.held import Disposed
from torogoz.shared.people.merge_queries import MergeSeen
from torogoz.shared.people.queries import subject_of
from torogoz.shared.people.review_forms import MergeForm, UnmergeForm
from torogoz.shared.people.review_queries import pair_seen_by
from torogoz.shared.people.review_words import met, survivors


@never_cache
@require_POST
def merge(request: HttpRequest, key: UUID) -> HttpResponse:
    """Merge the two records of a pair."""
    now, officer = timezone.now(), officer_of(request)
    seen = pair_seen_by(officer, key, now)
    if seen is None or queries.may_merge(officer, (seen.pair.first, seen.pair.second), now) is None:
        return not_found(request, verb=Verb.MERGE, what="duplicate", subject=key, now=now, section=IDENTITY)
    form = MergeForm(request.POST, choices=survivors(seen))
    if form.is_valid():
        people = {str(person.key): person for person in (seen.pair.first, seen.pair.second)}
        try:
            made = actions.merge(
                by=officer,
                pair=seen.pair,
                survivor=people[form.cleaned_data["survivor"]],
                reason=form.cleaned_data["reason"],
                now=now,
            )
        except DecisionRefused as why:
            form.refuse(why)
        except NotAllowed:  # somebody else merged them in the meantime
            return not_found(request, verb=Verb.MERGE, what="duplicate", subject=key, now=now, section=IDENTITY)
        else:
            if made.merged_at:
                messages.success(request, _("Los dos registros son ahora uno. Se puede deshacer aquí."))
            else:
                messages.warning(request, _("La otra institución debe confirmarlo. Hasta entonces nada cambia."))
            return redirect("people:merged", key=made.key)
    for error in (text for texts in form.errors.values() for text in texts):
        messages.error(request, str(error))
    return redirect("people:pair", key=key)


@never_cache
@require_GET
def merged(request: HttpRequest, key: UUID) -> HttpResponse:
    """A merge: what was merged into what, by whom and why; and how it is undone."""
    now, officer = timezone.now(), officer_of(request)
    seen = queries.merge_seen_by(officer, key, now)
    if seen is None:
        return not_found(request, verb=Verb.VIEW, what="merge", subject=key, now=now, section=IDENTITY)
    return _page(request, officer, seen, UnmergeForm(choices=met(seen.since_then)), now)


@never_cache
@require_POST
def confirm(request: HttpRequest, key: UUID) -> HttpResponse:
    """Confirm a merge that another institution asked for."""

    def do(officer: Officer, seen: MergeSeen, form: UnmergeForm, now: datetime) -> None:
        actions.confirm_merge(by=officer, merge=seen.merge, now=now)
        messages.success(request, _("Los dos registros son ahora uno. Se puede deshacer aquí."))

    return _act(request, key, do, asks=False)


@never_cache
@require_POST
def unmerge(request: HttpRequest, key: UUID) -> HttpResponse:
    """Undo a merge, or refuse one that waits."""

    def do(officer: Officer, seen: MergeSeen, form: UnmergeForm, now: datetime) -> None:
        said = form.cleaned_data["reason"]
        actions.unmerge(by=officer, merge=seen.merge, reason=said, take=form.taken, now=now)
        messages.success(request, _("Son otra vez dos registros, como antes de unirse."))

    return _act(request, key, do, asks=True)


def _act(
    request: HttpRequest,
    key: UUID,
    do: Callable[[Officer, MergeSeen, UnmergeForm, datetime], None],
    *,
    asks: bool,
) -> HttpResponse:
    now, officer = timezone.now(), officer_of(request)
    seen = queries.merge_seen_by(officer, key, now)
    if seen is None or not (seen.may_end if asks else seen.may_confirm):
        return not_found(request, verb=Verb.MERGE, what="merge", subject=key, now=now, section=IDENTITY)
    form = UnmergeForm(request.POST, choices=met(seen.since_then))
    form.fields["reason"].required = asks
    if form.is_valid():
        try:
            do(officer, seen, form, now)
        except (DecisionRefused, Disposed) as why:
            form.refuse(why)
        except NotAllowed:
            return not_found(request, verb=Verb.MERGE, what="merge", subject=key, now=now, section=IDENTITY)
        else:
            return redirect("people:duplicates") if asks else redirect("people:merged", key=key)
    return _page(request, officer, seen, form, now)


def _page(request: HttpRequest, officer: Officer, seen: MergeSeen, form: UnmergeForm, now: datetime) -> HttpResponse:
    disclosed(
        request,
        verb=Verb.VIEW,
        what="merge",
        subjects=[seen.merge.survivor.key, seen.merge.merged.key],
        decision=may(officer, Verb.VIEW, subject_of(seen.merge.survivor), IDENTITY, now),
        now=now,
        sections=[IDENTITY],
    )
    return render(request, "people/merged.html", {"seen": seen, "form": form})
