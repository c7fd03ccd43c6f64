"""Rules for the files of institutions: each kind of rule, on cells that keep it and cells that break it."""

from datetime import date

import polars as pl
import pytest

from torogoz.exchange.readers import table_schema
from torogoz.statistics.rules.checking import Checked, check
from torogoz.statistics.rules.schema import SchemaUnclear

TODAY = date(2026, 11, 20)


def checked(field: dict[str, object], *cells: str | None, **root: object) -> Checked:
    """The cells of one column `x`, in rows 2, 3 …, checked under a schema of that column."""
    schema = table_schema.of({"fields": [{"name": "x", **field}], **root})
    return check(table(x=list(cells)), schema, today=TODAY)


def table(**columns: list[str | None]) -> pl.DataFrame:
    """Columns of text as a reader gives them."""
    rows = len(next(iter(columns.values())))
    return pl.DataFrame(
        {"SOURCE_ROW": list(range(2, rows + 2)), **columns},
        schema={"SOURCE_ROW": pl.Int64, **dict.fromkeys(columns, pl.String)},
    )


def broken(found: Checked) -> list[tuple[int, str]]:
    """Row and rule of every finding."""
    return list(found.findings.select("row", "rule").iter_rows())


def under(rules: list[dict[str, object]], fields: dict[str, str], **columns: list[str | None]) -> Checked:
    """Columns of the given types, checked under rules across fields."""
    document = {"fields": [{"name": n, "type": t} for n, t in fields.items()], "x-torogoz": {"rules": rules}}
    return check(table(**columns), table_schema.of(document), today=TODAY)


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ({"type": "integer"}, ["12", "-3", "+4", " 7 ", "007"], ["1.5", "doce", "1e3", "1,000", "--1"]),
        ({"type": "integer", "groupChar": ","}, ["1,234", "12", "1,234,567"], ["1,23", "12,5", "1234,567"]),
        ({"type": "integer", "bareNumber": False}, ["95%", "$ 12", "12 personas"], ["ninguna", ""]),
        ({"type": "number"}, ["1.5", "2", "-0.25", ".5", "1e3"], ["1,5", "NaN", "INF", "1.2.3"]),
        ({"type": "number", "decimalChar": ","}, ["1,5", "2"], ["1.5", "1,2,3"]),
        ({"type": "number", "decimalChar": ",", "groupChar": "."}, ["1.234,5", "12"], ["1.23,5", "1,234.5"]),
        ({"type": "boolean", "trueValues": ["sí"], "falseValues": ["no"]}, ["sí", "no"], ["true", "quizás", "1"]),
        ({"type": "date"}, ["2026-02-28", "2024-02-29"], ["2026-02-29", "28/02/2026", "2026-2-1x", "20260228"]),
        ({"type": "date", "format": "%d/%m/%Y"}, ["28/02/2026", "2026-02-28"], ["02/28/2026", "ayer"]),
        ({"type": "datetime"}, ["2026-02-28T10:05:00", "2026-02-28 10:05", "2026-02-28T10:05:00Z"], ["2026-02-28"]),
        ({"type": "time"}, ["10:05", "23:59:59"], ["24:00", "10.05"]),
        ({"type": "year"}, ["2026"], ["26", "20266"]),
        ({"type": "yearmonth"}, ["2026-09", "2026-12-01"], ["2026-13", "2026-9", "2026-09-02"]),
        ({"type": "string", "format": "email"}, ["a@b.sv"], ["a at b.sv"]),
        ({"type": "string", "format": "uuid"}, ["123e4567-e89b-12d3-a456-426614174000"], ["123e4567"]),
    ],
)
def test_a_cell_is_what_its_field_holds_or_is_reported(
    field: dict[str, object], good: list[str], bad: list[str]
) -> None:
    assert broken(checked(field, *good)) == []
    cells = [cell or None for cell in bad]
    found = checked(field, *cells)
    assert broken(found) == [(row, "type") for row, cell in enumerate(cells, 2) if cell]


@pytest.mark.parametrize(
    ("word", "value", "kind", "good", "bad"),
    [
        ("minimum", 0, "integer", "0", "-1"),
        ("maximum", 120, "integer", "120", "121"),
        ("exclusiveMinimum", 0, "number", "0.1", "0"),
        ("exclusiveMaximum", 1, "number", "0.9", "1"),
        ("minimum", "2014-01-01", "date", "2014-01-01", "2013-12-31"),
        ("maximum", "2026-10", "yearmonth", "2026-10", "2026-11"),
        ("minLength", 3, "string", "abc", "ab"),
        ("maxLength", 3, "string", "ñañ", "abcd"),
        ("pattern", "SV-[A-Z]{2}", "string", "SV-SS", "xSV-SSx"),
        ("enum", ["F", "M", "_U"], "string", "_U", "f"),
        ("enum", [1, 2], "integer", "2", "3"),
    ],
)
def test_each_constraint_holds_at_its_edge_and_not_beyond(
    word: str, value: object, kind: str, good: str, bad: str
) -> None:
    found = checked({"type": kind, "constraints": {word: value}}, good, bad, None)
    assert broken(found) == [(3, word)]
    assert found.findings["value"].to_list() == [bad]
    assert found.set_aside["SOURCE_ROW"].to_list() == [3]


