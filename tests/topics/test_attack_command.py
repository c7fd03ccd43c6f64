"""`torogoz attack`: what it tries on a release, and that it says so when one succeeds."""

import io

import polars as pl
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.made_up import SECRET, children, release_of_made_up_rows
from torogoz.shared.releases import queries

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("attack", *words, "--coalitions=1", stdout=out)
    return out.getvalue()


def test_without_a_release_there_is_nothing_to_attack() -> None:
    with pytest.raises(CommandError, match="there is no release yet"):
        run()


def test_every_attack_is_tried_and_none_succeeds() -> None:
    release = release_of_made_up_rows(secret=SECRET, more={"RETURNED_CHILDREN": children()})
    said = run()
    for attack in (
        "A bounds",
        "B averaging",
        "E differencing",
        "F fixed and cross",
        "G coalition of 1",
        "H membership",
    ):
        assert attack in said, said
    assert said.count("ok  ") == 5
    assert "gains at most 76% over a coin" in said
    assert f"no attack succeeded on {release}" in said
    hidden = queries.published("RETURNS").filter(pl.col("CONF_STATUS") == "C").height
    assert f"A bounds of hidden cells  0 of {hidden:,} told exactly" in said


def test_a_release_whose_tables_give_hidden_cells_away_fails_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    release_of_made_up_rows()
    whole = queries.published

    def blanked_only(dataflow: str, release: object = None) -> pl.DataFrame:
        """The published cells, with every hidden sex shown again but one: the total gives that one back."""
        cells = whole(dataflow)
        counts = queries.rows_of("RETURNS", queries.latest())  # type: ignore[arg-type]
        year = counts.group_by(pl.col("TIME_PERIOD").str.head(4), "SEX").len("TRUE")
        joined = cells.join(year, on=["TIME_PERIOD", "SEX"], how="left")
        inner = pl.all_horizontal(
            *(pl.col(name) == "_T" for name in ("AGE", "COUNTERPART_AREA", "MODE", "ORIGIN", "REASON")),
            pl.col("REF_AREA") == "SLV",
            pl.col("SEX") != "_U",
        )
        value = pl.when(inner & pl.col("OBS_VALUE").is_null()).then(pl.col("TRUE").cast(pl.Float64))
        return joined.with_columns(value.otherwise("OBS_VALUE").alias("OBS_VALUE")).drop("TRUE")

    monkeypatch.setattr(queries, "published", blanked_only)
    with pytest.raises(CommandError, match="2 attacks succeeded"):
        run()
