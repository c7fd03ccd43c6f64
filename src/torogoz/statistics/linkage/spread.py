"""The same linkage where one machine does not hold it: rows stay on an engine, functions and joins come to them.

What two records agree in, which keys they have, what agreement is worth and how a group is split are not written again:
the functions of `blocking`, `levels`, `weights` and `linking` are given the rows, some at a time. Only what brings rows
together is said anew, as joins: the records of a key, the two records of a pair, the links of a group.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import narwhals.stable.v2 as nw
import numpy as np
import polars as pl

from torogoz.statistics.engine import Engine, Lazy, Place, Schema, write
from torogoz.statistics.linkage.blocking import MOST_SHARING, Blocks, keys
from torogoz.statistics.linkage.clusters import LARGEST, STEP
from torogoz.statistics.linkage.components import components
from torogoz.statistics.linkage.configuration import (
    PARQUET,
    SHOWN,
    Configuration,
    check_columns,
    check_rows,
    named,
    read_file,
)
from torogoz.statistics.linkage.levels import bits_of, name_counts
from torogoz.statistics.linkage.linking import check_fields, codes_of, in_clusters, surest_first
from torogoz.statistics.linkage.model import Model, learnt, rarity_in
from torogoz.statistics.linkage.records import Records, Words, prepare
from torogoz.statistics.linkage.weights import Weights, learn, probability

Fields = Sequence[str]
Swapped = Sequence[tuple[str, str]]
KEYS: Schema = {"id": pl.String, "rule": pl.Int64, "key": pl.Int64}
CODES: Schema = {"left": pl.String, "right": pl.String, "code": pl.Int64}
PAIRS: Schema = {"left": pl.String, "right": pl.String, "weight": pl.Float64, "probability": pl.Float64}
SOUNDS: Schema = {"sound": pl.String, "times": pl.Int64}
CLUSTERS: Schema = {"id": pl.String, "cluster": pl.String}
KEEP_APART = ("birth", "document", "document_kind", "night", "shelter")
"""The fields of which `impossible.Impossible` says what cannot be."""


@dataclass(frozen=True)
class SpreadRecords:
    """Records on an engine: `id`, and a column of text for each field, f0, f1 …, empty where a record lacks it."""

    rows: Lazy
    fields: tuple[str, ...]


def read_spread(
    engine: Engine, place: Place, configuration: Configuration, told: Callable[[str], object] = lambda words: None
) -> SpreadRecords:
    """The records of a file: CSV, which this machine reads and hands on; or Parquet, a folder of it or an address,
    which the engine reads.

    told    as in `read_file`; of Parquet that the engine reads nothing is told
    raises  FileUnlike, as `read_file`; NoParquet; OSError
    """
    fields = tuple(configuration.columns)
    if isinstance(place, Path) and place.suffix != PARQUET and not place.is_dir():
        return spread(engine, read_file(place, configuration, told))
    raw = engine.scan([place])
    check_columns(place, configuration, raw.collect_schema())
    read = partial(_read, configuration=configuration)
    rows = engine.kept(engine.mapped(raw.select(*configuration.needed()), read, _columns(fields)))
    called = nw.col("id")
    (count,) = engine.collect([rows.select(rows=nw.len(), nameless=called.null_count(), different=called.n_unique())])
    counted, alike = count.row(0, named=True), []
    if counted["rows"] and counted["different"] < counted["rows"]:
        borne = rows.filter(~called.is_null()).group_by("id").agg(nw.len().alias("times")).filter(nw.col("times") > 1)
        (names,) = engine.collect([borne.select("id").sort("id").head(SHOWN)])
        alike = names["id"].to_list()
    check_rows(place, configuration, **counted, alike=alike)
    return SpreadRecords(rows, fields)


def spread(engine: Engine, frame: pl.DataFrame) -> SpreadRecords:
    """The records of a frame, as `records.prepare` takes it."""
    fields = tuple(name for name in frame.columns if name != "id")
    return SpreadRecords(engine.kept(engine.given(_numbered(frame.select("id", *fields)))), fields)


@dataclass(frozen=True)
class Spread:
    """What linkage found, where the engine keeps it; see `linking.Linked`.

    pairs   every pair that was looked at: left, right (ids), code
    bits    how rare each sound is; one that is not there has `unseen`
    """

    engine: Engine
    left: SpreadRecords
    of_itself: bool
    pairs: Lazy
    weights: Weights
    bits: Mapping[str, float]
    unseen: float
    size: int
    looked_at: int

    def model(self, learnt_from: str) -> Model:
        """What was learnt, to judge other records by; it says what it was `learnt_from`."""
        return learnt(self.weights, self.bits, self.unseen, learnt_from)

    def likely(self, threshold: float) -> Lazy:
        """The pairs at least as likely as `threshold`, in no order: left, right, weight (bits), probability."""
        return self._weighed().filter(nw.col("probability") >= threshold)

    def frame(self, threshold: float) -> pl.DataFrame:
        """The same brought to this machine, the surest first."""
        return surest_first(self.engine.collect([self.likely(threshold)])[0])

    def write(self, answer: Lazy, place: Place) -> int:
        """Have the engine write `likely` or `clusters` as Parquet; how many rows there are. Raises NotWritten."""
        rows = self.engine.kept(answer)
        write(rows, place)
        return int(self.engine.collect([rows.select(rows=nw.len())])[0].item())

    def clustered(self, threshold: float, largest: int = LARGEST) -> pl.DataFrame:
        """The id of each record and of its cluster, brought to this machine, in the order of ids."""
        return self.engine.collect([self.clusters(threshold, largest)])[0].sort("id")

    def clusters(self, threshold: float, largest: int = LARGEST) -> Lazy:
        """The id of each record and of its cluster, which is the first of the ids in it.

        Groups are found on the engine, and those too large to be looked at whole are taken apart there at their weaker
        links, as `clusters` does it; each is then split by `in_clusters`, where it lies.
        """
        if not self.of_itself:
            raise ValueError("clusters are of one file linked with itself")
        engine = self.engine
        columns = [f"f{at}" for at, field in enumerate(self.left.fields) if field in KEEP_APART]
        fields = [field for field in self.left.fields if field in KEEP_APART]
        split = partial(_split, fields=fields, threshold=threshold, largest=largest)
        left = engine.kept(self._weighed().select("left", "right", "weight"))
        level = min(float(np.log2(threshold / (1 - threshold))), 0.0)
        parts: list[Lazy] = []
        while True:
            member = components(engine, left.filter(nw.col("weight") >= level).select("left", "right"))
            sizes = member.group_by("component").agg(nw.len().alias("size"))
            member = engine.kept(member.join(sizes, on="component"))
            here, there = member.rename({"id": "left"}), member.rename({"id": "right"}).drop("size")
            inside = left.join(here, on="left").join(there, on=["right", "component"])
            whole = nw.col("size") <= largest
            people = member.filter(whole).join(self.left.rows.select("id", *columns), on="id")
            pairs = inside.filter(whole)
            # One table of two kinds of rows, so that the records of a group and its pairs come to one worker.
            rows = nw.concat(
                [
                    people.select("component", "id", *columns, other=_none(nw.String), weight=_none(nw.Float64)),
                    pairs.select(
                        "component", *(nw.lit("").alias(name) for name in columns), id="left", other="right",
                        weight="weight",
                    ).select("component", "id", *columns, "other", "weight"),
                ]
            )  # fmt: skip
            parts.append(engine.mapped(rows, split, CLUSTERS, together="component"))
            left = engine.kept(inside.filter(~whole).select("left", "right", "weight"))
            holding = left.filter(nw.col("weight") >= level).select(weight=nw.col("weight"))
            (weakest,) = engine.collect([holding.select(nw.col("weight").min())])
            if weakest.item() is None:
                break
            level += STEP
            while level <= weakest.item():  # no group falls apart before its weakest link does
                level += STEP
        found = engine.kept(nw.concat(parts))
        alone = self.left.rows.select("id").join(found, on="id", how="anti")
        return nw.concat([found, alone.select("id", cluster=nw.col("id"))])

    def _weighed(self) -> Lazy:
        return self.engine.mapped(self.pairs, partial(_weighed, weights=self.weights), PAIRS)


def link_spread(
    engine: Engine,
    left: SpreadRecords,
    right: SpreadRecords | None = None,
    *,
    blocks: Blocks = (),
    swapped: Swapped = (),
    model: Model | None = None,
    most: int = MOST_SHARING,
) -> Spread:
    """Link the records of an engine with each other, or with others: see `linking.link`, which finds the same.

    raises  NothingToLearn, FieldsDiffer
    """
    states = _states(left.fields, (right or left).fields, swapped)
    if model:
        check_fields(model, states)
    sizes = [engine.collect([some.rows.select(rows=nw.len())])[0].item() for some in (left, right) if some]
    if model:
        bits, unseen = model.rarity, model.unseen
    else:
        bits, unseen = _rarity(engine, [some for some in (left, right) if some], sum(sizes))
    pairs = _sharing(engine, left, right, blocks, most)
    wide = pairs.join(_beside(left, "left"), on="left").join(_beside(right or left, "right"), on="right")
    fields = (left.fields, (right or left).fields)
    coded = partial(_coded, fields=fields, swapped=swapped, bits=bits, unseen=unseen)
    codes = engine.kept(engine.mapped(wide, coded, CODES))
    (counts,) = engine.collect([codes.group_by("code").agg(nw.len().alias("pairs"))])
    counts = counts.sort("code")
    different, of_each = (counts[name].cast(pl.Int64).to_numpy() for name in ("code", "pairs"))
    weights = model.weights if model else learn(different, of_each, states)
    return Spread(engine, left, right is None, codes, weights, bits, unseen, sizes[0], int(of_each.sum()))


def _sharing(engine: Engine, left: SpreadRecords, right: SpreadRecords | None, blocks: Blocks, most: int) -> Lazy:
    """The pairs that share a key which not too many share, each once: left, right; of one file, the lesser id left."""
    others = engine.mapped((right or left).rows, partial(_keyed, fields=(right or left).fields, blocks=blocks), KEYS)
    others = others.with_columns(sharing=nw.len().over("rule", "key")).filter(nw.col("sharing") <= most)
    if right is None:
        others = engine.kept(others.filter(nw.col("sharing") > 1))
        own = others
    else:
        own = engine.mapped(left.rows, partial(_keyed, fields=left.fields, blocks=blocks), KEYS)
    met = own.select("rule", "key", left="id").join(others.select("rule", "key", right="id"), on=["rule", "key"])
    if right is None:
        met = met.filter(nw.col("left") < nw.col("right"))
    return met.group_by("left", "right").agg(nw.len().alias("keys")).select("left", "right")


def _rarity(engine: Engine, files: Sequence[SpreadRecords], total: int) -> tuple[dict[str, float], float]:
    """How rare each sound is among the names of these records, by its text; and what stands nowhere."""
    heard = nw.concat([engine.mapped(some.rows, partial(_heard, fields=some.fields), SOUNDS) for some in files])
    (counts,) = engine.collect([heard.group_by("sound").agg(nw.col("times").sum())])
    bits = bits_of(counts["times"].cast(pl.Float64).to_numpy(), total)
    return dict(zip(counts["sound"].to_list(), bits.tolist(), strict=True)), float(bits_of(np.zeros(1), total)[0])


def _states(left: Fields, right: Fields, swapped: Swapped) -> dict[str, int]:
    """How many levels each field of such records has."""
    words, none = Words(), np.zeros(0, dtype=np.int64)
    one, other = (
        prepare(pl.DataFrame(schema=dict.fromkeys(("id", *some), pl.String)), words) for some in (left, right)
    )
    return codes_of(one, other, (none, none), rarity_in(words, {}, 0.0), swapped)[1]


def _beside(records: SpreadRecords, side: str) -> Lazy:
    """The records of one side of pairs, their columns named so that the other side's can stand beside them."""
    return records.rows.rename(
        {"id": side, **{name: f"{side}_{name}" for name in _columns(records.fields) if name != "id"}}
    )


