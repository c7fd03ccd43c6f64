"""What the public pages are made from, and which of them are kept ready."""

import hashlib
from datetime import datetime

from django.db.models import Count, Max, Sum
from django.utils import timezone

from torogoz.shared.ui.public import Edition
from torogoz.topics.diaspora.models import Association, MobileConsulate


def edition() -> Edition:
    """A checksum of all that public pages show, and of the day: by itself a verification lapses and a day is over."""
    today = timezone.localdate()
    parts = [f"{today}"]
    moments: list[datetime] = []
    for model in (Association, MobileConsulate):
        counted = model.objects.aggregate(
            rows=Count("pk"), last=Max("pk"), versions=Sum("version"), newest=Max("changed_at")
        )
        parts.append(f"{model.__name__} {counted['rows']} {counted['last']} {counted['versions']} {counted['newest']}")
        moments += filter(None, [counted["newest"]])
    return Edition(hashlib.sha256("\n".join(parts).encode()).hexdigest(), max(moments, default=None))
