"""The sharing protocol that the project ships: who reads and who writes which section, and on what ground."""

from datetime import datetime

from django.db import transaction

from torogoz.domain.access import NEVER, Role, Rule, Tier
from torogoz.domain.protocols import Agreed
from torogoz.shared.codelists.shipped import rows
from torogoz.shared.institutions import grounds
from torogoz.shared.institutions.access import lines_in_force
from torogoz.shared.institutions.models import Institution, SharingRule


class ProtocolUnclear(Exception):
    """A line of the protocol cannot be read, or opens what must never be open. Nothing was changed."""


@transaction.atomic
def load() -> int:
    """Make the table that has no version yet the shipped one: insert, update, take away; how many lines.

    Raises ProtocolUnclear, with the number of the line in protocol.csv.
    """
    shipped = shipped_lines()
    grounds.load()
    institutions = {institution.code: institution for institution in Institution.objects.all()}
    SharingRule.objects.filter(valid_until__isnull=True).delete()
    SharingRule.objects.bulk_create(as_row(line, institutions) for line in shipped)
    return len(shipped)


def shipped_lines() -> tuple[Agreed, ...]:
    """The lines of protocol.csv, in its order. Raises ProtocolUnclear."""
    known = set(Institution.objects.values_list("code", flat=True))
    return tuple(
        _line(number, row, known) for number, row in enumerate(rows("torogoz.shared.institutions", "protocol"), start=2)
    )


def stored_lines(now: datetime) -> tuple[Agreed, ...]:
    """The lines of the table by which is decided at `now`, with the words and the law that each stands on."""
    found = lines_in_force(now).select_related("institution").order_by("pk")
    return tuple(as_agreed(row) for row in found)


def as_agreed(row: SharingRule) -> Agreed:
    """A stored line, as the rules of the domain take it."""
    rule = Rule(row.section, row.institution.code, Role(row.role), row.read, row.write, Tier(row.tier))
    return Agreed(rule, row.basis_es, row.basis_en, row.ground_id or "", row.source)


def as_row(line: Agreed, institutions: dict[str, Institution]) -> SharingRule:
    """A line as it is stored, without its time."""
    rule = line.rule
    return SharingRule(
        section=rule.section,
        institution=institutions[rule.institution],
        role=rule.role.value,
        read=rule.read,
        write=rule.write,
        tier=rule.tier.value,
        basis_es=line.basis_es,
        basis_en=line.basis_en,
        ground_id=line.ground or None,
        source=line.source,
    )


def _line(number: int, row: dict[str, str], known: set[str]) -> Agreed:
    code, section = row["institution"], row["section"]
    if code not in known:
        raise ProtocolUnclear(f"protocol.csv line {number}: no institution {code!r}; run `torogoz codelists` first")
    if section in NEVER.get(code, ()):
        raise ProtocolUnclear(f"protocol.csv line {number}: {code} must never read {section}; take the line out")
    try:
        role, tier = Role(row["role"]), Tier(int(row["tier"]))
        read, write = (_yes(row[column]) for column in ("read", "write"))
    except (KeyError, ValueError) as reason:
        raise ProtocolUnclear(f"protocol.csv line {number}: {reason}") from reason
    return Agreed(
        Rule(section, code, role, read, write, tier), row["basis_es"], row["basis_en"], row["ground"], row["source"]
    )


def _yes(answer: str) -> bool:
    return {"Y": True, "N": False}[answer]
