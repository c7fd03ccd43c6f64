"""A row whose words lie together in one sealed column."""

import json
import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.db import models

from torogoz.shared.vault import sealing
from torogoz.shared.vault.columns import SealedColumn


class SealedWords(models.Model):
    """A row with a column `sealed`, under the key of its `institution`, bound to its own `key`."""

    SEALED: ClassVar[tuple[SealedColumn, ...]] = (SealedColumn("sealed"),)
    key: uuid.UUID
    institution: Any
    sealed: Any

    class Meta:
        abstract = True

    def keep_words(self, said: Mapping[str, Any]) -> Self:
        """Seal the words into this row, which is not saved yet."""
        (column,) = self.SEALED
        self.sealed = sealing.seal_json(self.institution.code, dict(said), column.about(type(self), self.key))
        return self

    def said_in(self, batch: sealing.Batch) -> dict[str, Any]:
        """What was written, by name. Raises SealBroken, KeyMissing."""
        (column,) = self.SEALED
        opened = batch.opened(self.institution.code, bytes(self.sealed), column.about(type(self), self.key))
        said: dict[str, Any] = json.loads(opened)
        return said
