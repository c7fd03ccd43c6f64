from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('provisions', '0004_treaty_bodies'),
    ]

    operations = [
        migrations.AddField(
            model_name='instrument',
            name='source_es',
            field=models.CharField(blank=True, help_text='the same in Spanish, where somebody wrote it', max_length=600),
        ),
    ]
