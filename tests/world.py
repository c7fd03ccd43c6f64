"""A small made-up country for tests: ten institutions, two reception centres, officers of each role, a few people.

Everything in it is made up. Ask for it with the fixture `world`; it has the shipped institutions and sharing protocol.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from torogoz.domain.access import Role
from torogoz.shared.institutions import protocol, shipped
from torogoz.shared.institutions.models import Institution, Membership, Office, Officer
from torogoz.shared.people.actions import Resembles, register_person
from torogoz.shared.people.models import Encounter, Name, Person, Section

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PASSWORD = "una-clave-de-prueba-larga"  # of made-up officers, in a database that lives as long as a test

# Who serves where: username -> institution, centre, role. Two institutions at least, two centres, every role.
OFFICERS = {
    "registrar_a": ("DGME", "CENTRE-A", Role.REGISTRAR),
    "registrar_b": ("DGME", "CENTRE-B", Role.REGISTRAR),
    "supervisor_a": ("DGME", "CENTRE-A", Role.SUPERVISOR),
    "logistics_a": ("GAMI", "CENTRE-A", Role.LOGISTICS),
    "psychosocial_a": ("GAMI", "CENTRE-A", Role.SPECIALIST),
    "health_a": ("MINSAL", "CENTRE-A", Role.SPECIALIST),
    "health_b": ("MINSAL", "CENTRE-B", Role.SPECIALIST),
    "health_supervisor_b": ("MINSAL", "CENTRE-B", Role.SUPERVISOR),
    "police_a": ("PNC", "CENTRE-A", Role.SPECIALIST),
    "police_supervisor_a": ("PNC", "CENTRE-A", Role.SUPERVISOR),
    "children_a": ("CONAPINA", "CENTRE-A", Role.SPECIALIST),
    "children_b": ("CONAPINA", "CENTRE-B", Role.SPECIALIST),
    "children_supervisor_a": ("CONAPINA", "CENTRE-A", Role.SUPERVISOR),
    "women_a": ("ISDEMU", "CENTRE-A", Role.SPECIALIST),
    "consular_a": ("RREE", "CENTRE-A", Role.SPECIALIST),
    "labour_a": ("MTPS", "CENTRE-A", Role.SPECIALIST),
    "legal_aid_a": ("PGR", "CENTRE-A", Role.SPECIALIST),
    "rights_a": ("PDDH", "CENTRE-A", Role.SPECIALIST),
    "statistician": ("DGME", "CENTRE-A", Role.STATISTICIAN),
    "data_protection": ("DGME", "CENTRE-A", Role.DATA_PROTECTION),
    "secretariat": ("RREE", "CENTRE-A", Role.SECRETARIAT),
    "focal_health": ("MINSAL", "CENTRE-A", Role.FOCAL_POINT),
    "focal_labour": ("MTPS", "CENTRE-A", Role.FOCAL_POINT),
    "ombudsman": ("PDDH", "CENTRE-A", Role.OBSERVER),
}


@dataclass
class World:
    """The country: its offices by code, its officers by username, its people by a nickname of the tests."""

    offices: dict[str, Office] = field(default_factory=dict)
    officers: dict[str, Officer] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def person(
        self, nickname: str, *, office: str, by: str, given: str = "Prueba", surname: str = "Inventada"
    ) -> Person:
        """A made-up person, met once at `office` by the officer `by`."""
        recorder = self.officers[by]
        institution = Institution.objects.get(code=OFFICERS[by][0])
        person = Person.objects.create(
            sex="F",
            birth="1990-05",
            birth_min=date(1990, 5, 1),
            birth_max=date(1990, 5, 31),
            nationality="SLV",
            recorded_by=recorder,
            institution=institution,
            recorded_at=NOW - timedelta(hours=2),
            made_up=True,
        )
        Name.objects.create(person=person, kind="main", given1=given, surname1=surname)
        self.people[nickname] = person
        self.encounter(person, office=office, by=by)
        return person

    def encounter(self, person: Person, *, office: str, by: str) -> Encounter:
        """One more encounter of `person`, at `office`."""
        return Encounter.objects.create(
            person=person,
            office=self.offices[office],
            institution=Institution.objects.get(code=OFFICERS[by][0]),
            kind="return",
            occurred_at=NOW - timedelta(hours=1),
            recorded_by=self.officers[by],
            recorded_at=NOW - timedelta(hours=1),
        )

    def section(self, person: Person, code: str, *, by: str, answers: dict[str, object]) -> Section:
        """The section `code` of the person's newest encounter, as the officer `by` wrote it."""
        encounter = person.encounters.order_by("-pk")[0]
        section = Section(
            encounter=encounter,
            code=code,
            form_version=1,
            institution=Institution.objects.get(code=OFFICERS[by][0]),
            recorded_by=self.officers[by],
            recorded_at=NOW - timedelta(minutes=30),
        ).keep(answers)
        section.save()
        return section


def make_world() -> World:
    """Institutions, protocol, two centres, officers of each role; nobody has arrived yet."""
    shipped.load()
    protocol.load()
    world = World()
    gami = Institution.objects.get(code="GAMI")
    for code, department in (("CENTRE-A", "SV-SS"), ("CENTRE-B", "SV-SM")):
        world.offices[code] = Office.objects.create(
            code=code,
            institution=gami,
            name_es=f"Centro inventado {code[-1]}",
            name_en=f"Made-up centre {code[-1]}",
            department=department,
            receives_arrivals=True,
        )
    for username, (institution, office, role) in OFFICERS.items():
        officer = Officer(username=username, full_name=f"Personal inventado ({username})", made_up=True)
        officer.set_unusable_password()
        officer.save()
        world.officers[username] = officer
        Membership.objects.create(
            officer=officer,
            institution=Institution.objects.get(code=institution),
            office=world.offices[office],
            role=role.value,
            valid_from=LONG_AGO,
        )
    return world


def registered(**details: Any) -> Person:
    """Somebody registered as `register_person` takes it; of whoever is alike it is said that none fits."""
    try:
        return register_person(**details)
    except Resembles as alike:
        return register_person(**details, none_fits=[one.key for one in alike.candidates])


def everybody() -> frozenset[UUID]:
    """The keys of everybody who is registered: for a test that registers namesakes and is not about that."""
    return frozenset(Person.objects.values_list("key", flat=True))
