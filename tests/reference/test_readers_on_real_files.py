"""The readers on publishers' own files: every figure here was computed from those files by other means first."""

import gzip
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from torogoz.exchange.readers import areas, boundaries, catalogue
from torogoz.exchange.readers.contract import Reading, UnknownLayout, schema_of
from torogoz.exchange.writers.charts.department_map import DepartmentMap, department_map
from torogoz.exchange.writers.charts.figure import Figure
from torogoz.exchange.writers.charts.table import Cell

IOM_2022 = "01_iom_missing_migrants/missing_migrants_global_2014_to_2022-02.csv.gz"
IOM_2026 = "01_iom_missing_migrants/MissingMigrants-Global-2026-05-06--19_42_11.csv"
WORKBOOK = "02_undesa_stock/undesa_pd_2020_ims_stock_by_sex_and_destination.xlsx"
BILATERAL = "02_undesa_stock/undesa_ims2020_bilateral_by_sex_long.csv.gz"
ESTIMATES = "03_flow_estimates/abel_cohen_bilat_mig_total_1990-2015.csv.gz"
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
    (IOM_2022, "iom-missing-migrants-2022", "MISSING_MIGRANTS", 10_274, 82_192, 6),
    (IOM_2026, "iom-missing-migrants-2026", "MISSING_MIGRANTS", 238, 1_904, 2),
    (WORKBOOK, "undesa-stock-by-destination", "MIGRANT_STOCK", 283, 5_922, 1),
    (BILATERAL, "undesa-stock-bilateral", "MIGRANT_STOCK", 223_056, 223_056, 0),
    (ESTIMATES, "abel-cohen-flows", "FLOW_ESTIMATES", 133_364, 800_184, 0),
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
    (REMOVED, "dhs-removals-by-criminal-status", "ENFORCEMENT", 48, 10_368, 0),
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


# C. Missing migrants


def test_47_360_people_died_or_disappeared_in_10_274_incidents_until_february_2022(shared_data: Path) -> None:
    assert observed(shared_data / IOM_2022, INDICATOR="INCIDENTS") == 10_274
    assert observed(shared_data / IOM_2022, INDICATOR="DEAD_MISSING") == 47_360


@pytest.mark.parametrize(
    ("year", "incidents", "people"),
    [
        ("2014", 160, 420),
        ("2015", 255, 457),
        ("2016", 386, 586),
        ("2017", 384, 507),
        ("2018", 446, 526),
        ("2019", 464, 655),
        ("2020", 504, 546),
        ("2021", 594, 920),
        ("2022", 20, 31),
    ],
)
def test_incidents_and_people_in_north_and_central_america(
    shared_data: Path, year: str, incidents: int, people: int
) -> None:
    frame = readings(shared_data / IOM_2022)[0].observations
    here = frame.filter(
        pl.col("REF_AREA").is_in(["NORTH_AMERICA", "CENTRAL_AMERICA"]), pl.col("TIME_PERIOD").str.starts_with(year)
    )
    found = [here.filter(INDICATOR=name)["OBS_VALUE"].sum() for name in ("INCIDENTS", "DEAD_MISSING")]
    assert found == [incidents, people]


def test_known_sex_and_age_in_that_region_are_sums_of_what_is_known(shared_data: Path) -> None:
    regions = ["NORTH_AMERICA", "CENTRAL_AMERICA"]
    counts = [
        observed(shared_data / IOM_2022, REF_AREA=regions, INDICATOR=name) for name in ("FEMALES", "MALES", "CHILDREN")
    ]
    assert counts == [425, 2_587, 164]


def test_a_blank_count_is_unknown_and_never_zero(shared_data: Path) -> None:
    frame = readings(shared_data / IOM_2022)[0].observations
    blank = {name: frame.filter(INDICATOR=name)["OBS_VALUE"].null_count() for name in ("FEMALES", "CHILDREN", "MALES")}
    assert blank == {"FEMALES": 8_344, "CHILDREN": 8_997, "MALES": 4_037}
    assert frame.filter(pl.col("OBS_VALUE").is_null())["OBS_STATUS"].unique().to_list() == ["M"]


