"""A report on its way: written and submitted, approved by another officer, published or sent back with a reason."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from torogoz.domain.access import Decision, Verb
from torogoz.domain.commitments import (
    FollowUpRefused,
    ReportState,
    ReportStep,
    after,
    check_address,
    check_two_persons,
)
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.statistics.deliberation.progress import Status
from torogoz.topics.commitments import follow_up_rights as rights
from torogoz.topics.commitments.measure_actions import note
from torogoz.topics.commitments.report_models import Duty, ProgressReport, ReportEvent

WRITE = "write"
NEEDS_NO_PROOF = frozenset({Status.NO_INFORMATION, Status.NO_TARGET, Status.NOT_STARTED})


@dataclass(frozen=True)
class ReportSaid:
    """What a report says. A draft may leave all of it empty."""

    status: Status | None
    narrative_es: str
    narrative_en: str
    evidence_text: str
    evidence_address: str

    def as_kept(self) -> dict[str, str]:
        return {
            "status": self.status.value if self.status else "",
            "narrative_es": self.narrative_es,
            "narrative_en": self.narrative_en,
            "evidence_text": self.evidence_text,
            "evidence_address": self.evidence_address,
        }


@transaction.atomic
def write_report(*, by: Officer, duty: Duty, said: ReportSaid, expected: int, now: datetime) -> ProgressReport:
    """Keep a draft: the first of a duty, the next version of it, or, after a publication, the next report.

    expected  the version that the writer had open; 0 for none
    raises    FollowUpRefused (changed, address), NotAllowed
    """
    decision = _own(by, duty.institution, now)
    check_address(said.evidence_address)
    held = Duty.objects.select_for_update().get(pk=duty.pk)
    last = ProgressReport.objects.select_for_update().filter(duty=held).order_by("-number").first()
    report = last if last is not None and last.state != ReportState.PUBLISHED else None
    if held.ended_at is not None or (report.version if report else 0) != expected:
        raise FollowUpRefused("", "changed")
    if report is None:
        report = ProgressReport(duty=held, number=last.number + 1 if last else 1, state=ReportState.DRAFT.value)
    elif report.state != ReportState.DRAFT:
        raise FollowUpRefused("", "changed")
    else:
        report.version += 1
    for field, value in said.as_kept().items():
        setattr(report, field, value)
    report.written_by, report.written_at = by, now
    report.save()
    _happened(report, WRITE, by, held.institution, now)
    note(by, Verb.EDIT, "report", [str(report.key), str(held.key)], decision, now)
    return report


@transaction.atomic
def submit(*, by: Officer, report: ProgressReport, expected: int, now: datetime) -> ProgressReport:
    """Hand a draft to another officer of the institution.

    raises  FollowUpRefused (changed, status, narrative, evidence), NotAllowed
    """
    held, decision = _held(by, report, expected, now)
    _check_whole(held)
    held.submitted_by, held.submitted_at = by, now
    return _step(held, ReportStep.SUBMIT, by, held.duty.institution, decision, now)


@transaction.atomic
def approve(*, by: Officer, report: ProgressReport, expected: int, now: datetime) -> ProgressReport:
    """Approve for the institution what another officer wrote and submitted.

    raises  FollowUpRefused (changed, same_officer), NotAllowed
    """
    held, decision = _held(by, report, expected, now)
    check_two_persons({held.written_by.pk, *([held.submitted_by.pk] if held.submitted_by else [])}, by.pk)
    held.approved_by, held.approved_at = by, now
    return _step(held, ReportStep.APPROVE, by, held.duty.institution, decision, now)


@transaction.atomic
def take_back(*, by: Officer, report: ProgressReport, reason: str, expected: int, now: datetime) -> ProgressReport:
    """Make a draft of what was submitted, saying why. Raises FollowUpRefused (changed, reason), NotAllowed."""
    held, decision = _held(by, report, expected, now)
    held.submitted_by, held.submitted_at = None, None
    return _step(held, ReportStep.TAKE_BACK, by, held.duty.institution, decision, now, reason)


@transaction.atomic
def publish(*, by: Officer, report: ProgressReport, expected: int, now: datetime) -> ProgressReport:
    """Publish what an institution approved. Raises FollowUpRefused (changed), NotAllowed."""
    held, decision, own = _arrived(by, report, expected, now)
    held.published_by, held.published_at = by, now
    return _step(held, ReportStep.PUBLISH, by, own, decision, now)


@transaction.atomic
def send_back(*, by: Officer, report: ProgressReport, reason: str, expected: int, now: datetime) -> ProgressReport:
    """Send back what an institution approved, saying why. Raises FollowUpRefused (changed, reason), NotAllowed."""
    held, decision, own = _arrived(by, report, expected, now)
    held.submitted_by = held.submitted_at = held.approved_by = held.approved_at = None
    return _step(held, ReportStep.SEND_BACK, by, own, decision, now, reason)


def _check_whole(report: ProgressReport) -> None:
    """Refuse to submit a report that does not say how the commitment stands, what was done, and where the proof is."""
    if not report.status:
        raise FollowUpRefused("status", "status")
    if not report.narrative_es.strip():
        raise FollowUpRefused("narrative_es", "narrative")
    proof = report.evidence_text.strip() or report.evidence_address.strip()
    if Status(report.status) not in NEEDS_NO_PROOF and not proof:
        raise FollowUpRefused("evidence_text", "evidence", status=report.status)


def _step(
    report: ProgressReport,
    step: ReportStep,
    by: Officer,
    institution: Institution,
    decision: Decision,
    now: datetime,
    reason: str = "",
) -> ProgressReport:
    report.state = after(ReportState(report.state), step, reason).value
    report.version += 1
    report.save()
    _happened(report, step.value, by, institution, now, reason)
    verb = Verb.PUBLISH if step is ReportStep.PUBLISH else Verb.EDIT
    note(by, verb, "report", [str(report.key), str(report.duty.key)], decision, now)
    return report


def _happened(
    report: ProgressReport, step: str, by: Officer, institution: Institution, now: datetime, reason: str = ""
) -> None:
    said = {
        "status": report.status,
        "narrative_es": report.narrative_es,
        "narrative_en": report.narrative_en,
        "evidence_text": report.evidence_text,
        "evidence_address": report.evidence_address,
    }
    ReportEvent.objects.create(
        report=report, step=step, reason=reason.strip(), by=by, institution=institution, at=now, said=said
    )


def _locked(report: ProgressReport, expected: int) -> ProgressReport:
    found = ProgressReport.objects.select_for_update(of=("self",)).select_related(
        "duty__institution", "written_by", "submitted_by"
    )
    held = found.get(pk=report.pk)
    if held.version != expected:
        raise FollowUpRefused("", "changed")
    return held


def _held(by: Officer, report: ProgressReport, expected: int, now: datetime) -> tuple[ProgressReport, Decision]:
    """The report, held until the end of the transaction, for an officer of its institution."""
    decision = _own(by, report.duty.institution, now)
    held = _locked(report, expected)
    if held.duty.ended_at is not None:
        raise FollowUpRefused("", "changed")
    return held, decision


def _arrived(
    by: Officer, report: ProgressReport, expected: int, now: datetime
) -> tuple[ProgressReport, Decision, Institution]:
    """The same for the secretariat, and the institution that it speaks for."""
    decision = rights.to_convene(by, now)
    if not decision:
        raise NotAllowed("only the secretariat publishes reports")
    return _locked(report, expected), decision, Institution.objects.get(code=decision.institution)


def _own(by: Officer, institution: Institution, now: datetime) -> Decision:
    decision = rights.to_report(by, institution, now)
    if not decision:
        raise NotAllowed(f"{by} does not report for {institution}")
    return decision
