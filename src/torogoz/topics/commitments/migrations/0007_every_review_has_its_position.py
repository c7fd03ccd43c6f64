import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('commitments', '0006_review_of_a_position'),
    ]

    operations = [
        migrations.AlterField(
            model_name='reportrun',
            name='position',
            field=models.ForeignKey(help_text='the position under review', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='provisions.instrument'),
        ),
    ]
