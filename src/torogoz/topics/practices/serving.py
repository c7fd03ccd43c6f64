"""Practices and pledges as the documents about commitments list them: what is public, under the objectives served."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from torogoz.domain.pledges import Stage
from torogoz.shared.institutions.models import Institution
from torogoz.shared.provisions.serving import PledgeLine, PracticeLine
from torogoz.topics.practices import queries
from torogoz.topics.practices.call_models import Pledge
from torogoz.topics.practices.models import Practice
from torogoz.topics.practices.pledge_queries import is_overdue, pledges_for, stage_of
from torogoz.topics.practices.words import STAGES, in_language


def practices(now: datetime) -> list[PracticeLine]:
    """The practices that are published at a moment, in the order of their publication."""
    found = [one for one in queries.published() if one.published_at is not None and one.published_at <= now]
    return [_practice(one) for one in reversed(found)]


def pledges(now: datetime) -> list[PledgeLine]:
    """The pledges that were made by a moment and not withdrawn, the one that is due first first."""
    return [_pledge(one, now) for one in pledges_for() if one.recorded_at <= now]


def state(now: datetime) -> str:
    """A checksum of all of them."""
    return queries.edition().checksum


def _practice(one: Practice) -> PracticeLine:
    assert one.published_at is not None
    bodies = [one.institution, *one.with_institutions.all()]
    return PracticeLine(
        **_line(one, "practices:practice", bodies),
        place=one.place,
        began_on=one.began_on,
        ended_on=one.ended_on,
        published_on=timezone.localdate(one.published_at),
        made_up=one.made_up,
    )


def _pledge(one: Pledge, now: datetime) -> PledgeLine:
    """A partner counts among those who pledge once it has confirmed."""
    bodies = [one.institution, *(each.institution for each in one.partners.all() if each.confirmed_at)]
    stage, told = stage_of(one), list(one.updates.all())
    return PledgeLine(
        **_line(one, "practices:pledge", bodies),
        measure_es=one.measure_es,
        measure_en=one.measure_en,
        target=one.target,
        unit=one.unit,
        made_on=timezone.localdate(one.recorded_at),
        due_on=one.due_on,
        stage_es=in_language(STAGES[stage], "es"),
        stage_en=in_language(STAGES[stage], "en"),
        fulfilled=stage is Stage.FULFILLED,
        told_on=told[-1].on if told else None,
        late=is_overdue(one, timezone.localdate(now)),
        made_up=one.made_up,
    )


def _line(one: Practice | Pledge, page: str, bodies: Iterable[Institution]) -> dict[str, Any]:
    """What a practice and a pledge have in common: `page` is the name of the page of either."""
    held = list(bodies)
    return {
        "key": one.key,
        "path": reverse(page, args=[one.key]),
        "objectives": tuple(each.code for each in one.objectives.all()),
        "title_es": one.title_es,
        "title_en": one.title_en,
        "by_es": _named(held, one.organisations, "es"),
        "by_en": _named(held, one.organisations, "en"),
    }


def _named(bodies: Iterable[Institution], others: Iterable[str], language: str) -> str:
    names = [getattr(each, f"name_{language}") or each.name_es for each in bodies]
    return "; ".join(dict.fromkeys([*names, *others]))
