"""Putting the demonstration country into the database: once, and each later day only what has arrived since."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import transaction
from tqdm import tqdm

from torogoz.domain.access import Basis, Decision, Role, Verb
from torogoz.domain.birthdates import PartialDate
from torogoz.domain.names import PersonName, tokens_of
from torogoz.domain.returns import Answer, medical_stop
from torogoz.shared.audit import actions as audit
from torogoz.shared.institutions.models import Institution, Membership, Office, Officer
from torogoz.shared.people.index import Entry, index_people
from torogoz.shared.people.models import Encounter, Identifier, Name, Person, Section
from torogoz.shared.places.queries import departments, districts, municipalities
from torogoz.shared.vault.sealing import Batch
from torogoz.site.demonstration.answers import made_up_answers
from torogoz.site.demonstration.country import PEOPLE, SEED, MadeUpReturn, made_up_returns
from torogoz.site.demonstration.crimes import file_of_population, files_of_crimes
from torogoz.site.demonstration.offices import AIRPORT, CENTRE, OFFICERS, OFFICES, PASSWORD
from torogoz.statistics.forms.shipped import current
from torogoz.topics.returns.models import Arrival

BATCH = 2_000
WITH_SECTIONS = timedelta(days=120)
BY_DUTY = Decision(allowed=True, basis=Basis.DUTY)


def load_country(*, now: datetime, people: int = PEOPLE, seed: int = SEED, progress: bool = True) -> int:
    """Add the officers and every made-up arrival until `now` that is not there yet; how many arrivals were added."""
    _load_officers(progress=progress)
    missing = _missing(now, people, seed)
    with tqdm(total=len(missing), desc="made-up arrivals", unit="", disable=not progress or not missing) as bar:
        for batch in _batches(missing):
            _load(batch, now=now)
            bar.update(len(batch))
    return len(missing)


def write_crimes(folder: Path) -> Path:
    """Write the made-up files of crimes and population into `folder`, where they are not yet; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    names = {code: [name for _, name in districts(code)] for code, _ in departments()}
    codes = {code: [municipality for municipality, _ in municipalities(code)] for code, _ in departments()}
    for name, text in (*files_of_crimes(names), ("made-up-population.csv", file_of_population(codes))):
        path = folder / name
        if not path.exists():
            path.write_text(text, encoding="utf-8")
    return folder


def _missing(now: datetime, people: int, seed: int) -> list[MadeUpReturn]:
    """The returns until `now` of people who are not stored."""
    known = set(Person.objects.filter(made_up=True).values_list("key", flat=True))
    by_department = {code: [district for district, _ in districts(code)] for code, _ in departments()}
    return [
        one
        for one in made_up_returns(by_department, people=people, seed=seed)
        if one.arrived_at <= now and one.key not in known
    ]


def _batches(returns: Sequence[MadeUpReturn]) -> Iterator[Sequence[MadeUpReturn]]:
    for start in range(0, len(returns), BATCH):
        yield returns[start : start + BATCH]


@transaction.atomic
def _load_officers(*, progress: bool) -> None:
    institutions = {institution.code: institution for institution in Institution.objects.all()}
    offices = {}
    for office in OFFICES:
        offices[office.code], _ = Office.objects.get_or_create(
            code=office.code,
            defaults={
                "institution": institutions[office.institution],
                "name_es": office.name_es,
                "name_en": office.name_en,
                "department": office.department,
                "receives_arrivals": office.receives_arrivals,
            },
        )
    known = set(Officer.objects.filter(made_up=True).values_list("username", flat=True))
    new = [officer for officer in OFFICERS if officer.username not in known]
    hashed = make_password(PASSWORD)  # once: it takes half a second, and they all have the one that is printed
    for officer in tqdm(new, desc="made-up officers", unit="", disable=not progress or not new):
        account = Officer(username=officer.username, full_name=officer.full_name, made_up=True, password=hashed)
        account.save()
        Membership.objects.create(
            officer=account,
            institution=institutions[officer.institution],
            office=offices[officer.office],
            role=officer.role.value,
            valid_from=datetime(2014, 1, 1, tzinfo=UTC),
        )


