"""What follows the arrival of made-up people: plans, follow-ups, sessions, bags and beds. All of it is made up."""

import random
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import models, transaction
from django.utils import timezone

from torogoz.domain.access import Basis, Decision, Verb
from torogoz.domain.instruments import NOT_APPLICABLE, UNKNOWN, Instrument, score
from torogoz.domain.onward import Nights, OnwardRefused, check_room
from torogoz.domain.reintegration import Content, Level, Moment, Need, Outcome, window_of
from torogoz.domain.sessions import SessionKind
from torogoz.shared.audit import actions as audit
from torogoz.shared.institutions.models import Institution, Office, Officer
from torogoz.shared.people.models import Encounter
from torogoz.site.demonstration.offices import CENTRE
from torogoz.topics.returns.instrument_queries import instrument_versions
from torogoz.topics.returns.models import Assessment, Attention, Bag, Plan, PlanAction, PlanVersion, Shelter, Stay
from torogoz.topics.returns.queries import RETURN

SINCE = timedelta(days=400)
ONE_IN = 16
"""One arrival in so many has a plan."""

AT_THE_CENTRE = timedelta(days=10)
SHELTERS = (("Albergue inventado del centro", 12), ("Segunda casa inventada", 4))
GOALS = (
    "Tener un negocio propio (inventado)",
    "Terminar el bachillerato (inventado)",
    "Vivir cerca de su familia (inventado)",
    "Sacar el DUI (inventado)",
)
TASKS = (
    ("Cita para el DUI (inventada)", "RNPN"),
    ("Orientación laboral (inventada)", "MTPS"),
    ("Visita a la casa (inventada)", "GAMI"),
    ("Consulta médica (inventada)", "MINSAL"),
)
INVENTED = "Nota inventada de la demostración."


def load_following(*, now: datetime) -> int:
    """Add what follows the arrivals until `now` that have nothing yet; how many plans were added."""
    gami = Institution.objects.get(code="GAMI")
    by = Officer.objects.get(username="gami")
    newest = list(instrument_versions().values())[-1]
    doers = {one.code: one for one in Institution.objects.filter(code__in=[code for _, code in TASKS])}
    opened = 0
    for encounter in _arrivals(now - SINCE, now - timedelta(days=1)).filter(plan__isnull=True):
        draw = random.Random(f"plan {encounter.person.key}")
        if draw.randrange(ONE_IN) == 0:
            _plan(encounter, gami, by, newest, doers, draw, now)
            opened += 1
    beds = _at_the_centre(now)
    if opened or beds:
        audit.record(
            officer="",
            institution="",
            verb=Verb.CREATE,
            what="made_up_people",
            subjects=[],
            decision=Decision(allowed=True, basis=Basis.DUTY),
            channel="command",
            now=now,
            path=f"{opened} made-up plans, {beds} made-up stays",
        )
    return opened


def _arrivals(since: datetime, until: datetime) -> models.QuerySet[Encounter]:
    return (
        Encounter.objects.filter(
            person__made_up=True, office__code=CENTRE, kind=RETURN, occurred_at__gt=since, occurred_at__lte=until
        )
        .select_related("person", "office", "institution")
        .order_by("occurred_at", "pk")
    )


@transaction.atomic
def _plan(
    encounter: Encounter,
    gami: Institution,
    by: Officer,
    instrument: Instrument,
    doers: dict[str, Institution],
    draw: random.Random,
    now: datetime,
) -> None:
    """One plan, agreed in words, its actions, its follow-ups until today, and a session."""
    at = encounter.occurred_at + timedelta(hours=3)
    opened_on, today = timezone.localdate(at), timezone.localdate(now)
    plan = Plan.objects.create(
        encounter=encounter, institution=gami, opened_on=opened_on, recorded_by=by, recorded_at=at
    )
    levels = [Level.UNKNOWN, Level.NONE, Level.LATER, Level.SOON, Level.NOW]
    drawn = {need: draw.choices(levels, (3, 3, 2, 2, 1))[0] for need in Need}
    needs = {need: level for need, level in drawn.items() if level is not Level.UNKNOWN}
    content = Content(needs, INVENTED, tuple(draw.sample(GOALS, draw.randint(1, 3))))
    version = PlanVersion(plan=plan, number=1, recorded_by=by, recorded_at=at)
    version.agreed_on, version.agreed_how = opened_on, "spoken"
    version.agreed_before, version.agreed_recorded_at = by, at
    version.keep(content).save(force_insert=True)
    for what, code in draw.sample(TASKS, draw.randint(1, 3)):
        if code in doers:
            _action(plan, what, doers[code], by, draw, at, today)
    for moment in Moment:
        day = window_of(opened_on, moment).due
        if day <= today and draw.random() < 0.7:
            answers = _answers(instrument, draw)
            made = Assessment(plan=plan, moment=moment.value, instrument=instrument.code, version=instrument.version)
            made.made_on, made.recorded_by, made.recorded_at = day, by, at + (day - opened_on)
            made.keep(answers, score(instrument, answers)).save(force_insert=True)
    if draw.random() < 0.4:
        again = opened_on + timedelta(days=draw.randint(7, 30)) if draw.random() < 0.5 else None
        session = Attention(encounter=encounter, institution=gami, held_on=opened_on, next_on=again)
        session.kind, session.recorded_by, session.recorded_at = SessionKind.INDIVIDUAL.value, by, at
        session.keep(INVENTED).save(force_insert=True)


