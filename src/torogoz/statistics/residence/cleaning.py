"""From rows as they come to crossings by turns in and out: what is set aside, put in or left, and how often.

Order of the steps: what cannot be read is set aside; rows are put in order; a row that repeats the one before it is
set aside; two crossings of the same moment are exchanged if that makes them alternate; a departure that a person
declared is put in where none was recorded; then the policy deals with two in a row.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from torogoz.domain.residence import Origin, Policy, SetAside

Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

ROW: Final = "row"
FIRST_YEAR: Final = 1900
DAY_US: Final = 24 * 3600 * 1_000_000
ARRIVALS: Final = ("1", "true", "a", "arr", "arrival", "entry", "entrada", "llegada", "in")
DEPARTURES: Final = ("0", "false", "d", "dep", "departure", "exit", "salida", "out")
RESIDENT: Final = {"1": 1, "true": 1, "0": 0, "false": 0}
ORIGINS: Final = (Origin.RECORDED, Origin.IMPUTED, Origin.DECLARED)
_TIME: Final = r"^[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:(Z)|([+-])(\d{2}):?(\d{2}))?$"
_HERE: Final = -6 * 60  # minutes from UTC: El Salvador, all year
OWN_COLUMNS: Final = (
    "personId", "is_arrival", "direction", "date_crossing", "journey_sequence", "res_status_initial",
    "declared_departure", ROW,
)  # fmt: skip


@dataclass(frozen=True)
class Quality:
    """What was found and done, in figures that are published beside the results.

    rows, persons    as they came; `used` and `used_persons` are those that took part
    set_aside        rows by reason
    two_in_a_row     pairs in the same direction, before the policy: arrivals and departures
    imputed          crossings put in by the policy; `declared` those that a person had declared
    exchanged        pairs of the same moment that were exchanged
    single           persons with one crossing only
    unread_declared  declared departures that could not be used: unreadable, or not before the arrival
    unread_status    statuses before the first crossing that could not be read, and were left unknown
    """

    policy: Policy
    rows: int
    persons: int
    used: int
    used_persons: int
    set_aside: Mapping[SetAside, int] = field(default_factory=dict)
    two_arrivals: int = 0
    two_departures: int = 0
    imputed: int = 0
    declared: int = 0
    exchanged: int = 0
    single: int = 0
    unread_declared: int = 0
    unread_status: int = 0

    @property
    def imputation_rate(self) -> float:
        """Imputed crossings as a share of all that took part."""
        return self.imputed / max(self.used, 1)

    @property
    def rejection_rate(self) -> float:
        """Rows set aside as a share of those until the cut-off: what came after it is no fault of the data."""
        later = self.set_aside.get(SetAside.AFTER_CUT_OFF, 0)
        return (sum(self.set_aside.values()) - later) / max(self.rows - later, 1)

    @property
    def missing_rate(self) -> float:
        """Pairs in the same direction as a share of the rows that came: how often a crossing was not recorded."""
        return (self.two_arrivals + self.two_departures) / max(self.rows, 1)

    def lines(self) -> Iterator[str]:
        """The figures, one sentence a line."""
        yield f"{self.rows:,} rows of {self.persons:,} persons"
        yield f"{self.used:,} crossings of {self.used_persons:,} persons took part"
        for reason, count in self.set_aside.items():
            yield f"  set aside, {reason.value}: {count:,} ({count / max(self.rows, 1):.2%} of rows)"
        pairs = f"{self.two_arrivals:,} arrivals, {self.two_departures:,} departures"
        yield f"two in a row: {pairs} ({self.missing_rate:.2%} of rows)"
        yield f"policy {self.policy.value}: {self.imputed:,} imputed ({self.imputation_rate:.2%} of crossings)"
        yield f"declared departures put in: {self.declared:,}; not usable: {self.unread_declared:,}"
        yield f"same-moment pairs exchanged: {self.exchanged:,}"
        yield f"persons with one crossing only: {self.single:,} ({self.single / max(self.used_persons, 1):.2%})"
        if self.unread_status:
            yield f"statuses before the first crossing that could not be read: {self.unread_status:,}"


@dataclass(frozen=True)
class Cleaned:
    """Crossings ready for the rule, the rows set aside, and the figures of both.

    crossings  personId, is_arrival (bool), date_crossing (Date), res_status_initial (Int8, null unknown), origin
               (recorded, imputed, declared), row (of the input; null if put in) and every other column of the input
               (of the crossing after it, if put in); persons in the order in which they first come
    rejected   row, reason; in the order of the rows
    """

    crossings: pl.DataFrame
    rejected: pl.DataFrame
    quality: Quality


@dataclass
class _Track:
    """Crossings in order: which row of the frame each comes from, and what the steps change."""

    place: Places
    person: Places
    arrival: Mask
    moment: Places
    origin: npt.NDArray[np.int8]

    def kept(self, keep: Mask) -> "_Track":
        """The crossings of which `keep` is true."""
        return _Track(self.place[keep], self.person[keep], self.arrival[keep], self.moment[keep], self.origin[keep])

    def same_person(self) -> Mask:
        """Whether each crossing but the first has the person of the one before it."""
        same: Mask = self.person[1:] == self.person[:-1]
        return same

    def twice(self) -> Mask:
        """Whether each crossing repeats person and direction of the one before it."""
        again = np.zeros(self.place.size, dtype=np.bool_)
        again[1:] = self.same_person() & (self.arrival[1:] == self.arrival[:-1])
        return again

    def gap(self) -> Places:
        """Microseconds since the row before, whosever it is."""
        gaps: Places = np.diff(self.moment, prepend=self.moment[:1])
        return gaps

    def with_put_in(self, before: Places, moment: Places, origin: Origin) -> "_Track":
        """With a crossing put in before each of the rows `before` (in order), opposite to that row."""
        code = ORIGINS.index(origin)
        return _Track(
            np.insert(self.place, before, self.place[before]),
            np.insert(self.person, before, self.person[before]),
            np.insert(self.arrival, before, ~self.arrival[before]),
            np.insert(self.moment, before, moment),
            np.insert(self.origin, before, np.full(before.size, code, dtype=np.int8)),
        )


def clean(raw: pl.DataFrame, policy: Policy = Policy.REJECT, *, today: date, cut_off: date | None = None) -> Cleaned:
    """Crossings from rows as they come.

    raw      text or typed: personId, date_crossing (ISO, with or without a time; a zone is turned into El Salvador's
             time), is_arrival or direction (see ARRIVALS, DEPARTURES); optionally row (from 2, the line of a file),
             journey_sequence (order within a moment), res_status_initial (0, 1), declared_departure (ISO day on which
             an arriving person left, by own account), and whatever is to be carried along
    today    nothing can have happened after it
    cut_off  rows after it take no part, so that a past state of knowledge can be made again
    raises   ValueError if a column is missing
    """
    frame = _parsed(raw)
    reason = _reasons(frame, today, cut_off)
    unread = frame.filter(reason.is_not_null()).select(ROW, reason=reason.drop_nulls())
    good = _in_order(frame.filter(reason.is_null()))
    track = _Track(
        np.arange(good.height),
        good["_person"].to_numpy().astype(np.int64),
        good["_arrival"].to_numpy(),
        good["_moment"].cast(pl.Int64).to_numpy(),
        np.zeros(good.height, dtype=np.int8),
    )
    rows = good[ROW]
    repeated = track.twice() & (track.gap() == 0)
    aside = [_aside(rows, track.place[repeated], SetAside.REPEATED)]
    track, exchanged = _exchanged(track.kept(~repeated))
    track, declared, unread_declared = _with_declared(track, good)
    twice = track.twice()
    two_arrivals = int((twice & track.arrival).sum())
    two_departures = int(twice.sum()) - two_arrivals
    track, imputed, more = _by_policy(track, policy, rows)
    rejected = pl.concat([unread, *aside, *more]).sort(ROW)
    first = np.flatnonzero(np.append(True, ~track.same_person())) if track.place.size else np.zeros(0, dtype=np.int64)
    statuses = frame["_initial_unread"].sum()
    return Cleaned(
        _crossings(good, track),
        rejected,
        Quality(
            policy=policy,
            rows=raw.height,
            persons=frame["personId"].n_unique() - int(frame["personId"].has_nulls()),
            used=int(track.place.size),
            used_persons=int(first.size),
            set_aside=_counted(rejected),
            two_arrivals=two_arrivals,
            two_departures=two_departures,
            imputed=imputed,
            declared=declared,
            exchanged=exchanged,
            single=int((np.diff(np.append(first, track.place.size)) == 1).sum()),
            unread_declared=unread_declared,
            unread_status=int(statuses),
        ),
    )


def _parsed(raw: pl.DataFrame) -> pl.DataFrame:
    """The rows with _moment, _arrival, _initial, _declared beside what came; null where it cannot be read."""
    for needed in ("personId", "date_crossing"):
        if needed not in raw.columns:
            raise ValueError(f"the column {needed} is missing; there are {', '.join(raw.columns)}")
    way = next((name for name in ("is_arrival", "direction") if name in raw.columns), None)
    if way is None:
        raise ValueError("a column is_arrival (1 or 0) or direction (arrival or departure) is needed")
    frame = raw if ROW in raw.columns else raw.with_row_index(ROW, offset=2)
    status = _text(frame, "res_status_initial")
    initial = status.str.to_lowercase().replace_strict(RESIDENT, default=None, return_dtype=pl.Int8)
    given = status.str.len_chars().fill_null(0) > 0
    own_account = _text(frame, "declared_departure")
    return frame.with_columns(
        pl.col(ROW).cast(pl.UInt32),
        pl.Series("personId", _person(frame)),
        pl.Series("_moment", _moment(_text(frame, "date_crossing"))),
        pl.Series("_arrival", _arrival(_text(frame, way))),
        pl.Series("_initial", initial),
        pl.Series("_initial_unread", given & initial.is_null()),
        pl.Series("_declared", _moment(own_account)),
        pl.Series("_declared_given", own_account.str.len_chars().fill_null(0) > 0),
    )


def _text(frame: pl.DataFrame, name: str) -> pl.Series:
    """A column as trimmed text; nulls if there is none."""
    if name not in frame.columns:
        return pl.Series(name, [None], dtype=pl.String).new_from_index(0, frame.height)
    column = frame[name]
    if column.dtype == pl.Datetime:
        return column.dt.to_string("%Y-%m-%dT%H:%M:%S")
    return column.cast(pl.String).str.strip_chars()


def _person(frame: pl.DataFrame) -> pl.Series:
    """The person of each row, null where it is blank."""
    person = frame["personId"]
    if person.dtype != pl.String:
        return person
    return frame.select(pl.when(person.str.strip_chars() != "").then(person.str.strip_chars())).to_series()


def _arrival(words: pl.Series) -> pl.Series:
    codes = {**dict.fromkeys(ARRIVALS, True), **dict.fromkeys(DEPARTURES, False)}
    return words.str.to_lowercase().replace_strict(codes, default=None, return_dtype=pl.Boolean)


def _moment(words: pl.Series) -> pl.Series:
    """Local date and time of each text; a day alone is its midnight; null if it is not ISO or before FIRST_YEAR.

    Texts are read by their length: the two usual ones at once, any other (seconds, zones) more slowly.
    """
    text = pl.col("text")
    frame = words.alias("text").to_frame().with_columns(length=text.str.len_chars())
    parts = []
    for (length,), part in frame.with_row_index("place").group_by("length"):
        if length == len("2026-09-30"):
            moment = text.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us"))
        elif length == len("2026-09-30T08:15"):
            marked = pl.when(text.str.slice(10, 1).is_in(["T", " "])).then(
                pl.concat_str(text.str.slice(0, 10), pl.lit("T"), text.str.slice(11))
            )
            clean = text if part["text"].str.contains("T", literal=True).all() else marked
            moment = clean.str.to_datetime("%Y-%m-%dT%H:%M", strict=False, time_unit="us")
        else:
            day = text.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us"))
            moment = _with_time(day, text.str.slice(10))
        parts.append(part.select("place", moment=moment))
    if not parts:
        return pl.Series("moment", [], dtype=pl.Datetime("us"))
    whole = parts[0] if len(parts) == 1 else pl.concat(parts).sort("place")
    moment = pl.col("moment")
    return whole.select(pl.when(moment.dt.year() >= FIRST_YEAR).then(moment)).to_series()


def _with_time(day: pl.Expr, rest: pl.Expr) -> pl.Expr:
    """The moment of a day and what follows it: T or a blank, hours and minutes, perhaps seconds and a zone."""
    part = [rest.str.extract(_TIME, group).cast(pl.Int64, strict=False) for group in (1, 2, 3, 6, 7)]
    hours, minutes, seconds = part[0], part[1], part[2].fill_null(0)
    sign = pl.when(rest.str.extract(_TIME, 5) == "-").then(-1).otherwise(1)
    offset = pl.when(rest.str.extract(_TIME, 4) == "Z").then(0).otherwise(sign * (part[3] * 60 + part[4]))
    shift = (pl.lit(_HERE) - offset).fill_null(0)
    ok = (hours < 24) & (minutes < 60) & (seconds < 60)
    return pl.when(ok).then(day + pl.duration(hours=hours, minutes=minutes + shift, seconds=seconds))


def _reasons(frame: pl.DataFrame, today: date, cut_off: date | None) -> pl.Series:
    """Why each row is set aside; null for those that are not."""
    moment = pl.col("_moment")
    return frame.select(
        pl.when(pl.col("personId").is_null())
        .then(pl.lit(SetAside.NO_PERSON.value))
        .when(moment.is_null())
        .then(pl.lit(SetAside.BAD_DATE.value))
        .when(pl.col("_arrival").is_null())
        .then(pl.lit(SetAside.UNKNOWN_DIRECTION.value))
        .when(moment.dt.date() > today)
        .then(pl.lit(SetAside.IN_THE_FUTURE.value))
        .when(moment.dt.date() > (cut_off or date.max))
        .then(pl.lit(SetAside.AFTER_CUT_OFF.value))
        .alias("reason")
    ).to_series()


def _in_order(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows by person (in the order in which each first comes), moment, journey_sequence if given, and row."""
    frame = frame.with_columns(_person=pl.col(ROW).min().over("personId"))
    by = ["_person", "_moment"]
    if "journey_sequence" in frame.columns:
        frame = frame.with_columns(_sequence=pl.col("journey_sequence").cast(pl.Int64, strict=False))
        by.append("_sequence")
    return frame if _in_order_already(frame, by) else frame.sort(by, nulls_last=True, maintain_order=True)


