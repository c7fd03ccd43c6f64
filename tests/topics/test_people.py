"""People: registered once, met again, corrected; sections of their own institutions."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.world import NOW, World
from torogoz.domain.names import PersonName
from torogoz.domain.people import DocumentTyped
from torogoz.domain.refusals import FieldsRefused
from torogoz.domain.sections import NoSuchForm
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.people.actions import (
    AnswersRefused,
    NotAllowed,
    StalePerson,
    StaleSection,
    add_identifier,
    correct_person,
    record_encounter,
    register_person,
    write_section,
)
from torogoz.shared.people.models import Correction, Encounter, Identifier, Name, Person, Posting, Section
from torogoz.shared.people.queries import (
    encounter_seen_by,
    encounters_seen_by,
    identity_seen_by,
    names_of,
    person_seen_by,
    sections_seen_by,
)

pytestmark = pytest.mark.django_db
SPELT = Correction.Reason.SPELT

LABOUR: dict[str, object] = {"occupation": "albañil", "experience_years": 12, "schooling": "LOWER"}
HEALTH: dict[str, object] = {"care": "FIT"}


def register(world: World, by: str = "registrar_a", office: str = "CENTRE-A", **details: Any) -> Person:
    """A made-up person registered, and met, by an officer."""
    typed: dict[str, Any] = {"given1": "José", "surname1": "Hernández", "sex": "M", "birth": "1990-05", **details}
    person = register_person(by=world.officers[by], office=world.offices[office], now=NOW, made_up=True, **typed)
    meet(world, person, by=by, office=office)
    return person


def meet(world: World, person: Person, by: str = "registrar_a", office: str = "CENTRE-A") -> Encounter:
    return record_encounter(
        by=world.officers[by],
        person=person,
        office=world.offices[office],
        kind="return",
        occurred_at=NOW - timedelta(hours=1),
        now=NOW,
    )


def write(world: World, person: Person, code: str, by: str, answers: dict[str, object], version: int = 0) -> Section:
    encounter = person.encounters.get()
    return write_section(
        by=world.officers[by], encounter=encounter, code=code, answers=answers, expected_version=version, now=NOW
    )


def test_a_person_is_kept_as_typed_with_what_each_partial_value_can_mean(world: World) -> None:
    person = register(
        world,
        given2="Antonio",
        surname2="Ñáñez",
        aliases=["Chepe", " "],
        nationality="SLV",
        identifiers=[DocumentTyped("DUI", "000162975"), DocumentTyped("PASSPORT", "")],
    )
    person.refresh_from_db()
    assert names_of(person) == (PersonName("José", "Antonio", "Hernández", "Ñáñez"), ("Chepe",))
    assert (person.birth, str(person.birth_min), str(person.birth_max)) == ("1990-05", "1990-05-01", "1990-05-31")
    assert [(kept.kind, kept.issuer, kept.number, kept.folded) for kept in person.identifiers.all()] == [
        ("DUI", "SLV", "00016297-5", "000162975")
    ]
    assert (person.institution.code, person.version, person.made_up) == ("DGME", 1, True)


def test_every_wrong_field_is_told_at_once_and_nothing_is_stored(world: World) -> None:
    with pytest.raises(FieldsRefused) as refused:
        register(
            world,
            given1="J0sé",
            birth="17/05/2031",
            sex="X",
            nationality="El Salvador",
            identifiers=[DocumentTyped("DUI", "--")],
        )
    errors = {field: error.code for field, error in refused.value.errors.items()}
    assert errors == {
        "given1": "letters",
        "birth": "order",
        "sex": "sex",
        "nationality": "nationality",
        "document-0": "empty",
    }
    assert not Person.objects.exists()
    assert not Posting.objects.exists()
    assert not AccessEvent.objects.exists()


def test_somebody_with_no_name_at_all_is_refused_and_one_with_only_a_nickname_is_kept(world: World) -> None:
    with pytest.raises(FieldsRefused):
        register(world, given1="", surname1="")
    assert identity_seen_by(
        world.officers["registrar_a"], register(world, given1="", surname1="", aliases=["El Mudo"]), NOW
    ).aliases == ("El Mudo",)


@pytest.mark.parametrize("by", ["health_a", "police_a", "logistics_a", "statistician", "registrar_b"])
def test_only_a_registrar_of_that_centre_registers_there(world: World, by: str) -> None:
    with pytest.raises(NotAllowed):
        register(world, by=by)
    assert not Person.objects.exists()


def test_each_write_leaves_its_line_in_the_record_of_accesses(world: World) -> None:
    person = register(world)
    write(world, person, "labour", "labour_a", LABOUR)
    lines = list(AccessEvent.objects.order_by("sequence").values_list("officer", "institution", "verb", "what"))
    assert lines == [
        ("registrar_a", "DGME", "create", "person"),
        ("registrar_a", "DGME", "create", "encounter"),
        ("labour_a", "MTPS", "create", "section"),
    ]
    assert str(person.key) in AccessEvent.objects.get(what="section").subjects


def test_a_person_whom_the_officer_may_not_see_is_as_one_who_is_not_there(world: World) -> None:
    person = register(world)
    stranger = "00000000-0000-0000-0000-000000000000"
    assert person_seen_by(world.officers["registrar_a"], person.key, NOW) == person
    assert person_seen_by(world.officers["health_a"], person.key, NOW) == person
    for username in ("health_b", "statistician", "data_protection"):
        assert person_seen_by(world.officers[username], person.key, NOW) is None
        assert person_seen_by(world.officers[username], stranger, NOW) is None


def test_logistics_learn_the_name_and_nothing_else(world: World) -> None:
    person = register(world, aliases=["Chepe"], identifiers=[DocumentTyped("DUI", "000162975")])
    seen = identity_seen_by(world.officers["logistics_a"], person, NOW)
    assert str(seen.name) == "José Hernández"
    assert (seen.whole, seen.aliases, seen.sex, seen.birth, seen.documents) == (False, (), "", "", ())
    whole = identity_seen_by(world.officers["health_a"], person, NOW)
    assert (whole.whole, whole.birth, whole.documents[0].number) == (True, "1990-05", "00016297-5")


def test_nobody_records_an_encounter_of_a_person_out_of_reach(world: World) -> None:
    person = register_person(
        by=world.officers["registrar_a"], office=world.offices["CENTRE-A"], now=NOW, given1="Ana", surname1="Paz"
    )
    with pytest.raises(NotAllowed):
        meet(world, person, by="registrar_b", office="CENTRE-B")
    meet(world, person)
    # The registrar of the other centre is of the same institution, finds her, and may meet her there.
    meet(world, person, by="registrar_b", office="CENTRE-B")
    assert person.encounters.count() == 2


def test_a_correction_replaces_the_name_and_counts_a_version(world: World) -> None:
    person = register(world, aliases=["Chepe"])
    corrected = correct_person(
        by=world.officers["registrar_a"],
        person=person,
        expected_version=1,
        reason=SPELT,
        now=NOW,
        given1="Josué",
        surname1="Hernández",
        birth="1991",
        sex="M",
    )
    assert (corrected.version, corrected.birth) == (2, "1991")
    assert list(Name.objects.filter(person=person).values_list("given1", "alias")) == [("Josué", "")]


def test_a_correction_of_what_was_corrected_meanwhile_is_refused(world: World) -> None:
    person = register(world)
    correct_person(
        by=world.officers["registrar_a"],
        person=person,
        expected_version=1,
        reason=SPELT,
        now=NOW,
        given1="Josué",
        surname1="Paz",
    )
    with pytest.raises(StalePerson) as stale:
        correct_person(
            by=world.officers["supervisor_a"],
            person=person,
            expected_version=1,
            reason=SPELT,
            now=NOW,
            given1="Joel",
            surname1="Paz",
        )
    assert stale.value.stored.version == 2
    assert Name.objects.get(person=person).given1 == "Josué"


def test_a_document_is_added_once_and_only_by_who_may_edit_identity(world: World) -> None:
    person = register(world)
    for number in ("A-01234567", "a01234567"):
        add_identifier(
            by=world.officers["registrar_a"], person=person, document=DocumentTyped("PASSPORT", number), now=NOW
        )
    assert Identifier.objects.get(person=person).folded == "A01234567"
    with pytest.raises(NotAllowed):
        add_identifier(by=world.officers["health_a"], person=person, document=DocumentTyped("DUI", "1"), now=NOW)


def test_a_section_is_written_by_its_institution_and_read_by_whom_the_protocol_names(world: World) -> None:
    person = register(world)
    encounter = person.encounters.get()
    write(world, person, "labour", "labour_a", LABOUR)
    seen = sections_seen_by(world.officers["consular_a"], encounter, NOW)
    assert seen.codes == ("labour",)
    assert (seen.shared[0].institution, seen.shared[0].recorded_at) == ("MTPS", NOW)
    assert ("¿En qué trabajaba?", "albañil") in seen.shared[0].lines("es")
    assert not seen.shared[0].may_write
    assert [form.code for form in seen.to_write] == ["consular"]
    own = sections_seen_by(world.officers["labour_a"], encounter, NOW)
    assert own.shared[0].may_write
    assert own.to_write == ()


def test_a_section_that_may_not_be_read_is_not_hinted_at(world: World) -> None:
    person = register(world)
    encounter = person.encounters.get()
    before = [sections_seen_by(world.officers[name], encounter, NOW) for name in ("police_a", "labour_a", "women_a")]
    write(world, person, "health", "health_a", HEALTH)
    write(world, person, "child_protection", "children_a", {"received_by": "MOTHER", "measure": "HANDED"})
    after = [sections_seen_by(world.officers[name], encounter, NOW) for name in ("police_a", "labour_a", "women_a")]
    assert before == after


@pytest.mark.parametrize(
    ("code", "by"),
    [("health", "labour_a"), ("labour", "registrar_a"), ("health", "health_b"), ("child_protection", "children_b")],
)
def test_nobody_writes_the_section_of_another_institution_or_out_of_reach(world: World, code: str, by: str) -> None:
    person = register(world)
    with pytest.raises(NotAllowed):
        write(world, person, code, by, HEALTH)
    assert not Section.objects.exists()


def test_a_section_begun_by_one_institution_is_not_rewritten_by_another_that_may_write_its_like(world: World) -> None:
    person = register(world)
    write(world, person, "migration", "registrar_a", {"time_abroad": "Y1T4"})
    with pytest.raises(NotAllowed):
        write(world, person, "migration", "psychosocial_a", {"time_abroad": "LT1M"}, version=1)


def test_wrong_answers_are_refused_by_question_and_what_was_typed_is_kept(world: World) -> None:
    person = register(world)
    typed: dict[str, object] = {**LABOUR, "experience_years": 900, "schooling": "MAGIC"}
    with pytest.raises(AnswersRefused) as refused:
        write(world, person, "labour", "labour_a", typed)
    assert {code: error.code for code, error in refused.value.errors.items()} == {
        "experience_years": "bounds",
        "schooling": "option",
    }
    assert refused.value.typed == typed
    assert not Section.objects.exists()


@pytest.mark.parametrize("shown", [0, 2])
def test_a_section_written_meanwhile_is_not_overwritten_and_what_was_typed_is_kept(world: World, shown: int) -> None:
    person = register(world)
    write(world, person, "labour", "labour_a", LABOUR)
    with pytest.raises(StaleSection) as stale:
        write(world, person, "labour", "labour_a", {"occupation": "pintor"}, version=shown)
    assert stale.value.typed == {"occupation": "pintor"}
    assert stale.value.stored.answers == LABOUR
    assert Section.objects.get().answers == LABOUR


def test_a_section_is_written_again_under_the_version_that_was_shown(world: World) -> None:
    person = register(world)
    write(world, person, "labour", "labour_a", LABOUR)
    assert write(world, person, "labour", "labour_a", {"occupation": "pintor"}, version=1).version == 2
    assert Section.objects.get().answers == {"occupation": "pintor"}


def test_there_is_one_section_of_a_kind_per_encounter_whatever_the_code_does(world: World) -> None:
    person = register(world)
    section = write(world, person, "labour", "labour_a", LABOUR)
    section.pk, section._state.adding = None, True
    with pytest.raises(IntegrityError), transaction.atomic():
        section.save()


def test_a_section_that_no_form_has_is_refused(world: World) -> None:
    with pytest.raises(NoSuchForm):
        write(world, register(world), "horoscope", "labour_a", LABOUR)


def test_an_encounter_elsewhere_stays_unknown_unless_one_of_its_sections_is_open(world: World) -> None:
    person = register(world)
    elsewhere = meet(world, person, by="registrar_b", office="CENTRE-B")
    health = world.officers["health_a"]
    assert elsewhere not in encounters_seen_by(health, person, NOW)
    assert encounter_seen_by(health, elsewhere.key, NOW) is None
    write_section(
        by=world.officers["health_b"],
        encounter=elsewhere,
        code="health",
        answers=HEALTH,
        expected_version=0,
        now=NOW,
    )
    assert encounter_seen_by(health, elsewhere.key, NOW) == elsewhere
    assert elsewhere not in encounters_seen_by(world.officers["police_a"], person, NOW)
