"""The public pages of releases: which there are, and what each says of itself."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from torogoz.shared.institutions.queries import institutions_by_code
from torogoz.shared.releases import public, queries
from torogoz.shared.releases.models import Release
from torogoz.shared.releases.notice_words import said
from torogoz.statistics.dataflows import DATAFLOWS

ONE_PER_CENT = 0.01
MOST_SHOWN = 200


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every release, the newest first."""
    return render(request, "releases/index.html", {"releases": queries.releases()})


@login_not_required
@require_safe
def release(request: HttpRequest, name: str) -> HttpResponse:
    """One release: what was looked at, what is protected, what changed, what else was in use, its checksums."""
    found = _called(name)
    manifest, language = queries.manifest(found), get_language() or "es"
    before = queries.public_release_before(found)
    changes = None if before is None else queries.changes(before, found)
    names = queries.names_of_codes(language)
    page = {
        "release": found,
        "notices": [said(each, names, institutions_by_code(), language[:2]) for each in queries.notices_in(found)],
        "manifest": manifest,
        "parts": [
            {
                "dataflow": dataflow,
                "looks": list(public.looks(part["findings"], language)),
                "figures": part["disclosure"],
                "hidden_percent": public.hidden_percent(part["disclosure"]),
            }
            for dataflow, part in manifest["parts"].items()
        ],
        "before": before,
        "counted": None if changes is None else public.counted(changes),
        "revisions": [] if changes is None else public.revisions(changes, names),
        "files": sorted(manifest["files"].items()),
    }
    return render(request, "releases/release.html", page)


@login_not_required
@require_safe
def difference(request: HttpRequest, before: str, after: str) -> HttpResponse:
    """What differs between two releases, cell by cell, from the share on that the reader calls material."""
    one, other = _called(before), _called(after)
    wanted = request.GET.get("materiality", "")
    materiality = _share(wanted)
    language, names = get_language() or "es", queries.names_of_codes(get_language() or "es")
    both = [name for name in queries.manifest(other)["parts"] if name in queries.manifest(one)["parts"]]
    compared = []
    for dataflow in both:
        found = queries.difference(one, other, dataflow, ONE_PER_CENT if materiality is None else materiality)
        material = int(found["MATERIAL"].sum())
        compared.append(
            {
                "name": DATAFLOWS[dataflow].name_en if language.startswith("en") else DATAFLOWS[dataflow].name_es,
                "counts": public.counted_by_how(found),
                "cells": public.differing(found, names, MOST_SHOWN),
                "left_out": max(material - MOST_SHOWN, 0),
            }
        )
    page = {
        "before": one,
        "after": other,
        "percent": 100 * (ONE_PER_CENT if materiality is None else materiality),
        "wanted": wanted,
        "unclear": materiality is None,
        "compared": compared,
    }
    return render(request, "releases/difference.html", page, status=400 if materiality is None else 200)


def _called(name: str) -> Release:
    """The public release of this name. Raises Http404: one under embargo is not there either."""
    try:
        return queries.release_called(name)
    except queries.NoSuchRelease as missing:
        raise Http404(_("No hay una publicación con ese nombre.")) from missing


def _share(words: str) -> float | None:
    """A share between 0 and 1 (0.01 unless one is given); None for what is not one."""
    try:
        share = float(words.strip().replace(",", ".") or ONE_PER_CENT)
    except ValueError:
        return None
    return share if 0 <= share <= 1 else None
