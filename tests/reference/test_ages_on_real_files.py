"""Ages of UNHCR and IDMC, as really published, in comparable bands."""

from pathlib import Path

import polars as pl
import pytest

from torogoz.domain.ages import FIVE, UNHCR
from torogoz.exchange.readers import catalogue
from torogoz.statistics.ages import harmonise

BY = ["INDICATOR", "REF_AREA", "SEX", "TIME_PERIOD"]


@pytest.fixture(scope="module")
def idmc(shared_data: Path) -> pl.DataFrame:
    path = shared_data / "05_idmc" / "IDMC_Internal_Displacement_Conflict-Violence_Disasters.xlsx"
    return next(each for each in catalogue.read(path) if each.dataset == "idmc-displacement-by-age").observations


@pytest.fixture(scope="module")
def unhcr(shared_data: Path) -> pl.DataFrame:
    (reading,) = catalogue.read(shared_data / "04_unhcr" / "demographics_2001-2025.csv.gz")
    return reading.observations.filter(pl.col("COUNTERPART_AREA") == "SLV")


def test_displaced_people_of_idmc_in_five_year_bands_add_up_to_its_own_disjoint_bands(idmc: pl.DataFrame) -> None:
    found = harmonise(idmc, FIVE, BY)
    tiles = ["Y0T4", "Y5T11", "Y12T14", "Y15T24", "Y25T64", "Y_GE65"]
    own = idmc.filter(pl.col("AGE").is_in(tiles)).group_by(BY).agg(pl.col("OBS_VALUE").sum())
    made = found.group_by(BY).agg(pl.col("OBS_VALUE").sum())
    both = own.join(made, on=BY, suffix="_MADE")
    assert both.height == 462
    assert (both["OBS_VALUE"] == both["OBS_VALUE_MADE"]).all()
    assert (found["OBS_VALUE"] >= 0).all()
    assert set(found["OBS_STATUS"]) == {"E"}  # IDMC's own figures are estimates
    exact = found.filter(~pl.col("AGE_SPLIT"))
    assert set(exact["AGE"]) >= {"Y0T4"}


def test_children_of_idmc_are_its_own_count_where_its_bands_agree(idmc: pl.DataFrame) -> None:
    children = harmonise(idmc, ["Y_LT18", "Y_GE18"], BY).filter(pl.col("AGE") == "Y_LT18")
    own = idmc.filter(pl.col("AGE") == "Y0T17").select(*BY, OWN="OBS_VALUE")
    both = children.filter(~pl.col("AGE_SPLIT")).join(own, on=BY)
    assert both.height > 400
    assert ((both["OBS_VALUE"] - both["OWN"]).abs() <= 2).all()  # the publisher's own rounding of each band
    salvador = both.filter(pl.col("REF_AREA") == "SLV", pl.col("SEX") == "_T", pl.col("INDICATOR") == "CONFLICT_STOCK")
    assert salvador["OWN"].to_list() == [15853.0]  # data.md, E


def test_refugees_of_el_salvador_keep_every_published_band_and_their_unknowns(unhcr: pl.DataFrame) -> None:
    by = ["INDICATOR", "REF_AREA", "LOCATION", "SEX", "TIME_PERIOD", "LOCATION_TYPE", "ACCOMMODATION"]
    told = unhcr.group_by(*by, "AGE").agg(
        pl.when(pl.col("OBS_VALUE").is_not_null().all()).then(pl.col("OBS_VALUE").sum()).alias("OBS_VALUE")
    )
    five = harmonise(told, FIVE, by)
    keys = ["AGE", *by]
    for code in ("_U", "_T"):
        before = told.filter(pl.col("AGE") == code).sort(keys).select(*keys, "OBS_VALUE")
        after = five.filter(pl.col("AGE") == code).sort(keys).select(*keys, "OBS_VALUE")
        assert before.equals(after)
    split = five.filter(pl.col("AGE").is_in(FIVE))
    total = split.group_by(by).agg(pl.col("OBS_VALUE").sum(), pl.col("OBS_VALUE").null_count().alias("UNKNOWN"))
    parts = (
        told.filter(pl.col("AGE").is_in(UNHCR))
        .group_by(by)
        .agg(pl.col("OBS_VALUE").sum(), pl.col("OBS_VALUE").null_count().alias("UNKNOWN"))
    )
    both = total.join(parts, on=by, suffix="_TOLD", nulls_equal=True).filter(pl.col("UNKNOWN_TOLD") == 0)
    assert both.height > 800
    assert (both["OBS_VALUE"] == both["OBS_VALUE_TOLD"]).all()
    assert split["OBS_VALUE"].min() == 0
    back = harmonise(told, UNHCR, by).filter(pl.col("AGE").is_in(UNHCR), pl.col("OBS_VALUE").is_not_null())
    assert not back["AGE_SPLIT"].any()
