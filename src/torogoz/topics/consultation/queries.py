"""What is known of consultations, each reader through one gate: what is not published does not exist for the public."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from torogoz.domain.access import Verb
from torogoz.shared.institutions.access import may_for, seats
from torogoz.shared.institutions.models import Officer
from torogoz.shared.ui.public import Edition
from torogoz.topics.consultation.process_models import Process


def published() -> QuerySet[Process]:
    """The consultations that the public sees, the newest first."""
    return Process.objects.filter(published_at__isnull=False).select_related("convener").order_by("-created_at", "-pk")


def published_process(code: str) -> Process | None:
    """The consultation with this code, if the public sees it."""
    return published().filter(code=code).first()


def processes_seen_by(reader: object, now: datetime) -> QuerySet[Process]:
    """What is published; and, for officers, what their institution convened, was invited to, or named them for."""
    seen = Q(published_at__isnull=False)
    if isinstance(reader, Officer):
        convening = seats(reader, Verb.CONVENE, now)
        invited = seats(reader, Verb.REPORT, now)
        seen |= Q(convener__code__in=convening)
        seen |= Q(invitations__institution__code__in=invited) & ~Q(state="prepared")
        seen |= Q(tables__duties__officer=reader, tables__duties__ended_at__isnull=True)
    found = Process.objects.filter(pk__in=Process.objects.filter(seen).values("pk"))
    return found.select_related("convener").order_by("-created_at", "-pk")


def process_seen_by(reader: object, key: UUID, now: datetime) -> Process | None:
    """The consultation with this key, if the reader may see it."""
    return processes_seen_by(reader, now).filter(key=key).first()


def convenes(reader: object, process: Process, now: datetime) -> bool:
    """Whether the reader serves in the secretariat of the institution that convened it."""
    return isinstance(reader, Officer) and bool(may_for(reader, Verb.CONVENE, process.convener.code, now))


def edition(code: str = "") -> Edition:
    """What the public pages are made from: every published consultation, or one of them, as it last changed."""
    found = published().filter(code=code) if code else published()
    parts = [
        f"{key} {changed} {shown} {results}"
        for key, changed, shown, results in found.values_list("key", "changed_at", "published_at", "results_at")
    ]
    newest = found.order_by().aggregate(at=Max("changed_at"))["at"]
    return Edition(hashlib.sha256("\n".join(parts).encode()).hexdigest(), newest)