@transaction.atomic
def _load(returns: Sequence[MadeUpReturn], *, now: datetime) -> None:
    """One batch, whole or not at all, with its line in the audit and its entries in the search index."""
    institution = Institution.objects.get(code="DGME")
    offices = {office.code: office for office in Office.objects.filter(code__in=[CENTRE, AIRPORT])}
    registrars = {
        CENTRE: Officer.objects.get(username="dgme"),
        AIRPORT: Officer.objects.get(username="aeropuerto"),
    }
    place = {one.key: AIRPORT if _at_the_airport(one) else CENTRE for one in returns}
    people = Person.objects.bulk_create(
        [
            Person(
                key=one.key,
                sex=one.sex,
                birth=one.birth,
                birth_min=PartialDate.parse(one.birth).first,
                birth_max=PartialDate.parse(one.birth).last,
                nationality=one.nationality,
                recorded_by=registrars[place[one.key]],
                institution=institution,
                recorded_at=one.arrived_at,
                made_up=True,
            )
            for one in returns
        ]
    )
    Name.objects.bulk_create(_names(returns, people))
    batch = Batch()
    Identifier.objects.bulk_create(
        Identifier(person=person, kind="DUI", issuer="SLV", institution=institution).keep(one.dui, batch)
        for one, person in zip(returns, people, strict=True)
        if one.dui
    )
    encounters = Encounter.objects.bulk_create(
        [
            Encounter(
                person=person,
                office=offices[place[one.key]],
                institution=institution,
                kind="return",
                occurred_at=one.arrived_at,
                recorded_by=registrars[place[one.key]],
                recorded_at=one.arrived_at,
            )
            for one, person in zip(returns, people, strict=True)
        ]
    )
    arrivals = Arrival.objects.bulk_create(
        [_arrival(one, encounter) for one, encounter in zip(returns, encounters, strict=True)]
    )
    Section.objects.bulk_create(_sections(returns, arrivals, since=now - WITH_SECTIONS, now=now))
    index_people(
        [Entry(person.pk, _words(one), int(one.birth[:4])) for one, person in zip(returns, people, strict=True)],
        total=len(people),
    )
    audit.record(
        officer="",
        institution="",
        verb=Verb.CREATE,
        what="made_up_people",
        subjects=[],
        decision=BY_DUTY,
        channel="command",
        now=now,
        path=f"{len(people)} made-up people",
    )


def _at_the_airport(one: MadeUpReturn) -> bool:
    """One person in five who comes by air is received at the airport itself."""
    return one.route == "AIR" and one.key.int % 5 == 0


def _names(returns: Sequence[MadeUpReturn], people: Sequence[Person]) -> Iterator[Name]:
    for one, person in zip(returns, people, strict=True):
        yield Name(
            person=person,
            given1=one.given1,
            given2=one.given2,
            surname1=one.surname1,
            surname2=one.surname2,
            married=one.married,
        )
        if one.alias:
            yield Name(person=person, kind=Name.Kind.ALIAS, alias=_known_as(one))


def _known_as(one: MadeUpReturn) -> str:
    """Conocido por: the nickname and the first surname."""
    return f"{one.alias} {one.surname1}" if one.alias else ""


def _words(one: MadeUpReturn) -> tuple[str, ...]:
    """The words by which the desk search finds the person, as the index makes them from stored names."""
    name = PersonName(one.given1, one.given2, one.surname1, one.surname2, one.married)
    return tokens_of(name, [_known_as(one)])


def _arrival(one: MadeUpReturn, encounter: Encounter) -> Arrival:
    ages = PartialDate.parse(one.birth).age_on(one.arrived_at.date())
    stop = medical_stop(
        ages=(ages.least, ages.most),
        sex=one.sex,
        pregnant=Answer(one.pregnant),
        disabled=Answer(one.disabled),
        injured=Answer(one.injured),
    )
    return Arrival(
        encounter=encounter,
        returned_from=one.returned_from,
        route=one.route,
        accompanied=one.accompanied,
        origin_department=one.origin_district[:5],
        origin_district=one.origin_district,
        destination_department=one.destination_district[:5],
        destination_district=one.destination_district,
        reason=one.reason,
        needs=list(one.needs),
        pregnant=one.pregnant,
        disabled=one.disabled,
        injured=one.injured,
        medical_stop=stop.compulsory.value,
    )


def _sections(
    returns: Sequence[MadeUpReturn], arrivals: Sequence[Arrival], *, since: datetime, now: datetime
) -> Iterator[Section]:
    """Sections of the latest arrivals: the health stop where it was compulsory, others now and then."""
    writers = {
        membership.institution.code: membership
        for membership in Membership.objects.filter(
            office__code=CENTRE, role__in=[Role.SPECIALIST.value, Role.REGISTRAR.value]
        ).select_related("institution", "officer")
    }
    batch = Batch()
    for one, arrival in zip(returns, arrivals, strict=True):
        if one.arrived_at < since or _at_the_airport(one):
            continue
        draw = random.Random(str(one.key))
        for form in current():
            writer = writers.get(form.institution)
            needed = form.code == "health" and arrival.medical_stop == Answer.YES.value
            fits = _fits(form.code, one)
            if writer is None or not (needed or (fits and draw.random() < 0.3)):
                continue
            yield Section(
                encounter=arrival.encounter,
                code=form.code,
                form_version=form.version,
                institution=writer.institution,
                recorded_by=writer.officer,
                recorded_at=min(one.arrived_at + timedelta(minutes=draw.randint(20, 180)), now),
            ).keep(made_up_answers(form, draw, {"sex": one.sex, "pregnant": one.pregnant}), batch)


def _fits(code: str, one: MadeUpReturn) -> bool:
    """Whether a section concerns the person at all."""
    minor = one.arrived_at.year - int(one.birth[:4]) < 18
    if code == "child_protection":
        return minor
    if code == "women":
        return one.sex == "F"
    return code not in {"labour", "police"} or not minor
