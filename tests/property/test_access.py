"""The policy and its query twin agree, for whatever people, officers, protocol and time."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.effort import tries
from tests.world import NOW, World
from torogoz.domain.access import READING, WRITING, Basis, Role, Subject, Tier, Verb
from torogoz.domain.consents import Purpose
from torogoz.shared.audit.declared import declaring
from torogoz.shared.institutions import access
from torogoz.shared.institutions.models import Institution, Membership, Officer, PersonGrant, PersonLimit, SharingRule
from torogoz.shared.people.models import Encounter, Person, Section

INSTITUTIONS = ("DGME", "MINSAL", "PNC", "CONAPINA")
OFFICES = ("CENTRE-A", "CENTRE-B")
SECTIONS = {"identity": Tier.ORDINARY, "health": Tier.SENSITIVE, "child_protection": Tier.PROTECTED}
PURPOSES = (Purpose.ATTENTION.value, Purpose.LEGAL.value)

postings = st.lists(
    st.tuples(
        st.sampled_from(INSTITUTIONS),
        st.sampled_from(OFFICES),
        st.sampled_from(list(Role)),
        st.integers(-3, 1),
        st.none() | st.integers(-1, 3),
    ),
    max_size=3,
)
encounters = st.lists(
    st.tuples(st.sampled_from(OFFICES), st.sampled_from(INSTITUTIONS), st.sets(st.sampled_from(sorted(SECTIONS)))),
    min_size=1,
    max_size=3,
)


def write_protocol(lines: list[tuple[str, str, Role, bool]]) -> None:
    SharingRule.objects.all().delete()
    SharingRule.objects.bulk_create(
        SharingRule(
            section=section,
            institution=Institution.objects.get(code=institution),
            role=role.value,
            read=True,
            write=write,
            tier=SECTIONS.get(section, Tier.LOGISTICS).value,
            basis_es="prueba",
            basis_en="test",
            source="made up for a test",
        )
        for section, institution, role, write in {line[:3]: line for line in lines}.values()
    )


def subject_of(*met: Encounter, person: str = "") -> Subject:
    whose = {str(encounter.person.key) for encounter in met}
    return Subject(
        offices=frozenset(encounter.office_id for encounter in met),
        institutions=frozenset(encounter.institution.code for encounter in met),
        person=person,
        limits=tuple(limit for limits in access.limits_on(whose).values() for limit in limits),
    )


@settings(max_examples=tries(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    held=postings,
    people=st.lists(encounters, min_size=1, max_size=3),
    protocol=st.lists(
        st.tuples(
            st.sampled_from(["logistics", *SECTIONS]),
            st.sampled_from(INSTITUTIONS),
            st.sampled_from(list(Role)),
            st.booleans(),
        ),
        max_size=25,
    ),
    active=st.booleans() | st.just(True),
    days=st.integers(-4, 4),
    opened=st.lists(
        st.tuples(
            st.integers(0, 2),
            st.sampled_from(INSTITUTIONS),
            st.booleans(),
            st.none() | st.sets(st.sampled_from([*SECTIONS, "migration"])),
            st.integers(-3, 1),
            st.integers(0, 4),
            st.none() | st.sampled_from(OFFICES),
            st.booleans(),
            st.none() | st.integers(-2, 2),
            st.none() | st.sampled_from(PURPOSES),
        ),
        max_size=4,
    ),
    declared=st.sampled_from(("", *PURPOSES)),
    limited=st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(INSTITUTIONS), st.integers(-3, 1), st.none() | st.integers(0, 4)),
        max_size=2,
        unique_by=lambda limit: limit[0],
    ),
)
def test_what_may_refuses_the_query_leaves_out_and_what_it_allows_the_query_shows(
    world: World,
    held: list[tuple[str, str, Role, int, int | None]],
    people: list[list[tuple[str, str, set[str]]]],
    protocol: list[tuple[str, str, Role, bool]],
    active: bool,
    days: int,
    opened: list[tuple[int, str, bool, set[str] | None, int, int, str | None, bool, int | None, str | None]],
    declared: str,
    limited: list[tuple[int, str, int, int | None]],
) -> None:
    PersonGrant.objects.all().delete()
    PersonLimit.objects.all().delete()
    Section.objects.all().delete()
    Encounter.objects.all().delete()
    write_protocol(protocol)
    officer = Officer.objects.create(username=f"o{Officer.objects.count()}", full_name="Inventada", is_active=active)
    for institution, office, role, begins, lasts in held:
        Membership.objects.create(
            officer=officer,
            institution=Institution.objects.get(code=institution),
            office=world.offices[office],
            role=role.value,
            valid_from=NOW + timedelta(days=begins),
            valid_until=None if lasts is None else NOW + timedelta(days=begins + 2 + lasts),
        )
    made = [make_person(world, met) for met in people]
    for whom, institution, to_me, codes, begins, lasts, office, ruled, written, purpose in opened:
        consented = codes is not None and purpose is not None
        PersonGrant.objects.create(
            person=made[whom % len(made)].key,
            institution=Institution.objects.get(code=institution),
            officer=officer if to_me or codes is None else None,
            office=world.offices[office] if office else None,
            basis=(Basis.GLASS if codes is None else Basis.CONSENT if consented else Basis.HANDOVER).value,
            purpose=(purpose or "") if consented else "",
            sections=None if codes is None else sorted(codes),
            ruled=ruled,
            written_before=None if written is None else NOW + timedelta(days=written),
            valid_from=NOW + timedelta(days=begins),
            valid_until=NOW + timedelta(days=begins + lasts),
        )
    for whom, institution, begins, lasts in limited:
        if whom < len(made):
            PersonLimit.objects.create(
                person=made[whom].key,
                institution=Institution.objects.get(code=institution),
                since=NOW + timedelta(days=begins),
                until=None if lasts is None else NOW + timedelta(days=begins + lasts),
            )
    with declaring(lambda username: declared if username == officer.username else ""):
        the_two_agree(officer, made, NOW + timedelta(days=days))


def the_two_agree(officer: Officer, made: list[Person], now: datetime) -> None:
    for verb in (*READING, *WRITING):
        for section in (None, *SECTIONS):
            shown = set(Person.objects.filter(access.visible(officer, verb, now, section=section)).distinct())
            allowed = {person for person in made if access.may(officer, verb, of_person(person, section), section, now)}
            assert shown == allowed, (verb, section)
            rows_met = set(Encounter.objects.filter(access.visible(officer, verb, now, "", section)))
            assert rows_met == {met for met in Encounter.objects.all() if may_know(officer, verb, met, section, now)}
        rows = set(Section.objects.filter(access.visible_sections(officer, verb, now)).distinct())
        assert rows == {row for row in Section.objects.all() if may_read(officer, verb, row, now)}, verb


@settings(max_examples=tries(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held=postings, keeper=st.sampled_from(INSTITUTIONS), protected=st.booleans())
def test_a_limited_person_is_reached_by_the_keeping_institution_alone_and_a_limit_opens_nothing(
    world: World, held: list[tuple[str, str, Role, int, int | None]], keeper: str, protected: bool
) -> None:
    PersonLimit.objects.all().delete()
    officer = Officer.objects.create(username=f"l{Officer.objects.count()}", full_name="Inventada")
    for institution, office, role, _, _ in held:
        Membership.objects.create(
            officer=officer,
            institution=Institution.objects.get(code=institution),
            office=world.offices[office],
            role=role.value,
            valid_from=NOW - timedelta(days=9),
        )
    person = make_person(world, [("CENTRE-A", "DGME", {"health", "child_protection"})])
    section = "child_protection" if protected else "health"

    def reached() -> dict[tuple[Verb, str | None], str]:
        return {
            (verb, code): access.may(officer, verb, of_person(person, code), code, NOW).institution
            for verb in (*READING, *WRITING)
            for code in (None, section)
        }

    before = reached()
    PersonLimit.objects.create(person=person.key, institution=Institution.objects.get(code=keeper), since=NOW)
    for what, institution in reached().items():
        assert institution in ("", keeper), what
        assert not institution or before[what], what


@settings(max_examples=tries(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held=postings, purpose=st.sampled_from(PURPOSES), codes=st.sets(st.sampled_from(sorted(SECTIONS)), min_size=1))
def test_a_consent_opens_under_its_purpose_what_a_handover_opens_under_any_and_nothing_under_another(
    world: World, held: list[tuple[str, str, Role, int, int | None]], purpose: str, codes: set[str]
) -> None:
    PersonGrant.objects.all().delete()
    officer = Officer.objects.create(username=f"p{Officer.objects.count()}", full_name="Inventada")
    for institution, office, role, _, _ in held:
        Membership.objects.create(
            officer=officer,
            institution=Institution.objects.get(code=institution),
            office=world.offices[office],
            role=role.value,
            valid_from=NOW - timedelta(days=9),
        )
    person = make_person(world, [("CENTRE-A", "DGME", set(SECTIONS))])

    def reached(declared: str) -> set[tuple[Verb, str | None]]:
        with declaring(lambda username: declared):
            return {
                (verb, code)
                for verb in (*READING, *WRITING)
                for code in (None, *SECTIONS)
                if access.may(officer, verb, of_person(person, code), code, NOW)
            }

    before = reached("")
    opened = PersonGrant.objects.create(
        person=person.key,
        institution=Institution.objects.get(code="MINSAL"),
        basis=Basis.HANDOVER.value,
        sections=sorted(codes),
        valid_from=NOW,
        valid_until=NOW + timedelta(days=1),
    )
    by_any = reached("")
    PersonGrant.objects.filter(pk=opened.pk).update(basis=Basis.CONSENT.value, purpose=purpose)
    for declared in ("", *(one.value for one in Purpose)):
        assert reached(declared) == (by_any if declared == purpose else before), declared


def of_person(person: Person, section: str | None) -> Subject:
    """A person as the policy knows her; no grant speaks of a protected section."""
    key = "" if SECTIONS.get(section or "", Tier.LOGISTICS) >= Tier.PROTECTED else str(person.key)
    return subject_of(*person.encounters.all(), person=key)


def may_read(officer: Officer, verb: Verb, row: Section, now: datetime) -> bool:
    met = [row.encounter] if SECTIONS[row.code] >= Tier.PROTECTED else list(row.encounter.person.encounters.all())
    key = "" if SECTIONS[row.code] >= Tier.PROTECTED else str(row.encounter.person.key)
    subject = replace(subject_of(*met, person=key), written_at=row.recorded_at)
    return access.may(officer, verb, subject, row.code, now).allowed


def may_know(officer: Officer, verb: Verb, met: Encounter, section: str | None, now: datetime) -> bool:
    """Whether the officer may know of one encounter by its own office and institution, or by what opens the person."""
    key = "" if SECTIONS.get(section or "", Tier.LOGISTICS) >= Tier.PROTECTED else str(met.person.key)
    subject = replace(subject_of(met, person=key), written_at=met.recorded_at if section else None)
    return access.may(officer, verb, subject, section, now).allowed


def make_person(world: World, met: list[tuple[str, str, set[str]]]) -> Person:
    recorder = world.officers["registrar_a"]
    person = Person.objects.create(
        sex="_U",
        nationality="SLV",
        recorded_by=recorder,
        institution=Institution.objects.get(code=met[0][1]),
        recorded_at=NOW,
    )
    for later, (office, institution, sections) in enumerate(met, start=-1):
        encounter = Encounter.objects.create(
            person=person,
            office=world.offices[office],
            institution=Institution.objects.get(code=institution),
            kind="return",
            occurred_at=NOW,
            recorded_by=recorder,
            recorded_at=NOW + timedelta(days=later),
        )
        for code in sections:
            Section.objects.create(
                encounter=encounter,
                code=code,
                form_version=1,
                institution=encounter.institution,
                recorded_by=recorder,
                recorded_at=NOW + timedelta(days=later),
            )
    return person