def test_a_missing_value_is_no_value_and_breaks_only_what_asks_for_one() -> None:
    words = {"missingValues": ["", "s/d"]}
    assert broken(checked({"type": "integer", "constraints": {"minimum": 5}}, None, "s/d", **words)) == []
    assert broken(checked({"type": "integer", "constraints": {"required": True}}, None, "s/d", "3", **words)) == [
        (2, "required"),
        (3, "required"),
    ]


def test_repeated_values_are_all_reported_since_none_is_known_to_hold() -> None:
    assert broken(checked({"constraints": {"unique": True}}, "a", "b", "a", None, None)) == [
        (2, "unique"),
        (4, "unique"),
    ]


def test_a_key_is_whole_and_in_no_other_row() -> None:
    schema = table_schema.of({"fields": [{"name": "a"}, {"name": "b"}], "primaryKey": ["a", "b"]})
    found = check(table(a=["1", "1", "2", None, "1"], b=["x", "y", "x", "x", "x"]), schema, today=TODAY)
    assert broken(found) == [(2, "primaryKey"), (5, "keyMissing"), (6, "primaryKey")]
    assert found.findings["value"][0] == "a 1; b x"


def test_a_foreign_key_looks_into_the_other_table_and_into_the_file_itself() -> None:
    document = {
        "fields": [{"name": "id"}, {"name": "parent"}, {"name": "dep"}],
        "foreignKeys": [
            {"fields": "parent", "reference": {"resource": "", "fields": "id"}},
            {"fields": "dep", "reference": {"resource": "departments", "fields": "code"}},
        ],
    }
    rows = table(id=["1", "2", "3"], parent=[None, "1", "9"], dep=["SV-SS", "SV-XX", None])
    others = {"departments": pl.DataFrame({"code": ["SV-SS"]})}
    found = check(rows, table_schema.of(document), today=TODAY, tables=others)
    assert sorted(found.findings.select("row", "column").iter_rows()) == [(3, "dep"), (4, "parent")]
    with pytest.raises(SchemaUnclear, match="departments"):
        check(rows, table_schema.of(document), today=TODAY)


def test_parts_add_up_and_an_unknown_part_is_not_zero() -> None:
    # The national page of January 2022: 498 + 211 + 141 + 111 = 961 (statistics.md, §2); then a broken and an open one.
    found = under(
        [{"name": "sum", "sum": ["men", "women", "boys", "girls"], "equals": "total"}],
        dict.fromkeys(["men", "women", "boys", "girls", "total"], "integer"),
        men=["498", "498", "498", "900", None],
        women=["211", "211", "211", None, None],
        boys=["141", "141", None, "141", None],
        girls=["111", "111", "111", "111", None],
        total=["961", "960", "961", "961", "961"],
    )
    assert broken(found) == [(3, "sum"), (5, "sum")]
    assert found.findings["value"][0] == "men 498; women 211; boys 141; girls 111; total 960"


def test_dates_follow_in_order_across_one_that_is_unknown() -> None:
    found = under(
        [{"name": "order", "order": ["born", "left", "arrived"]}],
        dict.fromkeys(["born", "left", "arrived"], "date"),
        born=["1990-01-01", "1990-01-01", "2001-01-01"],
        left=["2020-01-01", "2020-01-02", None],
        arrived=["2020-01-01", "2020-01-01", "2000-12-31"],
    )
    assert broken(found) == [(3, "order"), (4, "order")]


def test_one_field_against_another() -> None:
    found = under([{"name": "less", "compare": ["a", "<=", "b"]}], {"a": "integer", "b": "number"},
                  a=["1", "2", "3", None], b=["1", "1.5", None, "0"])  # fmt: skip
    assert broken(found) == [(3, "less")]


def test_what_holds_if_something_else_does() -> None:
    rules = [{"name": "place", "if": {"field": "route", "in": ["LAND"]}, "then": {"field": "post", "present": True}}]
    found = under(
        rules, {"route": "string", "post": "string"}, route=["LAND", "LAND", "AIR", None], post=["A", None, None, None]
    )
    assert broken(found) == [(3, "place")]


