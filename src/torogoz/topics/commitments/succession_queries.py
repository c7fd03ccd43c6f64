"""What waits for the secretariat: institutions that ended and have something open, and how much of the rest."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from torogoz.shared.institutions.models import Institution
from torogoz.shared.provisions import queries as provisions
from torogoz.topics.commitments.duty_queries import is_met, open_duties
from torogoz.topics.commitments.models import Responsibility


@dataclass(frozen=True)
class Ended:
    """An institution whose functions went to another, and what it still has open."""

    body: Institution
    responsibilities: int
    duties: int

    @property
    def count(self) -> int:
        return self.responsibilities + self.duties


def ended_with_something_open(today: date) -> list[Ended]:
    """Institutions that ended, or have a successor, and still answer for commitments or owe reports; how many."""
    gone = Q(institution__successor__isnull=False) | Q(institution__valid_until__lte=today)
    open_rows = Responsibility.objects.filter(gone, valid_until__isnull=True)
    owed = open_duties().filter(gone).prefetch_related("reports")
    answers = Counter(open_rows.values_list("institution", flat=True))
    owes = Counter(duty.institution_id for duty in owed if not is_met(duty))
    bodies = Institution.objects.filter(pk__in=[*answers, *owes]).select_related("successor").order_by("code")
    return [Ended(body, answers[body.pk], owes[body.pk]) for body in bodies]


@dataclass(frozen=True)
class Desk:
    """What waits for the secretariat."""

    proposed: int
    unvalidated: int
    ended: tuple[Ended, ...]
    without_responsible: int


def desk(today: date) -> Desk:
    """How much of each waits to be looked at."""
    answered = Responsibility.objects.filter(valid_until__isnull=True).values("provision")
    return Desk(
        provisions.proposed_links(),
        provisions.unvalidated(),
        tuple(ended_with_something_open(today)),
        provisions.adopted_commitments().exclude(pk__in=answered).count(),
    )
