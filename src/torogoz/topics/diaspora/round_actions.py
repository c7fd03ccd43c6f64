"""Rounds of matching funds: made by the secretariat, voted by verified associations in secret, published whole."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from torogoz.domain import matching
from torogoz.domain.access import Verb
from torogoz.domain.community_projects import FUNDED, FundKind, ProjectRefused, State, check_money
from torogoz.domain.polls import HideUntil, Kind, Secrecy, Voters
from torogoz.shared.institutions.access import may_for
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.polls.actions import Asks, Choice, cast_secret, make_poll, publish_results
from torogoz.shared.polls.online_actions import attest
from torogoz.shared.polls.queries import PUBLIC, poll_called, results
from torogoz.topics.diaspora.abroad_models import Association
from torogoz.topics.diaspora.acting import RECEIVER, allowed, note
from torogoz.topics.diaspora.models import Fund, Project, Round, RoundElector, RoundProject
from torogoz.topics.diaspora.project_actions import check_verified


@dataclass(frozen=True)
class RoundSaid:
    """A round as the secretariat announces it."""

    title_es: str
    title_en: str
    budget: Decimal
    currency: str
    rule_es: str
    rule_en: str
    opens_at: datetime
    closes_at: datetime
    gives: Decimal | None = None
    for_each: Decimal | None = None
    cap: Decimal | None = None


@transaction.atomic
def open_round(*, by: Officer, said: RoundSaid, projects: Sequence[tuple[Project, Decimal]], now: datetime) -> Round:
    """Announce a round over projects that are eligible, each with what it asks for.

    raises  NotAllowed; ProjectRefused, PollRefused (fewer than two projects, dates that cannot be)
    """
    decision = may_for(by, Verb.CONVENE, RECEIVER, now)
    owner = allowed(decision)
    check_money(said.budget, said.currency, "budget")
    if wrong := matching.fault(said.gives, said.for_each, said.cap):
        raise ProjectRefused(*wrong)
    for project, cost in projects:
        check_money(cost, said.currency, "projects")
        if State(project.state) not in FUNDED - {State.FINISHED} or project.currency != said.currency:
            raise ProjectRefused("projects", "closed")
    key = uuid4()
    codes = [f"P{number}" for number, _ in enumerate(projects, start=1)]
    poll = make_poll(
        by=by,
        owner=owner,
        about=key,
        asks=Asks(
            kind=Kind.BUDGET,
            voters=Voters.ATTESTED,
            secrecy=Secrecy.SECRET,
            hide_until=HideUntil.PUBLISHED,
            title_es=said.title_es,
            title_en=said.title_en,
            question_es="¿Qué proyectos deben recibir el fondo? Marque todos los que apoya.",
            question_en="Which projects should the fund go to? Tick all that you support.",
            opens_at=said.opens_at,
            closes_at=said.closes_at,
            rules={"budget": str(said.budget), "complete": True},
            options=[
                Choice(code, project.title, project.title, cost)
                for code, (project, cost) in zip(codes, projects, strict=True)
            ],
        ),
        now=now,
    )
    made = Round.objects.create(
        key=key,
        title_es=said.title_es,
        title_en=said.title_en,
        budget=said.budget,
        currency=said.currency,
        rule_es=said.rule_es,
        rule_en=said.rule_en,
        gives=said.gives,
        for_each=said.for_each,
        cap=said.cap,
        poll=poll.key,
        institution=owner,
        created_by=by,
        created_at=now,
        made_up=by.made_up,
    )
    RoundProject.objects.bulk_create(
        RoundProject(round=made, project=project, code=code, cost=cost)
        for code, (project, cost) in zip(codes, projects, strict=True)
    )
    note(by, Verb.CREATE, "funding_round", [made.key], decision, now)
    return made


@transaction.atomic
def vote_in_round(*, made: Round, association: Association, approved: Collection[str], now: datetime) -> None:
    """Cast the one ballot of a verified association. Who has voted is kept; what each voted, nobody can tell.

    raises  ProjectRefused for who is not verified or has voted; PollRefused; nothing is stored then
    """
    check_verified(association, timezone.localdate(now))
    poll = poll_called(made.poll)
    assert poll is not None
    try:
        with transaction.atomic():
            RoundElector.objects.create(round=made, association=association)
    except IntegrityError:
        raise ProjectRefused("code", "voted") from None
    # The attestation says nothing of whose it is: neither the country nor the moment could lead back to it.
    attestation, _code = attest(poll=poll, country="", age_group="", sex="", text=0, sworn=True, now=now)
    cast_secret(poll=poll, content={"approved": list(approved)}, attestation=attestation, now=now)


@transaction.atomic
def publish_round(*, by: Officer, made: Round, now: datetime) -> Round:
    """Publish what the round came to: what each project is given, which is recorded as pledged, never as received.

    Where fewer than five associations voted nothing is told of the ballots, and nothing is given.
    raises  NotAllowed, PollRefused while it is open, ProjectRefused when it was published
    """
    decision = may_for(by, Verb.CONVENE, made.institution.code, now)
    allowed(decision)
    held = Round.objects.select_for_update(of=("self",)).select_related("institution").get(pk=made.pk)
    poll = poll_called(held.poll)
    assert poll is not None
    if held.published_at is not None:
        raise ProjectRefused("", "decided")
    publish_results(by=by, poll=poll, now=now)
    poll.refresh_from_db()
    found = results(poll, PUBLIC, now)
    paid = {one.option: one.cost for one in getattr(found, "paid", ())}
    for entry in RoundProject.objects.filter(round=held).select_related("project"):
        cost = paid.get(entry.code)
        entry.given = entry.cost if cost is not None else Decimal(0)
        entry.save(update_fields=["given"])
        if cost is not None:
            _pledge(by, held.institution, held, entry, now)
    held.published_at = now
    held.save(update_fields=["published_at"])
    note(by, Verb.PUBLISH, "funding_round", [held.key], decision, now)
    return held


def _pledge(by: Officer, institution: Institution, held: Round, entry: RoundProject, now: datetime) -> None:
    Fund.objects.create(
        project=entry.project,
        kind=FundKind.PLEDGED.value,
        giver=held.title_es,
        round=held,
        amount=entry.cost,
        currency=held.currency,
        on=timezone.localdate(now),
        recorded_by=by,
        institution=institution,
        recorded_at=now,
    )
    Project.objects.filter(pk=entry.project.pk).update(version=entry.project.version + 1, changed_at=now)
