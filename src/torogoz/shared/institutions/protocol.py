"""The sharing protocol that the project ships: who reads and who writes which section, and on what ground."""

from datetime import datetime

from django.db import transaction

from torogoz.domain.access import NEVER, Basis, Decision, Role, Tier, Verb
from torogoz.domain.protocols import fingerprint
from torogoz.shared.audit.actions import record
from torogoz.shared.codelists.shipped import rows
from torogoz.shared.institutions.access import whole_protocol
from torogoz.shared.institutions.models import Institution, SharingRule

NUMBER_KEPT = 32
"""Figures of the number of a table that the record keeps."""


class ProtocolUnclear(Exception):
    """A line of the protocol cannot be read, or opens what must never be open. Nothing was changed."""


@transaction.atomic
def load() -> int:
    """Make the stored protocol the shipped one: insert, update, and take away what it no longer says; how many lines.

    Raises ProtocolUnclear, with the number of the line in protocol.csv.
    """
    institutions = {institution.code: institution for institution in Institution.objects.all()}
    shipped = [
        _rule(number, row, institutions)
        for number, row in enumerate(rows("torogoz.shared.institutions", "protocol"), start=2)
    ]
    SharingRule.objects.bulk_create(
        shipped,
        update_conflicts=True,
        unique_fields=["section", "institution", "role"],
        update_fields=["read", "write", "tier", "basis_es", "basis_en", "source"],
    )
    kept = {(rule.section, rule.institution_id, rule.role) for rule in shipped}
    gone = [rule.pk for rule in SharingRule.objects.all() if (rule.section, rule.institution_id, rule.role) not in kept]
    SharingRule.objects.filter(pk__in=gone).delete()
    return len(shipped)


@transaction.atomic
def bring_up_to_date(*, now: datetime) -> int:
    """Load the shipped protocol; when that changes the table, the record of accesses keeps the number of the new one,
    so that it tells by which table was decided at any moment. How many lines. Raises ProtocolUnclear."""
    before = fingerprint(whole_protocol())
    lines = load()
    after = fingerprint(whole_protocol())
    if after != before:
        record(
            officer="",
            institution="",
            verb=Verb.EDIT,
            what="protocol",
            subjects=[after[:NUMBER_KEPT]],
            decision=Decision(True, Basis.DUTY),
            channel="command",
            now=now,
        )
    return lines


def _rule(number: int, row: dict[str, str], institutions: dict[str, Institution]) -> SharingRule:
    code, section = row["institution"], row["section"]
    if code not in institutions:
        raise ProtocolUnclear(f"protocol.csv line {number}: no institution {code!r}; run `torogoz codelists` first")
    if section in NEVER.get(code, ()):
        raise ProtocolUnclear(f"protocol.csv line {number}: {code} must never read {section}; take the line out")
    try:
        role, tier = Role(row["role"]), Tier(int(row["tier"]))
        read, write = (_yes(row[column]) for column in ("read", "write"))
    except (KeyError, ValueError) as reason:
        raise ProtocolUnclear(f"protocol.csv line {number}: {reason}") from reason
    return SharingRule(
        section=section,
        institution=institutions[code],
        role=role.value,
        read=read,
        write=write,
        tier=tier.value,
        basis_es=row["basis_es"],
        basis_en=row["basis_en"],
        source=row["source"],
    )


def _yes(answer: str) -> bool:
    return {"Y": True, "N": False}[answer]
