"""A linkage that is kept holds, after any changes in any order, what one batch of the records that are left finds."""

from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.load.made_up_register import register
from torogoz.statistics.linkage.linking import link
from torogoz.statistics.linkage.model import shipped
from torogoz.statistics.linkage.new_store import StoreRefused, create
from torogoz.statistics.linkage.store import Store

Kept = dict[str, dict[str, str]]
MADE_UP = (
    register(3_000, seed=8)
    .filter(pl.len().over("person") > 4)
    .sort("person")
    .drop("person", "institution")[:90]
    .with_columns(pl.col("birth").str.slice(0, 4))
)
"""A few people with many records each, of whom only the year of birth is known: so that many share a key."""
ROWS = {row.pop("id"): row for row in MADE_UP.to_dicts()}
IDS = sorted(ROWS)
changes = st.lists(st.tuples(st.sampled_from(("add", "remove", "correct")), st.integers(0, len(IDS) - 1)), max_size=40)


def as_frame(kept: Kept) -> pl.DataFrame:
    return pl.DataFrame([{"id": called, **said} for called, said in kept.items()])


def batch(
    kept: Kept, most: int, threshold: float, largest: int
) -> tuple[dict[tuple[str, str], float], set[frozenset[str]]]:
    """Pairs with their weights, and clusters, as one batch finds them."""
    linked = link(as_frame(kept), model=shipped(), most=most)
    ids = linked.left.ids
    pairs = {
        (min(ids[a], ids[b]), max(ids[a], ids[b])): weight
        for a, b, weight in zip(*(places.tolist() for places in linked.pairs), linked.weight.tolist(), strict=True)
    }
    return pairs, together(dict(zip(ids, linked.clusters(threshold, largest).tolist(), strict=True)))


def together(named: dict[str, object]) -> set[frozenset[str]]:
    groups: dict[object, set[str]] = {}
    for called, name in named.items():
        groups.setdefault(name, set()).add(called)
    return {frozenset(group) for group in groups.values()}


@settings(deadline=None, max_examples=40)
@given(
    changes,
    st.integers(2, 60),
    st.sampled_from((2, 3, 5, 400)),
    st.sampled_from((0.3, 0.5, 0.95)),
    st.sampled_from((1, 2, 4, 400)),
)
def test_any_changes_in_any_order_give_what_one_batch_gives(
    done: list[tuple[str, int]], first: int, most: int, threshold: float, largest: int
) -> None:
    kept = {called: ROWS[called] for called in IDS[:first]}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "kept.sqlite"
        create(path, as_frame(kept), shipped(), threshold=threshold, most=most, largest=largest)
        with Store(path) as store:
            for what, place in done:
                called, said = IDS[place], ROWS[IDS[(place * 7 + 3) % len(IDS)]]
                if what == "add" and called not in kept:
                    kept[called] = ROWS[called]
                    store.add(called, kept[called])
                elif what == "remove" and called in kept and len(kept) > 1:
                    del kept[called]
                    store.remove(called)
                elif what == "correct" and called in kept:
                    kept[called] = said
                    store.correct(called, said)
            pairs, clusters = batch(kept, most, threshold, largest)
            assert store.pairs() == pairs
            assert together(dict(store.clusters())) == clusters


@pytest.fixture
def store(tmp_path: Path) -> Store:
    create(tmp_path / "kept.sqlite", MADE_UP[:60], shipped())
    return Store(tmp_path / "kept.sqlite")


def test_a_record_that_is_added_is_told_its_links_and_its_cluster(store: Store) -> None:
    called = IDS[0]
    said = ROWS[next(iter(store.clusters()))]
    twin = next(iter(store.clusters()))
    change = store.add("new", said)
    assert change.links[0].id == twin or change.links[0].probability > 0.9
    assert "new" in change.clusters[0]
    assert twin in change.clusters[0]
    assert store.clusters()["new"] == min(change.clusters[0])
    assert called in store.clusters()
    before = store.clusters()
    del before["new"]
    store.remove("new")
    assert together(dict(store.clusters())) == together(dict(before))


def test_what_cannot_be_done_is_refused_and_changes_nothing(store: Store, tmp_path: Path) -> None:
    known = next(iter(store.clusters()))
    before = (store.pairs(), store.clusters())
    for change in (
        lambda: store.add(known, {}),
        lambda: store.remove("nobody"),
        lambda: store.correct("nobody", {}),
        lambda: store.correct(known, {"shoe size": "38"}),
    ):
        with pytest.raises(StoreRefused, match="nothing was changed"):
            change()
    assert (store.pairs(), store.clusters()) == before
    with pytest.raises(StoreRefused, match="there already"):
        create(tmp_path / "kept.sqlite", MADE_UP[:5], shipped())
    (tmp_path / "other").write_text("no database at all, but long enough to be read as one" * 10)
    for path in (tmp_path / "other", tmp_path / "missing"):
        with pytest.raises(StoreRefused):
            Store(path)


def test_the_file_is_for_its_owner_only_and_is_whole_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite"
    create(path, MADE_UP[:20], shipped())
    assert path.stat().st_mode & 0o077 == 0
    assert [file.name for file in tmp_path.iterdir()] == ["kept.sqlite"]


@pytest.mark.parametrize("largest", [2, 3])
@given(st.permutations(IDS[:40]))
@settings(deadline=None, max_examples=3)
def test_records_added_one_by_one_come_to_what_one_batch_gives_however_groups_outgrow(
    largest: int, order: list[str]
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "kept.sqlite"
        create(path, as_frame({called: ROWS[called] for called in order[:1]}), shipped(), largest=largest)
        with Store(path) as store:
            for called in order[1:]:
                store.add(called, ROWS[called])
            pairs, clusters = batch({called: ROWS[called] for called in order}, 400, 0.5, largest)
            assert store.pairs() == pairs
            assert together(dict(store.clusters())) == clusters
