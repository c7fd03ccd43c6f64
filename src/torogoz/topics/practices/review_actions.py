"""How a practice is reviewed: peers are asked, declare, give a review; the secretariat does what the verdict says."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from torogoz.domain import practices as rules
from torogoz.domain.access import Decision, Verb
from torogoz.domain.practices import PracticeRefused, ReviewState, State, Step, Verdict, move
from torogoz.shared.institutions.access import may_for, seats
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.topics.practices import lists
from torogoz.topics.practices.actions import NotAllowed, holding, note, step
from torogoz.topics.practices.models import Practice, Review
from torogoz.topics.practices.review_queries import as_reviewer, carried_out_by, reviewing, reviews_of
from torogoz.topics.practices.shown import opinion_of, verdict_of


@transaction.atomic
def ask(*, by: Officer, practice: Practice, reviewer: Officer, now: datetime) -> Review:
    """Ask a peer to review a practice; with the first, the review begins. Raises PracticeRefused, NotAllowed."""
    held = holding(practice)
    decision = _convening(by, held, now)
    if State(held.state) is State.SUBMITTED:
        step(held, Step.BEGIN_REVIEW, move(State(held.state), Step.BEGIN_REVIEW), by, decision, "", now)
    elif State(held.state) is not State.IN_REVIEW:
        raise PracticeRefused("", "state")
    candidate = as_reviewer(reviewer, now)
    if candidate is None:
        raise PracticeRefused("reviewer", "score")
    everyone = reviews_of(held)
    here = reviewing(everyone)
    version = held.criteria_version or lists.newest_criteria()
    if not rules.seats_open([opinion_of(one, version) if one.given_at else None for one in here]):
        raise PracticeRefused("reviewer", "enough")
    if any(one.officer_id == reviewer.pk for one in everyone):
        raise PracticeRefused("reviewer", "already", name=candidate.name)
    rules.check_reviewer(
        candidate=candidate,
        carried_out_by=carried_out_by(held),
        submitted_by=held.submitted_by.username if held.submitted_by else "",
        named=[
            rules.Reviewer(one.officer.username, one.officer.full_name, one.institution.code, frozenset())
            for one in here
        ],
    )
    review = Review.objects.create(
        practice=held,
        round=held.round,
        officer=reviewer,
        institution=Institution.objects.get(code=candidate.institution),
        asked_by=by,
        asked_at=now,
    )
    note(by, Verb.EDIT, held, decision, now, str(review.key))
    return review


@transaction.atomic
def release(*, by: Officer, review: Review, now: datetime) -> None:
    """Take back what a peer was asked, who did not give it, so that another may be asked."""
    held = holding(review.practice)
    decision = _convening(by, held, now)
    mine = Review.objects.select_for_update().get(pk=review.pk)
    if ReviewState(mine.state) not in (ReviewState.ASKED, ReviewState.READING) or held.state != State.IN_REVIEW.value:
        raise PracticeRefused("", "state")
    mine.state = ReviewState.RELEASED.value
    mine.version += 1
    mine.save(update_fields=["state", "version"])
    note(by, Verb.EDIT, held, decision, now, str(mine.key))


@transaction.atomic
def declare(*, by: Officer, review: Review, conflict: str, now: datetime) -> Review:
    """Say before reading that there is no conflict of interest (`conflict` empty), or which one. It does not change."""
    mine, decision = _own(by, review, now)
    if ReviewState(mine.state) is not ReviewState.ASKED:
        raise PracticeRefused("", "declared")
    mine.conflict = rules.check_reason(conflict, "conflict") if conflict.strip() else ""
    mine.state = (ReviewState.IN_CONFLICT if mine.conflict else ReviewState.READING).value
    mine.declared_at = now
    mine.version += 1
    mine.save()
    note(by, Verb.EDIT, mine.practice, decision, now, str(mine.key))
    return mine


@transaction.atomic
def give(
    *,
    by: Officer,
    review: Review,
    scores: Mapping[str, int | None],
    reasons: Mapping[str, str],
    advice: str,
    named: bool,
    now: datetime,
) -> Review:
    """Give a review, once and for all: a score and a reason for each criterion. Raises PracticeRefused, NotAllowed."""
    mine, decision = _own(by, review, now)
    if ReviewState(mine.state) is ReviewState.GIVEN:
        raise PracticeRefused("", "given")
    if ReviewState(mine.state) is not ReviewState.READING:
        raise PracticeRefused("", "undeclared")
    asked = [one.code for one in lists.criteria(mine.practice.criteria_version or lists.newest_criteria())]
    rules.check_scores(scores, reasons, asked)
    mine.scores = {code: scores[code] for code in asked}
    mine.reasons = {code: reasons[code].strip() for code in asked}
    mine.advice, mine.named, mine.given_at, mine.state = advice.strip(), named, now, ReviewState.GIVEN.value
    mine.version += 1
    mine.save()
    note(by, Verb.EDIT, mine.practice, decision, now, str(mine.key))
    return mine


@transaction.atomic
def publish(*, by: Officer, practice: Practice, now: datetime) -> Practice:
    """Publish what the reviews say may be published. Raises PracticeRefused, NotAllowed."""
    held = holding(practice)
    decision = _convening(by, held, now)
    ends = move(State(held.state), Step.PUBLISH)
    if verdict_of(held, reviewing(reviews_of(held))) is not Verdict.PUBLISH:
        raise PracticeRefused("", "no_verdict")
    step(held, Step.PUBLISH, ends, by, decision, "", now)
    return held


@transaction.atomic
def send_back(*, by: Officer, practice: Practice, reason: str, now: datetime) -> Practice:
    """Send a practice back to be completed: before the review begins, or as the reviews say."""
    held = holding(practice)
    decision = _convening(by, held, now)
    ends = move(State(held.state), Step.SEND_BACK)
    if held.state == State.IN_REVIEW.value and verdict_of(held, reviewing(reviews_of(held))) is not Verdict.SEND_BACK:
        raise PracticeRefused("", "no_verdict")
    step(held, Step.SEND_BACK, ends, by, decision, rules.check_reason(reason), now)
    return held


def _convening(by: Officer, held: Practice, now: datetime) -> Decision:
    """The ground on which the secretariat acts; not about what the same person submitted."""
    held_for = seats(by, Verb.CONVENE, now)
    if not held_for:
        raise NotAllowed(f"{by} does not convene")
    if held.submitted_by_id == by.pk:
        raise PracticeRefused("", "own_hand", name=by.full_name)
    return may_for(by, Verb.CONVENE, held_for[0], now)


def _own(by: Officer, review: Review, now: datetime) -> tuple[Review, Decision]:
    """The officer's own review, held, in a running round, while a posting lasts for which it was asked."""
    holding(review.practice)
    mine = Review.objects.select_for_update(of=("self",)).select_related("practice", "institution").get(pk=review.pk)
    grounds = (may_for(by, verb, mine.institution.code, now) for verb in (Verb.ASSESS, Verb.REPORT))
    decision = next((one for one in grounds if one), None)
    if mine.officer_id != by.pk or decision is None or mine.state == ReviewState.RELEASED.value:
        raise NotAllowed(f"{by} does not review {mine.practice.key}")
    if mine.practice.state != State.IN_REVIEW.value or mine.round != mine.practice.round:
        raise PracticeRefused("", "state")
    reviewer = as_reviewer(by, now)
    if reviewer is None or reviewer.serves & carried_out_by(mine.practice):  # postings change after one was asked
        raise PracticeRefused("", "own_institution", name=by.full_name)
    return mine, decision
