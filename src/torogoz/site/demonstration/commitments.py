"""Follow-up of a few commitments: measures, two cycles, reports in each state, assessments. All of it is made up."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from torogoz.domain.commitments import Direction, FollowUpRefused, MilestoneState
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.provisions.models import Provision
from torogoz.shared.provisions.shipped import POSITION
from torogoz.statistics.deliberation.progress import Measured, Status
from torogoz.topics.commitments import (
    actions,
    assessment_actions,
    duty_actions,
    measure_actions,
    reading_actions,
    reading_queries,
    report_actions,
)
from torogoz.topics.commitments.assessment_actions import AssessmentSaid
from torogoz.topics.commitments.duty_queries import responsible_for
from torogoz.topics.commitments.follow_up_models import IndicatorBinding, Measure
from torogoz.topics.commitments.measure_actions import MeasureSaid, MilestoneSaid, MoneySaid
from torogoz.topics.commitments.measure_history_queries import content_of
from torogoz.topics.commitments.report_actions import ReportSaid
from torogoz.topics.commitments.report_models import Cycle, Duty, ProgressReport

A_DAY = timedelta(days=1)
HEALTH, LABOUR, HIRING, TRAINING = "T1.HR.05", "T4.05", "T4.06", "T4.07"
LED = {HEALTH: "MINSAL", LABOUR: "MTPS", HIRING: "MTPS", TRAINING: "MTPS"}
INVENTED_ES, INVENTED_EN = (
    "Inventado para la demostración: no ocurrió.",
    "Made up for the demonstration: it did not happen.",
)
WRITERS = {"MINSAL": ("enlace-salud", "enlace-salud-2"), "MTPS": ("enlace-trabajo", "enlace-trabajo-2")}


def load_commitments(*, now: datetime) -> int:
    """Add the made-up follow-up, once; how many reports were added."""
    if Cycle.objects.exists():
        return 0
    secretariat = Officer.objects.get(username="secretaria")
    for code, body in LED.items():
        if Institution.objects.get(code=body) in responsible_for(_provision(code), timezone.localdate(now)):
            continue
        actions.make_responsible(
            by=secretariat, provision=_provision(code), institution=body, role="lead", since=date(2018, 1, 1),
            ground=INVENTED_ES, now=now - 400 * A_DAY,
        )  # fmt: skip
    _measures(now)
    before = _cycle("2025-inventado", 2025, now - 300 * A_DAY, timezone.localdate(now) - 240 * A_DAY)
    _report(before, HEALTH, Status.PARTIALLY, now - 260 * A_DAY, "publish")
    _report(before, LABOUR, Status.FULFILLED, now - 250 * A_DAY, "publish")
    _report(before, HIRING, Status.NO_INFORMATION, now - 230 * A_DAY, "publish")
    current = _cycle("2026-inventado", 2026, now - 35 * A_DAY, timezone.localdate(now) + 20 * A_DAY)
    _report(current, HEALTH, Status.IN_PROGRESS, now - 4 * A_DAY, "write")
    _report(current, LABOUR, Status.FULFILLED, now - 3 * A_DAY, "submit")
    _report(current, HIRING, Status.PLANNED, now - 2 * A_DAY, "approve")
    _assess(LABOUR, Status.NOT_STARTED, now - 60 * A_DAY, publish=True)
    _assess(HEALTH, Status.PARTIALLY, now - 30 * A_DAY, publish=True)
    _assess(HIRING, Status.PLANNED, now - A_DAY, publish=False)
    _series(secretariat, now)
    duty_actions.remind(now=now)
    return ProgressReport.objects.count()


def _provision(code: str) -> Provision:
    return Provision.objects.get(instrument__code=POSITION, code=code)


def _cycle(code: str, year: int, at: datetime, due: date) -> Cycle:
    """A cycle about a year, asked and told at a moment."""
    by = Officer.objects.get(username="secretaria")
    cycle = duty_actions.open_cycle(
        by=by, code=code, name_es=f"Informes sobre {year} (inventado)", name_en=f"Reports on {year} (made up)",
        covers_from=date(year, 1, 1), covers_until=date(year, 12, 31), now=at, made_up=True,
    )  # fmt: skip
    duty_actions.add_duties(by=by, cycle=cycle, due_on=due, now=at)
    duty_actions.announce(by=by, cycle=cycle, now=at)
    return cycle


def _report(cycle: Cycle, code: str, status: Status, at: datetime, until: str) -> None:
    """A report on its way as far as `until`: write, submit, approve or publish."""
    duty = Duty.objects.get(cycle=cycle, provision__code=code)
    first, second = (Officer.objects.get(username=name) for name in WRITERS[LED[code]])
    said = ReportSaid(status, INVENTED_ES, INVENTED_EN, "Acta inventada", "")
    report = report_actions.write_report(by=first, duty=duty, said=said, expected=0, now=at)
    if until == "write":
        return
    report = report_actions.submit(by=first, report=report, expected=1, now=at)
    if until == "submit":
        return
    report = report_actions.approve(by=second, report=report, expected=2, now=at + A_DAY / 2)
    if until == "publish":
        by = Officer.objects.get(username="secretaria")
        report_actions.publish(by=by, report=report, expected=3, now=at + A_DAY)


def _assess(code: str, status: Status, at: datetime, *, publish: bool) -> None:
    by, body = Officer.objects.get(username="observatorio"), Institution.objects.get(code="PDDH")
    said = AssessmentSaid(status, INVENTED_ES, INVENTED_EN, "Visita inventada", "")
    made = assessment_actions.write_assessment(
        by=by, body=body, provision=_provision(code), said=said, expected=0, now=at, made_up=True
    )
    if publish:
        assessment_actions.publish_assessment(by=by, assessment=made, expected=1, now=at)


def _measures(now: datetime) -> None:
    """A measure that is published, one that is offered, one that is a draft."""
    at, secretariat = now - 200 * A_DAY, Officer.objects.get(username="secretaria")
    today = timezone.localdate(now)
    clinics = _measure("MINSAL", "Clínicas móviles (inventado)", "Mobile clinics (made up)", (HEALTH,), at)
    by = Officer.objects.get(username="enlace-salud")
    for name_es, name_en, state, due in (
        ("Compra (inventada)", "Purchase (made up)", MilestoneState.DONE, today - 150 * A_DAY),
        ("Personal (inventado)", "Staff (made up)", MilestoneState.OPEN, today - 20 * A_DAY),
        ("Visitas (inventadas)", "Visits (made up)", MilestoneState.UNKNOWN, today + 90 * A_DAY),
    ):
        done = due if state is MilestoneState.DONE else None
        said = MilestoneSaid(name_es, name_en, Decimal(1), due, state, done, "Acta inventada" if done else "", "")
        measure_actions.add_milestone(by=by, measure=clinics, said=said, now=now - A_DAY)
    money = MoneySaid(today.year, "Fondo inventado", "USD", Decimal(120_000), Decimal(80_000), None)
    measure_actions.write_money(by=by, measure=clinics, said=money, now=now - A_DAY)
    measure_actions.offer_measure(by=by, measure=clinics, now=at)
    measure_actions.publish_measure(by=secretariat, measure=clinics, read=content_of(clinics), now=at + A_DAY)
    offered = _measure("MTPS", "Ferias de empleo (inventado)", "Job fairs (made up)", (LABOUR, HIRING), at)
    measure_actions.offer_measure(by=Officer.objects.get(username="enlace-trabajo"), measure=offered, now=now - A_DAY)
    _measure("MTPS", "Becas (inventado)", "Grants (made up)", (TRAINING,), at)


def _measure(body: str, name_es: str, name_en: str, codes: tuple[str, ...], at: datetime) -> Measure:
    commitments = tuple(_provision(code) for code in codes)
    said = MeasureSaid(name_es, name_en, INVENTED_ES, INVENTED_EN, date(2025, 1, 1), None, ("SV-SS",), commitments)
    by = Officer.objects.get(username=WRITERS[body][0])
    lead = Institution.objects.get(code=body)
    return measure_actions.draft_measure(by=by, lead=lead, said=said, now=at, made_up=True)


def _series(by: Officer, now: datetime) -> None:
    """One commitment with a made-up target, another without any; their readings.

    The base is the highest figure of the series before its newest; the target is below both, so that it is still ahead.
    """
    for code, dataflow, aimed in ((HEALTH, "RETURNS", True), (LABOUR, "SV_11_RETURNS", False)):
        known = _known(dataflow)
        if len(known) < 2:
            continue
        *before, newest = known
        base = max(before, key=lambda one: one[1])
        target = float(round(0.8 * min(base[1], newest[1]))) if aimed else None
        try:
            reading_actions.bind(
                by=by, provision=_provision(code), dataflow=dataflow, series={}, measured=Measured.COUNT,
                direction=Direction.DOWN, base=base[1], base_year=base[0], target=target,
                target_year=newest[0] + 5 if aimed else None, ground=INVENTED_ES, now=now,
                made_up=True,
            )  # fmt: skip
        except FollowUpRefused:  # without a release that has the series, there is nothing to bind to
            continue
    reading_actions.freeze_readings(now=now)


def _known(dataflow: str) -> list[tuple[int, float]]:
    """The years and figures of a whole series that are public, oldest first."""
    drawn = reading_queries.drawn(IndicatorBinding(dataflow=dataflow, series={}))
    return [(int(one.period[:4]), one.value) for one in drawn if one.value is not None and len(one.period) == 4]
