"""Two files, or one with itself: the pairs of records that are of one person, and the clusters they make."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from torogoz.statistics.linkage.blocking import MOST_SHARING, Blocks, pairs_between, pairs_within
from torogoz.statistics.linkage.clusters import LARGEST, clusters
from torogoz.statistics.linkage.impossible import Impossible
from torogoz.statistics.linkage.levels import Pairs, Rarity, agreement
from torogoz.statistics.linkage.model import Model, learnt, rarity_by_sound
from torogoz.statistics.linkage.records import Records, Words, prepare
from torogoz.statistics.linkage.weights import Floats, Weights, learn, probability

CHUNK = 2_000_000


class FieldsDiffer(ValueError):
    """Records have not the fields that a model was learnt from."""


@dataclass(frozen=True)
class Linked:
    """What linkage found.

    pairs, weight   every pair that was looked at, places in `left` and `right`, and its weight in bits
    weights         what agreement was worth
    rarity          how rare the names were
    """

    left: Records
    right: Records
    pairs: tuple[Pairs, Pairs]
    weight: Floats
    weights: Weights
    rarity: Rarity

    def model(self, learnt_from: str) -> Model:
        """What was learnt, to judge other records by; it says what it was `learnt_from`."""
        return learnt(self.weights, *rarity_by_sound(self.rarity, self.left.words), learnt_from)

    @property
    def size(self) -> int:
        """How many records were linked with others."""
        return len(self.left)

    @property
    def looked_at(self) -> int:
        """How many pairs were looked at."""
        return len(self.weight)

    def frame(self, threshold: float) -> pl.DataFrame:
        """The pairs at least as likely as `threshold`, the surest first: left, right, weight (bits), probability.

        Of a file linked with itself, `left` is the record whose id comes first: the order of the file changes nothing.
        """
        likely = probability(self.weight)
        chosen = np.flatnonzero(likely >= threshold)
        left = pl.Series(self.left.ids, dtype=pl.String).gather(self.pairs[0][chosen])
        right = pl.Series(self.right.ids, dtype=pl.String).gather(self.pairs[1][chosen])
        if self.right is self.left:
            left, right = (left.zip_with(left < right, right), right.zip_with(left < right, left))
        return surest_first(
            pl.DataFrame({"left": left, "right": right, "weight": self.weight[chosen], "probability": likely[chosen]})
        )

    def clustered(self, threshold: float) -> pl.DataFrame:
        """The id of each record and of its cluster, which is the first of the ids in it, in the order of ids."""
        ids = pl.Series(self.left.ids, dtype=pl.String)
        named = pl.DataFrame({"id": ids, "cluster": self.clusters(threshold)})
        return named.with_columns(pl.col("id").min().over("cluster").alias("cluster")).sort("id")

    def clusters(self, threshold: float, largest: int = LARGEST) -> NDArray[np.int64]:
        """The cluster of each record of a file linked with itself, named by the place of its first record.

        largest     records in a group that is looked at whole; a larger one is first taken apart at its weaker links
        """
        if self.right is not self.left:
            raise ValueError("clusters are of one file linked with itself")
        return in_clusters(self.left, self.pairs, self.weight, threshold, largest)


def surest_first(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs in the order in which a person looks at them; those of one weight in the order of their ids."""
    return pairs.sort("weight", "left", "right", descending=[True, False, False])


def in_clusters(
    records: Records, pairs: tuple[Pairs, Pairs], weight: Floats, threshold: float, largest: int = LARGEST
) -> NDArray[np.int64]:
    """The cluster of each record, named by the place of its first: the same people whatever the order of the records.

    threshold   the probability that all the evidence across any cut of a cluster must come to
    """
    ids = records.ids
    ordered = np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.int64)
    rank = np.empty_like(ordered)
    rank[ordered] = np.arange(len(ordered))
    impossible = Impossible.of(records)
    named = clusters(
        len(ids),
        (rank[pairs[0]], rank[pairs[1]]),
        weight,
        float(np.log2(threshold / (1 - threshold))),
        lambda members: impossible.among(ordered[members]),
        largest,
    )
    first = np.full(len(ids), len(ids), dtype=np.int64)
    np.minimum.at(first, named, ordered)
    return first[named[rank]]


def link(
    left: pl.DataFrame,
    right: pl.DataFrame | None = None,
    *,
    blocks: Blocks = (),
    swapped: Sequence[tuple[str, str]] = (),
    model: Model | None = None,
    most: int = MOST_SHARING,
) -> Linked:
    """Link two frames, or one with itself; both as `records.prepare` takes them, `blocks` and `swapped` as a
    configuration says them.

    most    a key that more records share is left out
    model   weights and rarities that were learnt before; without it they are learnt from these records
    raises  NothingToLearn when no two records share enough to be compared; FieldsDiffer when the records have not the
            fields that the model was learnt from
    """
    words = Words()
    own = prepare(left, words)
    other = own if right is None else prepare(right, words)
    pairs = pairs_within(own, blocks, most) if right is None else pairs_between(own, other, blocks, most)
    rarity = model.rarity_in(words) if model else Rarity.of([own] if other is own else [own, other])
    codes, states = codes_of(own, other, pairs, rarity, swapped)
    different, back, counts = np.unique(codes, return_inverse=True, return_counts=True)
    if model:
        check_fields(model, states)
    weights = model.weights if model else learn(different, counts, states)
    return Linked(own, other, pairs, weights.of(different)[back], weights, rarity)


def weighed(
    left: Records, right: Records, pairs: tuple[Pairs, Pairs], model: Model, swapped: Sequence[tuple[str, str]] = ()
) -> Floats:
    """The weight of each pair by a model, as `link` would find it. Raises FieldsDiffer."""
    codes, states = codes_of(left, right, pairs, model.rarity_in(left.words), swapped)
    check_fields(model, states)
    return model.weights.of(codes)


def check_fields(model: Model, states: dict[str, int]) -> None:
    """Refuse records whose fields are not those of the model. Raises FieldsDiffer."""
    if states != model.weights.states:
        raise FieldsDiffer(f"the model weighs {', '.join(model.weights.states)}; the records have {', '.join(states)}")


def codes_of(
    left: Records, right: Records, pairs: tuple[Pairs, Pairs], rarity: Rarity, swapped: Sequence[tuple[str, str]]
) -> tuple[NDArray[np.int64], dict[str, int]]:
    """The code of each pair, some millions at a time, and the states of the fields."""
    codes = np.empty(len(pairs[0]), dtype=np.int64)
    for begin in range(0, max(len(codes), 1), CHUNK):
        some = slice(begin, begin + CHUNK)
        found = agreement(left, right, (pairs[0][some], pairs[1][some]), rarity, swapped)
        codes[some] = found.codes()
    return codes, found.states
