"""The observations of a dataflow, one per key: what the log keeps and what SDMX messages carry."""

import polars as pl

from torogoz.statistics import periods
from torogoz.statistics.dataflows import TIME, Dataflow, select

DATASET = "DATASET"
EDITION = "EDITION"
UNKNOWN = "OBS_UNKNOWN"
SHOWN = "F"


def keys_of(flow: Dataflow) -> list[str]:
    """What tells two observations of a dataflow apart: its dimensions, and whose data set says it."""
    return [*flow.names, DATASET]


def in_order(flow: Dataflow) -> list[str]:
    """The keys with the time last: the order in which observations of one series stand together."""
    return [*(name for name in keys_of(flow) if name != TIME), TIME]


def columns_of(flow: Dataflow) -> list[str]:
    """The columns of `one_per_key`, in order."""
    return [*keys_of(flow), "OBS_VALUE", "OBS_STATUS", "CONF_STATUS", UNKNOWN, *flow.attributes, EDITION]


def one_per_key(frame: pl.LazyFrame, flow: Dataflow) -> pl.DataFrame:
    """Observations as published, those that share a key added up: the figures of an answer by every dimension.

    frame    the dimensions, OBS_VALUE, OBS_STATUS, DATASET, VINTAGE; optionally CONF_STATUS and attributes
    returns  the keys (str), OBS_VALUE (float; null where it is not known or protected), OBS_STATUS, CONF_STATUS (F
             where nothing is said), OBS_UNKNOWN (int: observations without a figure that a sum leaves out; null where
             nothing was added), attributes, EDITION (str)
    """
    found = frame.collect()
    if found.height and found.select(keys_of(flow)).is_duplicated().any():
        found = _added(found, flow)
    else:
        found = found.rename({"VINTAGE": EDITION})
    have = found.columns
    missing = [pl.lit(None, dtype=pl.String).alias(name) for name in flow.attributes if name not in have]
    if "CONF_STATUS" not in have:
        missing.append(pl.lit(SHOWN).alias("CONF_STATUS"))
    if UNKNOWN not in have:
        missing.append(pl.lit(None, dtype=pl.Int64).alias(UNKNOWN))
    whole = found.with_columns(missing).with_columns(pl.col("CONF_STATUS").fill_null(SHOWN))
    value: pl.Expr = pl.when(pl.col("CONF_STATUS") == SHOWN).then(pl.col("OBS_VALUE"))
    if flow.decimals is not None:
        value = value.round(flow.decimals)
    text = [pl.col(name).cast(pl.String).replace("", None) for name in flow.attributes]
    return whole.with_columns(value.alias("OBS_VALUE"), *text).select(columns_of(flow))


def with_frequency(frame: pl.DataFrame | pl.LazyFrame) -> pl.LazyFrame:
    """With FREQ, read off the period: A year, S half-year, Q quarter, M month, D day."""
    lazy = frame.lazy()
    present = lazy.select(pl.col(TIME).unique()).collect().to_series().drop_nulls().to_list()
    lengths = {period: periods.frequency(period) for period in present}
    return lazy.with_columns(pl.col(TIME).replace_strict(lengths, default=None, return_dtype=pl.String).alias("FREQ"))


def _added(found: pl.DataFrame, flow: Dataflow) -> pl.DataFrame:
    """One row per key and data set, added as `select` adds: null only where nothing is known."""
    parts = []
    for (dataset,), rows in found.group_by([DATASET], maintain_order=True):
        answer = select(rows, flow, {}, flow.names)
        edition = pl.col("SOURCE").str.strip_prefix(f"{dataset} ").alias(EDITION)
        parts.append(answer.with_columns(pl.lit(dataset).alias(DATASET), edition))
    return pl.concat(parts, how="diagonal")
