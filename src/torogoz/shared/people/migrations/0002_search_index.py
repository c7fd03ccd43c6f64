"""The search index: words of names, and postings of the sounds that each person's names have."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class CreateCompactModel(migrations.CreateModel):
    """A table that is its own primary key: on SQLite without a second copy of every row beside the key."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        sql, params = schema_editor.table_sql(to_state.apps.get_model(app_label, self.name))
        schema_editor.execute(f"{sql} WITHOUT ROWID", params)


class Migration(migrations.Migration):

    dependencies = [
        ("institutions", "0002_sharing_rule"),
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateCompactModel(
            name="Posting",
            fields=[
                ("pk", models.CompositePrimaryKey("key", "year", "person", blank=True, editable=False, primary_key=True, serialize=False)),
                ("key", models.BigIntegerField(help_text="sum of the hashes of the sounds, as a signed number of 64 bits")),
                ("year", models.SmallIntegerField(help_text="year of birth; 0 when unknown")),
                ("person", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person")),
            ],
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=120, unique=True)),
            ],
        ),
        migrations.AddIndex(
            model_name="encounter",
            index=models.Index(fields=["person", "office", "institution"], name="encounter_of_person_at_office"),
        ),
        migrations.AddConstraint(
            model_name="identifier",
            constraint=models.UniqueConstraint(fields=("person", "kind", "issuer", "folded"), name="one_document_once_per_person"),
        ),
    ]