def test_the_route_over_the_border_of_mexico_and_the_united_states(shared_data: Path) -> None:
    route = "US_MEXICO_BORDER_CROSSING"
    assert observed(shared_data / IOM_2022, ROUTE=route, INDICATOR="INCIDENTS") == 2_696
    assert observed(shared_data / IOM_2022, ROUTE=route, INDICATOR="DEAD_MISSING") == 3_675


def test_both_encodings_of_position_put_the_pima_desert_west_and_turkey_east(shared_data: Path) -> None:
    first = readings(shared_data / IOM_2022)[0].observations.row(0, named=True)
    assert (first["LAT"], first["LON"]) == (31.650259, -110.366453)
    first = readings(shared_data / IOM_2026)[0].observations.row(0, named=True)
    assert (first["LAT"], first["LON"]) == (37.34265178, 42.99259985)


def test_the_layout_of_2026_has_642_dead_and_1_258_missing_and_no_total_of_its_own(shared_data: Path) -> None:
    found = [observed(shared_data / IOM_2026, INDICATOR=name) for name in ("DEAD", "MISSING", "DEAD_MISSING")]
    assert found == [642, 1_258, 1_900]
    assert observed(shared_data / IOM_2026, INDICATOR="INCIDENTS", REF_AREA="CENTRAL_AMERICA") == 18
    assert observed(shared_data / IOM_2026, INDICATOR="INCIDENTS", REF_AREA="NORTH_AMERICA") == 1


def test_dates_written_month_first_fall_between_january_and_may_of_2026(shared_data: Path) -> None:
    periods = readings(shared_data / IOM_2026)[0].observations["TIME_PERIOD"].unique().sort().to_list()
    assert periods == ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05"]


def test_thirteen_cells_of_causes_are_seven_causes_though_their_labels_contain_commas(shared_data: Path) -> None:
    causes = readings(shared_data / IOM_2022)[0].observations["CAUSE"].unique()
    assert len(causes) == 13
    assert len({cause for codes in causes for cause in codes.split("-")}) == 7


# B. Migrant stock


@pytest.mark.parametrize(
    ("dest", "sex", "people"),
    [
        ("USA", "_T", 1_410_659),
        ("USA", "F", 699_667),
        ("CAN", "_T", 51_776),
        ("GTM", "_T", 20_683),
        ("MEX", "_T", 16_807),
    ],
)
def test_salvadorans_abroad_in_2020(shared_data: Path, dest: str, sex: str, people: int) -> None:
    where = {"REF_AREA": dest, "COUNTERPART_AREA": "SLV", "SEX": sex, "TIME_PERIOD": "2020"}
    assert observed(shared_data / BILATERAL, **where) == people


def test_all_salvadorans_abroad_and_all_migrants_of_the_bilateral_file(shared_data: Path) -> None:
    assert observed(shared_data / BILATERAL, COUNTERPART_AREA="SLV", SEX="_T", TIME_PERIOD="2020") == 1_599_058
    assert observed(shared_data / BILATERAL, COUNTERPART_AREA="SLV", SEX="F", TIME_PERIOD="2020") == 804_890
    assert observed(shared_data / BILATERAL, SEX="_T", TIME_PERIOD="2020") == 267_940_954


def test_the_workbook_tells_the_world_and_regions_from_countries_by_location_code(shared_data: Path) -> None:
    path = shared_data / WORKBOOK
    assert observed(path, REF_AREA="SLV", SEX="_T", TIME_PERIOD="2020") == 42_767
    assert observed(path, REF_AREA="900", SEX="_T", TIME_PERIOD="2020") == 280_598_105
    frame = readings(path)[0].observations
    countries = frame.filter(~pl.col("REF_AREA").str.contains(r"^\d+$"), pl.col("SEX") == "_T", TIME_PERIOD="2020")
    given = countries.drop_nulls("OBS_VALUE")
    assert (countries["REF_AREA"].n_unique(), given.height) == (235, 232)
    assert countries["OBS_VALUE"].sum() == 280_598_105
    assert readings(path)[0].vintage == "Rev.2020"


