"""HTCDS 2.0: fields with their source, files read and written, and what the single form has of it."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torogoz.exchange.htcds.mapping import WRITTEN, as_htcds, from_htcds
from torogoz.exchange.htcds.standard import FIELDS, FILE
from torogoz.exchange.readers.contract import Unreadable
from torogoz.exchange.readers.htcds import cases_from
from torogoz.exchange.writers.htcds import NotOfTheStandard, cases_csv, plain

GOOD = {
    "prs_FirstName": "Rosa",
    "prs_SecondName": "Quijada Portillo",
    "prs_Birthdate": "1991-05-17",
    "prs_Gender": "Feminine",
    "prs_Citizenship": "SLV",
    "vic_MethodsOfControl": "DebtBondage; TakesEarnings",
    "hte_Longitude": "-89.2",
    "con_Consent": "true",
}


def file_of(*rows: dict[str, str]) -> bytes:
    columns = list(rows[0])
    lines = [columns, *([row.get(column, "") for column in columns] for row in rows)]
    return "\n".join(",".join(f'"{value}"' for value in line) for line in lines).encode()


def test_every_field_names_the_standard_its_licence_and_its_version() -> None:
    lines = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))
    assert len(FIELDS) == 83
    assert {line["source"] for line in lines} == {
        "HTCDS 2.0 (IOM), CC BY 4.0, commit 3c2f6537cd76; https://github.com/UNMigration/HTCDS"
    }
    assert list(FIELDS["vic_TraffickingStatus"].codes) == [
        "PossibleVictimOfTrafficking", "ActualVictimOfTrafficking", "NotAVictimOfTrafficking",
    ]  # fmt: skip
    assert len(FIELDS["vic_ForcedLabourIndustry"].codes) == 21


def test_a_good_line_is_kept_and_an_empty_value_is_not_known() -> None:
    found = cases_from(file_of(GOOD, {"prs_FirstName": "Ana"}), "f.csv")
    assert [case["prs_FirstName"] for case in found.kept] == ["Rosa", "Ana"]
    assert found.kept[1]["prs_Gender"] == ""
    assert found.set_aside == ()


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("prs_Birthdate", "17/05/1991", "is not a day"),
        ("prs_Birthdate", "1991-05", "is not a day"),
        ("prs_Gender", "F", "is not a code of it"),
        ("prs_Citizenship", "El Salvador", "is not a country code of ISO 3166"),
        ("vic_MethodsOfControl", "DebtBondage;Chains", "“Chains” is not a code of it"),
        ("vic_MethodsOfControl", "DebtBondage;DebtBondage", "says a code twice"),
        ("hte_Longitude", "-289.2", "is beyond 180 degrees"),
        ("hte_Longitude", "west", "is not a number"),
        ("con_Consent", "yes", "is neither true nor false"),
    ],
)
def test_a_wrong_value_sets_its_line_aside_with_the_reason(field: str, value: str, why: str) -> None:
    found = cases_from(file_of(GOOD, {**GOOD, field: value}, GOOD), "f.csv")
    assert len(found.kept) == 2
    (aside,) = found.set_aside
    assert aside.line == 3
    assert aside.reasons[0].startswith(field)
    assert why in aside.reasons[0]
    assert aside.values["prs_FirstName"] == "Rosa"


def test_all_reasons_of_a_line_are_told_and_a_line_of_another_length_too() -> None:
    found = cases_from(file_of({**GOOD, "prs_Gender": "x", "con_Consent": "y"}), "f.csv")
    assert [reason.partition(":")[0] for reason in found.set_aside[0].reasons] == ["prs_Gender", "con_Consent"]
    found = cases_from(b"prs_FirstName,prs_Gender\nRosa\n", "f.csv")
    assert found.set_aside[0].reasons == ("it has 1 values for 2 columns",)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "f.csv is empty"),
        (b"prs_FirstNam\nx\n", "has no field prs_FirstNam"),
        (b"prs_FirstName,prs_FirstName\n", "is there twice"),
        ("prs_FirstName\nMaría".encode("latin-1"), "not a text in UTF-8"),
        (b'prs_FirstName\n"Rosa"x\n', "line 2 is not CSV"),
    ],
)
def test_what_is_no_such_file_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        cases_from(content, "f.csv")


@given(st.lists(st.fixed_dictionaries({name: st.text(alphabet="aé='+-@\" ,;\n", max_size=12).map(str.strip)
                                       for name in ("prs_FirstName", "prs_Email")}), max_size=5))  # fmt: skip
def test_what_is_written_is_read_again_the_same(cases: list[dict[str, str]]) -> None:
    cases = [{name: plain(value) for name, value in case.items()} for case in cases]
    again = cases_from(cases_csv(cases, ["prs_FirstName", "prs_Email"]), "f.csv")
    assert again.set_aside == ()
    assert list(again.kept) == [case for case in cases if any(case.values())]


def test_no_text_is_run_as_a_formula_and_a_number_stays_a_number() -> None:
    written = cases_csv(
        [{"prs_FirstName": "=HYPERLINK(1)", "hte_Longitude": "-89.2"}], ["prs_FirstName", "hte_Longitude"]
    )
    assert b"'=HYPERLINK(1)" in written
    assert b",-89.2" in written


def test_nothing_that_the_standard_has_not_is_written() -> None:
    with pytest.raises(NotOfTheStandard, match="no field nickname"):
        cases_csv([], ["nickname"])
    with pytest.raises(NotOfTheStandard, match="case 1: prs_Gender"):
        cases_csv([{"prs_Gender": "F"}], ["prs_Gender"])


# ── The single form ─────────────────────────────────────────────────────────────────────────────────────────────

ROSA = {
    "given1": "Rosa", "given2": "Elena", "surname1": "Quijada", "surname2": "Portillo", "birth": "1991-05-17",
    "sex": "F", "nationality": "SLV", "document": "00016297-5",
}  # fmt: skip


def test_the_single_form_says_what_it_knows_and_no_more() -> None:
    said = as_htcds(ROSA, {"schooling": "LOWER", "victim_of": ["TRAFFICKING", "EXTORTION"]})
    assert tuple(said) == WRITTEN
    assert said["prs_SecondName"] == "Quijada Portillo"
    assert said["prs_HighestLevelOfEducation"] == "LowerSecondaryEducation"
    assert said["vic_TraffickingStatus"] == "PossibleVictimOfTrafficking"
    assert cases_csv([said], WRITTEN)


@pytest.mark.parametrize(
    ("known", "answers", "field"),
    [
        ({"birth": "1991-05"}, {}, "prs_Birthdate"),
        ({"sex": "_O"}, {}, "prs_Gender"),
        ({"nationality": "_U"}, {}, "prs_Citizenship"),
        ({}, {"schooling": "HIGHER"}, "prs_HighestLevelOfEducation"),
        ({}, {"victim_of": ["NONE"]}, "vic_TraffickingStatus"),
        ({}, {"victim_of": ["_U"]}, "vic_TraffickingStatus"),
    ],
)
def test_what_is_not_certain_is_left_empty(known: dict[str, object], answers: dict[str, object], field: str) -> None:
    assert as_htcds(known, answers)[field] == ""


def test_there_and_back_is_the_same_person() -> None:
    assert from_htcds(as_htcds(ROSA, {})) == ROSA
    assert from_htcds({"prs_SecondName": "Quijada"})["surname1"] == "Quijada"
    assert from_htcds({"prs_Gender": "NonConforming"})["sex"] == "_U"
    assert from_htcds({"prs_Citizenship": "SLV;USA"})["nationality"] == "_U"
