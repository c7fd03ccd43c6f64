"""What a reader who kept earlier releases knows, and which years stay as they were published."""

from datetime import UTC, datetime

import numpy as np
import polars as pl

from torogoz.shared.releases.making import Earlier, Part, part
from torogoz.statistics.between import final_years, shown_before, told_by
from torogoz.statistics.tabulation import VALUE


def cells(*rows: tuple[str, str, float | None, str]) -> pl.DataFrame:
    schema = {"TIME_PERIOD": pl.String, "SEX": pl.String, VALUE: pl.Float64, "OBS_STATUS": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


NAMES = ["TIME_PERIOD", "SEX"]


def test_of_each_cell_the_newest_release_that_showed_it_is_remembered_and_estimates_are_not() -> None:
    newest = cells(("2025", "F", None, "A"), ("2025", "M", 27.0, "A"), ("2025", "_U", 8.0, "E"))
    oldest = cells(("2025", "F", 6.0, "P"), ("2025", "M", 26.0, "P"))
    shown = shown_before([newest, oldest], NAMES).sort("SEX")
    assert shown.rows() == [("2025", "F", 6.0, True), ("2025", "M", 27.0, False)]


def test_what_has_not_changed_is_known_and_what_only_grows_is_at_least_what_it_was() -> None:
    before = cells(
        ("2025", "F", 6.0, "P"), ("2025", "M", 27.0, "A"), ("2025", "_O", 9.0, "P"), ("2025", "_U", 7.0, "A")
    )
    now = cells(
        ("2025", "F", 10.0, "A"), ("2025", "M", 27.0, "A"), ("2025", "_O", 8.0, "A"), ("2025", "_U", 12.0, "A"),
        ("2025", "_T", 57.0, "A"),
    )  # fmt: skip
    told = told_by(shown_before([before], NAMES), now, NAMES)
    assert told.known.tolist() == [False, True, False, False, False]
    assert told.least.tolist() == [6.0, 0.0, 0.0, 0.0, 0.0]  # a count that fell tells nothing
    nothing = told_by(None, now, NAMES)
    assert not nothing.known.any()
    assert not nothing.least.any()


def test_a_year_is_final_when_neither_it_nor_a_month_of_it_was_open_or_estimated() -> None:
    found = cells(
        ("2022", "F", 6.0, "A"), ("2022-01", "F", 6.0, "A"), ("2023", "F", 6.0, "A"), ("2023-12", "F", 1.0, "E"),
        ("2024", "F", None, "A"), ("2025", "F", 9.0, "P"), ("2026-01", "F", 9.0, "A"),
    )  # fmt: skip
    assert final_years(found, ())["YEAR"].to_list() == ["2022", "2024"]
    assert final_years(found, (), ["2022"])["YEAR"].to_list() == ["2024"]


def victims(institution: str, counts: dict[str, float]) -> pl.DataFrame:
    """Made-up victims of one institution: how many in each month."""
    return pl.DataFrame(
        {
            "TIME_PERIOD": list(counts),
            "REF_AREA": "SV-SS-1",
            "CRIME": "HOMICIDE",
            "REPORTED_BY": institution,
            "SEX": "M",
            "AGE": "Y18T29",
            VALUE: list(counts.values()),
        }
    )


def of_crime(frame: pl.DataFrame, until: datetime, earlier: Part | None = None, *revise: str) -> Part:
    kept = None if earlier is None else Earlier(earlier.rows, earlier.cells)
    return part("CRIME", frame, until=until, zone=UTC, earlier=kept, revise=revise)


def yearly(made: Part, institution: str) -> dict[str, float | None]:
    whole = (pl.col("SEX") == "_T", pl.col("AGE") == "_T", pl.col("REF_AREA") == "SLV", pl.col("FREQ") == "A")
    found = made.cells.filter(pl.col("REPORTED_BY") == institution, *whole)
    return dict(found.select("TIME_PERIOD", VALUE).sort("TIME_PERIOD").iter_rows())


def test_a_year_of_one_institution_stays_and_that_of_one_that_had_not_reported_is_counted() -> None:
    months = {f"2025-{month:02d}": 20.0 for month in range(1, 13)}
    first = of_crime(victims("PNC", months), datetime(2026, 1, 1, tzinfo=UTC))
    assert yearly(first, "PNC") == {"2025": 240.0}
    later = {**months, "2025-03": 18.0, "2026-01": 30.0, "2026-02": 30.0}
    others = {"2024-12": 9.0, **dict.fromkeys(months, 7.0), "2026-01": 9.0}
    frame = pl.concat([victims("PNC", later), victims("FGR", others)])
    second = of_crime(frame, datetime(2026, 3, 1, tzinfo=UTC), first)
    assert yearly(second, "PNC") == {"2025": 240.0, "2026": 60.0}
    assert yearly(second, "FGR")["2025"] == 84.0
    carried = {each.of: (each.figure, each.passes) for each in second.findings if each.check == "carried"}
    assert carried["2025"][0] > 0
    assert not carried["2025"][1]
    revised = of_crime(frame, datetime(2026, 3, 1, tzinfo=UTC), first, "2025")
    assert yearly(revised, "PNC")["2025"] in (238.0, None)
    assert not [each for each in revised.findings if each.check == "carried"]
    assert np.isfinite(revised.published.narrowest or 0.0)


def test_a_year_that_an_institution_had_reported_in_part_is_counted_again() -> None:
    half = {f"2025-{month:02d}": 20.0 for month in range(1, 7)}
    first = of_crime(victims("PNC", half), datetime(2026, 1, 1, tzinfo=UTC))
    whole = {f"2025-{month:02d}": 20.0 for month in range(1, 13)}
    second = of_crime(victims("PNC", whole), datetime(2026, 3, 1, tzinfo=UTC), first)
    assert yearly(second, "PNC")["2025"] == 240.0
