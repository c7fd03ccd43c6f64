"""The sheet of the single form, for the person to carry from stop to stop and to keep."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from torogoz.domain.access import Verb
from torogoz.domain.sections import IDENTITY
from torogoz.shared.audit.reading import not_found
from torogoz.shared.institutions.access import may, officer_of, posted_at, read_by_all
from torogoz.shared.papers.actions import issue
from torogoz.shared.people.queries import (
    encounter_seen_by,
    identity_seen_by,
    person_seen_by,
    sections_seen_by,
    subject_of,
)
from torogoz.topics.returns import papers, queries

LANGUAGES = ("es", "en")


@never_cache
@require_POST
def ficha(request: HttpRequest, key: UUID, encounter: UUID) -> HttpResponse:
    """Print the single form of one arrival, in the language of the button that was pressed."""
    now, officer = timezone.now(), officer_of(request)
    person = person_seen_by(officer, key, now)
    met = encounter_seen_by(officer, encounter, now)
    decision = may(officer, Verb.PRINT, subject_of(person), IDENTITY, now) if person else None
    arrival = queries.arrivals_of(officer, [met], now).get(met.pk) if met else None
    if not (person and met and met.person_id == person.pk and decision and arrival):
        return not_found(request, verb=Verb.PRINT, what="ficha", subject=key, now=now, section=IDENTITY)
    wanted = request.POST.get("sheet_language", "")
    content = papers.ficha(
        person,
        identity_seen_by(officer, person, now),
        arrival,
        sections_seen_by(officer, met, now).shared,
        read_by_all(now),
        wanted if wanted in LANGUAGES else LANGUAGES[0],
        now,
    )
    office = posted_at(officer, decision.institution, now, prefer=met.office)
    sheet = issue(by=officer, person=person, office=office, content=content, decision=decision, now=now)
    # The name of the file says nothing of the person: it stays in the downloads of a shared computer.
    return HttpResponse(
        sheet,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="ficha-{timezone.localtime(now):%Y%m%d-%H%M%S}.pdf"'},
    )
