"""The guard in the database itself: rows of the record can be added, and neither changed nor taken away.

It stops whoever uses the site's own connection. Whoever owns the database can take the guard off; that is what the
chain of hashes, and its head kept elsewhere, are for.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("audit_accessevent", "audit_accesssubject")
REFUSAL = "the record of accesses is append-only"

POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$
"""


def put_on(connection: BaseDatabaseWrapper) -> None:
    """Refuse every UPDATE and DELETE on the record from now on."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
            for table in TABLES:
                cursor.execute(
                    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                    "FOR EACH ROW EXECUTE FUNCTION audit_append_only()"
                )
        else:
            for table in TABLES:
                for change in ("UPDATE", "DELETE"):
                    cursor.execute(
                        f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
                    )


def take_off(connection: BaseDatabaseWrapper) -> None:
    """Take the guard away: only to undo the migration, and to empty the database of a test."""
    with connection.cursor() as cursor:
        for table in TABLES:
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")
            else:
                for change in ("update", "delete"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{change}")
