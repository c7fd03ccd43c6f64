"""Bringing the log up to date. It is derived: whatever happens to it, the same files make it again."""

import hashlib
import logging
from datetime import datetime
from functools import lru_cache
from importlib import resources
from importlib.metadata import PackageNotFoundError, version

import polars as pl
from django.db import transaction

from torogoz.shared.observations import files, queries
from torogoz.shared.observations.models import Run
from torogoz.shared.observations.queries import Moment
from torogoz.statistics import bitemporal
from torogoz.statistics.dataflows import Dataflow
from torogoz.statistics.observations import in_order, keys_of

MODULES = ("bitemporal.py", "observations.py", "vintages.py", "dataflows.py", "dataflows.toml")
logger = logging.getLogger(__name__)


def bring_up_to_date(*, flow: Dataflow, now: datetime) -> list[Run]:
    """Add a run to the log for every moment that it does not know yet; the runs that were added.

    A log that does not follow from the stored editions and releases any more (a file lost, a register restored from an
    older copy) is made again from where it leaves them.

    raises  RepeatedKey; VintageDamaged, ReleaseDamaged if a stored file is missing or was altered
    """
    if _kept(flow)[1] == []:
        return []
    with files.one_at_a_time(flow.id):
        kept, missing = _kept(flow)
        _forget(flow, kept)
        added = []
        for moment in missing:
            before = bitemporal.as_of(queries.log(flow, kept).collect(), keys_of(flow))
            state = queries.state(flow, at=moment.at).sort(in_order(flow))
            run = _run(flow, moment, state, before, _key(flow, moment, kept[-1].key if kept else ""), now)
            kept.append(run)
            added.append(run)
    return added


def rebuild(*, flow: Dataflow, now: datetime) -> list[Run]:
    """Make the whole log of a dataflow again from the stored editions and releases."""
    with files.one_at_a_time(flow.id):
        _forget(flow, [])
    return bring_up_to_date(flow=flow, now=now)


def _kept(flow: Dataflow) -> tuple[list[Run], list[Moment]]:
    """The runs that stand, and the moments that have none yet."""
    kept: list[Run] = []
    moments, before = queries.moments(flow), ""
    for run, moment in zip(queries.runs(flow.id), moments, strict=False):
        before = _key(flow, moment, before)
        if run.key != before or not files.is_whole(run.file, run.file_sha256):
            logger.warning("the log of %s is made again from %s on", flow.id, moment.at.isoformat())
            break
        kept.append(run)
    return kept, moments[len(kept) :]


@transaction.atomic
def _forget(flow: Dataflow, kept: list[Run]) -> None:
    """Take away the runs that no longer stand; what they were made from is untouched."""
    for run in queries.runs(flow.id).exclude(pk__in=[each.pk for each in kept]):
        run.delete()
        files.remove(run.file)


def _run(flow: Dataflow, moment: Moment, state: pl.DataFrame, before: pl.DataFrame, key: str, now: datetime) -> Run:
    """One run, written and recorded."""
    lines = bitemporal.lines(before, state, keys_of(flow), at=moment.at, run=key[:16])
    name = f"{flow.id.lower()}/{moment.at:%Y%m%dT%H%M%S}-{key[:16]}.parquet"
    closed = int(lines["GONE"].sum())
    run = Run(
        key=key,
        dataflow=flow.id,
        valid_from=moment.at,
        inputs=[{"name": name, "sha256": sha256} for name, sha256 in moment.inputs],
        software=_software(),
        code_sha256=_code_sha256(),
        opened=lines.height - closed,
        closed=closed,
        file=name,
        file_sha256=files.write(name, lines),
        made_at=now,
    )
    run.save(force_insert=True)
    return run


def _key(flow: Dataflow, moment: Moment, before: str) -> str:
    """What names a run: the same inputs at the same moment after the same run have the same key."""
    said = [flow.id, moment.at.isoformat(), before, *(f"{name} {sha256}" for name, sha256 in moment.inputs)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _software() -> str:
    try:
        return f"torogoz {version('torogoz')}"
    except PackageNotFoundError:
        return "torogoz, run from its source"


@lru_cache(maxsize=1)
def _code_sha256() -> str:
    """The SHA-256 of the modules that decide what a line says."""
    package = resources.files("torogoz.statistics")
    return hashlib.sha256(b"\n".join(package.joinpath(name).read_bytes() for name in MODULES)).hexdigest()
