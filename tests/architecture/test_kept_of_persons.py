"""No table that leads to a person is forgotten when her data is disposed of: each goes, or stays and says why."""

from collections import defaultdict

from django.apps import apps
from django.db import models

from torogoz.domain.retention import DataClass
from torogoz.shared.data_rights.disposal_words import TABLES
from torogoz.shared.data_rights.registry import holdings, stays, told, untold
from torogoz.shared.people.models import Person


def leading_to_persons() -> set[str]:
    """Every table with a way of foreign keys to a person, at whatever remove."""
    onto: dict[type[models.Model], set[type[models.Model]]] = defaultdict(set)
    for model in apps.get_models():
        for column in model._meta.local_fields:
            if isinstance(column, models.ForeignKey):
                onto[column.related_model].add(model)
    found: set[type[models.Model]] = {Person}
    look = list(found)
    while look:
        new = onto[look.pop()] - found
        found |= new
        look.extend(new)
    return {model._meta.label_lower for model in found}


def test_every_table_that_leads_to_a_person_goes_or_stays_and_says_why() -> None:
    told = {one.label for one in holdings(DataClass)} | set(stays())
    assert leading_to_persons() - told == set()
    assert told - leading_to_persons() == set()
    assert all(stays().values())


def test_every_table_that_leads_to_a_person_is_told_in_the_own_file_or_says_why_not() -> None:
    assert leading_to_persons() - set(told()) - set(untold()) == set()
    assert (set(told()) | set(untold())) - leading_to_persons() == set()
    assert set(told()) & set(untold()) == set()
    assert all(untold().values())


def test_what_goes_has_a_name_on_the_certificate() -> None:
    assert {one.label for one in holdings(DataClass)} | {"people.person"} == set(TABLES)
