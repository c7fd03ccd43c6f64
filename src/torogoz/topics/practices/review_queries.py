"""Reviews: what the secretariat sees of all of them, and a reviewer of the own alone."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from torogoz.domain.access import Verb
from torogoz.domain.practices import REVIEWING, Reviewer, ReviewState, State
from torogoz.shared.institutions.access import postings, seats
from torogoz.shared.institutions.models import Membership, Officer
from torogoz.topics.practices.models import Practice, Review
from torogoz.topics.practices.queries import asked_of

RELATED = ("practice__institution", "officer", "institution", "asked_by")


def reviews_of(practice: Practice) -> list[Review]:
    """Every review of the round, also of who declared a conflict or was released."""
    return list(practice.reviews.filter(round=practice.round).select_related(*RELATED).order_by("pk"))


def reviewing(found: Sequence[Review]) -> list[Review]:
    """Those that count: asked, reading or given."""
    return [one for one in found if ReviewState(one.state) in REVIEWING]


def review_asked_of(officer: Officer, key: UUID, now: datetime) -> Review | None:
    """The officer's own review with this key, while the practice is in review or once it is given."""
    found = next((one for one in asked_of(officer, now) if one.key == key), None)
    if found is None:
        return None
    running = found.practice.state == State.IN_REVIEW.value and found.round == found.practice.round
    return found if running or found.given_at else None


def review_named(practice: Practice, key: UUID) -> Review | None:
    """A review of a practice by its key, for the secretariat."""
    return practice.reviews.filter(key=key, round=practice.round).select_related(*RELATED).first()


def carried_out_by(practice: Practice) -> frozenset[str]:
    """The codes of the institutions that offer it or carried it out."""
    return frozenset({practice.institution.code, *(one.code for one in practice.with_institutions.all())})


def as_reviewer(officer: Officer, now: datetime) -> Reviewer | None:
    """An officer as the rules know a reviewer; None for who neither reports nor assesses for any institution."""
    held = [*seats(officer, Verb.ASSESS, now), *seats(officer, Verb.REPORT, now)]
    if not held:
        return None
    serves = frozenset(one.institution for one in postings(officer, now))
    return Reviewer(officer.username, officer.full_name, held[0], serves)


def candidates(practice: Practice, now: datetime) -> list[tuple[Officer, Reviewer]]:
    """Peers from outside who may still be asked in this round, by their institution."""
    asked = {one.officer_id for one in reviews_of(practice)}
    posted = Membership.objects.filter(role__in=["focal_point", "observer"], officer__is_active=True)
    officers = Officer.objects.filter(pk__in=posted.values("officer")).exclude(pk__in=asked).order_by("full_name")
    inside = carried_out_by(practice)
    found = [(one, reviewer) for one in officers if (reviewer := as_reviewer(one, now))]
    outside = [pair for pair in found if not pair[1].serves & inside and pair[0].pk != practice.submitted_by_id]
    return sorted(outside, key=lambda pair: (pair[1].institution, pair[1].name))
