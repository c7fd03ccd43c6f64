"""The space that held clear numbers and answers is written anew, so that the file of the database keeps none of them."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def write_anew(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # VACUUM FULL would carry along every freed row that somebody's open transaction might still see, however
            # little it does, and so leave it in the file. A change of type copies only the rows that are there now.
            for table, column in (("people_identifier", "kind"), ("people_section", "code")):
                cursor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE varchar(20) USING {column} || ''")
        else:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("people", "0005_clear_columns_removed")]

    operations = [migrations.RunPython(write_anew, migrations.RunPython.noop)]
