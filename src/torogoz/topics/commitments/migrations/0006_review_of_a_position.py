import django.db.models.deletion
from django.db import migrations, models

FIRST = "position-2017"


def of_2017(apps, schema_editor):
    """Every review that was made so far is of the first position."""
    found = apps.get_model("provisions", "Instrument").objects.filter(code=FIRST).first()
    apps.get_model("commitments", "ReportRun").objects.filter(position__isnull=True).update(position=found)


class Migration(migrations.Migration):

    dependencies = [
        ('commitments', '0005_measure_versions'),
        ('provisions', '0005_source_es'),
    ]

    operations = [
        migrations.AddField(
            model_name='reportrun',
            name='position',
            field=models.ForeignKey(help_text='the position under review', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='provisions.instrument'),
        ),
        migrations.RunPython(of_2017, migrations.RunPython.noop),
    ]
