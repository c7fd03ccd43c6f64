"""Plans and follow-ups as rows of fact tables: a month, a sex, whether a child; no name, no day, no word of a plan."""

from collections.abc import Iterable
from typing import Final

import polars as pl

HEADER: Final = ("TIME_PERIOD", "person", "SEX", "AGE_GROUP")
PLANS: Final = pl.Schema({"encounter": pl.Int64, "AGREED_30": pl.String})
GOALS: Final = pl.Schema({"encounter": pl.Int64, "GOAL_STATE": pl.String})
FOLLOW_UPS: Final = pl.Schema({"encounter": pl.Int64, "MONTH": pl.String, "MOMENT": pl.String, "MADE": pl.String})
SCORES: Final = pl.Schema(
    {
        "encounter": pl.Int64,
        "MONTH": pl.String,
        "MOMENT": pl.String,
        "DIMENSION": pl.String,
        "PROVISIONAL": pl.String,
        "instrument_version": pl.Int64,
        "score_percent": pl.Int64,
    }
)


def reintegration_rows(rows: pl.DataFrame, lines: Iterable[tuple[object, ...]], schema: pl.Schema) -> pl.DataFrame:
    """One row per line, with whose it is, in the columns of its fact table.

    rows     as `statistics.returns.person_rows` gives them; a line of an arrival that is not there is left out
    lines    in the columns of `schema`, one of those above; MONTH, where there is one, is the period, else that of the
             arrival; null is unknown
    """
    frame = pl.DataFrame(list(lines), schema=schema, orient="row")
    joined = rows.select("encounter", *HEADER).join(frame, on="encounter", how="inner").drop("encounter")
    if "MONTH" not in joined.columns:
        return joined
    return joined.with_columns(TIME_PERIOD=pl.col("MONTH")).drop("MONTH")
