"""What the public pages are made from, and which of them are kept ready."""

import hashlib
from datetime import datetime

from django.db.models import Count, Max, Sum
from django.utils import timezone

from torogoz.shared.ui.public import Edition
from torogoz.topics.diaspora.abroad_models import Association, MobileConsulate
from torogoz.topics.diaspora.models import Project, Round, SkillRequest


def edition() -> Edition:
    """A checksum of all that public pages show, and of the day: by itself a verification lapses and a day is over."""
    today = timezone.localdate()
    parts = [f"{today}"]
    moments: list[datetime] = []
    for model in (Association, MobileConsulate, Project):
        counted = model.objects.aggregate(
            rows=Count("pk"), last=Max("pk"), versions=Sum("version"), newest=Max("changed_at")
        )
        parts.append(f"{model.__name__} {counted['rows']} {counted['last']} {counted['versions']} {counted['newest']}")
        moments += filter(None, [counted["newest"]])
    asked = SkillRequest.objects.aggregate(rows=Count("pk"), newest=Max("at"))
    opened = Round.objects.aggregate(rows=Count("pk"), newest=Max("created_at"))
    for added in (asked, opened):
        parts.append(f"added {added['rows']}")
        moments += filter(None, [added["newest"]])
    published = Round.objects.aggregate(rows=Count("published_at"), newest=Max("published_at"))
    parts.append(f"published {published['rows']}")
    moments += filter(None, [published["newest"]])
    return Edition(hashlib.sha256("\n".join(parts).encode()).hexdigest(), max(moments, default=None))
