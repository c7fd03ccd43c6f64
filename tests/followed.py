"""Made-up follow-up for tests: two institutions that lead commitments, two officers of each, duties, reports."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from tests.world import LONG_AGO, NOW, World
from torogoz.domain.access import Role
from torogoz.domain.commitments import MilestoneState
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions.models import Institution, Membership, Officer
from torogoz.shared.provisions import shipped
from torogoz.shared.provisions.models import Provision
from torogoz.shared.provisions.shipped import POSITION
from torogoz.statistics.deliberation.progress import Status
from torogoz.topics.commitments import assessment_actions, duty_actions, measure_actions, report_actions
from torogoz.topics.commitments.assessment_actions import AssessmentSaid
from torogoz.topics.commitments.follow_up_models import Measure
from torogoz.topics.commitments.measure_actions import MeasureSaid, MilestoneSaid
from torogoz.topics.commitments.measure_history_queries import content_of
from torogoz.topics.commitments.models import Responsibility
from torogoz.topics.commitments.report_actions import ReportSaid
from torogoz.topics.commitments.report_models import Assessment, Cycle, Duty, ProgressReport

HEALTH, LABOUR = "T1.HR.05", "T4.05"
"""The commitments that MINSAL and MTPS lead in these tests."""
DUE = date(2026, 12, 31)
SECRET_WORDS = "palabras de un borrador que nadie más debe leer"


def provision(code: str) -> Provision:
    return Provision.objects.get(instrument__code=POSITION, code=code)


def institution(code: str) -> Institution:
    return Institution.objects.get(code=code)


def responsible(world: World) -> None:
    """Load the position, let MINSAL and MTPS lead one commitment each, and give each a second focal point."""
    codelists.load()
    shipped.load(now=NOW)
    for code, body in ((HEALTH, "MINSAL"), (LABOUR, "MTPS")):
        lead(code, body, by=world.officers["secretariat"])
    for username, body in (("focal_health_2", "MINSAL"), ("focal_labour_2", "MTPS")):
        world.officers[username] = posted(world, username, body, Role.FOCAL_POINT)


def lead(code: str, body: str, *, by: Officer, since: date = date(2018, 1, 1)) -> Responsibility:
    return Responsibility.objects.create(
        provision=provision(code),
        institution=institution(body),
        role="lead",
        valid_from=since,
        ground="inventado",
        recorded_by=by,
        recorded_at=NOW,
    )


def posted(world: World, username: str, body: str, role: Role) -> Officer:
    officer = Officer.objects.create(username=username, full_name=f"Inventada ({username})", made_up=True)
    Membership.objects.create(
        officer=officer,
        institution=institution(body),
        office=world.offices["CENTRE-A"],
        role=role.value,
        valid_from=LONG_AGO,
    )
    return officer


def cycle(world: World, code: str = "2026", *, now: datetime = NOW) -> Cycle:
    return duty_actions.open_cycle(
        by=world.officers["secretariat"],
        code=code,
        name_es=f"Ciclo {code}",
        name_en=f"Cycle {code}",
        covers_from=date(2026, 1, 1),
        covers_until=date(2026, 12, 31),
        now=now,
    )


def duties(world: World, *, due: date = DUE, now: datetime = NOW) -> tuple[Duty, Duty]:
    """A cycle in which MINSAL and MTPS were told to report: the duty of each."""
    opened = cycle(world, now=now)
    duty_actions.add_duties(by=world.officers["secretariat"], cycle=opened, due_on=due, now=now)
    duty_actions.announce(by=world.officers["secretariat"], cycle=opened, now=now)
    return Duty.objects.get(institution__code="MINSAL"), Duty.objects.get(institution__code="MTPS")


def said(status: Status | None = Status.IN_PROGRESS, words: str = SECRET_WORDS) -> ReportSaid:
    return ReportSaid(status, words, "", "Acta inventada", "")


def drafted(world: World, duty: Duty, *, by: str = "focal_health", words: str = SECRET_WORDS) -> ProgressReport:
    return report_actions.write_report(by=world.officers[by], duty=duty, said=said(words=words), expected=0, now=NOW)


def approved(world: World, duty: Duty, *, status: Status = Status.IN_PROGRESS, now: datetime = NOW) -> ProgressReport:
    """A report of MINSAL that another officer of it approved."""
    first, second = world.officers["focal_health"], world.officers["focal_health_2"]
    report = report_actions.write_report(by=first, duty=duty, said=said(status), expected=0, now=now)
    report = report_actions.submit(by=first, report=report, expected=1, now=now)
    return report_actions.approve(by=second, report=report, expected=2, now=now + timedelta(minutes=1))


def published(world: World, duty: Duty, *, status: Status = Status.IN_PROGRESS, now: datetime = NOW) -> ProgressReport:
    report = approved(world, duty, status=status, now=now)
    by = world.officers["secretariat"]
    return report_actions.publish(by=by, report=report, expected=3, now=now + timedelta(minutes=2))


def assessed(
    world: World, code: str = HEALTH, *, status: Status = Status.NOT_STARTED, publish: bool = True
) -> Assessment:
    by, body = world.officers["ombudsman"], institution("PDDH")
    words = AssessmentSaid(status, SECRET_WORDS, "", "", "")
    made = assessment_actions.write_assessment(
        by=by, body=body, provision=provision(code), said=words, expected=0, now=NOW
    )
    return assessment_actions.publish_assessment(by=by, assessment=made, expected=1, now=NOW) if publish else made


def measure_said(name: str = "Medida inventada", *codes: str) -> MeasureSaid:
    commitments = tuple(provision(code) for code in codes or (HEALTH,))
    return MeasureSaid(name, "", SECRET_WORDS, "", date(2026, 1, 1), date(2027, 12, 31), ("SV-SS",), commitments)


WHY = "Se corrige un dato inventado."
"""Why something public is corrected."""


def measure(world: World, *, publish: bool = True, by: str = "focal_health", body: str = "MINSAL") -> Measure:
    made = measure_actions.draft_measure(by=world.officers[by], lead=institution(body), said=measure_said(), now=NOW)
    if not publish:
        return made
    offered = measure_actions.offer_measure(by=world.officers[by], measure=made, now=NOW)
    return measure_actions.publish_measure(
        by=world.officers["secretariat"], measure=offered, read=content_of(offered), now=NOW
    )


def milestone_said(
    state: MilestoneState = MilestoneState.OPEN,
    weight: str = "1",
    due_on: date | None = None,
    done_on: date | None = None,
    address: str = "",
) -> MilestoneSaid:
    return MilestoneSaid("Hito inventado", "", Decimal(weight), due_on, state, done_on, "", address)
