"""Seal the scanned sheets that were stored in the clear. Undone by opening them again."""

from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from torogoz.shared.vault import keyring, sealing
from torogoz.shared.vault.columns import about
from torogoz.shared.vault.keyring import Purpose
from torogoz.shared.vault.models import VaultKey

SHEET = ("protocols_signature", "sheet")


def seal(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for row in _sheets(apps):
        code = row.institution.code
        if not VaultKey.objects.filter(purpose=Purpose.SEAL, institution=code).exists():
            keyring.begin(Purpose.SEAL, code)
        row.sheet = sealing.seal(code, bytes(row.sheet), about(*SHEET, row.key))
        row.save(update_fields=["sheet"])


def open_again(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for row in _sheets(apps):
        row.sheet = sealing.opened(row.institution.code, bytes(row.sheet), about(*SHEET, row.key))
        row.save(update_fields=["sheet"])


def _sheets(apps: Any) -> Any:
    stored = apps.get_model("protocols", "Signature").objects.filter(sheet__isnull=False)
    return stored.select_related("institution").order_by("pk").iterator(20)


class Migration(migrations.Migration):
    dependencies = [("protocols", "0001_initial"), ("vault", "0001_first")]

    operations = [
        migrations.AlterField(
            "signature",
            "sheet",
            models.BinaryField(null=True, help_text="the scanned sheet, sealed under the key of the institution"),
        ),
        migrations.AlterField(
            "signature",
            "sha256",
            models.CharField(max_length=64, blank=True, help_text="of the sheet, before sealing"),
        ),
        migrations.RunPython(seal, open_again),
    ]
