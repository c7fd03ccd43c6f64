"""Assessments as the body that writes them sees them; what is published is read at the one place of what is public."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from torogoz.shared.institutions.models import Officer
from torogoz.shared.provisions.models import Provision
from torogoz.topics.commitments import follow_up_rights as rights
from torogoz.topics.commitments.report_models import Assessment


def assessments_seen_by(officer: Officer, now: datetime) -> QuerySet[Assessment]:
    """What the officer's own body wrote, drafts first."""
    own = Assessment.objects.filter(body__code__in=rights.assesses_for(officer, now))
    return own.select_related("body", "provision__instrument").order_by("-published_at", "-written_at", "-pk")


def draft_of(officer: Officer, provision: Provision, now: datetime) -> Assessment | None:
    """The draft of the officer's own body on a commitment."""
    return assessments_seen_by(officer, now).filter(provision=provision, published_at__isnull=True).first()


def assessment_seen_by(officer: Officer, key: UUID, now: datetime) -> Assessment | None:
    """One that the officer's own body wrote."""
    return assessments_seen_by(officer, now).filter(key=key).first()


def published_called(key: UUID, now: datetime) -> Assessment | None:
    """A published assessment, to reply to."""
    found = Assessment.objects.filter(key=key, published_at__lte=now)
    return found.select_related("body", "provision__instrument").first()
