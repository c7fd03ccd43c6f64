"""The public pages of releases: which there are, and what each says of itself."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from torogoz.shared.institutions.queries import institutions_by_code
from torogoz.shared.releases import public, queries
from torogoz.shared.releases.notice_words import said


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every release, the newest first."""
    return render(request, "releases/index.html", {"releases": queries.releases()})


@login_not_required
@require_safe
def release(request: HttpRequest, name: str) -> HttpResponse:
    """One release: what was looked at, what is protected, what changed, what else was in use, its checksums."""
    try:
        found = queries.release_called(name)
    except queries.NoSuchRelease as missing:
        raise Http404(_("No hay una publicación con ese nombre.")) from missing
    manifest, language = queries.manifest(found), get_language() or "es"
    before = queries.release_before(found)
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
