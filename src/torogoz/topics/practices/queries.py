"""What may be read of practices: what is published by everybody, the rest by who works on it."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.utils import timezone

from torogoz.domain.access import Verb
from torogoz.domain.practices import LANGUAGES, TEXTS, ReviewState, State, Written, checksum
from torogoz.shared.institutions.access import seats
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.provisions import queries as provisions
from torogoz.shared.provisions.models import Provision
from torogoz.shared.ui.public import Edition
from torogoz.topics.practices.call_models import Call, Pledge, PledgePartner, PledgeUpdate
from torogoz.topics.practices.models import (
    Practice,
    PracticeEvent,
    Replication,
    ReplicationReport,
    Review,
    TranslationCheck,
)

RELATED = ("institution", "call", "created_by", "edited_by", "submitted_by")


def found_practices() -> QuerySet[Practice]:
    """Practices with what a list of them shows."""
    inside = Prefetch("objectives", Provision.objects.order_by("position"))
    return Practice.objects.select_related(*RELATED).prefetch_related(inside, "with_institutions")


def published(objective: str = "", principle: str = "", institution: str = "", result: str = "") -> list[Practice]:
    """The published practices, the newest first; only those that serve an objective, name a principle …

    result  of a repetition: those with one that ended so
    """
    found = found_practices().filter(state=State.PUBLISHED.value)
    if objective:
        found = found.filter(objectives__code=objective)
    if institution:
        found = found.filter(Q(institution__code=institution) | Q(with_institutions__code=institution)).distinct()
    rows = list(found.order_by("-published_at", "-pk"))
    if principle:
        rows = [one for one in rows if principle in one.principles]
    if result:
        told = {row.pk for row in rows if any(result == last_result(each) for each in replications_of(row))}
        rows = [row for row in rows if row.pk in told]
    return rows


def answered(call: Call) -> list[Practice]:
    """The published practices that answered a call, the newest first."""
    return [one for one in published() if one.call_id == call.pk]


def was_published(key: UUID) -> Practice | None:
    """The practice with this key, if the public ever saw it: published, or withdrawn afterwards."""
    found = found_practices().filter(key=key, published_at__isnull=False)
    return found.filter(state__in=[State.PUBLISHED.value, State.WITHDRAWN.value]).first()


def offers_for(reader: object, now: datetime) -> tuple[str, ...]:
    """The codes of the institutions for which the reader offers practices and makes pledges."""
    return seats(reader, Verb.REPORT, now) if isinstance(reader, Officer) else ()


def convenes_for(reader: object, now: datetime) -> tuple[str, ...]:
    """The codes of the institutions for whose secretariat the reader runs calls, names reviewers and publishes."""
    return seats(reader, Verb.CONVENE, now) if isinstance(reader, Officer) else ()


def own(officer: Officer, now: datetime) -> list[Practice]:
    """Every practice of the officer's own institutions, the one changed last first."""
    held = offers_for(officer, now)
    return list(found_practices().filter(institution__code__in=held).order_by("-changed_at", "-pk"))


def own_practice(officer: Officer, key: UUID, now: datetime) -> Practice | None:
    """A practice of the officer's own institutions, in any state."""
    return found_practices().filter(institution__code__in=offers_for(officer, now), key=key).first()


def waiting_for_secretariat(officer: Officer, now: datetime) -> list[Practice]:
    """What was submitted and is in review. Drafts, and what is written again, are their institution's alone."""
    if not convenes_for(officer, now):
        return []
    found = found_practices().filter(state__in=[State.SUBMITTED.value, State.IN_REVIEW.value])
    return list(found.order_by("changed_at", "pk"))


def handled_practice(officer: Officer, key: UUID, now: datetime) -> Practice | None:
    """A practice that the secretariat works on: submitted, in review, published."""
    states = [State.SUBMITTED.value, State.IN_REVIEW.value, State.PUBLISHED.value]
    return found_practices().filter(key=key, state__in=states).first() if convenes_for(officer, now) else None


def log_of(practice: Practice) -> list[PracticeEvent]:
    """What was done with it, the oldest first."""
    return list(practice.log.select_related("by", "institution").order_by("pk"))


def reviews_published_of(practice: Practice) -> list[Review]:
    """The reviews by which it was published. Who gave one stands on no page without the person's word."""
    given = practice.reviews.filter(round=practice.round, state=ReviewState.GIVEN.value)
    return list(given.select_related("officer", "institution").order_by("given_at", "pk"))


