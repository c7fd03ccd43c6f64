"""A grant that stands on a consent says for what purpose: it opens nothing to who works for another."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("institutions", "0008_dated_lines")]
    operations = [
        migrations.AddField(
            "persongrant",
            "purpose",
            models.CharField(
                blank=True, default="", max_length=16, help_text="of the consent that it stands on; else empty"
            ),
            preserve_default=False,
        ),
    ]
