"""Bands of ages: what codes mean, how bands lie in each other, and how people are shared out over other bands."""

import polars as pl
import pytest

from torogoz.domain.ages import ALL, FIVE, Band, NoBand, band, bands, refined, runs, tiling
from torogoz.statistics.ages import BandTwice, OverlappingTarget, harmonise

IDMC = ("Y0T1", "Y0T4", "Y0T14", "Y0T17", "Y0T24", "Y5T11", "Y5T14", "Y12T14", "Y12T16", "Y15T17", "Y15T24", "Y25T64",
        "Y_GE65")  # fmt: skip


def cells(status: str = "A", **values: float | None) -> pl.DataFrame:
    """One group of people by band."""
    known = {code: None if value is None else float(value) for code, value in values.items()}
    return pl.DataFrame(
        {"AGE": list(known), "OBS_VALUE": list(known.values())}, schema={"AGE": pl.String, "OBS_VALUE": pl.Float64}
    ).with_columns(OBS_STATUS=pl.when(pl.col("OBS_VALUE").is_null()).then(pl.lit("M")).otherwise(pl.lit(status)))


def answer(frame: pl.DataFrame, *target: str) -> dict[str, tuple[float | None, str]]:
    """Value and status of each band."""
    found = harmonise(frame, target, ())
    return {code: (value, status) for code, value, status, _ in found.iter_rows()}


@pytest.mark.parametrize(
    ("code", "start", "end"),
    [("Y0T4", 0, 5), ("Y_GE85", 85, None), ("Y_LT18", 0, 18), ("Y_LE17", 0, 18), ("Y_GT84", 85, None), ("Y7", 7, 8),
     ("_T", 0, None)],
)  # fmt: skip
def test_a_code_is_an_interval_of_completed_years(code: str, start: int, end: int | None) -> None:
    assert band(code) == Band(start, end)


def test_a_band_is_written_in_one_way() -> None:
    assert [band(code).code for code in ("Y0T4", "Y_GT84", "Y_LT18", "Y7T7", "_T")] == [
        "Y0T4", "Y_GE85", "Y0T17", "Y7", "_T",
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["_U", "_O", "0-4", "Y5T4", "Y", "Y_GE", "y0t4", ""])
def test_what_is_no_interval_is_refused(code: str) -> None:
    with pytest.raises(NoBand):
        band(code)


def test_bands_contain_meet_and_join() -> None:
    child, teen, adult = band("Y_LT18"), band("Y15T19"), band("Y_GE18")
    assert child.contains(band("Y12T17"))
    assert not child.contains(teen)
    assert adult.contains(band("Y_GE60"))
    assert not band("Y18T59").contains(adult)
    assert child.meet(teen) == band("Y15T17")
    assert child.meet(adult) is None
    assert not child.overlaps(adult)
    assert child.join(adult) == ALL
    assert band("Y0T4").join(band("Y12T17")) == band("Y_LT18")


def test_the_finest_common_bands_of_two_publishers() -> None:
    unhcr, five = bands(["Y0T4", "Y5T11", "Y12T17"]), bands(["Y0T4", "Y5T9", "Y10T14"])
    assert [each.code for each in refined(unhcr, five)] == ["Y0T4", "Y5T9", "Y10T11", "Y12T14", "Y15T17"]
    assert [each.code for each in refined(bands(["Y0T4", "Y_GE60"]))] == ["Y0T4", "Y_GE60"]


def test_overlapping_bands_give_disjoint_ones_that_cover_everybody_in_the_finest_way() -> None:
    assert [each.code for each in tiling(bands(IDMC))] == ["Y0T4", "Y5T11", "Y12T14", "Y15T24", "Y25T64", "Y_GE65"]
    assert [each.code for each in tiling(bands(["Y0T17", "Y0T4", "Y18T59"]))] == ["Y0T17", "Y18T59"]
    assert tiling([]) == ()


def test_bands_with_a_gap_between_them_are_two_runs() -> None:
    assert [len(run) for run in runs(bands(["Y0T4", "Y5T9", "Y20T24"]))] == [2, 1]


def test_bands_that_the_publisher_cut_are_exact_and_others_are_estimates_that_add_up() -> None:
    found = answer(cells(Y0T4=10, Y5T11=20, Y12T17=18, Y18T59=100, Y_GE60=12), *FIVE)
    assert found["Y0T4"] == (10.0, "A")
    assert {status for code, (_, status) in found.items() if code != "Y0T4"} == {"E"}
    values = {code: value or 0.0 for code, (value, _) in found.items()}
    assert sum(values.values()) == 160
    assert all(value >= 0 and value == int(value) for value in values.values())
    broad = answer(cells(Y0T4=10, Y5T11=20, Y12T17=18, Y18T59=100, Y_GE60=12), "Y_LT18", "Y18T64", "Y_GE65")
    assert broad["Y_LT18"] == (48.0, "A")
    assert broad["Y18T64"][1] == "E"
    assert (broad["Y18T64"][0] or 0) + (broad["Y_GE65"][0] or 0) == 112
    assert broad["Y_GE65"][1] == "E"


def test_a_band_alone_is_shared_out_evenly() -> None:
    assert answer(cells(Y0T9=10), "Y0T4", "Y5T9") == {"Y0T4": (5.0, "E"), "Y5T9": (5.0, "E")}


def test_a_person_left_over_goes_to_the_largest_remainder_and_in_a_tie_to_the_younger() -> None:
    assert answer(cells(Y0T9=11), "Y0T4", "Y5T9") == {"Y0T4": (6.0, "E"), "Y5T9": (5.0, "E")}
    assert answer(cells(Y0T9=1), "Y0T2", "Y3T9") == {"Y0T2": (0.0, "E"), "Y3T9": (1.0, "E")}


