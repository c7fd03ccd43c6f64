"""Who belongs to whom: contacts, relatives, groups that travel or live together, and children who arrive alone.

Tables that point at a person, which a merge of two records has to re-point: `Contact.person`,
`Relationship.person` and `.other` (which may not become the same: such a row is left out of the merge), `Member.person`
(one place in a group at a time), `BestInterests.person`, `ChildMove.person`.
"""

from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    name = "torogoz.shared.households"
    label = "households"
