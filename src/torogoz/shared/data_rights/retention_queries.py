"""The retention rules that the project ships, and how many people's data is past them. It counts, and names nobody."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from torogoz.domain.access import Verb
from torogoz.domain.disposal import Deed
from torogoz.domain.retention import DataClass, RetentionRule, rule_for
from torogoz.shared.codelists.shipped import rows
from torogoz.shared.data_rights.registry import holdings
from torogoz.shared.data_rights.standing import standing
from torogoz.shared.institutions.access import seats
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.models import Encounter, Person


class RulesUnclear(Exception):
    """A line of retention.csv cannot be read."""


@dataclass(frozen=True)
class Due:
    """How many people's data of one class is past its rule.

    due     people last met before `met_before`
    held    of those, against whose disposal something stands: a hold, a request, a limit, an open matter
    """

    rule: RetentionRule
    met_before: date
    due: int
    held: int


@lru_cache(maxsize=1)
def retention_rules() -> tuple[RetentionRule, ...]:
    """The rules as data/retention.csv has them. Raises RulesUnclear with the number of the line."""
    found = []
    for number, row in enumerate(rows("torogoz.shared.data_rights", "retention"), start=2):
        try:
            found.append(
                RetentionRule(
                    DataClass(row["data_class"]),
                    int(row["months"]),
                    row["basis_es"],
                    row["basis_en"],
                    row["source"],
                    {"Y": True, "N": False}[row["provisional"]],
                    date.fromisoformat(row["valid_from"]),
                    date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
                    {"Y": True, "N": False}[row["duty"]],
                )
            )
        except (KeyError, ValueError) as why:
            raise RulesUnclear(f"retention.csv line {number}: {why}") from why
    return tuple(found)


def due_seen_by(officer: Officer, now: datetime) -> list[Due]:
    """What is past its rule at the institutions where the officer protects the data: people they registered."""
    served, today = seats(officer, Verb.AUDIT, now), timezone.localdate(now)
    return [_due(rule_for(retention_rules(), one, today), served, now) for one in DataClass]


def people_due(rule: RetentionRule, institutions: Collection[str], today: date) -> "QuerySet[Person]":
    """Whom these institutions registered, last met before the rule lets go, of whom something of its class is kept."""
    cut = timezone.make_aware(datetime.combine(rule.met_before(today), time.min))
    last = Encounter.objects.values("person").annotate(last=Max("occurred_at")).filter(last__lt=cut)
    something = Q()
    for holding in holdings({rule.data_class}):
        if holding.deed is Deed.REMOVE:
            something |= Q(pk__in=holding.people())
    return Person.objects.filter(something, institution__code__in=institutions, pk__in=last.values("person"))


def last_met(person: Person) -> date:
    """The day on which somebody was last met, anywhere; the day of the registration, of who was met by nobody."""
    met = Encounter.objects.filter(person=person).aggregate(last=Max("occurred_at"))["last"]
    return timezone.localdate(met or person.recorded_at)


def _due(rule: RetentionRule, served: tuple[str, ...], now: datetime) -> Due:
    today = timezone.localdate(now)
    due = people_due(rule, served, today)
    held = standing(due.values("pk"), served, now)
    return Due(rule, rule.met_before(today), due.count(), len(held))
