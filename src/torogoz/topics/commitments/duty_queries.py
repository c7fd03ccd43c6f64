"""Duties and reports as those who work on them see them: an institution its own, the secretariat all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from torogoz.domain.commitments import MET, Reminder, ReportState, overdue
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.provisions.models import Provision
from torogoz.topics.commitments import follow_up_rights as rights
from torogoz.topics.commitments.models import Responsibility
from torogoz.topics.commitments.report_models import Cycle, Duty, ProgressReport


@dataclass(frozen=True)
class DutySeen:
    """A duty with its newest report and what was told of it."""

    duty: Duty
    report: ProgressReport | None
    met: bool
    late: bool
    told: Reminder | None


def responsible_now(today: date, *, leads: bool = False) -> list[tuple[Provision, Institution]]:
    """Which institution answers for which commitment on a day; only those that lead, if asked so."""
    held = Responsibility.objects.filter(_in_force(today)).select_related("provision", "institution")
    if leads:
        held = held.filter(role=Responsibility.Role.LEAD)
    found = held.order_by("provision__position", "institution__code")
    return [(each.provision, each.institution) for each in found if rights.exists(each.institution, today)]


def responsible_for(provision: Provision, today: date) -> list[Institution]:
    """The institutions that lead or support a commitment on a day, those that lead first."""
    held = Responsibility.objects.filter(_in_force(today), provision=provision).select_related("institution")
    return [each.institution for each in held.order_by("role", "institution__code")]


def answers_for(asker: object, provision: Provision, now: datetime) -> list[Institution]:
    """The institutions that answer for a commitment, or reported on it, for which who asks reports."""
    own = set(rights.reports_for(asker, now))
    bodies = responsible_for(provision, timezone.localdate(now))
    bodies += [each.institution for each in Duty.objects.filter(provision=provision).select_related("institution")]
    return [each for each in dict.fromkeys(bodies) if each.code in own]


def open_duties() -> QuerySet[Duty]:
    """Every duty that did not pass on, the first due first."""
    found = Duty.objects.filter(ended_at__isnull=True)
    return found.select_related("cycle", "provision__instrument", "institution").order_by("due_on", "pk")


def is_met(duty: Duty) -> bool:
    """Whether the institution has approved a report of a duty."""
    return any(ReportState(each.state) in MET for each in duty.reports.all())


def duties_seen_by(officer: Officer, now: datetime) -> list[DutySeen]:
    """The duties of the institutions for which the officer reports, of which they were told: the first due first."""
    own = open_duties().filter(institution__code__in=rights.reports_for(officer, now), notified_at__isnull=False)
    return _seen(own, timezone.localdate(now))


def duty_seen_by(officer: Officer, key: UUID, now: datetime) -> DutySeen | None:
    """One of them; also one that passed on, for its history."""
    own = Duty.objects.filter(
        key=key, institution__code__in=rights.reports_for(officer, now), notified_at__isnull=False
    ).select_related("cycle", "provision__instrument", "institution")
    return next(iter(_seen(own, timezone.localdate(now))), None)


def duties_in(cycle: Cycle, now: datetime) -> list[DutySeen]:
    """Every duty of a cycle, for the secretariat."""
    found = Duty.objects.filter(cycle=cycle).select_related("cycle", "provision__instrument", "institution")
    return _seen(found.order_by("due_on", "institution__code", "provision__position"), timezone.localdate(now))


def duty_called(key: UUID) -> Duty | None:
    """A duty, for the secretariat."""
    return Duty.objects.filter(key=key).select_related("cycle", "provision__instrument", "institution").first()


def cycles() -> QuerySet[Cycle]:
    """Every time of reporting, the newest first."""
    return Cycle.objects.order_by("-covers_until", "-pk")


def cycle_called(key: UUID) -> Cycle | None:
    """One time of reporting."""
    return Cycle.objects.filter(key=key).first()


def report_seen_by(officer: Officer, key: UUID, now: datetime) -> ProgressReport | None:
    """A report for who may read it before it is published: its own institution; the secretariat once it is approved.

    To everybody else it does not exist. What is published is read at the one place of what is public.
    """
    found = ProgressReport.objects.filter(key=key).select_related(
        "duty__cycle", "duty__provision__instrument", "duty__institution", "written_by", "submitted_by", "approved_by"
    )
    report = found.first()
    if report is None:
        return None
    if report.duty.institution.code in rights.reports_for(officer, now):
        return report
    arrived = ReportState(report.state) in MET
    return report if arrived and rights.to_convene(officer, now) else None


def waiting_for_publication() -> QuerySet[ProgressReport]:
    """The reports that institutions approved and nobody published yet, the oldest first: for the secretariat."""
    found = ProgressReport.objects.filter(state=ReportState.APPROVED.value)
    return found.select_related("duty__cycle", "duty__provision__instrument", "duty__institution").order_by(
        "approved_at", "pk"
    )


def last_published(provision: Provision, institution: Institution) -> ProgressReport | None:
    """The last report that an institution, or one that it took over from, published on a commitment."""
    bodies, look = {institution.pk}, [institution.pk]
    while look:
        before = Institution.objects.filter(successor__in=look).exclude(pk__in=bodies).values_list("pk", flat=True)
        look = list(before)
        bodies |= set(look)
    found = ProgressReport.objects.filter(
        duty__provision=provision, duty__institution__in=bodies, state=ReportState.PUBLISHED.value
    )
    return found.select_related("duty__cycle", "duty__institution").order_by("-published_at", "-pk").first()


def _seen(duties: QuerySet[Duty], today: date) -> list[DutySeen]:
    return [_one(each, today) for each in duties.prefetch_related("reports", "notices")]


def _one(duty: Duty, today: date) -> DutySeen:
    reports = sorted(duty.reports.all(), key=lambda each: each.number)
    met = any(ReportState(each.state) in MET for each in reports)
    told = _last_step(each.step for each in duty.notices.all())
    return DutySeen(duty, reports[-1] if reports else None, met, overdue(duty.due_on, today, met=met), told)


def _last_step(steps: Iterable[str]) -> Reminder | None:
    order = list(Reminder)
    return max((Reminder(step) for step in steps), key=order.index, default=None)


def _in_force(today: date) -> Q:
    return Q(valid_from__lte=today) & (Q(valid_until__isnull=True) | Q(valid_until__gt=today))
