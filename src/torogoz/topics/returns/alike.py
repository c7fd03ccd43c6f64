"""Who is alike, in words, wherever a name or a number is about to be stored; and what a form says was looked at."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from torogoz.domain.access import Subject, Verb
from torogoz.domain.sections import IDENTITY
from torogoz.shared.audit.reading import disclosed
from torogoz.shared.institutions.access import may
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.likeness import Reason
from torogoz.shared.people.search import Candidate
from torogoz.topics.returns import words

TOLD = "elsewhere_told"
"""What the form sends of documents of which the officer knows that they are recorded elsewhere."""


def shown_alike(
    request: HttpRequest, officer: Officer, subject: Subject, found: Sequence[Candidate], now: datetime
) -> list[dict[str, Any]]:
    """Those whom a search found, in words; that they are shown is recorded."""
    disclosed(
        request,
        verb=Verb.SEARCH,
        what="person",
        subjects=[candidate.key for candidate in found],
        decision=may(officer, Verb.SEARCH, subject, IDENTITY, now),
        now=now,
        sections=[IDENTITY],
        channel="search",
    )
    return [
        {
            "candidate": candidate,
            "name": str(candidate.name) or next(iter(candidate.aliases), _("Sin nombre")),
            "sex": words.sex(candidate.sex),
            "reasons": words.reasons(candidate.reasons),
            "same_document": Reason.SAME_DOCUMENT in candidate.reasons,
        }
        for candidate in found
    ]


def none_fits_of(request: HttpRequest) -> frozenset[UUID]:
    """The keys of those alike of whom the officer marked that none fits; what is no key is left out."""
    keys = request.POST.get("none_fits", "").split()
    return frozenset(UUID(key) for key in keys if len(key) == 36 and not set(key) - set("0123456789abcdef-"))
