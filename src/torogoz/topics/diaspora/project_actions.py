"""What is done with a project: an association proposes it, the municipality checks it and says what becomes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from torogoz.domain.access import Decision, Verb
from torogoz.domain.associations import State as Standing
from torogoz.domain.associations import standing
from torogoz.domain.community_projects import (
    FUNDED,
    MOST_PHOTOS,
    PUBLIC,
    FundKind,
    PhotoState,
    ProjectRefused,
    Proposal,
    State,
    Step,
    after,
    check_money,
    check_past,
    check_reasons,
)
from torogoz.exchange.readers import photographs
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.places.queries import department_of
from torogoz.topics.diaspora.abroad_models import Association
from torogoz.topics.diaspora.acting import NotAllowed, allowed, municipal, note, note_without_officer
from torogoz.topics.diaspora.models import Fund, Milestone, Photo, Project, ProjectStep, Round, Update
from torogoz.topics.diaspora.round_queries import rounds_of


@dataclass(frozen=True)
class Held:
    """A project, held until the end of the transaction, and on what ground the officer works on it."""

    project: Project
    decision: Decision
    institution: Institution


@transaction.atomic
def propose_project(
    *, association: Association, said: Proposal, token: UUID, now: datetime, made_up: bool = False
) -> Project:
    """Propose a project in the name of a verified association. Sent twice, it is stored once. Raises ProjectRefused."""
    sent = Project.objects.filter(token=token, association=association).first()
    if sent is not None:
        return sent
    check_verified(association, timezone.localdate(now))
    said.check()
    if department_of(said.municipality) is None:
        raise ProjectRefused("municipality", "municipality")
    project = Project(token=token, association=association, proposed_at=now, changed_at=now, made_up=made_up)
    for name in ("municipality", "title", "need", "goal", "goal_figure", "goal_unit", "language", "budget", "currency"):
        setattr(project, name, getattr(said, name))
    project.save(force_insert=True)
    note_without_officer(Verb.CREATE, "project", [project.key], association.institution.code, now)
    return project


def check_verified(association: Association, today: date) -> None:
    """Refuse what is asked in the name of an association that nobody vouches for today. Raises ProjectRefused."""
    if standing(Standing(association.state), association.verified_until, today) is not Standing.VERIFIED:
        raise ProjectRefused("code", "association")


@transaction.atomic
def decide_project(
    *, by: Officer, project: Project, step: Step, reason_es: str, reason_en: str, version: int, now: datetime
) -> Project:
    """Take a project one step on. Raises ProjectRefused, NotAllowed."""
    held = _held(by, project, now)
    if held.project.version != version:
        raise ProjectRefused("", "moved")
    check_reasons(step, reason_es, reason_en)
    held.project.state = after(State(held.project.state), step).value
    ProjectStep(
        project=held.project,
        step=step.value,
        state=held.project.state,
        reason_es=reason_es.strip(),
        reason_en=reason_en.strip(),
        by=by,
        institution=held.institution,
        at=now,
    ).save(force_insert=True)
    return _changed(by, held, now)


@transaction.atomic
def record_fund(
    *,
    by: Officer,
    project: Project,
    kind: FundKind,
    giver: str = "",
    of_round: UUID | None = None,
    amount: Decimal,
    currency: str,
    on: date,
    now: datetime,
) -> Fund:
    """Record money that was pledged, or that was received, by a body or of a round. Raises ProjectRefused, NotAllowed.

    of_round  key of the round whose money it is; then nobody else gives it
    """
    held = _held(by, project, now, FUNDED)
    given_by, round_ = _given_by(held.project, " ".join(giver.split()), of_round)
    check_money(amount, currency)
    check_past("on", on, timezone.localdate(now))
    fund = Fund(
        project=held.project,
        kind=kind.value,
        giver=given_by,
        round=round_,
        amount=amount,
        currency=currency,
        on=on,
        recorded_by=by,
        institution=held.institution,
        recorded_at=now,
    )
    fund.save(force_insert=True)
    _changed(by, held, now)
    return fund


def _given_by(project: Project, giver: str, of_round: UUID | None) -> tuple[str, Round | None]:
    """The name under which money stands, and the round of which it is."""
    if bool(giver) == (of_round is not None):
        raise ProjectRefused("giver", "giver")
    rounds = {one.key: one for one in rounds_of(project)}
    if of_round is not None:
        if of_round not in rounds:
            raise ProjectRefused("round", "round")
        return rounds[of_round].title_es, rounds[of_round]
    if giver.casefold() in {title.casefold() for one in rounds.values() for title in (one.title_es, one.title_en)}:
        raise ProjectRefused("giver", "named", giver=giver)
    return giver, None


@transaction.atomic
def cancel_fund(*, by: Officer, project: Project, fund: UUID, now: datetime) -> None:
    """Mark a record of money as wrong: it stays, and counts no more. Raises ProjectRefused, NotAllowed."""
    held = _held(by, project, now)
    if not Fund.objects.filter(project=held.project, key=fund, cancelled_at__isnull=True).update(cancelled_at=now):
        raise ProjectRefused("", "moved")
    _changed(by, held, now)


@transaction.atomic
def add_milestone(
    *, by: Officer, project: Project, name: str, weight: int, due: date | None, now: datetime
) -> Milestone:
    """Name a part of a project and how much of the whole it is. Raises ProjectRefused, NotAllowed."""
    held = _held(by, project, now, FUNDED)
    milestone = Milestone.objects.create(project=held.project, name=" ".join(name.split()), weight=weight, due=due)
    _changed(by, held, now)
    return milestone


@transaction.atomic
def finish_milestone(*, by: Officer, project: Project, milestone: UUID, on: date, now: datetime) -> None:
    """Record when a part was done. Raises ProjectRefused, NotAllowed."""
    held = _held(by, project, now, frozenset({State.UNDER_WAY}))
    check_past("on", on, timezone.localdate(now))
    if not Milestone.objects.filter(project=held.project, key=milestone, done_on__isnull=True).update(done_on=on):
        raise ProjectRefused("", "moved")
    _changed(by, held, now)


@transaction.atomic
def tell(*, by: Officer, project: Project, text: str, language: str, now: datetime) -> None:
    """Tell what became of a project. Raises ProjectRefused, NotAllowed."""
    held = _held(by, project, now, PUBLIC)
    Update(project=held.project, text=text.strip(), language=language, by=by, at=now).save(force_insert=True)
    _changed(by, held, now)


@transaction.atomic
def add_photo(
    *,
    by: Officer,
    project: Project,
    content: Callable[[], bytes],
    alt_es: str,
    alt_en: str,
    no_child: bool,
    now: datetime,
) -> Photo:
    """Add a photograph, described for who does not see it; a second officer publishes it.

    content     gives the bytes of the file, once the policy has been asked
    raises      ProjectRefused, NotAllowed; nothing is stored then
    """
    held = _held(by, project, now, PUBLIC)
    if not (alt_es.strip() or alt_en.strip()):
        raise ProjectRefused("alt_es", "alt")
    if not no_child:
        raise ProjectRefused("no_child", "child")
    kept = Photo.objects.filter(project=held.project).exclude(state=PhotoState.REFUSED.value).count()
    if kept >= MOST_PHOTOS:
        raise ProjectRefused("photo", "photos", most=MOST_PHOTOS)
    try:
        picture = photographs.read(content())
    except photographs.TooSmall:
        raise ProjectRefused("photo", "small", least=photographs.LEAST) from None
    except photographs.NoPhotograph:
        raise ProjectRefused("photo", "picture") from None
    photo = Photo(
        project=held.project,
        image=picture.image,
        small=picture.small,
        width=picture.width,
        height=picture.height,
        alt_es=alt_es.strip(),
        alt_en=alt_en.strip(),
        uploaded_by=by,
        uploaded_at=now,
    )
    photo.save(force_insert=True)
    _changed(by, held, now)
    return photo


@transaction.atomic
def decide_photo(*, by: Officer, project: Project, photo: UUID, publish: bool, now: datetime) -> None:
    """Publish a photograph that somebody else uploaded, or refuse it, which deletes the picture.

    A published one is refused later in the same way, by whoever did not upload it. Raises ProjectRefused, NotAllowed.
    """
    held = _held(by, project, now)
    found = Photo.objects.select_for_update().filter(project=held.project, key=photo).first()
    may_be = {PhotoState.WAITING.value} if publish else {PhotoState.WAITING.value, PhotoState.PUBLISHED.value}
    if found is None or found.state not in may_be:
        raise ProjectRefused("", "decided")
    if found.uploaded_by_id == by.pk:
        raise ProjectRefused("", "second")
    found.state = (PhotoState.PUBLISHED if publish else PhotoState.REFUSED).value
    found.decided_by, found.decided_at = by, now
    if not publish:
        found.image = found.small = b""
    found.save(force_update=True)
    _changed(by, held, now)


def _held(by: Officer, project: Project, now: datetime, states: frozenset[State] | None = None) -> Held:
    decision = municipal(by, department_of(project.municipality), now)
    institution = allowed(decision)
    held = Project.objects.select_for_update(of=("self",)).filter(pk=project.pk).first()
    if held is None:
        raise NotAllowed("there is no such project; nothing was changed")
    if states is not None and State(held.state) not in states:
        raise ProjectRefused("", "closed")
    return Held(held, decision, institution)


def _changed(by: Officer, held: Held, now: datetime) -> Project:
    held.project.version += 1
    held.project.changed_at = now
    held.project.save(force_update=True)
    note(by, Verb.EDIT, "project", [held.project.key], held.decision, now)
    return held.project
