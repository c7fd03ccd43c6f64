"""The register of outside data: what is stored, what is held back, which vintage answers, and what a kill leaves."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from django.conf import LazySettings

from torogoz.exchange.readers.contract import SET_ASIDE, Reading, Unreadable
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.sources import actions, files, queries, reading
from torogoz.shared.sources.actions import Outcome, accept, import_file
from torogoz.shared.sources.files import VintageDamaged
from torogoz.shared.sources.models import RowSetAside, Vintage

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> "Publisher":
    """A made-up publisher whose files we can write, and whose reader is ours."""
    made = Publisher(tmp_path)
    monkeypatch.setattr(reading.catalogue, "read", made.read)
    return made


class Publisher:
    """Writes files of one line, `vintage first-year last-year rows-per-year`, and reads them as refugees."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def publishes(self, vintage: str, first: int, last: int, rows: int = 10, value: float = 1.0) -> Path:
        """A file of `rows` observations a year."""
        path = self.folder / f"{vintage}-{first}-{last}-{rows}.txt"
        path.write_text(f"{vintage} {first} {last} {rows} {value}")
        return path

    def read(self, path: Path) -> list[Reading]:
        """What a reader gives."""
        vintage, first, last, rows, value = path.read_text().split()
        lines = [
            {"INDICATOR": "REFUGEES", "REF_AREA": f"A{row:02}", "COUNTERPART_AREA": "SLV", "TIME_PERIOD": str(year)}
            for year in range(int(first), int(last) + 1)
            for row in range(int(rows))
        ]
        names = ("INDICATOR", "REF_AREA", "COUNTERPART_AREA", "TIME_PERIOD")
        frame = pl.DataFrame(lines, schema=dict.fromkeys(names, pl.String)).with_columns(
            pl.lit(float(value)).alias("OBS_VALUE"),
            pl.lit("A").alias("OBS_STATUS"),
            pl.lit(1, pl.Int64).alias("SOURCE_ROW"),
        )
        aside = pl.DataFrame(
            [(3, "year", "MMXX", "not a year; the row was not stored")], schema=SET_ASIDE, orient="row"
        )
        return [
            Reading(
                "Made up", "made_up", "REFUGEES", "made up 1", vintage, "none", frame, aside, rows_read=len(lines) + 1
            )
        ]


def values() -> dict[str, float]:
    """The value that answers for each year."""
    frame = queries.observations("REFUGEES").select("TIME_PERIOD", "OBS_VALUE").unique().collect()
    return dict(frame.sort("TIME_PERIOD").iter_rows())


def test_a_file_is_stored_once_with_what_was_set_aside_and_a_line_in_the_record(publisher: "Publisher") -> None:
    path = publisher.publishes("2024", 2020, 2021)
    (first,) = import_file(path=path, now=NOW)
    (second,) = import_file(path=path, now=NOW + timedelta(days=1))
    assert (first.outcome, second.outcome) == (Outcome.STORED, Outcome.ALREADY)
    assert second.vintage == first.vintage == Vintage.objects.get()
    assert (first.vintage.rows_read, first.vintage.rows_stored, first.vintage.rows_set_aside) == (21, 20, 1)
    assert (first.vintage.period_first, first.vintage.period_last) == ("2020", "2021")
    assert RowSetAside.objects.get().reason == "not a year; the row was not stored"
    event = AccessEvent.objects.get()
    assert (event.what, event.subjects, event.channel) == ("vintage", [str(first.vintage.key)], "command")


def test_the_newest_vintage_answers_for_its_periods_and_an_earlier_one_for_the_rest(publisher: "Publisher") -> None:
    import_file(path=publisher.publishes("2024", 2014, 2022, value=1.0), now=NOW)
    import_file(path=publisher.publishes("2026", 2026, 2026, value=3.0), now=NOW)
    import_file(path=publisher.publishes("2025", 2020, 2025, rows=20, value=2.0), now=NOW)
    expected = dict.fromkeys(map(str, range(2014, 2020)), 1.0) | dict.fromkeys(map(str, range(2020, 2026)), 2.0)
    assert values() == expected | {"2026": 3.0}
    assert [vintage.vintage for vintage in queries.vintages_of("REFUGEES")] == ["2026", "2025", "2024"]


def test_how_new_an_edition_is_does_not_depend_on_how_its_label_is_written(publisher: "Publisher") -> None:
    for label, value in (("2024", 3.0), ("Rev.2020", 1.0), ("2023-06", 2.0)):
        import_file(path=publisher.publishes(label, 2019, 2019, value=value), now=NOW)
    assert values() == {"2019": 3.0}
    assert [each.vintage for each in queries.vintages_of("REFUGEES")] == ["2024", "2023-06", "Rev.2020"]


def test_what_was_in_use_at_a_past_moment_can_be_asked_again(publisher: "Publisher") -> None:
    import_file(path=publisher.publishes("2024", 2020, 2020, value=1.0), now=NOW)
    import_file(path=publisher.publishes("2025", 2020, 2020, value=2.0), now=NOW + timedelta(days=9))
    then = queries.observations("REFUGEES", as_of=NOW + timedelta(days=1)).collect()
    assert set(then["OBS_VALUE"]) == {1.0}
    assert set(queries.observations("REFUGEES", vintage="2024").collect()["OBS_VALUE"]) == {1.0}
    assert values() == {"2020": 2.0}


