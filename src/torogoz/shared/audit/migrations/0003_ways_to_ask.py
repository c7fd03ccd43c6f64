"""An index for each way to ask. SQLite makes the table anew, so the guard comes off and is put on again at the end."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from torogoz.shared.audit import append_only


def put_on(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    append_only.put_on(schema_editor.connection)


def take_off(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    append_only.take_off(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [
        migrations.RunPython(take_off, put_on),
        migrations.AlterField("accessevent", "institution", models.CharField(max_length=16)),
        migrations.AlterField(
            "accessevent", "officer", models.CharField(max_length=64, help_text="username, or empty for a command")
        ),
        migrations.AddIndex(
            "accessevent", models.Index(fields=["institution", "at"], name="audit_acces_institu_d51cbf_idx")
        ),
        migrations.AddIndex("accessevent", models.Index(fields=["verb", "at"], name="audit_acces_verb_52a225_idx")),
        migrations.AddIndex("accessevent", models.Index(fields=["basis", "at"], name="audit_acces_basis_bd87d7_idx")),
        migrations.AddIndex(
            "accessevent",
            models.Index(fields=["at"], name="audit_refused", condition=models.Q(allowed=False)),
        ),
        migrations.RunPython(put_on, take_off),
    ]
