"""UN DESA, UNHCR, World Bank, IDMC and US DHS: what their layouts hide, each in the smallest file that shows it."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from torogoz.exchange.readers import catalogue
from torogoz.exchange.readers.areas import COUNTRIES, DHS_NAMES, NUMERIC
from torogoz.exchange.readers.contract import DIMENSIONS, Reading, UnknownLayout, Unreadable, schema_of
from torogoz.exchange.readers.worldbank import quarter

CsvFile = Callable[..., Path]
Workbook = Callable[..., Path]
STOCK = "International migrant stock at mid-year, "
PLACE = "Region, development group, country or area"


def read(path: Path) -> Reading:
    [reading] = catalogue.read(path)
    return reading


def rows(reading: Reading, *columns: str) -> list[tuple[object, ...]]:
    return reading.observations.sort("SOURCE_ROW", maintain_order=True).select(columns).rows()


def sheet_of_undesa(first: str = "both sexes combined", title: str = STOCK) -> list[list[str | int | None]]:
    return [
        [None, None, None, "POP/DB/MIG/Stock/Rev.2024"],
        [],
        [None, None, None, None, title + first, None, title + "females", None],
        [None, PLACE, "Location code", "Type of data", 2015, 2020, 2015, 2020],
        [1, "WORLD", 900, None, 10, 20, 4, 9],
        [2, " Eastern Africa", 910, None, 9, 18, 4, 8],
        [3, "   Burundi*", 108, "B R", 9, 18, "..", 8],
        [4, "   Eritrea", 232, "I R", 1, 2, 1, 1],
        [5, " Eastern Africa", 910, None, 9, 18, 4, 8],
        [6, "   Nowhere", "n.a.", None, 1, 1, 1, 1],
    ]


def test_a_merged_header_of_two_lines_gives_each_column_its_sex_and_year(workbook: Workbook) -> None:
    reading = read(workbook({"Contents": [["Table 1", "Stock"]], "Table 1": sheet_of_undesa()}))
    burundi = reading.observations.filter(REF_AREA="BDI").select("SEX", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS")
    assert burundi.rows() == [
        ("_T", "2015", 9, "A"),
        ("_T", "2020", 18, "A"),
        ("F", "2015", None, "M"),
        ("F", "2020", 8, "A"),
    ]
    assert (reading.vintage, reading.rows_read) == ("Rev.2024", 6)
    assert "sheets not read: Contents" in reading.notes


def test_aggregates_keep_their_number_and_a_place_given_twice_is_stored_once(workbook: Workbook) -> None:
    reading = read(workbook({"Table 1": sheet_of_undesa()}))
    assert reading.observations["REF_AREA"].unique(maintain_order=True).to_list() == ["900", "910", "BDI", "ERI"]
    assert reading.set_aside.select("row", "column", "value").rows() == [
        (9, "Location code", "910"),
        (10, "Location code", "n.a."),
    ]
    assert ("REF_AREA", "BDI", "Burundi") in reading.labels.rows()


def test_an_imputed_stock_is_an_estimate(workbook: Workbook) -> None:
    eritrea = read(workbook({"Table 1": sheet_of_undesa()})).observations.filter(REF_AREA="ERI")
    assert eritrea["OBS_STATUS"].unique().to_list() == ["E"]


def test_a_table_of_the_same_workbook_about_population_is_not_taken_for_the_stock(workbook: Workbook) -> None:
    population = sheet_of_undesa(title="Total population at mid-year, ")
    assert len(catalogue.read(workbook({"Table 1": sheet_of_undesa(), "Table 2": population}))) == 1
    with pytest.raises(UnknownLayout):
        catalogue.read(workbook({"Table 2": population}))


def test_the_channel_islands_are_a_place_though_not_in_iso(csv_file: CsvFile) -> None:
    reading = read(csv_file("year,orig,dest,sex,stock", "2020,SLV,CHI,total,4", "2020,SLV,OTH,total,4"))
    assert rows(reading, "REF_AREA", "COUNTERPART_AREA", "SEX") == [("CHI", "SLV", "_T")]
    assert reading.set_aside.select("row", "column", "value").rows() == [(3, "dest", "OTH")]


APPLICATIONS = "year,coo_iso,coa_iso,procedure_type,app_type,dec_level,app_pc,applied"


def test_the_text_na_is_a_code_and_persons_and_cases_stay_apart(csv_file: CsvFile) -> None:
    lines = ["2024,SLV,USA,G,NA,NA,P,5", "2024,NAM,USA,G,N,FI,C,7", "2024,SLV,USA,G,N,FI,X,9", "2024,SLV,USA,G,N,,P,9"]
    reading = read(csv_file(APPLICATIONS, *lines))
    assert rows(reading, "COUNTERPART_AREA", "APPLICATION_TYPE", "DECISION_LEVEL", "UNIT", "OBS_VALUE") == [
        ("SLV", "NA", "NA", "P", 5),
        ("NAM", "N", "FI", "C", 7),
    ]
    assert reading.set_aside.select("row", "column", "value").rows() == [(4, "app_pc", "X"), (5, "dec_level", "")]


def test_a_code_of_unhcr_in_the_column_of_iso_is_set_aside_and_the_unknown_country_is_u(csv_file: CsvFile) -> None:
    reading = read(csv_file(APPLICATIONS, "2024,SAL,USA,G,N,FI,P,5", "2024,UNK,USA,G,N,FI,P,7"))
    assert rows(reading, "COUNTERPART_AREA", "OBS_VALUE") == [("_U", 7)]
    assert reading.set_aside.rows() == [
        (2, "coo_iso", "SAL", "not an ISO 3166-1 code, which the ISO column should hold; the row was not stored")
    ]


def test_decisions_that_do_not_add_up_are_stored_as_published_and_said(csv_file: CsvFile) -> None:
    header = "year,coo_iso,coa_iso,procedure_type,dec_level,dec_pc"
    header += ",dec_recognized,dec_other,dec_rejected,dec_closed,dec_total"
    reading = read(csv_file(header, "2024,SLV,USA,G,FI,P,1,2,3,4,10", "2024,SLV,CAN,G,FI,P,1,2,3,4,11"))
    assert reading.observations.filter(INDICATOR="TOTAL")["OBS_VALUE"].to_list() == [10, 11]
    assert reading.set_aside.select("row", "column", "value").rows() == [(3, "dec_total", "11.0")]


DEMOGRAPHICS = "year,coo_iso,coa_iso,pop_type,location,loc_type,acc_type,"
BANDS = ("0_4", "5_11", "12_17", "18_59", "60", "other", "total")
DEMOGRAPHICS += ",".join(f"{sex}_{band}" for sex in "fm" for band in BANDS)
DEMOGRAPHICS += ",total"


def test_sex_and_age_that_are_not_known_are_not_zero(csv_file: CsvFile) -> None:
    reading = read(
        csv_file(
            DEMOGRAPHICS,
            "2024,SLV,USA,REF,Texas,U,I,1,0,0,2,0,0,3,0,0,0,0,0,4,4,10",
            "2024,SLV,MEX,ASY,Chiapas,U,I,0,0,0,0,0,0,0,0,0,0,0,0,0,0,6",
        )
    )
    cells = {
        (row["SOURCE_ROW"], row["SEX"], row["AGE"]): row["OBS_VALUE"]
        for row in reading.observations.iter_rows(named=True)
    }
    assert (cells[2, "_T", "_T"], cells[2, "F", "_T"], cells[2, "M", "_T"], cells[2, "_U", "_T"]) == (10, 3, 4, 3)
    assert (cells[2, "F", "Y0T4"], cells[2, "F", "Y5T11"], cells[2, "F", "Y_GE60"]) == (1, 0, 0)
    assert (cells[2, "M", "_U"], cells[2, "M", "Y18T59"]) == (4, None)
    assert {key[1:]: value for key, value in cells.items() if key[0] == 3} == {
        ("_T", "_T"): 6,
        ("F", "_T"): None,
        ("M", "_T"): None,
        ("_U", "_T"): 6,
    }
    assert reading.observations.filter(SOURCE_ROW=3)["INDICATOR"].unique().to_list() == ["ASYLUM_SEEKERS"]


@pytest.mark.parametrize(
    ("header", "period"),
    [("2011Q1 [YR2011Q1]", "2011-Q1"), ("2016_2Q", "2016-Q2"), ("2020Q3", "2020-Q3"), ("2020", None), ("2020Q5", None)],
)
def test_quarters_as_the_world_bank_writes_them(header: str, period: str | None) -> None:
    assert quarter(header) == period


COSTS = "Sending Countries Name,Sending Countries Code,Series Name,Series Code"
COSTS += ",Receiving Countries  Name,Receiving Countries  Code,2019Q4 [YR2019Q4],2020Q3 [YR2020Q3]"
USA_SLV = "United States,USA,Average,ATCR.CORR,El Salvador,SLV"


@pytest.mark.parametrize(
    "footer", [(",,,,,,,", "Last Updated: 12/07/2020,,,,,,,"), ("", "", "Last Updated: 12/07/2020")]
)
def test_two_dots_are_not_available_and_the_footer_gives_the_edition(
    csv_file: CsvFile, footer: tuple[str, ...]
) -> None:
    empty = USA_SLV.replace("SLV", "HND") + ",..,.."
    reading = read(csv_file(COSTS, f"{USA_SLV},..,2.855", empty, *footer, mark=b"\xef\xbb\xbf"))
    assert rows(reading, "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS") == [("2019-Q4", None, "M"), ("2020-Q3", 2.855, "A")]
    assert (reading.vintage, reading.rows_read, reading.set_aside.height) == ("2020-12-07", 2, 0)
    assert reading.notes[0].startswith("1 corridors of the file have no figure")


def test_a_cost_below_zero_is_a_gain_on_the_exchange(csv_file: CsvFile) -> None:
    reading = read(csv_file(COSTS, f"{USA_SLV},-1.5,2.855"))
    assert (rows(reading, "OBS_VALUE"), reading.set_aside.height) == ([(-1.5,), (2.855,)], 0)


def test_overlapping_age_bands_stay_apart_and_the_readme_gives_the_edition(workbook: Workbook) -> None:
    sheets = {
        "2_IDPs_SADD_estimates": [
            ["ISO3", "Country", "Year", "Sex", "Cause", "0-4", "0-17", "65+"],
            ["SLV", "El Salvador", 2022, "Both sexes", "Conflict", 4, 20, 3],
            ["AB9", "Abyei Area", 2022, "Female", "Disaster", 1, 2, None],
            ["SLV", "El Salvador", 2022, "Any", "Conflict", 1, 2, 3],
        ],
        "README": [["Last update", "11/05/2023"], ["Use license: CC BY-NC"]],
    }
    reading = read(workbook(sheets))
    assert rows(reading, "REF_AREA", "SEX", "AGE", "OBS_VALUE", "OBS_STATUS") == [
        ("SLV", "_T", "Y0T4", 4, "E"),
        ("SLV", "_T", "Y0T17", 20, "E"),
        ("SLV", "_T", "Y_GE65", 3, "E"),
        ("AB9", "F", "Y0T4", 1, "E"),
        ("AB9", "F", "Y0T17", 2, "E"),
        ("AB9", "F", "Y_GE65", None, "M"),
    ]
    assert (reading.vintage, reading.licence) == ("2023-05-11", "CC BY-NC 4.0")
    assert reading.set_aside.select("row", "column", "value").rows() == [(4, "Sex", "Any")]


DHS = [["Total", 30, 40], ["North America", 30, "-"], ["El Salvador", 20, "NA"], ["Atlantis", 1, 1]]


@pytest.mark.parametrize(
    ("sheet", "title", "indicator"),
    [
        ("Table 34", None, "APPREHENDED"),
        ("Table 37", None, "INADMISSIBLE"),
        ("Table 40", None, "RETURNED"),
        ("Sheet1", "TABLE 39. ALIENS RETURNED BY REGION AND COUNTRY OF NATIONALITY", "RETURNED"),
    ],
)
def test_a_table_of_the_yearbook_is_known_by_its_title_or_the_name_of_its_sheet(
    workbook: Workbook, sheet: str, title: str | None, indicator: str
) -> None:
    above = [[title]] if title else []
    reading = read(workbook({sheet: [*above, ["Region", 2012, 2013], *DHS]}))
    assert reading.observations["INDICATOR"].unique().to_list() == [indicator]
    assert rows(reading, "COUNTERPART_AREA", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS") == [
        ("_T", "2012", 30, "A"),
        ("_T", "2013", 40, "A"),
        ("003", "2012", 30, "A"),
        ("003", "2013", 0, "A"),
        ("SLV", "2012", 20, "A"),
        ("SLV", "2013", None, "M"),
    ]
    assert reading.set_aside["value"].to_list() == ["Atlantis"]


def test_a_table_by_country_and_year_whose_subject_is_not_stated_is_refused(workbook: Workbook) -> None:
    with pytest.raises(UnknownLayout):
        catalogue.read(workbook({"Sheet1": [["Region", 2012, 2013], *DHS]}))


def test_permanent_residents_without_a_year_in_title_or_name_are_refused(workbook: Workbook) -> None:
    sheet = [["", "Total", "Alabama", "California", "Texas"], ["El Salvador", 18_260, 1, 5_813, "NA"]]
    with pytest.raises(Unreadable, match="states no fiscal year"):
        catalogue.read(workbook({"LPR": sheet}))
    named = read(workbook({"LPR": sheet}, "lpr_FY2013.xlsx"))
    assert named.observations["TIME_PERIOD"].unique().to_list() == ["2013"]
    assert "the table states no year; 2013 is from the name of the file" in named.notes
    titled = read(workbook({"LPR": [["PERSONS OBTAINING STATUS: FISCAL YEAR 2012", "by state"], *sheet]}))
    assert titled.observations.filter(REF_AREA="US-CA").select("TIME_PERIOD", "OBS_VALUE").rows() == [("2012", 5_813)]


def test_two_columns_of_one_nationality_give_one_figure(csv_file: CsvFile) -> None:
    reading = read(
        csv_file(
            ',,Bahamas,"Bahamas, The",El Salvador,Mexico,Total,Atlantis',
            "1993, Total,68.0,,5,6,79,0",
            "1993,Criminal,3,4,-,6,13,0",
        )
    )
    bahamas = reading.observations.filter(COUNTERPART_AREA="BHS").sort("SOURCE_ROW")
    assert bahamas.select("CRIMINAL_STATUS", "OBS_VALUE").rows() == [("_T", 68), ("CRIMINAL", 4)]
    assert reading.set_aside.select("row", "column", "value").rows() == [(1, "Atlantis", ""), (3, "Bahamas", "3.0")]
    zero = reading.observations.filter(COUNTERPART_AREA="SLV", CRIMINAL_STATUS="CRIMINAL")
    assert zero["OBS_VALUE"].to_list() == [0]


def test_every_name_of_the_yearbook_is_a_country_an_aggregate_or_said_to_be_neither() -> None:
    numbers = {code for code in DHS_NAMES.values() if code.isdecimal()}
    assert numbers == {"002", "142", "150", "003", "009", "005", "029", "9013"}
    assert set(DHS_NAMES.values()) - numbers - COUNTRIES == {"_T", "_U", "_O", "KOREA"}
    assert (len(NUMERIC), NUMERIC["222"]) == (250, "SLV")


def test_the_keys_of_the_layouts_differ_and_every_dataflow_has_its_columns() -> None:
    keys = [layout.key for layout in catalogue.LAYOUTS]
    assert len(keys) == len(set(keys))
    for dataflow in DIMENSIONS:
        schema = schema_of(dataflow)
        assert schema["OBS_VALUE"] == pl.Float64()
        assert "TIME_PERIOD" in schema


def test_every_layout_is_described_in_the_documentation() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs/reference/layouts.md").read_text(encoding="utf-8")
    missing = [layout.key for layout in catalogue.LAYOUTS if f"`{layout.key}`" not in page]
    assert not missing, f"docs/reference/layouts.md does not describe {', '.join(missing)}"
