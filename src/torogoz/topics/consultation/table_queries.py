"""Round tables and contributions, for those who work with them."""

from datetime import datetime
from uuid import UUID

from torogoz.domain.consultations import LIVE, ContributionState, Duty
from torogoz.shared.institutions.access import postings
from torogoz.shared.institutions.models import Officer
from torogoz.topics.consultation import queries
from torogoz.topics.consultation.models import Contribution
from torogoz.topics.consultation.process_models import Process, Table, TableDuty


def tables_of(process: Process) -> list[Table]:
    """The tables of a consultation, by theme."""
    found = process.tables.select_related("theme", "event", "prompt", "process__convener")
    return list(found.prefetch_related("duties__officer").order_by("theme__position", "pk"))


def table_seen_by(officer: Officer, key: UUID, now: datetime) -> tuple[Table, frozenset[Duty]] | None:
    """A table, and what the officer may do at it: who convenes may do both; None for everybody else."""
    table = Table.objects.filter(key=key).select_related("process__convener", "theme", "prompt", "event").first()
    if table is None:
        return None
    if queries.convenes(officer, table.process, now):
        return table, frozenset(Duty)
    held = table.duties.filter(officer=officer, ended_at__isnull=True).values_list("duty", flat=True)
    duties = frozenset(Duty(duty) for duty in held)
    return (table, duties) if duties and postings(officer, now) else None


def duties_of(table: Table) -> list[TableDuty]:
    """Who facilitates and who writes at a table, now."""
    return list(table.duties.filter(ended_at__isnull=True).select_related("officer", "table__process").order_by("pk"))


def said_at(table: Table) -> list[Contribution]:
    """What was captured at a table, the newest first."""
    found = table.contributions.select_related("invitation__institution", "typed_by", "process__convener")
    return list(found.order_by("-pk"))


def contributions_of(process: Process, state: str = "") -> list[Contribution]:
    """What was said in a consultation, the newest first; of one state, if it is asked."""
    found = process.contributions.filter(state=state) if state else process.contributions.all()
    return list(found.select_related("theme", "table", "invitation__institution").order_by("-pk"))


def contribution_seen_by(officer: Officer, key: UUID, now: datetime) -> tuple[Contribution, bool] | None:
    """A contribution and whether the officer convenes; who works at its table sees it too, and nobody else."""
    found = Contribution.objects.filter(key=key).select_related(
        "process__convener", "table__process__convener", "theme", "invitation__institution", "typed_by"
    )
    contribution = found.first()
    if contribution is None:
        return None
    if queries.convenes(officer, contribution.process, now):
        return contribution, True
    table = contribution.table
    return (contribution, False) if table and table_seen_by(officer, table.key, now) else None


def mergeable(contribution: Contribution, *, everywhere: bool) -> list[Contribution]:
    """The live contributions with which it may be merged: of its theme, or of its table for who works there."""
    found = contribution.process.contributions.filter(state__in=[state.value for state in LIVE])
    within = found.filter(theme=contribution.theme) if everywhere else found.filter(table=contribution.table)
    return list(within.exclude(pk=contribution.pk).select_related("table__process", "process__convener").order_by("pk"))


def counts(process: Process) -> dict[ContributionState, int]:
    """How many contributions stand how."""
    states = list(process.contributions.values_list("state", flat=True))
    return {state: states.count(state.value) for state in ContributionState}
