"""What an SDMX address asks for is read as the standard says, and what is wrong is said with its reason."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from torogoz.exchange.readers import sdmx_rest as rest
from torogoz.exchange.readers.sdmx_accept import CSV, DATA, JSON, ML, ML_2_1, STRUCTURE, STRUCTURE_ML, negotiate
from torogoz.exchange.readers.sdmx_rest import (
    NotAcceptable,
    Refused,
    Term,
    TooLong,
    Unprocessable,
)

HOME = ZoneInfo("America/El_Salvador")


def asked(query: str = "", *path: str) -> rest.Question:
    return rest.question(path, rest.parameters(query, (*rest.DATA_PARAMETERS, *rest.EVERYWHERE)), HOME)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("*", ()),
        ("M.F.*", ((("M",), ("F",), ()),)),
        ("M.F+M.", ((("M",), ("F", "M"), ()),)),
        ("M.F,A.M.SLV", ((("M",), ("F",)), (("A",), ("M",), ("SLV",)))),
        ("M.F,*", ()),
    ],
)
def test_a_key_says_the_codes_of_each_dimension(text: str, found: object) -> None:
    assert rest.keys(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A", ((Term("eq", "A"),),)),
        ("A,B", ((Term("eq", "A"),), (Term("eq", "B"),))),
        ("ge:2020-01+le:2020-12", ((Term("ge", "2020-01"), Term("le", "2020-12")),)),
        ("ne:A,B+C", ((Term("ne", "A"),), (Term("eq", "B"), Term("eq", "C")))),
        ("co:San José: centro", ((Term("co", "San José: centro"),),)),
        ("urn:x", ((Term("eq", "urn:x"),),)),
    ],
)
def test_a_condition_has_alternatives_of_terms_that_hold_together(text: str, found: object) -> None:
    assert rest.condition("X", text) == found


def test_a_plus_sign_in_an_address_is_a_plus_sign_written_either_way() -> None:
    plain = asked("c[TIME_PERIOD]=ge:2020+le:2021")
    coded = asked("c%5BTIME_PERIOD%5D=ge%3A2020%2Ble%3A2021")
    assert plain.conditions == coded.conditions == {"TIME_PERIOD": ((Term("ge", "2020"), Term("le", "2021")),)}
    assert asked("asOf=2026-01-01T00:00:00+00:00").as_of == datetime(2026, 1, 1, tzinfo=UTC)


def test_a_moment_without_an_offset_is_of_el_salvador() -> None:
    assert asked("updatedAfter=2026-01-01T00:00:00").updated_after == datetime(2026, 1, 1, 6, tzinfo=UTC)
    assert asked("asOf=2026-01-01").as_of == datetime(2026, 1, 1, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "refusal", "reason"),
    [
        ("firstNObservation=1", Refused, "did you mean firstNObservations"),
        ("startPeriod=2020", Refused, "there is no parameter startPeriod"),
        ("limit=0", Refused, "limit is a whole number from 1 to 999999999, not 0"),
        ("offset=-1", Refused, "offset is a whole number from 0 to 999999999"),
        ("limit=1&limit=2", Refused, "limit is given twice"),
        ("asOf=yesterday", Refused, "asOf is a moment such as"),
        ("includeHistory=perhaps", Refused, "includeHistory is false or true"),
        ("c[SEX]=", Refused, r"c\[SEX\] has no value"),
        ("c[TIME_PERIOD]=gr:2020", Refused, "there is no operator gr; there are eq, ne"),
        ("updatedAfter=2026-02-01&asOf=2026-01-01", Unprocessable, "later than asOf"),
        ("updatedAfter=2026-02-01&includeHistory=true", Unprocessable, "exclude each other"),
        ("c[X]=" + ",".join("A" * 2_001), TooLong, "more than 2000 values"),
        ("c[X]=" + "A" * 9_000, TooLong, "at most 8000"),
    ],
)
def test_what_is_wrong_is_said(query: str, refusal: type[Refused], reason: str) -> None:
    with pytest.raises(refusal, match=reason):
        asked(query)


def test_what_a_path_leaves_out_is_all() -> None:
    assert asked().reference == rest.Reference()
    assert asked("", "TOROGOZ", "RETURNS").reference == rest.Reference(("TOROGOZ",), ("RETURNS",), ("*",))
    with pytest.raises(Refused, match="is not an SDMX identifier"):
        asked("", "TOROGOZ", "RETURNS;DROP")
    with pytest.raises(Refused, match="is not a version"):
        asked("", "TOROGOZ", "RETURNS", "newest")


@pytest.mark.parametrize(
    ("wanted", "matching"),
    [("1.0.0", True), ("1.0", True), ("1", True), ("+", True), ("~", True), ("*", True), ("latest", True),
     ("1.0+.0", True), ("1.0.0+", True),
     ("1+.0.0", True), ("2.0.0", False), ("1.1", False), ("1.0.1+", False), ("0+", True)],
)  # fmt: skip
def test_a_version_is_one_number_or_those_from_it_on(wanted: str, matching: bool) -> None:
    assert rest.matches("1.0.0", wanted) is matching


@pytest.mark.parametrize(
    ("accept", "offer"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/vnd.sdmx.data+csv;version=2.0.0", CSV),
        ("application/vnd.sdmx.data+csv; version=2.0.0; labels=both", CSV),
        ("application/vnd.sdmx.data+csv;version=2.0.0+", CSV),
        ("text/csv;q=0.5, application/xml", ML),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", ML),
        ("text/csv;q=0,application/vnd.sdmx.structurespecificdata+xml;version=2.1", ML_2_1),
        ("application/json;q=0, text/csv", CSV),
    ],
)  # fmt: skip
def test_the_format_is_the_best_that_both_know(accept: str, offer: object) -> None:
    assert negotiate(accept, DATA).offer == offer


def test_labels_come_with_the_media_type_and_a_short_name_goes_before_it() -> None:
    chosen = negotiate("application/vnd.sdmx.data+csv;version=2.0.0;labels=both;q=0.9", DATA)
    assert chosen.parameters == {"version": "2.0.0", "labels": "both"}
    assert negotiate("application/json", STRUCTURE, "xml").offer == STRUCTURE_ML


@pytest.mark.parametrize(
    "accept", ["image/png", "application/vnd.sdmx.data+json;version=1.0.0", "text/csv;q=0", "x;q=x"]
)
def test_a_format_that_is_not_written_is_refused_and_those_that_are_named(accept: str) -> None:
    with pytest.raises(NotAcceptable, match=r"there are application/vnd.sdmx.data\+json;version=2.0.0"):
        negotiate(accept, DATA)
    with pytest.raises(NotAcceptable, match="format is json, xml, not csv"):
        negotiate("", STRUCTURE, "csv")
