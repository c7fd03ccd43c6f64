"""Notices of a release: answered by a named statistician, printed with the release, and no way to a hidden figure."""

import io
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
from torogoz.domain.access import Role
from torogoz.shared.audit.models import AccessEvent, RecordIsAppendOnly
from torogoz.shared.institutions.models import Institution, Membership
from torogoz.shared.releases import queries
from torogoz.shared.releases.actions import Made, make_release
from torogoz.shared.releases.making import notices_of
from torogoz.shared.releases.models import AnomalyNotice, NoticeDecision, Release
from torogoz.shared.releases.notices import SevereNoticesOpen, look_again
from torogoz.site.management.commands import release as command
from torogoz.statistics.anomalies import Notice, Severity
from torogoz.statistics.coverage import coverage
from torogoz.statistics.releases import PLANS

BACKEND = "django.contrib.auth.backends.ModelBackend"
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
HOME = ZoneInfo("America/El_Salvador")
ODD_MONTH = "2025-11"
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    """Two made-up years, and a month in which three times as many people arrived as in any other."""
    usual = arrivals(1_800, 2024, 2025)
    extra = usual.head(160).with_columns(TIME_PERIOD=pl.lit(ODD_MONTH))
    return pl.concat([usual, extra])


def make(frame: pl.DataFrame, *, code: str = "2025", late: int = 0, require_explained: bool = False) -> Made:
    return make_release(
        code=code,
        cut_off=coverage(code).cut_off(HOME),
        frames={"RETURNS": frame},
        by="",
        now=NOW + timedelta(hours=late),
        require_explained=require_explained,
        revise=("2024", "2025"),
    )


def of_the_odd_month(release: Release) -> AnomalyNotice:
    return release.notices.get(period=ODD_MONTH, series="")


def signed_in(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.officers[username], backend=BACKEND)
    return client


def answer(
    client: Client, notice: AnomalyNotice, text: str = "Llegaron vuelos aplazados.", kind: str = "explained"
) -> int:
    sent = {"kind": kind, "text_es": text, "text_en": "Delayed flights arrived."}
    return client.post(f"/releases/notices/{notice.key}/", sent).status_code


def test_a_release_has_its_notices_and_the_public_page_prints_them(client: Client, frame: pl.DataFrame) -> None:
    release = make(frame).release
    notice = of_the_odd_month(release)
    assert (notice.rule, notice.severity, notice.rule_version) == ("seasonal", "severe", "1")
    page = client.get(f"/releases/{release.name}/").content.decode()
    assert "Avisos sobre las cifras" in page
    assert f"{ODD_MONTH} · RETURNS: el total" in page
    assert "Todavía sin respuesta." in page


def test_an_answer_is_printed_with_the_office_and_without_the_officers_name(world: World, frame: pl.DataFrame) -> None:
    release = make(frame).release
    statistician = signed_in(world, "statistician")
    assert answer(statistician, of_the_odd_month(release)) == 302
    public = Client().get(f"/releases/{release.name}/").content.decode()
    assert "La cifra es correcta: Llegaron vuelos aplazados." in public
    assert "Oficina de estadística, Dirección General de Migración y Extranjería" in public
    assert "Personal inventado (statistician)" not in public
    inside = statistician.get("/releases/notices/").content.decode()
    assert "Personal inventado (statistician)" in inside
    english = Client()
    english.cookies["django_language"] = "en"
    assert "Delayed flights arrived." in english.get(f"/releases/{release.name}/").content.decode()


def test_every_answer_is_on_the_record_and_none_is_changed_or_taken_away(world: World, frame: pl.DataFrame) -> None:
    notice = of_the_odd_month(make(frame).release)
    client = signed_in(world, "statistician")
    answer(client, notice)
    answer(client, notice, "En realidad hubo un registro doble.", "accepted")
    assert [each.kind for each in notice.decisions.order_by("pk")] == ["explained", "accepted"]
    page = client.get(f"/releases/notices/{notice.key}/").content.decode()
    assert "Llegaron vuelos aplazados." in page
    assert "En realidad hubo un registro doble." in page
    with pytest.raises(RecordIsAppendOnly):
        NoticeDecision.objects.all().delete()
    with pytest.raises(RecordIsAppendOnly):
        NoticeDecision.objects.update(text_es="otra cosa")
    events = AccessEvent.objects.filter(what="notice", verb="publish", subjects=[str(notice.key)])
    assert [each.officer for each in events] == ["statistician", "statistician"]


