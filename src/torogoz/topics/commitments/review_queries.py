"""What reviews and dossiers are made from, gathered at a moment; and the reviews that were made, for who sees them."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from torogoz.domain.reviews import FIRST_YEAR
from torogoz.shared.provisions import queries as provisions
from torogoz.shared.provisions import serving
from torogoz.shared.provisions.models import CountryStatus, Instrument, Link, Provision, ProvisionText
from torogoz.shared.provisions.shipped import COMPACT
from torogoz.shared.ui.public import Edition
from torogoz.topics.commitments import public_queries, queries
from torogoz.topics.commitments.entry_queries import entries, instrument_entry, named
from torogoz.topics.commitments.public_queries import body_of, public_duties
from torogoz.topics.commitments.published import FollowUp
from torogoz.topics.commitments.review_content import (
    DossierContent,
    LinkEntry,
    Named,
    ProvisionEntry,
    ReviewContent,
    TreatyEntry,
    WordingEntry,
)
from torogoz.topics.commitments.review_models import ReportRun

HERE = "SLV"


class NothingToReview(Exception):
    """There is no Compact by whose objectives a position could be told: nothing was loaded."""


def reviewable(code: str = "") -> Instrument | None:
    """The adopted position with this code; the one adopted last, if none is said."""
    return provisions.adopted_position(code)


def year_of(position: Instrument) -> int:
    """The year before which nothing can be reported on a position."""
    return position.adopted_on.year if position.adopted_on else FIRST_YEAR


def review_content(position: Instrument, first: int, last: int, now: datetime) -> ReviewContent:
    """All that is public at `now` about an adopted position, for the years `first` to `last`, both included.

    raises  NothingToReview
    """
    compact = provisions.instrument_called(COMPACT)
    if compact is None:
        raise NothingToReview
    found = entries(provisions.commitments(position.code), now)
    told = tuple(replace(each, follow_up=within(each.follow_up, first, last)) for each in found)
    here = {each.key for each in told}
    practices, pledges = _practices(first, last, now), _pledges(first, last, now)
    return ReviewContent(
        period=(first, last),
        frozen_at=now,
        position=instrument_entry(position),
        compact=instrument_entry(compact),
        objectives=tuple(named(provisions.objectives())),
        themes=tuple(named(provisions.sections(position.code))),
        provisions=told,
        treaties=tuple(_treaties()),
        practices=practices,
        pledges=pledges,
        duties=tuple(each for each in public_duties(now) if not each.met and each.provision in here),
        made_up=position.made_up or _made_up(told, practices, pledges),
    )


def _practices(first: int, last: int, now: datetime) -> tuple[serving.PracticeLine, ...]:
    """The practices that touch the years of a review; one without days is not left out."""
    return tuple(each for each in serving.practices(now) if _touches(each.began_on, each.ended_on, first, last))


def _pledges(first: int, last: int, now: datetime) -> tuple[serving.PledgeLine, ...]:
    """The pledges that were made by the last year, and were not fulfilled before the first."""
    return tuple(
        each
        for each in serving.pledges(now)
        if _touches(each.made_on, each.told_on if each.fulfilled else None, first, last)
    )


def _made_up(
    told: Iterable[ProvisionEntry], practices: Iterable[serving.PracticeLine], pledges: Iterable[serving.PledgeLine]
) -> bool:
    """Whether anything of this belongs to the demonstration country."""
    found = (each.made_up for rows in (told, practices, pledges) for each in rows)
    return any(found)


def _touches(start: date | None, end: date | None, first: int, last: int) -> bool:
    """Whether something from one day to another touches these years. A day that is not known leaves nothing out."""
    return (start is None or start.year <= last) and (end is None or end.year >= first)


def within(held: FollowUp, first: int, last: int) -> FollowUp:
    """What touches the years of a review. A measure without a day is not left out: it is not known to lie outside."""
    return replace(
        held,
        measures=tuple(each for each in held.measures if _touches(each.starts_on, each.ends_on, first, last)),
        reports=tuple(each for each in held.reports if _touches(each.covers_from, each.covers_until, first, last)),
        assessments=tuple(each for each in held.assessments if each.published_at.year <= last),
    )


def dossier_content(provision: Provision, now: datetime) -> DossierContent:
    """All that is public at `now` about one provision of a position."""
    entry = entries([provision], now)[0]
    served = set(entry.objectives)
    practices = tuple(each for each in serving.practices(now) if served.intersection(each.objectives))
    pledges = tuple(each for each in serving.pledges(now) if served.intersection(each.objectives))
    return DossierContent(
        as_of=timezone.localdate(now),
        instrument=instrument_entry(provision.instrument),
        provision=entry,
        wordings=tuple(_wordings(provision, now)),
        links=tuple(_links(provision)),
        themes=tuple(named(provisions.sections(provision.instrument.code))),
        practices=practices,
        pledges=pledges,
        duties=tuple(public_duties(now, provision=provision)),
        made_up=provision.instrument.made_up or _made_up((entry,), practices, pledges),
    )


def commitment_called(key: UUID) -> Provision | None:
    """A provision that asks for something: neither a section, an objective, a target nor an article."""
    found = provisions.provision_called(key)
    if found is None:
        return None
    return provisions.commitments(found.instrument.code).filter(pk=found.pk, instrument__kind__in=ASKING).first()


ASKING = (Instrument.Kind.NATIONAL_POSITION, Instrument.Kind.RECOMMENDATIONS)


def runs_seen_by(asker: object, now: datetime) -> QuerySet[ReportRun]:
    """The reviews that were published, the newest first; for the secretariat those that wait too."""
    found = (
        ReportRun.objects.select_related("institution", "position")
        .defer("content", "docx", "pdf")
        .order_by("-made_at", "pk")
    )
    return found if queries.may_convene(asker, now) else found.filter(published_at__lte=now)


def run_seen_by(asker: object, key: UUID, now: datetime) -> ReportRun | None:
    """One of them."""
    return runs_seen_by(asker, now).filter(key=key).first()


def files_of(run: ReportRun) -> ReportRun:
    """The same review with its files, which lists do not read."""
    return ReportRun.objects.get(pk=run.pk)


def runs_made_with(run: ReportRun, asker: object, now: datetime) -> list[ReportRun]:
    """The same content in the other language."""
    return list(runs_seen_by(asker, now).filter(content_sha256=run.content_sha256).exclude(pk=run.pk))


def edition() -> Edition:
    """What the public pages of reviews are made from."""
    found = ReportRun.objects.filter(published_at__isnull=False).order_by("pk").values_list("key", "published_at")
    said = "\n".join(f"{key} {at.isoformat() if at else ''}" for key, at in found)
    return Edition(hashlib.sha256(said.encode()).hexdigest(), None)


def edition_of_dossiers(now: datetime) -> str:
    """What dossiers are made from: the register, who answers, the follow-up, practices and pledges, as public today."""
    return hashlib.sha256(
        f"{queries.edition().checksum} {public_queries.state(now)} {serving.state(now)}".encode()
    ).hexdigest()


def _treaties() -> Iterable[TreatyEntry]:
    held = {each.instrument_id: each for each in CountryStatus.objects.filter(country=HERE)}
    for each in Instrument.objects.filter(kind=Instrument.Kind.TREATY).order_by("pk"):
        status = held.get(each.pk)
        yield TreatyEntry(
            each.name_es,
            each.name_en,
            status.status if status else "",
            status.year if status else None,
            status.source if status else "",
        )


def _wordings(provision: Provision, now: datetime) -> Iterable[WordingEntry]:
    today = timezone.localdate(now)
    for each in provisions.versions_of(provision):
        bodies = {one.institution.code: body_of(one.institution, today) for one in each.validations.all()}
        yield WordingEntry(
            each.language,
            ProvisionText.Role(each.role).value,
            each.version,
            each.text,
            each.machine,
            each.origin,
            each.why,
            timezone.localdate(each.written_at),
            tuple(bodies[code] for code in sorted(bodies)),
        )


def _links(provision: Provision) -> Iterable[LinkEntry]:
    out, back = list(provisions.links_from(provision)), list(provisions.links_to(provision))
    pairs = [(link, link.target, True) for link in out] + [(link, link.source, False) for link in back]
    words = provisions.words_of([other for _, other, _ in pairs])
    for link, other, here in pairs:
        said = words[other.pk]
        yield LinkEntry(
            Link.Kind(link.kind).value,
            here,
            Named(other.instrument.code, other.instrument.name_es, other.instrument.name_en),
            other.code,
            queries.title(said, "es"),
            queries.title(said, "en"),
            Link.Origin(link.origin).value,
            link.why,
            timezone.localdate(link.ended_at) if link.ended_at else None,
        )
