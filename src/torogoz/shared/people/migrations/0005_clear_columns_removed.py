"""The clear columns go, and what is sealed is required."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

NUMBER = {"max_length": 40, "default": ""}


class Migration(migrations.Migration):
    dependencies = [("people", "0004_seal_what_is_stored")]

    operations = [
        migrations.RemoveConstraint("identifier", "one_document_once_per_person"),
        migrations.AlterField("identifier", "number", models.CharField(**NUMBER)),
        migrations.AlterField("identifier", "folded", models.CharField(db_index=True, **NUMBER)),
        migrations.RemoveField("identifier", "number"),
        migrations.RemoveField("identifier", "folded"),
        migrations.AlterField("identifier", "key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
        migrations.AlterField(
            "identifier",
            "institution",
            models.ForeignKey(
                help_text="whose key seals it",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="institutions.institution",
            ),
        ),
        migrations.AlterField("identifier", "sealed", models.BinaryField(help_text="the number as read")),
        migrations.AlterField(
            "identifier",
            "hashed",
            models.BinaryField(
                db_index=True, help_text="of letters and digits only, in capitals", max_length=32
            ),
        ),
        migrations.AddConstraint(
            "identifier",
            models.UniqueConstraint(
                fields=["person", "kind", "issuer", "hashed"], name="one_document_once_per_person"
            ),
        ),
    ]
