"""What indicators say: their observations, in force or as they were, and what they were computed from."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import polars as pl

from torogoz.shared.releases.models import Release
from torogoz.shared.releases.queries import releases, releases_of
from torogoz.shared.sources.queries import observations, vintages_of
from torogoz.statistics.dataflows import DATAFLOWS, TIME, Dataflow, UnclearQuestion
from torogoz.statistics.indicators.definition import Indicator, dataflows_of, tables_of
from torogoz.statistics.indicators.loading import shipped
from torogoz.statistics.indicators.publishing import from_dataflows, indicator_flows
from torogoz.statistics.indicators.references import Unclear
from torogoz.statistics.measured_releases import RETURN_MEASURES
from torogoz.statistics.private_releases import RELEASED

MOST_EDITIONS = 6
MOST_PERIODS = 8
FRAMES_KEPT = 128


@dataclass(frozen=True)
class Answer:
    """The observations of an indicator, and what a reader of them must know; `lacks` says why there are none."""

    frame: pl.DataFrame
    notes: tuple[str, ...] = ()
    lacks: str = ""


def is_whole(flow: Dataflow) -> pl.Expr:
    """Whether an observation is of everybody: every dimension at its total."""
    totals = [pl.col(each.id) == each.total for each in flow.dimensions if each.id != TIME]
    return pl.all_horizontal(pl.lit(value=True), *totals)


def is_indicator(flow: Dataflow) -> bool:
    """Whether a dataflow is that of an indicator."""
    return flow.id in shipped()


def reads(flow: Dataflow) -> tuple[str, ...]:
    """The dataflows that an indicator is computed from; a dataflow that is none is computed from itself."""
    indicator = shipped().get(flow.id)
    return _read_by(indicator) if indicator is not None else (flow.id,)


def flow_called(name: str) -> Dataflow | None:
    """The dataflow or the indicator called so; None if there is none."""
    return indicator_flows().get(name) or DATAFLOWS.get(name)


def figures_of(flow: Dataflow) -> pl.DataFrame:
    """What the public may read of a dataflow or an indicator today. Raises VintageDamaged, ReleaseDamaged."""
    indicator = shipped().get(flow.id)
    return answer(indicator).frame if indicator is not None else observations(flow.id).collect()


@dataclass(frozen=True)
class EditionRead:
    """The editions that figures are read from: their checksum, their names, since when all of them are public.

    release  the newest of them that is a release; None if they are data that publishers gave
    """

    checksum: str
    names: tuple[str, ...]
    public_since: datetime
    release: Release | None


def edition_read(flow: Dataflow) -> EditionRead | None:
    """The editions that figures of a dataflow or an indicator are read from today; None while it has none."""
    named: list[tuple[str, str, datetime]] = []
    made: list[Release] = []
    for name in reads(flow):
        if name in RELEASED:
            for release in releases_of(name)[:1]:
                made.append(release)
                named.append((release.manifest_sha256, str(release), release.public_from))
        else:
            for each in vintages_of(name):
                since = each.accepted_at or each.imported_at
                named.append((f"{each.key} {each.sha256}", f"{each.dataset} {each.vintage}", since))
    if not named:
        return None
    checksum = hashlib.sha256("\n".join(sorted({each[0] for each in named})).encode()).hexdigest()
    newest = max(made, key=lambda each: each.public_from) if made else None
    return EditionRead(checksum, tuple(sorted({each[1] for each in named})), max(each[2] for each in named), newest)


def _read_by(indicator: Indicator) -> tuple[str, ...]:
    """The dataflows that an indicator reads: one over rows of persons is read where a release published it."""
    return (RETURN_MEASURES,) if tables_of(indicator.measure) else dataflows_of(indicator.measure)


def answer(indicator: Indicator, as_of: datetime | None = None) -> Answer:
    """The observations of an indicator, in force or as they were in force at a moment.

    returns  the dimensions of its dataflow, OBS_VALUE, OBS_STATUS, CONF_STATUS; no row where a source has none yet
    raises   VintageDamaged, ReleaseDamaged
    """
    return _kept(indicator.id, _editions(indicator, as_of), as_of)


@lru_cache(maxsize=FRAMES_KEPT)
def _kept(name: str, editions: tuple[str, ...], as_of: datetime | None) -> Answer:
    """The answer from these editions: it is the same for as long as they are."""
    indicator = shipped()[name]
    frames = {name: observations(name, as_of).collect() for name in _read_by(indicator)}
    empty = sorted(name for name, frame in frames.items() if frame.is_empty())
    if empty:
        return Answer(_no_rows(indicator), lacks=", ".join(empty))
    if tables_of(indicator.measure):
        return _as_released(indicator, frames[RETURN_MEASURES])
    try:
        frame, notes = from_dataflows(indicator, frames)
    except (Unclear, UnclearQuestion) as reason:
        return Answer(_no_rows(indicator), lacks=str(reason))
    return Answer(frame, notes)


def _as_released(indicator: Indicator, frame: pl.DataFrame) -> Answer:
    """What a release published of an indicator over rows of persons."""
    own = frame.filter(pl.col("INDICATOR") == indicator.id).select(_no_rows(indicator).columns)
    return Answer(own, lacks="" if own.height else RETURN_MEASURES)


def _editions(indicator: Indicator, as_of: datetime | None) -> tuple[str, ...]:
    """What names the editions that an answer is computed from."""
    found = []
    for name in _read_by(indicator):
        if name in RELEASED:
            made = releases(as_of)
            found += [each.manifest_sha256 for each in made[:1]]
        else:
            found += [f"{each.key} {each.sha256}" for each in vintages_of(name, as_of)]
    return tuple(sorted(found))


def _no_rows(indicator: Indicator) -> pl.DataFrame:
    flow = indicator_flows()[indicator.id]
    texts = dict.fromkeys((*flow.names, "OBS_STATUS", "CONF_STATUS"), pl.String)
    return pl.DataFrame(schema={**texts, "OBS_VALUE": pl.Float64}).select(
        *flow.names, "OBS_VALUE", "OBS_STATUS", "CONF_STATUS"
    )


@dataclass(frozen=True)
class Revisions:
    """What the whole of an indicator was said to be at each edition: newest periods down, editions across.

    editions  when each came into force, oldest first
    rows      per period, the observation of each edition: OBS_VALUE, and whether it is hidden; None where it has none
    """

    editions: tuple[datetime, ...]
    rows: tuple[tuple[str, tuple[tuple[float | None, bool] | None, ...]], ...]

    @property
    def differ(self) -> bool:
        """Whether any period was ever said to be two things."""
        return any(len(set(filter(None, cells))) > 1 for _, cells in self.rows)


def revisions(indicator: Indicator) -> Revisions | None:
    """How the total of an indicator was revised from edition to edition; None when there has been one edition."""
    moments = _moments(indicator)[-MOST_EDITIONS:]
    if len(moments) < 2:
        return None
    totals = [_totals(indicator, moment) for moment in moments]
    periods = sorted({period for each in totals for period in each}, reverse=True)[:MOST_PERIODS]
    return Revisions(tuple(moments), tuple((period, tuple(each.get(period) for each in totals)) for period in periods))


def _moments(indicator: Indicator) -> list[datetime]:
    """When an edition of anything that the indicator reads came into force, oldest first."""
    found: set[datetime] = set()
    for name in _read_by(indicator):
        if name in RELEASED:
            found |= {each.public_from for each in releases()}
        else:
            found |= {each.accepted_at or each.imported_at for each in vintages_of(name)}
    return sorted(found)


def _totals(indicator: Indicator, moment: datetime) -> dict[str, tuple[float | None, bool]]:
    """The total of each year (or of each period, where there are no years) as it was in force at a moment."""
    flow = indicator_flows()[indicator.id]
    frame = answer(indicator, moment).frame
    whole = frame.filter(is_whole(flow))
    years = whole.filter(pl.col(TIME).str.len_chars() == 4)
    return {
        period: (value, hidden == "C")
        for period, value, hidden in (years if years.height else whole)
        .select(TIME, "OBS_VALUE", "CONF_STATUS")
        .iter_rows()
    }


def availability() -> Sequence[tuple[str, bool]]:
    """Each indicator that has a definition, and whether it has a figure today."""
    return [(name, not answer(indicator).frame.is_empty()) for name, indicator in shipped().items()]
