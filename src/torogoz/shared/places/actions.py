"""Bringing the territory of the database up to date with what the project ships."""

from django.db import transaction

from torogoz.shared.codelists.shipped import day, rows
from torogoz.shared.places.models import Place


@transaction.atomic
def load() -> int:
    """Insert or update every place; how many there are. Parents and successors are joined in a second step."""
    shipped = rows("torogoz.shared.places", "places")
    Place.objects.bulk_create(
        [
            Place(
                code=row["code"],
                level=row["level"],
                name=row["name"],
                valid_from=day(row["valid_from"]),
                valid_to=day(row["valid_to"]),
                source=row["source"],
            )
            for row in shipped
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["level", "name", "valid_from", "valid_to", "source"],
    )
    stored = {place.code: place for place in Place.objects.all()}
    for row in shipped:
        place = stored[row["code"]]
        place.parent = stored[row["parent"]] if row["parent"] else None
        place.successor = stored[row["successor"]] if row["successor"] else None
    Place.objects.bulk_update(list(stored.values()), ["parent", "successor"], batch_size=200)
    return len(shipped)
