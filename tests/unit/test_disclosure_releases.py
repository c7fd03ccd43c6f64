"""What a release publishes: its list of tables, the rows without persons, the periods, and the findings."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from tests.made_up import arrivals
from torogoz.statistics import validation
from torogoz.statistics.coverage import UnclearCode, coverage, months_between, not_over
from torogoz.statistics.releases import PLANS, RETURNS_COLUMNS, published
from torogoz.statistics.tabulation import VALUE

HOME = ZoneInfo("America/El_Salvador")
PLAN = PLANS["RETURNS"]


def rows_of(**columns: list[object]) -> pl.DataFrame:
    """A frame as the topic gives it, with a plain value in each column that is not given."""
    height = len(next(iter(columns.values())))
    plain = {"TIME_PERIOD": "2025-01", "SEX": "M", "age": 30, "AGE": "Y30T34", "COUNTERPART_AREA": "USA", "MODE": "AIR"}
    rest = {"ACCOMPANIED": "N", "ORIGIN": "SV-SS", "REF_AREA": "SV-SS", "REASON": "ECONOMIC", "NATIONALITY": "SLV"}
    return pl.DataFrame({**{name: [value] * height for name, value in {**plain, **rest}.items()}, **columns})


@pytest.mark.parametrize(
    ("code", "cut_off"),
    [("2026", "2027-01-01"), ("2026-Q3", "2026-10-01"), ("2026-Q4", "2027-01-01"), ("2026-08", "2026-09-01")],
)
def test_a_code_gives_the_first_moment_that_is_not_covered(code: str, cut_off: str) -> None:
    assert coverage(code).cut_off(HOME) == datetime.fromisoformat(cut_off).replace(tzinfo=HOME)


@pytest.mark.parametrize("code", ["2026-Q5", "2026-13", "26", "2026-Q", "2026-8", "", "2026-08-01"])
def test_a_code_that_names_no_period_is_refused_with_how_to_write_one(code: str) -> None:
    with pytest.raises(UnclearCode, match="2026-Q3"):
        coverage(code)


def test_months_run_over_the_end_of_a_year() -> None:
    assert months_between("2024-11", "2025-02") == ["2024-11", "2024-12", "2025-01", "2025-02"]
    assert months_between("2025-02", "2025-01") == []


def test_the_month_and_the_year_that_are_not_over_are_open() -> None:
    months = months_between("2025-11", "2026-09")
    assert not_over(months, datetime(2026, 10, 1, tzinfo=HOME)) == ["2026"]
    assert not_over(months, datetime(2026, 9, 20, 12, tzinfo=HOME)) == ["2026", "2026-09"]
    assert not_over(months_between("2025-01", "2025-12"), datetime(2026, 1, 1, tzinfo=HOME)) == []


def test_the_single_year_of_age_does_not_leave() -> None:
    rows = PLAN.deidentified(arrivals(50))
    assert tuple(rows.columns) == RETURNS_COLUMNS
    assert "age" not in rows.columns


@pytest.mark.parametrize(
    ("age", "band", "kept", "group"),
    [
        (3, "Y0T4", "Y0T4", "Y_LT18"),
        (17, "Y15T19", "Y15T19", "Y_LT18"),
        (18, "Y15T19", "Y15T19", "Y_GE18"),
        (90, "Y_GE85", "Y_GE85", "Y_GE18"),
        (None, "Y20T24", "Y20T24", "Y_GE18"),
        (None, "Y15T19", "_U", "_U"),
        (None, "_U", "_U", "_U"),
        (None, "Y_GE18", "_U", "_U"),
    ],
)
def test_band_and_majority_are_known_together_or_not_at_all(age: int | None, band: str, kept: str, group: str) -> None:
    frame = rows_of(AGE=[band]).with_columns(age=pl.lit(age, dtype=pl.Int64))
    assert PLAN.deidentified(frame).select("AGE", "AGE_GROUP").row(0) == (kept, group)


def test_an_empty_value_is_unknown_and_never_another_category() -> None:
    rows = PLAN.deidentified(rows_of(ORIGIN=["", None, "SV-AH"]))
    assert rows["ORIGIN"].to_list() == ["_U", "_U", "SV-AH"]


def test_a_code_that_is_on_no_list_stops_the_release_and_is_named() -> None:
    with pytest.raises(ValueError, match="SV-XX"):
        published(PLAN.deidentified(rows_of(REF_AREA=["SV-XX"])), PLAN, ["2025-01"])


def test_every_total_is_the_sum_of_a_plain_count_over_the_rows() -> None:
    rows = PLAN.deidentified(arrivals(800, 2024, 2025, seed=2))
    months = months_between("2024-01", "2025-12")
    cells = PLAN.counted(rows, months)
    groups = {"Y_LT18", "Y_GE18"}
    for cell in cells.sample(300, seed=4).iter_rows(named=True):
        count = 0
        for row in rows.iter_rows(named=True):
            age = row["AGE_GROUP"] if cell["AGE"] in groups else row["AGE"]
            if cell["AGE"] in {"Y15T17", "Y18T19"}:
                age = {"Y_LT18": "Y15T17", "Y_GE18": "Y18T19"}.get(row["AGE_GROUP"]) if age == "Y15T19" else None
            if cell["REASON"] == "NOT_INSECURITY" and row["REASON"] != "INSECURITY":
                row = {**row, "REASON": "NOT_INSECURITY"}
            count += (
                row["TIME_PERIOD"].startswith(cell["TIME_PERIOD"])
                and cell["AGE"] in ("_T", age)
                and all(
                    cell[name] in ("_T", "SLV", row[name])
                    for name in ("SEX", "COUNTERPART_AREA", "MODE", "REF_AREA", "ORIGIN", "REASON")
                )
            )
        assert cell[VALUE] == count, cell


def test_a_month_without_anybody_is_zero_and_a_small_one_is_hidden() -> None:
    frame = rows_of(TIME_PERIOD=["2025-01"] * 30 + ["2025-03"] * 2 + ["2025-04"] * 40)
    made = published(PLAN.deidentified(frame), PLAN, months_between("2025-01", "2025-04"))
    months = made.cells.filter((pl.col("FREQ") == "M") & (pl.col("SEX") == "_T")).sort("TIME_PERIOD")
    assert months[VALUE].to_list()[1:3] == [0.0, None]
    assert months["CONF_STATUS"].to_list()[1:3] == ["F", "C"]


def test_nobody_at_all_publishes_no_cell() -> None:
    assert published(PLAN.deidentified(arrivals(5).head(0)), PLAN, []).cells.is_empty()


@pytest.mark.parametrize("people", [1, 4, 20])
def test_when_everything_is_hidden_no_interval_has_an_upper_end(people: int) -> None:
    made = published(
        PLAN.deidentified(arrivals(people, 2025, 2025, seed=1)), PLAN, months_between("2025-01", "2025-12")
    )
    hidden = made.cells.filter(pl.col("CONF_STATUS") == "C")
    assert hidden.height > 0
    assert made.narrowest is None or (made.narrowest >= 5 and people >= 5)


def test_findings_say_what_is_missing_new_and_jumps() -> None:
    months = months_between("2024-01", "2025-02")
    frame = rows_of(TIME_PERIOD=[month for month in months[:-1] for _ in range(20)] + [months[-1]] * 400)
    frame = frame.with_columns(SEX=pl.when(pl.int_range(pl.len()) < 33).then(pl.lit("_U")).otherwise(pl.lit("M")))
    rows = PLAN.deidentified(frame)
    made = published(rows, PLAN, months)
    earlier = rows.filter((pl.col("SEX") == "M") & (pl.col("TIME_PERIOD") < "2025-02"))
    names = [each.name for each in PLAN.dimensions(rows, months)]
    found = {(each.check, each.of): each for each in validation.report(rows, made.counts, earlier, names)}
    assert not found["unknown", "SEX"].passes
    assert found["unknown", "AGE"].passes
    assert found["sum_of_parts", "months"].passes
    assert found["sum_of_parts", "years"].passes
    assert found["jump", "2025-02"].figure > 6
    assert found["code_never_seen", "SEX _U"].figure == 33
    assert ("jump", "") in {(each.check, each.of) for each in validation.report(rows, made.counts, rows, names)}


def test_changes_tell_hidden_from_gone_and_revised_from_the_same() -> None:
    def cells(*values: tuple[str, float | None, str]) -> pl.DataFrame:
        return pl.DataFrame(
            values, schema={"SEX": pl.String, VALUE: pl.Float64, "CONF_STATUS": pl.String}, orient="row"
        )

    before = cells(("F", 100.0, "F"), ("M", 9.0, "F"), ("_O", None, "C"), ("_U", 7.0, "F"), ("X", 3.0, "F"))
    after = cells(("F", 106.0, "F"), ("M", None, "C"), ("_O", 8.0, "F"), ("_U", 7.0, "F"), ("Y", 1.0, "F"))
    found = validation.changes(before, after, ["SEX"])
    assert dict(found.select("SEX", "HOW").iter_rows()) == {
        "F": "revised", "M": "hidden", "_O": "shown", "X": "gone", "Y": "added",
    }  # fmt: skip
    assert found.filter("MATERIAL")["SEX"].to_list() == ["F"]
    assert validation.close_differences(before, after, ["SEX"], 5) == 0
    assert validation.close_differences(before, after, ["SEX"], 7) == 1


def test_the_release_is_made_for_the_time_of_el_salvador() -> None:
    assert coverage("2026-Q3").cut_off(HOME).astimezone(UTC) == datetime(2026, 10, 1, 6, tzinfo=UTC)
