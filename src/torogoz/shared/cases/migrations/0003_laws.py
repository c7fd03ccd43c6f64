import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_handovers"), ("institutions", "0010_purposes_of_consents")]

    operations = [
        migrations.AddField(
            "consent",
            "law",
            models.ForeignKey(
                "institutions.legalground",
                django.db.models.deletion.PROTECT,
                null=True,
                related_name="+",
                help_text="of the list of laws, that asks for it",
            ),
        ),
        migrations.AddField(
            "legalbasis",
            "ground",
            models.ForeignKey(
                "institutions.legalground",
                django.db.models.deletion.PROTECT,
                null=True,
                related_name="+",
                help_text="the same law in the list, if it is there",
            ),
        ),
    ]
