"""Attack E, differencing: two questions of which one holds the other, and what lies between them.

Persons of 18 and over less persons of 19 and over; a department less all its municipalities but one; the months up to
September less the months up to August; today's dashboard less yesterday's. Where each answer alone is large enough to
be shown, their difference may be one person.
"""

from collections.abc import Sequence

import polars as pl

from torogoz.statistics.attacks.asking import VALUE, Ask, Where

OTHER = "OTHER"


def differences(ask: Ask, by: Sequence[str], wide: Where, narrow: Where) -> pl.DataFrame:
    """The persons of `wide` who are not of `narrow`, which it holds: the columns of `by`, and OBS_VALUE."""
    return between(ask(by, wide), ask(by, narrow), by)


def cumulated(ask: Ask, by: Sequence[str], dimension: str, codes: Sequence[str]) -> pl.DataFrame:
    """Each code of an ordered dimension, as the cumulation up to it less the cumulation up to the one before.

    returns  by, the dimension, and OBS_VALUE
    """
    found, before = [], ask(by, {dimension: codes[:1]})
    for place in range(1, len(codes)):
        now = ask(by, {dimension: codes[: place + 1]})
        found.append(between(now, before, by).with_columns(pl.lit(codes[place]).alias(dimension)))
        before = now
    return pl.concat(found).select(*by, dimension, VALUE)


def between(wide: pl.DataFrame, narrow: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """One published table less another, cell by cell; null where either is not shown."""
    if not by:
        return wide.select(pl.col(VALUE) - narrow[VALUE])
    both = wide.join(narrow.select(*by, pl.col(VALUE).alias(OTHER)), on=list(by), how="inner")
    return both.select(*by, pl.col(VALUE) - pl.col(OTHER))
