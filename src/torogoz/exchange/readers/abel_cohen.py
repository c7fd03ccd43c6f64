"""Estimated bilateral flows: Abel & Cohen's data set, and the file in which Torogoz keeps its own estimates.

Both have a row for each pair and a column for each method. A period is known by its first year: `year0` 2015 is from
the middle of 2015 to the middle of 2020.
"""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

import polars as pl

from torogoz.exchange.readers import areas
from torogoz.exchange.readers.cells import Aside, is_year, kept, labels, long, numbers, observations, recoded
from torogoz.exchange.readers.contract import Reading
from torogoz.exchange.readers.layouts import Layout, columns
from torogoz.exchange.readers.tables import ROW, Table

PUBLISHER: Final = "Guy J. Abel and Joel E. Cohen"
LICENCE: Final = "CC BY 4.0"
OWN_LICENCE: Final = "CC BY 4.0; from stocks of the United Nations, CC BY 3.0 IGO"
METHODS: Final = (
    "sd_drop_neg",
    "sd_rev_neg",
    "mig_rate",
    "da_min_open",
    "da_min_closed",
    "da_ind_closed",
    "da_pb_closed",
)
OWN_METHODS: Final = METHODS[:3]
OWN_COLUMNS: Final = ("year0", "sex", "orig", "dest", *OWN_METHODS, "derived_from", "code_version")
_SEX: Final = MappingProxyType({"b": "_T", "m": "M", "f": "F"})
_SEXES: Final = ("_T", "F", "M")
# Names of former states that the data set has beside those of today, and their codes in it.
_FORMER: Final = MappingProxyType({"SUD": "Sudan (until 2011)", "SCG": areas.BESIDE_ISO["SCG"]})


def _published(table: Table) -> Sequence[Reading]:
    """The data set: each method that it has, by pair of countries and period."""
    aside = Aside()
    frame = _sound(table, aside)
    names = {
        column: {code: name for code, name in _FORMER.items() if code in set(frame[side])} | _channel(frame[side])
        for column, side in (("REF_AREA", "dest"), ("COUNTERPART_AREA", "orig"))
    }
    note = "estimates, not counts; a pair that is absent has no mover by any method"
    return [_reading("abel-cohen", ABEL_COHEN.key, table, frame, aside, PUBLISHER, LICENCE, names, (note,))]


def _own(table: Table) -> Sequence[Reading]:
    """Our own estimates, and what they were derived from, which stands in every row."""
    aside = Aside()
    frame = _sound(table, aside)
    said = {name: sorted(frame[plain].drop_nulls().unique()) for name, plain in _SAID.items()}
    names = {column: _channel(frame[side]) for column, side in (("REF_AREA", "dest"), ("COUNTERPART_AREA", "orig"))}
    names |= {name: dict(zip(values, values, strict=True)) for name, values in said.items()}
    notes = tuple(f"{plain}: {'; '.join(said[name])}" for name, plain in _SAID.items())
    return [_reading("torogoz-estimates", OWN.key, table, frame, aside, "Torogoz", OWN_LICENCE, names, notes)]


_SAID: Final = MappingProxyType({"DERIVED_FROM": "derived from", "CODE_VERSION": "code version"})


def _sound(table: Table, aside: Aside) -> pl.DataFrame:
    """The rows with a year, a sex and two places, and their figures as numbers."""
    frame = kept(table.frame, "year0", is_year, aside, "not a year")
    for side in ("orig", "dest"):
        frame = kept(frame, side, _is_place, aside, "neither ISO 3166-1 nor a former state that we know")
    frame = kept(frame, "sex", lambda sex: sex in _SEX or sex in _SEXES, aside, "neither both sexes, male nor female")
    frame = numbers(frame, _methods(table), aside)
    return frame.with_columns(
        recoded("dest", areas.SAME, "REF_AREA"),
        recoded("orig", areas.SAME, "COUNTERPART_AREA"),
        recoded("sex", _SEX, "SEX"),
        pl.col("year0").alias("TIME_PERIOD"),
    )


def _is_place(code: str) -> bool:
    return areas.is_area(code) or code in _FORMER


def _channel(side: pl.Series) -> dict[str, str]:
    return {"CHI": "Channel Islands"} if (side == "CHI").any() else {}


def _methods(table: Table) -> list[str]:
    """The columns of methods that the table has, by their plain names."""
    return [method.replace("_", " ") for method in METHODS if method.replace("_", " ") in table.names]


def _reading(
    dataset: str,
    layout: str,
    table: Table,
    frame: pl.DataFrame,
    aside: Aside,
    publisher: str,
    licence: str,
    names: dict[str, dict[str, str]],
    notes: tuple[str, ...],
) -> Reading:
    cells = [(method, {"METHOD": method.upper().replace(" ", "_")}) for method in _methods(table)]
    whole = long(frame, ("REF_AREA", "COUNTERPART_AREA", "SEX", "TIME_PERIOD", ROW), cells)
    estimated = pl.when(pl.col("OBS_VALUE").is_null()).then(pl.lit("M")).otherwise(pl.lit("E")).alias("OBS_STATUS")
    aside.ragged(table)
    return Reading(
        publisher=publisher,
        dataset=dataset,
        dataflow="FLOW_ESTIMATES",
        layout=layout,
        vintage=None,
        licence=licence,
        observations=observations("FLOW_ESTIMATES", whole.with_columns(estimated)),
        set_aside=aside.frame(),
        rows_read=table.frame.height + len(table.ragged),
        labels=labels(names),
        notes=notes,
    )


OWN: Final = Layout("torogoz-flow-estimates", columns(*OWN_COLUMNS), _own)
ABEL_COHEN: Final = Layout(
    "abel-cohen-flows",
    columns("year0", "orig", "dest", "sex", "sd_drop_neg", "da_pb_closed"),
    _published,
    columns("orig_name", "dest_name", *METHODS),
)
LAYOUTS: Final = (OWN, ABEL_COHEN)
