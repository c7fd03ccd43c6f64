"""Published figures that contradict each other are found, and neither is taken away."""

import csv
from importlib import resources

import polars as pl

from torogoz.statistics.contradictions import Rivals, broken_sums, rival_totals


def figures(*rows: tuple[str, str, str, float | None, str]) -> pl.DataFrame:
    """Series, breakdown, period, value, status of returns."""
    names = ["SERIES", "BREAKDOWN", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS"]
    schema = {name: pl.Float64 if name == "OBS_VALUE" else pl.String for name in names}
    return pl.DataFrame(list(rows), schema=schema, orient="row").with_columns(INDICATOR=pl.lit("RETURNS"))


def shipped() -> pl.DataFrame:
    """The published figures that the project ships."""
    text = resources.files("torogoz.shared.sources").joinpath("data", "headlines.csv").read_text(encoding="utf-8")
    frame = pl.DataFrame(list(csv.DictReader(text.splitlines())))
    return frame.with_columns(pl.col("OBS_VALUE").cast(pl.Float64))


def test_the_official_page_of_2018_gives_parts_of_2016_as_those_of_2017() -> None:
    found = [each for each in broken_sums(shipped()) if each.period == "2017"]
    assert [(each.series, each.parts, each.sum, each.total, each.equals) for each in found] == [
        ("DGME_PAGE_2018", (("AIR", 24004.0), ("LAND", 28934.0)), 52938.0, 26838.0, (("2016", "DGME"),))
    ]


def test_both_figures_of_2017_and_those_of_the_press_are_kept_with_source_date_and_reliability() -> None:
    kept = shipped().filter(pl.col("INDICATOR") == "RETURNS", pl.col("TIME_PERIOD").is_in(["2016", "2017"]))
    said = {
        (row["SERIES"], row["BREAKDOWN"], row["TIME_PERIOD"]): (row["OBS_VALUE"], row["RELIABILITY"])
        for row in kept.iter_rows(named=True)
    }
    assert said["DGME_PAGE_2018", "_T", "2017"] == (26838.0, "EXCERPT")
    assert said["DGME_PAGE_2018", "AIR", "2017"] == (24004.0, "EXCERPT")
    assert said["DGME_PAGE_2018", "LAND", "2017"] == (28934.0, "EXCERPT")
    assert said["PRESS", "_T", "2017"] == (26828.0, "EXCERPT")
    assert said["PRESS", "_T", "2016"] == (52548.0, "EXCERPT")
    assert kept.filter((pl.col("SOURCE") == "") | (pl.col("SOURCE_DATE") == "")).is_empty()


def test_series_that_disagree_on_a_total_are_named_the_largest_first() -> None:
    found = {each.period: each for each in rival_totals(shipped()) if each.indicator == "RETURNS"}
    assert found["2017"].totals == (
        ("DGME_PAGE_2018", 26838.0), ("DGME", 26837.0), ("PRESS", 26828.0), ("EL_MUNDO", 15809.0),
    )  # fmt: skip
    assert "2015" not in found  # one of the two is an estimate


def test_a_consistent_series_is_left_in_peace() -> None:
    assert not [each for each in broken_sums(shipped()) if each.period == "2022-01"]


def test_a_total_without_all_of_its_parts_is_not_judged() -> None:
    assert broken_sums(figures(("X", "_T", "2017", 10.0, "A"), ("X", "AIR", "2017", 3.0, "A"))) == []
    unknown = figures(("X", "_T", "2017", 10.0, "A"), ("X", "AIR", "2017", 3.0, "A"), ("X", "LAND", "2017", None, "M"))
    assert broken_sums(unknown) == []
    estimated = figures(("X", "_T", "2017", 10.0, "E"), ("X", "AIR", "2017", 3.0, "A"), ("X", "LAND", "2017", 3.0, "A"))
    assert broken_sums(estimated) == []


def test_part_of_a_year_is_no_rival_of_the_year() -> None:
    rows = figures(("DGME", "_T", "2024", 10.0, "A"), ("DGME_PART_YEAR", "_T", "2024", 8.0, "A"))
    assert rival_totals(rows) == []
    assert rival_totals(pl.concat([rows, figures(("PRESS", "_T", "2024", 9.0, "A"))])) == [
        Rivals("RETURNS", "2024", (("DGME", 10.0), ("PRESS", 9.0)))
    ]
