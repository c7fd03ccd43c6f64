"""Linkage spread over an engine finds what one machine finds: on Polars, on DuckDB and on a cluster of Spark."""

from collections.abc import Iterator
from io import StringIO
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from tests.engines import EVERY_ENGINE, cluster_or_skip, opened_or_skipped
from tests.load.made_up_register import register
from tests.spark_cluster import SETTINGS
from torogoz.statistics.engine import Engine, NoParquet, opened
from torogoz.statistics.linkage.components import components
from torogoz.statistics.linkage.configuration import FileUnlike, read_configuration, read_file
from torogoz.statistics.linkage.linking import FieldsDiffer, Linked, link
from torogoz.statistics.linkage.model import as_yaml, shipped
from torogoz.statistics.linkage.spread import Spread, link_spread, read_spread, spread
from torogoz.statistics.linkage.weights import NothingToLearn

MADE_UP = register(3_000, seed=5).drop("person", "institution")
FEW = MADE_UP[:900]


@pytest.fixture(scope="module", params=EVERY_ENGINE)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each engine in turn."""
    with opened_or_skipped(request.param) as one:
        yield one


@pytest.fixture(scope="module", params=["polars", "duckdb"])
def near(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each engine of this machine in turn."""
    with opened(request.param) as one:
        yield one


def clusters_here(linked: Linked, threshold: float, largest: int) -> pl.DataFrame:
    """The clusters of one machine, each named by the first of its ids."""
    named = pl.DataFrame({"id": linked.left.ids, "cluster": linked.clusters(threshold, largest)})
    return named.with_columns(pl.col("id").min().over("cluster").alias("cluster")).sort("id")


def all_pairs(found: Linked | Spread) -> pl.DataFrame:
    return found.frame(0.0)


def test_pairs_weights_and_clusters_by_the_shipped_weights_are_those_of_one_machine(engine: Engine) -> None:
    here = link(MADE_UP, model=shipped())
    there = link_spread(engine, spread(engine, MADE_UP), model=shipped())
    assert all_pairs(there).equals(all_pairs(here))
    assert there.looked_at == here.looked_at > 1_000
    assert there.frame(0.95).equals(here.frame(0.95))
    assert there.frame(0.95).height < there.looked_at
    assert there.clustered(0.5).equals(here.clustered(0.5))
    assert here.clustered(0.5)["cluster"].n_unique() < MADE_UP.height


def test_what_is_learnt_is_what_one_machine_learns(near: Engine) -> None:
    here, there = link(MADE_UP), link_spread(near, spread(near, MADE_UP))
    assert as_yaml(there.model("made-up people")) == as_yaml(here.model("made-up people"))
    assert there.frame(0.5).equals(here.frame(0.5))


def test_groups_too_large_to_be_looked_at_whole_are_taken_apart_alike(engine: Engine) -> None:
    here = link(FEW, model=shipped(), most=40)
    there = link_spread(engine, spread(engine, FEW), model=shipped(), most=40)
    expected = clusters_here(here, 0.4, 3)
    assert there.clustered(0.4, 3).equals(expected)
    assert not expected.equals(clusters_here(here, 0.4, 400))


def test_groups_are_taken_apart_to_the_last_record_alike(near: Engine) -> None:
    here, there = link(FEW, model=shipped()), link_spread(near, spread(near, FEW), model=shipped())
    assert there.clustered(0.4, 1).equals(clusters_here(here, 0.4, 1))


def test_a_key_that_too_many_share_is_left_out_alike(engine: Engine) -> None:
    crowd = FEW[:1].select(pl.exclude("id")).join(pl.DataFrame({"id": [f"crowd {at}" for at in range(6)]}), how="cross")
    rows = pl.concat([FEW[:300], crowd.select(FEW.columns)])
    counts = []
    for most in (7, 6):
        here = link(rows, model=shipped(), most=most)
        there = link_spread(engine, spread(engine, rows), model=shipped(), most=most)
        assert all_pairs(there).equals(all_pairs(here))
        counts.append(there.looked_at)
    assert counts[0] - counts[1] >= 21, "seven who are alike in all share every key, which six may and seven may not"


def test_two_files_are_linked_as_on_one_machine(engine: Engine) -> None:
    one, other = FEW[:500], FEW[400:]
    here = link(one, other, model=shipped(), most=1)
    there = link_spread(engine, spread(engine, one), spread(engine, other), model=shipped(), most=1)
    assert all_pairs(there).equals(all_pairs(here))
    assert there.looked_at > 100
    assert there.looked_at < link(one, other, model=shipped()).looked_at
    with pytest.raises(ValueError, match="one file linked with itself"):
        there.clusters(0.5)


def test_further_blocks_and_swapped_texts_under_any_name_count_alike(near: Engine) -> None:
    rows = FEW[:400].rename({"phone": "a.phone, that is", "municipality": "`home`"})
    how = {"blocks": (("`home`", "year"),), "swapped": (("a.phone, that is", "`home`"),)}
    here, there = link(rows, **how), link_spread(near, spread(near, rows), **how)
    assert all_pairs(there).equals(all_pairs(here))
    assert there.looked_at > link(rows).looked_at


def test_a_long_chain_is_one_component(near: Engine) -> None:
    chain = [f"{at:03}" for at in range(60)]
    mixed = [chain[at * 7 % 60] for at in range(60)]
    links = [tuple(sorted(pair)) for pair in pairwise(mixed)] + [("x", "y")]
    given = near.given(pl.DataFrame(links, schema=["left", "right"], orient="row"))
    (found,) = near.collect([components(near, given)])
    assert dict(found.sort("id").iter_rows()) == {**dict.fromkeys(chain, "000"), "x": "x", "y": "x"}


