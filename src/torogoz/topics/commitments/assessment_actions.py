"""What an independent body writes and publishes, and what an institution replies. Neither changes the other's words."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from torogoz.domain.access import Decision, Verb
from torogoz.domain.commitments import FollowUpRefused, check_address
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.provisions.models import Provision
from torogoz.statistics.deliberation.progress import Status
from torogoz.topics.commitments import follow_up_rights as rights
from torogoz.topics.commitments.duty_queries import answers_for
from torogoz.topics.commitments.measure_actions import note
from torogoz.topics.commitments.report_models import Assessment, Reply


@dataclass(frozen=True)
class AssessmentSaid:
    """What an assessment says."""

    status: Status
    reasons_es: str
    reasons_en: str
    evidence_text: str
    evidence_address: str


@transaction.atomic
def write_assessment(
    *,
    by: Officer,
    body: Institution,
    provision: Provision,
    said: AssessmentSaid,
    expected: int,
    now: datetime,
    made_up: bool = False,
) -> Assessment:
    """Keep the draft of a body on a commitment, which nobody else sees.

    expected  the version that the writer had open; 0 for none
    raises    FollowUpRefused (changed, address), NotAllowed
    """
    decision = _own(by, body, now)
    check_address(said.evidence_address)
    held = (
        Assessment.objects.select_for_update().filter(provision=provision, body=body, published_at__isnull=True).first()
    )
    if (held.version if held else 0) != expected:
        raise FollowUpRefused("", "changed")
    assessment = held or Assessment(provision=provision, body=body, version=0, made_up=made_up)
    assessment.status = said.status.value
    assessment.reasons_es, assessment.reasons_en = said.reasons_es, said.reasons_en
    assessment.evidence_text, assessment.evidence_address = said.evidence_text, said.evidence_address
    assessment.written_by, assessment.written_at = by, now
    assessment.version += 1
    assessment.save()
    note(by, Verb.EDIT, "assessment", [str(assessment.key), str(provision.key)], decision, now)
    return assessment


@transaction.atomic
def publish_assessment(*, by: Officer, assessment: Assessment, expected: int, now: datetime) -> Assessment:
    """Publish a draft of the own body; nobody else has a say in it. Raises FollowUpRefused, NotAllowed."""
    decision = _own(by, assessment.body, now)
    held = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if held.published_at is not None or held.version != expected:
        raise FollowUpRefused("", "changed")
    if not held.reasons_es.strip():
        raise FollowUpRefused("reasons_es", "reasons")
    held.published_by, held.published_at = by, now
    held.version += 1
    held.save(update_fields=["published_by", "published_at", "version"])
    note(by, Verb.PUBLISH, "assessment", [str(held.key)], decision, now)
    return held


@transaction.atomic
def reply(
    *, by: Officer, assessment: Assessment, institution: Institution, text_es: str, text_en: str, now: datetime
) -> Reply:
    """Answer a published assessment for an institution that answers for the commitment; it stands beside it.

    raises  FollowUpRefused (reply, changed), NotAllowed
    """
    decision = rights.to_report(by, institution, now)
    if not decision or institution not in answers_for(by, assessment.provision, now):
        raise NotAllowed(f"{by} does not answer for {assessment.provision}")
    if assessment.published_at is None:
        raise FollowUpRefused("", "changed")
    if not text_es.strip():
        raise FollowUpRefused("text_es", "reply")
    made = Reply.objects.create(
        assessment=assessment, institution=institution, text_es=text_es, text_en=text_en, by=by, at=now
    )
    note(by, Verb.CREATE, "assessment_reply", [str(assessment.key)], decision, now)
    return made


def _own(by: Officer, body: Institution, now: datetime) -> Decision:
    decision = rights.to_assess(by, body, now)
    if not decision:
        raise NotAllowed(f"{by} does not assess for {body}")
    return decision
