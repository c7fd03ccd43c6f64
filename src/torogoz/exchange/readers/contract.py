"""What every reader gives, and how it refuses: the contract between outside files and the registry of sources."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import polars as pl

# The columns of the observations of each dataflow, in order: the dimensions, then `TAIL`, then the attributes.
# Dimensions and attributes are text, except those of `NUMBERS`.
TAIL: Final = ("TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "SOURCE_ROW")
NUMBERS: Final[Mapping[str, pl.DataType]] = MappingProxyType(
    {"OBS_VALUE": pl.Float64(), "SOURCE_ROW": pl.Int64(), "LAT": pl.Float64(), "LON": pl.Float64()}
)
DIMENSIONS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "MISSING_MIGRANTS": ("INDICATOR", "REF_AREA", "REGION_SCHEME", "ROUTE", "CAUSE", "ORIGIN"),
        "MIGRANT_STOCK": ("REF_AREA", "COUNTERPART_AREA", "SEX"),
        "FLOW_ESTIMATES": ("METHOD", "REF_AREA", "COUNTERPART_AREA", "SEX"),
        "REFUGEES": ("INDICATOR", "REF_AREA", "COUNTERPART_AREA"),
        "REFUGEE_DEMOGRAPHICS": ("INDICATOR", "REF_AREA", "COUNTERPART_AREA", "LOCATION", "SEX", "AGE"),
        "ASYLUM_APPLICATIONS": (
            "REF_AREA",
            "COUNTERPART_AREA",
            "PROCEDURE",
            "APPLICATION_TYPE",
            "DECISION_LEVEL",
            "UNIT",
        ),
        "ASYLUM_DECISIONS": (
            "INDICATOR",
            "REF_AREA",
            "COUNTERPART_AREA",
            "PROCEDURE",
            "DECISION_LEVEL",
            "UNIT",
        ),
        "REMITTANCE_COST": ("REF_AREA", "COUNTERPART_AREA"),
        "REMITTANCES": ("INDICATOR", "REF_AREA"),
        "DISPLACEMENT": ("INDICATOR", "REF_AREA", "SEX", "AGE"),
        "POPULATION": ("REF_AREA", "SEX"),
        "CRIME": ("REF_AREA", "CRIME", "SEX", "AGE", "REPORTED_BY"),
        "ENFORCEMENT": ("INDICATOR", "REF_AREA", "COUNTERPART_AREA", "CRIMINAL_STATUS"),
    }
)
ATTRIBUTES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "MISSING_MIGRANTS": ("INCIDENT", "QUALITY", "LAT", "LON"),
        "REFUGEE_DEMOGRAPHICS": ("LOCATION_TYPE", "ACCOMMODATION"),
    }
)

SET_ASIDE: Final = pl.Schema({"row": pl.Int64(), "column": pl.String(), "value": pl.String(), "reason": pl.String()})
LABELS: Final = pl.Schema({"column": pl.String(), "code": pl.String(), "label": pl.String()})


def schema_of(dataflow: str) -> pl.Schema:
    """Name and type of each column of the observations of `dataflow`, in order. Raises KeyError if it is unknown."""
    names = (*DIMENSIONS[dataflow], *TAIL, *ATTRIBUTES.get(dataflow, ()))
    return pl.Schema({name: NUMBERS.get(name, pl.String()) for name in names})


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file says about one dataflow.

    publisher     the institution that published it, by its English name
    dataset       stable key of the publisher's data set; differs between the readings of one file
    dataflow      key of `DIMENSIONS`
    layout        the layout that was recognised by its header
    vintage       the publisher's own date or edition, as the content states it; None if it states none
    licence       as the publisher states it
    observations  columns of `schema_of(dataflow)`; OBS_VALUE null where the publisher gives no number (OBS_STATUS M);
                  SOURCE_ROW counts rows of the sheet or records of the file, the first being 1
    set_aside     row, column, value, reason: each row or cell that could not be stored as it stands, and what was done
    rows_read     data rows in the file, below the header and above the footer
    labels        column, code, label: the publisher's own words for the codes that were made from them
    notes         what a reader of the figures must know and the frame cannot hold
    """

    publisher: str
    dataset: str
    dataflow: str
    layout: str
    vintage: str | None
    licence: str
    observations: pl.DataFrame
    set_aside: pl.DataFrame
    rows_read: int
    labels: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LABELS))
    notes: tuple[str, ...] = ()


class UnknownLayout(Exception):
    """No reader knows this header. Nothing was read."""

    def __init__(
        self, found: Sequence[str], closest: str, missing: Sequence[str], extra: Sequence[str], known: Sequence[str]
    ) -> None:
        """`closest` shares most columns with the file, which lacks its `missing` columns and has the `extra` ones."""
        self.found, self.closest, self.known = tuple(found), closest, tuple(known)
        self.missing, self.extra = tuple(missing), tuple(extra)
        if closest:
            nearest = f"the closest is {closest}: missing {_listed(self.missing)}; not expected {_listed(self.extra)}"
        else:
            nearest = f"it shares no column with any of them; its first row is {_listed(self.found)}"
        super().__init__(
            f"no reader knows this header, and nothing was read; {nearest}. Known layouts: {', '.join(self.known)}"
        )


class Unreadable(Exception):
    """The file cannot be opened as what it claims to be: an error page, an empty or broken file, another encoding."""


def _listed(names: Sequence[str], most: int = 12) -> str:
    """Names between quotes, the first `most` of them."""
    if not names:
        return "none"
    shown = ", ".join(repr(name) for name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