def test_what_cannot_be_judged_is_refused_alike(near: Engine) -> None:
    with pytest.raises(FieldsDiffer, match="the model weighs"):
        link_spread(near, spread(near, FEW.drop("phone")), model=shipped())
    with pytest.raises(NothingToLearn, match="check the columns"):
        link_spread(near, spread(near, FEW[:1]))


# The command

ENGINES = ["duckdb", pytest.param("spark", marks=pytest.mark.spark)]


@pytest.fixture(scope="module", params=ENGINES)
def options(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """What chooses the engine on the command line."""
    if request.param != "spark":
        yield ["--engine", request.param]
        return
    with cluster_or_skip() as master:
        settings = [f"--set={name}={value}" for name, value in SETTINGS.items()]
        yield ["--engine", "spark", "--master", master, *settings]


def run(*words: object) -> str:
    out = StringIO()
    call_command("link", *map(str, words), stdout=out)
    return out.getvalue()


def test_the_command_writes_the_same_files_from_csv_and_from_parquet(options: list[str], tmp_path: Path) -> None:
    FEW.write_csv(tmp_path / "people.csv")
    (tmp_path / "people").mkdir()
    typed = FEW.with_columns(pl.col("id").cast(pl.Int64))
    typed[:400].write_parquet(tmp_path / "people" / "1.parquet")
    typed[400:].write_parquet(tmp_path / "people" / "2.parquet")
    typed.write_parquet(tmp_path / "people.parquet")
    how = ("--config", "salvadoran", "--weights", "made_up")
    said = set()
    for name, words in (
        ("people.csv", []),
        ("people.parquet", []),
        ("people.csv", options),
        ("people", options),
    ):
        out = tmp_path / f"{len(said)}.csv"
        told = run(tmp_path / name, *how, "-o", out, "--clusters", tmp_path / "clusters.csv", *words)
        said.add((told.replace(str(out), ""), out.read_text(), (tmp_path / "clusters.csv").read_text()))
        assert len(said) == 1
    assert "pairs looked at; weights given, learnt from" in told


def test_the_command_has_the_engine_write_parquet(options: list[str], tmp_path: Path) -> None:
    FEW.write_csv(tmp_path / "people.csv")
    how = (tmp_path / "people.csv", "--config", "salvadoran", "--weights", "made_up", "--clusters")
    run(*how, tmp_path / "clusters.parquet", "-o", tmp_path / "pairs.parquet", *options)
    run(*how, tmp_path / "clusters.csv", "-o", tmp_path / "pairs.csv")
    for name, order in (("pairs", ["left", "right"]), ("clusters", ["id"])):
        text = dict.fromkeys(("left", "right", "id", "cluster"), pl.String)
        expected = pl.read_csv(tmp_path / f"{name}.csv", schema_overrides=text).sort(order)
        written = tmp_path / f"{name}.parquet"  # a file, or a folder in which Spark writes more than Parquet
        found = pl.read_parquet(f"{written}/*.parquet" if written.is_dir() else written)
        assert found.sort(order).equals(expected)


WRONG: list[tuple[str, bytes | pl.DataFrame | None, str]] = [
    ("none.csv", None, "cannot be read"),
    ("empty.csv", b"", "is empty"),
    ("lacking.csv", b"id,given1\n1,Ana\n", "has no column given2"),
    ("bytes.csv", b"\xff\xfe\x00garbage", "not a CSV file in UTF-8"),
    ("bytes.parquet", b"PAR1 and then nothing", "is not a Parquet file, or is not whole"),
    ("alike.csv", FEW.with_columns(id=pl.lit("1")).write_csv().encode(), "names two records alike"),
    ("lacking.parquet", FEW.drop("phone"), "has no column phone; it has"),
    ("rowless.parquet", FEW[:0], "has columns and no row"),
    ("alike.parquet", FEW.with_columns(id=pl.lit("1")), "id is empty in some row, or names two records alike"),
    ("unnamed.parquet", FEW.with_columns(id=pl.lit(None, pl.String)), "id is empty in some row"),
    ("odd.parquet", FEW.with_columns(sex=pl.lit(1.5)), "sex holds Float64; text, days and whole numbers"),
]


def test_a_file_that_is_not_as_it_should_be_is_refused_in_the_same_words(engine: Engine, tmp_path: Path) -> None:
    configuration = read_configuration(Path("salvadoran"))
    for name, content, says in WRONG:
        path = tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif content is not None:
            content.write_parquet(path)
        said = []
        for read in (lambda: read_file(path, configuration), lambda: read_spread(engine, path, configuration)):  # noqa: B023
            try:
                read()
            except (FileUnlike, NoParquet, OSError) as refused:
                said.append(str(refused))
        assert len(said) == 2, name
        assert said[0] == said[1]
        assert says in said[0] or name == "none.csv"


def test_the_command_refuses_and_writes_nothing(tmp_path: Path) -> None:
    FEW.drop("phone").write_parquet(tmp_path / "people.parquet")
    with pytest.raises(CommandError, match=r"has no column phone; .*; nothing was linked"):
        run(tmp_path / "people.parquet", "--config", "salvadoran", "-o", tmp_path / "pairs.csv", "--engine", "duckdb")
    assert [path.name for path in tmp_path.iterdir()] == ["people.parquet"]


def test_an_address_needs_an_engine_that_reads_it(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="hdfs://house/people is no file of this machine; --engine spark reads"):
        run("hdfs://house/people", "--config", "salvadoran", "-o", tmp_path / "pairs.csv")
