"""Columns for what is sealed: the numbers of documents, and the answers of sensitive sections."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0002_search_index"), ("institutions", "0002_sharing_rule"), ("vault", "0001_first")]

    operations = [
        migrations.AddField("identifier", "key", models.UUIDField(editable=False, null=True)),
        migrations.AddField(
            "identifier",
            "institution",
            models.ForeignKey(
                null=True,
                help_text="whose key seals it",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="institutions.institution",
            ),
        ),
        migrations.AddField("identifier", "sealed", models.BinaryField(help_text="the number as read", null=True)),
        migrations.AddField("identifier", "hashed", models.BinaryField(max_length=32, null=True)),
        migrations.RenameField("section", "answers", "plain"),
        migrations.AlterField("section", "plain", models.JSONField(blank=True, default=dict)),
        migrations.AddField("section", "sealed", models.BinaryField(null=True)),
    ]
