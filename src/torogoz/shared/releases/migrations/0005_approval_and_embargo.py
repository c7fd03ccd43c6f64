from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('releases', '0004_privacy_spending'),
    ]

    operations = [
        migrations.AddField(
            model_name='release',
            name='approved_by',
            field=models.CharField(blank=True, default='', help_text='who approved it, as its page says', max_length=120),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='release',
            name='embargo_until',
            field=models.DateTimeField(blank=True, help_text='nobody outside reads it before this moment', null=True),
        ),
    ]
