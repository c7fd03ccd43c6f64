"""Who belongs to whom: contacts, relatives, groups that travel or live together, and children who arrive alone.

A merge of two records re-points every column that refers to a person (people/moving.py finds them): `Contact.person`,
`Relationship.person` and `.other`, `Member.person`, `BestInterests.person`, `ChildMove.person`. What a rule does not
allow on the survivor (a relationship to itself, a second place in one group) stays with the record that goes.
"""

from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    name = "torogoz.shared.households"
    label = "households"
