"""Random made-up worlds, and changes to them that one officer may not see: what the bench of non-interference asks in.

What an officer may know of a fact is worked out from `may` alone, fact by fact, and on the safe side: a fact that any
verb might show counts as known. Lists, searches, counts and exports, which go by other ways, are what is tried.
"""

import functools
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from unittest import mock
from uuid import UUID

from tests.world import LONG_AGO, NOW, World, make_world
from torogoz.domain.access import GRANTED_ROLES, READING, Basis, Role, Subject, Tier
from torogoz.domain.consents import Purpose
from torogoz.domain.handovers import Ground, HandoverRefused, Urgency
from torogoz.domain.sections import IDENTITY, MIGRATION
from torogoz.shared.attachments.models import Attachment
from torogoz.shared.audit.declared import declaring
from torogoz.shared.cases import handover_actions
from torogoz.shared.cases.handover_queries import receivers
from torogoz.shared.cases.models import Consent, Handover
from torogoz.shared.institutions import access
from torogoz.shared.institutions.access import may, postings
from torogoz.shared.institutions.models import Institution, Membership, Office, Officer, PersonGrant, SharingRule
from torogoz.shared.people import index
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.models import Encounter, Identifier, Name, Person, Section
from torogoz.shared.people.queries import subject_of, subject_of_section
from torogoz.shared.vault.sealing import Batch
from torogoz.statistics.forms.shipped import current_form
from torogoz.topics.returns.models import Arrival

ANOTHER_DAY = NOW - timedelta(days=4)
"""A day on which nobody is met but where what is hidden is changed."""

INSTITUTIONS = ("DGME", "GAMI", "MINSAL", "PNC", "CONAPINA", "ISDEMU", "RREE", "MTPS", "PGR", "PDDH")
SECTIONS = ("migration", "health", "police", "psychosocial", "child_protection", "women", "labour", "legal_aid")
WRITER = dict(zip(SECTIONS, ("DGME", "MINSAL", "PNC", "GAMI", "CONAPINA", "ISDEMU", "MTPS", "PGR"), strict=True))
GIVEN = ("Rosa", "Rossa", "Norma", "Norma Beatriz", "Luz", "Delmira", "Marta", "José", "Joce")
SURNAMES = ("Quijada", "Kijda", "Quijda", "Zelaya", "Selalla", "Menjívar", "Cerén", "Seren")
NUMBERS = ("00016297-5", "01234567-8", "09876543-2", "04444444-4", "05555555-5")
NOBODYS_NUMBER = "07777777-7"
PURPOSES = (Purpose.ATTENTION.value, Purpose.LEGAL.value)
STATEMENT = "texto inventado"


@dataclass
class Cast:
    """One world: its officers, people, encounters, the dice it was thrown with."""

    world: World
    dice: random.Random
    officers: list[Officer] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)

    @property
    def offices(self) -> list[Office]:
        return list(self.world.offices.values())


@dataclass(frozen=True)
class Change:
    """Something done to a world, that an officer may not see."""

    what: str
    do: Callable[[], object]


@contextmanager
def policy_read_once() -> Iterator[None]:
    """Postings and protocol are read once an officer: no change touches them, and this is most of the time."""
    held = functools.lru_cache(maxsize=64)(access.postings)
    lines = functools.lru_cache(maxsize=64)(access.rules)
    with mock.patch.multiple(access, postings=held, rules=lines):
        yield


def base() -> World:
    """What all worlds share: institutions, protocol, centres. Written once."""
    return make_world()


