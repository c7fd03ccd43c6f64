"""A table of practices comes in: all of it as drafts, or nothing."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from torogoz.domain.practices import PracticeRefused
from torogoz.exchange.readers.filled_tables import Fault
from torogoz.exchange.readers.practices import PracticeRow
from torogoz.shared.institutions.models import Officer
from torogoz.topics.practices.actions import start


class NothingImported(Exception):
    """Rows that cannot be kept, each named; nothing of the table was kept."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"{len(self.faults)} faults")


class OnlyTried(Exception):
    """Ends a dry run, and takes back what it did."""


def import_practices(*, by: Officer, rows: Sequence[PracticeRow], dry: bool, now: datetime) -> int:
    """Keep each row as a draft of its institution; how many. Raises NothingImported with every row that cannot be.

    dry     look and tell, and keep nothing
    """
    try:
        with transaction.atomic():
            faults = [fault for row in rows if (fault := _keep(by, row, now))]
            if faults:
                raise NothingImported(faults)
            if dry:
                raise OnlyTried
    except OnlyTried:
        pass
    return len(rows)


def _keep(by: Officer, row: PracticeRow, now: datetime) -> Fault | None:
    try:
        with transaction.atomic():
            start(by=by, institution=row.institution, written=row.written, call=None, token=None, now=now)
    except PracticeRefused as why:
        return Fault(row.line, why.field or "-", why.explain("es"), why.explain("en"))
    return None