def _none(kind: type[nw.String | nw.Float64]) -> nw.Expr:
    return nw.lit(None).cast(kind)


def _columns(fields: Fields) -> dict[str, type[pl.DataType]]:
    return dict.fromkeys(("id", *(f"f{at}" for at in range(len(fields)))), pl.String)


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    """Fields under names that every engine takes: a configuration may call one `mother's name`."""
    return frame.rename(dict(zip(frame.columns, _columns(frame.columns[1:]), strict=True)))


# What is brought to the rows


def _read(raw: pl.DataFrame, configuration: Configuration) -> pl.DataFrame:
    return _numbered(named(raw, configuration))


def _records(rows: pl.DataFrame, fields: Fields, words: Words | None = None, side: str = "") -> Records:
    """The records of rows of numbered fields, those of one side of pairs."""
    columns = {f"{side}_f{at}" if side else f"f{at}": field for at, field in enumerate(fields)}
    called = side or "id"
    return prepare(
        rows.select(pl.col(called).alias("id"), *(pl.col(ours).alias(said) for ours, said in columns.items())), words
    )


def _keyed(rows: pl.DataFrame, fields: Fields, blocks: Blocks) -> pl.DataFrame:
    """Each key of each record, with the number of the rule that gave it."""
    ids = rows["id"]
    return pl.concat(
        [
            pl.DataFrame({"id": ids.gather(places), "rule": np.full(len(key), rule, dtype=np.int64), "key": key})
            for rule, (places, key) in enumerate(keys(_records(rows, fields), blocks))
        ]
    )


