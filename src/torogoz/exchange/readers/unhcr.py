"""UNHCR: population of concern, demographics, asylum applications and decisions, IDPs as UNHCR carries them.

The columns `coo` and `coa` hold codes of UNHCR's own (El Salvador is SAL); only the ISO columns are used. The text NA
is a code. Persons (P) and cases (C) are told apart by UNIT and are never added.
"""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

import polars as pl

from torogoz.exchange.readers import areas
from torogoz.exchange.readers.cells import (
    Aside,
    is_year,
    kept,
    labels,
    long,
    numbers,
    observations,
    recoded,
)
from torogoz.exchange.readers.contract import Reading
from torogoz.exchange.readers.layouts import Layout, columns
from torogoz.exchange.readers.tables import ROW, Table

PUBLISHER: Final = "United Nations High Commissioner for Refugees (UNHCR)"
LICENCE: Final = "CC BY 4.0"
_DIMENSIONS: Final = ("REF_AREA", "COUNTERPART_AREA", "TIME_PERIOD", ROW)
_IDENTITY: Final = columns("year", "coo_iso", "coa_iso")
_NAMES: Final = columns("coo_name", "coo", "coa_name", "coa")
# The same columns in the downloads of the Refugee Data Finder.
_OTHER: Final = MappingProxyType(
    {
        "country of origin": "coo name",
        "country of origin iso": "coo iso",
        "country of origin (iso)": "coo iso",
        "country of asylum": "coa name",
        "country of asylum iso": "coa iso",
        "country of asylum (iso)": "coa iso",
        "refugees under unhcr's mandate": "refugees",
        "asylum-seekers": "asylum seekers",
        "idps of concern to unhcr": "idps",
        "returned idpss": "returned idps",
        "stateless persons": "stateless",
        "others of concern": "ooc",
        "others of concern to unhcr": "ooc",
        "other people in need of international protection": "oip",
        "host community": "hst",
        "authority": "procedure type",
        "application type": "app type",
        "stage of procedure": "dec level",
        "cases / persons": "app pc",
    }
)
INDICATORS: Final = MappingProxyType(
    {
        "refugees": "REFUGEES",
        "asylum seekers": "ASYLUM_SEEKERS",
        "returned refugees": "RETURNED_REFUGEES",
        "idps": "IDPS",
        "returned idps": "RETURNED_IDPS",
        "stateless": "STATELESS",
        "ooc": "OOC",
        "oip": "OIP",
        "hst": "HST",
    }
)
_DECISIONS: Final = MappingProxyType(
    {
        "dec recognized": "RECOGNISED",
        "dec other": "OTHER",
        "dec rejected": "REJECTED",
        "dec closed": "CLOSED",
        "dec total": "TOTAL",
    }
)
_TYPES: Final = MappingProxyType(
    {
        "REF": "REFUGEES",
        "ASY": "ASYLUM_SEEKERS",
        "RET": "RETURNED_REFUGEES",
        "IDP": "IDPS",
        "RDP": "RETURNED_IDPS",
        "STA": "STATELESS",
        "OOC": "OOC",
        "OIP": "OIP",
        "HST": "HST",
    }
)
_BANDS: Final = MappingProxyType(
    {
        "0 4": "Y0T4",
        "5 11": "Y5T11",
        "12 17": "Y12T17",
        "18 59": "Y18T59",
        "60": "Y_GE60",
        "other": "_U",
    }
)


def _placed(table: Table, aside: Aside) -> pl.DataFrame:
    """The rows whose year and two countries can be stored, with REF_AREA, COUNTERPART_AREA and TIME_PERIOD."""
    reason = "not an ISO 3166-1 code, which the ISO column should hold"
    frame = kept(table.frame, "year", is_year, aside, "not a year")
    frame = kept(frame, "coo iso", areas.is_area, aside, reason)
    frame = kept(frame, "coa iso", areas.is_area, aside, reason)
    return frame.with_columns(
        recoded("coa iso", areas.SAME, "REF_AREA"),
        recoded("coo iso", areas.SAME, "COUNTERPART_AREA"),
        pl.col("year").alias("TIME_PERIOD"),
    )


def _population(table: Table) -> Sequence[Reading]:
    aside = Aside()
    cells = [(name, {"INDICATOR": code}) for name, code in INDICATORS.items() if name in table.names]
    frame = numbers(_placed(table, aside), [name for name, _ in cells], aside)
    whole = long(frame, _DIMENSIONS, cells)
    return [_reading("unhcr-population", "REFUGEES", POPULATION.key, table, whole, aside)]


