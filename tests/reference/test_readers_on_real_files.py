"""The readers on publishers' own files: every figure here was computed from those files by other means first."""

import gzip
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from torogoz.exchange.readers import catalogue
from torogoz.exchange.readers.contract import Reading, schema_of

IOM_2022 = "01_iom_missing_migrants/missing_migrants_global_2014_to_2022-02.csv.gz"
IOM_2026 = "01_iom_missing_migrants/MissingMigrants-Global-2026-05-06--19_42_11.csv"
WORKBOOK = "02_undesa_stock/undesa_pd_2020_ims_stock_by_sex_and_destination.xlsx"
BILATERAL = "02_undesa_stock/undesa_ims2020_bilateral_by_sex_long.csv.gz"
POPULATION = "04_unhcr/population.csv.gz"
APPLICATIONS = "04_unhcr/asylum_applications.csv.gz"
DECISIONS = "04_unhcr/asylum_decisions.csv.gz"
DEMOGRAPHICS = "04_unhcr/demographics_2001-2025.csv.gz"
UNHCR_IDPS = "04_unhcr/idmc.csv"
IDMC = "05_idmc/IDMC_Internal_Displacement_Conflict-Violence_Disasters.xlsx"
COSTS = "07_remittances/rpw_corridors_databank_2011Q1-2020Q3.csv"
WDI = "07_remittances/wdi_remittances_41_countries_2010-2024.csv"
APPREHENDED = "08_us_dhs_yearbook/table34_apprehended_by_country_FY2004-2013.xls"
INADMISSIBLE = "08_us_dhs_yearbook/table37_inadmissible_by_country_FY2005-2013.xls"
RETURNED = "08_us_dhs_yearbook/table40_returned_by_country_FY2009-2013.xls"
REMOVED = "08_us_dhs_yearbook/removals_by_country_criminal_status_FY1993-2008_reshaped.csv"
RESIDENTS = "08_us_dhs_yearbook/lpr_supp_table1_country_by_state_FY2013.xls"

# file, layout, dataflow, rows read, observations, cells set aside
READ = [
    (IOM_2022, "iom-missing-migrants-2022", "MISSING_MIGRANTS", 10_274, 82_192, 7),
    (IOM_2026, "iom-missing-migrants-2026", "MISSING_MIGRANTS", 238, 1_904, 2),
    (WORKBOOK, "undesa-stock-by-destination", "MIGRANT_STOCK", 283, 5_922, 1),
    (BILATERAL, "undesa-stock-bilateral", "MIGRANT_STOCK", 223_056, 223_056, 0),
    (POPULATION, "unhcr-population", "REFUGEES", 138_893, 1_250_037, 0),
    (APPLICATIONS, "unhcr-asylum-applications", "ASYLUM_APPLICATIONS", 120_597, 120_597, 0),
    (DECISIONS, "unhcr-asylum-decisions", "ASYLUM_DECISIONS", 113_929, 569_645, 444),
    (UNHCR_IDPS, "unhcr-idps", "DISPLACEMENT", 934, 934, 0),
    (IDMC, "idmc-displacement", "DISPLACEMENT", 153, 1_224, 0),
    (COSTS, "worldbank-rpw-databank", "REMITTANCE_COST", 5_328, 13_195, 0),
    (WDI, "worldbank-wdi-remittances", "REMITTANCES", 615, 2_460, 0),
    (APPREHENDED, "dhs-apprehended-by-country", "ENFORCEMENT", 184, 1_840, 0),
    (INADMISSIBLE, "dhs-inadmissible-by-country", "ENFORCEMENT", 196, 1_764, 0),
    (RETURNED, "dhs-returned-by-country", "ENFORCEMENT", 182, 910, 0),
    (REMOVED, "dhs-removals-by-criminal-status", "ENFORCEMENT", 48, 10_368, 5),
    (RESIDENTS, "dhs-permanent-residents", "ENFORCEMENT", 221, 12_376, 0),
]


@cache
def readings(path: Path) -> list[Reading]:
    return catalogue.read(path)


def observed(path: Path, **where: str | list[str]) -> float:
    """The sum of the observations of the first reading of `path` where the columns have these codes."""
    frame = readings(path)[0].observations
    for column, codes in where.items():
        frame = frame.filter(pl.col(column).is_in([codes] if isinstance(codes, str) else codes))
    assert frame.height > 0, f"no observation where {where}"
    return float(frame["OBS_VALUE"].sum())


@pytest.mark.parametrize(("file", "layout", "dataflow", "rows", "cells", "aside"), READ, ids=[row[0] for row in READ])
def test_each_file_is_recognised_and_wholly_accounted_for(
    shared_data: Path, file: str, layout: str, dataflow: str, rows: int, cells: int, aside: int
) -> None:
    reading = readings(shared_data / file)[0]
    found = (
        reading.layout,
        reading.dataflow,
        reading.rows_read,
        reading.observations.height,
        reading.set_aside.height,
    )
    assert found == (layout, dataflow, rows, cells, aside)
    assert reading.observations.schema == schema_of(dataflow)


def test_the_name_of_the_file_plays_no_part(shared_data: Path, tmp_path: Path) -> None:
    other = tmp_path / "asylum_applications.xlsx"
    other.write_bytes((shared_data / POPULATION).read_bytes())
    assert catalogue.read(other)[0].layout == "unhcr-population"


def test_a_plain_file_and_its_gzip_read_the_same(shared_data: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain.csv"
    plain.write_bytes(gzip.decompress((shared_data / IOM_2022).read_bytes()))
    assert_frame_equal(catalogue.read(plain)[0].observations, readings(shared_data / IOM_2022)[0].observations)
