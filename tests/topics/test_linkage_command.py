"""`torogoz linkage`: a kept linkage, told from the command line."""

from io import StringIO
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from tests.load.made_up_register import register


def run(*words: object) -> str:
    out = StringIO()
    call_command("linkage", *map(str, words), stdout=out)
    return out.getvalue()


@pytest.fixture
def made_up(tmp_path: Path) -> pl.DataFrame:
    """Some made-up people, of whom all but the last twenty are kept."""
    rows = register(800, seed=11).drop("person")
    rows[:-20].write_csv(tmp_path / "first.csv")
    rows[-20:].write_csv(tmp_path / "more.csv")
    run("create", tmp_path / "kept", tmp_path / "first.csv", "--config", "salvadoran")
    return rows


def clusters(folder: Path, store: str = "kept") -> dict[str, str]:
    run("clusters", folder / store, "-o", folder / "clusters.csv")
    return dict(pl.read_csv(folder / "clusters.csv", infer_schema=False).iter_rows())


def test_records_taken_in_later_are_where_one_batch_puts_them(made_up: pl.DataFrame, tmp_path: Path) -> None:
    said = run("add", tmp_path / "kept", tmp_path / "more.csv", "--config", "salvadoran", "-o", tmp_path / "links.csv")
    assert "20 records taken in" in said
    assert set(pl.read_csv(tmp_path / "links.csv", infer_schema=False)["id"]) <= set(made_up[-20:]["id"])
    made_up.write_csv(tmp_path / "all.csv")
    assert "made-up people" in run("create", tmp_path / "whole", tmp_path / "all.csv", "--config", "salvadoran")
    assert clusters(tmp_path) == clusters(tmp_path, "whole")


def test_records_are_corrected_and_taken_out(made_up: pl.DataFrame, tmp_path: Path) -> None:
    one, other = made_up[0], made_up[1]
    other.with_columns(id=pl.lit(one["id"][0])).write_csv(tmp_path / "corrected.csv")
    run("correct", tmp_path / "kept", tmp_path / "corrected.csv", "--config", "salvadoran", "-o", tmp_path / "l.csv")
    assert clusters(tmp_path)[one["id"][0]] == clusters(tmp_path)[other["id"][0]]
    assert "1 records taken out" in run("remove", tmp_path / "kept", one["id"][0])
    assert one["id"][0] not in clusters(tmp_path)


def test_what_cannot_be_done_is_refused_before_anything_is_changed(made_up: pl.DataFrame, tmp_path: Path) -> None:
    before = clusters(tmp_path)
    made_up[-21:].write_csv(tmp_path / "again.csv")
    for words, says in (
        (("add", "kept", "again.csv", "--config", "salvadoran", "-o", "o.csv"), "already"),
        (("correct", "kept", "more.csv", "--config", "salvadoran", "-o", "o.csv"), "no record"),
        (("remove", "kept", made_up["id"][0], "nobody"), "no record"),
        (("create", "kept", "more.csv", "--config", "salvadoran"), "there already"),
        (("add", "more.csv", "more.csv", "--config", "salvadoran", "-o", "o.csv"), "no linkage"),
        (("add", "missing", "more.csv", "--config", "salvadoran", "-o", "o.csv"), "not there"),
        (("add", "kept", "missing.csv", "--config", "salvadoran", "-o", "o.csv"), "nothing was written"),
    ):
        paths = [
            tmp_path / word if (tmp_path / word).exists() or "." in word or word == "missing" else word
            for word in words
        ]
        with pytest.raises(CommandError, match=says):
            run(*paths)
    assert clusters(tmp_path) == before
    assert not (tmp_path / "o.csv").exists()
