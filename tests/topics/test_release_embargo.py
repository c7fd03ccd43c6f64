"""A release under embargo: nobody outside the office that makes it reads it, at any address, before its moment."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from tests.made_up import arrivals
from tests.world import World
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.releases import queries
from torogoz.shared.releases.actions import lift_embargo, make_release
from torogoz.shared.releases.making import UnderEmbargo
from torogoz.shared.releases.models import Release
from torogoz.shared.sources import queries as sources
from torogoz.site.management.commands import release as command
from torogoz.statistics.coverage import coverage

HOME = ZoneInfo("America/El_Salvador")
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    return arrivals(900, 2024, 2025)


def make(frame: pl.DataFrame, code: str, now: datetime, until: datetime | None = None) -> Release:
    return make_release(
        code=code,
        cut_off=coverage(code).cut_off(HOME),
        frames={"RETURNS": frame},
        by="",
        now=now,
        approved_by="Comité de prueba" if until else "",
        embargo_until=until,
        revise=("2024", "2025"),
    ).release


@pytest.fixture
def first(frame: pl.DataFrame) -> Release:
    """A public release of 2024."""
    return make(frame.filter(pl.col("TIME_PERIOD") < "2025"), "2024", timezone.now() - timedelta(hours=2))


def under_embargo(frame: pl.DataFrame) -> Release:
    """A release of 2025 that is under embargo for an hour more."""
    now = timezone.now()
    return make(frame, "2025", now - timedelta(hours=1), now + timedelta(hours=1))


@pytest.fixture
def two(first: Release, frame: pl.DataFrame) -> tuple[Release, Release]:
    return first, under_embargo(frame)


def readers(world: World) -> Iterator[tuple[str, Client]]:
    """A stranger, and officers of two institutions, the statistician of the one that makes releases among them."""
    yield "stranger", Client()
    for username in ("registrar_a", "health_a", "statistician"):
        client = Client()
        client.force_login(world.officers[username])
        yield username, client


ADDRESSES = (
    "/releases/", "/releases/2024/", "/flows/", "/flows/RETURNS/", "/flows/RETURNS.csv", "/flows/RETURNS.json",
    "/flows/RETURNS/months.svg", "/", "/sources/", "/about/",
)  # fmt: skip
NOT_THERE = ("/releases/2025/", "/releases/2025-r0/", "/releases/2024/2025/", "/releases/2025/2024/")
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')


def read(client: Client, address: str) -> tuple[int, bytes]:
    """The status and the whole text of an answer, the token of its forms apart."""
    answer = client.get(address)
    text = b"".join(answer) if answer.streaming else answer.content
    return answer.status_code, TOKEN.sub(b"", text)


def test_every_page_and_file_is_to_the_letter_what_it_was_before_the_release_was_made(
    first: Release, frame: pl.DataFrame, world: World
) -> None:
    before = {(who, address): read(client, address) for who, client in readers(world) for address in ADDRESSES}
    release = under_embargo(frame)
    after = {(who, address): read(client, address) for who, client in readers(world) for address in ADDRESSES}
    assert {status for status, _ in after.values()} == {200}
    assert [at for at in after if after[at] != before[at]] == []
    assert not any(release.manifest_sha256.encode() in text for _, text in after.values())
    for who, client in readers(world):
        for address in NOT_THERE:
            assert client.get(address).status_code == 404, (who, address)


def test_it_is_missing_in_the_same_words_as_a_release_that_was_never_made(two: tuple[Release, Release]) -> None:
    (status, hidden), (_, absent) = read(Client(), "/releases/2025/"), read(Client(), "/releases/2019/")
    assert status == 404
    assert (
        hidden.partition(b"<main")[2].partition(b"</main>")[0] == absent.partition(b"<main")[2].partition(b"</main>")[0]
    )


def test_looking_into_the_future_does_not_open_it(two: tuple[Release, Release]) -> None:
    later = timezone.now() + timedelta(days=900)
    seen = sources.observations("RETURNS", as_of=later).collect()
    assert set(seen["VINTAGE"]) == {"2024 r0"}
    with pytest.raises(queries.NoSuchRelease, match=r"there are: 2024 r0$"):
        sources.observations("RETURNS", vintage="2025")


def test_at_its_moment_everybody_reads_it_and_a_look_back_does_not(
    two: tuple[Release, Release], monkeypatch: pytest.MonkeyPatch
) -> None:
    opens = two[1].public_from
    before = Client().get("/flows/RETURNS.csv")
    monkeypatch.setattr(timezone, "now", lambda: opens)
    assert Client().get("/releases/2025/").status_code == 200
    assert b"Comit\xc3\xa9 de prueba" in Client().get("/releases/2025/").content
    assert Client().get("/releases/2024/2025/").status_code == 200
    after = Client().get("/flows/RETURNS.csv")
    assert b",2025," in b"".join(after)
    assert after["ETag"] != before["ETag"]
    seen = sources.observations("RETURNS", as_of=opens - timedelta(seconds=1)).collect()
    assert set(seen["VINTAGE"]) == {"2024 r0"}


def test_a_later_release_cannot_show_before_its_time_what_is_withheld(
    two: tuple[Release, Release], frame: pl.DataFrame
) -> None:
    now = timezone.now()
    with pytest.raises(UnderEmbargo, match="2025 is under embargo until"):
        make(frame, "2026-06", now)
    with pytest.raises(UnderEmbargo):
        make(frame, "2026-06", now, two[1].public_from - timedelta(seconds=1))
    assert queries.newest() == two[1]
    assert make(frame, "2026-06", now, two[1].public_from).code == "2026-06"


def test_lifting_an_embargo_opens_the_release_and_is_recorded(two: tuple[Release, Release]) -> None:
    now = timezone.now()
    lift_embargo(release=two[1], by="statistician", now=now)
    assert queries.latest() == two[1]
    assert AccessEvent.objects.filter(what="release", verb="edit").count() == 1
    lift_embargo(release=two[1], by="statistician", now=now)
    assert AccessEvent.objects.filter(what="release", verb="edit").count() == 1


def test_of_two_releases_under_embargo_the_later_one_is_not_opened_first(
    two: tuple[Release, Release], frame: pl.DataFrame
) -> None:
    now = timezone.now()
    later = make(frame, "2026-06", now, two[1].public_from + timedelta(hours=1))
    with pytest.raises(UnderEmbargo, match=r"^2025 r0 was made before 2026-06 r0 .* Lift 2025 r0 first"):
        lift_embargo(release=later, by="statistician", now=now)
    later.refresh_from_db()
    assert later.public_from > now
    assert queries.latest() == two[0]
    with pytest.raises(CommandError, match="Lift 2025 r0 first"):
        run("--lift", "2026-06")
    lift_embargo(release=two[1], by="statistician", now=now)
    lift_embargo(release=later, by="statistician", now=now)
    assert queries.latest() == later


def test_a_public_page_compares_with_public_releases_only(two: tuple[Release, Release], frame: pl.DataFrame) -> None:
    later = make(frame, "2026-06", timezone.now(), two[1].public_from)
    Release.objects.filter(pk=later.pk).update(embargo_until=None)  # as if it had been opened out of order
    later.refresh_from_db()
    assert queries.release_before(later) == two[1]
    assert queries.public_release_before(later) == two[0]
    for address in ("/releases/2026-06/", "/flows/RETURNS/"):
        assert "2025 r0" not in Client().get(address).content.decode(), address


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("release", *words, stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_takes_approver_and_embargo_and_lists_them(
    frame: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "arrival_cells", lambda *_, **__: frame)
    run("2025", "--approved-by", "Comité de prueba", "--embargo", "2199-01-01T09:00")
    assert queries.latest() is None
    assert "embargo until 2199-01-01 15:00 UTC, approved by Comité de prueba" in run("--list")
    assert "1 releases, every file as it was released" in run("--verify")
    assert run("--lift", "2025").startswith("public since ")
    assert str(queries.latest()) == "2025 r0"


@pytest.mark.parametrize("words", ["tomorrow", "2020-01-01T00:00"])
def test_an_embargo_that_is_no_moment_or_past_makes_nothing(
    words: str, frame: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "arrival_cells", lambda *_, **__: frame)
    with pytest.raises(CommandError, match="Nothing was made"):
        run("2025", "--embargo", words)
    assert queries.newest() is None


def test_the_page_of_a_difference_tells_kinds_apart_and_refuses_a_share_that_is_none(frame: pl.DataFrame) -> None:
    early = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    make(frame, "2025", early)
    men = frame.filter((pl.col("SEX") == "M") & (pl.col("COUNTERPART_AREA") == "USA")).head(60)
    make(pl.concat([frame, men]), "2025", early + timedelta(days=1))
    answer = Client().get("/releases/2025-r0/2025-r1/?materiality=0.05")
    assert answer.status_code == 200
    expected = queries.difference(queries.release_called("2025 r0"), queries.release_called("2025 r1"), "RETURNS", 0.05)
    changed = expected.filter(pl.col("HOW") == "changed")
    assert changed.height > changed["MATERIAL"].sum() > 0
    text = answer.content.decode()
    assert f'otra cifra</th><td class="n">{changed.height}</td><td class="n">{changed["MATERIAL"].sum()}</td>' in (
        text.replace("\n", "").replace("\u2009", "").replace("\u202f", "").replace("\xa0", "")
    )
    refused = Client().get("/releases/2025-r0/2025-r1/?materiality=mucho")
    assert refused.status_code == 400
    assert "entre 0 y 1" in refused.content.decode()


def test_a_year_that_was_not_over_has_grown_and_is_no_revision(frame: pl.DataFrame) -> None:
    early = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    one = make(frame.filter(pl.col("TIME_PERIOD") < "2025-07"), "2025-Q2", early)
    other = make(frame, "2025", early + timedelta(days=1))
    found = queries.difference(one, other, "RETURNS", 0.01)
    grown = found.filter(pl.col("HOW") == "grown")
    assert set(grown["TIME_PERIOD"]) == {"2025"}
    assert not grown["MATERIAL"].any()
    assert "changed" not in set(found["HOW"])
    assert "creció: su período no había terminado" in Client().get("/releases/2025-Q2-r0/2025-r0/").content.decode()
