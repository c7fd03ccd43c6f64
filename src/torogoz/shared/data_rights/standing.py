"""What stands against disposing of somebody's data: holds, requests, limits, open matters.

Who decides is told of what the own institution placed or knows. Of everything else, and of the prosecution always, only
that something stands against it: the same words, whatever it is.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from torogoz.domain.data_rights import LIVE
from torogoz.domain.disposal import Against
from torogoz.shared.data_rights.kept import PROSECUTOR
from torogoz.shared.data_rights.models import Hold, Request
from torogoz.shared.data_rights.registry import open_matters
from torogoz.shared.institutions.models import PersonLimit
from torogoz.shared.people.models import Encounter, Person, Section

Standing = dict[int, frozenset[Against]]


def holds_in_force(now: datetime) -> "QuerySet[Hold]":
    """The holds that stand at `now`."""
    today = timezone.localdate(now)
    within = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    return Hold.objects.filter(within, lifted_at__isnull=True, valid_from__lte=today)


def standing(people: Any, institutions: Collection[str], now: datetime, besides: Request | None = None) -> Standing:
    """What stands against disposing of these people (numbers, or a query of them), for who serves `institutions`.

    besides     the request that asks for it, which does not stand against itself
    """
    found: dict[int, set[Against]] = {}

    def note(person: int, against: Against, code: str) -> None:
        mine = code in institutions and code != PROSECUTOR
        found.setdefault(person, set()).add(against if mine else Against.OTHER)

    for person, code in holds_in_force(now).filter(person__in=people).values_list("person", "institution__code"):
        note(person, Against.HOLD, code)
    asked = Request.objects.filter(person__in=people, state__in=[one.value for one in LIVE])
    if besides is not None:
        asked = asked.exclude(pk=besides.pk)
    for person, code in asked.values_list("person", "responsible__code"):
        note(person, Against.REQUEST, code)
    keys = dict(Person.objects.filter(pk__in=people).values_list("key", "pk"))
    limits = PersonLimit.objects.filter(
        until__isnull=True, person__in=Person.objects.filter(pk__in=people).values("key")
    )
    for key, code in limits.values_list("person", "institution__code"):
        note(keys[key], Against.LIMIT, code)
    for person, code in open_matters(people, now):
        note(person, Against.MATTER, code)
    told = Encounter.objects.filter(person__in=people, institution__code=PROSECUTOR).values_list("person", flat=True)
    wrote = Section.objects.filter(encounter__person__in=people, institution__code=PROSECUTOR)
    for person in {*told, *wrote.values_list("encounter__person", flat=True)}:
        note(person, Against.OTHER, PROSECUTOR)
    return {person: frozenset(against) for person, against in found.items()}
