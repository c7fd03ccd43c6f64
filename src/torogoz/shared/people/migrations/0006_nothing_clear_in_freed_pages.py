"""The space that held clear numbers and answers is written anew, so that the file of the database keeps none of them."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def write_anew(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM FULL people_identifier")
            cursor.execute("VACUUM FULL people_section")
        else:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("people", "0005_clear_columns_removed")]

    operations = [migrations.RunPython(write_anew, migrations.RunPython.noop)]
