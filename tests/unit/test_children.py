"""Who counts as a child, who accompanies, and what a move lacks: unknown never makes a child safer."""

from datetime import date, timedelta
from itertools import product

import pytest

from torogoz.domain.birthdates import PartialDate
from torogoz.domain.children import (
    ChildRefused,
    Companion,
    Company,
    Finding,
    Lacks,
    Minority,
    Move,
    Receiver,
    Study,
    check_study,
    company,
    counts_as_child,
    lacking,
    minority,
    needs_protection,
    refused,
)
from torogoz.domain.families import Evidence, Kin

TODAY = date(2026, 11, 20)
GOOD = Receiver(Evidence.DOCUMENT, True, "DUI 00016297-5")


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        ("2020", Minority.CHILD),
        ("2008-11-21", Minority.CHILD),
        ("2008-11-20", Minority.ADULT),
        ("2008-11", Minority.POSSIBLE),
        ("2008", Minority.POSSIBLE),
        ("2008-10", Minority.ADULT),
        ("2007", Minority.ADULT),
        ("", Minority.UNKNOWN),
    ],
)
def test_who_may_be_under_eighteen_counts_as_a_child(birth: str, expected: Minority) -> None:
    found = minority(PartialDate.parse(birth) if birth else None, TODAY)
    assert found is expected
    assert counts_as_child(found) == (expected in (Minority.CHILD, Minority.POSSIBLE))


MOTHER = Companion(Kin.PARENT, Evidence.DOCUMENT, True)


@pytest.mark.parametrize(
    ("with_whom", "expected"),
    [
        ([MOTHER], Company.ACCOMPANIED),
        # An adolescent mother is a mother; a guardian has to be an adult, and to be known as one.
        ([Companion(Kin.PARENT, Evidence.DOCUMENT, False)], Company.ACCOMPANIED),
        ([Companion(Kin.GUARDIAN, Evidence.DOCUMENT, True)], Company.ACCOMPANIED),
        ([Companion(Kin.GUARDIAN, Evidence.DOCUMENT, None)], Company.UNACCOMPANIED),
        ([Companion(Kin.PARENT, Evidence.STATED, True)], Company.UNVERIFIED),
        ([Companion(Kin.PARENT, Evidence.UNVERIFIED, True)], Company.UNVERIFIED),
        ([Companion(Kin.SIBLING, Evidence.DOCUMENT, True)], Company.SEPARATED),
        ([Companion(Kin.RELATIVE, Evidence.STATED, True)], Company.SEPARATED),
        ([Companion(Kin.SIBLING, Evidence.DOCUMENT, False)], Company.UNACCOMPANIED),
        ([Companion(Kin.SIBLING, Evidence.DOCUMENT, None)], Company.UNACCOMPANIED),
        ([Companion(Kin.OTHER, Evidence.DOCUMENT, True)], Company.UNACCOMPANIED),
        ([Companion(None, Evidence.UNVERIFIED, True)], Company.UNACCOMPANIED),
        # A child's own child does not accompany it.
        ([Companion(Kin.CHILD, Evidence.DOCUMENT, False)], Company.UNACCOMPANIED),
        ([Companion(Kin.RELATIVE, Evidence.STATED, True), MOTHER], Company.ACCOMPANIED),
    ],
)
def test_who_accompanies_a_child(with_whom: list[Companion], expected: Company) -> None:
    assert company(with_whom, recorded=True, alone=False) is expected


def test_without_a_record_of_company_nothing_is_known_and_that_is_no_company() -> None:
    assert company([], recorded=False, alone=False) is Company.UNKNOWN
    assert company([], recorded=False, alone=True) is Company.UNACCOMPANIED
    assert company([], recorded=True, alone=False) is Company.UNACCOMPANIED
    for of, with_whom in product(Minority, Company):
        protected = of in (Minority.CHILD, Minority.POSSIBLE) and with_whom is not Company.ACCOMPANIED
        assert needs_protection(of, with_whom) == protected


def finding(
    study: Study = Study.BIA,
    *,
    days: int = 1,
    permits: tuple[Move, ...] = tuple(Move),
    review: int = 30,
    panel: int = 0,
) -> Finding:
    return Finding(study, TODAY - timedelta(days=days), frozenset(permits), TODAY + timedelta(days=review), panel)


def of_child(
    move: Move, *findings: Finding, receiver: Receiver | None = GOOD, with_whom: Company = Company.UNKNOWN
) -> tuple[Lacks, ...]:
    return lacking(move, Minority.POSSIBLE, with_whom, findings, receiver, TODAY)


def test_no_child_who_is_not_accompanied_is_moved_without_a_study() -> None:
    for of, with_whom, move in product((Minority.CHILD, Minority.POSSIBLE), Company, Move):
        missing = lacking(move, of, with_whom, (), GOOD, TODAY)
        if move is Move.SOLUTION:
            assert missing == (Lacks.PANEL,)
        elif with_whom is Company.ACCOMPANIED:
            assert missing == ()
        else:
            assert missing == (Lacks.STUDY,)