def cast(world: World, seed: int) -> Cast:
    """A world: officers in random postings, a protocol with lines left out, people with encounters, sections, files,
    consents, grants and hand-overs."""
    made = Cast(world, random.Random(seed))
    dice = made.dice
    if dice.random() < 0.4:
        lines = list(SharingRule.objects.exclude(section="logistics").values_list("pk", flat=True))
        SharingRule.objects.filter(pk__in=dice.sample(lines, len(lines) // 5)).delete()
    for number in range(3):
        made.officers.append(_officer(made, number))
    for number in range(dice.randint(3, 5)):
        made.people.append(_person(made, number))
    for _ in range(dice.randint(1, 4)):
        _grant(made)
    for _ in range(3):
        _handover(made, dice.choice(made.officers + list(world.officers.values())), dice.choice(made.people))
    return made


def crowd(world: World, number: int) -> list[Person]:
    """So many people, some handed over: for measurements of time."""
    made = Cast(world, random.Random(number))
    for each in range(number):
        made.people.append(_person(made, each))
        _handover(made, world.officers["registrar_b"], made.people[-1])
    return made.people


def _officer(made: Cast, number: int) -> Officer:
    dice = made.dice
    officer = Officer.objects.create(username=f"officer-{number}", full_name="Inventada")
    for _ in range(dice.choice((1, 1, 1, 2))):
        begins = dice.choice((LONG_AGO, NOW - timedelta(days=2), NOW + timedelta(days=1)))
        ends = dice.choice((None, None, NOW + timedelta(days=30), NOW))
        if ends is not None and ends <= begins:
            ends = None
        Membership.objects.create(
            officer=officer,
            institution=_institution(dice.choice(INSTITUTIONS)),
            office=dice.choice(made.offices),
            role=dice.choice((*Role, Role.REGISTRAR, Role.SPECIALIST, Role.SUPERVISOR)).value,
            valid_from=begins,
            valid_until=ends,
        )
    return officer


def _person(made: Cast, number: int) -> Person:
    dice = made.dice
    recorder = made.world.officers["registrar_a"]
    year = dice.randint(1940, 2025)
    person = Person.objects.create(
        sex=dice.choice(("F", "M", "_U")),
        birth=str(year),
        birth_min=f"{year}-01-01",
        birth_max=f"{year}-12-31",
        nationality=dice.choice(("SLV", "HND")),
        recorded_by=recorder,
        institution=_institution(dice.choice(INSTITUTIONS)),
        recorded_at=NOW - timedelta(days=3),
        made_up=True,
    )
    Name.objects.create(person=person, kind="main", given1=dice.choice(GIVEN), surname1=dice.choice(SURNAMES))
    index.add(person, index.words_of(person))
    if number < len(NUMBERS) and dice.random() < 0.6:
        document = Identifier(person=person, institution=person.institution, kind="DUI", issuer="SLV")
        document.keep(NUMBERS[number]).save()
    for _ in range(dice.choice((1, 1, 2, 3))):
        meet(made, person)
    return person


def meet(made: Cast, person: Person, office: Office | None = None, institution: str = "") -> Encounter:
    """One more encounter, with an arrival, sections and a file, each at a chance."""
    dice = made.dice
    when = NOW - timedelta(hours=dice.choice((1, 2, 3, 30)))
    recorder = made.world.officers["registrar_b"]
    met = Encounter.objects.create(
        person=person,
        office=office or dice.choice(made.offices),
        institution=_institution(institution or dice.choice(INSTITUTIONS)),
        kind="return",
        occurred_at=when,
        recorded_by=recorder,
        recorded_at=when,
    )
    if dice.random() < 0.7:
        Arrival.objects.create(
            encounter=met,
            returned_from=dice.choice(("USA", "MEX")),
            route="AIR",
            reason="ECONOMIC",
            needs=["FOOD", "PROTECTION"][: dice.randint(0, 2)],
            pregnant=dice.choice("YN"),
            disabled="N",
            injured=dice.choice("YN"),
            medical_stop="N",
            token=UUID(int=dice.getrandbits(128)),
        )
    for code in dice.sample(SECTIONS, dice.randint(0, 3)):
        write(met, code, made.world.officers["health_a"], dice)
    return met


def write(met: Encounter, code: str, by: Officer, dice: random.Random) -> None:
    """A section of an encounter, and at a chance a file of it."""
    institution, form = _institution(WRITER[code]), current_form(code)
    section = Section(
        encounter=met,
        code=code,
        form_version=form.version,
        institution=institution,
        recorded_by=by,
        recorded_at=met.recorded_at + timedelta(minutes=5),
    )
    section.keep({}).save()
    if dice.random() < 0.3:
        file = Attachment(
            encounter=met, code=code, institution=institution, recorded_by=by, recorded_at=met.recorded_at
        )
        file.media, file.size = "application/pdf", 9
        batch = Batch()
        file.secret = batch.seal(institution.code, b"0" * 32, file.about("secret"))
        file.name = batch.seal(institution.code, b"inventado.pdf", file.about("name"))
        file.save()


def _grant(made: Cast) -> PersonGrant:
    """A consent, a broken glass or a hand-over's grant, to anybody, for any time."""
    dice = made.dice
    person, officer = dice.choice(made.people), dice.choice([None, *made.officers])
    whole = officer is not None and dice.random() < 0.3
    begins = NOW + timedelta(days=dice.randint(-3, 1))
    grant = PersonGrant.objects.create(
        person=person.key,
        institution=_institution(dice.choice(INSTITUTIONS)),
        officer=officer,
        office=dice.choice((None, None, *made.offices)),
        basis=(Basis.GLASS if whole else Basis.CONSENT).value,
        purpose="" if whole else dice.choice(PURPOSES),
        sections=None if whole else sorted({IDENTITY, *dice.sample(SECTIONS, 2)}),
        ruled=dice.random() < 0.3,
        written_before=dice.choice((None, NOW - timedelta(hours=2))),
        valid_from=begins,
        valid_until=begins + timedelta(days=dice.randint(0, 5)),
    )
    if not whole and officer is None:
        consent(made, person, grant)
    return grant


def consent(made: Cast, person: Person, grant: PersonGrant) -> Consent:
    """The row of a consent beside its grant, recorded by an institution thrown by the dice."""
    return Consent.objects.create(
        person=person,
        recipient=grant.institution,
        purpose=grant.purpose,
        sections=grant.sections,
        given="signed",
        given_by="person",
        language="español",
        recorded_by=made.world.officers["registrar_a"],
        institution=_institution(made.dice.choice(INSTITUTIONS)),
        recorded_at=grant.valid_from,
        valid_until=grant.valid_until + timedelta(days=1),
        grant=grant,
    )


def _handover(made: Cast, by: Officer, person: Person) -> Handover | None:
    """What this officer sends of this person to anybody, if she may."""
    to = receivers(by, NOW)
    if not to:
        return None
    try:
        return handover_actions.send(
            by=by,
            person=person,
            to=made.dice.choice(to),
            urgency=made.dice.choice(list(Urgency)),
            reason=f"{STATEMENT} de una derivación",
            sections=[IDENTITY],
            ground=Ground.PROTOCOL,
            now=NOW - timedelta(hours=1),
        )
    except (HandoverRefused, NotAllowed):
        return None


def _institution(code: str) -> Institution:
    return Institution.objects.get(code=code)


# ── What an officer may know, fact by fact ──────────────────────────────────────────────────────────────────────


def knows(officer: Officer, subject: Subject, section: str | None) -> bool:
    """Whether any verb of reading opens this to the officer, for whatever purpose one may declare."""
    for purpose in PURPOSES:
        with declaring(lambda username, purpose=purpose: purpose):  # type: ignore[misc]
            if any(may(officer, verb, subject, section, NOW) for verb in READING):
                return True
    return False


def knows_of_encounter(officer: Officer, office: int, institution: str, person: Person) -> bool:
    """Whether an encounter at this office, recorded by this institution, could show anywhere to the officer."""
    held = postings(officer, NOW)
    if any(one.office == office or one.institution == institution for one in held):
        return True
    return knows(officer, Subject(frozenset({office}), frozenset({institution}), str(person.key)), MIGRATION)


def hidden_changes(made: Cast, officer: Officer) -> Iterator[Change]:
    """Changes to facts that the officer may not know, neither before nor after."""
    dice = made.dice
    for person in made.people:
        subject = subject_of(person)
        unknown = not knows(officer, subject, None) and not _takes_part(officer, person)
        if unknown:
            yield Change("the name of somebody", lambda person=person: _rename(person, dice))
            # Who knows of her without her birth is still told whether the medical stop is compulsory.
            yield Change("birth, sex and nationality", lambda person=person: _be_another(person))
        if not knows(officer, subject, IDENTITY):
            yield Change("the number of a document", lambda person=person: _renumber(person))
        for met in Encounter.objects.filter(person=person).select_related("office", "institution", "person"):
            for section in Section.objects.filter(encounter=met):
                form = current_form(section.code)
                of = subject_of_section(met, form.tier)
                if knows(officer, of, section.code) or (form.tier < Tier.SENSITIVE and unknown is False):
                    continue
                yield Change(f"section {section.code} is taken away", lambda section=section: _take_away(section))
        office, institution = dice.choice(made.offices), dice.choice(INSTITUTIONS)
        if not knows_of_encounter(officer, office.pk, institution, person):
            yield Change(
                f"met at {office} by {institution}",
                lambda person=person, office=office, institution=institution: _meet_bare(
                    made, person, office, institution
                ),
            )
    institution, own = dice.choice(INSTITUTIONS), {one.institution for one in postings(officer, NOW)}
    if institution not in own:
        someone = dice.choice(made.people)
        yield Change(f"a consent to {institution}", lambda: _consent_between_others(made, someone, institution, own))
    for other in dice.sample((*made.officers, *made.world.officers.values()), 3):
        theirs = {one.institution for one in postings(other, NOW)}
        if theirs and not theirs & own:
            someone = dice.choice(made.people)
            yield Change(
                f"a hand-over by {other}",
                lambda other=other, someone=someone: _handed_over_to_others(made, other, someone, own),
            )


def _takes_part(officer: Officer, person: Person) -> bool:
    """Whether the officer is on a side of a hand-over of this person: its page is another way to know of her."""
    held = {(one.institution, one.office) for one in postings(officer, NOW) if one.role in GRANTED_ROLES}
    sides = Handover.objects.filter(person=person).values_list("to_institution__code", "to_office")
    return bool(held & set(sides))


def _rename(somebody: Person, dice: random.Random) -> None:
    person = Person.objects.get(pk=somebody.pk)
    index.remove(person, index.words_of(person))
    Name.objects.filter(person=person).update(given1=dice.choice(GIVEN), surname1=dice.choice(SURNAMES))
    fresh = Person.objects.get(pk=person.pk)
    index.add(fresh, index.words_of(fresh))


def _be_another(somebody: Person) -> None:
    person = Person.objects.get(pk=somebody.pk)
    index.remove(person, index.words_of(person))
    Person.objects.filter(pk=person.pk).update(
        birth="1999", birth_min="1999-01-01", birth_max="1999-12-31", sex="M", nationality="GTM"
    )
    fresh = Person.objects.get(pk=person.pk)
    index.add(fresh, index.words_of(fresh))


def _renumber(person: Person) -> None:
    for document in Identifier.objects.filter(person=person).select_related("institution"):
        document.keep(f"{document.pk:08d}-1").save()


def _take_away(section: Section) -> None:
    Attachment.objects.filter(encounter=section.encounter, code=section.code).delete()
    Section.objects.filter(pk=section.pk).delete()


def _meet_bare(made: Cast, person: Person, office: Office, institution: str) -> None:
    """An encounter and an arrival, without sections: those would be facts of their own; and one of another day, on
    which nobody else met her, so that an answer about that day alone can tell of it."""
    met = [
        Encounter.objects.create(
            person=person,
            office=office,
            institution=_institution(institution),
            kind="return",
            occurred_at=when,
            recorded_by=made.world.officers["registrar_b"],
            recorded_at=when,
        )
        for when in (ANOTHER_DAY, NOW - timedelta(minutes=20))
    ]
    Arrival.objects.create(
        encounter=met[-1],
        returned_from="CAN",
        route="LAND",
        reason="FAMILY",
        needs=["WATER"],
        pregnant="Y",
        disabled="Y",
        injured="Y",
        medical_stop="Y",
        token=UUID(int=made.dice.getrandbits(128)),
    )


def _consent_between_others(made: Cast, person: Person, recipient: str, own: set[str]) -> None:
    grant = PersonGrant.objects.create(
        person=person.key,
        institution=_institution(recipient),
        basis=Basis.CONSENT.value,
        purpose="attention",
        sections=[IDENTITY, "health"],
        valid_from=NOW - timedelta(days=1),
        valid_until=NOW + timedelta(days=20),
    )
    given = consent(made, person, grant)
    others = [code for code in INSTITUTIONS if code not in own]
    Consent.objects.filter(pk=given.pk).update(institution=_institution(made.dice.choice(others)))


def _handed_over_to_others(made: Cast, by: Officer, person: Person, own: set[str]) -> None:
    sent = _handover(made, by, person)
    if sent is not None and sent.to_institution.code in own | {sent.from_institution.code} & own:
        _forget(sent)


def _forget(sent: Handover) -> None:
    sent.steps.all().delete()
    grant = sent.grant
    sent.delete()
    if grant is not None:
        grant.delete()
