"""Relationships read the same from both sides, and groups that cannot be are refused."""

from datetime import date

import pytest

from torogoz.domain.families import INVERSE, FamilyRefused, GroupKind, Kin, check_ages, check_days, check_group

BORN_1990 = (date(1990, 1, 1), date(1990, 12, 31))
BORN_2012 = (date(2012, 5, 17), date(2012, 5, 17))
TODAY = date(2026, 11, 20)


def test_each_kind_has_an_inverse_whose_inverse_it_is() -> None:
    assert set(INVERSE) == set(Kin)
    assert all(INVERSE[INVERSE[kin]] is kin for kin in Kin)
    assert (INVERSE[Kin.PARENT], INVERSE[Kin.GUARDIAN]) == (Kin.CHILD, Kin.WARD)


def test_a_parent_is_born_before_the_child_as_far_as_the_dates_tell() -> None:
    check_ages(Kin.PARENT, BORN_2012, BORN_1990)
    check_ages(Kin.CHILD, BORN_1990, BORN_2012)
    check_ages(Kin.PARENT, BORN_2012, None)
    check_ages(Kin.SIBLING, BORN_1990, BORN_2012)
    # Both dates are of one year only: one may be the parent of nobody of that year, but the dates do not say so alone.
    check_ages(Kin.PARENT, BORN_1990, BORN_1990)
    for kin, person, other in ((Kin.PARENT, BORN_1990, BORN_2012), (Kin.CHILD, BORN_2012, BORN_1990)):
        with pytest.raises(FamilyRefused, match="born later"):
            check_ages(kin, person, other)


def test_days_are_not_in_the_future_nor_end_before_they_begin() -> None:
    check_days(None, None, TODAY)
    check_days(TODAY, TODAY, TODAY)
    for begins, ends, field in (
        (date(2027, 1, 1), None, "valid_from"),
        (TODAY, date(2026, 11, 19), "valid_until"),
        (date(1, 1, 1), None, "valid_from"),
    ):
        with pytest.raises(FamilyRefused) as refused:
            check_days(begins, ends, TODAY)
        assert refused.value.field == field


@pytest.mark.parametrize(
    ("kind", "members", "head", "said", "code"),
    [
        (GroupKind.TRAVEL, {1}, None, None, "alone"),
        (GroupKind.TRAVEL, {1, 2}, 3, None, "head"),
        (GroupKind.HOUSEHOLD, {1, 2, 3}, 1, 2, "size"),
        (GroupKind.ALONE, {1, 2}, None, None, "not_alone"),
        (GroupKind.ALONE, {1}, None, 2, "not_alone"),
    ],
)
def test_a_group_that_cannot_be_is_refused(
    kind: GroupKind, members: set[int], head: int | None, said: int | None, code: str
) -> None:
    with pytest.raises(FamilyRefused) as refused:
        check_group(kind, members, head, said)
    assert refused.value.code == code


def test_a_group_may_be_larger_than_who_is_registered() -> None:
    check_group(GroupKind.TRAVEL, {1, 2}, 1, 5)
    check_group(GroupKind.ALONE, {1}, 1, 1)