def test_an_assessment_opens_the_moves_that_it_permits_until_its_review() -> None:
    only = finding(permits=(Move.HAND_OVER,))
    assert of_child(Move.HAND_OVER, only) == ()
    assert of_child(Move.TRANSFER, only) == (Lacks.NOT_PERMITTED,)
    assert of_child(Move.RETURN, finding(review=-1)) == (Lacks.OVERDUE,)
    assert of_child(Move.RETURN, finding(review=0)) == ()


def test_the_newest_study_decides_and_of_one_day_the_stricter() -> None:
    permits, forbids = finding(days=9), finding(days=2, permits=())
    assert of_child(Move.RETURN, permits, forbids) == (Lacks.NOT_PERMITTED,)
    assert of_child(Move.RETURN, finding(days=9, permits=()), finding(days=2)) == ()
    assert of_child(Move.RETURN, finding(days=2), forbids) == (Lacks.NOT_PERMITTED,)
    panel = finding(Study.BID, days=2, permits=(), panel=3)
    assert of_child(Move.RETURN, permits, panel) == (Lacks.NOT_PERMITTED,), "a panel stands over an older assessment"


def test_a_lasting_solution_takes_a_panel_of_three_even_for_a_child_with_a_parent() -> None:
    assert of_child(Move.SOLUTION, finding()) == (Lacks.PANEL,)
    assert of_child(Move.SOLUTION, finding(Study.BID, panel=2)) == (Lacks.PANEL,)
    assert of_child(Move.SOLUTION, finding(Study.BID, panel=3)) == ()
    assert of_child(Move.SOLUTION, with_whom=Company.ACCOMPANIED) == (Lacks.PANEL,)


def test_everything_that_a_receiver_lacks_is_told_at_once() -> None:
    assert of_child(Move.HAND_OVER, receiver=None) == (Lacks.STUDY, Lacks.RECEIVER)
    nothing = Receiver(Evidence.STATED, None, " ")
    assert of_child(Move.HAND_OVER, receiver=nothing) == (
        Lacks.STUDY, Lacks.DOCUMENT, Lacks.EVIDENCE, Lacks.RECEIVER_AGE,
    )  # fmt: skip
    child = Receiver(Evidence.DOCUMENT, False, "partida")
    assert of_child(Move.HAND_OVER, finding(), receiver=child) == (Lacks.RECEIVER_AGE,)
    # With a parent who is verified no study is needed; who receives is checked all the same.
    assert of_child(Move.HAND_OVER, receiver=nothing, with_whom=Company.ACCOMPANIED) == (
        Lacks.DOCUMENT, Lacks.EVIDENCE, Lacks.RECEIVER_AGE,
    )  # fmt: skip


def test_an_unknown_age_is_asked_first_and_an_adult_decides_alone() -> None:
    for move in Move:
        assert lacking(move, Minority.UNKNOWN, Company.ACCOMPANIED, (finding(),), GOOD, TODAY) == (Lacks.AGE,)
        assert lacking(move, Minority.ADULT, Company.UNKNOWN, (), None, TODAY) == (Lacks.NOT_A_CHILD,)


def studied(study: Study = Study.BID, **changes: object) -> tuple[str, ...]:
    said = {
        "done_on": TODAY, "review_on": TODAY + timedelta(days=30), "reasons": "Razones inventadas. " * 3,
        "child_view": "Quiere ir con su tía.", "panel": ["Ana Uno", "Beto Dos", "Carla Tres"],
        "recorder": "Quien Registra", "today": TODAY,
    }  # fmt: skip
    return check_study(study, **said | changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"done_on": TODAY + timedelta(days=1)}, "future"),
        ({"review_on": TODAY}, "review"),
        ({"reasons": "Porque sí."}, "reasons"),
        ({"reasons": "x" * 4001}, "too_long"),
        ({"child_view": " "}, "view"),
        ({"panel": ["Ana Uno", "Beto Dos"]}, "panel_small"),
        ({"panel": ["Ana Uno", "ANA  UNO", "Beto Dos"]}, "panel_small"),
        ({"panel": ["Ana Uno", "Beto Dos", "Carla Tres", "quien registra"]}, "own_case"),
    ],
)
def test_a_study_that_decides_nothing_is_refused(changes: dict[str, object], code: str) -> None:
    with pytest.raises(ChildRefused) as why:
        studied(**changes)
    assert why.value.code == code


def test_a_panel_is_of_three_different_people_and_an_assessment_needs_none() -> None:
    assert studied() == ("Ana Uno", "Beto Dos", "Carla Tres")
    assert studied(Study.BIA, panel=[]) == ()


def test_every_lack_is_said_in_both_languages() -> None:
    for one in Lacks:
        told = refused(one, "move")
        assert told.explain("es") != told.explain("en")
        assert "{" not in told.explain("es") + told.explain("en")