def _displaced(table: Table) -> Sequence[Reading]:
    aside = Aside()
    frame = numbers(_placed(table, aside), ["total"], aside)
    abroad = frame["REF_AREA"] != frame["COUNTERPART_AREA"]
    aside.add(
        frame.filter(abroad),
        "coo iso",
        "a displaced person is in the country of origin, but the two differ; not stored",
    )
    cells = [("total", {"INDICATOR": "CONFLICT_STOCK", "SEX": "_T", "AGE": "_T"})]
    whole = long(frame.filter(~abroad), _DIMENSIONS, cells)
    note = "as UNHCR carries it; IDMC's own figures differ and stand beside it, neither replaces the other"
    return [_reading("unhcr-idps", "DISPLACEMENT", DISPLACED.key, table, whole, aside, notes=(note,))]


def _applications(table: Table) -> Sequence[Reading]:
    aside = Aside()
    codes = ["procedure type", "app type", "dec level", "app pc"]
    frame = _coded(table, codes, "app pc", aside)
    frame = numbers(frame, ["applied"], aside).rename(
        {
            "procedure type": "PROCEDURE",
            "app type": "APPLICATION_TYPE",
            "dec level": "DECISION_LEVEL",
            "app pc": "UNIT",
        }
    )
    keep = (*_DIMENSIONS, "PROCEDURE", "APPLICATION_TYPE", "DECISION_LEVEL", "UNIT")
    whole = long(frame, keep, [("applied", {})])
    return [_reading("unhcr-asylum-applications", "ASYLUM_APPLICATIONS", APPLICATIONS.key, table, whole, aside)]


def _decisions(table: Table) -> Sequence[Reading]:
    aside = Aside()
    frame = _coded(table, ["procedure type", "dec level", "dec pc"], "dec pc", aside)
    frame = numbers(frame, _DECISIONS, aside).rename(
        {"procedure type": "PROCEDURE", "dec level": "DECISION_LEVEL", "dec pc": "UNIT"}
    )
    parts = pl.sum_horizontal("dec recognized", "dec other", "dec rejected", "dec closed", ignore_nulls=False)
    differ = frame.filter(parts != pl.col("dec total"))
    aside.add(differ, "dec total", "not the sum of its four parts; all five were stored as published")
    keep = (*_DIMENSIONS, "PROCEDURE", "DECISION_LEVEL", "UNIT")
    whole = long(frame, keep, [(name, {"INDICATOR": code}) for name, code in _DECISIONS.items()])
    return [_reading("unhcr-asylum-decisions", "ASYLUM_DECISIONS", DECISIONS.key, table, whole, aside)]


def _coded(table: Table, codes: Sequence[str], unit: str, aside: Aside) -> pl.DataFrame:
    """The rows whose codes are given and whose unit is persons or cases. The text NA is a code like any other."""
    frame = _placed(table, aside)
    for name in codes:
        frame = kept(frame, name, lambda code: bool(code.strip()), aside, "the code is blank")
    return kept(frame, unit, lambda code: code in ("P", "C"), aside, "neither P (persons) nor C (cases)")