def test_a_condition_that_asks_no_presence_is_not_broken_by_an_empty_cell() -> None:
    rules = [{"if": {"field": "sex", "in": ["M"]}, "then": {"field": "pregnant", "in": ["no"]}}]
    found = under(rules, {"sex": "string", "pregnant": "string"}, sex=["M", "M", "F"], pregnant=["yes", None, "yes"])
    assert broken(found) == [(2, "if 1")]


@pytest.mark.parametrize(
    ("kind", "last", "beyond"),
    [
        ("date", "2026-11-20", "2026-11-21"),
        ("datetime", "2026-11-20T23:59:59", "2026-11-21T00:00:00"),
        ("yearmonth", "2026-11", "2026-12"),
        ("year", "2026", "2027"),
    ],
)
def test_today_is_not_the_future_and_tomorrow_is(kind: str, last: str, beyond: str) -> None:
    assert broken(under([{"name": "future", "not_future": "x"}], {"x": kind}, x=[last, beyond])) == [(3, "future")]


def test_a_warning_keeps_its_row_and_an_error_sets_it_aside() -> None:
    field = {"type": "integer", "constraints": {"maximum": 10}, "x-torogoz": {"severity": {"maximum": "warning"}}}
    found = checked(field, "11", "x")
    assert found.findings["severity"].to_list() == ["warning", "error"]
    assert found.accepted["SOURCE_ROW"].to_list() == [2]
    assert found.accepted["x"].to_list() == [11]
    assert found.set_aside.rows() == [(3, "x")]


def test_the_value_of_an_identifying_column_is_printed_nowhere() -> None:
    document = {
        "fields": [
            {"name": "doc", "type": "integer", "constraints": {"unique": True}, "x-torogoz": {"identifying": True}},
            {"name": "year", "type": "integer"},
        ],
        "primaryKey": "doc",
        "x-torogoz": {"rules": [{"name": "odd", "compare": ["year", "<", "doc"]}]},
    }
    found = check(
        table(doc=["4077", "4077", "SECRET"], year=["9999", "1", "1"]), table_schema.of(document), today=TODAY
    )
    assert set(found.findings["rule"]) == {"unique", "primaryKey", "odd", "type", "keyMissing"}
    text = found.findings.write_csv()
    assert "4077" not in text
    assert "SECRET" not in text


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+cmd", "-cmd", " =x"])
def test_text_that_a_spreadsheet_would_run_is_set_aside(cell: str) -> None:
    assert broken(checked({}, cell)) == [(2, "formula")]


def test_text_that_only_begins_with_a_sign_is_not_taken_for_a_formula() -> None:
    assert broken(checked({}, "-5", "+503 2222", "- sin dato", "a=b")) == []


def test_messages_are_in_both_languages() -> None:
    found = checked({"type": "integer", "constraints": {"minimum": 5}}, "3")
    assert found.findings.row(0) == (
        2, "x", "minimum", "3", "error", "«x» no puede ser menor que 5.", "“x” must be at least 5.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({}, "list of `fields`"),
        ({"fields": [{"name": "x", "type": "geopoint"}]}, "geopoint"),
        ({"fields": [{"name": "x", "type": "date", "format": "any"}]}, "day and which the month"),
        ({"fields": [{"name": "x"}], "primaryKey": "y"}, "no field 'y'"),
        ({"fields": [{"name": "x"}, {"name": "x"}]}, "same name"),
        ({"fields": [{"name": "x"}], "x-torogoz": {"rules": [{"compare": ["x", "~", "x"]}]}}, "sign"),
        ({"fields": [{"name": "x"}], "x-torogoz": {"rules": [{"es": "nada"}]}}, "one demand"),
    ],
)
def test_a_schema_that_cannot_be_followed_is_refused_with_its_reason(document: object, says: str) -> None:
    with pytest.raises(SchemaUnclear, match=says):
        table_schema.of(document)


@pytest.mark.parametrize(
    ("constraint", "says"),
    [({"pattern": "(?=a)b"}, "look ahead"), ({"minimum": 3}, "no meaning for string")],
)
def test_a_constraint_that_cannot_be_checked_is_refused_too(constraint: dict[str, object], says: str) -> None:
    with pytest.raises(SchemaUnclear, match=says):
        checked({"constraints": constraint}, "b")


def test_words_that_are_not_followed_are_reported_by_their_place() -> None:
    schema = table_schema.of(
        {
            "fields": [{"name": "x", "constraints": {"jsonSchema": {}}, "colour": "red", "description": "kept quiet"}],
            "dialect": {},
            "x-torogoz": {"rules": [{"not_future": "x", "weight": 3}], "owner": "PNC"},
        }
    )
    assert set(schema.not_known) == {
        "dialect",
        "fields[0].colour",
        "fields[0].constraints.jsonSchema",
        "x-torogoz.owner",
        "x-torogoz.rules[0].weight",
    }
