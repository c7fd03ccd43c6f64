"""The log of observations: derived from editions and releases, rebuilt when lost, and silent about embargoes."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from tests import publishers
from tests.made_up import arrivals
from tests.topics.test_release_embargo import make
from torogoz.shared.observations import actions, queries
from torogoz.shared.observations.models import Run
from torogoz.shared.sources import queries as sources
from torogoz.statistics.dataflows import DATAFLOWS
from torogoz.statistics.observations import columns_of, one_per_key

STOCK = DATAFLOWS["MIGRANT_STOCK"]
RETURNS = DATAFLOWS["RETURNS"]
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def two_editions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A made-up stock, and a day later an edition with one figure revised and one withdrawn."""
    publishers.published_stock(tmp_path, monkeypatch, "2020")
    later = [
        (*line[:4], 1_410_660.0) if line[4] == 1_410_659.0 else line
        for at, line in enumerate(publishers.STOCK)
        if at != 7
    ]
    monkeypatch.setattr(publishers, "NOW", publishers.NOW + timedelta(days=1))
    publishers.published_stock(tmp_path, monkeypatch, "2024", later)


def said(**asked: object) -> dict[tuple[str, str, str], float | None]:
    found = queries.seen(STOCK, **asked)  # type: ignore[arg-type]
    return {(row["REF_AREA"], row["SEX"], row["TIME_PERIOD"]): row["OBS_VALUE"] for row in found.iter_rows(named=True)}


def test_each_edition_adds_only_what_it_changed_with_its_inputs_and_code(two_editions: None) -> None:
    first, second = actions.bring_up_to_date(flow=STOCK, now=NOW)
    assert (first.opened, first.closed, second.opened, second.closed) == (10, 0, 1, 1)
    assert [each["name"] for each in second.inputs] == ["made_up_migrant_stock 2020", "made_up_migrant_stock 2024"]
    assert all(len(each["sha256"]) == 64 for each in second.inputs)
    assert len(second.code_sha256) == 64
    assert second.software.startswith("torogoz")
    assert actions.bring_up_to_date(flow=STOCK, now=NOW) == []


def test_the_log_says_now_and_then_what_the_stored_editions_say(two_editions: None) -> None:
    actions.bring_up_to_date(flow=STOCK, now=NOW)
    for at in (None, publishers.NOW - timedelta(days=1)):
        stored = one_per_key(sources.observations("MIGRANT_STOCK", at), STOCK).drop("EDITION")
        logged = queries.seen(STOCK, as_of=at).select(stored.columns)
        assert logged.sort(stored.columns).equals(stored.sort(stored.columns))
    assert said()["USA", "_T", "2020"] == 1_410_660.0
    assert said(as_of=publishers.NOW - timedelta(hours=1))["USA", "_T", "2020"] == 1_410_659.0
    assert said(as_of=publishers.NOW - timedelta(days=3)) == {}


def test_a_lost_or_altered_file_of_the_log_is_made_again_the_same(two_editions: None, settings: LazySettings) -> None:
    actions.bring_up_to_date(flow=STOCK, now=NOW)
    before, keys = said(), list(queries.runs().values_list("key", "file_sha256"))
    for harm in (lambda path: path.unlink(), lambda path: path.write_bytes(b"altered")):
        harm(Path(settings.VAR) / "observations" / Run.objects.order_by("valid_from")[0].file)
        assert len(actions.bring_up_to_date(flow=STOCK, now=NOW)) == 2
        assert said() == before
    assert list(queries.runs().values_list("key", "file_sha256")) == keys
    assert len(actions.rebuild(flow=STOCK, now=NOW)) == 2
    assert list(queries.runs().values_list("key", "file_sha256")) == keys


