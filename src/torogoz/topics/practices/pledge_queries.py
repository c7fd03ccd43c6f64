"""Pledges: all of them are public, with how far each is and which are overdue."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from torogoz.domain.pledges import Stage, overdue
from torogoz.shared.provisions.models import Provision
from torogoz.topics.practices.call_models import Call, Pledge, PledgePartner, PledgeUpdate


def pledges() -> QuerySet[Pledge]:
    """Every pledge with its partners and updates, the one that is due first first."""
    updates = Prefetch("updates", PledgeUpdate.objects.order_by("on", "pk"))
    partners = Prefetch("partners", PledgePartner.objects.select_related("institution").order_by("pk"))
    inside = Prefetch("objectives", Provision.objects.order_by("position"))
    of_matched = Prefetch("matches__updates", PledgeUpdate.objects.order_by("on", "pk"))
    found = Pledge.objects.select_related("institution", "call", "matches__institution")
    return found.prefetch_related(updates, partners, inside, of_matched).order_by("due_on", "pk")


def pledges_of(call: Call) -> list[Pledge]:
    """The pledges that answered a call and hold."""
    return list(pledges().filter(withdrawn_at__isnull=True, call=call))


def pledges_for(objective: str = "", kind: str = "", stage: str = "") -> list[Pledge]:
    """The pledges that hold, of one objective, kind or stage; without those withdrawn."""
    found = pledges().filter(withdrawn_at__isnull=True)
    if objective:
        found = found.filter(objectives__code=objective)
    if kind:
        found = found.filter(kind=kind)
    return [one for one in found if not stage or stage_of(one).value == stage]


def pledge_named(key: UUID) -> Pledge | None:
    """The pledge with this key, also one that was withdrawn."""
    return pledges().filter(key=key).first()


def matching(pledge: Pledge) -> list[Pledge]:
    """The pledges that match this one."""
    return list(pledges().filter(matches=pledge, withdrawn_at__isnull=True))


def stage_of(pledge: Pledge) -> Stage:
    """The stage as last told; in preparation before anything was."""
    told: Sequence[PledgeUpdate] = list(pledge.updates.all())
    return Stage(told[-1].stage) if told else Stage.PLANNING


def is_overdue(pledge: Pledge, today: date) -> bool:
    """Whether its day is past and it is not fulfilled."""
    return pledge.withdrawn_at is None and overdue(stage_of(pledge), pledge.due_on, today)
