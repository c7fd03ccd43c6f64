"""The protocol of the project: the first version, and the next ones until two officers have changed one."""

from datetime import datetime

from django.db import transaction

from torogoz.domain.access import Basis, Decision, Verb
from torogoz.domain.protocols import State, compare, fingerprint
from torogoz.shared.institutions import grounds
from torogoz.shared.institutions.models import SharingRule
from torogoz.shared.institutions.protocol import load, shipped_lines, stored_lines
from torogoz.shared.protocols.models import ProtocolVersion, as_stored
from torogoz.shared.protocols.storing import NUMBER_KEPT, note, put_in_force

WHY = "Tabla que trae el programa · The table that comes with the programme"


@transaction.atomic
def bring_up_to_date(*, now: datetime) -> str:
    """Make the shipped table the one in force, as a version; once two officers have approved one, change nothing.

    What was done, in a line. The record of accesses keeps the number of a new table, so that it tells by which was
    decided at any moment. Raises ProtocolUnclear.
    """
    grounds.load()
    wanted = shipped_lines()
    last = ProtocolVersion.objects.filter(state=State.APPROVED.value).order_by("-number").first()
    if last is not None and not last.shipped:
        differ = compare(last.agreed, wanted)
        count = len(differ.added) + len(differ.removed) + len(differ.altered)
        return (
            f"{len(last.lines):>5} lines of the sharing protocol: version {last.number}, which two officers approved; "
            f"the shipped file has {count} other lines, and changes nothing"
        )
    before = fingerprint(line.rule for line in stored_lines(now))
    if not SharingRule.objects.exists():
        load()
    elif compare(stored_lines(now), wanted):
        put_in_force(wanted, now)
    after = fingerprint(line.rule for line in wanted)
    if last is None or last.agreed != wanted:
        _keep(last, after, now)
    if after != before:
        note(
            officer="",
            institution="",
            verb=Verb.EDIT,
            subjects=[after[:NUMBER_KEPT]],
            decision=Decision(True, Basis.DUTY),
            channel="command",
            now=now,
        )
    return f"{len(wanted):>5} lines of the sharing protocol"


def _keep(last: ProtocolVersion | None, number: str, now: datetime) -> None:
    ProtocolVersion(
        number=(last.number or 0) + 1 if last else 1,
        base=last,
        state=State.APPROVED.value,
        shipped=True,
        lines=[as_stored(line) for line in shipped_lines()],
        fingerprint=number,
        reason=WHY,
        in_force_from=now,
        proposed_at=now,
        decided_at=now,
    ).save(force_insert=True)
