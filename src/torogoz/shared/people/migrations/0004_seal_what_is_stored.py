"""Seal what was stored in the clear: under the key of the institution that recorded it. Undone by opening it again."""

import uuid
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from torogoz.domain.access import Tier
from torogoz.domain.documents import fold_number
from torogoz.statistics.forms.shipped import form_of
from torogoz.shared.vault import keyring, sealing
from torogoz.shared.vault.columns import about
from torogoz.shared.vault.keyring import Purpose
from torogoz.shared.vault.models import VaultKey

BATCH = 2000
NUMBERS, ANSWERS = ("people_identifier", "sealed"), ("people_section", "sealed")


def seal(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    batch = sealing.Batch()
    begun: set[str] = set()
    identifiers = apps.get_model("people", "Identifier").objects
    changed = []
    for row in identifiers.select_related("person__institution").order_by("pk").iterator(BATCH):
        row.key, row.institution = uuid.uuid4(), row.person.institution
        _begin(begun, "")
        _begin(begun, row.institution.code)
        row.sealed = batch.seal(row.institution.code, row.number.encode(), about(*NUMBERS, row.key))
        row.hashed = batch.keyed_hashes("document", row.folded)[0]
        row.number = row.folded = ""
        changed.append(row)
    columns = ["key", "institution", "sealed", "hashed"]
    identifiers.bulk_update(changed, columns, batch_size=BATCH // 10)
    sections = apps.get_model("people", "Section").objects
    changed = []
    for row in sections.select_related("institution").order_by("pk").iterator(BATCH):
        if form_of(row.code, row.form_version).tier >= Tier.SENSITIVE:
            _begin(begun, row.institution.code)
            row.sealed = batch.seal(row.institution.code, sealing.written(row.plain), about(*ANSWERS, row.key))
            row.plain = {}
            changed.append(row)
    sections.bulk_update(changed, ["plain", "sealed"], batch_size=BATCH // 10)


def _begin(begun: set[str], institution: str) -> None:
    """Make the first key if there is none: the tables of other apps, which could tell, may not be there yet."""
    if institution in begun:
        return
    begun.add(institution)
    purpose = Purpose.SEAL if institution else Purpose.HASH
    if not VaultKey.objects.filter(purpose=purpose, institution=institution).exists():
        keyring.begin(purpose, institution)


def open_again(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    batch = sealing.Batch()
    for row in apps.get_model("people", "Identifier").objects.select_related("institution").iterator(BATCH):
        row.number = batch.opened(row.institution.code, row.sealed, about(*NUMBERS, row.key)).decode()
        row.folded = fold_number(row.number)
        row.save()
    sections = apps.get_model("people", "Section").objects
    for row in sections.filter(sealed__isnull=False).select_related("institution").iterator(BATCH):
        row.plain = sealing.open_json(row.institution.code, row.sealed, about(*ANSWERS, row.key))
        row.sealed = None
        row.save()


class Migration(migrations.Migration):
    dependencies = [("people", "0003_sealed_columns")]

    operations = [migrations.RunPython(seal, open_again)]
