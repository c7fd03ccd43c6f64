"""Nothing that could name a person is a column of a release. The list is made from the models of people themselves."""

import polars as pl
from django.db import models

from torogoz.shared.people.models import Encounter, Identifier, Name, Person, Section
from torogoz.shared.releases.words import MEANINGS
from torogoz.statistics.crosstables import PERSON_KEY, crossed
from torogoz.statistics.releases import PLANS
from torogoz.topics.returns.models import Arrival

# Facts of a person or an arrival that are counted: each has a code list, and none of them is free text or a number.
COUNTED = {"sex", "nationality", "accompanied", "reason"}


def identifying() -> set[str]:
    """The name of every field of people, names, documents, encounters and sections, but those that are counted."""
    fields: set[str] = set()
    for model in (Person, Name, Identifier, Encounter, Section, Arrival):
        fields |= {field.name for field in model._meta.get_fields() if isinstance(field, models.Field)}
    return fields - COUNTED


def test_no_column_of_a_release_is_a_field_that_could_name_a_person() -> None:
    for plan in PLANS.values():
        columns = {column.lower() for column in (*plan.columns, *plan.nothing_published().columns)}
        assert not columns & identifying()
        assert not columns & {"key", "id", "uuid", "name", "document", "birth_date", "phone", "address"}
        assert "age" not in plan.columns  # the single year; AGE is its band


def test_the_base_cube_has_only_columns_of_the_wall_and_the_key_of_a_person_is_no_column_of_anything() -> None:
    cube = {*crossed(["2026"], ["USA"]).variables, "N"}
    assert cube - {"AGE_DETAIL", "N"} <= {column for plan in PLANS.values() for column in plan.columns}
    assert not {column.lower() for column in cube} & identifying()
    for plan in PLANS.values():
        assert PERSON_KEY not in {*plan.columns, *plan.nothing_published().columns, *cube}
    returns = PLANS["RETURNS"]
    text = dict.fromkeys(returns.columns, pl.String)
    keyed = pl.DataFrame(schema={**text, "age": pl.Int64, PERSON_KEY: pl.UInt64})
    assert tuple(returns.deidentified(keyed).columns) == returns.columns
    for column in cube:
        assert all(MEANINGS[column][1:])


def test_the_list_of_identifying_fields_knows_names_documents_and_dates() -> None:
    assert {
        "given1",
        "surname1",
        "alias",
        "hashed",
        "birth",
        "birth_min",
        "occurred_at",
        "plain",
        "sealed",
    } <= identifying()


def test_every_column_of_a_release_has_a_meaning_in_both_languages() -> None:
    for plan in PLANS.values():
        for column in (*plan.columns, *plan.nothing_published().columns):
            _, spanish, english = MEANINGS[column]
            assert spanish
            assert english
            assert spanish != english or column == "NATIONALITY"