def test_people_of_unknown_age_are_kept_apart_and_never_shared_out() -> None:
    found = harmonise(cells(Y0T9=10, _U=7, _T=17), ("Y0T4", "Y5T9"), ())
    assert found.rows() == [
        ("Y0T4", 5.0, "E", True), ("Y5T9", 5.0, "E", True), ("_U", 7.0, "A", False), ("_T", 17.0, "A", False),
    ]  # fmt: skip


def test_what_is_not_known_stays_unknown_and_spoils_no_other_band() -> None:
    found = answer(cells(Y0T4=10, Y5T11=None, Y12T17=18), "Y0T4", "Y5T9", "Y10T14", "Y15T17")
    assert found["Y0T4"] == (10.0, "A")
    assert found["Y5T9"] == found["Y10T14"] == (None, "M")
    assert found["Y15T17"] == (9.0, "E")


def test_ages_that_nobody_gave_are_not_zero() -> None:
    assert answer(cells(Y0T17=10), "Y_LT18", "Y_GE18") == {"Y_LT18": (10.0, "A"), "Y_GE18": (None, "M")}
    assert answer(cells(Y0T17=None), "Y_LT18") == {"Y_LT18": (None, "M")}


def test_an_open_band_thins_out_towards_a_hundred_years() -> None:
    found = answer(cells(Y18T59=300, Y_GE60=100), "Y60T79", "Y_GE80")
    assert (found["Y60T79"][0] or 0) + (found["Y_GE80"][0] or 0) == 100
    assert (found["Y60T79"][0] or 0) > 2 * (found["Y_GE80"][0] or 0) > 0


def test_overlapping_bands_of_one_publisher_refine_each_other() -> None:
    # El Salvador 2022, women, IDMC: Y15T17 lies in Y15T24, so 18 is a cut that is known.
    found = answer(cells(Y0T4=10, Y5T14=30, Y15T24=25, Y15T17=7), "Y0T17", "Y18T19", "Y20T24")
    assert found["Y0T17"] == (47.0, "A")
    assert found["Y18T19"][1] == found["Y20T24"][1] == "E"
    assert (found["Y18T19"][0] or 0) + (found["Y20T24"][0] or 0) == 18


def test_a_band_that_contradicts_the_others_refines_nothing() -> None:
    found = answer(cells(Y15T24=25, Y15T17=26), "Y15T17", "Y18T24")
    assert found["Y15T17"][1] == found["Y18T24"][1] == "E"
    assert (found["Y15T17"][0] or 0) + (found["Y18T24"][0] or 0) == 25


def test_figures_that_are_not_whole_add_up_too() -> None:
    found = answer(cells(Y0T9=10.5), "Y0T4", "Y5T9")
    assert found == {"Y0T4": (5.25, "E"), "Y5T9": (5.25, "E")}


def test_a_publishers_own_estimate_stays_an_estimate() -> None:
    assert answer(cells("E", Y0T4=10, Y5T9=5), "Y0T9") == {"Y0T9": (15.0, "E")}
    assert harmonise(cells("E", Y0T4=10, Y5T9=5), ["Y0T9"], ())["AGE_SPLIT"].to_list() == [False]


def test_people_are_shared_out_as_a_reference_schedule_has_them() -> None:
    schedule = pl.DataFrame({"AGE": ["Y0T4", "Y5T9"], "OBS_VALUE": [30.0, 10.0]})
    found = harmonise(cells(Y0T9=100), ("Y0T4", "Y5T9"), (), schedule)
    assert found["OBS_VALUE"].to_list() == [75.0, 25.0]


def test_each_group_may_have_a_schedule_of_its_own_and_one_without_is_shared_out_evenly() -> None:
    schedule = pl.DataFrame({"SEX": ["F", "F"], "AGE": ["Y0T4", "Y5T9"], "OBS_VALUE": [9.0, 1.0]})
    both = pl.concat([cells(Y0T9=100).with_columns(SEX=pl.lit(sex)) for sex in ("F", "M")])
    found = harmonise(both, ("Y0T4", "Y5T9"), ["SEX"], schedule)
    assert found.select("SEX", "AGE", "OBS_VALUE").rows() == [
        ("F", "Y0T4", 90.0), ("F", "Y5T9", 10.0), ("M", "Y0T4", 50.0), ("M", "Y5T9", 50.0),
    ]  # fmt: skip


def test_groups_that_know_different_bands_are_answered_side_by_side() -> None:
    frame = pl.concat(
        [cells(Y0T4=4, Y5T9=6).with_columns(SEX=pl.lit("F")), cells(Y0T9=10).with_columns(SEX=pl.lit("M"))]
    )
    found = harmonise(frame, ("Y0T4", "Y5T9"), ["SEX"])
    assert found["OBS_VALUE"].to_list() == [4.0, 6.0, 5.0, 5.0]
    assert found["OBS_STATUS"].to_list() == ["A", "A", "E", "E"]


def test_bands_that_overlap_cannot_be_asked_for() -> None:
    with pytest.raises(OverlappingTarget):
        harmonise(cells(Y0T9=10), ("Y0T4", "Y_LT18"), ())


def test_a_group_that_has_a_band_twice_is_refused() -> None:
    with pytest.raises(BandTwice):
        harmonise(pl.concat([cells(Y0T9=10), cells(Y0T9=10)]), ("Y0T4", "Y5T9"), ())