def test_two_dots_in_the_workbook_are_not_available(shared_data: Path) -> None:
    frame = readings(shared_data / WORKBOOK)[0].observations
    south_sudan = frame.filter(REF_AREA="SSD", TIME_PERIOD="1990")
    assert south_sudan.select("OBS_VALUE", "OBS_STATUS").unique().rows() == [(None, "M")]


# D. UNHCR


@pytest.mark.parametrize(
    ("year", "refugees", "seekers"), [("2022", 58_621, None), ("2024", 71_765, 136_774), ("2025", 68_182, 108_289)]
)
def test_salvadoran_refugees_and_asylum_seekers_abroad(
    shared_data: Path, year: str, refugees: int, seekers: int | None
) -> None:
    where = {"COUNTERPART_AREA": "SLV", "TIME_PERIOD": year}
    assert observed(shared_data / POPULATION, INDICATOR="REFUGEES", **where) == refugees
    if seekers is not None:
        assert observed(shared_data / POPULATION, INDICATOR="ASYLUM_SEEKERS", **where) == seekers


def test_the_world_in_2025_and_the_displaced_that_never_change(shared_data: Path) -> None:
    path = shared_data / POPULATION
    assert observed(path, INDICATOR="REFUGEES", TIME_PERIOD="2025") == 28_461_306
    assert observed(path, INDICATOR="ASYLUM_SEEKERS", TIME_PERIOD="2025") == 8_998_097
    for year in range(2017, 2026):
        figure = observed(path, INDICATOR="IDPS", COUNTERPART_AREA="SLV", TIME_PERIOD=str(year))
        assert figure == (71_501 if year == 2018 else 71_500)


def test_unhcrs_and_idmcs_figures_of_the_displaced_stand_in_different_datasets(shared_data: Path) -> None:
    path = shared_data / UNHCR_IDPS
    found = [observed(path, REF_AREA="SLV", TIME_PERIOD=str(year)) for year in range(2022, 2026)]
    assert found == [52_000, 49_000, 35_000, 61_000]
    assert readings(path)[0].dataset != readings(shared_data / IDMC)[0].dataset


def test_el_salvador_is_slv_and_never_unhcrs_own_code(shared_data: Path) -> None:
    frame = readings(shared_data / POPULATION)[0].observations
    found = set(frame["REF_AREA"]) | set(frame["COUNTERPART_AREA"])
    assert "SLV" in found
    assert found.isdisjoint({"SAL", "GUA"})


def test_asylum_applications_by_salvadorans(shared_data: Path) -> None:
    path = shared_data / APPLICATIONS
    found = [observed(path, COUNTERPART_AREA="SLV", TIME_PERIOD=year) for year in ("2019", "2024", "2025")]
    assert found == [57_439, 23_957, 25_099]
    assert [observed(path, REF_AREA="SLV", TIME_PERIOD=year) for year in ("2024", "2025")] == [272, 172]


def test_the_text_na_stays_a_code_and_persons_stay_apart_from_cases(shared_data: Path) -> None:
    frame = readings(shared_data / APPLICATIONS)[0].observations
    assert frame.filter(APPLICATION_TYPE="NA").height == 358
    assert frame.filter(DECISION_LEVEL="NA").height == 2_180
    assert frame["UNIT"].value_counts(sort=True).rows() == [("P", 113_635), ("C", 6_962)]
    assert "NAM" in set(frame["COUNTERPART_AREA"])