def replications_of(practice: Practice) -> list[Replication]:
    """Where it was repeated, each with its reports; the newest report is the last."""
    reports = Prefetch("reports", ReplicationReport.objects.order_by("at", "pk"))
    found = practice.replications.select_related("institution", "recorded_for").prefetch_related(reports)
    return list(found.order_by("began_on", "pk"))


def last_result(replication: Replication) -> str:
    """How it went, as last reported."""
    told = list(replication.reports.all())
    return told[-1].result if told else ""


def texts_of(practice: Practice) -> dict[str, str]:
    """Its words by field and language."""
    return {f"{field}_{one}": getattr(practice, f"{field}_{one}") for field in TEXTS for one in LANGUAGES}


def translation_check(practice: Practice) -> TranslationCheck | None:
    """Who validated the translation of the words as they are now."""
    found = practice.translation_checks.filter(checksum=checksum(texts_of(practice)))
    return found.select_related("officer", "institution").first()


def as_written(practice: Practice) -> Written:
    """A stored practice, as the rules know it."""
    return Written(
        texts=texts_of(practice),
        language=practice.language,
        machine=practice.machine,
        place=practice.place,
        country=practice.country,
        began_on=practice.began_on,
        ended_on=practice.ended_on,
        with_institutions=tuple(one.code for one in practice.with_institutions.all()),
        organisations=tuple(practice.organisations),
        objectives=tuple(one.code for one in practice.objectives.all()),
        principles=tuple(practice.principles),
        evidence=practice.evidence,
        cost_amount=practice.cost_amount,
        cost_currency=practice.cost_currency,
    )


def objectives(language: str) -> list[tuple[str, str]]:
    """The objectives of the Compact: code and title, in their order."""
    found = list(provisions.objectives())
    words = provisions.words_of(found)
    titles = {one.pk: words[one.pk].best(language) for one in found}
    return [(one.code, text.text if (text := titles[one.pk]) else one.code) for one in found]


def institutions() -> list[Institution]:
    """Those that exist today, by their code."""
    return list(Institution.objects.filter(valid_until__isnull=True).order_by("code"))


def edition() -> Edition:
    """What the public pages are made from. Whatever changes in practices, calls or pledges makes another."""
    parts = [provisions.state(), str(timezone.localdate())]  # what is open or overdue changes with the day
    for model in (PracticeEvent, TranslationCheck, ReplicationReport, Call, Pledge, PledgePartner, PledgeUpdate):
        counted = model._default_manager.aggregate(rows=Count("pk"), last=Max("pk"))
        parts.append(f"{model.__name__} {counted['rows']} {counted['last']}")
    moved = (
        Practice.objects.filter(published_at__isnull=False).aggregate(at=Max("changed_at"))["at"],
        Call.objects.aggregate(at=Max("changed_at"))["at"],
        Pledge.objects.aggregate(at=Max("withdrawn_at"))["at"],
        PledgePartner.objects.aggregate(at=Max("confirmed_at"))["at"],
    )
    named = Review.objects.filter(named=True).count()
    parts.append(f"{moved} {named} {newest_day(moved)}")
    return Edition(hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest(), newest_day(moved))


def newest_day(moments: Iterable[datetime | None]) -> datetime | None:
    """The last of these moments."""
    return max((one for one in moments if one), default=None)


def is_asked(reader: object, now: datetime) -> bool:
    """Whether the reader is asked to review anything, or did."""
    return isinstance(reader, Officer) and bool(asked_of(reader, now))


def asked_of(officer: Officer, now: datetime) -> list[Review]:
    """The reviews that an officer is asked for or gave, as long as the posting lasts for which it was asked."""
    held = {*seats(officer, Verb.REPORT, now), *seats(officer, Verb.ASSESS, now)}
    found = Review.objects.filter(officer=officer, institution__code__in=held)
    found = found.exclude(state=ReviewState.RELEASED.value)
    return list(found.select_related("practice__institution", "institution").order_by("given_at", "asked_at", "pk"))


def replication_told_by(officer: Officer, key: UUID, now: datetime) -> Replication | None:
    """A repetition of which the officer may say more: of an own institution, or any for the secretariat."""
    found = Replication.objects.select_related("practice", "institution").filter(key=key).first()
    if found is None or found.practice.state != State.PUBLISHED.value:
        return None
    own = found.institution is not None and found.institution.code in offers_for(officer, now)
    return found if own or convenes_for(officer, now) else None
