"""Which columns are sealed: a model says it of itself in `SEALED`, and the rotation of keys finds it there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models


def about(table: str, field: str, key: object) -> str:
    """What a sealed value is bound to: the table, the field and the key of its row."""
    return f"{table}.{field}:{key}"


@dataclass(frozen=True)
class SealedColumn:
    """One binary column of sealed values.

    field           name of the column
    institution     way from the row to the code of the institution whose key seals it
    key             the column that names the row in what the value is bound to
    hashed          the column of the keyed hash of the same value, and `kind` and `fold` of that hash; or none
    """

    field: str
    institution: str = "institution__code"
    key: str = "key"
    hashed: str = ""
    kind: str = ""
    fold: Any = None

    def about(self, model: type[models.Model], key: object) -> str:
        """What the value of the row with this key is bound to."""
        return about(model._meta.db_table, self.field, key)


def holds_values(institution: str) -> bool:
    """Whether anything is stored that was sealed for this institution; for an empty code, anything that was hashed."""
    for model, column in sealed_columns():
        stored = model._base_manager.filter(**{f"{column.field}__isnull": False})
        if institution and stored.filter(**{column.institution: institution}).exists():
            return True
        if not institution and column.hashed and stored.exists():
            return True
    return False


def sealed_columns() -> Iterator[tuple[type[models.Model], SealedColumn]]:
    """Every sealed column of every app."""
    for model in apps.get_models():
        for column in getattr(model, "SEALED", ()):
            yield model, column
