"""How a table takes force: lines that go end at its moment, and those that come begin at it."""

from collections.abc import Collection
from datetime import datetime

from torogoz.domain.access import REFUSED, Decision, Verb
from torogoz.domain.protocols import Agreed, compare
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.models import Institution, SharingRule
from torogoz.shared.institutions.protocol import as_agreed, as_row

NUMBER_KEPT = 32
"""Figures of the number of a table that the record keeps."""


def put_in_force(lines: Collection[Agreed], begins: datetime) -> None:
    """Make the stored table `lines` from `begins`; that of any moment before stays as it was."""
    institutions = {institution.code: institution for institution in Institution.objects.all()}
    running = SharingRule.objects.filter(valid_until__isnull=True).select_related("institution")
    stored = {as_agreed(row).place: row for row in running.order_by("pk")}
    changes = compare([as_agreed(row) for row in stored.values()], lines)
    gone = [*changes.removed, *(before for before, _after in changes.altered)]
    SharingRule.objects.filter(pk__in=[stored[line.place].pk for line in gone]).update(valid_until=begins)
    come = [as_row(line, institutions) for line in (*changes.added, *(after for _before, after in changes.altered))]
    for row in come:
        row.valid_from = begins
    SharingRule.objects.bulk_create(come)


def note(
    *, officer: str, institution: str, verb: Verb, subjects: list[str], decision: Decision, channel: str, now: datetime
) -> None:
    """Keep in the record of accesses what was done to the protocol."""
    assert decision is not REFUSED
    record(
        officer=officer,
        institution=institution,
        verb=verb,
        what="protocol",
        subjects=subjects,
        decision=decision,
        channel=channel,
        now=now,
    )
