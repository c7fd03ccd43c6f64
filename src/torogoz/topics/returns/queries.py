"""What may be read of arrivals: by whom, how much of each, and the door to statistics."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain

import polars as pl
from django.db.models import QuerySet
from django.utils import timezone

from torogoz.domain import returns
from torogoz.domain.access import LOGISTICS, PERSON_ROLES, Subject, Verb
from torogoz.domain.birthdates import PartialDate
from torogoz.domain.questions import Answers
from torogoz.domain.returns import Answer, Declaration, MedicalStop
from torogoz.domain.sections import HEALTH_ON_ARRIVAL, IDENTITY, MIGRATION, ONWARD
from torogoz.shared.households.child_cells import child_status_cells
from torogoz.shared.institutions.access import limits_on, people_granted, postings, rules, sections, visible
from torogoz.shared.institutions.models import Office, Officer
from torogoz.shared.people.models import Encounter, Person, Section
from torogoz.shared.people.queries import encounters_seen_by, may_register, subject_of
from torogoz.shared.vault.sealing import Batch
from torogoz.statistics import reintegration
from torogoz.statistics import returns as cells
from torogoz.statistics.crosstables import PERSON_KEY
from torogoz.statistics.disclosure.keys import person_keys
from torogoz.statistics.forms.shipped import HEADER, current
from torogoz.statistics.reintegration import reintegration_rows
from torogoz.topics.returns.models import Arrival
from torogoz.topics.returns.plan_cells import plan_cells
from torogoz.topics.returns.reuse import reuse_lines

RETURN = "return"
"""The kind of encounter that an arrival is."""

OF_IDENTITY = frozenset({"sex", "birth", "nationality", "document"})
OF_HEALTH = frozenset({"pregnant", "disabled", "injured"})
OF_THE_JOURNEY = HEADER.codes - OF_IDENTITY - OF_HEALTH - {"name", "arrived_at"}

PRACTICAL_NEEDS = frozenset({"FOOD", "WATER", "CLOTHING", "CALL", "INTERPRETER"})
"""Needs that whoever serves the meal may know; the others say too much of a person."""

ONWARD_NEEDS = frozenset({"TRANSPORT", "LODGING"})
"""Needs that whoever arranges the way home or a bed may know too."""

NEEDS_ONWARD, MEDICAL_STOP = "needs_onward", "medical_stop"
"""Open as facts of the header are: the needs of the way home; whether the medical stop is compulsory. That it is lets
the reader infer the health of a person, so who neither knows her health nor leads her through the stops is not told."""


@dataclass(frozen=True)
class ArrivalSeen:
    """An arrival as far as an officer may know it: `facts` are the codes of the header that are open, and NEEDS_ONWARD
    and MEDICAL_STOP where those are."""

    arrival: Arrival
    facts: frozenset[str]

    @property
    def person(self) -> Person:
        return self.arrival.encounter.person

    @property
    def needs(self) -> list[str]:
        """The needs that are open: all of them, or the practical ones."""
        if "needs" in self.facts:
            return list(self.arrival.needs)
        told = PRACTICAL_NEEDS | (ONWARD_NEEDS if NEEDS_ONWARD in self.facts else frozenset())
        return [need for need in self.arrival.needs if need in told]

    @property
    def stop(self) -> MedicalStop | None:
        """The medical stop; None for who is not told of it. Who may not know the grounds is told what to do."""
        if MEDICAL_STOP not in self.facts:
            return None
        whole = returns.medical_stop(
            ages=ages_on(self.person, timezone.localdate(self.arrival.encounter.occurred_at)),
            sex=self.person.sex,
            pregnant=Answer(self.arrival.pregnant),
            disabled=Answer(self.arrival.disabled),
            injured=Answer(self.arrival.injured),
        )
        return whole if self.facts >= OF_HEALTH else MedicalStop(whole.compulsory)


def centres_of(officer: Officer, now: datetime) -> list[Office]:
    """The offices where the officer has to do with people now, by code."""
    own = {posting.office for posting in postings(officer, now) if posting.role in PERSON_ROLES}
    return list(Office.objects.filter(pk__in=own).order_by("code"))


def works_with(officer: Officer, section: str, now: datetime) -> bool:
    """Whether a line of the protocol lets the officer read this section of anybody at all."""
    held = postings(officer, now)
    served = {(posting.institution, posting.role) for posting in held}
    return any(
        rule.section == section and rule.read and (rule.institution, rule.role) in served for rule in rules(held, now)
    )


def registering_centres(officer: Officer, now: datetime) -> list[Office]:
    """Those of the officer's centres that receive arrivals, and where the officer may register them."""
    return [
        centre for centre in centres_of(officer, now) if centre.receives_arrivals and may_register(officer, centre, now)
    ]


