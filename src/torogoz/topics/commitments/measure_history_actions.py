"""Nothing that was public of a measure is lost: each correction adds a version, by whom and why."""

from datetime import datetime

from torogoz.domain.access import Decision
from torogoz.domain.commitments import check_why
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.topics.commitments.follow_up_models import Measure
from torogoz.topics.commitments.measure_history_models import MeasureVersion
from torogoz.topics.commitments.measure_history_queries import content_of, newest_version, says_the_same


def before_correcting(held: Measure, why: str) -> None:
    """Refuse to correct what is public without a reason, and keep it as it stands where no version was kept yet.

    raises  FollowUpRefused (why)
    """
    if held.published_at is None:
        return
    check_why(why)
    if newest_version(held) is None:
        assert held.published_by is not None
        MeasureVersion.objects.create(
            measure=held, number=1, content=content_of(held), by=held.published_by, institution=held.lead,
            at=held.changed_at, as_found=True,
        )  # fmt: skip


def keep_version(held: Measure, by: Officer, decision: Decision, why: str, now: datetime) -> None:
    """Add what the public reads from now on; nothing for a draft, nor where nothing is different."""
    if held.published_at is None:
        return
    newest, content = newest_version(held), content_of(held)
    if newest is not None and says_the_same(newest.content, content):
        return
    MeasureVersion.objects.create(
        measure=held,
        number=newest.number + 1 if newest else 1,
        content=content,
        by=by,
        institution=Institution.objects.get(code=decision.institution),
        at=now,
        why=why.strip(),
    )
