"""The one place from which anything of the follow-up becomes public: pages, files, dossiers and reviews read it here.

All that leaves it was published by somebody, and is a plain value (`published.py`): no draft, no name of an officer.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.utils import timezone

from torogoz.domain.commitments import MET, MilestoneState, ReportState, overdue
from torogoz.shared.indicators.queries import flow_called
from torogoz.shared.institutions.models import Institution
from torogoz.shared.provisions.models import Provision
from torogoz.shared.ui.public import Edition
from torogoz.statistics.deliberation.progress import Status, is_stale, milestone_progress
from torogoz.statistics.periods import bounds
from torogoz.topics.commitments.follow_up_models import IndicatorBinding, Measure, Milestone, Reading
from torogoz.topics.commitments.models import FOLLOWED, Responsibility
from torogoz.topics.commitments.published import (
    AssessmentLine,
    Body,
    DutyLine,
    FollowUp,
    MeasureLine,
    MilestoneLine,
    MoneyLine,
    ReadingLine,
    ReplyLine,
    ReportLine,
    SeriesLine,
)
from torogoz.topics.commitments.report_models import Assessment, Duty, Notice, ProgressReport, Reply

FEW: Final = 20
Asked = Collection[int] | QuerySet[Provision]


def public_follow_up(provisions: Iterable[Provision], now: datetime) -> Mapping[int, FollowUp]:
    """All that is public about these commitments at a moment, by the key of their rows: a fixed number of queries."""
    rows = list(provisions)
    keys, asked, today = [each.pk for each in rows], asked_for(rows), timezone.localdate(now)
    measures, series = _measures(asked, now, today), _series(asked, now, today)
    reports, assessments = _reports(asked, now, today), _assessments(asked, now, today)
    return {
        key: FollowUp(tuple(measures[key]), tuple(series[key]), tuple(reports[key]), tuple(assessments[key]))
        for key in keys
    }


def asked_for(rows: Collection[Provision]) -> Asked:
    """These provisions as a query names them: by their keys, or many of them as all of their instruments.

    A list of keys is dear to write into a query, and more than these may then be answered.
    """
    if len(rows) <= FEW:
        return [each.pk for each in rows]
    return Provision.objects.filter(instrument__in={each.instrument_id for each in rows})


def public_measure(key: UUID, now: datetime) -> MeasureLine | None:
    """One published measure; None for a draft as for one that does not exist."""
    found = _published_measures(now).filter(key=key).first()
    return None if found is None else _measure(found, timezone.localdate(now))


def measure_line(measure: Measure, now: datetime) -> MeasureLine:
    """A measure as the public will read it, for those who may see it before it is published."""
    return _measure(measure, timezone.localdate(now))


def public_measures_of(institution: Institution, now: datetime) -> list[MeasureLine]:
    """The published measures that an institution leads or supports."""
    today = timezone.localdate(now)
    own = _published_measures(now).filter(Q(lead=institution) | Q(supporting=institution)).distinct()
    return [_measure(each, today) for each in own]


def public_assessment(key: UUID, now: datetime) -> AssessmentLine | None:
    """One published assessment; None for a draft as for one that does not exist."""
    found = Assessment.objects.filter(key=key, published_at__lte=now).select_related("body").first()
    return None if found is None else _assessment(found, timezone.localdate(now))


def public_duties(
    now: datetime, institution: Institution | None = None, provision: Provision | None = None
) -> list[DutyLine]:
    """Every duty that its institution was told of and that did not pass on; of one institution or commitment, if asked.

    Their order is that of the days on which they are due.
    """
    found = Duty.objects.filter(notified_at__lte=now, ended_at__isnull=True)
    if institution is not None:
        found = found.filter(institution=institution)
    if provision is not None:
        found = found.filter(provision=provision)
    today = timezone.localdate(now)
    rows = found.select_related("cycle", "provision", "institution").prefetch_related("reports")
    return [_duty(each, today) for each in rows.order_by("due_on", "institution__code", "provision__position")]


def public_bodies(now: datetime) -> list[tuple[Institution, int]]:
    """The institutions that answer for commitments or answered for them, and for how many they do today."""
    today = timezone.localdate(now)
    in_force = Q(responsibilities__valid_from__lte=today) & (
        Q(responsibilities__valid_until__isnull=True) | Q(responsibilities__valid_until__gt=today)
    )
    concerned = Q(pk__in=Responsibility.objects.values("institution")) | Q(
        pk__in=Duty.objects.filter(notified_at__lte=now).values("institution")
    )
    found = Institution.objects.filter(concerned).annotate(
        answers=Count("responsibilities", filter=in_force, distinct=True)
    )
    return [(each, each.answers) for each in found.order_by("code")]


def public_reports_of(institution: Institution, now: datetime) -> list[tuple[Provision, ReportLine]]:
    """The published reports of an institution, also after it ended: the newest first."""
    today = timezone.localdate(now)
    return [
        (each.duty.provision, _report(each, today))
        for each in _published_reports(now).filter(duty__institution=institution)
    ]


def state(now: datetime) -> str:
    """A checksum of all that the public pages of the follow-up are made from, and of the day: lateness goes by days."""
    parts = [f"{timezone.localdate(now)}"]
    for model in (*FOLLOWED, Notice):
        counted = model._default_manager.aggregate(rows=Count("pk"), last=Max("pk"))
        parts.append(f"{model.__name__} {counted}")
    parts.append(str(Measure.objects.aggregate(Max("changed_at"), Max("published_at"), Count("published_at"))))
    parts.append(str(ProgressReport.objects.aggregate(Max("approved_at"), Max("published_at"), Count("approved_at"))))
    parts.append(str(Assessment.objects.aggregate(Max("published_at"), Count("published_at"))))
    parts.append(str(IndicatorBinding.objects.aggregate(Count("ended_at"), Max("ended_at"))))
    parts.append(str(Duty.objects.aggregate(Max("notified_at"), Count("notified_at"), Count("ended_at"))))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def edition(of_register: Edition, now: datetime) -> Edition:
    """What a public page of the follow-up is made from: the register, the follow-up, and today."""
    checksum = hashlib.sha256(f"{of_register.checksum} {state(now)}".encode()).hexdigest()
    return Edition(checksum, None)


def body_of(institution: Institution, today: date) -> Body:
    """An institution as public pages name it."""
    ended = institution.valid_until is not None and institution.valid_until <= today
    return Body(institution.code, institution.name_es, institution.name_en, ended)


def _published_measures(now: datetime) -> QuerySet[Measure]:
    found = Measure.objects.filter(published_at__lte=now).select_related("lead")
    return found.prefetch_related("supporting", "commitments", "milestones", "budget").order_by("starts_on", "pk")


def _measures(keys: Asked, now: datetime, today: date) -> Mapping[int, list[MeasureLine]]:
    found = defaultdict(list)
    for measure in _published_measures(now).filter(commitments__in=keys).distinct():
        line = _measure(measure, today)
        for provision in measure.commitments.all():
            found[provision.pk].append(line)
    return found


def _measure(measure: Measure, today: date) -> MeasureLine:
    milestones = sorted(measure.milestones.all(), key=lambda each: (each.due_on or date.max, each.pk))
    known = {MilestoneState.DONE: True, MilestoneState.OPEN: False, MilestoneState.UNKNOWN: None}
    return MeasureLine(
        measure.key,
        measure.name_es,
        measure.name_en,
        measure.summary_es,
        measure.summary_en,
        body_of(measure.lead, today),
        tuple(body_of(each, today) for each in measure.supporting.all()),
        tuple((each.key, each.code) for each in sorted(measure.commitments.all(), key=lambda one: one.position)),
        measure.starts_on,
        measure.ends_on,
        tuple(measure.places),
        tuple(_milestone(each, today) for each in milestones),
        tuple(
            MoneyLine(each.year, each.source, each.currency, each.planned, each.committed, each.executed)
            for each in sorted(measure.budget.all(), key=lambda one: (one.year, one.source, one.currency))
        ),
        milestone_progress([(float(each.weight), known[MilestoneState(each.state)]) for each in milestones]),
        measure.changed_at,
        measure.made_up,
    )


def _milestone(milestone: Milestone, today: date) -> MilestoneLine:
    done = milestone.state == MilestoneState.DONE
    return MilestoneLine(
        milestone.key,
        milestone.name_es,
        milestone.name_en,
        milestone.weight,
        milestone.due_on,
        MilestoneState(milestone.state),
        milestone.done_on,
        milestone.evidence_text,
        milestone.evidence_address,
        overdue(milestone.due_on, today, met=done),
    )


def _series(keys: Asked, now: datetime, today: date) -> Mapping[int, list[SeriesLine]]:
    readings = Reading.objects.filter(read_at__lte=now).select_related("release").order_by("-public_since", "-pk")
    bound = IndicatorBinding.objects.filter(provision__in=keys, bound_at__lte=now, ended_at__isnull=True)
    found = defaultdict(list)
    for each in bound.prefetch_related(Prefetch("readings", queryset=readings)).order_by("pk"):
        found[each.provision_id].append(_one_series(each, today))
    return found


def _one_series(binding: IndicatorBinding, today: date) -> SeriesLine:
    flow = flow_called(binding.dataflow)
    lines = tuple(_reading(each) for each in binding.readings.all())
    last = next((each.period for each in lines if each.period), "")
    return SeriesLine(
        binding.key,
        binding.dataflow,
        flow.name_es if flow else binding.dataflow,
        flow.name_en if flow else binding.dataflow,
        flow.unit_es if flow else "",
        flow.unit_en if flow else "",
        (flow.decimals or 0) if flow else 0,
        tuple(sorted(binding.series.items())),
        binding.measured,
        binding.direction,
        binding.base,
        binding.base_year,
        binding.target,
        binding.target_year,
        binding.ground,
        lines,
        bool(last) and is_stale(bounds(last)[1], today),
        binding.made_up,
    )


def _reading(reading: Reading) -> ReadingLine:
    return ReadingLine(
        reading.period,
        reading.value,
        reading.provisional,
        reading.hidden,
        reading.method,
        reading.pace,
        reading.compound,
        Status(reading.status),
        reading.vintage,
        reading.release.name if reading.release else "",
        reading.public_since,
        reading.read_at,
    )


def _published_reports(now: datetime) -> QuerySet[ProgressReport]:
    found = ProgressReport.objects.filter(state=ReportState.PUBLISHED.value, published_at__lte=now)
    return found.select_related("duty__cycle", "duty__institution", "duty__provision").order_by(
        "-duty__cycle__covers_until", "-published_at", "-pk"
    )


def _reports(keys: Asked, now: datetime, today: date) -> Mapping[int, list[ReportLine]]:
    leads = set(
        Responsibility.objects.filter(provision__in=keys, role=Responsibility.Role.LEAD).values_list(
            "provision", "institution"
        )
    )
    found: dict[int, list[ReportLine]] = defaultdict(list)
    rows = list(_published_reports(now).filter(duty__provision__in=keys))
    rows.sort(
        key=lambda each: (
            -each.duty.cycle.covers_until.toordinal(),
            (each.duty.provision_id, each.duty.institution_id) not in leads,
        )
    )
    for each in rows:
        found[each.duty.provision_id].append(_report(each, today))
    return found


def _report(report: ProgressReport, today: date) -> ReportLine:
    duty = report.duty
    assert report.approved_at is not None
    assert report.published_at is not None
    return ReportLine(
        report.key,
        body_of(duty.institution, today),
        duty.cycle.code,
        duty.cycle.covers_from,
        duty.cycle.covers_until,
        report.number,
        Status(report.status),
        report.narrative_es,
        report.narrative_en,
        report.evidence_text,
        report.evidence_address,
        duty.due_on,
        report.approved_at,
        report.published_at,
        duty.cycle.made_up,
    )


def _assessments(keys: Asked, now: datetime, today: date) -> Mapping[int, list[AssessmentLine]]:
    published = Assessment.objects.filter(provision__in=keys, published_at__lte=now).select_related("body")
    replies = Reply.objects.filter(at__lte=now).select_related("institution").order_by("pk")
    found = defaultdict(list)
    for each in published.prefetch_related(Prefetch("replies", queryset=replies)).order_by("-published_at", "-pk"):
        found[each.provision_id].append(_assessment(each, today))
    return found


def _assessment(assessment: Assessment, today: date) -> AssessmentLine:
    assert assessment.published_at is not None
    return AssessmentLine(
        assessment.key,
        body_of(assessment.body, today),
        Status(assessment.status),
        assessment.reasons_es,
        assessment.reasons_en,
        assessment.evidence_text,
        assessment.evidence_address,
        assessment.published_at,
        tuple(
            ReplyLine(body_of(each.institution, today), each.text_es, each.text_en, each.at)
            for each in assessment.replies.all()
        ),
        assessment.made_up,
    )


def _duty(duty: Duty, today: date) -> DutyLine:
    met = any(ReportState(each.state) in MET for each in duty.reports.all())
    assert duty.notified_at is not None
    return DutyLine(
        duty.key,
        duty.provision.key,
        duty.provision.code,
        body_of(duty.institution, today),
        duty.cycle.code,
        duty.cycle.name_es,
        duty.cycle.name_en,
        duty.due_on,
        duty.notified_at,
        met,
        overdue(duty.due_on, today, met=met),
    )
