"""Calls: what is open, what was, and what came of it."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from torogoz.domain.practices import State
from torogoz.topics.practices.call_models import Call


def calls() -> QuerySet[Call]:
    """Every call, the one that closes last first."""
    return Call.objects.select_related("convener").prefetch_related("objectives").order_by("-open_until", "-pk")


def open_calls(now: datetime) -> list[Call]:
    """Those that receive practices today."""
    today = timezone.localdate(now)
    return list(calls().filter(opens_on__lte=today, open_until__gte=today))


def call_named(key: UUID) -> Call | None:
    """The call with this key."""
    return calls().filter(key=key).first()


def received(call: Call) -> int:
    """How many practices were submitted to it so far, without those that are only drafts."""
    return call.practices.exclude(round=0).exclude(state=State.WITHDRAWN.value).count()
