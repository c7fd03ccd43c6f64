"""Notices of what looks odd: each rule speaks where it should, is silent elsewhere, and sees only what is shown."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl
import pytest

from torogoz.statistics.anomalies import Expected, Notice, Severity, late, notices

TOTALS = {"SEX": "_T", "COUNTRY": "_T"}
SUMS = [("SEX", "_T", ("F", "M", "_U")), ("COUNTRY", "_T", ("USA", "MEX"))]
MONTHS = [f"{year}-{month:02d}" for year in (2023, 2024, 2025, 2026) for month in range(1, 13)]
SEASON = [1.0, 0.9, 1.2, 1.1, 1.0, 0.8, 0.9, 1.3, 1.0, 1.1, 0.7, 0.6]


def month_cells(counts: Mapping[str, float | None], **where: str) -> pl.DataFrame:
    """Published months of one series; None is hidden."""
    return pl.DataFrame(
        {
            "FREQ": ["M"] * len(counts),
            "TIME_PERIOD": list(counts),
            "SEX": where.get("SEX", "_T"),
            "COUNTRY": where.get("COUNTRY", "_T"),
            "OBS_VALUE": [None if count is None else float(count) for count in counts.values()],
            "OBS_STATUS": where.get("STATUS", "A"),
        },
        schema_overrides={"OBS_VALUE": pl.Float64},
    ).with_columns(CONF_STATUS=pl.when(pl.col("OBS_VALUE").is_null()).then(pl.lit("C")).otherwise(pl.lit("F")))


def seasonal(level: float = 400, seed: int = 3) -> dict[str, float | None]:
    """Four made-up years with a season and the spread of chance."""
    chance = np.random.default_rng(seed)
    return {month: float(chance.poisson(level * SEASON[int(month[5:]) - 1])) for month in MONTHS}


def found(cells: pl.DataFrame, rule: str, earlier: pl.DataFrame | None = None) -> list[Notice]:
    return [each for each in notices("RETURNS", cells, earlier, TOTALS, SUMS) if each.rule == rule]


def test_a_month_far_from_its_season_is_noticed_with_what_was_expected() -> None:
    counts = seasonal()
    counts["2026-08"] = 900.0
    (notice,) = found(month_cells(counts), "seasonal")
    assert (notice.series, notice.period, notice.value, notice.severity) == ("", "2026-08", 900.0, Severity.SEVERE)
    assert notice.expected == pytest.approx(520, rel=0.15)
    assert notice.version == "1"


def test_a_season_itself_is_no_anomaly() -> None:
    assert [each for seed in range(6) for each in found(month_cells(seasonal(seed=seed)), "seasonal")] == []


def test_a_fall_is_noticed_as_well_as_a_rise() -> None:
    counts = seasonal()
    counts["2026-08"] = 100.0
    (notice,) = found(month_cells(counts), "seasonal")
    assert (notice.score or 0) < -6


def test_one_odd_month_in_the_past_hides_no_later_one() -> None:
    counts = seasonal()
    counts["2025-03"] = 4_000.0
    counts["2026-08"] = 900.0
    assert "2026-08" in [each.period for each in found(month_cells(counts), "seasonal")]


def test_a_new_level_is_noticed_once_and_not_again_every_month() -> None:
    counts = seasonal()
    for month in MONTHS[-5:]:
        counts[month] = (counts[month] or 0) * 2
    assert [each.period for each in found(month_cells(counts), "seasonal")] == ["2026-08"]


def test_without_a_year_before_the_months_before_are_what_is_expected() -> None:
    counts: dict[str, float | None] = dict.fromkeys(MONTHS[:10], 100.0)
    counts[MONTHS[9]] = 200.0
    (notice,) = found(month_cells(counts), "level")
    assert (notice.value, notice.expected) == (200.0, 100.0)


def test_months_that_are_not_over_and_those_of_more_than_a_year_ago_are_left_alone() -> None:
    counts = seasonal()
    counts["2026-12"] = 5.0
    open_month = month_cells({"2026-12": 5.0}, STATUS="P")
    cells = pl.concat([month_cells({m: c for m, c in counts.items() if m != "2026-12"}), open_month])
    assert found(cells, "seasonal") == []
    counts = seasonal()
    counts["2025-08"] = 1_200.0
    assert "2025-08" not in [each.period for each in found(month_cells(counts), "seasonal")]


def test_a_total_speaks_for_parts_that_are_no_odder() -> None:
    whole, women = seasonal(), seasonal(100, seed=5)
    whole["2026-08"], women["2026-08"] = 1_600.0, 250.0
    cells = pl.concat([month_cells(whole), month_cells(women, SEX="F")])
    assert [each.series for each in found(cells, "seasonal")] == [""]
    whole["2026-08"] = seasonal()["2026-08"]
    cells = pl.concat([month_cells(whole), month_cells(women, SEX="F")])
    assert [each.series for each in found(cells, "seasonal")] == ["SEX=F"]


def test_a_hidden_month_is_never_scored_and_never_counts_as_zero() -> None:
    counts = seasonal()
    for month in ("2024-08", "2025-08", "2026-02", "2026-08"):
        counts[month] = None
    assert found(month_cells(counts), "seasonal") == []
    assert found(month_cells(counts), "level") == []


def test_a_rising_share_of_unknowns_is_noticed() -> None:
    whole: dict[str, float | None] = dict.fromkeys(MONTHS[:14], 1000.0)
    unknown: dict[str, float | None] = dict.fromkeys(MONTHS[:14], 10.0)
    unknown[MONTHS[12]], unknown[MONTHS[13]] = 90.0, 400.0
    cells = pl.concat([month_cells(whole), month_cells(unknown, SEX="_U")])
    told = found(cells, "missing_share")
    assert [(each.series, each.period, each.value, each.expected, each.severity) for each in told] == [
        ("SEX=_U", MONTHS[12], 0.09, 0.01, Severity.NOTICE),
        ("SEX=_U", MONTHS[13], 0.4, 0.02, Severity.SEVERE),
    ]


def test_parts_that_do_not_add_up_are_severe_and_hidden_parts_are_not_taken_for_zero() -> None:
    def year(**parts: float | None) -> pl.DataFrame:
        cells = [month_cells({"2026-01": parts[name]}, SEX=code) for name, code in
                 (("whole", "_T"), ("women", "F"), ("men", "M"), ("unknown", "_U"))]  # fmt: skip
        return pl.concat(cells)

    assert found(year(whole=10, women=4, men=6, unknown=0), "broken_sum") == []
    (notice,) = found(year(whole=10, women=4, men=7, unknown=0), "broken_sum")
    assert (notice.value, notice.expected, notice.score, notice.severity) == (10.0, 11.0, 1.0, Severity.SEVERE)
    assert found(year(whole=10, women=4, men=None, unknown=None), "broken_sum") == []
    assert len(found(year(whole=10, women=11, men=None, unknown=None), "broken_sum")) == 1
    assert found(year(whole=None, women=4, men=6, unknown=0), "broken_sum") == []
    whole_and_women = year(whole=10, women=4, men=6, unknown=0).filter(pl.col("SEX").is_in(["_T", "F"]))
    assert found(whole_and_women, "broken_sum") == []  # a table that does not publish every part


def year_cells(**counts: float | None) -> pl.DataFrame:
    """Published figures of 2025 by country."""
    parts = [month_cells({"2025": count}, COUNTRY=code) for code, count in counts.items()]
    return pl.concat(parts).with_columns(FREQ=pl.lit("A"))


def test_a_code_that_is_new_is_noticed_unless_its_figure_is_hidden() -> None:
    before = year_cells(_T=100, USA=100)
    assert [each.series for each in found(year_cells(_T=100, USA=80, MEX=20), "unseen_code", before)] == ["COUNTRY=MEX"]
    assert found(year_cells(_T=100, USA=97, MEX=None), "unseen_code", before) == []
    assert found(year_cells(_T=100, USA=100, MEX=0), "unseen_code", before) == []
    assert found(year_cells(_T=100, USA=80, MEX=20), "unseen_code") == []


def test_a_large_revision_is_noticed_and_a_small_one_or_of_an_open_period_is_not() -> None:
    before = year_cells(_T=1000, USA=800, MEX=200)
    told = found(year_cells(_T=1300, USA=845, MEX=215), "revision", before)
    assert [(each.series, each.expected, each.value, each.severity) for each in told] == [
        ("", 1000.0, 1300.0, Severity.SEVERE),
        ("COUNTRY=USA", 800.0, 845.0, Severity.NOTICE),
    ]
    provisional = before.with_columns(OBS_STATUS=pl.lit("P"))
    assert found(year_cells(_T=1300, USA=845, MEX=215), "revision", provisional) == []


@pytest.mark.parametrize(
    ("today", "days", "severity"),
    [
        (date(2026, 7, 19), None, None),
        (date(2026, 7, 21), 1, Severity.NOTICE),
        (date(2026, 11, 20), 123, Severity.SEVERE),
    ],
)
def test_a_file_is_late_after_its_day(today: date, days: int | None, severity: Severity | None) -> None:
    told = late([Expected("unhcr", "A", 200)], {"unhcr": "2024"}, today)
    assert [(each.value, each.severity, each.period) for each in told] == ([(days, severity, "2025")] if days else [])


def test_a_monthly_file_is_expected_after_its_month_and_one_never_received_is_not_late() -> None:
    calendar = [Expected("returns", "M", 20)]
    assert late(calendar, {"returns": "2026-09"}, date(2026, 11, 20)) == []
    assert [each.period for each in late(calendar, {"returns": "2026-09"}, date(2026, 11, 22))] == ["2026-10"]
    assert [each.period for each in late(calendar, {"returns": "2025-12"}, date(2026, 3, 1))] == ["2026-01"]
    assert late(calendar, {}, date(2026, 11, 22)) == []
    assert late(calendar, {"returns": "2026-11"}, date(2026, 11, 22)) == []


def test_nothing_published_gives_no_notice() -> None:
    assert notices("RETURNS", month_cells({}), None, TOTALS, SUMS) == []
