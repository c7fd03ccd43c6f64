"""Results of an on-line consultation: one page and its files, all through the gate."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from torogoz.domain.access import Basis, Decision, Verb
from torogoz.shared.audit.reading import disclosed
from torogoz.shared.polls import files
from torogoz.shared.polls.queries import Asker, results, runs
from torogoz.shared.polls.statement_counts import OTHER, Grouping, StatementResults, Told
from torogoz.topics.consultation import online_queries as queries
from torogoz.topics.consultation.online_queries import Online
from torogoz.topics.consultation.online_views import voter
from torogoz.topics.consultation.online_words import MOMENTS, OTHERS, PARTS

EVERYBODY, SECRETARIAT = ("comments",), ("votes", "participants-votes")
"""Files of Polis: of counts that are told, and of what each numbered voter said."""


@login_not_required
@never_cache
@require_safe
def online_results(request: HttpRequest, code: str) -> HttpResponse:
    """What was found, once the poll shows it; else until when it is hidden, and nothing more."""
    online, asker = _asked(request, code)
    found = results(online.poll, asker, timezone.now())
    badge, word = MOMENTS[online.moment]
    page: dict[str, Any] = {"online": online, "badge": badge, "word": word, "found": None}
    if isinstance(found, StatementResults):
        own = runs(request.user, online.poll, timezone.now())
        page |= {
            "found": found,
            "statements": _statements(found),
            "groupings": _groupings(found),
            "polis": (*EVERYBODY, *(SECRETARIAT if own else ())),
            "own": own,
        }
    return render(request, "consultation/online/results.html", page)


@login_not_required
@never_cache
@require_safe
def results_file(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """The same as CSV or JSON; nothing is there while it is hidden."""
    online, asker = _asked(request, code)
    found = files.file_of(online.poll, asker, timezone.now(), ending)
    if found is None:
        raise Http404
    return _file(*found, f"{code}.{ending}")


@login_not_required
@never_cache
@require_safe
def polis_file(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """One of the files of Polis, once the poll is closed and shown; those with what each voter said are for the
    secretariat that runs it."""
    online, asker = _asked(request, code)
    if name in SECRETARIAT and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    found = files.conversation(online.poll, asker, timezone.now())
    if found is None:
        raise Http404
    content = {"comments": found.comments, "votes": found.votes, "participants-votes": found.participants}.get(name)
    if not content:
        raise Http404
    if name in SECRETARIAT:
        ground = Decision(True, Basis.DUTY, online.process.convener.code)
        disclosed(
            request, verb=Verb.EXPORT, what="poll", subjects=[online.poll.key], decision=ground, now=timezone.now(),
            channel="export",
        )  # fmt: skip
    return _file(content, "text/csv", f"{name}.csv")


def _asked(request: HttpRequest, code: str) -> tuple[Online, Asker]:
    online = queries.online_with(code, timezone.now())
    if online is None:
        raise Http404
    return online, queries.asker(request.user, voter(request, code, online.process.key))


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _statements(found: StatementResults) -> list[dict[str, Any]]:
    """Statements, those first that every country shares in most; last those of which that is not told, by number."""
    shared = found.countries.geometric if found.countries is not None else {}
    ordered = sorted(found.statements, key=lambda one: (-shared.get(one.pk, -1), one.number))
    return [
        {
            "told": one,
            "text": _text(one),
            "parts": _parts(one, one.published.whole),
            "shared": shared.get(one.pk),
        }
        for one in ordered
    ]


def _groupings(found: StatementResults) -> list[dict[str, Any]]:
    """Known groups, then opinion groups where there are any, each with its members and what it stands for."""
    by_pk = {one.pk: one for one in found.statements}
    countries = dict(queries.abroad(get_language() or "es"))
    told = []
    for kind, grouping in (("country", found.countries), ("opinion", found.opinion)):
        if grouping is None:
            continue
        groups = [
            {
                "name": countries.get(one.code, OTHERS) if kind == "country" else "",
                "number": int(one.code) + 1 if kind == "opinion" else 0,
                "members": one.members,
                "other": one.code == OTHER,
                "stands_for": [
                    {"text": _text(by_pk[each.statement]), "agrees": each.agrees, "sure": each.sure}
                    for each in grouping.stands_for[one.code]
                ],
            }
            for one in grouping.groups
        ]
        told.append({"kind": kind, "groups": groups, "rows": _rows(found, grouping, groups)})
    return told


def _rows(found: StatementResults, grouping: Grouping, groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By statement, what each group that may be told answered; None for one that is held back."""
    rows = []
    for one in found.statements:
        published = grouping.published[one.pk]
        cells = [
            None if at in published.held_back else _parts(one, published.groups[at].tolist())
            for at in range(len(groups))
        ]
        rows.append({"text": _text(one), "number": one.number, "cells": list(zip(groups, cells, strict=True))})
    return rows


def _parts(one: Told, counts: Sequence[int] | None) -> list[tuple[Any, int]] | None:
    return None if counts is None else list(zip(PARTS[one.published.split], counts, strict=True))


def _text(one: Told) -> str:
    if one.retired:
        return gettext("Retirada: su texto no se repite.")
    first, second = (one.text_en, one.text_es) if get_language() == "en" else (one.text_es, one.text_en)
    return first or second