def test_asylum_decisions_on_salvadorans_in_2024(shared_data: Path) -> None:
    kinds = ("RECOGNISED", "OTHER", "REJECTED", "CLOSED")
    where = {"COUNTERPART_AREA": "SLV", "TIME_PERIOD": "2024"}
    assert [observed(shared_data / DECISIONS, INDICATOR=kind, **where) for kind in kinds] == [3_851, 211, 4_819, 16_339]


def test_demographics_say_unknown_where_the_file_writes_zero(shared_data: Path) -> None:
    reading = readings(shared_data / DEMOGRAPHICS)[0]
    assert (reading.rows_read, reading.observations["SOURCE_ROW"].n_unique()) == (266_661, 266_661)
    first = reading.observations.filter(SOURCE_ROW=2).select("SEX", "AGE", "OBS_VALUE", "OBS_STATUS").sort("SEX")
    assert first.rows() == [
        ("F", "_T", None, "M"),
        ("M", "_T", None, "M"),
        ("_T", "_T", 380_000, "A"),
        ("_U", "_T", 380_000, "A"),
    ]


# E. IDMC


def test_displacement_in_el_salvador_in_2022_with_its_licence_and_edition(shared_data: Path) -> None:
    figures, ages = readings(shared_data / IDMC)
    here = figures.observations.filter(REF_AREA="SLV", TIME_PERIOD="2022")
    values = dict(here.select("INDICATOR", "OBS_VALUE").rows())
    raw = [values[name] for name in ("CONFLICT_STOCK", "CONFLICT_MOVEMENTS", "DISASTER_MOVEMENTS")]
    assert raw == [51_970, 72_757, 4_644]
    assert values["CONFLICT_STOCK_ROUNDED"] == 52_000
    minors = ages.observations.filter(REF_AREA="SLV", AGE="Y0T17", SEX="_T", INDICATOR="CONFLICT_STOCK")
    assert minors["OBS_VALUE"].to_list() == [15_853]
    assert {(each.licence, each.vintage) for each in (figures, ages)} == {("CC BY-NC 4.0", "2023-05-11")}


# F. Remittances


@pytest.mark.parametrize(("period", "cost"), [("2011-Q1", 5.2159), ("2019-Q4", 3.5331), ("2020-Q3", 2.8550)])
def test_sending_200_dollars_from_the_united_states_to_el_salvador(shared_data: Path, period: str, cost: float) -> None:
    found = observed(shared_data / COSTS, REF_AREA="USA", COUNTERPART_AREA="SLV", TIME_PERIOD=period)
    assert found == pytest.approx(cost, abs=0.00006)


def test_377_corridors_have_a_cost_and_367_in_the_last_quarter(shared_data: Path) -> None:
    reading = readings(shared_data / COSTS)[0]
    known = reading.observations.filter(pl.col("OBS_VALUE").is_not_null())
    assert known.select("REF_AREA", "COUNTERPART_AREA").n_unique() == 377
    assert known.filter(TIME_PERIOD="2020-Q3").height == 367
    assert reading.vintage == "2020-12-07"


@pytest.mark.parametrize(("year", "billions"), [("2010", 3.472), ("2019", 5.657), ("2024", 8.488)])
def test_remittances_received_in_el_salvador(shared_data: Path, year: str, billions: float) -> None:
    found = observed(shared_data / WDI, INDICATOR="RECEIVED", REF_AREA="SLV", TIME_PERIOD=year)
    assert found / 1e9 == pytest.approx(billions, abs=0.0005)


# G. US DHS


@pytest.mark.parametrize(
    ("file", "year", "people"),
    [
        (APPREHENDED, "2004", 19_180),
        (APPREHENDED, "2006", 46_314),
        (APPREHENDED, "2013", 51_226),
        (RETURNED, "2009", 1_072),
        (RETURNED, "2013", 619),
    ],
)
def test_salvadorans_in_the_yearbook(shared_data: Path, file: str, year: str, people: int) -> None:
    assert observed(shared_data / file, COUNTERPART_AREA="SLV", TIME_PERIOD=year) == people


