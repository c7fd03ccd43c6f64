"""What an affected person may be told: each disclosure once, and nobody put in danger by it."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.topics.test_audit import keep
from tests.world import NOW, World
from torogoz.domain.access import REFUSED, Basis, Decision, Verb
from torogoz.shared.audit.actions import record
from torogoz.shared.audit.disclosures import PROTECTED, disclosures_of

ANA, LUZ = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
GLASS = Decision(True, Basis.GLASS, "MTPS")


def event(verb: Verb, *subjects: str, sections: list[str], minutes: int, decision: Decision = GLASS) -> None:
    record(
        officer="labour_a",
        institution="MTPS",
        verb=verb,
        what="section",
        subjects=subjects,
        decision=decision,
        channel="page",
        now=NOW + timedelta(minutes=minutes),
        sections=sections,
    )


@pytest.mark.django_db
def test_lists_searches_and_exports_that_showed_her_are_told_and_attempts_and_writings_are_not() -> None:
    keep(ANA, minutes=1)
    event(Verb.LIST, LUZ, ANA, sections=["identity"], minutes=2)
    event(Verb.VIEW, LUZ, sections=["health"], minutes=3)
    event(Verb.VIEW, ANA, sections=["health"], minutes=4, decision=REFUSED)
    event(Verb.EDIT, ANA, sections=["labour"], minutes=5)
    event(Verb.AUDIT, ANA, sections=[], minutes=6)
    event(Verb.EXPORT, ANA, sections=["labour", "identity"], minutes=7)
    assert [
        (each.at - NOW, each.institution, each.verb, each.sections, each.basis) for each in disclosures_of([ANA])
    ] == [
        (timedelta(minutes=1), "MINSAL", Verb.VIEW, ("identity",), Basis.OFFICE),
        (timedelta(minutes=2), "MTPS", Verb.LIST, ("identity",), Basis.GLASS),
        (timedelta(minutes=7), "MTPS", Verb.EXPORT, ("identity", "labour"), Basis.GLASS),
    ]


@pytest.mark.django_db
def test_what_was_read_under_the_key_of_a_record_merged_since_is_told_and_what_showed_both_is_told_once() -> None:
    keep(LUZ, minutes=1)
    event(Verb.LIST, LUZ, ANA, sections=["identity"], minutes=2)
    assert len(list(disclosures_of([ANA]))) == 1
    assert [each.at - NOW for each in disclosures_of([ANA, LUZ])] == [timedelta(minutes=1), timedelta(minutes=2)]


@pytest.mark.django_db
def test_the_officers_name_is_told_only_when_it_is_asked_for() -> None:
    keep(ANA)
    assert [each.officer for each in disclosures_of([ANA])] == [""]
    assert [each.officer for each in disclosures_of([ANA], officers=True)] == ["health_a"]


@pytest.mark.django_db
def test_one_word_stands_for_every_protected_section_unless_they_are_asked_for_by_name() -> None:
    event(Verb.VIEW, ANA, sections=["child_protection", "identity"], minutes=0)
    assert [each.sections for each in disclosures_of([ANA])] == [("identity", PROTECTED)]
    assert [each.sections for each in disclosures_of([ANA], protected=True)] == [("child_protection", "identity")]


@pytest.mark.django_db
def test_a_period_holds_its_first_moment_and_not_its_last() -> None:
    for minutes in (0, 1, 2):
        keep(ANA, minutes=minutes)
    told = disclosures_of([ANA], since=NOW + timedelta(minutes=1), until=NOW + timedelta(minutes=2))
    assert [each.at - NOW for each in told] == [timedelta(minutes=1)]


def test_every_page_that_showed_her_is_told_by_institution(client: Client, world: World) -> None:
    person = world.person("ana", office="CENTRE-A", by="registrar_a")
    world.section(person, "health", by="health_a", answers={})
    for username in ("registrar_a", "health_a", "health_b"):
        client.force_login(world.officers[username], backend="django.contrib.auth.backends.ModelBackend")
        client.get(f"/returns/people/{person.key}/")
    told = list(disclosures_of([str(person.key)]))
    assert {each.institution for each in told} == {"DGME", "MINSAL"}
    shown = {(each.institution, each.verb) for each in told}
    assert {("DGME", Verb.VIEW), ("MINSAL", Verb.VIEW)} <= shown
    assert any("health" in each.sections for each in told if each.institution == "MINSAL")
    assert not any("health" in each.sections for each in told if each.institution == "DGME")
    assert all(each.officer != "health_b" for each in disclosures_of([str(person.key)], officers=True))