def test_the_same_answer_sent_twice_is_one_decision(world: World, frame: pl.DataFrame) -> None:
    notice = of_the_odd_month(make(frame).release)
    client = signed_in(world, "statistician")
    assert [answer(client, notice), answer(client, notice)] == [302, 302]
    assert notice.decisions.count() == 1
    assert AccessEvent.objects.filter(what="notice", verb="publish").count() == 1
    answer(client, notice, "En realidad hubo un registro doble.", "accepted")
    answer(client, notice)
    assert [each.kind for each in notice.decisions.order_by("pk")] == ["explained", "accepted", "explained"]


def test_an_answer_needs_a_reason(world: World, frame: pl.DataFrame) -> None:
    notice = of_the_odd_month(make(frame).release)
    assert answer(signed_in(world, "statistician"), notice, "  ") == 422
    assert not notice.decisions.exists()


@pytest.mark.parametrize("username", ["police_supervisor_a", "registrar_a", "data_protection", "supervisor_a"])
def test_nobody_but_a_statistician_finds_the_notices(world: World, frame: pl.DataFrame, username: str) -> None:
    notice = of_the_odd_month(make(frame).release)
    client = signed_in(world, username)
    assert client.get("/releases/notices/").status_code == 404
    assert client.get(f"/releases/notices/{notice.key}/").status_code == 404
    assert answer(client, notice) == 404
    assert not NoticeDecision.objects.exists()
    assert Client().get("/releases/notices/").headers["Location"].startswith("/sign-in/")


@pytest.fixture
def other_statistician(world: World) -> Client:
    """A statistician of another institution than the one that makes releases."""
    officer = world.officers["health_a"]
    Membership.objects.create(
        officer=officer,
        institution=Institution.objects.get(code="MINSAL"),
        office=world.offices["CENTRE-A"],
        role=Role.STATISTICIAN.value,
        valid_from=datetime(2020, 1, 1, tzinfo=UTC),
    )
    return signed_in(world, "health_a")


def test_before_a_figure_is_public_only_the_institution_that_makes_releases_sees_its_notice(
    world: World, other_statistician: Client, frame: pl.DataFrame
) -> None:
    release = make(frame).release
    Release.objects.filter(pk=release.pk).update(embargo_until=timezone.now() + timedelta(hours=1))
    notice = of_the_odd_month(release)
    address = f"/releases/notices/{notice.key}/"
    figure = f"{notice.value:.0f}"
    own = signed_in(world, "statistician")
    assert figure in own.get(address).content.decode()
    listed = other_statistician.get("/releases/notices/")
    assert listed.status_code == 200
    assert ODD_MONTH not in listed.content.decode()
    assert str(notice.key) not in listed.content.decode()
    assert other_statistician.get(address).status_code == 404
    assert answer(other_statistician, notice) == 404
    assert not NoticeDecision.objects.exists()
    assert answer(own, notice) == 302
    Release.objects.filter(pk=release.pk).update(embargo_until=timezone.now() - timedelta(seconds=1))
    assert figure in other_statistician.get(address).content.decode()
    assert str(notice.key) in other_statistician.get("/releases/notices/").content.decode()


def test_a_notice_that_stands_in_no_release_yet_is_not_public_either(
    other_statistician: Client, frame: pl.DataFrame
) -> None:
    with pytest.raises(SevereNoticesOpen):
        make(frame, require_explained=True)
    for notice in AnomalyNotice.objects.all():
        assert other_statistician.get(f"/releases/notices/{notice.key}/").status_code == 404
        assert str(notice.key) not in other_statistician.get("/releases/notices/").content.decode()


def test_a_release_that_must_be_explained_waits_for_the_answer_and_keeps_it(world: World, frame: pl.DataFrame) -> None:
    with pytest.raises(SevereNoticesOpen, match="wait for an answer"):
        make(frame, require_explained=True)
    assert not Release.objects.exists()
    waiting = AnomalyNotice.objects.filter(severity="severe")
    assert waiting.exists()
    client = signed_in(world, "statistician")
    for notice in waiting:
        answer(client, notice)
    made = make(frame, require_explained=True, late=1)
    assert made.is_new
    assert set(made.release.notices.filter(severity="severe")) == set(waiting)
    assert queries.notices_in(made.release)[0].last is not None


def test_a_notice_and_its_answer_go_on_to_the_next_revision(world: World, frame: pl.DataFrame) -> None:
    first = make(frame).release
    answer(signed_in(world, "statistician"), of_the_odd_month(first))
    other = frame.filter(pl.col("TIME_PERIOD") == "2024-03").head(9)
    second = make(pl.concat([frame, other]), late=1).release
    assert of_the_odd_month(second) == of_the_odd_month(first)
    assert "Llegaron vuelos aplazados." in Client().get(f"/releases/{second.name}/").content.decode()


