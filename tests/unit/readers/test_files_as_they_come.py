"""Files with other encodings, line ends and faults: read the same, or refused in words; no record is lost unseen."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from torogoz.exchange.readers import catalogue
from torogoz.exchange.readers.contract import SET_ASIDE, Reading, UnknownLayout, Unreadable

HEADER = "year,coo_name,coo,coo_iso,coa_name,coa,coa_iso,refugees,asylum_seekers,idps,stateless"
ROWS = (
    "2022,El Salvador,SAL,SLV,México,MEX,MEX,10,20,0,0",
    "2023,Namibia,NAM,NAM,Cote d'Ivoire,ICO,CIV,3,,0,0",
)
CsvFile = Callable[..., Path]


def read(path: Path) -> Reading:
    [reading] = catalogue.read(path)
    return reading


def whys(reading: Reading) -> list[tuple[int, str, str, str]]:
    return reading.set_aside.rows()


@pytest.mark.parametrize(
    ("mark", "end", "encoding"),
    [
        (b"", "\r\n", "utf-8"),
        (b"", "\r", "utf-8"),
        (b"\xef\xbb\xbf", "\n", "utf-8"),
        (b"\xff\xfe", "\r\n", "utf-16-le"),
        (b"\xfe\xff", "\n", "utf-16-be"),
    ],
    ids=["CRLF", "CR only", "UTF-8 with a byte mark", "UTF-16, little end first", "UTF-16, big end first"],
)
def test_encodings_and_line_ends_make_no_difference(csv_file: CsvFile, mark: bytes, end: str, encoding: str) -> None:
    expected = read(csv_file(HEADER, *ROWS)).observations
    assert_frame_equal(read(csv_file(HEADER, *ROWS, mark=mark, end=end, encoding=encoding)).observations, expected)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_semicolon_or_a_tab_may_separate_the_columns(csv_file: CsvFile, separator: str) -> None:
    lines = [line.replace(",", separator) for line in (HEADER, *ROWS)]
    assert read(csv_file(*lines)).observations.height == 8


def test_the_order_of_the_columns_and_the_case_of_their_names_make_no_difference(csv_file: CsvFile) -> None:
    turned = [",".join(reversed(line.split(","))) for line in (HEADER.upper(), *ROWS)]
    expected = read(csv_file(HEADER, *ROWS)).observations
    assert_frame_equal(read(csv_file(*turned)).observations, expected)


def test_a_blank_is_not_available_and_a_zero_is_zero(csv_file: CsvFile) -> None:
    frame = read(csv_file(HEADER, *ROWS)).observations.filter(SOURCE_ROW=3)
    values = dict(frame.select("INDICATOR", "OBS_VALUE").rows())
    assert values == {"REFUGEES": 3.0, "ASYLUM_SEEKERS": None, "IDPS": 0.0, "STATELESS": 0.0}
    assert frame.filter(INDICATOR="ASYLUM_SEEKERS")["OBS_STATUS"].item() == "M"


def test_a_record_with_a_field_too_many_or_too_few_is_set_aside_with_its_row(csv_file: CsvFile) -> None:
    reading = read(csv_file(HEADER, "2022,too,short", ROWS[0], ROWS[1] + ",9"))
    assert reading.observations["SOURCE_ROW"].unique().to_list() == [3]
    assert [(row, reason) for row, _, _, reason in whys(reading)] == [
        (row, "the record does not have the 11 fields of the header; it was not stored") for row in (2, 4)
    ]
    assert reading.rows_read == 3


def test_blank_lines_are_passed_over_and_rows_keep_their_number(csv_file: CsvFile) -> None:
    reading = read(csv_file(HEADER, "", ROWS[0], "", "", ROWS[1]))
    assert reading.observations["SOURCE_ROW"].unique().sort().to_list() == [3, 6]
    assert reading.set_aside.height == 0


def test_a_line_break_or_a_comma_inside_quotes_starts_no_new_field(csv_file: CsvFile) -> None:
    quoted = ROWS[0].replace("El Salvador", '"El\nSalvador, ""country"""')
    reading = read(csv_file(HEADER, quoted, ROWS[1]))
    assert reading.observations["SOURCE_ROW"].unique().sort().to_list() == [2, 3]


@pytest.mark.parametrize("written", ["x", "-3", "1e999", "NaN", "1.2.3"])
def test_a_cell_that_is_no_count_is_set_aside_and_becomes_not_available(csv_file: CsvFile, written: str) -> None:
    reading = read(csv_file(HEADER, ROWS[0].replace(",10,", f",{written},")))
    assert [row[:3] for row in whys(reading)] == [(2, "refugees", written)]
    cell = reading.observations.filter(INDICATOR="REFUGEES")
    assert cell.select("OBS_VALUE", "OBS_STATUS").rows() == [(None, "M")]
    assert reading.observations.filter(INDICATOR="ASYLUM_SEEKERS")["OBS_VALUE"].item() == 20


