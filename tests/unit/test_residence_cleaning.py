"""Rows as they come: what is set aside and why, what is put in, what is left, and the figures of quality."""

from datetime import date, datetime

import polars as pl
import pytest

from torogoz.domain.residence import Origin, Policy, SetAside
from torogoz.statistics.residence.classify import NothingToClassify, classify
from torogoz.statistics.residence.cleaning import Cleaned, clean

TODAY = date(2026, 11, 20)


def cleaned(*rows: tuple[object, ...], policy: Policy = Policy.REJECT, cut_off: date | None = None) -> Cleaned:
    """What becomes of rows of person, direction and date."""
    raw = pl.DataFrame(rows, schema=["personId", "direction", "date_crossing"], orient="row", strict=False)
    return clean(raw, policy, today=TODAY, cut_off=cut_off)


def track(found: Cleaned) -> list[tuple[str, bool, date, str]]:
    return found.crossings.select("personId", "is_arrival", "date_crossing", "origin").rows()


def reasons(found: Cleaned) -> list[tuple[int, str]]:
    return found.rejected.rows()


def test_an_ordinary_history_is_kept_as_it_is() -> None:
    found = cleaned(("a", "exit", "2020-01-01"), ("a", "entry", "2020-02-01"))
    assert track(found) == [
        ("a", False, date(2020, 1, 1), "recorded"),
        ("a", True, date(2020, 2, 1), "recorded"),
    ]
    assert reasons(found) == []
    assert found.crossings["row"].to_list() == [2, 3]


def test_persons_come_in_the_order_of_their_first_row_and_crossings_by_time() -> None:
    found = cleaned(("b", "in", "2020-05-01"), ("a", "in", "2020-01-01"), ("b", "out", "2020-03-01"))
    assert [(person, day.isoformat()) for person, _, day, _ in track(found)] == [
        ("b", "2020-03-01"),
        ("b", "2020-05-01"),
        ("a", "2020-01-01"),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("", "in", "2020-01-01"), SetAside.NO_PERSON),
        ((None, "in", "2020-01-01"), SetAside.NO_PERSON),
        (("a", "in", "2020-02-30"), SetAside.BAD_DATE),
        (("a", "in", "01/02/2020"), SetAside.BAD_DATE),
        (("a", "in", "2020-1-13"), SetAside.BAD_DATE),
        (("a", "in", "2020-01-13x08:15"), SetAside.BAD_DATE),
        (("a", "in", "2020-01-13T25:15"), SetAside.BAD_DATE),
        (("a", "in", "1820-01-13"), SetAside.BAD_DATE),
        (("a", "in", None), SetAside.BAD_DATE),
        (("a", "sideways", "2020-01-01"), SetAside.UNKNOWN_DIRECTION),
        (("a", None, "2020-01-01"), SetAside.UNKNOWN_DIRECTION),
        (("a", "in", "2026-11-21"), SetAside.IN_THE_FUTURE),
    ],
)
def test_a_row_that_cannot_take_part_is_set_aside_with_its_reason(row: tuple[object, ...], reason: SetAside) -> None:
    found = cleaned(row, ("z", "in", "2020-01-01"))
    assert reasons(found) == [(2, reason.value)]
    assert found.quality.set_aside == {reason: 1}
    assert [person for person, *_ in track(found)] == ["z"]


@pytest.mark.parametrize(
    ("word", "arrival"),
    [("1", True), ("TRUE", True), ("Entrada", True), ("ARRIVAL", True), ("0", False), ("salida", False), ("D", False)],
)
def test_directions_are_read_in_the_words_of_either_language(word: str, arrival: bool) -> None:
    assert cleaned(("a", word, "2020-01-01")).crossings["is_arrival"].to_list() == [arrival]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020-01-02", date(2020, 1, 2)),
        ("2020-01-02T23:30", date(2020, 1, 2)),
        ("2020-01-02 23:30", date(2020, 1, 2)),
        ("2020-01-02T23:30:59.5", date(2020, 1, 2)),
        ("2020-01-02T05:30Z", date(2020, 1, 1)),
        ("2020-01-02T00:30-06:00", date(2020, 1, 2)),
        ("2020-01-01T22:00:00-0800", date(2020, 1, 2)),
    ],
)
def test_a_time_is_that_of_el_salvador_and_a_zone_is_turned_into_it(text: str, day: date) -> None:
    assert cleaned(("a", "in", text)).crossings["date_crossing"].to_list() == [day]


