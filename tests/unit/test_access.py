"""The policy as pure rules: who may do what about whom, on what ground."""

from datetime import UTC, datetime, timedelta

import pytest

from torogoz.domain.access import (
    NEVER,
    PERSON_ROLES,
    REFUSED,
    Basis,
    Decision,
    Posting,
    Role,
    Rule,
    Subject,
    Tier,
    Verb,
    decide,
)

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
A, B = 1, 2
MET_AT_A = Subject(offices=frozenset({A}), institutions=frozenset({"DGME"}))
MET_AT_B = Subject(offices=frozenset({B}), institutions=frozenset({"DGME"}))


def posting(institution: str, role: Role, office: int = A, *, until: datetime | None = None) -> Posting:
    return Posting(institution, office, role, NOW - timedelta(days=30), until)


def rule(section: str, institution: str, role: Role, tier: Tier = Tier.ORDINARY, *, write: bool = False) -> Rule:
    return Rule(section, institution, role, read=True, write=write, tier=tier)


def everything_for(institution: str) -> list[Rule]:
    """A protocol that is as generous to `institution` as one can be written."""
    tiers = {"logistics": Tier.LOGISTICS, "child_protection": Tier.PROTECTED, "health": Tier.SENSITIVE}
    sections = ("logistics", "identity", "health", "child_protection", "psychosocial", "women", "legal_aid", "rights")
    return [
        rule(section, institution, role, tiers.get(section, Tier.ORDINARY), write=True)
        for section in sections
        for role in Role
    ]


def test_without_a_posting_nothing_is_allowed() -> None:
    for verb in Verb:
        assert decide([], verb, MET_AT_A, "identity", everything_for("DGME"), NOW) == REFUSED
        assert decide([], verb, None, None, everything_for("DGME"), NOW) == REFUSED


def test_without_a_rule_nothing_about_a_person_is_allowed() -> None:
    for verb in Verb:
        for role in Role:
            assert not decide([posting("DGME", role)], verb, MET_AT_A, "identity", [], NOW)
            assert not decide([posting("DGME", role)], verb, MET_AT_A, None, [], NOW)


def test_a_registrar_sees_whom_the_own_institution_recorded_elsewhere_and_another_institution_does_not() -> None:
    rules = everything_for("DGME") + everything_for("MINSAL")
    assert decide([posting("DGME", Role.REGISTRAR)], Verb.VIEW, MET_AT_B, "identity", rules, NOW).allowed
    assert not decide([posting("MINSAL", Role.REGISTRAR)], Verb.VIEW, MET_AT_B, "identity", rules, NOW).allowed
    assert not decide([posting("DGME", Role.SPECIALIST)], Verb.VIEW, MET_AT_B, "identity", rules, NOW).allowed


def test_a_registrar_writes_only_at_the_own_office() -> None:
    registrar = [posting("DGME", Role.REGISTRAR)]
    assert decide(registrar, Verb.CREATE, MET_AT_A, "identity", everything_for("DGME"), NOW).allowed
    assert not decide(registrar, Verb.EDIT, MET_AT_B, "identity", everything_for("DGME"), NOW).allowed
    assert decide([posting("DGME", Role.SUPERVISOR)], Verb.EDIT, MET_AT_B, "identity", everything_for("DGME"), NOW)


def test_the_ground_is_named_with_the_institution() -> None:
    rules = [rule("identity", "MINSAL", Role.SPECIALIST), rule("health", "MINSAL", Role.SPECIALIST, write=True)]
    rules.append(rule("logistics", "MINSAL", Role.SPECIALIST, Tier.LOGISTICS))
    nurse = [posting("MINSAL", Role.SPECIALIST)]
    assert decide(nurse, Verb.VIEW, MET_AT_A, "identity", rules, NOW) == Decision(True, Basis.PROTOCOL, "MINSAL")
    assert decide(nurse, Verb.VIEW, MET_AT_A, "health", rules, NOW) == Decision(True, Basis.OWN, "MINSAL")
    assert decide(nurse, Verb.VIEW, MET_AT_A, None, rules, NOW) == Decision(True, Basis.OFFICE, "MINSAL")