def arrivals_seen_by(officer: Officer, now: datetime) -> QuerySet[Arrival]:
    """The arrivals that the officer may see, wherever they were recorded, newest first; none of somebody whose data
    were eliminated."""
    seen = Arrival.objects.filter(
        visible(officer, Verb.LIST, now, through="encounter__"), encounter__person__shell=False
    )
    return seen.select_related(
        "encounter__person", "encounter__office", "encounter__institution", "encounter__recorded_by"
    ).order_by("-encounter__occurred_at", "-pk")


def arrivals_of_day(officer: Officer, centres: Collection[Office], day: date, now: datetime) -> list[ArrivalSeen]:
    """The arrivals of one day at these centres, newest first, each as far as the officer may know it."""
    first, end = bounds_of(day)
    found = arrivals_seen_by(officer, now).filter(
        encounter__office__in=centres, encounter__occurred_at__gte=first, encounter__occurred_at__lt=end
    )
    return _as_seen(officer, found.prefetch_related("encounter__person__names"), now)


def arrivals_of(officer: Officer, encounters: Iterable[Encounter], now: datetime) -> dict[int, ArrivalSeen]:
    """The arrivals that these encounters are, by the number of the encounter. The encounters are visible already."""
    found = Arrival.objects.filter(encounter__in=list(encounters)).select_related(
        "encounter__person", "encounter__office", "encounter__institution", "encounter__recorded_by"
    )
    return {seen.arrival.encounter_id: seen for seen in _as_seen(officer, found, now)}


def open_facts(officer: Officer, subject: Subject, now: datetime) -> frozenset[str]:
    """The facts of the header that the officer may know of a subject.

    Who the person is, and the journey, follow the sharing protocol. Pregnancy, disability and injury are known to who
    registers arrivals, and to who writes a section that works with them. Whether the medical stop is compulsory is
    known to them, and to who leads people through the stops.
    """
    read = sections(officer, Verb.VIEW, subject, now)
    written = sections(officer, Verb.CREATE, subject, now)
    parts = (
        facts_read_with(read),
        OF_HEALTH if IDENTITY in written else set(),
        *(form.needs & OF_HEALTH for form in current() if form.code in written),
    )
    opened = frozenset(chain.from_iterable(parts))
    return opened | {MEDICAL_STOP} if opened >= OF_HEALTH or LOGISTICS in written else opened


def facts_read_with(read: Collection[str]) -> frozenset[str]:
    """The facts of the header that these sections open to who only reads them."""
    parts = (
        {"name", "arrived_at"} if LOGISTICS in read else set(),
        OF_IDENTITY if IDENTITY in read else set(),
        OF_THE_JOURNEY if MIGRATION in read else set(),
        {NEEDS_ONWARD} if ONWARD in read else set(),
    )
    return frozenset(chain.from_iterable(parts))


def disclosed_by(facts: Collection[str]) -> frozenset[str]:
    """What the record of accesses says was shown when these facts of the header were."""
    shown = ((OF_IDENTITY, IDENTITY), (OF_THE_JOURNEY, MIGRATION), (OF_HEALTH, HEALTH_ON_ARRIVAL))
    return frozenset(code for part, code in shown if not part.isdisjoint(facts))