def _in_order_already(frame: pl.DataFrame, by: list[str]) -> bool:
    """Whether the rows stand in the order of the columns `by`, the first of them first."""
    open_pairs = np.ones(max(frame.height - 1, 0), dtype=np.bool_)
    for name in by:
        key = frame[name].cast(pl.Int64).fill_null(np.iinfo(np.int64).max).to_numpy()
        if (open_pairs & (key[1:] < key[:-1])).any():
            return False
        open_pairs &= key[1:] == key[:-1]
    return True


def _aside(rows: pl.Series, place: Places, reason: SetAside) -> pl.DataFrame:
    """The rows at `place`, set aside for a reason."""
    return pl.DataFrame({ROW: rows.gather(place)}).with_columns(reason=pl.lit(reason.value))


def _counted(rejected: pl.DataFrame) -> dict[SetAside, int]:
    counts = dict(rejected.group_by("reason").len().iter_rows())
    return {reason: counts[reason.value] for reason in SetAside if reason.value in counts}


def _exchanged(track: _Track) -> tuple[_Track, int]:
    """With pairs of one moment exchanged where the first of them goes the way of the crossing before the pair."""
    size = track.place.size
    if size < 3:
        return track, 0
    tie = track.same_person() & (np.diff(track.moment) == 0)
    alone = tie & ~np.append(tie[1:], False) & ~np.append(False, tie[:-1])
    pair = np.flatnonzero(alone & (track.arrival[1:] != track.arrival[:-1]))
    has_before = np.zeros(pair.size, dtype=np.bool_)
    has_before[pair > 0] = track.person[pair[pair > 0] - 1] == track.person[pair[pair > 0]]
    has_after = pair + 2 < size
    has_after[has_after] = track.person[pair[has_after] + 2] == track.person[pair[has_after]]
    like_before = has_before & (track.arrival[np.maximum(pair - 1, 0)] == track.arrival[pair])
    like_after = has_after & (track.arrival[np.minimum(pair + 2, size - 1)] == track.arrival[pair + 1])
    swap = pair[like_before | (~has_before & like_after)]
    order = np.arange(size)
    order[swap], order[swap + 1] = swap + 1, swap
    return _Track(track.place[order], track.person, track.arrival[order], track.moment, track.origin), int(swap.size)


