"""Making a release: the one way from what institutions recorded to what the public reads."""

from collections.abc import Mapping, Sequence
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
from torogoz.shared.releases.making import (
    EndsBeforeTheNewest,
    Part,
    Progress,
    Supply,
    columns_of,
    content_sha256,
    parameters,
    part,
    with_random_keys,
)
from torogoz.shared.releases.models import Release
from torogoz.shared.releases.notices import raise_notices, refuse_if_open
from torogoz.shared.releases.words import write_dictionary
from torogoz.statistics.anomalies import Notice

MADE = Decision(allowed=True, basis=Basis.DUTY)


@dataclass(frozen=True)
class Made:
    """What came of making a release: the release, and whether it is new (an unchanged content makes none)."""

    release: Release
    is_new: bool
    parts: tuple[Part, ...]


def make_release(
    *,
    code: str,
    cut_off: datetime,
    frames: Mapping[str, pl.DataFrame | Supply],
    by: str,
    now: datetime,
    note: str = "",
    made_up: bool = False,
    vintages: Sequence[Mapping[str, str]] = (),
    progress: Progress | None = None,
    also_odd: Sequence[Notice] = (),
    require_explained: bool = False,
) -> Made:
    """Release what `frames` hold, under disclosure control; the same content again makes nothing new.

    code      "2026-Q3"; a changed content under a code that exists is its next revision
    cut_off   the first moment not covered; if that is after `now`, the release is provisional
    frames    per data set on the list of what is published, what the topic's `queries.…_cells` gives, or a Supply
    by        username, or empty for a command
    vintages  the outside data in use, for the record: publisher, dataset, vintage, sha256
    also_odd  notices that the figures themselves do not show: files that are late
    require_explained  stop while a severe notice has no answer; the notices are kept
    raises    NotSafe if the audit could work out a hidden cell, NothingToRelease, EndsBeforeTheNewest; then nothing
              is kept. SevereNoticesOpen; then only the notices are

    The files are written aside and moved into place whole, then the release is recorded: a kill at any moment leaves
    either the release or nothing that anybody reads. The work is done before the database is held.
    """
    root = Path(settings.RELEASES)
    with files.one_at_a_time(root):
        before = queries.latest()
        _check_order(code, cut_off, before)
        parts = tuple(
            part(
                dataflow,
                frame,
                until=min(cut_off, now),
                zone=timezone.get_default_timezone(),
                earlier=queries.earlier(dataflow, queries.latest(dataflow)),
                progress=progress,
            )
            for dataflow, frame in sorted(frames.items())
        )
        content = content_sha256(parts)
        same_code = queries.releases().filter(code=code).first()
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
            note=note,
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
        _keep(release=release, odd=odd, by=by, now=now)
    return Made(release, True, parts)


def _check_order(code: str, cut_off: datetime, newest: Release | None) -> None:
    """Releases go forward: the same months hidden in two ways could give hidden cells back by difference."""
    if newest is not None and cut_off < newest.cut_off:
        raise EndsBeforeTheNewest(
            f"{code} ends before {newest.code}, which is released already and covers the same months; cut a second "
            "time, they could give hidden figures back. Nothing was made. Corrections enter the next release."
        )


@transaction.atomic
def _keep(*, release: Release, odd: Sequence[Notice], by: str, now: datetime) -> None:
    """Record the release, with its notices and its audit line."""
    release.save(force_insert=True)
    raise_notices(code=release.code, found=odd, now=now, release=release)
    record(
        officer=by,
        institution="",
        verb=Verb.CREATE,
        what="release",
        subjects=[str(release.key)],
        decision=MADE,
        channel="command",
        now=now,
    )


def _write(folder: Path, parts: Sequence[Part]) -> dict[str, list[tuple[str, str]]]:
    """Write rows, tables and dictionary; returns the columns of each file."""
    columns = {}
    for each in parts:
        for kind, frame in (("microdata", with_random_keys(each.rows)), ("tables", each.cells)):
            name = f"{kind}/{each.plan.dataflow}.parquet"
            (folder / kind).mkdir(exist_ok=True)
            frame.write_parquet(folder / name)
            columns[name] = columns_of(frame)
    write_dictionary(folder / "dictionary.csv", columns)
    return columns


def _manifest(
    release: Release,
    parts: Sequence[Part],
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
        "provisional": release.provisional,
        "made_up": release.made_up,
        "software": _software(),
        "content_sha256": release.content_sha256,
        "rows": {each.plan.dataflow: each.rows.height for each in parts},
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
