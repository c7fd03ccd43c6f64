"""Releases: what leaves the wall, that it never changes, and that making it twice changes nothing."""

import json
import re
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from django.conf import LazySettings
from django.test import Client

from tests.made_up import arrivals, release_of_made_up_rows
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.releases import files, queries
from torogoz.shared.releases.actions import Made, make_release
from torogoz.shared.releases.making import EndsBeforeTheNewest
from torogoz.statistics.coverage import coverage
from torogoz.statistics.releases import PLANS, RETURNS_COLUMNS

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
HOME = ZoneInfo("America/El_Salvador")
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    return arrivals(1_200, 2025, 2025)


def make(frame: pl.DataFrame, code: str = "2025", now: datetime = NOW) -> Made:
    return make_release(
        code=code, cut_off=coverage(code).cut_off(HOME), frames={"RETURNS": frame}, by="", now=now, revise=("2025",)
    )


def test_before_the_first_release_nothing_is_published_but_the_columns_are_known() -> None:
    cells = queries.published("RETURNS")
    assert cells.is_empty()
    assert cells.columns == [
        "FREQ", "TIME_PERIOD", "SEX", "AGE", "COUNTERPART_AREA", "MODE", "REF_AREA", "ORIGIN", "REASON", "OBS_VALUE",
        "OBS_STATUS", "CONF_STATUS",
    ]  # fmt: skip


def test_a_release_publishes_totals_zeros_and_hidden_cells_apart(frame: pl.DataFrame) -> None:
    release = make(frame).release
    cells = queries.published("RETURNS")
    assert cells.columns == queries.published("RETURNS", release).columns
    whole = {
        "SEX": "_T",
        "AGE": "_T",
        "COUNTERPART_AREA": "_T",
        "MODE": "_T",
        "REF_AREA": "SLV",
        "ORIGIN": "_T",
        "REASON": "_T",
    }
    total = cells.filter(pl.col("TIME_PERIOD") == "2025", *(pl.col(name) == code for name, code in whole.items()))
    assert total["OBS_VALUE"].to_list() == [1_200.0]
    hidden = cells.filter(pl.col("CONF_STATUS") == "C")
    assert hidden.height > 0
    assert hidden["OBS_VALUE"].null_count() == hidden.height
    shown = cells.filter(pl.col("CONF_STATUS") == "F")
    assert shown["OBS_VALUE"].null_count() == 0
    assert not shown["OBS_VALUE"].is_between(1, 4).any()
    assert (shown["OBS_VALUE"] == 0).any()
    assert cells.select(cells.columns[1:9]).is_duplicated().sum() == 0


def test_making_it_twice_changes_nothing(frame: pl.DataFrame, settings: LazySettings) -> None:
    first = make(frame)
    before = {path: path.stat().st_mtime_ns for path in Path(settings.RELEASES).rglob("*") if path.is_file()}
    again = make(frame.sample(fraction=1.0, shuffle=True, seed=3), now=NOW + timedelta(days=1))
    assert (first.is_new, again.is_new) == (True, False)
    assert again.release == first.release
    after = {path: path.stat().st_mtime_ns for path in Path(settings.RELEASES).rglob("*") if path.is_file()}
    assert {path for path in after if path.name != ".lock"} == {path for path in before if path.name != ".lock"}
    assert AccessEvent.objects.filter(what="release").count() == 1


def test_a_changed_content_is_the_next_revision_and_the_earlier_one_stays(frame: pl.DataFrame) -> None:
    first = make(frame).release
    late = frame.filter((pl.col("SEX") == "M") & (pl.col("COUNTERPART_AREA") == "USA")).head(40)
    second = make(pl.concat([frame, late]), now=NOW + timedelta(days=1)).release
    assert (second.revision, queries.latest()) == (1, second)
    assert queries.damages(first) == []
    changed = queries.changes(first, second)
    assert changed.filter(pl.col("HOW") == "revised").height > 0
    total = changed.filter(pl.col("BEFORE") == 1_200.0)
    assert total["AFTER"].to_list() == [1_240.0]
    assert total["MATERIAL"].to_list() == [True]


