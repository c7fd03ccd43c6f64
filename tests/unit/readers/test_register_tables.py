"""Tables of the register as they come: encodings, line ends, lists with commas in them, and rows that are named."""

import gzip
from pathlib import Path

import pytest

from torogoz.exchange.readers.recommendations import read_recommendations
from torogoz.exchange.readers.rows import RowRefused, lines_of, text_of
from torogoz.exchange.readers.treaty_status import read_statuses

HEADER = "To,To-Rgrp,To-Org,Text,From,From-Rgrp,From-Org,Response,Action,Issue,Session"


def table(*rows: str, header: str = HEADER, ends: str = "\r") -> bytes:
    return ends.join([header, *rows, ""]).encode("mac_roman")


def row(text: str = "Haga algo", answer: str = "Accepted", action: str = "4", issue: str = "Migrants") -> str:
    return f'El Salvador,GRULAC,"OAS, OEI, ACS","{text}",España,WEOG,EU,{answer},{action},"{issue}",7'


def test_a_table_in_mac_roman_with_returns_alone_is_read_with_its_accents() -> None:
    other = 'México,GRULAC,OAS,"No es de aquí",Chile,GRULAC,OAS,Noted,1,Other,7'
    found = read_recommendations(table(row("Proteja la migración"), other), "El Salvador")
    assert [(each.line, each.text, each.made_by, each.answer) for each in found] == [
        (2, "Proteja la migración", "España", "accepted")
    ]


@pytest.mark.parametrize("ends", ["\r", "\n", "\r\n"])
def test_line_ends_of_any_system_give_the_same_rows_and_codes(ends: str) -> None:
    rows = (row("Uno"), row("Dos", answer="Noted"))
    found = read_recommendations(table(*rows, ends=ends), "El Salvador")
    assert [each.code for each in found] == [
        each.code for each in read_recommendations(gzip.compress(table(*rows)), "El Salvador")
    ]
    assert [each.line for each in found] == [2, 3]


def test_a_comma_inside_a_subject_stays_and_between_subjects_it_parts() -> None:
    found = read_recommendations(table(row(issue="Racism, racial discrimination,Migrants,Labour")), "El Salvador")
    assert found[0].issues == ("Racism, racial discrimination", "Migrants", "Labour")


@pytest.mark.parametrize(
    ("bad", "column"),
    [
        (row(answer="Maybe"), "Response"),
        (row(action="9"), "Action"),
        (row(action="4.0"), "Action"),
        (row(text=" "), "Text"),
        ("El Salvador,GRULAC,OAS,Texto", "Text"),
    ],
)
def test_a_wrong_row_is_named_with_its_line_and_column(bad: str, column: str) -> None:
    with pytest.raises(RowRefused) as refused:
        read_recommendations(table(row("Uno"), bad), "El Salvador")
    assert (refused.value.line, refused.value.column) == (3, column)
    assert f"línea 3, columna {column}" in refused.value.explain("es")


def test_a_line_is_the_one_on_which_its_row_begins() -> None:
    found = list(lines_of('a,b\n"uno\ndos",2\n3,4\n', ("a",)))
    assert [each.number for each in found] == [2, 4]


def test_a_table_without_its_columns_or_that_is_no_table_is_refused() -> None:
    with pytest.raises(RowRefused, match="columns are missing: Session"):
        read_recommendations(table(header=HEADER.replace(",Session", "")), "El Salvador")
    with pytest.raises(RowRefused, match="cannot be unpacked"):
        text_of(b"\x1f\x8bnothing", otherwise="mac_roman")
    with pytest.raises(RowRefused, match="not CSV"):
        list(lines_of('a,b\n"uno,2\n', ("a",)))


def test_statuses_of_a_treaty_are_read_and_a_year_may_be_missing() -> None:
    found = read_statuses(b"iso2,iso3,status,year\nSV,SLV,state party,2003\nAM,ARM,signatory state,\n", last_year=2026)
    assert [(each.country, each.status, each.year) for each in found] == [
        ("SLV", "party", 2003),
        ("ARM", "signatory", None),
    ]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("SV,SLV,no,2003", "status"),
        ("SV,SLV,state party,3003", "year"),
        ("SV,Sal,state party,2003", "iso3"),
        ("AR,ARG,state party,2008", "iso3"),
    ],
)
def test_a_wrong_status_is_named(line: str, column: str) -> None:
    content = f"iso2,iso3,status,year\nAR,ARG,state party,2007\n{line}\n".encode()
    with pytest.raises(RowRefused) as refused:
        read_statuses(content, last_year=2026)
    assert (refused.value.line, refused.value.column) == (3, column)


def test_the_real_tables_are_read(shared_data: Path) -> None:
    folder = shared_data / "14_obligations"
    found = read_recommendations((folder / "upr_info_sessions_6-9.csv.gz").read_bytes(), "El Salvador")
    assert len(found) == 120
    assert sum(each.answer == "noted" for each in found) == 3
    assert {each.session for each in found} == {7}
    statuses = read_statuses((folder / "icmw_status.csv").read_bytes(), last_year=2026)
    assert sum(each.status == "party" for each in statuses) == 57
    assert next(each for each in statuses if each.country == "SLV").year == 2003