@pytest.mark.parametrize("section", sorted(NEVER["PNC"]))
def test_no_protocol_opens_to_the_police_what_was_said_in_confidence(section: str) -> None:
    for role in Role:
        for verb in Verb:
            assert not decide([posting("PNC", role)], verb, MET_AT_A, section, everything_for("PNC"), NOW)


def test_logistics_sees_no_more_than_the_first_tier() -> None:
    cook = [posting("GAMI", Role.LOGISTICS)]
    assert decide(cook, Verb.VIEW, MET_AT_A, None, everything_for("GAMI"), NOW)
    assert not decide(cook, Verb.VIEW, MET_AT_A, "identity", everything_for("GAMI"), NOW)


@pytest.mark.parametrize("role", sorted(set(Role) - PERSON_ROLES))
def test_those_who_count_and_those_who_supervise_the_record_see_no_person(role: Role) -> None:
    for verb in Verb:
        assert not decide([posting("DGME", role)], verb, MET_AT_A, None, everything_for("DGME"), NOW)


def test_only_data_protection_searches_the_record_and_only_a_statistician_publishes() -> None:
    for role in Role:
        held = [posting("DGME", role)]
        assert decide(held, Verb.AUDIT, None, None, [], NOW).allowed is (role is Role.DATA_PROTECTION)
        assert decide(held, Verb.PUBLISH, None, None, [], NOW).allowed is (role is Role.STATISTICIAN)
        assert decide(held, Verb.CONVENE, None, None, [], NOW).allowed is (role is Role.SECRETARIAT)
        assert decide(held, Verb.REPORT, None, None, [], NOW).allowed is (role is Role.FOCAL_POINT)
        assert decide(held, Verb.ASSESS, None, None, [], NOW).allowed is (role is Role.OBSERVER)
        liaises = role in (Role.SPECIALIST, Role.SUPERVISOR)
        assert decide(held, Verb.LIAISE, None, None, [], NOW).allowed is liaises


def test_a_protected_section_stays_with_the_specialists_of_the_office() -> None:
    rules = everything_for("CONAPINA")
    for role in Role:
        allowed = decide([posting("CONAPINA", role)], Verb.VIEW, MET_AT_A, "child_protection", rules, NOW).allowed
        assert allowed is (role is Role.SPECIALIST)
    recorded_by_them = Subject(offices=frozenset({B}), institutions=frozenset({"CONAPINA"}))
    specialist = [posting("CONAPINA", Role.SPECIALIST)]
    assert not decide(specialist, Verb.VIEW, recorded_by_them, "child_protection", rules, NOW)


def test_two_postings_are_never_mixed() -> None:
    """A police officer at A who is a nurse at B reads health at B, where the nurse is, and not at A."""
    held = [posting("PNC", Role.SPECIALIST, A), posting("MINSAL", Role.SPECIALIST, B)]
    rules = everything_for("PNC") + everything_for("MINSAL")
    assert decide(held, Verb.VIEW, MET_AT_B, "health", rules, NOW)
    assert not decide(held, Verb.VIEW, MET_AT_A, "health", rules, NOW)


def test_a_posting_allows_from_its_first_moment_until_just_before_its_last() -> None:
    ends = NOW + timedelta(hours=1)
    held = [posting("DGME", Role.REGISTRAR, until=ends)]
    for moment, allowed in (
        (NOW - timedelta(days=31), False),
        (NOW - timedelta(days=30), True),
        (NOW, True),
        (ends, False),
    ):
        assert decide(held, Verb.VIEW, MET_AT_A, "identity", everything_for("DGME"), moment).allowed is allowed


def test_only_a_supervisor_takes_data_out() -> None:
    for role in Role:
        allowed = decide([posting("DGME", role)], Verb.EXPORT, MET_AT_A, "identity", everything_for("DGME"), NOW)
        assert allowed.allowed is (role is Role.SUPERVISOR)