def test_looking_again_changes_nothing_while_the_rules_are_the_same(frame: pl.DataFrame) -> None:
    release = make(frame).release
    before = set(release.notices.values_list("pk", flat=True))
    assert before
    look_again(release=release, now=NOW + timedelta(days=3))
    assert set(release.notices.values_list("pk", flat=True)) == before


def test_a_new_version_of_a_rule_raises_its_own_notices_and_the_answers_to_the_old_stay(
    world: World, frame: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = make(frame).release
    answer(signed_in(world, "statistician"), of_the_odd_month(release))

    def of_version_2(*args: object) -> list[Notice]:
        return [Notice("seasonal", "2", "RETURNS", "", ODD_MONTH, 200.0, 70.0, 9.0, Severity.SEVERE)]

    monkeypatch.setattr("torogoz.shared.releases.notices.notices_of", of_version_2)
    look_again(release=release, now=NOW + timedelta(days=3))
    versions = release.notices.filter(period=ODD_MONTH, series="").order_by("rule_version")
    assert [(each.rule_version, each.decisions.count()) for each in versions] == [("1", 1), ("2", 0)]


def test_notices_are_the_same_whatever_the_hidden_figures_are(frame: pl.DataFrame) -> None:
    plan = PLANS["RETURNS"]
    first = make(frame).release
    cells, rows = queries.published("RETURNS", first), queries.rows_of("RETURNS", first)
    assert (cells["CONF_STATUS"] == "C").sum() > 100
    told = notices_of(plan, rows, cells, None)
    assert told
    # Every count behind the codes is another; the published cells are the same.
    others = rows.unique()
    assert others.height < rows.height
    assert notices_of(plan, others, cells, None) == told
    shown = {(row["TIME_PERIOD"], row["OBS_VALUE"]) for row in cells.filter(pl.col("CONF_STATUS") == "F").to_dicts()}
    for each in told:
        if each.rule in ("seasonal", "level", "unseen_code"):
            assert (each.period, each.value) in shown


def test_no_notice_is_about_a_hidden_cell(frame: pl.DataFrame) -> None:
    first = make(frame).release
    late = frame.filter(pl.col("COUNTERPART_AREA") == "USA").head(400).with_columns(TIME_PERIOD=pl.lit("2025-12"))
    rare = frame.head(1).with_columns(COUNTERPART_AREA=pl.lit("NOR"), TIME_PERIOD=pl.lit("2025-12"))
    second = make(pl.concat([frame, late, rare]), late=1).release
    assert second.revision == first.revision + 1
    hidden = queries.published("RETURNS", second).filter(pl.col("CONF_STATUS") == "C")
    names = ["SEX", "AGE", "COUNTERPART_AREA", "MODE", "REF_AREA", "ORIGIN", "REASON"]
    keys = set()
    for row in hidden.iter_rows(named=True):
        series = " ".join(f"{name}={row[name]}" for name in names if row[name] not in ("_T", "SLV"))
        keys.add((series, row["TIME_PERIOD"]))
    raised = list(second.notices.all())
    assert {each.rule for each in raised} >= {"revision", "seasonal"}
    assert not {(each.series, each.period) for each in raised} & keys
    assert not [each for each in raised if "NOR" in each.series]


def test_the_command_prints_the_notices_and_can_require_answers(
    frame: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "arrival_cells", lambda *_, **__: frame)
    out = io.StringIO()
    with pytest.raises(CommandError, match="severe notices of 2025-Q4 wait"):
        call_command("release", "2025-Q4", require_explained=True, stdout=out)
    call_command("release", "2025-Q4", stdout=out)
    assert f"severe seasonal v1 RETURNS total {ODD_MONTH}" in out.getvalue()
    assert "; open" in out.getvalue()
    again = io.StringIO()
    call_command("release", notices="2025-Q4", stdout=again)
    assert "notices: " in again.getvalue()


def test_no_person_is_in_a_notice(frame: pl.DataFrame) -> None:
    for notice in make(frame).release.notices.all():
        assert set(notice.series.replace("(", "").replace(")", "").split("=")[0].split()) <= {
            "SEX", "AGE", "COUNTERPART_AREA", "MODE", "REF_AREA", "ORIGIN", "REASON",
        }  # fmt: skip
