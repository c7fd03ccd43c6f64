"""Whatever is published in whatever bands: nobody is lost, made up, or counted below zero."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from torogoz.domain.ages import FIVE, Band, refined, tiling
from torogoz.statistics.ages import harmonise


@st.composite
def published(draw: st.DrawFn) -> pl.DataFrame:
    """Whole persons in disjoint bands from birth on, the last one open."""
    cuts = sorted(draw(st.sets(st.integers(1, 95), min_size=1, max_size=12)))
    bands = [Band(start, end) for start, end in zip([0, *cuts], [*cuts, None], strict=True)]
    values = draw(st.lists(st.integers(0, 10_000), min_size=len(bands), max_size=len(bands)))
    return pl.DataFrame({"AGE": [each.code for each in bands], "OBS_VALUE": [float(value) for value in values]})


@given(published())
@settings(max_examples=60, deadline=None)
def test_nobody_is_lost_and_no_band_is_negative_or_broken(frame: pl.DataFrame) -> None:
    found = harmonise(frame, FIVE, ())
    assert found["OBS_VALUE"].sum() == frame["OBS_VALUE"].sum()
    assert found["OBS_VALUE"].min() >= 0  # type: ignore[operator]
    assert (found["OBS_VALUE"] == found["OBS_VALUE"].floor()).all()


@given(published(), st.sets(st.integers(1, 95), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_refining_and_coarsening_again_gives_back_what_was_published(frame: pl.DataFrame, cuts: set[int]) -> None:
    own = [Band(*_ends(code)) for code in frame["AGE"]]
    places = sorted(cuts)
    others = [Band(start, end) for start, end in zip([0, *places], [*places, None], strict=True)]
    fine = harmonise(frame, [each.code for each in refined(own, others)], ())
    back = harmonise(fine.select("AGE", "OBS_VALUE"), frame["AGE"].to_list(), ())
    assert back["OBS_VALUE"].to_list() == frame["OBS_VALUE"].to_list()
    assert not back["AGE_SPLIT"].any()


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 30)), min_size=1, max_size=9))
@settings(max_examples=150, deadline=None)
def test_a_tiling_is_disjoint_and_no_choice_of_the_bands_covers_more_years(pairs: list[tuple[int, int]]) -> None:
    given_bands = {Band(start, start + years) for start, years in pairs}
    chosen = tiling(given_bands)
    assert all(not one.overlaps(other) for one in chosen for other in chosen if one != other)
    assert set(chosen) <= given_bands
    assert sum(each.years() for each in chosen) == _most_years(sorted(given_bands))


def _most_years(bands: list[Band]) -> int:
    """The same, by trying every choice."""
    if not bands:
        return 0
    first, rest = bands[0], bands[1:]
    free = [each for each in rest if not each.overlaps(first)]
    return max(first.years() + _most_years(free), _most_years(rest))


def _ends(code: str) -> tuple[int, int | None]:
    if code.startswith("Y_GE"):
        return int(code[4:]), None
    first, _, last = code[1:].partition("T")
    return int(first), int(last or first) + 1
