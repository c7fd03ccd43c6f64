from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0009_search_decisions")]

    operations = [
        migrations.AddField(
            "person",
            "disposed_at",
            models.DateTimeField(null=True, help_text="when data of the person were last disposed of"),
        ),
        migrations.AddField(
            "person",
            "shell",
            models.BooleanField(
                default=False, help_text="who it is was disposed of: nothing is written of this person any more"
            ),
        ),
    ]