def test_what_one_release_hid_the_next_hides_while_it_is_the_same(frame: pl.DataFrame) -> None:
    make(frame)
    before = queries.published("RETURNS").filter(pl.col("CONF_STATUS") == "C")
    late = frame.filter((pl.col("SEX") == "M") & (pl.col("COUNTERPART_AREA") == "USA")).head(1)
    make(pl.concat([frame, late]), now=NOW + timedelta(days=1))
    names = before.columns[1:9]
    after = queries.published("RETURNS").filter(pl.col("CONF_STATUS") == "C")
    assert before.join(after, on=names, how="anti").is_empty()


def test_a_release_is_read_only_and_every_change_of_its_files_is_found(
    frame: pl.DataFrame, settings: LazySettings
) -> None:
    release = make(frame).release
    folder = Path(settings.RELEASES) / release.folder
    table = folder / "tables" / "RETURNS.parquet"
    assert not table.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
    assert not (folder / "microdata").stat().st_mode & stat.S_IRWXO
    assert queries.damages(release) == []
    table.chmod(0o640)
    table.write_bytes(table.read_bytes()[:-1] + b"x")
    assert queries.damages(release) == ["2025-r0: tables/RETURNS.parquet is not the file that was released"]
    with pytest.raises(files.ReleaseDamaged, match="restore it from a copy"):
        queries.published("RETURNS")
    table.unlink()
    (folder / "extra.txt").write_text("x")
    assert queries.damages(release) == [
        "2025-r0: tables/RETURNS.parquet is missing",
        "2025-r0: extra.txt does not belong to the release",
    ]


