"""People are exported: by a supervisor, for a purpose and a reason, into an archive whose password nobody keeps."""

from datetime import date, datetime, timedelta

from django.db import transaction

from torogoz.domain.access import Decision, Verb
from torogoz.exchange.htcds.mapping import WRITTEN
from torogoz.exchange.htcds.standard import ATTRIBUTION
from torogoz.exchange.writers import csv_text, sealed_archive, workbook
from torogoz.exchange.writers.htcds import cases_csv
from torogoz.shared.audit.actions import record
from torogoz.shared.exports import queries
from torogoz.shared.exports.models import Export
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.people.actions import NotAllowed

KEPT_FOR = timedelta(hours=1)


@transaction.atomic
def export_people(
    *,
    by: Officer,
    since: date,
    until: date,
    purpose: Export.Purpose,
    reason: str,
    language: str,
    now: datetime,
    htcds: bool = False,
) -> tuple[Export, str]:
    """Make an archive of the people whom the officer may export; it, and the password that opens it.

    htcds   whether the archive has the same people in the fields of the Human Trafficking Case Data Standard too
    The password is in the answer and nowhere else. Archives that are an hour old are removed.
    Raises TooManyRows, NotAllowed.
    """
    decision = queries.may_export(by, now)
    if decision is None:
        raise NotAllowed(f"{by} may not export people")
    remove_expired(now=now)
    found = queries.exported(by, since, until, now, language)
    made = Export(
        officer=by,
        institution=Institution.objects.get(code=decision.institution),
        purpose=purpose.value,
        reason=reason,
        people=len(found.people),
        made_at=now,
        until=now + KEPT_FOR,
    )
    made.save(force_insert=True)
    _note(made, decision, [str(key) for key in found.people], found.sections, now)
    password = sealed_archive.new_password()
    files = {
        "people.csv": b"\xef\xbb\xbf" + b"".join(csv_text.pieces(found.frame)),
        "people.xlsx": workbook.sheet_alone("people", found.frame),
    }
    if htcds:
        files["htcds.csv"] = cases_csv(found.cases, WRITTEN)
        files["htcds.txt"] = ATTRIBUTION.encode()
    made.path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with made.path.open("xb") as into:
            sealed_archive.write(files, password, into)
    except BaseException:
        made.path.unlink(missing_ok=True)
        raise
    return made, password


def remove_expired(*, now: datetime) -> None:
    """Take away the archives that may no longer be fetched. That they were made stays."""
    for old in queries.expired(now):
        old.path.unlink(missing_ok=True)


def _note(made: Export, decision: Decision, people: list[str], sections: tuple[str, ...], now: datetime) -> None:
    record(
        officer=made.officer.username,
        institution=decision.institution,
        verb=Verb.EXPORT,
        what="people",
        subjects=people,
        decision=decision,
        channel="export",
        now=now,
        sections=list(sections),
        path=f"{made.key} {made.purpose}: {made.reason}",
    )
