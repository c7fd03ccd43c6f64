"""The retention rules that the project ships, and how many people's data is past them. It counts, and names nobody."""

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

from django.db.models import Max
from django.utils import timezone

from torogoz.domain.access import Tier, Verb
from torogoz.domain.data_rights import LIVE
from torogoz.domain.retention import DataClass, RetentionRule, rule_for
from torogoz.shared.codelists.shipped import rows
from torogoz.shared.data_rights.models import Request
from torogoz.shared.institutions.access import seats
from torogoz.shared.institutions.models import Officer, PersonLimit
from torogoz.shared.people.models import Encounter, Person, Section
from torogoz.statistics.forms.shipped import current

TIERS = {
    DataClass.ORDINARY: (Tier.PUBLIC, Tier.LOGISTICS, Tier.ORDINARY),
    DataClass.SENSITIVE: (Tier.SENSITIVE,),
    DataClass.PROTECTED: (Tier.PROTECTED,),
}


class RulesUnclear(Exception):
    """A line of retention.csv cannot be read."""


@dataclass(frozen=True)
class Due:
    """How many people's data of one class is past its rule.

    due     people last met before `met_before`
    held    of those, who have an open request or a limit: theirs is not disposed of while it stands
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
                )
            )
        except (KeyError, ValueError) as why:
            raise RulesUnclear(f"retention.csv line {number}: {why}") from why
    return tuple(found)


def due_seen_by(officer: Officer, now: datetime) -> list[Due]:
    """What is past its rule at the institutions where the officer protects the data: people they registered."""
    served, today = seats(officer, Verb.AUDIT, now), timezone.localdate(now)
    return [_due(rule_for(retention_rules(), one, today), served, today) for one in DataClass]


def _due(rule: RetentionRule, served: tuple[str, ...], today: date) -> Due:
    met_before = rule.met_before(today)
    people = Person.objects.filter(institution__code__in=served)
    if rule.data_class in TIERS:
        codes = [form.code for form in current() if form.tier in TIERS[rule.data_class]]
        people = people.filter(pk__in=Section.objects.filter(code__in=codes).values("encounter__person"))
    cut = timezone.make_aware(datetime.combine(met_before, time.min))
    last = Encounter.objects.values("person").annotate(last=Max("occurred_at")).filter(last__lt=cut)
    due = people.filter(pk__in=last.values("person"))
    asked = Request.objects.filter(state__in=[state.value for state in LIVE], person__isnull=False).values("person")
    limited = PersonLimit.objects.filter(until__isnull=True).values("person")
    held = due.filter(pk__in=asked) | due.filter(key__in=limited)
    return Due(rule, met_before, due.count(), held.distinct().count())