def _heard(rows: pl.DataFrame, fields: Fields) -> pl.DataFrame:
    """Each sound in the names of these records, and how often it is there."""
    records = _records(rows, fields)
    times = name_counts(records)
    said = records.words.sound_texts()
    heard = np.flatnonzero(times)
    return pl.DataFrame(
        {"sound": [said[at] for at in heard], "times": times[heard].astype(np.int64)}, schema=dict(SOUNDS)
    )


def _coded(
    rows: pl.DataFrame, fields: tuple[Fields, Fields], swapped: Swapped, bits: Mapping[str, float], unseen: float
) -> pl.DataFrame:
    """The code of each pair of records that stand beside each other."""
    words = Words()
    left, right = (_records(rows, some, words, side) for some, side in zip(fields, ("left", "right"), strict=True))
    places = np.arange(rows.height)
    codes, _ = codes_of(left, right, (places, places), rarity_in(words, bits, unseen), swapped)
    return rows.select("left", "right").with_columns(code=pl.Series(codes, dtype=pl.Int64))


def _weighed(rows: pl.DataFrame, weights: Weights) -> pl.DataFrame:
    weight = weights.of(rows["code"].to_numpy())
    return rows.select("left", "right").with_columns(
        weight=pl.Series(weight, dtype=pl.Float64), probability=pl.Series(probability(weight), dtype=pl.Float64)
    )


def _split(rows: pl.DataFrame, fields: Fields, threshold: float, largest: int) -> pl.DataFrame:
    """The clusters of whole groups: rows of records, and rows of pairs, which have an `other`."""
    people = rows.filter(pl.col("other").is_null()).sort("id")
    pairs = rows.filter(pl.col("other").is_not_null())
    names = [name for name in rows.columns if name.startswith("f")]
    records = _records(people.rename(dict(zip(names, (f"f{at}" for at in range(len(names))), strict=True))), fields)
    place = pl.DataFrame({"id": people["id"], "place": np.arange(people.height)})
    both = pairs.join(place, on="id", maintain_order="left").join(
        place.rename({"id": "other", "place": "other_place"}), on="other", maintain_order="left"
    )
    one, other = both["place"].to_numpy(), both["other_place"].to_numpy()
    named_by = in_clusters(records, (one, other), both["weight"].to_numpy(), threshold, largest)
    return pl.DataFrame({"id": people["id"], "cluster": people["id"].gather(named_by)})
