"""For what purpose an officer worked. What was recorded before keeps its hash: its seal is 1, and says no purpose.

SQLite makes the table anew, so the guard comes off and is put on again at the end.
"""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from torogoz.shared.audit import append_only


def put_on(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    append_only.put_on(schema_editor.connection)


def take_off(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    append_only.take_off(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_ways_to_ask")]
    operations = [
        migrations.RunPython(take_off, put_on),
        migrations.AddField(
            "accessevent",
            "purpose",
            models.CharField(
                blank=True,
                default="",
                max_length=16,
                help_text="for which the officer worked; empty when undeclared",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "accessevent",
            "seal",
            models.PositiveSmallIntegerField(
                default=1, help_text="what the hash seals: 1 without the purpose, which was not asked; 2"
            ),
            preserve_default=False,
        ),
        migrations.AddIndex("accessevent", models.Index(fields=["purpose", "at"], name="audit_acces_purpose_e0c3ef_idx")),
        migrations.RunPython(put_on, take_off),
    ]
