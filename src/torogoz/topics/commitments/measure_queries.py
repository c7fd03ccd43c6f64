"""Measures as those who work on them see them: an institution its own, the secretariat what was offered."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.provisions import queries as provisions
from torogoz.shared.provisions.models import Provision
from torogoz.topics.commitments import follow_up_rights as rights
from torogoz.topics.commitments.follow_up_models import BudgetLine, Measure, Milestone


def measures_seen_by(officer: Officer, now: datetime) -> QuerySet[Measure]:
    """The measures of the institutions for which the officer reports, drafts too."""
    own = Measure.objects.filter(lead__code__in=rights.reports_for(officer, now)).select_related("lead")
    return own.order_by("-recorded_at", "-pk")


def measure_seen_by(officer: Officer, key: UUID, now: datetime) -> Measure | None:
    """One of them."""
    own = measures_seen_by(officer, now).filter(key=key)
    return own.prefetch_related("milestones", "budget", "returns__institution").first()


def published_measure(key: UUID, now: datetime) -> Measure | None:
    """One that is public."""
    return Measure.objects.filter(key=key, published_at__lte=now).select_related("lead").first()


def offered_measures() -> QuerySet[Measure]:
    """What institutions offered and nobody published yet, the oldest first: for the secretariat."""
    found = Measure.objects.filter(offered_at__isnull=False, published_at__isnull=True).select_related("lead")
    return found.prefetch_related("commitments", "milestones", "budget").order_by("offered_at", "pk")


def offered_measure_seen_by(officer: Officer, key: UUID, now: datetime) -> Measure | None:
    """One of them, if who asks is of the secretariat."""
    if not rights.to_convene(officer, now):
        return None
    return offered_measures().filter(key=key).prefetch_related("returns__institution").first()


def milestone_seen_by(officer: Officer, key: UUID, now: datetime) -> Milestone | None:
    """A milestone of an own measure."""
    own = Milestone.objects.filter(key=key, measure__lead__code__in=rights.reports_for(officer, now))
    return own.select_related("measure__lead").first()


def money_seen_by(officer: Officer, key: UUID, now: datetime) -> BudgetLine | None:
    """A budget line of an own measure."""
    own = BudgetLine.objects.filter(key=key, measure__lead__code__in=rights.reports_for(officer, now))
    return own.select_related("measure__lead").first()


def commitments_called(codes: list[str]) -> dict[str, Provision]:
    """The commitments with these codes, each once: a code alone where one adopted position has it, or position:code."""
    bare = {code.rpartition(":")[2] for code in codes}
    by_code: dict[str, list[Provision]] = defaultdict(list)
    for each in provisions.adopted_commitments().filter(code__in=bare):
        by_code[each.code].append(each)
        by_code[f"{each.instrument.code}:{each.code}"].append(each)
    return {code: by_code[code][0] for code in codes if len(by_code[code]) == 1}


def called_in_full(found: Iterable[Provision]) -> list[str]:
    """How these commitments are typed: by their code, with the position before it where another one has it too."""
    rows = list(found)
    same = Counter(provisions.adopted_commitments().filter(code__in=[one.code for one in rows]).values_list("code"))
    return sorted(one.code if same[(one.code,)] == 1 else f"{one.instrument.code}:{one.code}" for one in rows)


def institution_called(code: str) -> Institution | None:
    """The institution with this code."""
    return Institution.objects.filter(code=code).first()
