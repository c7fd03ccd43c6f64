"""The grants that are in force learn the purpose of the consent that they were written with."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Q, Subquery


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    consents = apps.get_model("cases", "Consent").objects.filter(grant=OuterRef("pk"))
    grants = apps.get_model("institutions", "PersonGrant").objects.filter(basis="consent", purpose="")
    grants.filter(consent__isnull=False).update(purpose=Subquery(consents.values("purpose")[:1]))


class Migration(migrations.Migration):
    dependencies = [("institutions", "0009_purpose_of_a_grant"), ("cases", "0002_handovers")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            "persongrant",
            models.CheckConstraint(
                condition=(Q(basis="consent") & ~Q(purpose="")) | (~Q(basis="consent") & Q(purpose="")),
                name="a_grant_of_a_consent_has_its_purpose",
            ),
        ),
    ]
