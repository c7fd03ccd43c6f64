"""A stock from its flows: what there was, and all that came and went since."""

import polars as pl

from torogoz.statistics import periods

FREQ, TIME = "FREQ", "TIME_PERIOD"


def stock(
    flows: pl.DataFrame, opening: pl.DataFrame | None, keys: list[str], at: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The stock at the end of every period, and the cells without an opening.

    flows    the keys (FREQ, dimensions, TIME_PERIOD), VALUE what came in, BELOW what went out (float)
    opening  the dimensions and OPENING (float); None: the register began empty
    at       the period at whose end OPENING was counted: flows until then are in it already; "" if there is none
    returns  one row per cell and period from the first flow to the last, gaps included; OBS_VALUE is null from the
             first flow that is not known, and everywhere without an opening
    """
    dimensions = [name for name in keys if name not in (FREQ, TIME)]
    if at:
        _, end = periods.bounds(at)
        later = [period for period in flows[TIME].unique() if periods.bounds(period)[0] > end]
        flows = flows.filter(pl.col(TIME).is_in(later))
    ends = flows.group_by(FREQ).agg(first=pl.col(TIME).min(), last=pl.col(TIME).max())
    every = [(name, time) for name, first, last in ends.iter_rows() for time in periods.every(first, last)]
    times = pl.DataFrame(every, schema={FREQ: pl.String, TIME: pl.String}, orient="row")
    cells = flows.select(FREQ, *dimensions).unique().join(times, on=FREQ)
    dense = cells.join(flows, on=keys, how="left").sort(keys)
    quiet = pl.col("VALUE").is_null() & pl.col("BELOW").is_null() & pl.col("N").is_null()
    net = pl.when(quiet).then(0.0).otherwise(pl.col("VALUE") - pl.col("BELOW"))
    known = net.is_null().cum_max().over(FREQ, *dimensions).not_()
    dense = dense.with_columns(NET=pl.when(known).then(net.fill_null(0.0).cum_sum().over(FREQ, *dimensions)))
    if opening is None:
        dense = dense.with_columns(OPENING=pl.lit(0.0))
    elif dimensions:
        dense = dense.join(opening, on=dimensions, how="left")
    else:
        dense = dense.with_columns(OPENING=pl.lit(opening["OPENING"][0] if opening.height else None, pl.Float64))
    whole = pl.col("OPENING") + pl.col("NET")
    lacking = dense.filter(pl.col("OPENING").is_null()).select(keys)
    return (
        dense.with_columns(
            OBS_VALUE=whole,
            NUMERATOR=None,
            DENOMINATOR=None,
            N=whole.round().cast(pl.Int64),
            OBS_UNKNOWN=pl.col("OBS_UNKNOWN").fill_null(0),
        ),
        lacking,
    )
