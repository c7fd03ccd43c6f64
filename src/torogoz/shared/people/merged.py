"""Which records were merged into which: the one place that reads merges that hold."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import QuerySet

from torogoz.domain.duplicates import representative
from torogoz.shared.people.models import Merge, Person


def joined() -> dict[int, int]:
    """By the number of a merged record, that of the record into which it was merged, of every merge that holds."""
    return dict(_holding().values_list("merged", "survivor"))


def groups(into: Mapping[int, int]) -> dict[int, list[int]]:
    """By the number of a record that stands for others, those that were merged into it, at whatever remove."""
    inside: dict[int, list[int]] = {}
    for one in sorted(into):
        inside.setdefault(representative(one, into), []).append(one)
    return inside


def standing_for(key: UUID | str) -> int | None:
    """The number of the record that stands for the merged one with this key; None for one that is not merged."""
    merge = _holding().filter(merged__key=key).first()
    found = None
    while merge is not None:
        found = merge.survivor_id
        merge = _holding().filter(merged=found).first()
    return found


def merged_into(person: Person) -> list[Person]:
    """The records that were merged into `person`, at whatever remove, the oldest first."""
    return [one for one, _ in inside_of([person.pk])]


def inside_of(people: Collection[int]) -> list[tuple[Person, int]]:
    """The records that were merged into any of `people`, with their names, and the number of the one each is in."""
    found: list[tuple[Person, int]] = []
    standing = {number: number for number in people}
    looked = list(standing)
    while looked:
        holding = _holding().filter(survivor__in=looked).select_related("merged").prefetch_related("merged__names")
        merges = list(holding.order_by("pk"))
        standing.update({merge.merged_id: standing[merge.survivor_id] for merge in merges})
        found.extend((merge.merged, standing[merge.merged_id]) for merge in merges)
        looked = [merge.merged_id for merge in merges]
    return found


def _holding() -> QuerySet[Merge]:
    return Merge.objects.filter(merged_at__isnull=False, ended_at__isnull=True)