def test_salvadorans_removed_in_2008_and_how_many_had_a_conviction(shared_data: Path) -> None:
    where = {"COUNTERPART_AREA": "SLV", "TIME_PERIOD": "2008"}
    kinds = ("_T", "CRIMINAL", "NON_CRIMINAL")
    found = [observed(shared_data / REMOVED, CRIMINAL_STATUS=kind, **where) for kind in kinds]
    assert found == [20_031, 4_795, 15_236]


def test_salvadorans_who_became_permanent_residents_in_2013(shared_data: Path) -> None:
    where = {"COUNTERPART_AREA": "SLV", "TIME_PERIOD": "2013"}
    assert observed(shared_data / RESIDENTS, REF_AREA="USA", **where) == 18_260
    assert observed(shared_data / RESIDENTS, REF_AREA="US-CA", **where) == 5_813


def test_continents_of_the_yearbook_are_numbers_and_add_up_to_its_total(shared_data: Path) -> None:
    frame = readings(shared_data / APPREHENDED)[0].observations.filter(TIME_PERIOD="2013")
    continents = frame.filter(pl.col("COUNTERPART_AREA").str.contains(r"^\d+$") | (pl.col("COUNTERPART_AREA") == "_U"))
    total = frame.filter(COUNTERPART_AREA="_T")
    assert continents["OBS_VALUE"].sum() == total["OBS_VALUE"].sum() == 662_483


def test_a_file_of_the_same_publisher_that_no_reader_knows_is_refused_with_the_closest_layout(
    shared_data: Path,
) -> None:
    with pytest.raises(UnknownLayout, match="refugee_like") as refused:
        catalogue.read(shared_data / "04_unhcr/flows.csv.gz")
    assert refused.value.closest.startswith("unhcr-")


def test_the_codes_of_countries_are_those_of_iso_3166(shared_data: Path) -> None:
    table = pl.read_csv(shared_data / "13_classifications/iso3166_1_en_es.csv", infer_schema=False)
    numeric = table["numeric_m49"].str.zfill(3)
    ours = {code: iso for code, iso in areas.NUMERIC.items() if code != "830"}
    assert ours == dict(zip(numeric, table["alpha3"], strict=True))


# I. Boundaries


@pytest.mark.parametrize(
    ("file", "areas_in_it", "level"),
    [
        ("slv_departments_geoboundaries.geojson", 14, "department"),
        ("slv_municipios44_2024_hdx.geojson", 44, "municipality"),
    ],
)
def test_every_place_of_the_map_lies_in_one_of_fourteen_departments(
    shared_data: Path, file: str, areas_in_it: int, level: str
) -> None:
    found = boundaries.read_boundaries(shared_data / "11_boundaries" / file)
    assert len(found) == areas_in_it
    assert {area.level for area in found} == {level}
    assert {area.department for area in found} == set(boundaries.DEPARTMENTS.values())


def test_a_map_of_the_departments_in_their_true_shape_stays_below_60_000_bytes(shared_data: Path) -> None:
    found = boundaries.read_boundaries(shared_data / "11_boundaries/slv_departments_geoboundaries.geojson")
    simple = boundaries.simplified(found)
    figure = Figure("retornos", "Figura 1", "Personas retornadas", "personas", "Hecho para esta prueba")
    cells = {code: Cell(number) for number, code in enumerate(sorted(boundaries.DEPARTMENTS.values()))}
    drawing = department_map(DepartmentMap(figure, cells, {}, boundaries.outlines(simple)))
    assert len(drawing.encode()) < 60_000
    rings = [ring for area in simple for part in area.polygons for ring in part]
    borders = Counter(frozenset(edge) for ring in rings for edge in pairwise(ring))
    assert set(borders.values()) == {1, 2}
    assert sum(uses == 2 for uses in borders.values()) > 500
