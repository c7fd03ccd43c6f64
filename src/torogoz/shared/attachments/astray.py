"""Files without a row and rows without a file: what a crash at the worst moment, or half a restore, leaves behind.

A file is written before its row, so that no row ever tells of a file that is not there. If the machine stops in
between, the sealed file stays: it harms nobody, takes room, and is removed here once it is a day old.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from torogoz.shared.attachments.models import Attachment
from torogoz.shared.attachments.queries import FileMissing, check_whole
from torogoz.shared.vault.keyring import CannotOpen

YOUNG = timedelta(days=1)
"""A file as young as this may belong to a row that is being written."""

SEALED = re.compile(r"[0-9a-f]{32}")
UNFINISHED = ".unfinished"


@dataclass(frozen=True)
class Astray:
    """What does not belong together.

    left_over   files of ours that no row tells of, older than a day
    missing     keys of the attachments whose file is not there
    """

    left_over: tuple[Path, ...]
    missing: tuple[UUID, ...]


def astray(now: datetime) -> Astray:
    """Hold the folder of attachments against the table. Files that are not named as ours are let be."""
    old = (now - YOUNG).timestamp()
    files = [path for path in _files() if path.stat().st_mtime < old]
    rows = list(Attachment.objects.order_by("pk"))
    known = {row.key.hex for row in rows}
    left_over = (path for path in files if path.suffix == UNFINISHED or path.stem not in known)
    return Astray(tuple(sorted(left_over)), tuple(row.key for row in rows if not row.path.is_file()))


def damaged() -> Iterator[str]:
    """Why a file that is there does not open to its end, for each such attachment. Nothing of it is shown."""
    for row in Attachment.objects.select_related("institution").order_by("pk").iterator(500):
        try:
            check_whole(row)
        except FileMissing:
            continue
        except CannotOpen as why:
            yield str(why)


def remove_left_over(now: datetime) -> tuple[int, int]:
    """Remove the files that no row tells of: how many, and how many bytes."""
    found = astray(now).left_over
    room = sum(path.stat().st_size for path in found)
    for path in found:
        path.unlink(missing_ok=True)
    return len(found), room


def _files() -> Iterator[Path]:
    for path in Path(settings.ATTACHMENTS).glob("??/*"):
        if path.is_file() and SEALED.fullmatch(path.stem) and path.suffix in {"", UNFINISHED}:
            yield path


def written_at(path: Path) -> datetime:
    """When a file was written."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