def _demographics(table: Table) -> Sequence[Reading]:
    """Totals by sex, and ages within each sex that has persons.

    The file writes 0 where a breakdown is not known. So: F and M are null where both are 0 and the total is not;
    persons beyond F and M are SEX _U; the ages of a sex are given only where that sex has persons, and are null where
    all of them stand under `other` (age unknown).
    """
    aside = Aside()
    frame = kept(_placed(table, aside), "pop type", lambda code: code in _TYPES, aside, "not a known population type")
    counts = ["total"] + [f"{sex} {band}" for sex in "fm" for band in (*_BANDS, "total")]
    frame = numbers(frame, counts, aside).with_columns(
        recoded("pop type", _TYPES, "INDICATOR"),
        pl.col("location").alias("LOCATION"),
        *(pl.col(name).alias(to) for name, to in _PLACE_KINDS.items() if name in table.names),
    )
    keep = (*_DIMENSIONS, "INDICATOR", "LOCATION", "LOCATION_TYPE", "ACCOMMODATION")
    frame = frame.with_columns(pl.lit(None, pl.String()).alias(k) for k in keep if k not in frame.columns)
    known = pl.col("f total") + pl.col("m total")
    unknown = (pl.col("total") - known).alias("u total")
    aside.add(frame.filter(unknown < 0), "total", "less than its women and men together; all were stored as published")
    bare = (known == 0) & (pl.col("total") > 0)
    sexes = frame.with_columns(
        unknown, *(pl.when(~bare).then(pl.col(f"{sex} total")).alias(f"{sex} total") for sex in "fm")
    )
    parts = [
        long(frame, keep, [("total", {"SEX": "_T", "AGE": "_T"})]),
        long(sexes, keep, [(f"{sex} total", {"SEX": sex.upper(), "AGE": "_T"}) for sex in "fm"]),
        long(sexes.filter(pl.col("u total") > 0), keep, [("u total", {"SEX": "_U", "AGE": "_T"})]),
    ]
    for sex in "fm":
        some = frame.filter(pl.col(f"{sex} total") > 0)
        ageless = pl.col(f"{sex} other") == pl.col(f"{sex} total")
        given = [f"{sex} {band}" for band in _BANDS if band != "other"]
        some = some.with_columns(pl.when(~ageless).then(pl.col(name)).alias(name) for name in given)
        cells = [(f"{sex} {band}", {"SEX": sex.upper(), "AGE": code}) for band, code in _BANDS.items()]
        parts.append(long(some, keep, cells))
    order = (*keep, "SEX", "AGE", "OBS_VALUE", "OBS_STATUS")
    whole = pl.concat(part.select(order) for part in parts)
    reading = _reading("unhcr-demographics", "REFUGEE_DEMOGRAPHICS", DEMOGRAPHICS.key, table, whole, aside)
    return [reading]


_PLACE_KINDS: Final = MappingProxyType({"loc type": "LOCATION_TYPE", "acc type": "ACCOMMODATION"})


def _reading(
    dataset: str,
    dataflow: str,
    layout: str,
    table: Table,
    whole: pl.DataFrame,
    aside: Aside,
    notes: tuple[str, ...] = (),
) -> Reading:
    aside.ragged(table)
    return Reading(
        publisher=PUBLISHER,
        dataset=dataset,
        dataflow=dataflow,
        layout=layout,
        vintage=None,
        licence=LICENCE,
        observations=observations(dataflow, whole),
        set_aside=aside.frame(),
        rows_read=table.frame.height + len(table.ragged),
        labels=_area_labels(table.frame),
        notes=notes,
    )


def _area_labels(frame: pl.DataFrame) -> pl.DataFrame:
    """UNHCR's names of the areas that ISO 3166-1 does not have."""
    found: dict[str, dict[str, str]] = {}
    for side, column in (("coa", "REF_AREA"), ("coo", "COUNTERPART_AREA")):
        if f"{side} name" in frame.columns:
            outside = {*areas.BESIDE_ISO, *areas.SAME} & set(frame[f"{side} iso"].unique())
            for code in sorted(outside):
                names = frame.filter(pl.col(f"{side} iso") == code)[f"{side} name"].drop_nulls()
                found.setdefault(column, {})[areas.SAME.get(code, code)] = str(names.first() or code)
    return labels(found)


_VALUES: Final = frozenset(INDICATORS)
POPULATION: Final = Layout(
    "unhcr-population",
    _IDENTITY | columns("refugees", "asylum_seekers", "idps", "stateless"),
    _population,
    _NAMES | _VALUES,
    _OTHER,
)
APPLICATIONS: Final = Layout(
    "unhcr-asylum-applications",
    _IDENTITY | columns("procedure_type", "app_type", "dec_level", "app_pc", "applied"),
    _applications,
    _NAMES,
    _OTHER,
)
DECISIONS: Final = Layout(
    "unhcr-asylum-decisions",
    _IDENTITY | columns("procedure_type", "dec_level", "dec_pc") | frozenset(_DECISIONS),
    _decisions,
    _NAMES,
    _OTHER,
)
DEMOGRAPHICS: Final = Layout(
    "unhcr-demographics",
    _IDENTITY
    | columns("pop_type", "location", "total")
    | {f"{sex} {band}" for sex in "fm" for band in (*_BANDS, "total")},
    _demographics,
    _NAMES | frozenset(_PLACE_KINDS),
    _OTHER,
)
DISPLACED: Final = Layout(
    "unhcr-idps",
    _IDENTITY | columns("total"),
    _displaced,
    _NAMES,
    _OTHER,
    lambda table: set(table.names) <= _IDENTITY | _NAMES | {"total"},
)
LAYOUTS: Final = (POPULATION, APPLICATIONS, DECISIONS, DEMOGRAPHICS, DISPLACED)
