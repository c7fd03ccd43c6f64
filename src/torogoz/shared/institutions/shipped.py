"""Bringing the institutions of the database up to date with the dated records that the project ships."""

from django.db import transaction

from torogoz.shared.codelists.shipped import day, rows
from torogoz.shared.institutions.models import Institution


@transaction.atomic
def load() -> int:
    """Insert or update every institution of 2017 and of today; how many there are."""
    shipped = rows("torogoz.shared.institutions", "institutions")
    Institution.objects.bulk_create(
        [
            Institution(
                code=row["code"],
                name_es=row["name_es"],
                name_en=row["name_en"],
                valid_from=day(row["valid_from"]),
                valid_until=day(row["valid_until"]),
                source=row["source"],
            )
            for row in shipped
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name_es", "name_en", "valid_from", "valid_until", "source"],
    )
    stored = {institution.code: institution for institution in Institution.objects.all()}
    for row in shipped:
        institution = stored[row["code"]]
        institution.parent = stored[row["parent"]] if row["parent"] else None
        institution.successor = stored[row["successor"]] if row["successor"] else None
    Institution.objects.bulk_update(list(stored.values()), ["parent", "successor"])
    return len(shipped)