def test_commas_between_thousands_and_blanks_around_a_number_are_understood(csv_file: CsvFile) -> None:
    reading = read(csv_file(HEADER, ROWS[0].replace(",10,20,", ',"1,410,659", 20 ,')))
    values = dict(reading.observations.select("INDICATOR", "OBS_VALUE").rows())
    assert (values["REFUGEES"], values["ASYLUM_SEEKERS"]) == (1_410_659, 20)
    assert reading.set_aside.height == 0


def test_a_file_with_a_header_only_is_read_as_nothing(csv_file: CsvFile) -> None:
    reading = read(csv_file(HEADER))
    assert (reading.rows_read, reading.observations.height, reading.set_aside.height) == (0, 0, 0)


def test_what_was_set_aside_has_the_columns_of_the_contract(csv_file: CsvFile) -> None:
    assert read(csv_file(HEADER, *ROWS)).set_aside.schema == SET_ASIDE
    assert read(csv_file(HEADER, ROWS[0].replace("2022", "20222"))).set_aside.schema == SET_ASIDE


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"<!DOCTYPE html><title>503</title>", "web page"),
        (b"\n<html><body>Not found", "web page"),
        (b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "web page or XML"),
        (gzip.compress(b"year,coo\n" * 9_000)[:-20], "gzip file that breaks off"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (f"{HEADER}\n{ROWS[0]}\n".encode("latin-1"), "not UTF-8: byte 0xe9 on line 2"),
        (b"year,coo\n\x00\x01", "neither text"),
        (b'{"message": "Too many requests"}', "not a GeoJSON"),
        (b'year,"coo\n2020,SAL', "never closed"),
        (b"PK\x03\x04 not really a zip", "not a workbook"),
        (b"\xd0\xcf\x11\xe0 not really an xls", "not a workbook"),
    ],
)
def test_a_file_that_is_not_what_it_claims_is_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "population.csv"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=words):
        catalogue.read(path)


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be opened"):
        catalogue.read(tmp_path / "absent.csv")


def test_an_unknown_header_is_answered_with_the_closest_layout_and_what_differs(csv_file: CsvFile) -> None:
    with pytest.raises(UnknownLayout) as refused:
        catalogue.read(csv_file("year,coo_iso,coa_iso,refugees,idps,stateless,colour", "2022,SLV,MEX,1,0,0,red"))
    error = refused.value
    assert (error.closest, error.missing, error.extra) == ("unhcr-population", ("asylum seekers",), ("colour",))
    assert "nothing was read" in str(error)
    assert "undesa-stock-bilateral" in error.known


def test_a_header_that_shares_nothing_is_answered_with_what_was_found(csv_file: CsvFile) -> None:
    with pytest.raises(UnknownLayout, match="'colour', 'shape'"):
        catalogue.read(csv_file("colour,shape", "red,round"))


def test_columns_that_no_reader_knows_are_named(csv_file: CsvFile) -> None:
    reading = read(csv_file(HEADER + ",colour", ROWS[0] + ",red"))
    assert reading.notes == ("columns not read: colour",)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["2022,SLV,MEX,1,2,0,0", "bad", "2022,SAL,MEX,1,2,0,0", "", "1,SLV,MEX,1,1,1,1"])))
def test_every_record_is_stored_or_set_aside(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_text("\n".join(["year,coo_iso,coa_iso,refugees,asylum_seekers,idps,stateless", *lines]))
    reading = read(path)
    stored = set(reading.observations["SOURCE_ROW"])
    aside = set(reading.set_aside["row"])
    assert stored | aside == {number for number, line in enumerate(lines, 2) if line}
    assert not stored & aside
    assert reading.rows_read == len(stored | aside)


def test_a_map_file_of_another_subject_is_an_unknown_layout(tmp_path: Path) -> None:
    path = tmp_path / "quakes.geojson"
    feature = {"properties": {"mag": 4}, "geometry": {"type": "Point", "coordinates": [-89.1, 13.6, 4]}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    with pytest.raises(UnknownLayout, match="mag"):
        catalogue.read(path)


def test_a_sum_of_observations_is_polars_own_and_ignores_what_is_not_available(csv_file: CsvFile) -> None:
    frame = read(csv_file(HEADER, *ROWS)).observations
    assert frame.filter(INDICATOR="ASYLUM_SEEKERS")["OBS_VALUE"].to_list() == [20.0, None]
    assert frame.schema["OBS_VALUE"] == pl.Float64()


def test_a_short_record_does_not_hide_behind_a_long_one(csv_file: CsvFile) -> None:
    reading = read(csv_file(HEADER, "2022,short", ROWS[0], ROWS[1] + ",1" * 9))
    assert reading.observations["SOURCE_ROW"].unique().to_list() == [3]
    assert reading.set_aside["row"].to_list() == [2, 4]


def test_a_download_that_breaks_off_within_a_record_loses_that_record_and_says_so(csv_file: CsvFile) -> None:
    reading = read(csv_file(HEADER, ROWS[0], "2023,Namibia,NAM,NAM,Mexico,MEX,MEX,3"))
    assert reading.observations["SOURCE_ROW"].unique().to_list() == [2]
    assert reading.set_aside["row"].to_list() == [3]
