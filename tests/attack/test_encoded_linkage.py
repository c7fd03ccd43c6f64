"""Linkage without names: what filters find, and what they give away, hardened or not, and when the key is known."""

from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from tests.load.made_up_register import register
from torogoz.statistics.linkage.encoded import Encoded, EncodedUnlike, encode, pairs_frame, read, write

KEY = b"a made-up key of thirty-two bytes"
OTHER_KEY = b"another made-up key, as long as it"
COMMONEST = 20
NEARLY = 24
"""Bits of 256 in which two hardened filters of one value differ at most."""


@lru_cache
def files() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Two files of a made-up register with people in common, each person once a file."""
    rows = register(3_000, seed=31).with_columns(met=pl.int_range(pl.len()).over("person"))
    again = rows.filter(pl.col("met") == 1)
    first = rows.filter(pl.col("met") == 0)
    return first[:1200], again.filter(pl.col("person").is_in(first[:1200]["person"].implode()))


@lru_cache
def encoded(harden: bool) -> tuple[Encoded, Encoded]:
    chance = np.random.default_rng(1)
    one, other = (
        encode(rows.drop("person", "institution", "met"), KEY, harden=harden, chance=chance) for rows in files()
    )
    return one, other


@pytest.mark.parametrize("harden", [False, True])
def test_people_in_common_are_found_without_names(harden: bool) -> None:
    one, other = files()
    person = dict(pl.concat([one, other]).select("id", "person").iter_rows())
    found, weights = pairs_frame(*encoded(harden), 0.5)
    right = sum(person[a] == person[b] for a, b in zip(found["left"], found["right"], strict=True))
    precision, recall = right / found.height, right / other.height
    assert 2 * precision * recall / (precision + recall) > 0.94
    assert set(weights.terms) >= {("given",), ("family",), ("birth",), ("document",)}


def same(filters: NDArray[np.bool_]) -> list[int]:
    """Filters that are bit for bit the same, in groups."""
    groups: list[int] = np.unique(np.packbits(filters, axis=1), axis=0, return_inverse=True)[1].ravel().tolist()
    return groups


def alike(filters: NDArray[np.bool_]) -> list[int]:
    """Filters that are nearly the same, in groups, each about the first that is like none before it."""
    heads: list[NDArray[np.bool_]] = []
    groups = []
    for bits in filters:
        near = [int((bits ^ head).sum()) for head in heads]
        if not near or min(near) > NEARLY:
            heads.append(bits)
            near.append(0)
        groups.append(int(np.argmin(near)))
    return groups


def attacked(harden: bool, grouped: Callable[[NDArray[np.bool_]], list[int]]) -> float:
    """How many records lose the mother's name to someone without the key.

    The attacker knows how common each name is, from another register, and takes the commonest groups of filters for
    the commonest names, in order.
    """
    rows = files()[0].with_row_index("place").filter(pl.col("mother") != "")
    names = rows["mother"].to_list()
    groups = grouped(encoded(harden)[0].filters["mother"][rows["place"].to_numpy()])
    public = Counter(name for name in register(6_000, seed=77)["mother"].to_list() if name)
    taken = {
        group: name
        for (group, _), (name, _) in zip(Counter(groups).most_common(COMMONEST), public.most_common(), strict=False)
    }
    return sum(taken.get(group) == name for group, name in zip(groups, names, strict=True)) / len(names)


def test_without_hardening_how_common_a_filter_is_gives_away_what_it_holds() -> None:
    assert attacked(harden=False, grouped=same) > 0.25


def test_hardening_stops_who_counts_filters_but_not_who_groups_those_that_are_alike() -> None:
    assert attacked(harden=True, grouped=same) < 0.05
    assert attacked(harden=True, grouped=alike) > 0.25


def test_whoever_has_the_key_reads_the_surnames() -> None:
    rows = files()[0]
    names = sorted({name for name in rows["surname1"].to_list() if name})
    guesses = encode(pl.DataFrame({"id": names, "surname1": names}), KEY, harden=False).filters["family"]
    kept = encoded(harden=False)[0].filters["family"]
    hold = [names[int(np.argmax((guesses & ~bits).sum(axis=1) == 0))] for bits in kept]
    said = [{row["surname1"], row["surname2"]} for row in rows.iter_rows(named=True)]
    read_off = sum(
        guess in real or guess.lower() in {part.lower() for part in real}
        for guess, real in zip(hold, said, strict=True)
    )
    assert read_off / rows.height > 0.5


def test_files_of_two_keys_or_of_two_ways_are_refused_and_so_is_what_holds_no_filters(tmp_path: Path) -> None:
    rows = files()[1].drop("person", "institution", "met")
    mine = encoded(harden=True)[0]
    for theirs in (encode(rows, OTHER_KEY), encoded(harden=False)[1]):
        with pytest.raises(EncodedUnlike, match="nothing was linked"):
            pairs_frame(mine, theirs, 0.5)
    with pytest.raises(EncodedUnlike, match="needs 32"):
        encode(rows, b"short")
    for content in (b"", b"no filters", b"PK\x03\x04 cut"):
        (tmp_path / "wrong").write_bytes(content)
        with pytest.raises(EncodedUnlike):
            read(tmp_path / "wrong")


def test_filters_are_read_as_they_were_written(tmp_path: Path) -> None:
    mine = encoded(harden=True)[0]
    write(mine, tmp_path / "mine.filters")
    again = read(tmp_path / "mine.filters")
    assert (again.ids, again.hardened, again.key_check) == (mine.ids, True, mine.key_check)
    assert all((again.filters[field] == bits).all() for field, bits in mine.filters.items())
    assert pairs_frame(again, encoded(harden=True)[1], 0.5)[0].height > 0
