"""The door to statistics of children: with whom each arrived, as far as it was recorded by anybody. No name leaves it.

The rule is that of the person's page (`child_queries`), over everything that was recorded and not over what one officer
sees; and as of the arrival: an aunt who left a month later was there, one who left that day was not.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise

import polars as pl
from django.db.models import Q
from django.utils import timezone

from torogoz.domain.birthdates import PartialDate
from torogoz.domain.children import Companion, Company, Minority, company, counts_as_child, minority
from torogoz.domain.families import INVERSE, Evidence, GroupKind, Kin
from torogoz.shared.households.child_queries import ONE_JOURNEY
from torogoz.shared.households.models import Group, Member, Relationship
from torogoz.shared.people.models import Encounter, Person

ADULT = "ADULT"
A_DAY = timedelta(days=1)
COMPANY_SCHEMA = pl.Schema({"encounter": pl.Int64, "CHILD_STATUS": pl.String})
CODES: Mapping[Company, str] = {
    Company.ACCOMPANIED: "ACCOMPANIED",
    Company.UNVERIFIED: "UNVERIFIED",
    Company.SEPARATED: "SEPARATED",
    Company.UNACCOMPANIED: "ALONE",
    Company.UNKNOWN: "NOT_RECORDED",
}
Birth = PartialDate | None


def child_status_cells(cut_off: datetime) -> pl.DataFrame:
    """One row per return that happened and was recorded before `cut_off`: COMPANY_SCHEMA.

    CHILD_STATUS is ADULT, one of CODES, or null where the age is not known. Who may be under 18 on the day counts as a
    child. `encounter` joins the row to its arrival and goes no further.
    """
    met = list(
        Encounter.objects.filter(kind="return", occurred_at__lt=cut_off, recorded_at__lt=cut_off)
        .order_by("person_id", "occurred_at", "pk")
        .values_list("pk", "person_id", "occurred_at", "person__birth", "person__birth_min", "person__birth_max")
    )
    recorded = _recorded(cut_off)
    rows: list[tuple[int, str | None]] = []
    for person, group in groupby(met, key=lambda row: row[1]):
        returns = [(row[0], timezone.localdate(row[2]), _birth(*row[3:])) for row in group]
        # What was noted on the day of a return is of that return, however soon the next one came.
        ends = [max(one[1] + A_DAY, after[1] - ONE_JOURNEY) for one, after in pairwise(returns)]
        for (encounter, day, birth), end in zip(returns, [*ends, date.max], strict=True):
            rows.append((encounter, _status(person, birth, day, end, recorded)))
    return pl.DataFrame(rows, schema=COMPANY_SCHEMA, orient="row")


@dataclass(frozen=True)
class _Recorded:
    """What was recorded of journeys: groups by person, members by group, relationships by both people, births."""

    groups: Mapping[int, list[tuple[int, str, date]]]
    members: Mapping[int, list[tuple[int, date | None]]]
    kin: Mapping[tuple[int, int], list[tuple[Kin, Evidence, date | None]]]
    births: Mapping[int, Birth]


def _recorded(cut_off: datetime) -> _Recorded:
    journeys = Group.objects.filter(kind__in=[GroupKind.TRAVEL.value, GroupKind.ALONE.value], recorded_at__lt=cut_off)
    members: dict[int, list[tuple[int, date | None]]] = defaultdict(list)
    groups: dict[int, list[tuple[int, str, date]]] = defaultdict(list)
    found = Member.objects.filter(group__in=journeys, recorded_at__lt=cut_off).order_by("pk")
    for group, kind, formed_on, person, left_on in found.values_list(
        "group_id", "group__kind", "group__formed_on", "person_id", "left_on"
    ):
        members[group].append((person, left_on))
        groups[person].append((group, kind, formed_on))
    births = {
        row[0]: _birth(*row[1:])
        for row in Person.objects.filter(memberships__group__in=journeys)
        .distinct()
        .values_list("pk", "birth", "birth_min", "birth_max")
    }
    return _Recorded(groups, members, _kin(cut_off), births)


def _kin(cut_off: datetime) -> dict[tuple[int, int], list[tuple[Kin, Evidence, date | None]]]:
    """What the second person is to the first, from both sides. What somebody ended does not count, whenever it was."""
    kin: dict[tuple[int, int], list[tuple[Kin, Evidence, date | None]]] = defaultdict(list)
    in_force = Relationship.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gte=cut_off), other__isnull=False, recorded_at__lt=cut_off
    )
    for person, other, said, evidence, until in in_force.values_list(
        "person_id", "other_id", "kin", "evidence", "valid_until"
    ):
        kin[person, other].append((Kin(said), Evidence(evidence), until))
        kin[other, person].append((INVERSE[Kin(said)], Evidence(evidence), until))
    return kin


def _status(person: int, birth: Birth, day: date, end: date, recorded: _Recorded) -> str | None:
    of = minority(birth, day)
    if of is Minority.UNKNOWN:
        return None
    if not counts_as_child(of):
        return ADULT
    journeys = [one for one in recorded.groups.get(person, ()) if day - ONE_JOURNEY <= one[2] < end]
    others = [
        (other, left_on)
        for group, kind, _formed_on in journeys
        if kind == GroupKind.TRAVEL
        for other, left_on in recorded.members[group]
        if other != person
    ]
    there = {other for other, left_on in others if left_on is None or left_on > day}
    with_whom = (_companion(person, other, day, recorded) for other in sorted(there))
    alone = any(kind == GroupKind.ALONE for _group, kind, _formed_on in journeys)
    return CODES[company(with_whom, recorded=bool(others), alone=alone)]


def _companion(child: int, other: int, day: date, recorded: _Recorded) -> Companion:
    held = [(kin, evidence) for kin, evidence, until in recorded.kin.get((child, other), ()) if _holds(until, day)]
    kin, evidence = _best(held)
    of = minority(recorded.births.get(other), day)
    return Companion(kin, evidence, {Minority.ADULT: True, Minority.CHILD: False}.get(of))


def _best(held: Iterable[tuple[Kin, Evidence]]) -> tuple[Kin | None, Evidence]:
    """Of several the one that is shown best counts."""
    order = list(Evidence)
    return min(held, key=lambda one: order.index(one[1]), default=(None, Evidence.UNVERIFIED))


def _holds(until: date | None, day: date) -> bool:
    return until is None or until >= day


def _birth(written: str, first: date | None, last: date | None) -> Birth:
    return PartialDate(written, first, last) if written and first and last else None
