"""Progress: what is not known is no zero, a share is not read by its growth, and three columns are never one."""

from datetime import date

import pytest

from torogoz.statistics.deliberation.progress import (
    CROSSWALK,
    STEPS,
    TOLD_AS,
    Measured,
    Method,
    Path,
    Status,
    Vocabulary,
    apart,
    compound_ratio,
    computed_status,
    diverge,
    is_stale,
    linear_pace,
    method_for,
    milestone_progress,
    open_sdg,
    status_of,
    told_as,
)

SHARE_FROM_2_TO_90 = Path(2, 2020, 5, 2023, 90, 2030)


def test_a_share_that_begins_small_looks_moderate_by_growth_and_is_far_behind_by_pace() -> None:
    """2 % became 5 % from 2020 to 2023, on the way to 90 % in 2030."""
    ratio, pace = compound_ratio(SHARE_FROM_2_TO_90), linear_pace(SHARE_FROM_2_TO_90)
    assert ratio == pytest.approx(0.77, abs=5e-3)
    assert pace == pytest.approx(0.11, abs=5e-3)
    assert open_sdg(ratio) == "moderate"
    assert open_sdg(pace) == "limited"
    assert computed_status(Measured.SHARE, SHARE_FROM_2_TO_90).method is Method.PACE


def test_what_doubles_in_half_the_time_in_which_it_shall_quadruple_is_on_time_by_growth() -> None:
    path = Path(100, 2020, 200, 2025, 400, 2030)
    assert compound_ratio(path) == pytest.approx(1)
    assert linear_pace(path) == pytest.approx((100 / 300) / 0.5)
    found = computed_status(Measured.QUANTITY, path)
    assert (found.method, found.status) == (Method.COMPOUND, Status.PARTIALLY)


def test_the_method_follows_from_what_is_measured() -> None:
    large, small = Path(500, 2020, 600, 2022, 900, 2030), Path(4, 2020, 6, 2022, 40, 2030)
    assert method_for(Measured.SHARE, large) is Method.PACE
    assert method_for(Measured.COUNT, large) is Method.COMPOUND
    assert method_for(Measured.COUNT, small) is Method.PACE
    assert method_for(Measured.QUANTITY, small) is Method.COMPOUND
    assert method_for(Measured.QUANTITY, Path(-5, 2020, 6, 2022, 40, 2030)) is Method.PACE
    assert method_for(Measured.COUNT, Path(500, 2020, 100, 2022, 0, 2030)) is Method.PACE


def test_a_target_below_the_base_is_reached_by_falling() -> None:
    falling = Path(80, 2020, 60, 2025, 40, 2030)
    assert linear_pace(falling) == pytest.approx(1)
    assert computed_status(Measured.SHARE, falling).status is Status.PARTIALLY
    assert computed_status(Measured.SHARE, Path(80, 2020, 90, 2025, 40, 2030)).status is Status.REGRESSED
    assert computed_status(Measured.SHARE, Path(80, 2020, 39, 2025, 40, 2030)).status is Status.FULFILLED


def test_no_change_is_not_started_and_no_reading_or_no_target_is_said_as_such() -> None:
    assert computed_status(Measured.SHARE, Path(10, 2020, 10, 2025, 40, 2030)).status is Status.NOT_STARTED
    assert computed_status(Measured.SHARE, None).status is Status.NO_INFORMATION
    assert computed_status(Measured.SHARE, SHARE_FROM_2_TO_90, target_set=False).status is Status.NO_TARGET
    at_the_base = computed_status(Measured.SHARE, Path(10, 2020, 10, 2020, 40, 2030))
    assert (at_the_base.status, at_the_base.pace) == (Status.NO_INFORMATION, None)
    assert open_sdg(None) is None


def test_a_target_before_its_base_is_refused() -> None:
    for measure in (linear_pace, compound_ratio):
        with pytest.raises(ValueError, match="after"):
            measure(Path(1, 2030, 2, 2031, 3, 2030))


def test_growth_from_nothing_has_no_ratio() -> None:
    assert compound_ratio(Path(0, 2020, 5, 2023, 90, 2030)) is None
    assert compound_ratio(Path(5, 2020, 5, 2023, 5, 2030)) is None
    assert linear_pace(Path(5, 2020, 6, 2023, 5, 2030)) is None


def test_a_reading_is_stale_after_eighteen_months_and_not_on_the_day() -> None:
    assert not is_stale(date(2024, 5, 26), date(2025, 11, 26))
    assert is_stale(date(2024, 5, 26), date(2025, 11, 27))
    assert is_stale(date(2024, 5, 31), date(2025, 12, 1))


def test_milestones_count_by_weight_and_unknown_ones_leave_a_range() -> None:
    done = milestone_progress([(3, True), (1, False)])
    assert done is not None
    assert (done.share, done.known) == (0.75, 1)
    some = milestone_progress([(2, True), (1, None), (1, False)])
    assert some is not None
    assert (some.low, some.high, some.share, some.known) == (0.5, 0.75, None, 0.75)
    assert milestone_progress([]) is None
    with pytest.raises(ValueError, match="more than 0"):
        milestone_progress([(0, True)])


def test_columns_that_lie_two_steps_apart_diverge_and_what_is_not_known_never_does() -> None:
    assert diverge(Status.FULFILLED, Status.IN_PROGRESS, Status.PARTIALLY) == (("official", "computed", 2),)
    assert diverge(Status.FULFILLED, Status.REGRESSED, Status.NOT_STARTED) == (
        ("official", "computed", 5),
        ("official", "independent", 4),
    )
    for silent in (Status.NO_INFORMATION, Status.NO_TARGET):
        assert diverge(Status.FULFILLED, silent, silent) == ()
        assert apart(silent, Status.FULFILLED) is None


def test_every_word_of_another_vocabulary_is_a_step_and_each_step_has_a_word_or_none() -> None:
    for vocabulary in Vocabulary:
        assert set(CROSSWALK[vocabulary].values()) <= set(STEPS)
        assert set(TOLD_AS[vocabulary]) == set(STEPS)
        for status, word in TOLD_AS[vocabulary].items():
            assert word is None or word in CROSSWALK[vocabulary], (vocabulary, status)
        for silent in (Status.NO_INFORMATION, Status.NO_TARGET):
            assert told_as(vocabulary, silent) is None
    assert status_of(Vocabulary.GRF, " In  Progress") is Status.IN_PROGRESS
    assert status_of(Vocabulary.UPR_INFO, "") is Status.NO_INFORMATION
    with pytest.raises(KeyError):
        status_of(Vocabulary.GRF, "done")


def test_no_word_of_theirs_says_more_than_ours() -> None:
    for vocabulary in Vocabulary:
        for status, word in TOLD_AS[vocabulary].items():
            if word is not None and vocabulary is not Vocabulary.UPR_INFO and vocabulary is not Vocabulary.MGI:
                assert STEPS[CROSSWALK[vocabulary][word]] <= STEPS[status]
