"""Birth dates as far as they are known."""

from datetime import date

import pytest

from torogoz.domain.birthdates import Ages, BirthRefused, PartialDate, read_birth

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "kept", "first", "last"),
    [
        ("2001", "2001", date(2001, 1, 1), date(2001, 12, 31)),
        (" 2001-05 ", "2001-05", date(2001, 5, 1), date(2001, 5, 31)),
        ("2000-02", "2000-02", date(2000, 2, 1), date(2000, 2, 29)),
        ("2001-5-7", "2001-05-07", date(2001, 5, 7), date(2001, 5, 7)),
    ],
)
def test_a_date_is_kept_as_far_as_it_is_known(text: str, kept: str, first: date, last: date) -> None:
    assert PartialDate.parse(text) == PartialDate(kept, first, last)


@pytest.mark.parametrize(
    ("text", "code", "named"),
    [
        ("17/05/2001", "order", "2001-05-17"),
        ("05/17/2001", "order", "2001-05-17"),
        ("5.5.2001", "order", "2001-05-05"),
        ("2001/05/17", "order", "2001-05-17"),
        ("20010517", "order", "2001-05-17"),
        ("05-2001", "order", "2001-05"),
        ("05/06/2001", "ambiguous", "2001-06-05"),
        ("05/06/2001", "ambiguous", "2001-05-06"),
        ("17/05/87", "short_year", "1987"),
        ("2001-13", "month", "13"),
        ("2001-02-29", "day", "28"),
        ("2001-04-31", "day", "2001-04"),
        ("como 20 años", "unreadable", "como 20 años"),
        ("31/02/2001", "unreadable", "2001-05-17"),
        ("87", "unreadable", "2001"),
        ("0000", "unreadable", "2001"),
        ("2026-11-24", "future", "2026-11-23"),
        ("2027", "future", "2026-11-23"),
        ("1904", "too_old", "120"),
    ],
)
def test_a_refused_date_says_what_is_wrong_and_how_to_write_it(text: str, code: str, named: str) -> None:
    with pytest.raises(BirthRefused) as refused:
        read_birth(text, today=TODAY)
    assert refused.value.code == code
    assert refused.value.field == "birth"
    for language in ("es", "en"):
        assert named in refused.value.explain(language)
    assert refused.value.explain("es") != refused.value.explain("en")


def test_an_empty_date_is_unknown_and_not_an_error() -> None:
    assert read_birth("  ", today=TODAY) is None


def test_a_person_born_this_year_and_one_who_may_be_120_are_kept() -> None:
    assert read_birth("2026", today=TODAY) == PartialDate("2026", date(2026, 1, 1), date(2026, 12, 31))
    assert read_birth("1905", today=TODAY) is not None


def test_the_age_is_bounded_by_what_is_known_of_the_birth() -> None:
    day = date(2026, 11, 23)
    assert PartialDate.parse("2001-11-23").age_on(day) == Ages(25, 25)
    assert PartialDate.parse("2001-11-24").age_on(day) == Ages(24, 24)
    assert PartialDate.parse("2001-11").age_on(day) == Ages(24, 25)
    assert PartialDate.parse("2001").age_on(day) == Ages(24, 25)
    assert PartialDate.parse("2026").age_on(day) == Ages(0, 0)


def test_who_was_born_on_29_february_turns_older_on_1_march() -> None:
    born = PartialDate.parse("2004-02-29")
    assert born.age_on(date(2022, 2, 28)) == Ages(17, 17)
    assert born.age_on(date(2022, 3, 1)) == Ages(18, 18)


def test_being_under_an_age_is_unknown_when_the_date_is_too_coarse() -> None:
    year = PartialDate.parse("2008")
    assert year.under(18, date(2026, 6, 1)) is None
    assert year.under(18, date(2025, 6, 1)) is True
    assert year.under(18, date(2027, 6, 1)) is False


def test_there_is_no_age_before_birth() -> None:
    with pytest.raises(ValueError, match="after 2000-01-01"):
        PartialDate.parse("2001").age_on(date(2000, 1, 1))
