"""The nowcast of provisional crossings, its back-test, and the revision triangle."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from torogoz.domain.residence import DEFAULT_RULE, Policy
from torogoz.site.demonstration.crossings import made_up_crossings
from torogoz.statistics.residence.classify import Classified, classify
from torogoz.statistics.residence.hindsight import with_past_views
from torogoz.statistics.residence.nowcast import MONTHLY_SCHEMA, Nowcast, TooShort, last_day_of_month, nowcast, steps_of
from torogoz.statistics.residence.triangle import back_test, revisions, triangle

TODAY, CUT_OFF = date(2026, 11, 20), date(2026, 9, 30)
PEOPLE = 2_500


@pytest.fixture(scope="module")
def raw() -> pl.DataFrame:
    return made_up_crossings(PEOPLE, until=datetime(2026, 11, 20, tzinfo=UTC))


@pytest.fixture(scope="module")
def found(raw: pl.DataFrame) -> Classified:
    return classify(raw, policy=Policy.DROP_IMPUTE, today=TODAY, cut_off=CUT_OFF)


@pytest.fixture(scope="module")
def made(found: Classified) -> Nowcast:
    return nowcast(found.crossings, DEFAULT_RULE, CUT_OFF)


def test_every_provisional_crossing_has_a_chance_and_no_settled_one(made: Nowcast) -> None:
    provisional = made.crossings["state"] == "provisional"
    assert (made.crossings["p_migrant"].is_not_null() == provisional).all()
    assert made.crossings["p_migrant"].drop_nulls().is_between(0, 1).all()


def test_where_nothing_is_missed_a_month_is_what_is_certain_and_what_is_expected_of_the_rest() -> None:
    raw = made_up_crossings(1_500, until=datetime(2026, 10, 1, tzinfo=UTC), perfect=True)
    found = classify(raw, policy=Policy.REJECT, today=TODAY, cut_off=CUT_OFF)
    made = nowcast(found.crossings, DEFAULT_RULE, CUT_OFF)
    own = (
        made.crossings.with_columns(TIME_PERIOD=pl.col("date_crossing").dt.strftime("%Y-%m"))
        .group_by("TIME_PERIOD", "is_arrival")
        .agg(
            certain=(pl.col("state") == "migrant").sum().cast(pl.Int64),
            provisional=(pl.col("state") == "provisional").sum().cast(pl.Int64),
            expected=pl.col("p_migrant").sum(),
        )
        .with_columns(
            INDICATOR=pl.when("is_arrival").then(pl.lit("IMMIGRANTS")).otherwise(pl.lit("EMIGRANTS")),
            estimate=pl.col("certain") + pl.col("expected"),
        )
    )
    both = made.monthly.join(own, on=["TIME_PERIOD", "INDICATOR"], suffix="_own")
    assert both.height == made.monthly.height == own.height
    assert (both["certain"] == both["certain_own"]).all()
    assert (both["provisional"] == both["provisional_own"]).all()
    assert ((both["estimate"] - both["estimate_own"]).abs() < 1e-5).all()
    assert made.monthly.schema == MONTHLY_SCHEMA


def test_where_some_are_missed_the_estimate_allows_for_what_will_be_taken_back(made: Nowcast) -> None:
    """Some who seem to have stayed had left, and nobody recorded it: fewer are expected than are certain or likely."""
    months = made.monthly.filter(pl.col("OBS_STATUS") == "E")
    certain_or_likely = months["certain"].sum() + made.crossings["p_migrant"].sum()
    assert 0.9 * certain_or_likely < months["estimate"].sum() < certain_or_likely


def test_a_month_is_final_when_nothing_of_it_is_open_and_only_then_has_no_error(made: Nowcast) -> None:
    final = made.monthly.filter(pl.col("OBS_STATUS") == "A")
    open_months = made.monthly.filter(pl.col("OBS_STATUS") == "E")
    assert (final["provisional"] == 0).all()
    assert (final["standard_error"] == 0).all()
    assert (open_months["standard_error"] > 0).all()
    assert (open_months["p10"] <= open_months["estimate"]).all()
    assert (open_months["estimate"] <= open_months["p90"]).all()


def test_the_error_is_never_less_than_that_of_the_outcomes_themselves(made: Nowcast) -> None:
    own = (
        made.crossings.drop_nulls("p_migrant")
        .group_by(
            TIME_PERIOD=pl.col("date_crossing").dt.strftime("%Y-%m"),
            INDICATOR=pl.when("is_arrival").then(pl.lit("IMMIGRANTS")).otherwise(pl.lit("EMIGRANTS")),
        )
        .agg(own=(pl.col("p_migrant") * (1 - pl.col("p_migrant"))).sum().sqrt())
    )
    both = made.monthly.join(own, on=["TIME_PERIOD", "INDICATOR"])
    assert (both["standard_error"] >= both["own"] - 1e-5).all()
    assert (both["standard_error"] > both["own"]).any()


def test_a_nowcast_knows_nothing_of_what_comes_after_the_cut_off(raw: pl.DataFrame, made: Nowcast) -> None:
    known_then = raw.filter(pl.col("date_crossing").str.slice(0, 10) <= CUT_OFF.isoformat())
    then = classify(known_then, policy=Policy.DROP_IMPUTE, today=CUT_OFF, cut_off=CUT_OFF)
    again = nowcast(then.crossings, DEFAULT_RULE, CUT_OFF).monthly
    assert_frame_equal(again, made.monthly, abs_tol=1e-5)


def test_a_nowcast_learns_from_32_finalised_months_at_most(made: Nowcast) -> None:
    first, last = made.trained
    assert (int(last[:4]) - int(first[:4])) * 12 + int(last[5:]) - int(first[5:]) + 1 == 32
    assert last < made.monthly.filter(pl.col("OBS_STATUS") == "E")["TIME_PERIOD"].min()


def test_too_short_a_past_is_said_and_no_estimate_is_made(raw: pl.DataFrame) -> None:
    early = classify(raw, policy=Policy.DROP_IMPUTE, today=TODAY, cut_off=date(2022, 3, 31))
    with pytest.raises(TooShort, match="finalised"):
        nowcast(early.crossings, DEFAULT_RULE, date(2022, 3, 31))


def test_the_threshold_is_where_a_step_begins() -> None:
    steps = steps_of(DEFAULT_RULE)
    assert 365 in steps
    assert steps[0] == 0
    assert (steps[1:] > steps[:-1]).all()


@pytest.mark.parametrize(("month", "last"), [("2024-02", date(2024, 2, 29)), ("2025-12", date(2025, 12, 31))])
def test_the_last_day_of_a_month(month: str, last: date) -> None:
    assert last_day_of_month(month) == last


def test_past_nowcasts_held_what_became_of_them_about_as_often_as_they_said(raw: pl.DataFrame) -> None:
    now = classify(raw, policy=Policy.DROP_IMPUTE, today=TODAY, cut_off=CUT_OFF)
    tested = back_test(raw, policy=Policy.DROP_IMPUTE, today=TODAY, final=now, vintages=4)
    assert len(tested.vintages) == 4
    assert tested.points.height > 80
    assert 0.7 <= tested.coverage() <= 1
    assert abs(tested.points.select((pl.col("estimate") - pl.col("final")).mean()).item()) < 1
    assert tested.by_lag()["estimates"].sum() == tested.points.height
    table = triangle(tested.vintages)
    assert table.columns == ["INDICATOR", "TIME_PERIOD", *tested.vintages]


def test_a_departure_that_nobody_recorded_is_unknown_until_the_next_record_gives_it_away() -> None:
    """In on day 0, out on day 300 unrecorded, in again on day 600: on day 400 the person seemed to have stayed."""
    rows = [("a", "in", "2020-01-01"), ("a", "in", "2021-08-23"), ("b", "in", "2020-01-01")]
    raw = pl.DataFrame(rows, schema=["personId", "direction", "date_crossing"], orient="row")
    found = classify(raw, policy=Policy.IMPUTE, today=TODAY, cut_off=date(2023, 1, 1))
    assert found.crossings["is_long_term_mig"].to_list() == [0, 0, 1, 1]
    views = with_past_views(found.crossings, DEFAULT_RULE)
    assert views.height == 5
    seen = views.row(4, named=True)
    assert (seen["personId"], seen["_place"], seen["is_long_term_mig"]) == ("a", 0, 1)
    assert seen["date_finalised_LTM"] == date(2020, 12, 31)
    assert (date(1970, 1, 1) + timedelta(seen["_from"]), date(1970, 1, 1) + timedelta(seen["_until"])) == (
        date(2020, 10, 27),
        date(2021, 8, 22),
    )
    assert views.head(4).select(found.crossings.columns).equals(found.crossings)


def test_where_nothing_is_missed_there_is_no_other_view_of_the_past() -> None:
    raw = made_up_crossings(200, until=datetime(2024, 1, 1, tzinfo=UTC), perfect=True)
    found = classify(raw, today=TODAY)
    assert with_past_views(found.crossings, DEFAULT_RULE).height == found.crossings.height


def said(*rows: tuple[str, str, float, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["INDICATOR", "TIME_PERIOD", "estimate", "OBS_STATUS"], orient="row")


def test_the_triangle_keeps_what_each_vintage_said() -> None:
    first = said(("EMIGRANTS", "2025-01", 10, "A"), ("EMIGRANTS", "2025-02", 8, "E"))
    second = said(("EMIGRANTS", "2025-01", 10, "A"), ("EMIGRANTS", "2025-02", 9, "A"), ("EMIGRANTS", "2025-03", 4, "E"))
    assert triangle({"r1": first, "r2": second}).rows() == [
        ("EMIGRANTS", "2025-01", 10, 10),
        ("EMIGRANTS", "2025-02", 8, 9),
        ("EMIGRANTS", "2025-03", None, 4),
    ]
    assert revisions({"r1": first, "r2": second}).rows() == [("r2", "EMIGRANTS", 1, 1.0, 1.0)]


def test_a_triangle_of_no_vintage_is_empty() -> None:
    assert triangle({}).is_empty()
