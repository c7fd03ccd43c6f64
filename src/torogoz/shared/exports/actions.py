"""People are exported: by a supervisor, for a purpose and a reason, into an archive whose password nobody keeps.

Many people, or everybody within reach, only once a second officer of the same institution approved it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from torogoz.domain.access import Decision, Verb
from torogoz.domain.exports import ExportRefused, State, check_days
from torogoz.exchange.htcds.mapping import WRITTEN
from torogoz.exchange.htcds.standard import ATTRIBUTION
from torogoz.exchange.writers import csv_text, sealed_archive, workbook
from torogoz.exchange.writers.htcds import cases_csv
from torogoz.shared.audit.actions import record
from torogoz.shared.exports import queries
from torogoz.shared.exports.models import Export, ExportRequest
from torogoz.shared.institutions.access import duty
from torogoz.shared.institutions.models import Institution, Officer
from torogoz.shared.people.actions import NotAllowed

KEPT_FOR = timedelta(hours=1)
REQUEST = "export_request"


@dataclass(frozen=True)
class NeedsSecond(Exception):
    """So many people are not taken out by one officer alone. Nothing was made."""

    people: int


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
    approved: ExportRequest | None = None,
) -> tuple[Export, str]:
    """Make an archive of the people whom the officer may export; it, and the password that opens it.

    htcds   whether the archive has the same people in the fields of the Human Trafficking Case Data Standard too
    approved    the request that a second officer approved, for more people than one takes out alone
    The password is in the answer and nowhere else. Archives that are an hour old are removed.
    Raises TooManyRows, NeedsSecond, ExportRefused, NotAllowed.
    """
    decision = queries.may_export(by, now)
    if decision is None:
        raise NotAllowed(f"{by} may not export people")
    check_days(until, timezone.localdate(now))
    remove_expired(now=now)
    found = queries.exported(by, since, until, now, language)
    if approved is None and queries.asks_for_second(by, len(found.people), now):
        raise NeedsSecond(len(found.people))
    if approved is not None and len(found.people) > approved.people:
        raise ExportRefused("", "grown", found=len(found.people), approved=approved.people)
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


@transaction.atomic
def ask_export(
    *,
    by: Officer,
    since: date,
    until: date,
    purpose: Export.Purpose,
    reason: str,
    people: int,
    now: datetime,
    htcds: bool = False,
) -> ExportRequest:
    """Ask for an archive of so many people. Nothing is made until a second officer approves it. Raises NotAllowed."""
    decision = queries.may_export(by, now)
    if decision is None:
        raise NotAllowed(f"{by} may not export people")
    asked = ExportRequest.objects.create(
        officer=by,
        institution=Institution.objects.get(code=decision.institution),
        since=since,
        until=until,
        purpose=purpose.value,
        reason=reason,
        htcds=htcds,
        people=people,
        asked_at=now,
        state=State.ASKED.value,
    )
    _note_request(by, Verb.CREATE, asked, decision, now)
    return asked


@transaction.atomic
def decide_export(*, by: Officer, request: ExportRequest, approve: bool, now: datetime) -> ExportRequest:
    """Approve or refuse what another officer of one's institution asked for. Raises ExportRefused, NotAllowed."""
    held = _held(request)
    decision = duty(by, Verb.AGREE, held.institution.code, now)
    if not decision:
        raise NotAllowed(f"{by} does not approve exports of {held.institution.code}")
    if held.officer_id == by.pk:
        raise ExportRefused("", "same_officer")
    if queries.standing(held, now) is not State.ASKED:
        raise ExportRefused("", "state")
    held.state = (State.APPROVED if approve else State.REFUSED).value
    held.decided_by, held.decided_at = by, now
    held.save(update_fields=["state", "decided_by", "decided_at"])
    _note_request(by, Verb.AGREE, held, decision, now)
    return held


@transaction.atomic
def make_approved(*, by: Officer, request: ExportRequest, language: str, now: datetime) -> tuple[Export, str]:
    """Make, once, the archive that was approved: for who asked for it. As `export_people`.

    Raises TooManyRows, ExportRefused, NotAllowed.
    """
    held = _held(request)
    if held.officer_id != by.pk:
        raise NotAllowed(f"{by} did not ask for this export")
    if queries.standing(held, now) is not State.APPROVED:
        raise ExportRefused("", "state")
    made, password = export_people(
        by=by,
        since=held.since,
        until=held.until,
        purpose=Export.Purpose(held.purpose),
        reason=held.reason,
        language=language,
        htcds=held.htcds,
        approved=held,
        now=now,
    )
    held.state, held.made = State.MADE.value, made
    held.save(update_fields=["state", "made"])
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


def _held(request: ExportRequest) -> ExportRequest:
    related = ("institution", "officer")
    return ExportRequest.objects.select_for_update(of=("self",)).select_related(*related).get(pk=request.pk)


def _note_request(by: Officer, verb: Verb, asked: ExportRequest, decision: Decision, now: datetime) -> None:
    record(
        officer=by.username,
        institution=decision.institution,
        verb=verb,
        what=REQUEST,
        subjects=[str(asked.key)],
        decision=decision,
        channel="page",
        now=now,
        path=f"{asked.key} {asked.state} {asked.people} {asked.purpose}: {asked.reason}",
    )
