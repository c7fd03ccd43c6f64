"""Who belongs to whom: contacts, relatives, groups that travel or live together, and children who arrive alone.

Tables that point at a person, which a merge of two records has to re-point: `Contact.person`.
"""

from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    name = "torogoz.shared.households"
    label = "households"