def known_facts(officer: Officer, person: Person, seen: ArrivalSeen | None, now: datetime) -> dict[str, object]:
    """The facts of the header on which questions may depend, as far as they are open to the officer and known."""
    facts: dict[str, object] = {}
    if IDENTITY in sections(officer, Verb.VIEW, subject_of(person), now):
        facts |= {"sex": person.sex, "nationality": person.nationality}
        facts |= years(person.birth, timezone.localdate(seen.arrival.encounter.occurred_at if seen else now))
    if seen is not None:
        arrival = seen.arrival
        declared = {
            "returned_from": arrival.returned_from,
            "route": arrival.route,
            "accompanied": arrival.accompanied,
            "reason": arrival.reason,
            "needs": list(arrival.needs),
            "pregnant": arrival.pregnant,
            "disabled": arrival.disabled,
            "injured": arrival.injured,
        }
        facts |= {fact: value for fact, value in declared.items() if fact in seen.facts}
    return facts


def declaration_of(arrival: Arrival) -> Declaration:
    """What was declared, as it was when it was recorded."""
    return Declaration(
        returned_from=arrival.returned_from,
        route=arrival.route,
        accompanied=Answer(arrival.accompanied),
        origin_department=arrival.origin_department,
        origin_district=arrival.origin_district,
        destination_department=arrival.destination_department,
        destination_district=arrival.destination_district,
        reason=arrival.reason,
        needs=tuple(arrival.needs),
        pregnant=Answer(arrival.pregnant),
        disabled=Answer(arrival.disabled),
        injured=Answer(arrival.injured),
    )


def arrived_between(officer: Officer, person: Person, first: datetime, end: datetime, now: datetime) -> bool:
    """Whether a person has an arrival from `first` until before `end` of which the officer may know."""
    seen = encounters_seen_by(officer, person, now)
    return any(met.kind == RETURN and first <= met.occurred_at < end for met in seen)


def ages_on(person: Person, day: date) -> tuple[int, int] | None:
    """The lowest and highest age of a person on a day; None when unknown, or when the day lies before the birth."""
    if not person.birth or (person.birth_min is not None and person.birth_min > day):
        return None
    ages = PartialDate.parse(person.birth).age_on(day)
    return ages.least, ages.most


def years(birth: str, day: date) -> dict[str, int]:
    """The ages that a birth allows on a day, for the doubts of the form; nothing when it is unknown or comes later."""
    born = PartialDate.parse(birth) if birth else None
    if born is None or born.first > day:
        return {}
    ages = born.age_on(day)
    return {"youngest": ages.least, "oldest": ages.most}


def bounds_of(day: date) -> tuple[datetime, datetime]:
    """The first moment of a day in El Salvador, and the first one after it."""
    first = timezone.make_aware(datetime.combine(day, time()))
    return first, first + timedelta(days=1)


def arrival_cells(cut_off: datetime, secret: bytes | None = None) -> pl.DataFrame:
    """The door to statistics: one row per arrival that happened and was recorded before `cut_off`.

    secret   what the keys of persons are made with, while a release is made
    returns  columns of `statistics.returns.CELL_SCHEMA`: no name, no key, no day. With a secret also PERSON_KEY, a
             number that cannot be followed back to the person without it; a release is made with it and never keeps it.
    """
    arrivals = _arrivals(cut_off)
    frame = cells.arrival_cells(arrivals.drop("person"))
    if secret is None:
        return frame
    return frame.with_columns(pl.Series(PERSON_KEY, person_keys(arrivals["person"], secret)))


def children_cells(cut_off: datetime) -> pl.DataFrame:
    """The door to statistics of children: one row per child and year of return, as `statistics.returns.child_cells`."""
    return cells.child_cells(_arrivals(cut_off))