def test_a_vintage_that_lost_rows_is_held_back_until_it_is_accepted(publisher: "Publisher") -> None:
    import_file(path=publisher.publishes("2024", 2014, 2022, value=1.0), now=NOW)
    (cut,) = import_file(path=publisher.publishes("2025", 2022, 2022, value=2.0), now=NOW)
    assert cut.outcome is Outcome.HELD_BACK
    assert "fewer than 80%" in cut.vintage.note
    assert f"--accept {cut.vintage.key.hex[:8]}" in cut.vintage.note
    assert values()["2022"] == 1.0
    accept(vintage=cut.vintage, now=NOW + timedelta(days=2))
    assert values()["2022"] == 2.0
    assert set(queries.observations("REFUGEES", as_of=NOW + timedelta(days=1)).collect()["OBS_VALUE"]) == {1.0}


def test_a_vintage_of_other_years_is_not_held_back_for_being_short(publisher: "Publisher") -> None:
    import_file(path=publisher.publishes("2024", 2014, 2022), now=NOW)
    (next_year,) = import_file(path=publisher.publishes("2026", 2026, 2026, rows=1), now=NOW)
    assert next_year.outcome is Outcome.STORED


@pytest.mark.parametrize("broken", ["record", "_texts"])
def test_an_import_that_breaks_off_leaves_nothing(
    publisher: "Publisher", monkeypatch: pytest.MonkeyPatch, settings: LazySettings, broken: str
) -> None:
    def breaks(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    path = publisher.publishes("2024", 2020, 2021)
    with monkeypatch.context() as patch:
        patch.setattr(actions, broken, breaks)
        with pytest.raises(KeyboardInterrupt):
            import_file(path=path, now=NOW)
    assert not Vintage.objects.exists()
    assert not AccessEvent.objects.exists()
    assert not [each for each in Path(settings.VINTAGES).rglob("*") if each.is_file()]
    assert import_file(path=path, now=NOW)[0].outcome is Outcome.STORED


def test_no_file_has_its_name_before_it_is_whole(
    publisher: "Publisher", monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    seen: list[Path] = []

    def killed(self: pl.DataFrame, path: Path) -> None:
        path.write_bytes(b"PAR1 half of it")
        seen.extend(Path(settings.VINTAGES).rglob("*.parquet"))
        raise SystemExit(137)

    monkeypatch.setattr(pl.DataFrame, "write_parquet", killed)
    with pytest.raises(SystemExit):
        import_file(path=publisher.publishes("2024", 2020, 2021), now=NOW)
    assert seen == []
    assert not Vintage.objects.exists()


def test_what_a_killed_import_left_is_tidied_a_day_later(publisher: "Publisher", settings: LazySettings) -> None:
    import_file(path=publisher.publishes("2024", 2020, 2021), now=NOW)
    left = [Path(settings.VINTAGES) / "refugees" / name for name in ("a.parquet", "b.parquet.part", "c.parquet")]
    for path in left:
        path.write_bytes(b"left")
        os.utime(path, times=(NOW.timestamp(), NOW.timestamp()))
    os.utime(left[2], times=((NOW + timedelta(days=2)).timestamp(),) * 2)
    import_file(path=publisher.publishes("2025", 2022, 2022), now=NOW + timedelta(days=2))
    assert [path.exists() for path in left] == [False, False, True]
    assert values() == {"2020": 1.0, "2021": 1.0, "2022": 1.0}


def test_a_lost_or_altered_stored_file_is_said_and_restored_by_importing_again(publisher: "Publisher") -> None:
    path = publisher.publishes("2024", 2020, 2021)
    (first,) = import_file(path=path, now=NOW)
    stored = files.stored(first.vintage.observations, first.vintage.observations_sha256)
    stored.write_bytes(stored.read_bytes()[:-8] + b"altered!")
    with pytest.raises(VintageDamaged, match="altered after it was stored"):
        queries.observations("REFUGEES")
    stored.unlink()
    with pytest.raises(VintageDamaged, match="cannot be read"):
        queries.observations("REFUGEES")
    assert import_file(path=path, now=NOW)[0].outcome is Outcome.RESTORED
    assert values() == {"2020": 1.0, "2021": 1.0}
    assert Vintage.objects.count() == 1


def test_a_dry_run_stores_nothing(publisher: "Publisher", settings: LazySettings) -> None:
    (judged,) = import_file(path=publisher.publishes("2024", 2020, 2021), now=NOW, dry_run=True)
    assert (judged.outcome, judged.vintage.rows_stored) == (Outcome.WOULD_STORE, 20)
    assert not Vintage.objects.exists()
    assert not Path(settings.VINTAGES).exists()


def test_a_defect_of_a_reader_is_said_and_nothing_is_stored(publisher: "Publisher") -> None:
    path = publisher.publishes("2024", 2020, 2019)
    path.write_text("not five words")
    with pytest.raises(Unreadable, match="a defect of Torogoz; nothing was stored"):
        import_file(path=path, now=NOW)


def test_a_file_without_observations_is_refused(publisher: "Publisher") -> None:
    with pytest.raises(Unreadable, match="it holds no observation; nothing was stored"):
        import_file(path=publisher.publishes("2024", 2020, 2019), now=NOW)


def test_a_dataflow_without_data_has_its_columns_and_no_row() -> None:
    frame = queries.observations("MIGRANT_STOCK").collect()
    assert frame.is_empty()
    assert {"REF_AREA", "SEX", "OBS_VALUE", "DATASET", "VINTAGE"} <= set(frame.columns)
