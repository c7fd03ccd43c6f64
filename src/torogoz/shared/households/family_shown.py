"""The words in which a family is shown, on its own page and on that of the person."""

from typing import Any

from torogoz.domain.families import Kin
from torogoz.shared.households.family_queries import FamilySeen
from torogoz.shared.households.family_words import EVIDENCE_BADGES, GROUP_KINDS, KINS
from torogoz.shared.households.words import called
from torogoz.shared.people.models import Person


def shown(family: FamilySeen, person: Person) -> dict[str, Any]:
    """Relatives and groups with their words, as the templates take them."""
    relatives = [
        {
            "seen": one,
            "kin": KINS[Kin(one.kin)],
            "called": called(one.person) if one.person else one.name,
            "badge": EVIDENCE_BADGES[one.evidence],
        }
        for one in family.relatives
    ]
    groups = [
        {
            "seen": one,
            "kind": GROUP_KINDS[one.kind],
            "members": [
                {"member": member, "called": called(member.person), "here": member.person_id == person.pk}
                for member in one.members
            ],
        }
        for one in family.groups
    ]
    return {"relatives": relatives, "groups": groups, "readable": family.readable}