def person_rows(cut_off: datetime) -> dict[str, pl.DataFrame]:
    """The door to measures of persons: rows by fact table (`statistics.indicators.tables`), for a release to compute.

    `returns` has one row per arrival, `section_CODE` one per section of it that an institution wrote, the others what
    `statistics.reintegration` says. Answers under an older version count for the questions that the one in force still
    asks. A person is a number that is drawn for this call alone. Nothing of it is kept.
    """
    arrivals = _arrivals(cut_off)
    rows = cells.person_rows(arrivals, child_status_cells(cut_off))
    written = Section.objects.filter(
        encounter__arrival__isnull=False, encounter__occurred_at__lt=cut_off, recorded_at__lt=cut_off
    ).select_related("institution")
    forms = {form.code: form for form in current()}
    answers: dict[str, dict[int, Answers]] = {code: {} for code in forms}
    batch = Batch()
    for section in written.iterator():
        if section.code in forms:
            answers[section.code][section.encounter_id] = section.answers_in(batch)
    sections_written = {f"section_{code}": cells.section_rows(rows, forms[code], answers[code]) for code in forms}
    reuse = cells.reuse_rows(rows, reuse_lines(cut_off))
    return {
        "returns": rows.drop("encounter"),
        "section_reuse": reuse,
        **sections_written,
        **_reintegration_rows(rows, cut_off),
    }


def _reintegration_rows(rows: pl.DataFrame, cut_off: datetime) -> dict[str, pl.DataFrame]:
    """Plans, goals, follow-ups and scores as rows of their fact tables."""
    found = plan_cells(cut_off)
    return {
        "reintegration_plans": reintegration_rows(rows, found.plans, reintegration.PLANS),
        "reintegration_goals": reintegration_rows(rows, found.goals, reintegration.GOALS),
        "follow_ups": reintegration_rows(rows, found.follow_ups, reintegration.FOLLOW_UPS),
        "follow_up_scores": reintegration_rows(rows, found.scores, reintegration.SCORES),
    }


def _arrivals(cut_off: datetime) -> pl.DataFrame:
    """Every arrival that happened and was recorded before `cut_off`: ARRIVAL_SCHEMA, whose it is, and its encounter.

    It stays on this side of the door: what leaves has neither `person` nor `encounter`.
    """
    found = Arrival.objects.filter(encounter__occurred_at__lt=cut_off, encounter__recorded_at__lt=cut_off)
    rows = [
        (timezone.localdate(occurred_at), *rest, str(person), encounter)
        for encounter, person, occurred_at, *rest in found.order_by("pk")
        .values_list(
            "encounter_id",
            "encounter__person__key",
            "encounter__occurred_at",
            "encounter__person__birth_min",
            "encounter__person__birth_max",
            "encounter__person__sex",
            "encounter__person__nationality",
            "returned_from",
            "route",
            "accompanied",
            "origin_department",
            "destination_department",
            "reason",
        )
        .iterator()
    ]
    return pl.DataFrame(rows, schema={**cells.ARRIVAL_SCHEMA, "person": pl.String, "encounter": pl.Int64}, orient="row")


def _as_seen(officer: Officer, arrivals: Iterable[Arrival], now: datetime) -> list[ArrivalSeen]:
    """Each arrival with the facts that are open, judged by its own encounter: no wider than by the person's others."""
    asked: dict[Subject, frozenset[str]] = {}
    granted, arrivals = people_granted(officer, now), list(arrivals)
    limits = limits_on(arrival.encounter.person.key for arrival in arrivals)
    seen = []
    for arrival in arrivals:
        met, key = arrival.encounter, str(arrival.encounter.person.key)
        subject = Subject(
            frozenset({met.office_id}),
            frozenset({met.institution.code}),
            key if key in granted else "",
            limits=limits.get(key, ()),
        )
        if subject not in asked:
            asked[subject] = open_facts(officer, subject, now)
        seen.append(ArrivalSeen(arrival, asked[subject]))
    return seen


def where_to_write(officer: Officer, encounters: Sequence[Encounter], now: datetime) -> Encounter | None:
    """The encounter that the officer adds to: the newest at an own office, else the newest."""
    own = {centre.pk for centre in centres_of(officer, now)}
    here = [encounter for encounter in encounters if encounter.office_id in own]
    return next(iter(here or encounters), None)