def test_dates_that_are_dates_already_are_taken_as_they_are() -> None:
    moments = [datetime.fromisoformat(text) for text in ("2020-01-02T23:00", "2020-01-05T00:00")]
    raw = pl.DataFrame({"personId": [1, 1], "is_arrival": [1, 0], "date_crossing": moments})
    found = clean(raw, today=TODAY)
    assert found.crossings["date_crossing"].to_list() == [date(2020, 1, 2), date(2020, 1, 5)]
    assert found.crossings["personId"].to_list() == [1, 1]


def test_rows_after_the_cut_off_take_no_part_and_are_not_lost() -> None:
    found = cleaned(("a", "in", "2020-01-01"), ("a", "out", "2020-03-01"), cut_off=date(2020, 2, 1))
    assert len(track(found)) == 1
    assert reasons(found) == [(3, SetAside.AFTER_CUT_OFF.value)]
    assert found.quality.rejection_rate == 0  # what came later is no fault of the data


def test_a_row_that_repeats_the_one_before_is_set_aside_under_every_policy() -> None:
    for policy in Policy:
        found = cleaned(("a", "in", "2020-01-01"), ("a", "in", "2020-01-01"), ("a", "out", "2020-02-01"), policy=policy)
        assert reasons(found) == [(3, SetAside.REPEATED.value)]
        assert len(track(found)) == 2


def test_in_and_out_on_one_day_are_put_in_the_order_that_alternates() -> None:
    found = cleaned(
        ("a", "in", "2020-01-01"), ("a", "in", "2020-01-05"), ("a", "out", "2020-01-05"), ("a", "out", "2020-02-01")
    )
    assert [arrival for _, arrival, _, _ in track(found)] == [True, False, True, False]
    assert found.quality.exchanged == 1


def test_in_and_out_on_one_day_keep_their_order_where_it_alternates() -> None:
    found = cleaned(("a", "out", "2020-01-05"), ("a", "in", "2020-01-05"))
    assert [arrival for _, arrival, _, _ in track(found)] == [False, True]
    assert found.quality.exchanged == 0


TWICE = (("a", "in", "2020-01-01"), ("a", "in", "2020-01-11"), ("a", "out", "2020-03-01"), ("b", "in", "2020-01-01"))


def test_reject_sets_the_whole_person_aside_and_nobody_else() -> None:
    found = cleaned(*TWICE, policy=Policy.REJECT)
    assert [person for person, *_ in track(found)] == ["b"]
    assert reasons(found) == [(row, SetAside.TWO_IN_A_ROW.value) for row in (2, 3, 4)]
    assert (found.quality.two_arrivals, found.quality.two_departures) == (1, 0)
    assert found.quality.rejection_rate == pytest.approx(3 / 4)


def test_impute_puts_the_missing_crossing_halfway_and_counts_it() -> None:
    found = cleaned(*TWICE, policy=Policy.IMPUTE)
    assert track(found)[:4] == [
        ("a", True, date(2020, 1, 1), "recorded"),
        ("a", False, date(2020, 1, 6), "imputed"),
        ("a", True, date(2020, 1, 11), "recorded"),
        ("a", False, date(2020, 3, 1), "recorded"),
    ]
    assert found.crossings["row"].to_list() == [2, None, 3, 4, 5]
    assert found.quality.imputed == 1
    assert found.quality.imputation_rate == pytest.approx(1 / 5)


def test_drop_takes_the_second_of_two_within_24_hours_for_the_same_and_rejects_the_rest() -> None:
    found = cleaned(
        ("a", "in", "2020-01-01T10:00"),
        ("a", "in", "2020-01-02T09:59"),
        ("b", "in", "2020-01-01T10:00"),
        ("b", "in", "2020-01-02T10:00"),
        policy=Policy.DROP,
    )
    assert [person for person, *_ in track(found)] == ["a"]
    assert reasons(found) == [
        (3, SetAside.DUPLICATE.value),
        (4, SetAside.TWO_IN_A_ROW.value),
        (5, SetAside.TWO_IN_A_ROW.value),
    ]


