"""What is decided of two records that may be of one person."""

from datetime import datetime

from django.db import transaction

from torogoz.domain.access import Verb
from torogoz.domain.duplicates import Verdict, check_reason
from torogoz.domain.sections import IDENTITY
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.held import hold
from torogoz.shared.people.models import Pair, PairDecision
from torogoz.shared.people.review_queries import may_decide, pair_seen_by


@transaction.atomic
def decide_pair(*, by: Officer, pair: Pair, verdict: Verdict, reason: str, now: datetime) -> PairDecision:
    """Decide whether two records are of one person, and why. The last decision holds; the ones before stay written.

    Raises DecisionRefused for a reason that says nothing, Disposed, NotAllowed.
    """
    hold(pair.first, pair.second)
    held = Pair.objects.select_for_update(of=("self",)).select_related("first", "second").get(pk=pair.pk)
    decision = may_decide(by, held, now)
    if not decision or pair_seen_by(by, held.key, now) is None:
        raise NotAllowed(f"{by} may not decide on this pair")
    kept = check_reason(reason)
    held.verdict = verdict.value
    held.save(update_fields=["verdict"])
    decided = PairDecision(
        pair=held,
        verdict=verdict.value,
        reason=kept,
        decided_by=by,
        institution=Institution.objects.get(code=decision.institution),
        decided_at=now,
    )
    decided.save(force_insert=True)
    record(
        officer=by.username,
        institution=decision.institution,
        verb=Verb.EDIT,
        what="duplicate",
        subjects=[str(held.first.key), str(held.second.key)],
        decision=decision,
        channel="page",
        now=now,
        sections=[IDENTITY],
    )
    return decided
