"""Bringing the territory of the database up to date with what the project ships."""

from collections.abc import Mapping

from django.db import transaction

from torogoz.shared.codelists.shipped import day, rows
from torogoz.shared.places.models import Place


@transaction.atomic
def load() -> int:
    """Insert or update every place; how many there are. Parents and successors are joined in a second step.

    The second step writes the rows again: that costs a quarter of an update which says for each code what it gets.
    """
    shipped = rows("torogoz.shared.places", "places")
    alone = [{**row, "parent": "", "successor": ""} for row in shipped]
    _write(alone, {}, ["level", "name", "valid_from", "valid_to", "source"])
    _write(shipped, dict(Place.objects.values_list("code", "pk")), ["parent", "successor"])
    return len(shipped)


def _write(shipped: list[dict[str, str]], stored: Mapping[str, int], columns: list[str]) -> None:
    Place.objects.bulk_create(
        [
            Place(
                code=row["code"],
                level=row["level"],
                name=row["name"],
                parent_id=stored[row["parent"]] if row["parent"] else None,
                successor_id=stored[row["successor"]] if row["successor"] else None,
                valid_from=day(row["valid_from"]),
                valid_to=day(row["valid_to"]),
                source=row["source"],
            )
            for row in shipped
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=columns,
    )
