"""Bringing the code lists of the database up to date with those that the project ships."""

from django.db import transaction

from torogoz.shared.codelists.models import Code
from torogoz.shared.codelists.shipped import day, rows

LISTS = (
    "age",
    "answer",
    "area",
    "body_group",
    "commitment_actor",
    "commitment_beneficiary",
    "conf_status",
    "crime",
    "crime_source",
    "demand",
    "direction",
    "document",
    "indicator",
    "mechanism",
    "method",
    "mode",
    "need",
    "obs_status",
    "provision_flag",
    "provision_kind",
    "provision_role",
    "provision_section",
    "reason",
    "sex",
    "violence_concept",
)


@transaction.atomic
def load() -> int:
    """Insert or update every shipped code; how many there are. A code is never deleted: old data may bear it."""
    codes = [
        Code(
            codelist=name.upper(),
            code=row["code"],
            name_es=row["name_es"],
            name_en=row["name_en"],
            description=row["description"],
            parent=row["parent"],
            valid_from=day(row["valid_from"]),
            valid_to=day(row["valid_to"]),
            source=row["source"],
            position=position,
        )
        for name in LISTS
        for position, row in enumerate(rows("torogoz.shared.codelists", name))
    ]
    Code.objects.bulk_create(
        codes,
        update_conflicts=True,
        unique_fields=["codelist", "code"],
        update_fields=["name_es", "name_en", "description", "parent", "valid_from", "valid_to", "source", "position"],
    )
    return len(codes)
