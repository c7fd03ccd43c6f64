"""What nobody knew yet: crossings as they stood before the record that gave a missing one away.

A crossing that a policy put in is known from the next recorded crossing on. Until then the person seemed to be where
the last record had left them. A nowcast that learns from the completed past alone is too sure of long stays: some are
departures that nobody recorded.
"""

from typing import Final

import numpy as np
import polars as pl

from torogoz.domain.residence import Origin, Rule
from torogoz.statistics.residence.rule import RESULT_SCHEMA, first_of_person, resolve

NEVER, ALWAYS = -(2**31), 2**31 - 1
PLACE, FROM, UNTIL, LIFE = "_place", "_from", "_until", "_life"
SPAN: Final = (PLACE, FROM, UNTIL)


def with_past_views(crossings: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """The resolved crossings, and below them copies of those that were seen otherwise for a while.

    crossings  `classify.Classified.crossings`
    returns    the same columns and: _life (whose rows stand together: a person, or one past view of a person), _place
               (the row of `crossings` that a row shows), _from and _until (days since 1970 of which the view holds:
               from the crossing put in until the day before the next record; always for the rows themselves)
    """
    first = first_of_person(crossings["personId"])
    place = np.arange(first.size)
    own = crossings.with_columns(
        pl.Series(LIFE, np.cumsum(first), dtype=pl.Int64),
        pl.Series(PLACE, place),
        pl.lit(NEVER, dtype=pl.Int64).alias(FROM),
        pl.lit(ALWAYS, dtype=pl.Int64).alias(UNTIL),
    )
    start = np.maximum.accumulate(np.where(first, place, 0))
    put_in = np.flatnonzero((crossings["origin"] != Origin.RECORDED.value).to_numpy())
    put_in = put_in[put_in > start[put_in]]  # before the first record there was nothing to be mistaken about
    if not put_in.size:
        return own
    lengths = put_in - start[put_in]
    begins = np.cumsum(lengths) - lengths
    shown = np.arange(lengths.sum()) - np.repeat(begins - start[put_in], lengths)
    day = crossings["date_crossing"].cast(pl.Int64).to_numpy()
    views = crossings.drop(*RESULT_SCHEMA)[shown].with_columns(
        pl.Series(LIFE, np.repeat(np.arange(put_in.size), lengths) + int(first.sum()) + 1, dtype=pl.Int64),
        pl.Series(PLACE, shown),
        pl.Series(FROM, np.repeat(day[put_in], lengths), dtype=pl.Int64),
        pl.Series(UNTIL, np.repeat(day[put_in + 1], lengths) - 1, dtype=pl.Int64),
    )
    resolved = resolve(views.with_columns(personId=pl.col(LIFE)), rule)
    return pl.concat([own, resolved.with_columns(personId=views["personId"]).select(own.columns)])
