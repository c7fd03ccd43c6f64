"""What hangs on a person, and how it is hung on another: the mechanics of a merge, and of undoing it.

Every row that refers to a person is moved, whatever app it is of, except what says who the merged record was taken
for: its names, the corrections of them, the pairs it was in. Those stay on it, so that nothing is written over. What
was corrected of a document goes where the document goes.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction

from torogoz.shared.institutions.models import PersonGrant
from torogoz.shared.people.models import Encounter, Identifier, Merge, MovedRow, Person

STAYS = frozenset({"people.name", "people.correction", "people.posting", "people.pair", "people.merge"})
"""Tables whose rows stay with the record: who it was taken for, and the search index, which is written anew."""


def columns() -> Iterator[tuple[type[models.Model], "models.Field[Any, Any]", bool]]:
    """Each column that says of which person a row is, and whether it holds the key (a UUID) instead of the row."""
    for model in sorted(apps.get_models(), key=lambda model: model._meta.label_lower):
        if model._meta.label_lower in STAYS:
            continue
        for column in model._meta.local_fields:
            if isinstance(column, models.ForeignKey) and column.related_model is Person:
                yield model, column, False
            elif isinstance(column, models.UUIDField) and column.name == "person":
                yield model, column, True


def move_all(merge: Merge) -> None:
    """Hang on the survivor what hangs on the merged record, and write down each row that was moved.

    A row that would say what the survivor's own says already (the same document) stays where it is.
    """
    brought = set(Encounter.objects.filter(person=merge.merged).values_list("pk", flat=True))
    kept = set(Encounter.objects.filter(person=merge.survivor).values_list("pk", flat=True))
    _close(merge.survivor, brought)
    _close(merge.merged, kept)
    for model, column, keyed in columns():
        rows = model._base_manager.filter(**{column.name: _value(merge.merged, keyed)}).order_by("pk")
        for row in rows.values_list("pk", flat=True):
            if _put(model, column, row, _value(merge.survivor, keyed)):
                MovedRow.objects.create(merge=merge, table=model._meta.label_lower, row=row, column=column.name)


def follow(added: models.Model, of: type[models.Model], row: int) -> None:
    """Let a row that says something of another one go back with it, when the merges that moved that one are undone."""
    moved = MovedRow.objects.filter(table=of._meta.label_lower, row=row, merge__ended_at__isnull=True)
    for one in moved.order_by("pk"):
        MovedRow.objects.create(merge=one.merge, table=added._meta.label_lower, row=added.pk, column=one.column)


def take_back(merge: Merge) -> None:
    """Hang on the merged record again what was moved from it and is still on the survivor.

    A document that was since corrected to one that the merged record has itself is said by that one.
    """
    by_label = {(model._meta.label_lower, column.name): (model, column, keyed) for model, column, keyed in columns()}
    for moved in merge.moved.order_by("-pk"):
        model, column, keyed = by_label[moved.table, moved.column]
        still = model._base_manager.filter(pk=moved.row, **{column.name: _value(merge.survivor, keyed)})
        if model is not Identifier:
            still.update(**{column.name: _value(merge.merged, keyed)})
        elif still.exists() and not _put(model, column, moved.row, _value(merge.merged, keyed)):
            still.delete()
    for person in (merge.survivor, merge.merged):
        own = set(Encounter.objects.filter(person=person).values_list("pk", flat=True))
        for grant in PersonGrant.objects.filter(person=person.key).exclude(closed=[]):
            grant.closed = sorted(own.intersection(grant.closed))
            grant.save(update_fields=["closed"])


def _close(person: Person, encounters: set[int]) -> None:
    """Let the grants on a person open none of these encounters, which are about to become that person's."""
    for grant in PersonGrant.objects.filter(person=person.key):
        grant.closed = sorted({*grant.closed, *encounters})
        grant.save(update_fields=["closed"])


def _value(person: Person, keyed: bool) -> Any:
    return person.key if keyed else person.pk


def _put(model: type[models.Model], column: "models.Field[Any, Any]", row: Any, value: Any) -> bool:
    """Write the person of one row; False when a rule of its table does not allow it there, and it stays."""
    try:
        with transaction.atomic():
            model._base_manager.filter(pk=row).update(**{column.name: value})
    except IntegrityError:
        return False
    return True
