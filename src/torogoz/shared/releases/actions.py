"""Making a release: the one way from what institutions recorded to what the public reads."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from torogoz.domain.access import Basis, Decision, Verb
from torogoz.shared.audit.actions import record
from torogoz.shared.releases import files, queries
from torogoz.shared.releases.figures_alone import measured_part, private_part
from torogoz.shared.releases.making import (
    AnyPart,
    EndsBeforeTheNewest,
    Part,
    Progress,
    Supply,
    UnderEmbargo,
    columns_of,
    content_sha256,
    parameters,
    part,
)
from torogoz.shared.releases.models import PrivacySpending, Release
from torogoz.shared.releases.notices import raise_notices, refuse_if_open
from torogoz.shared.releases.words import write_dictionary
from torogoz.statistics.anomalies import Notice
from torogoz.statistics.disclosure.private.ledger import line_of
from torogoz.statistics.private_releases import PRIVATE_PLANS

MADE = Decision(allowed=True, basis=Basis.DUTY)


@dataclass(frozen=True)
class Made:
    """What came of making a release: the release, and whether it is new (an unchanged content makes none)."""

    release: Release
    is_new: bool
    parts: tuple[AnyPart, ...]


def make_release(
    *,
    code: str,
    cut_off: datetime,
    frames: Mapping[str, pl.DataFrame | Supply],
    persons: Mapping[str, Mapping[str, pl.DataFrame]] | None = None,
    by: str,
    now: datetime,
    note: str = "",
    approved_by: str = "",
    embargo_until: datetime | None = None,
    made_up: bool = False,
    vintages: Sequence[Mapping[str, str]] = (),
    secret: bytes | None = None,
    progress: Progress | None = None,
    also_odd: Sequence[Notice] = (),
    require_explained: bool = False,
    revise: Collection[str] = (),
) -> Made:
    """Release what `frames` hold, under disclosure control; the same content again makes nothing new.

    code      "2026-Q3"; a changed content under a code that exists is its next revision
    cut_off   the first moment not covered; if that is after `now`, the release is provisional
    frames    per data set on the list of what is published, what the topic's `queries.…_cells` gives, or a Supply
    persons   per data set of measures, rows of persons by fact table: measures are computed from them, nothing of them
              is kept, and without a secret there are none
    by        username, or empty for a command
    approved_by    who approved it, as its page says
    embargo_until  before this moment nobody outside reads it, at any address; None: it is public at once
    vintages  the outside data in use, for the record: publisher, dataset, vintage, sha256
    secret    what the noise of cross tables follows from; without it the release has no base cube
    also_odd  notices that the figures themselves do not show: files that are late
    require_explained  stop while a severe notice has no answer; the notices are kept
    revise    years that were final in the release before and are computed anew; others stay as they were published
    raises    NotSafe if the audit could work out a hidden cell, BudgetSpent if a year of private tables may not be
              drawn again, LedgerBroken if the ledger does not have all that was drawn, NothingToRelease,
              EndsBeforeTheNewest, UnderEmbargo; then nothing is kept.
              SevereNoticesOpen; then only the notices are

    The files are written aside and moved into place whole, then the release is recorded: a kill at any moment leaves
    either the release or nothing that anybody reads. The work is done before the database is held.
    """
    root = Path(settings.RELEASES)
    with files.one_at_a_time(root):
        before = queries.newest()
        _check_order(code, cut_off, before)
        _check_embargo(code, embargo_until, before, now)
        if PRIVATE_PLANS.keys() & frames.keys():
            queries.check_the_ledger()
        until, zone = min(cut_off, now), timezone.get_default_timezone()
        parts: tuple[AnyPart, ...] = tuple(
            private_part(
                dataflow,
                frame.frame if isinstance(frame, Supply) else frame,
                code=code,
                until=until,
                zone=zone,
                earlier=queries.earlier_cells(dataflow, queries.newest(dataflow)),
                spent=queries.spendings(dataflow),
            )
            if dataflow in PRIVATE_PLANS
            else part(
                dataflow,
                frame,
                until=until,
                zone=zone,
                earlier=queries.earlier(dataflow, queries.newest(dataflow)),
                secret=secret,
                revise=revise,
                progress=progress,
            )
            for dataflow, frame in sorted(frames.items())
        )
        if secret is not None:
            parts += tuple(
                measured_part(dataflow, tables, until=until, zone=zone, secret=secret)
                for dataflow, tables in sorted((persons or {}).items())
            )
        content = content_sha256(parts)
        same_code = queries.every_release().filter(code=code).first()
        provisional = cut_off > now
        if same_code and same_code.content_sha256 == content and same_code.provisional == provisional:
            return Made(same_code, False, parts)
        odd = [*(notice for each in parts for notice in each.notices), *also_odd]
        if require_explained:
            refuse_if_open(raise_notices(code=code, found=odd, now=now), code)
        release = Release(
            code=code,
            revision=0 if same_code is None else same_code.revision + 1,
            cut_off=cut_off,
            made_at=now,
            made_by=by,
            approved_by=approved_by[:120],
            note=note,
            embargo_until=embargo_until,
            content_sha256=content,
            rows=sum(each.rows.height for each in parts),
            provisional=provisional,
            made_up=made_up,
        )
        release.folder = release.name
        with files.folder_aside(root) as aside:
            columns = _write(aside, parts)
            release.manifest_sha256 = files.seal(aside, _manifest(release, parts, columns, before, vintages))
            files.move_into_place(aside, root / release.folder)
        _keep(release=release, parts=parts, odd=odd, by=by, now=now)
    return Made(release, True, parts)


def _check_order(code: str, cut_off: datetime, newest: Release | None) -> None:
    """Releases go forward: the same months hidden in two ways could give hidden cells back by difference."""
    if newest is not None and cut_off < newest.cut_off:
        raise EndsBeforeTheNewest(
            f"{code} ends before {newest.code}, which is released already and covers the same months; cut a second "
            "time, they could give hidden figures back. Nothing was made. Corrections enter the next release."
        )


def _check_embargo(code: str, embargo_until: datetime | None, newest: Release | None, now: datetime) -> None:
    """Releases become public in the order in which they are made: a later one holds what an earlier one withholds."""
    if embargo_until is not None and embargo_until <= now:
        raise UnderEmbargo(
            f"the embargo of {code} would end at {embargo_until:%Y-%m-%d %H:%M}, which is past. Nothing was made."
        )
    if newest is not None and newest.public_from > (embargo_until or now):
        raise UnderEmbargo(
            f"{newest.code} is under embargo until {newest.public_from:%Y-%m-%d %H:%M %Z}, and {code} would show its "
            "figures before. Nothing was made. Give it an embargo that ends no earlier, or lift the other one."
        )


@transaction.atomic
def lift_embargo(*, release: Release, by: str, now: datetime) -> Release:
    """Let the public read a release from `now` on; one that is public already stays as it is.

    raises  UnderEmbargo while a release made before is still under embargo: this one holds what that one withholds
    """
    if release.embargo_until is None or release.embargo_until <= now:
        return release
    withheld = queries.withheld_before(release, now)
    if withheld is not None:
        raise UnderEmbargo(
            f"{withheld} was made before {release} and is under embargo until "
            f"{withheld.public_from:%Y-%m-%d %H:%M %Z}; {release} shows its figures too. Nothing was changed. "
            f"Lift {withheld} first."
        )
    release.embargo_until = now
    release.save(update_fields=["embargo_until"])
    _audit(Verb.EDIT, release, by, now)
    return release


@transaction.atomic
def _keep(*, release: Release, parts: Sequence[AnyPart], odd: Sequence[Notice], by: str, now: datetime) -> None:
    """Record the release and what its drawings cost, with its notices and its audit line: all of it or nothing."""
    release.save(force_insert=True)
    raise_notices(code=release.code, found=odd, now=now, release=release)
    previous = queries.last_hash_of_the_ledger()
    for line in (line for each in parts for line in each.spendings):
        _, previous = line_of(line, previous)
        PrivacySpending.objects.create(
            release=release,
            dataset=line.dataset,
            period=line.period,
            code=line.release,
            table=line.table,
            cells=line.cells,
            sensitivity=line.sensitivity,
            noise=line.noise,
            epsilon=str(line.epsilon),
            delta=str(line.delta),
            made_at=now,
            hash=previous,
        )
    _audit(Verb.CREATE, release, by, now)


def _audit(verb: Verb, release: Release, by: str, now: datetime) -> None:
    record(
        officer=by,
        institution="",
        verb=verb,
        what="release",
        subjects=[str(release.key)],
        decision=MADE,
        channel="command",
        now=now,
    )


def _write(folder: Path, parts: Sequence[AnyPart]) -> dict[str, list[tuple[str, str]]]:
    """Write rows, tables, base cube and dictionary; returns the columns of each file."""
    columns = {}
    for each in parts:
        for kind, frame in each.kept.items():
            name = f"{kind}/{each.dataflow}.parquet"
            (folder / kind).mkdir(exist_ok=True)
            frame.write_parquet(folder / name)
            columns[name] = columns_of(frame)
    write_dictionary(folder / "dictionary.csv", columns)
    return columns


def _manifest(
    release: Release,
    parts: Sequence[AnyPart],
    columns: Mapping[str, Sequence[tuple[str, str]]],
    before: Release | None,
    vintages: Sequence[Mapping[str, str]],
) -> dict[str, Any]:
    """Everything that a release says of itself but the files' checksums."""
    return {
        "code": release.code,
        "revision": release.revision,
        "cut_off": release.cut_off.isoformat(),
        "made_at": release.made_at.isoformat(),
        "note": release.note,
        "approved_by": release.approved_by,
        "embargo_until": release.embargo_until.isoformat() if release.embargo_until else None,
        "provisional": release.provisional,
        "made_up": release.made_up,
        "software": _software(),
        "content_sha256": release.content_sha256,
        "rows": {each.dataflow: each.rows.height for each in parts if isinstance(each, Part)},
        "columns": {name: dict(described) for name, described in columns.items()},
        "parts": parameters(parts),
        "before": None if before is None else {"release": str(before), "manifest_sha256": before.manifest_sha256},
        "vintages": [dict(vintage) for vintage in vintages],
    }


def _software() -> str:
    try:
        return f"torogoz {version('torogoz')}"
    except PackageNotFoundError:
        return "torogoz, run from its source"