def test_a_run_that_breaks_off_leaves_no_file_and_no_line(
    two_editions: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: pl.DataFrame, path: Path) -> None:
        Path(path).write_bytes(b"half")
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(pl.DataFrame, "write_parquet", broken)
        with pytest.raises(OSError, match="no space"):
            actions.bring_up_to_date(flow=STOCK, now=NOW)
    assert queries.runs().count() == 0
    assert list((Path(settings.VAR) / "observations").rglob("*.p*")) == []
    assert len(actions.bring_up_to_date(flow=STOCK, now=NOW)) == 2


def test_a_release_enters_the_log_at_the_end_of_its_embargo(monkeypatch: pytest.MonkeyPatch) -> None:
    frame, now = arrivals(300, 2024, 2025), timezone.now()
    make(frame.filter(pl.col("TIME_PERIOD") < "2025"), "2024", now - timedelta(hours=2))
    opens = now + timedelta(hours=1)
    make(frame, "2025", now - timedelta(hours=1), opens)
    actions.bring_up_to_date(flow=RETURNS, now=now)
    assert set(queries.seen(RETURNS)["EDITION"]) == {"2024 r0"}
    assert queries.seen(RETURNS, as_of=opens + timedelta(days=900)).equals(queries.seen(RETURNS))
    monkeypatch.setattr(timezone, "now", lambda: opens)
    (run,) = actions.bring_up_to_date(flow=RETURNS, now=opens)
    assert run.valid_from == opens
    hidden = queries.seen(RETURNS).filter(pl.col("CONF_STATUS") == "C")
    assert hidden.height > 0
    assert hidden["OBS_VALUE"].null_count() == hidden.height


def test_a_dataflow_without_data_has_an_empty_log_with_every_column() -> None:
    assert actions.bring_up_to_date(flow=STOCK, now=NOW) == []
    found = queries.seen(STOCK)
    assert found.is_empty()
    assert set(columns_of(STOCK)) <= set(found.columns)


def run(*words: str) -> list[str]:
    out = io.StringIO()
    call_command("observations", *words, stdout=out)
    return out.getvalue().splitlines()


def test_the_command_lists_runs_and_compares_moments_editions_and_releases(two_editions: None) -> None:
    lines = run("--dataflow", "MIGRANT_STOCK")
    assert [line.split()[:2] for line in lines] == [["added", "MIGRANT_STOCK"]] * 2
    assert all(line.startswith("kept") for line in run("--dataflow", "MIGRANT_STOCK"))
    for one, other in (("2026-11-24", "2026-11-25"), ("2020", "2024")):
        head, *rest = run("--dataflow", "MIGRANT_STOCK", "--diff", one, other)
        assert head == f"MIGRANT_STOCK from {one} to {other}"
        assert [" ".join(line.split()[:3]) for line in rest[:2]] == ["1 changed 0", "1 removed 1"]
        assert "removed REF_AREA=CAN COUNTERPART_AREA=SLV SEX=F TIME_PERIOD=2020" in rest[2]
        assert rest[2].endswith("unknown [M] → nothing")
    tight = run("--dataflow", "MIGRANT_STOCK", "--diff", "2020", "2024", "--materiality", "0.0000001")
    assert any("1,410,659 → 1,410,660 (+0.0%)" in line for line in tight)
    assert run("--dataflow", "MIGRANT_STOCK", "--diff", "2020", "2020")[-1] == "no figure differs"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--dataflow", "RETURN"), "there is no dataflow RETURN; did you mean .*RETURNS"),
        (("--diff", "2031", "2032"), "there is no release 2031"),
        (("--dataflow", "MIGRANT_STOCK", "--diff", "x", "y"), "has no vintage x"),
        (("--diff", "2025", "2026", "--materiality", "3"), "share between 0 and 1"),
    ],
)
def test_the_command_answers_a_mistake_in_one_sentence(words: tuple[str, ...], reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        run(*words)


def test_the_command_finds_the_contradiction_of_2017() -> None:
    call_command("headlines", verbosity=0)
    expected = (
        "RETURNS DGME_PAGE_2018 2017: 24,004 AIR + 28,934 LAND = 52,938, not 26,838; it is the total of 2016 (DGME)"
    )
    assert run("--contradictions")[0] == expected
