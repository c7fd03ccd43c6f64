from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("papers", "0005_certificate_of_disposal")]

    operations = [
        migrations.AddField(
            "paper",
            "of",
            models.UUIDField(
                null=True, help_text="key of the consent or hand-over that it tells, so that its end is told"
            ),
        ),
    ]