def test_the_24_hours_are_counted_from_the_crossing_that_is_kept() -> None:
    found = cleaned(
        ("a", "in", "2020-01-01T00:00"),
        ("a", "in", "2020-01-01T20:00"),
        ("a", "in", "2020-01-02T10:00"),
        policy=Policy.DROP_IMPUTE,
    )
    assert reasons(found) == [(3, SetAside.DUPLICATE.value)]
    assert [origin for *_, origin in track(found)] == ["recorded", "imputed", "recorded"]


def with_declared(*rows: tuple[object, ...]) -> Cleaned:
    schema = ["personId", "direction", "date_crossing", "declared_departure"]
    return clean(pl.DataFrame(rows, schema=schema, orient="row"), Policy.IMPUTE, today=TODAY)


def test_a_departure_that_was_declared_stands_before_the_first_arrival() -> None:
    """Deported after three weeks, by own account, they never moved; without the account the rule takes them for one
    who has lived abroad."""
    rows = (("a", "in", "2020-02-01", "2020-01-10"),)
    found = with_declared(*rows)
    assert track(found) == [
        ("a", False, date(2020, 1, 10), Origin.DECLARED.value),
        ("a", True, date(2020, 2, 1), "recorded"),
    ]
    raw = pl.DataFrame(rows, schema=["personId", "direction", "date_crossing", "declared_departure"], orient="row")
    later = date(2023, 1, 1)
    assert classify(raw, today=TODAY, cut_off=later).crossings["state"].to_list() == ["not", "not"]
    unaware = classify(raw.drop("declared_departure"), today=TODAY, cut_off=later)
    assert unaware.crossings["state"].to_list() == ["migrant"]


def test_a_declared_departure_is_better_than_half_way_and_one_after_the_arrival_is_not_used() -> None:
    found = with_declared(("a", "in", "2020-01-01", None), ("a", "in", "2020-03-01", "2020-02-20"))
    assert [(day.isoformat(), origin) for _, _, day, origin in track(found)][1] == ("2020-02-20", "declared")
    late = with_declared(("a", "in", "2020-01-01", "2020-01-01"), ("b", "in", "2020-01-01", "yesterday"))
    assert len(track(late)) == 2
    assert late.quality.unread_declared == 2


def test_a_status_before_the_first_crossing_is_used_and_one_that_cannot_be_read_is_counted() -> None:
    raw = pl.DataFrame(
        [("a", "in", "2020-01-01", "1"), ("b", "in", "2020-01-01", ""), ("c", "in", "2020-01-01", "perhaps")],
        schema=["personId", "direction", "date_crossing", "res_status_initial"],
        orient="row",
    )
    found = classify(raw, today=TODAY, cut_off=date(2022, 1, 1))
    assert found.crossings["state"].to_list() == ["not", "migrant", "migrant"]
    assert found.quality.unread_status == 1


def test_persons_with_a_single_crossing_are_counted() -> None:
    found = cleaned(("a", "in", "2020-01-01"), ("b", "in", "2020-01-01"), ("b", "out", "2020-02-01"))
    assert (found.quality.single, found.quality.used_persons) == (1, 2)


def test_no_figure_and_no_reason_holds_a_word_about_a_person() -> None:
    found = cleaned(("secret-key", "in", "2020-01-01"), ("secret-key", "in", "2020-03-01"), ("secret-key", "?", "?"))
    said = "\n".join([*found.quality.lines(), *(reason for _, reason in reasons(found))])
    assert "secret" not in said


def test_the_cut_off_is_the_last_crossing_unless_it_is_given() -> None:
    raw = pl.DataFrame({"personId": ["a"], "is_arrival": ["1"], "date_crossing": ["2020-01-01"]})
    assert classify(raw, today=TODAY).cut_off == date(2020, 1, 1)
    assert classify(raw, today=TODAY, cut_off=date(2020, 6, 1)).cut_off == date(2020, 6, 1)


def test_a_file_without_one_good_row_says_why() -> None:
    raw = pl.DataFrame({"personId": ["a"], "is_arrival": ["1"], "date_crossing": ["soon"]})
    with pytest.raises(NothingToClassify, match="the date cannot be read: 1"):
        classify(raw, today=TODAY)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match="is_arrival"):
        clean(pl.DataFrame({"personId": ["a"], "date_crossing": ["2020-01-01"]}), today=TODAY)