def _action(
    plan: Plan, what: str, doer: Institution, by: Officer, draw: random.Random, at: datetime, today: date
) -> None:
    due = plan.opened_on + timedelta(days=draw.randint(10, 120))
    action = PlanAction(plan=plan, institution=doer, due_on=due, recorded_by=by, recorded_at=at)
    if due < today and draw.random() < 0.85:
        outcome = draw.choices([Outcome.DONE, Outcome.NO_SHOW, Outcome.EXCUSED], (7, 2, 1))[0]
        action.outcome, action.ended_on, action.ended_by = outcome.value, due, by
        action.ended_at = at + (due - plan.opened_on)
    action.keep(what=what, who="Persona y oficial inventados").save(force_insert=True)


def _answers(instrument: Instrument, draw: random.Random) -> dict[str, str]:
    """One answer to each question, now and then none."""
    answers = {}
    for item in instrument.items:
        options = [option.code for option in item.options] * 3 + [UNKNOWN]
        answers[item.code] = draw.choice([*options, NOT_APPLICABLE] if item.may_not_apply else options)
    return answers


@transaction.atomic
def _at_the_centre(now: datetime) -> int:
    """Places, bags of one new arrival in three and beds of one in four; how many beds were given."""
    by = Officer.objects.get(username="logistica")
    dgme, office = Institution.objects.get(code="DGME"), Office.objects.get(code=CENTRE)
    places = [
        Shelter.objects.get_or_create(
            office=office, name=name, defaults={"capacity": capacity, "recorded_by": by, "recorded_at": now}
        )[0]
        for name, capacity in SHELTERS
    ]
    given = 0
    for encounter in _arrivals(now - AT_THE_CENTRE, now).filter(bags__isnull=True, stays__isnull=True):
        draw = random.Random(f"bag {encounter.person.key}")
        at = min(encounter.occurred_at + timedelta(hours=1), now)
        if draw.random() < 0.33:
            number = f"INV{encounter.pk:07d}"
            bag = Bag(encounter=encounter, office=office, institution=dgme, number=number)
            bag.recorded_by, bag.recorded_at = by, at
            if draw.random() < 0.6:
                bag.given_to, bag.given_by, bag.given_at = "person", by, at
            bag.keep("Un teléfono (inventado)\nUna mochila (inventada)").save(force_insert=True)
        if draw.random() < 0.25:
            night = timezone.localdate(at)
            given += _bed(encounter, places, Nights(night, night + timedelta(days=draw.randint(1, 3))), dgme, by, at)
    return given


def _bed(
    encounter: Encounter, places: Iterable[Shelter], nights: Nights, dgme: Institution, by: Officer, at: datetime
) -> int:
    """A bed in the first place that has one for all these nights: 1, or 0 when none has."""
    for place in places:
        taken = [one.nights for one in Stay.objects.filter(shelter=place, leaves_on__gt=nights.first_night)]
        try:
            check_room(nights, taken, place.capacity)
        except OnwardRefused:
            continue
        Stay.objects.create(
            encounter=encounter,
            shelter=place,
            institution=dgme,
            first_night=nights.first_night,
            leaves_on=nights.leaves_on,
            recorded_by=by,
            recorded_at=at,
        )
        return 1
    return 0