def _with_declared(track: _Track, good: pl.DataFrame) -> tuple[_Track, int, int]:
    """With the departures that arriving persons declared, where the crossing before is missing or an arrival too."""
    given = good["_declared_given"].gather(track.place).to_numpy() & track.arrival
    if not given.any():
        return track, 0, 0
    declared = good["_declared"].gather(track.place).cast(pl.Int64).fill_null(np.iinfo(np.int64).max).to_numpy()
    in_time = given & (declared // DAY_US < track.moment // DAY_US)
    first = np.append(True, ~track.same_person())
    between = track.twice()
    between[1:] &= declared[1:] >= track.moment[:-1]
    before = np.flatnonzero(in_time & (first | between))
    return track.with_put_in(before, declared[before], Origin.DECLARED), int(before.size), int((given & ~in_time).sum())


def _by_policy(track: _Track, policy: Policy, rows: pl.Series) -> tuple[_Track, int, list[pl.DataFrame]]:
    """The crossings as the policy leaves them, how many it put in, and what it set aside."""
    aside = []
    if policy in (Policy.DROP, Policy.DROP_IMPUTE):
        track, dropped = _without_duplicates(track)
        aside.append(_aside(rows, dropped, SetAside.DUPLICATE))
    again = np.flatnonzero(track.twice())
    if policy in (Policy.IMPUTE, Policy.DROP_IMPUTE):
        halfway = track.moment[again - 1] + (track.moment[again] - track.moment[again - 1]) // 2
        return track.with_put_in(again, halfway, Origin.IMPUTED), int(again.size), aside
    out = np.isin(track.person, track.person[again])
    recorded = track.origin == ORIGINS.index(Origin.RECORDED)
    aside.append(_aside(rows, track.place[out & recorded], SetAside.TWO_IN_A_ROW))
    return track.kept(~out), 0, aside


def _without_duplicates(track: _Track) -> tuple[_Track, Places]:
    """Without each crossing within 24 hours of the kept one before it in the same direction; the places dropped."""
    dropped: list[Places] = []
    while True:
        near = track.twice() & (track.gap() < DAY_US)
        first_near = near & ~np.append(False, near[:-1])
        if not first_near.any():
            return track, np.concatenate(dropped) if dropped else np.zeros(0, dtype=np.int64)
        dropped.append(track.place[first_near])
        track = track.kept(~first_near)


def _crossings(good: pl.DataFrame, track: _Track) -> pl.DataFrame:
    """The frame of `Cleaned.crossings`."""
    carried = [name for name in good.columns if name not in OWN_COLUMNS and not name.startswith("_")]
    untouched = track.place.size == good.height and not track.origin.any() and bool(np.all(np.diff(track.place) == 1))
    source = good if untouched else good[track.place]
    origin = pl.Series("origin", track.origin)
    return source.select(
        "personId",
        pl.Series("is_arrival", track.arrival),
        pl.Series("date_crossing", track.moment).cast(pl.Datetime("us")).cast(pl.Date),
        pl.col("_initial").alias("res_status_initial"),
        origin.replace_strict(range(len(ORIGINS)), [each.value for each in ORIGINS], return_dtype=pl.String),
        pl.when(origin == 0).then(pl.col(ROW)).alias(ROW),
        *carried,
    )
