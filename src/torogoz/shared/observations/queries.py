"""What the log says: now, at a moment, of all times, and what a reader has to update.

Nothing that the public may not read yet is in it: a release enters at the end of its embargo.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.db.models import QuerySet

from torogoz.shared.observations import files
from torogoz.shared.observations.models import Run
from torogoz.shared.releases import queries as releases
from torogoz.shared.sources import queries as sources
from torogoz.statistics import bitemporal
from torogoz.statistics.dataflows import Dataflow
from torogoz.statistics.observations import keys_of, one_per_key
from torogoz.statistics.private_releases import RELEASED


@dataclass(frozen=True)
class Moment:
    """When what is said of a dataflow changed, and what is said from: names and SHA-256 of editions or a release."""

    at: datetime
    inputs: tuple[tuple[str, str], ...]


def moments(flow: Dataflow) -> list[Moment]:
    """The moments at which what the public reads of a dataflow changed, in order of time."""
    if flow.id in RELEASED:
        opened = sorted(releases.releases(), key=lambda release: (release.public_from, release.pk))
        last = {release.public_from: release for release in opened}
        return [Moment(at, ((str(release), release.manifest_sha256),)) for at, release in last.items()]
    used = sources.vintages_of(flow.id)
    starts = sorted({each.accepted_at or each.imported_at for each in used})
    return [
        Moment(
            at,
            tuple(
                sorted(
                    (f"{each.dataset} {each.vintage}", each.sha256)
                    for each in used
                    if (each.accepted_at or each.imported_at) <= at
                )
            ),
        )
        for at in starts
    ]


def inputs(flow: Dataflow) -> tuple[str, datetime | None]:
    """What names everything that is said of a dataflow and since when, without the log; ("", None) for nothing."""
    known = moments(flow)
    if not known:
        return "", None
    said = "\n".join(f"{each.at.isoformat()} {name} {sha256}" for each in known for name, sha256 in each.inputs)
    return hashlib.sha256(f"{flow.id}\n{said}".encode()).hexdigest(), known[-1].at


def state(flow: Dataflow, *, at: datetime | None = None, label: str = "") -> pl.DataFrame:
    """Everything that holds at a moment, or that one edition or release says, computed from the stored files.

    raises  NoSuchVintage, NoSuchRelease; VintageDamaged, ReleaseDamaged
    """
    return one_per_key(sources.observations(flow.id, at, label), flow)


def runs(dataflow: str = "") -> QuerySet[Run]:
    """The runs, of one dataflow or of all, in order of time."""
    found = Run.objects.order_by("dataflow", "valid_from", "pk")
    return found.filter(dataflow=dataflow) if dataflow else found


def log(flow: Dataflow, kept: Sequence[Run] | None = None) -> pl.LazyFrame:
    """Every line of the log of a dataflow, in order of time; of `kept` runs only, when they are given."""
    chosen = list(runs(flow.id)) if kept is None else list(kept)
    schema = bitemporal.empty(one_per_key(_nothing(flow), flow)).lazy()
    return pl.concat([schema, *(pl.scan_parquet(files.folder() / run.file) for run in chosen)], how="vertical")


def seen(
    flow: Dataflow,
    *,
    where: pl.Expr | None = None,
    as_of: datetime | None = None,
    updated_after: datetime | None = None,
    history: bool = False,
    offset: int = 0,
    limit: int | None = None,
) -> pl.DataFrame:
    """What the log says of the keys that `where` (an expression over key columns) chooses.

    as_of          as it was said at that moment
    updated_after  only what a reader of that moment's state has to change, with HOW
    history        every line until `as_of`, with VALID_TO
    offset, limit  which rows of the answer, in the order of the log
    returns        the columns of `bitemporal.as_of`, `updated_after` or `history`
    """
    kept = list(runs(flow.id))
    chosen = log(flow, kept) if where is None else log(flow, kept).filter(where)
    keys = keys_of(flow)
    if len(kept) == 1 and updated_after is None and not history and (as_of is None or kept[0].valid_from <= as_of):
        return chosen.slice(offset, limit).collect().drop("GONE")  # one state only: nothing was ever revised
    lines = chosen.collect()
    if updated_after is not None:
        found = bitemporal.updated_after(lines, keys, updated_after, as_of)
    elif history:
        found = bitemporal.history(lines, keys, as_of)
    else:
        found = bitemporal.as_of(lines, keys, as_of)
    return found.slice(offset, limit)


def lines_of(flow: Dataflow, where: pl.Expr | None = None) -> int:
    """How many lines of the log are about the keys that `where` chooses: an answer has no more rows than that."""
    chosen = log(flow) if where is None else log(flow).filter(where)
    return int(chosen.select(pl.len()).collect().item())


def edition(flow: Dataflow) -> tuple[str, datetime | None]:
    """What names the present state of the log of a dataflow, and since when it holds; ("", None) before the first."""
    last = runs(flow.id).last()
    return ("", None) if last is None else (last.key, last.valid_from)


def _nothing(flow: Dataflow) -> pl.LazyFrame:
    """No observation, with every column that a dataflow may have."""
    text = (*flow.names, "OBS_STATUS", "CONF_STATUS", *flow.attributes, "DATASET", "VINTAGE")
    return pl.LazyFrame(schema={**dict.fromkeys(text, pl.String), "OBS_VALUE": pl.Float64})
