"""Which projects anybody reads, which a municipality works on, and what is known of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from django.db.models import QuerySet

from torogoz.domain.community_projects import PUBLIC, FundKind, Money, PhotoState, State, Total, progress, totals
from torogoz.shared.places.queries import department_of
from torogoz.topics.diaspora.abroad_models import Association
from torogoz.topics.diaspora.acting import departments_of, municipal
from torogoz.topics.diaspora.models import Fund, Milestone, Photo, Project, ProjectStep, Update

PUBLIC_STATES = [state.value for state in State if state in PUBLIC]


@dataclass(frozen=True)
class Known:
    """One project with all that is recorded of it; `progress` is None without milestones, which is not zero."""

    project: Project
    funds: tuple[Fund, ...]
    totals: tuple[Total, ...]
    milestones: tuple[Milestone, ...]
    progress: Fraction | None
    updates: tuple[Update, ...]
    steps: tuple[ProjectStep, ...]
    photos: tuple[Photo, ...]


def public_projects() -> QuerySet[Project]:
    """What a municipality has checked, the last changed first."""
    found = Project.objects.filter(state__in=PUBLIC_STATES).select_related("association")
    return found.order_by("-changed_at", "-pk")


def public_project(key: UUID) -> Project | None:
    """A project that anybody may read."""
    return public_projects().filter(key=key).first()


def projects_worked_on_by(officer: object, now: datetime) -> list[Project]:
    """The projects in the departments for which the officer speaks, those that wait first."""
    own = departments_of(officer, now)
    found = Project.objects.select_related("association").order_by("proposed_at", "pk") if own else ()
    mine = [one for one in found if department_of(one.municipality) in own]
    return sorted(mine, key=lambda one: one.state != State.PROPOSED.value)


def project_worked_on_by(officer: object, key: UUID, now: datetime) -> Project | None:
    """A project of a department for which the officer speaks; None for every other."""
    found = Project.objects.filter(key=key).select_related("association").first()
    return found if found and municipal(officer, department_of(found.municipality), now) else None


def projects_of(association: Association) -> QuerySet[Project]:
    """What an association proposed, in every state."""
    return Project.objects.filter(association=association).order_by("-proposed_at", "-pk")


def last_reason(project: Project, language: str) -> str:
    """Why the municipality stopped or declined it; empty when it did not."""
    found = project.steps.exclude(reason_es="").order_by("-at", "-pk").first()
    return (found.reason_en if language == "en" else found.reason_es) if found else ""


def known(project: Project, *, public: bool) -> Known:
    """What is recorded of a project; for the public without what was cancelled and without photographs that wait."""
    funds = tuple(project.funds.select_related("institution").order_by("on", "pk"))
    counted = [one for one in funds if one.cancelled_at is None]
    photos = project.photos.defer("image", "small").order_by("pk")
    milestones = tuple(project.milestones.order_by("pk"))
    return Known(
        project,
        tuple(counted) if public else funds,
        totals(_money(counted)),
        milestones,
        progress((one.weight, one.done_on is not None) for one in milestones),
        tuple(project.updates.order_by("-at", "-pk")),
        tuple(project.steps.select_related("institution").order_by("-at", "-pk")),
        tuple(photos.filter(state=PhotoState.PUBLISHED.value) if public else photos.select_related("uploaded_by")),
    )


def totals_of_all(projects: Iterable[Project]) -> tuple[Total, ...]:
    """Sums over many projects, by currency."""
    return totals(_money(Fund.objects.filter(project__in=list(projects), cancelled_at__isnull=True)))


def photo_seen(officer: object, key: UUID, now: datetime) -> Photo | None:
    """A published photograph of a public project; one that waits only for officers who decide on it."""
    found = Photo.objects.filter(key=key).exclude(state=PhotoState.REFUSED.value).select_related("project").first()
    if found is None:
        return None
    if found.state == PhotoState.PUBLISHED.value and found.project.state in PUBLIC_STATES:
        return found
    return found if municipal(officer, department_of(found.project.municipality), now) else None


def _money(funds: Iterable[Fund]) -> list[Money]:
    return [Money(FundKind(one.kind), one.amount, one.currency) for one in funds]
