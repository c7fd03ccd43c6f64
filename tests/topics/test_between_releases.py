"""Between releases: whoever kept the earlier ones works out nothing that the newest hides; what was final stays."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.made_up import SECRET, arrivals
from torogoz.shared.releases import making, queries
from torogoz.shared.releases.actions import Made, make_release
from torogoz.shared.releases.making import dimensions_of
from torogoz.shared.releases.models import Release
from torogoz.site.management.commands import release as command
from torogoz.statistics.between import shown_before, told_by
from torogoz.statistics.coverage import coverage
from torogoz.statistics.releases import PLANS, attacked
from torogoz.statistics.tabulation import VALUE

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
HOME = ZoneInfo("America/El_Salvador")
PLAN = PLANS["RETURNS"]
WOMEN = {"TIME_PERIOD": "2025", "SEX": "F", "AGE": "Y40T44"}
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    """Two made-up years; in 2025 six women and 27 men of 40 to 44 years came back, and nobody else of that age."""
    usual = arrivals(1_800, 2024, 2025)
    forties = (pl.col("AGE") == "Y40T44") & pl.col("TIME_PERIOD").str.starts_with("2025")
    plain = usual.filter(forties, (pl.col("REF_AREA") == "SV-AH") | (pl.col("REF_AREA") == "SV-SA")).head(1)
    some = pl.concat([plain] * 33).with_columns(
        TIME_PERIOD=pl.lit("2025-05"),
        COUNTERPART_AREA=pl.lit("USA"),
        REF_AREA=pl.lit("SV-AH"),
        ORIGIN=pl.lit("SV-AH"),
        REASON=pl.lit("ECONOMIC"),
        SEX=pl.when(pl.int_range(pl.len()) < 6).then(pl.lit("F")).otherwise(pl.lit("M")),
        PERSON_KEY=usual["PERSON_KEY"].head(33),
    )
    return pl.concat([usual.filter(~forties), some.select(usual.columns)])


@pytest.fixture(scope="module")
def corrected(frame: pl.DataFrame) -> pl.DataFrame:
    """The same, after two records of those women were joined with others as duplicates: four women are left."""
    women = frame.with_row_index().filter(pl.col("AGE") == "Y40T44", pl.col("SEX") == "F", of("2025"))
    return frame.with_row_index().filter(~pl.col("index").is_in(women["index"].head(2).implode())).drop("index")


def of(year: str) -> pl.Expr:
    return pl.col("TIME_PERIOD").str.starts_with(year)


def make(
    frame: pl.DataFrame, late: int = 0, *, code: str = "2025", revise: tuple[str, ...] = (), secret: bytes | None = None
) -> Made:
    return make_release(
        code=code,
        cut_off=coverage(code).cut_off(HOME),
        frames={"RETURNS": frame},
        by="",
        now=NOW + timedelta(days=late),
        revise=revise,
        secret=secret,
    )


def cell(cells: pl.DataFrame, **codes: str) -> float | None:
    """One published figure; dimensions that are not named are at their total."""
    whole = dict.fromkeys(dimensions_of(cells), "_T") | {"REF_AREA": "SLV"} | codes
    value: float | None = cells.filter(pl.col(name) == code for name, code in whole.items())[VALUE].item()
    return value


def worked_out(release: Release) -> int:
    """How many hidden cells whoever kept the releases before works out exactly."""
    public, rows = queries.published("RETURNS", release), queries.rows_of("RETURNS", release)
    months = queries.manifest(release)["parts"]["RETURNS"]["months"]
    cells, dimensions = PLAN.counted(rows, months), PLAN.dimensions(rows, months)
    names = [each.name for each in dimensions]
    before = [queries.published("RETURNS", each) for each in queries.made_before(release, "RETURNS")]
    told = told_by(shown_before(before, names), cells, names)
    found = attacked(public, dimensions, PLAN, told=told, counts=cells[VALUE].to_numpy())
    seen = cells.join(public.select(*names, SEEN=VALUE), on=names, how="left", maintain_order="left")
    hidden = (seen["SEEN"].is_null() & ~seen["UNSEEN"]).to_numpy()
    return int((hidden & ~told.known & (found.width == 0)).sum())


def run(name: str, *words: str) -> str:
    out = io.StringIO()
    call_command(name, *words, stdout=out, stderr=out)
    return out.getvalue()


def test_a_count_that_a_correction_makes_small_is_not_given_back_by_the_release_before(
    frame: pl.DataFrame, corrected: pl.DataFrame
) -> None:
    first = queries.published("RETURNS", make(frame).release)
    men = WOMEN | {"SEX": "M"}
    assert (cell(first, **WOMEN), cell(first, **men), cell(first, **WOMEN | {"SEX": "_T"})) == (6.0, 27.0, 33.0)
    release = make(corrected, 1, revise=("2025",)).release
    second = queries.published("RETURNS", release)
    assert cell(second, **WOMEN) is None
    assert cell(second, **men) == 27.0
    assert cell(second, **WOMEN | {"SEX": "_T"}) is None
    assert worked_out(release) == 0
    assert "ok    E between releases" in run("attack", "--coalitions=1")


def test_a_release_that_forgets_what_the_one_before_showed_is_found_by_the_attack(
    frame: pl.DataFrame, corrected: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(frame)
    monkeypatch.setattr(making, "_shown", lambda *_: None)
    release = make(corrected, 1, revise=("2025",)).release
    assert worked_out(release) > 0
    with pytest.raises(CommandError, match="1 attacks succeeded"):
        run("attack", "--coalitions=1")


def test_what_any_earlier_release_showed_is_known_and_not_only_what_the_last_one_did(
    frame: pl.DataFrame, corrected: pl.DataFrame
) -> None:
    make(frame)
    make(corrected, 1, revise=("2025",))
    release = make(corrected.head(corrected.height - 60), 2, revise=("2025",)).release
    assert len(queries.made_before(release, "RETURNS")) == 2
    assert worked_out(release) == 0


def test_a_year_that_was_final_stays_as_it_was_published_to_the_letter(
    frame: pl.DataFrame, corrected: pl.DataFrame
) -> None:
    make(frame, secret=SECRET)
    before, asked = queries.published("RETURNS"), queries.base_cube("RETURNS")
    next_year = frame.filter(of("2024")).with_columns(TIME_PERIOD=pl.lit("2026-0") + pl.col("TIME_PERIOD").str.tail(1))
    made = make(
        pl.concat([corrected, next_year.filter(pl.col("TIME_PERIOD") > "2026-00")]), 1, code="2026-Q3", secret=SECRET
    )
    after, cube = queries.published("RETURNS"), queries.base_cube("RETURNS")
    assert after.filter(~of("2026")).equals(before)
    assert cell(after, TIME_PERIOD="2026") is not None
    assert asked is not None
    assert cube is not None
    by, where = ("REF_AREA", "REASON"), {"TIME_PERIOD": ["2025"]}
    assert cube.answer(by, where).equals(asked.answer(by, where))
    assert cube.answer((), {"TIME_PERIOD": ["2026"]})[VALUE].sum() == cell(after, TIME_PERIOD="2026")
    rows = queries.rows_of("RETURNS", made.release).filter(of("2025"))
    assert rows.height == PLAN.deidentified(frame).filter(of("2025")).height
    counted = PLAN.counted(rows, [f"2025-{month:02d}" for month in range(1, 13)])
    names = dimensions_of(before)
    shown = before.filter(of("2025"), pl.col(VALUE).is_not_null()).join(counted, on=names, how="left")
    assert (shown[VALUE] == shown[f"{VALUE}_right"]).all()
    found = {each.of: each for each in made.parts[0].findings if each.check == "carried"}
    assert found["2024"].passes
    assert not found["2025"].passes
    assert found["2025"].figure > 5


def test_the_command_says_what_it_carried_and_revises_what_is_named(
    frame: pl.DataFrame, corrected: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "arrival_cells", lambda *_, **__: frame)
    run("release", "2025")
    monkeypatch.setattr(command, "arrival_cells", lambda *_, **__: corrected)
    said = run("release", "2025")
    assert "nothing has changed since release 2025 r0" in said
    assert "LOOK 2025 was final and stays as it was published" in said
    assert "released: 2025 r1" in run("release", "2025", "--revise", "2025")
    with pytest.raises(CommandError, match="is not a year"):
        run("release", "2025", "--revise", "last")


def test_a_year_that_was_open_is_not_carried(frame: pl.DataFrame, settings: object) -> None:
    open_year = frame.with_columns(
        TIME_PERIOD=pl.col("TIME_PERIOD").str.replace("2025", "2026").str.replace("2024", "2025")
    )
    early = open_year.filter(pl.col("TIME_PERIOD") < "2026-10")
    make(early, code="2026-Q3")
    made = make(open_year, 60, code="2026")
    assert {each.of for each in made.parts[0].findings if each.check == "carried"} == {"2025"}
    assert cell(queries.published("RETURNS"), TIME_PERIOD="2026") == open_year.filter(of("2026")).height
    assert worked_out(made.release) == 0
    assert Path(queries.folder_of(made.release)).is_dir()
