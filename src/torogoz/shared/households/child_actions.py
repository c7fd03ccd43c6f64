"""What is decided for a child: a best-interests study, and a move that is refused while anything is missing."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from torogoz.domain.access import Tier, Verb
from torogoz.domain.children import LONGEST_REASONS, ChildRefused, Lacks, Move, Study, check_study
from torogoz.domain.families import LONGEST_WORDS
from torogoz.domain.sections import FAMILY
from torogoz.shared.households.child_queries import CHILD_PROTECTION, assessable, child_seen_by, receiver_of
from torogoz.shared.households.family_queries import family_seen_by
from torogoz.shared.households.models import BestInterests, ChildMove, Relationship
from torogoz.shared.households.noting import allowed, note
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.held import hold
from torogoz.shared.people.models import Person
from torogoz.shared.people.queries import subject_of, subject_of_section


class MoveRefused(Exception):
    """A move of a child that may not be done yet. Nothing was stored.

    lacks   everything that is missing, to be told at once
    """

    def __init__(self, lacks: Collection[Lacks]) -> None:
        self.lacks = tuple(lacks)
        super().__init__(", ".join(self.lacks))


@transaction.atomic
def record_study(
    *,
    by: Officer,
    person: Person,
    study: Study,
    done_on: date,
    review_on: date,
    permits: Collection[Move],
    reasons: str,
    child_view: str,
    now: datetime,
    panel: Sequence[str] = (),
    dissent: str = "",
) -> BestInterests:
    """Record a best-interests study: an assessment, or a determination by a panel without who records the case.

    Raises ChildRefused, Disposed, NotAllowed. Nothing is stored then.
    """
    hold(person)
    met = assessable(by, person, now)
    if met is None:
        raise NotAllowed(f"{by} may not record a best-interests study")
    subject = subject_of_section(met, Tier.PROTECTED)
    decision, institution = allowed(by, Verb.CREATE, subject, CHILD_PROTECTION, now)
    members = check_study(
        study,
        done_on=done_on,
        review_on=review_on,
        reasons=reasons,
        child_view=child_view,
        panel=panel,
        recorder=by.full_name,
        today=timezone.localdate(now),
    )
    if len(dissent) > LONGEST_REASONS:
        raise ChildRefused("dissent", "too_long", most=LONGEST_REASONS)
    stored = BestInterests(
        person=person,
        encounter=met,
        study=study.value,
        done_on=done_on,
        review_on=review_on,
        permits=sorted(move.value for move in permits),
        panel_size=len(members),
        recorded_by=by,
        institution=institution,
        recorded_at=now,
    ).keep(
        {
            "reasons": reasons.strip(),
            "child_view": child_view.strip(),
            "panel": list(members),
            "dissent": dissent.strip(),
        }
    )
    stored.save(force_insert=True)
    note(by, Verb.CREATE, "best_interests", [person.key, stored.key], decision, now, CHILD_PROTECTION)
    return stored


@transaction.atomic
def record_move(
    *,
    by: Officer,
    person: Person,
    move: Move,
    now: datetime,
    receiver: Relationship | None = None,
    document: str = "",
    seen_adult: bool = False,
    destination: str = "",
    noted: str = "",
) -> ChildMove:
    """Record what is done with a child, if nothing is missing for it.

    Raises MoveRefused with everything that is missing, ChildRefused for words that are too long, NotAllowed.
    """
    # The child is held, so that nothing it rests on is ended meanwhile and nobody records the same twice at once.
    (held,) = hold(person)
    decision, institution = allowed(by, Verb.CREATE, subject_of(held), FAMILY, now)
    words = {"document": document.strip(), "destination": destination.strip(), "noted": noted.strip()}
    for field, text in words.items():
        if len(text) > LONGEST_WORDS:
            raise ChildRefused(field, "too_long", most=LONGEST_WORDS)
    family = family_seen_by(by, held, now)
    child = child_seen_by(by, held, family, now)
    if child is None:
        raise NotAllowed(f"{by} may not decide for a child whose family is closed")
    today = timezone.localdate(now)
    relative = next(
        (
            one
            for one in family.relatives
            if receiver is not None and one.relationship.pk == receiver.pk and not (one.ended or one.hidden)
        ),
        None,
    )
    if missing := child.lacks(move, receiver_of(relative, words["document"], seen_adult, today), today):
        raise MoveRefused(missing)
    stored = ChildMove(
        person=held,
        move=move.value,
        receiver=relative.relationship if relative and move is Move.HAND_OVER else None,
        recorded_by=by,
        institution=institution,
        recorded_at=now,
    ).keep(words["document"], words["destination"], words["noted"])
    stored.save(force_insert=True)
    note(by, Verb.CREATE, "child_move", [held.key, stored.key], decision, now, FAMILY)
    return stored
