"""National reviews: made from what is public, looked at, published."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final
from uuid import uuid4

from django.db import transaction

from torogoz.domain.access import Decision, Verb
from torogoz.domain.reviews import ReviewRefused, check_period
from torogoz.exchange.documents.docx_file import docx_bytes
from torogoz.exchange.documents.pdf_file import pdf
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.provisions.actions import allowed
from torogoz.shared.provisions.models import Instrument
from torogoz.topics.commitments.review_content import ReviewContent, canonical, hash_of
from torogoz.topics.commitments.review_document import review_document
from torogoz.topics.commitments.review_models import ReportRun
from torogoz.topics.commitments.review_queries import NothingToReview, review_content, reviewable, year_of

LANGUAGES: Final = ("es", "en")


@transaction.atomic
def make_review(
    *,
    by: Officer,
    first: int,
    last: int,
    position: str = "",
    languages: Sequence[str] = LANGUAGES,
    address: Callable[[str], str],
    now: datetime,
    channel: str = "page",
) -> list[ReportRun]:
    """Freeze what is public now and make the review of these years from it, once for each language. It waits.

    position  the code of the adopted position; the one adopted last, if none is said
    address   the page on which a review is found, from its key
    raises    ReviewRefused, NotAllowed
    """
    decision = allowed(by, now)
    found = reviewable(position)
    if found is None:
        raise ReviewRefused("position", "position", name=position[:40]) if position else ReviewRefused("", "nothing")
    check_period(first, last, now.year, year_of(found))
    try:
        content = review_content(found, first, last, now)
    except NothingToReview:
        raise ReviewRefused("", "nothing") from None
    body = Institution.objects.get(code=decision.institution)
    frozen = canonical(content)
    made = [_made(by, found, body, content, frozen, language, address) for language in languages]
    for run in made:
        _note(by, Verb.CREATE, run, decision, now, channel)
    return made


def _made(
    by: Officer,
    position: Instrument,
    body: Institution,
    content: ReviewContent,
    frozen: str,
    language: str,
    address: Callable[[str], str],
) -> ReportRun:
    """The review in one language with its files and their hashes."""
    key = uuid4()
    document = review_document(
        content,
        language,
        made_from=hash_of(frozen),
        address=address(str(key)),
        publisher=body.name_en if language == "en" else body.name_es,
    )
    word, portable = docx_bytes(document), pdf(document)
    return ReportRun.objects.create(
        key=key,
        position=position,
        first_year=content.period[0],
        last_year=content.period[1],
        language=language,
        institution=body,
        content=frozen,
        content_sha256=hash_of(frozen),
        docx=word,
        docx_sha256=hashlib.sha256(word).hexdigest(),
        pdf=portable,
        pdf_sha256=hashlib.sha256(portable).hexdigest(),
        made_by=by,
        made_at=content.frozen_at,
        made_up=content.made_up,
    )


@transaction.atomic
def publish_review(*, by: Officer, run: ReportRun, expected: int, now: datetime) -> ReportRun:
    """Publish a review as it was made. Raises ReviewRefused, NotAllowed."""
    decision = allowed(by, now)
    held = ReportRun.objects.select_for_update().get(pk=run.pk)
    if held.published_at is not None:
        raise ReviewRefused("", "published")
    if held.version != expected:
        raise ReviewRefused("", "changed")
    held.published_by, held.published_at, held.version = by, now, held.version + 1
    held.save(update_fields=["published_by", "published_at", "version"])
    _note(by, Verb.PUBLISH, held, decision, now, "page")
    return held


@transaction.atomic
def discard_review(*, by: Officer, run: ReportRun, now: datetime) -> None:
    """Throw away a review that nobody published. A published one stays. Raises ReviewRefused, NotAllowed."""
    decision = allowed(by, now)
    held = ReportRun.objects.select_for_update().get(pk=run.pk)
    if held.published_at is not None:
        raise ReviewRefused("", "published")
    _note(by, Verb.EDIT, held, decision, now, "page")
    held.delete()


def _note(by: Officer, verb: Verb, run: ReportRun, decision: Decision, now: datetime, channel: str) -> None:
    record(
        officer=by.username,
        institution=decision.institution,
        verb=verb,
        what="national_review",
        subjects=[str(run.key)],
        decision=decision,
        channel=channel,
        now=now,
    )
