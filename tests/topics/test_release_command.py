"""`torogoz release`: what it prints, and how it refuses."""

import io
from pathlib import Path

import polars as pl
import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.made_up import arrivals
from torogoz.shared.releases import queries
from torogoz.site.management.commands import release

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    return arrivals(900, 2025, 2025)


@pytest.fixture(autouse=True)
def cells(monkeypatch: pytest.MonkeyPatch, frame: pl.DataFrame) -> None:
    monkeypatch.setattr(release, "arrival_cells", lambda cut_off, secret: frame)


def run(*words: str) -> str:
    """What the command writes."""
    out = io.StringIO()
    call_command("release", *words, stdout=out, stderr=out)
    return out.getvalue()


def test_a_release_prints_what_was_looked_at_hidden_attacked_and_in_use() -> None:
    said = run("2025-Q4", "--note", "first")
    assert "ok   sum of months less rows: 0 (limit 0)" in said
    assert "hidden below the threshold of 5" in said
    assert "audit by attack: the narrowest interval of any hidden cell is" in said
    assert "vintages in use: 0" in said
    assert "released: 2025-Q4 r0" in said
    assert queries.release_called("2025-Q4").note == "first"


def test_the_same_release_again_says_that_nothing_has_changed() -> None:
    run("2025")
    assert run("2025") == "nothing has changed since release 2025 r0; it stays as it is\n"


def test_a_later_release_prints_what_changed(monkeypatch: pytest.MonkeyPatch, frame: pl.DataFrame) -> None:
    run("2025")
    men = frame.filter((pl.col("SEX") == "M") & (pl.col("COUNTERPART_AREA") == "USA")).head(60)
    monkeypatch.setattr(release, "arrival_cells", lambda cut_off, secret: pl.concat([frame, men]))
    said = run("2025", "--revise", "2025")
    assert "changes since 2025 r0" in said
    assert "2025: 900 → 960" in run("--diff", "2025 r0", "2025-r1").replace("TIME_PERIOD=", "")
    assert "cells revised" in said


def test_a_period_that_is_not_over_is_refused_unless_asked_for_as_provisional() -> None:
    with pytest.raises(CommandError, match="add --provisional"):
        run("2050")
    assert "provisional" in run("2050", "--provisional")
    assert queries.latest() is not None


def test_a_code_that_names_no_period_says_how_to_write_one() -> None:
    with pytest.raises(CommandError, match="2026-Q3"):
        run("third quarter")


def test_releases_are_listed_and_verified_and_damage_is_named(settings: LazySettings) -> None:
    assert "no release yet" in run("--list")
    run("2025")
    assert run("--list").startswith("2025 r0")
    assert run("--verify") == "1 releases, every file as it was released\n"
    table = Path(settings.RELEASES) / "2025-r0" / "tables" / "RETURNS.parquet"
    table.chmod(0o640)
    table.write_bytes(b"")
    with pytest.raises(CommandError, match="1 things are wrong"):
        run("--verify")
    with pytest.raises(CommandError, match="no release 2031"):
        run("--diff", "2025", "2031")
