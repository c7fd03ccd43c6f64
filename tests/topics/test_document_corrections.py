"""A document that was typed wrongly: the right number finds the person, the wrong one nobody, and what stood stays."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.topics.test_duplicates import somebody
from tests.topics.test_merge import decided
from tests.world import NOW, World
from torogoz.domain.data_rights import Right
from torogoz.domain.documents import DocumentNotCorrected, DocumentRefused
from torogoz.domain.names import PersonName
from torogoz.domain.people import DocumentTyped
from torogoz.domain.refusals import Refused
from torogoz.shared.audit.models import AccessEvent, RecordIsAppendOnly
from torogoz.shared.cases.queries import behind, elsewhere
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.data_rights.models import Request
from torogoz.shared.data_rights.queries import corrected_since
from torogoz.shared.institutions.models import Institution
from torogoz.shared.people.actions import NotAllowed, Resembles, StalePerson, register_person
from torogoz.shared.people.document_actions import correct_document, take_document_away
from torogoz.shared.people.document_queries import document_changes_seen_by, documents_to_correct
from torogoz.shared.people.duplicates import compared
from torogoz.shared.people.held import Disposed
from torogoz.shared.people.merge_actions import merge, unmerge
from torogoz.shared.people.models import DocumentCorrection, Identifier, Merge, Person, SearchDecision
from torogoz.shared.people.queries import Document, identity_seen_by, resembling, search_seen_by
from torogoz.shared.people.weighing import Who
from torogoz.shared.vault import rotation
from torogoz.shared.vault.keyring import CannotOpen, Purpose
from torogoz.shared.vault.models import VaultKey

pytestmark = pytest.mark.django_db

WRONG, RIGHT = "22392349-9", "00016297-5"
SPELT, ANOTHER, OTHER = (DocumentCorrection.Reason(code) for code in ("spelt", "another", "other"))
Correct = Callable[..., Identifier]


@pytest.fixture
def jose(world: World) -> Person:
    codelists.load()
    return somebody(world, "José Luis/Guzmán Alas", document=WRONG)


@pytest.fixture
def correct(world: World) -> Correct:
    def corrected(person: Person, number: str = RIGHT, by: str = "registrar_a", **changes: Any) -> Identifier:
        """Correct the first document of a person."""
        person.refresh_from_db()
        typed = DocumentTyped(changes.pop("kind", "DUI"), number, changes.pop("issuer", "SLV"))
        document = changes.pop("document", None) or person.identifiers.order_by("pk")[0].key
        asked = {"expected_version": person.version, "reason": SPELT, "now": NOW, **changes}
        return correct_document(by=world.officers[by], person=person, document=document, typed=typed, **asked)

    return corrected


def take_away(world: World, person: Person, by: str = "registrar_a", **changes: Any) -> None:
    person.refresh_from_db()
    document = person.identifiers.order_by("pk")[0].key
    asked = {"expected_version": person.version, "reason": ANOTHER, "now": NOW, **changes}
    take_document_away(by=world.officers[by], person=person, document=document, **asked)


def with_number(world: World, number: str, by: str = "registrar_a") -> list[object]:
    """Whom the desk search and the question before registering find by a number; both name the same people."""
    officer = world.officers[by]
    found = [one.key for one in search_seen_by(officer, document=number, now=NOW)]
    who = Who(PersonName("Zulma", "", "Cañas"), birth="1970", documents=(("DUI", number),))
    asked = resembling(officer, who, now=NOW)
    assert {one.key for one in asked} == set(found)
    return list(found)


def test_the_right_number_finds_the_person_and_the_wrong_one_nobody(
    world: World, jose: Person, correct: Correct
) -> None:
    far = world.officers["health_b"]
    hidden = behind(far, elsewhere(far, WRONG, NOW))
    assert hidden == jose, "before, the wrong number is one of a record elsewhere"
    assert with_number(world, WRONG) == [jose.key]
    kept = correct(jose)
    assert (kept.number, Identifier.objects.get().folded) == (RIGHT, "000162975")
    assert with_number(world, WRONG) == []
    assert with_number(world, RIGHT) == [jose.key]
    assert elsewhere(far, WRONG, NOW) == ""
    assert behind(far, elsewhere(far, RIGHT, NOW)) == jose
    arrives = {"by": world.officers["registrar_a"], "office": world.offices["CENTRE-A"], "now": NOW}
    with pytest.raises(Resembles):
        register_person(**arrives, given1="Zulma", identifiers=[DocumentTyped("DUI", RIGHT)])
    assert register_person(**arrives, given1="Zulma", identifiers=[DocumentTyped("DUI", WRONG)])


def test_the_search_for_duplicates_compares_the_right_number(world: World, jose: Person, correct: Correct) -> None:
    other = somebody(world, "Luis/Guzmán", birth="", document=WRONG)
    assert list(compared()) == [(jose.pk, other.pk)]
    correct(jose)
    assert not compared(), "two valid DUI"
    correct(other, none_fits=[jose.key])
    assert list(compared()) == [(jose.pk, other.pk)]


def test_what_stood_before_stays_sealed_with_who_when_and_why(world: World, jose: Person, correct: Correct) -> None:
    registrar, document = world.officers["registrar_a"], Identifier.objects.get().key
    correct(jose, note=" La tarjeta lo muestra ", kind="PASSPORT", number="A0123456", issuer="GTM")
    (change,) = document_changes_seen_by(registrar, jose, NOW)
    assert change.before == Document("DUI", WRONG, "SLV")
    assert change.after == Document("PASSPORT", "A0123456", "GTM")
    assert (change.reason, change.note, change.removed) == ("spelt", "La tarjeta lo muestra", False)
    assert (change.corrected_by, change.institution, change.corrected_at) == (registrar.full_name, "DGME", NOW)
    jose.refresh_from_db()
    stored = DocumentCorrection.objects.get()
    assert (jose.version, stored.version, stored.document) == (2, 2, document)
    assert WRONG.encode() not in bytes(stored.sealed)
    event = AccessEvent.objects.order_by("-sequence")[0]
    assert (event.verb, event.what, event.sections) == ("edit", "identifier", ["identity"])
    assert event.subjects == [str(jose.key), str(document)]
    with pytest.raises(RecordIsAppendOnly, match="correct the document once more"):
        DocumentCorrection.objects.update(reason="other")
    with pytest.raises(RecordIsAppendOnly):
        DocumentCorrection.objects.all().delete()


def test_what_never_was_hers_is_taken_away_and_is_free_for_whose_it_is(world: World, jose: Person) -> None:
    take_away(world, jose)
    assert not Identifier.objects.exists()
    assert with_number(world, WRONG) == []
    assert identity_seen_by(world.officers["registrar_a"], jose, NOW).documents == ()
    (change,) = document_changes_seen_by(world.officers["registrar_a"], jose, NOW)
    assert (change.before, change.after, change.removed) == (Document("DUI", WRONG, "SLV"), None, True)
    jose.refresh_from_db()
    assert jose.version == 2


@pytest.mark.parametrize(
    "username",
    ["health_a", "health_b", "police_a", "police_supervisor_a", "children_supervisor_a", "logistics_a", "registrar_b",
     "data_protection"],
)  # fmt: skip
def test_who_may_not_correct_the_name_corrects_no_document(
    world: World, jose: Person, correct: Correct, username: str
) -> None:
    with pytest.raises(NotAllowed):
        correct(jose, by=username)
    with pytest.raises(NotAllowed):
        take_away(world, jose, by=username)
    assert documents_to_correct(world.officers[username], jose, NOW) == []
    assert Identifier.objects.get().number == WRONG
    assert not DocumentCorrection.objects.exists()


def test_the_history_is_read_by_who_reads_the_documents(world: World, jose: Person, correct: Correct) -> None:
    correct(jose)
    for username in ("registrar_a", "supervisor_a", "health_a", "police_a", "health_b", "registrar_b", "logistics_a"):
        officer = world.officers[username]
        whole = bool(identity_seen_by(officer, jose, NOW).documents)
        assert bool(document_changes_seen_by(officer, jose, NOW)) == whole, username
    assert not document_changes_seen_by(world.officers["logistics_a"], jose, NOW)
    assert document_changes_seen_by(world.officers["supervisor_a"], jose, NOW)


def test_a_document_of_somebody_else_is_not_reached_through_a_person(
    world: World, jose: Person, correct: Correct
) -> None:
    other = somebody(world, "Luis/Guzmán", office="CENTRE-B", by="health_b", document="04721938-1")
    for document in (other.identifiers.get().key, uuid4()):
        with pytest.raises(NotAllowed):
            correct(jose, document=document)
    assert other.identifiers.get().number == "04721938-1"


def test_what_cannot_be_kept_is_refused_by_its_field_and_changes_nothing(
    world: World, jose: Person, correct: Correct
) -> None:
    Identifier(person=jose, institution=jose.institution, kind="DUI", issuer="SLV").keep(RIGHT).save()
    refused: list[tuple[dict[str, Any], type[Refused], tuple[str, str]]] = [
        ({"number": "---"}, DocumentRefused, ("number", "empty")),
        ({"number": RIGHT}, DocumentNotCorrected, ("number", "has_it")),
        ({"number": "04721938-1", "reason": OTHER, "note": "  "}, DocumentNotCorrected, ("note", "say_why")),
    ]
    for changes, why, where in refused:
        with pytest.raises(why) as raised:
            correct(jose, **changes)
        assert (raised.value.field, raised.value.code) == where
    with pytest.raises(DocumentNotCorrected):
        take_away(world, jose, reason=OTHER)
    assert sorted(one.number for one in Identifier.objects.all()) == [RIGHT, WRONG]
    correct(jose, number=WRONG)
    jose.refresh_from_db()
    assert (jose.version, DocumentCorrection.objects.count()) == (1, 0), "nothing differs, nothing is written"


def test_a_number_with_a_doubtful_check_digit_is_kept_as_registration_keeps_it(jose: Person, correct: Correct) -> None:
    assert correct(jose, number="00016297-6").number == "00016297-6"


def test_whoever_has_the_number_within_reach_is_looked_at_first(world: World, jose: Person, correct: Correct) -> None:
    owner = somebody(world, "Rosa Elena/Quijada", document=RIGHT)
    with pytest.raises(Resembles) as alike:
        correct(jose)
    assert [one.key for one in alike.value.candidates] == [owner.key]
    assert jose.identifiers.get().number == WRONG
    correct(jose, none_fits=[owner.key])
    assert set(with_number(world, RIGHT)) == {owner.key, jose.key}
    decision = SearchDecision.objects.get()
    assert (decision.person, decision.outcome, decision.candidates[0]["key"]) == (jose, "none_fits", str(owner.key))


def test_whom_the_officer_may_not_see_changes_nothing(world: World, jose: Person, correct: Correct) -> None:
    somebody(world, "Rosa Elena/Quijada", office="CENTRE-B", by="health_b", document=RIGHT)
    assert correct(jose).number == RIGHT


def test_of_two_who_correct_at_once_the_second_is_told(world: World, jose: Person, correct: Correct) -> None:
    correct(jose, by="supervisor_a")
    with pytest.raises(StalePerson):
        correct(jose, number="04721938-1", expected_version=1)
    with pytest.raises(StalePerson):
        take_away(world, jose, expected_version=1)
    assert jose.identifiers.get().number == RIGHT


def test_a_record_that_was_disposed_of_is_not_written(world: World, jose: Person, correct: Correct) -> None:
    Person.objects.filter(pk=jose.pk).update(shell=True)
    with pytest.raises(Disposed):
        correct(jose)


def test_nobody_writes_over_a_number_that_does_not_open(world: World, jose: Person, correct: Correct) -> None:
    correct(jose)
    VaultKey.objects.filter(purpose=Purpose.SEAL, institution="DGME").delete()
    with pytest.raises(CannotOpen):
        correct(jose, number="04721938-1")
    with pytest.raises(CannotOpen):
        take_away(world, jose)
    (change,) = document_changes_seen_by(world.officers["registrar_a"], jose, NOW)
    assert (change.shut, change.before, change.removed) == (True, None, False)
    assert documents_to_correct(world.officers["registrar_a"], jose, NOW)[0].document.number == ""


def test_a_rotation_of_keys_seals_the_history_anew(world: World, jose: Person, correct: Correct) -> None:
    correct(jose)
    rotation.rotate(Purpose.SEAL, "DGME", NOW)
    with pytest.raises(rotation.KeyInUse, match="still serves 2 values"):
        rotation.drop(Purpose.SEAL, "DGME", 1, NOW)
    assert rotation.rewrap(NOW) == 2
    rotation.drop(Purpose.SEAL, "DGME", 1, NOW)
    assert rotation.verify() == rotation.Verified(2, ())
    assert document_changes_seen_by(world.officers["registrar_a"], jose, NOW)[0].before == Document("DUI", WRONG, "SLV")


def test_it_counts_as_the_correction_that_a_granted_rectification_waits_for(jose: Person, correct: Correct) -> None:
    request = Request(person=jose, right=Right.RECTIFICATION.value, decided_at=NOW)
    assert not corrected_since(request)
    correct(jose)
    assert corrected_since(request)


# ── Merged, and separated ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def chepe(world: World, jose: Person) -> Person:
    """Another record of the same man, with a passport, and a history of it."""
    found = somebody(world, "Chepe/Gusmán", office="CENTRE-B", by="registrar_b", birth="1990")
    dgme = Institution.objects.get(code="DGME")
    Identifier(person=found, institution=dgme, kind="PASSPORT", issuer="SLV").keep("A01234567").save()
    return found


def joined(world: World, stays: Person, goes: Person) -> Merge:
    stays.refresh_from_db()
    goes.refresh_from_db()
    pair = decided(stays, goes)
    return merge(by=world.officers["supervisor_a"], pair=pair, survivor=stays, reason="La misma madre.", now=NOW)


def separated(world: World, made: Merge) -> None:
    unmerge(by=world.officers["supervisor_a"], merge=made, reason="Eran dos primos.", now=NOW)


def history(person: Person) -> list[object]:
    return list(DocumentCorrection.objects.filter(person=person).order_by("pk").values_list("document", flat=True))


def test_a_history_goes_into_a_merge_with_its_document_and_comes_back(
    world: World, jose: Person, chepe: Person, correct: Correct
) -> None:
    passport = correct(chepe, by="registrar_b", kind="PASSPORT", number="B7654321").key
    made = joined(world, jose, chepe)
    assert (history(jose), history(chepe)) == ([passport], [])
    correct(jose, by="supervisor_a", document=passport, kind="PASSPORT", number="C7654321")
    own = correct(jose, by="supervisor_a", document=jose.identifiers.get(kind="DUI").key).key
    separated(world, made)
    assert (history(jose), history(chepe)) == ([own], [passport, passport])
    assert [one.number for one in jose.identifiers.all()] == [RIGHT]
    assert [one.number for one in chepe.identifiers.all()] == ["C7654321"]


def test_what_was_taken_away_while_merged_stays_away_and_its_history_goes_back(
    world: World, jose: Person, chepe: Person
) -> None:
    made = joined(world, chepe, jose)
    dui = chepe.identifiers.get(kind="DUI")
    take_document_away(
        by=world.officers["supervisor_a"], person=chepe, document=dui.key, expected_version=1, reason=ANOTHER, now=NOW
    )
    separated(world, made)
    assert not jose.identifiers.exists()
    assert (history(jose), history(chepe)) == ([dui.key], [])


def test_the_same_wrong_number_on_a_merged_record_finds_nobody_once_it_is_corrected(
    world: World, jose: Person, correct: Correct
) -> None:
    double = somebody(world, "Chepe/Gusmán", document=WRONG)
    cousin = somebody(world, "Luis/Guzmán", birth="", document=WRONG)
    made = joined(world, jose, double)
    assert double.identifiers.exists(), "it stays, since the other record has it too"
    correct(jose)
    assert with_number(world, WRONG) == [cousin.key]
    assert not compared()
    separated(world, made)
    assert [one.number for one in double.identifiers.all()] == [WRONG], "what was there is as it was"


def test_a_document_corrected_to_one_that_the_merged_record_has_is_there_once_after_separating(
    world: World, jose: Person, chepe: Person, correct: Correct
) -> None:
    dgme = Institution.objects.get(code="DGME")
    Identifier(person=chepe, institution=dgme, kind="DUI", issuer="SLV").keep(WRONG).save()
    passport = chepe.identifiers.get(kind="PASSPORT").key
    made = joined(world, jose, chepe)
    take_away(world, jose, by="supervisor_a")
    correct(jose, by="supervisor_a", document=passport, number=WRONG)
    separated(world, made)
    assert not jose.identifiers.exists()
    assert [one.number for one in chepe.identifiers.all()] == [WRONG]


def test_a_chain_of_merges_gives_back_what_was_corrected_link_by_link(
    world: World, jose: Person, chepe: Person, correct: Correct
) -> None:
    third = somebody(world, "José/Guzmán", birth="1990-06-02")
    passport = chepe.identifiers.get().key
    first = joined(world, jose, chepe)
    second = joined(world, third, jose)
    correct(third, by="supervisor_a", document=passport, kind="PASSPORT", number="C7654321")
    assert history(third) == [passport]
    separated(world, second)
    assert (history(third), history(jose)) == ([], [passport])
    separated(world, first)
    assert (history(jose), history(chepe)) == ([], [passport])
