from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_glass_again")]

    operations = [
        migrations.AddField(
            "consent",
            "minor",
            models.BooleanField(null=True, help_text="under 18, as the officer says where the birth does not tell"),
        ),
    ]
