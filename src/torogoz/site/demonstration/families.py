"""Families of made-up people: who came with a child, who is related to whom, how they are reached. All is made up."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import models, transaction
from django.utils import timezone

from torogoz.domain.access import Basis, Decision, Verb
from torogoz.domain.children import Move, Study
from torogoz.domain.contacts import Safe, Way, Whose
from torogoz.domain.families import Evidence, GroupKind, Kin
from torogoz.shared.audit import actions as audit
from torogoz.shared.households.models import BestInterests, Contact, Group, Member, Relationship
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.people.models import Encounter
from torogoz.site.demonstration.offices import CENTRE
from torogoz.topics.returns.queries import RETURN

SINCE = timedelta(days=400)
TOGETHER = timedelta(days=2)
"""Somebody who came with a child arrived so soon before or after."""

REACHED = timedelta(days=30)
CHILD = 18
INVENTED = "Inventado para la demostración."
REASONS = "Razones inventadas para la demostración: el caso y la familia no existen, y nadie las escribió de nadie."
# Of the children of whom it is known with whom they came; of the rest nothing is noted, as happens.
SITUATIONS = ("mother", "mother_on_her_word", "aunt", "stranger", "alone", "nothing")
WEIGHTS = (34, 8, 10, 6, 17, 25)
TIES = {
    "mother": (Kin.PARENT, Evidence.DOCUMENT),
    "mother_on_her_word": (Kin.PARENT, Evidence.STATED),
    "aunt": (Kin.RELATIVE, Evidence.STATED),
}
ABROAD = (("Tía inventada en Houston", Kin.RELATIVE), ("Padre inventado en Los Ángeles", Kin.PARENT))


@dataclass(frozen=True)
class _Hands:
    """Who writes, and for which institutions."""

    dgme: Institution
    conapina: Institution
    desk: Officer
    protection: Officer


def load_families(*, now: datetime) -> int:
    """Add the families of the arrivals until `now` that have none yet; how many children have something noted."""
    hands = _Hands(
        Institution.objects.get(code="DGME"),
        Institution.objects.get(code="CONAPINA"),
        Officer.objects.get(username="dgme"),
        Officer.objects.get(username="conapina"),
    )
    met = list(_arrivals(now - SINCE, now))
    adults = [one for one in met if _age(one) >= CHILD]
    noted = _children([one for one in met if _age(one) < CHILD], adults, hands, now)
    reached = _contacts([one for one in adults if one.occurred_at > now - REACHED], hands, now)
    if noted or reached:
        audit.record(
            officer="",
            institution="",
            verb=Verb.CREATE,
            what="made_up_people",
            subjects=[],
            decision=Decision(allowed=True, basis=Basis.DUTY),
            channel="command",
            now=now,
            path=f"{noted} made-up families, {reached} made-up contacts",
        )
    return noted


def _arrivals(since: datetime, until: datetime) -> models.QuerySet[Encounter]:
    return (
        Encounter.objects.filter(
            person__made_up=True, office__code=CENTRE, kind=RETURN, occurred_at__gt=since, occurred_at__lte=until
        )
        .select_related("person", "institution")
        .order_by("occurred_at", "pk")
    )


def _age(met: Encounter) -> int:
    """The most years that the person can have on the day; who was born on an unknown day is no child here."""
    born: date | None = met.person.birth_min
    day = timezone.localdate(met.occurred_at)
    return CHILD if born is None else day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@transaction.atomic
def _children(children: Iterable[Encounter], adults: Sequence[Encounter], hands: _Hands, now: datetime) -> int:
    """With whom each child came: a group, a tie, a relative abroad; and a study of some who came alone."""
    known = set(Member.objects.filter(person__made_up=True).values_list("person_id", flat=True))
    noted = 0
    for met in children:
        draw = random.Random(f"family {met.person.key}")
        situation = draw.choices(SITUATIONS, WEIGHTS)[0]
        near = [one for one in adults if abs(one.occurred_at - met.occurred_at) <= TOGETHER]
        near = [one for one in near if one.person.sex == "F"] or near
        if met.person_id in known or situation == "nothing" or (situation != "alone" and not near):
            continue
        at = min(met.occurred_at + timedelta(hours=1), now)
        other = None if situation == "alone" else draw.choice(near)
        _group(met, other, hands, at)
        if other is not None and situation in TIES:
            kin, evidence = TIES[situation]
            _tie(met, other, kin, evidence, hands, at)
        if situation in ("alone", "stranger"):
            name, kin = draw.choice(ABROAD)
            tie = Relationship(person=met.person, kin=kin.value, evidence=Evidence.UNVERIFIED.value)
            _signed(tie, hands, at).keep(name, "", INVENTED).save(force_insert=True)
            if draw.random() < 0.7:
                _study(met, hands, at, now)
        noted += 1
    return noted


def _group(met: Encounter, other: Encounter | None, hands: _Hands, at: datetime) -> None:
    day = timezone.localdate(met.occurred_at)
    kind = GroupKind.TRAVEL if other else GroupKind.ALONE
    group = Group.objects.create(
        kind=kind.value,
        formed_on=day,
        said_size=2 if other else 1,
        recorded_by=hands.desk,
        institution=hands.dgme,
        recorded_at=at,
    )
    for one in (other, met):
        if one is not None:
            Member.objects.create(
                group=group,
                person=one.person,
                head=one is other,
                joined_on=day,
                recorded_by=hands.desk,
                institution=hands.dgme,
                recorded_at=at,
            )


def _tie(met: Encounter, other: Encounter, kin: Kin, evidence: Evidence, hands: _Hands, at: datetime) -> None:
    tie = Relationship(person=met.person, other=other.person, kin=kin.value, evidence=evidence.value)
    _signed(tie, hands, at).keep("", "", INVENTED).save(force_insert=True)


def _signed(row: Relationship, hands: _Hands, at: datetime) -> Relationship:
    row.recorded_by, row.institution, row.recorded_at = hands.desk, hands.dgme, at
    return row


def _study(met: Encounter, hands: _Hands, at: datetime, now: datetime) -> None:
    """An assessment of the best interests, which permits that the child is handed to a relative who shows it."""
    at = min(at + timedelta(hours=5), now)
    day = timezone.localdate(at)
    study = BestInterests(person=met.person, encounter=met, study=Study.BIA.value, done_on=day)
    study.review_on, study.permits = day + timedelta(days=30), [Move.HAND_OVER.value]
    study.recorded_by, study.institution, study.recorded_at = hands.protection, hands.conapina, at
    said = {"reasons": REASONS, "child_view": f"Quiere estar con su tía. {INVENTED}", "panel": [], "dissent": ""}
    study.keep(said).save(force_insert=True)


@transaction.atomic
def _contacts(adults: Iterable[Encounter], hands: _Hands, now: datetime) -> int:
    """A telephone of one new arrival in three: numbers that begin with 0000 reach nobody."""
    known = set(Contact.objects.filter(person__made_up=True).values_list("person_id", flat=True))
    noted = 0
    for met in adults:
        draw = random.Random(f"contact {met.person.key}")
        if draw.random() >= 1 / 3 or met.person_id in known:
            continue
        at = min(met.occurred_at + timedelta(hours=1), now)
        safe = draw.choices([Safe.YES, Safe.NO, Safe.UNKNOWN], (7, 1, 2))[0]
        contact = Contact(person=met.person, way=Way.PHONE.value, whose=Whose.OWN.value, safe=safe.value)
        contact.valid_from, contact.recorded_by = timezone.localdate(at), hands.desk
        contact.institution, contact.recorded_at = hands.dgme, at
        contact.keep(f"0000-{draw.randrange(10_000):04d}", "", INVENTED).save(force_insert=True)
        noted += 1
    return noted
