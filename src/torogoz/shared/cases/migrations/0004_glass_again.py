import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_laws"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(
            "glassbreak",
            "again_why",
            models.CharField(
                max_length=500, blank=True, default="", help_text="why the officer may break it again, though"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "glassbreak",
            "again_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL, django.db.models.deletion.PROTECT, null=True, related_name="+"
            ),
        ),
        migrations.AddField("glassbreak", "again_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "glassbreak",
            models.CheckConstraint(
                condition=Q(again_by__isnull=True, again_at__isnull=True)
                | Q(verdict="unjustified", again_by__isnull=False, again_at__isnull=False),
                name="glass_again_is_allowed_by_somebody",
            ),
        ),
    ]
