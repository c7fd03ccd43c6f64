"""Looking at the record of accesses: checking the chain, signing its head."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from torogoz.shared.audit import queries as audit
from torogoz.shared.oversight import anchors
from torogoz.shared.oversight.models import ChainCheck


def check_chain(
    *,
    now: datetime,
    clock: Callable[[], datetime],
    head: str = "",
    file: Path | None = None,
    genuine: Callable[[bytes, bytes], bool] | None = None,
) -> ChainCheck:
    """Walk the whole chain, compare it with every head that was signed and kept, and keep what was found.

    head        one more hash that was written down elsewhere
    Nobody waits for it: the walk is one reading, outside any transaction, and only its result is written.

    file        a copy of the signed heads, kept elsewhere, instead of the site's own; `genuine` tells by which keys
    """
    before = ChainCheck.objects.order_by("-pk").first()
    kept = anchors.kept(file, genuine, at_least=before.anchors if before and file is None else 0)
    found = audit.verify(head, kept.heads)
    return ChainCheck.objects.create(
        started_at=now,
        finished_at=clock(),
        events=found.events,
        head=found.head,
        anchors=kept.lines if file is None else before.anchors if before else 0,
        faults=[*kept.faults, *found.faults],
    )


def anchor(*, now: datetime, check: ChainCheck | None = None, restored: str = "") -> anchors.Anchor:
    """Sign the head and add it to the file: of a check that found the chain whole, else of the chain as it stands.

    restored    why the record ends earlier than it did: a back-up was restored. Heads signed for later events no
                longer count; the reason stays in the file and on the page
    Raises CannotAnchor.
    """
    events, head = (check.events, check.head) if check else audit.end()
    made = anchors.signed(events, head, now, restored)
    anchors.keep(made)
    return made
