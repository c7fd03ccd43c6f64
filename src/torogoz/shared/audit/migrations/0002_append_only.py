"""Puts the guard on the record of accesses. A later change of these tables on SQLite makes them anew: put it on again."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from torogoz.shared.audit import append_only


def put_on(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    append_only.put_on(schema_editor.connection)


def take_off(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    append_only.take_off(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(put_on, take_off)]