def test_a_killed_maker_leaves_nothing_that_anybody_reads(
    frame: pl.DataFrame, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(**_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("torogoz.shared.releases.actions._keep", killed)
        with pytest.raises(KeyboardInterrupt):
            make(frame)
    assert queries.latest() is None
    assert queries.published("RETURNS").is_empty()
    (Path(settings.RELEASES) / ".making-left").mkdir()
    release = make(frame).release
    assert queries.damages(release) == []
    assert sorted(path.name for path in Path(settings.RELEASES).iterdir()) == [".lock", "2025-r0"]


def test_rows_lie_in_random_order_with_keys_that_differ_between_releases(frame: pl.DataFrame) -> None:
    first = make(frame).release
    second = make(frame.head(1_150), now=NOW + timedelta(days=1)).release
    folders = [queries.folder_of(release) / "microdata" / "RETURNS.parquet" for release in (first, second)]
    rows = [pl.read_parquet(folder) for folder in folders]
    keys = [set(each["RECORD"]) for each in rows]
    assert [len(each) for each in keys] == [1_200, 1_150]
    assert not keys[0] & keys[1]
    assert {len(key) for key in keys[0]} == {32}
    assert not rows[0].drop("RECORD").equals(PLANS["RETURNS"].deidentified(frame))


def test_the_rows_have_no_exact_age_and_no_date_but_the_month(frame: pl.DataFrame) -> None:
    release = make(frame).release
    rows = pl.read_parquet(queries.folder_of(release) / "microdata" / "RETURNS.parquet")
    assert rows.columns == ["RECORD", *RETURNS_COLUMNS]
    assert rows["TIME_PERIOD"].str.contains(r"^\d{4}-\d{2}$").all()
    assert rows["AGE"].str.contains(r"^(Y\d+T\d+|Y_GE85|_U)$").all()


def test_the_tables_can_be_computed_again_from_the_rows(frame: pl.DataFrame) -> None:
    release = make(frame).release
    rows = queries.rows_of("RETURNS", release)
    women = queries.published("RETURNS").filter(
        (pl.col("SEX") == "F") & (pl.col("TIME_PERIOD") == "2025-03") & (pl.col("CONF_STATUS") == "F")
    )
    counted = sum(1 for row in rows.iter_rows(named=True) if (row["SEX"], row["TIME_PERIOD"]) == ("F", "2025-03"))
    assert women["OBS_VALUE"].to_list() == [float(counted)]


def test_the_manifest_says_what_was_done_and_the_dictionary_what_it_means(frame: pl.DataFrame) -> None:
    release = make(frame).release
    manifest = queries.manifest(release)
    part = manifest["parts"]["RETURNS"]
    assert part["disclosure"]["threshold"] == 5
    assert part["disclosure"]["narrowest_interval"] >= 5
    assert part["disclosure"]["hidden_small"] > 0
    assert {"unknown", "sum_of_parts", "jump"} <= {finding["check"] for finding in part["findings"]}
    assert manifest["rows"] == {"RETURNS": 1_200}
    assert set(manifest["files"]) == {"dictionary.csv", "microdata/RETURNS.parquet", "tables/RETURNS.parquet"}
    dictionary = pl.read_csv(queries.folder_of(release) / "dictionary.csv")
    listed = set(dictionary.select("file", "column").rows())
    assert listed == {(name, column) for name, columns in manifest["columns"].items() for column in columns}
    assert json.dumps(manifest)


def test_a_release_of_a_period_that_is_not_over_is_provisional_and_says_so() -> None:
    release = release_of_made_up_rows(arrivals(600, 2026, 2026), code="2026")
    assert release.provisional
    cells = queries.published("RETURNS")
    months = set(cells["TIME_PERIOD"])
    assert "2026-11" in months
    assert "2026-12" not in months
    open_periods = set(cells.filter(pl.col("OBS_STATUS") == "P")["TIME_PERIOD"])
    assert open_periods == {"2026", "2026-11"}


def test_a_release_without_rows_publishes_no_cell() -> None:
    release = make(arrivals(10).head(0)).release
    assert release.rows == 0
    assert queries.published("RETURNS").is_empty()


def test_anyone_reads_which_releases_there_are_and_what_each_says(frame: pl.DataFrame, client: Client) -> None:
    empty = client.get("/releases/")
    assert "Todavía no hay ninguna publicación." in empty.content.decode()
    first = make(frame).release
    more = pl.concat([frame, frame.filter((pl.col("SEX") == "M") & (pl.col("COUNTERPART_AREA") == "USA")).head(60)])
    second = make(more, now=NOW + timedelta(days=1)).release
    listed = client.get("/releases/").content.decode()
    assert "2025 r0" in listed
    assert "/releases/2025-r1/" in listed
    page = client.get("/releases/2025-r1/").content.decode()
    assert "Cifras revisadas" in page
    assert second.manifest_sha256 in page
    assert first.manifest_sha256 not in page
    client.cookies["django_language"] = "en"
    assert '<html lang="en">' in client.get("/releases/2025-r0/").content.decode()
    assert client.get("/releases/2031-r0/").status_code == 404


def test_the_public_page_gives_no_figure_from_which_a_hidden_cell_follows(frame: pl.DataFrame, client: Client) -> None:
    release = make(frame).release
    whole = client.get(f"/releases/{release.name}/").content.decode()
    page = " ".join(
        re.sub(r"<[^>]+>|[\u2009\u202f\xa0]", " ", whole[whole.index("<main") : whole.index("</main>")]).split()
    )
    findings = queries.manifest(release)["parts"]["RETURNS"]["findings"]
    exact = next(finding["figure"] for finding in findings if (finding["check"], finding["of"]) == ("unknown", "SEX"))
    assert 0 < exact < 0.02
    assert "Se desconoce: sexo 1 " in page
    assert f"{100 * exact:.1f}" not in page
    assert "1 200" not in page


def test_the_public_page_names_no_code_that_no_table_shows(frame: pl.DataFrame, client: Client) -> None:
    make(frame)
    stranger = frame.head(6).with_columns(NATIONALITY=pl.lit("VUT"), ACCOMPANIED=pl.lit("Y"))
    release = make(pl.concat([frame, stranger]), now=NOW + timedelta(days=1)).release
    findings = queries.manifest(release)["parts"]["RETURNS"]["findings"]
    assert "NATIONALITY VUT" in [finding["of"] for finding in findings]
    page = client.get(f"/releases/{release.name}/").content.decode()
    assert "Hay códigos que no se habían visto" in page
    assert "VUT" not in page


def test_months_that_a_newer_release_covers_are_not_cut_a_second_time(frame: pl.DataFrame) -> None:
    make(frame, "2025")
    with pytest.raises(EndsBeforeTheNewest, match="2025-Q1 ends before 2025"):
        make(frame, "2025-Q1")
    assert [release.code for release in queries.releases()] == ["2025"]
    assert not make(frame, "2025").is_new
