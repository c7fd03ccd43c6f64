"""Exports of people: within the reach of a supervisor, encrypted, with a password that is shown once."""

import csv
import io
import re
from datetime import date, timedelta

import openpyxl
import pytest
import pyzipper
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.world import NOW, World
from torogoz.domain import exports as rules
from torogoz.domain.access import Role
from torogoz.domain.people import DocumentTyped
from torogoz.exchange.readers.htcds import cases_from
from torogoz.exchange.writers import sealed_archive
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.exports import actions, queries
from torogoz.shared.exports.models import Export, ExportRequest
from torogoz.shared.institutions.models import Institution, Membership
from torogoz.shared.people.actions import NotAllowed, add_identifier
from torogoz.shared.people.models import Section

BACKEND = "django.contrib.auth.backends.ModelBackend"
DAY = timezone.localdate(NOW)
PERIOD = {"since": DAY - timedelta(days=1), "until": DAY}
WHY = "Lista para la ronda de llamadas de seguimiento"


@pytest.fixture
def country(world: World) -> World:
    """Ana and Luz, met by DGME at one centre each; Ana has a document, and sections of health and labour."""
    world.person("ana", office="CENTRE-A", by="registrar_a", given='=HYPERLINK("http://x.example")')
    world.person("luz", office="CENTRE-B", by="registrar_b")
    add_identifier(
        by=world.officers["registrar_a"],
        person=world.people["ana"],
        document=DocumentTyped("DUI", "000162975"),
        now=NOW,
    )
    world.section(world.people["ana"], "health", by="health_a", answers={"care": "TREATED"})
    world.section(
        world.people["ana"], "labour", by="labour_a", answers={"occupation": "+carpintera", "schooling": "UPPER"}
    )
    return world


def export(world: World, username: str) -> tuple[Export, list[dict[str, str]], openpyxl.Workbook]:
    made, password = actions.export_people(
        by=world.officers[username], **PERIOD, purpose=Export.Purpose.CASE, reason=WHY, language="es", now=NOW
    )
    files = opened(made.path.read_bytes(), password)
    rows = list(csv.DictReader(io.StringIO(files["people.csv"].decode("utf-8-sig"))))
    return made, rows, openpyxl.load_workbook(io.BytesIO(files["people.xlsx"]))


def opened(archive: bytes, password: str) -> dict[str, bytes]:
    with pyzipper.AESZipFile(io.BytesIO(archive)) as file:
        file.setpassword(password.encode())
        assert all(each.wz_aes_strength == 3 for each in file.infolist())  # 256 bits
        return {name: file.read(name) for name in file.namelist()}


def test_a_supervisor_exports_the_people_within_reach_with_the_columns_that_the_policy_opens(country: World) -> None:
    _, rows, _ = export(country, "supervisor_a")
    assert {row["person"] for row in rows} == {str(country.people[name].key) for name in ("ana", "luz")}
    ana = next(row for row in rows if row["person"] == str(country.people["ana"].key))
    assert (ana["sex"], ana["documents"]) == (country.people["ana"].sex, "DUI SLV 00016297-5")
    _, rows, _ = export(country, "health_supervisor_b")
    assert [row["person"] for row in rows] == [str(country.people["luz"].key)]
    assert "health.care" not in rows[0]
    _, rows, _ = export(country, "police_supervisor_a")
    assert [row["person"] for row in rows] == [str(country.people["ana"].key)]
    assert not [column for column in rows[0] if column.startswith("health")]


def test_the_same_people_go_out_as_cases_of_the_standard_when_that_is_asked_for(country: World) -> None:
    archives = {}
    for username in ("supervisor_a", "police_supervisor_a"):
        made, password = actions.export_people(
            by=country.officers[username],
            **PERIOD,
            purpose=Export.Purpose.CASE,
            reason=WHY,
            language="es",
            now=NOW,
            htcds=True,
        )
        archives[username] = opened(made.path.read_bytes(), password)
    cases = cases_from(archives["supervisor_a"]["htcds.csv"], "htcds.csv")
    assert cases.set_aside == ()
    numbers = sorted(case["prs_IdentityNumber"] for case in cases.kept)
    assert numbers == ["", "00016297-5"]
    assert "CC BY 4.0" in archives["supervisor_a"]["htcds.txt"].decode()
    (alone,) = cases_from(archives["police_supervisor_a"]["htcds.csv"], "htcds.csv").kept
    assert alone["prs_HighestLevelOfEducation"] == "", "the police do not read what was said of work"
    assert "htcds.csv" not in opened_of(country, "supervisor_a")


def opened_of(world: World, username: str) -> dict[str, bytes]:
    made, password = actions.export_people(
        by=world.officers[username], **PERIOD, purpose=Export.Purpose.CASE, reason=WHY, language="es", now=NOW
    )
    return opened(made.path.read_bytes(), password)


def test_what_is_more_sensitive_than_its_section_is_in_no_export(country: World) -> None:
    section = Section(
        encounter=country.people["ana"].encounters.get(),
        code="migration",
        form_version=2,
        institution=country.people["ana"].institution,
        recorded_by=country.officers["registrar_a"],
        recorded_at=NOW,
    )
    section.keep({"time_abroad": "LT1M", "return_fear": "GANGS"}).save()
    _, rows, _ = export(country, "supervisor_a")
    ana = next(row for row in rows if row["person"] == str(country.people["ana"].key))
    assert ana["migration.time_abroad"] == "Menos de un mes"
    assert not [column for column in ana if "return_fear" in column]


def test_no_cell_is_run_as_a_formula(country: World) -> None:
    _, rows, book = export(country, "supervisor_a")
    assert {row["given1"] for row in rows} >= {'\'=HYPERLINK("http://x.example")'}
    cells = [cell for row in book["people"].iter_rows() for cell in row]
    assert any(cell.value == '=HYPERLINK("http://x.example")' for cell in cells)
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}


def test_every_person_exported_is_in_the_record_with_purpose_and_reason(country: World) -> None:
    made, rows, _ = export(country, "supervisor_a")
    event = AccessEvent.objects.filter(verb="export").get()
    assert sorted(event.subjects) == sorted({row["person"] for row in rows})
    assert (event.officer, event.institution, event.channel) == ("supervisor_a", "DGME", "export")
    assert event.path == f"{made.key} case: {WHY}"
    assert "identity" in event.sections
    assert (made.people, made.reason) == (len(event.subjects), WHY)


def test_who_is_no_supervisor_exports_nobody(country: World) -> None:
    for username in ("registrar_a", "health_a", "logistics_a", "statistician", "data_protection"):
        with pytest.raises(NotAllowed):
            export(country, username)
        assert signed_in(country, username).get(reverse("exports:index")).status_code == 404
    assert not Export.objects.exists()


def test_an_archive_opens_with_its_own_password_only(country: World) -> None:
    made, _, _ = export(country, "supervisor_a")
    archive = made.path.read_bytes()
    assert b"00016297-5" not in archive
    for wrong in ("", sealed_archive.new_password()):
        with pytest.raises((RuntimeError, pyzipper.BadZipFile)):
            opened(archive, wrong)


def signed_in(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.officers[username], backend=BACKEND)
    return client


def test_the_password_is_shown_once_and_stored_nowhere_and_the_archive_is_for_who_made_it(country: World) -> None:
    client = signed_in(country, "supervisor_a")
    asked = {"since": str(date(2026, 1, 1)), "until": str(DAY), "purpose": "case", "reason": WHY}
    page = client.post(reverse("exports:index"), asked).content.decode()
    found = re.search(r"<code>([a-z2-9-]{29})</code>", page)
    assert found
    made = Export.objects.get()
    address = reverse("exports:file", args=[made.key])
    assert address in page
    sent = client.get(address)
    archive = b"".join(sent.streaming_content)  # type: ignore[attr-defined]
    assert set(opened(archive, found[1])) == {"people.csv", "people.xlsx"}
    assert found[1] not in client.get(reverse("exports:index")).content.decode()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            assert found[1] not in str(cursor.fetchall()), table
    for other in ("police_supervisor_a", "registrar_a"):
        assert signed_in(country, other).get(address).status_code == 404
    Export.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert client.get(address).status_code == 404
    client.post(reverse("exports:index"), asked)
    assert not made.path.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reason": "porque sí"}, "15"),
        ({"purpose": ""}, "Falta este dato"),
        ({"since": "2026-12-01", "until": "2026-11-01"}, "Termina antes de empezar"),
    ],
)
def test_without_purpose_reason_or_days_nothing_is_made(country: World, changed: dict[str, str], said: str) -> None:
    asked = {"since": "2026-11-01", "until": str(DAY), "purpose": "case", "reason": WHY} | changed
    page = signed_in(country, "supervisor_a").post(reverse("exports:index"), asked).content.decode()
    assert said in page
    assert not Export.objects.exists()


def test_days_that_have_not_come_are_refused_with_words(country: World) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    asked = {"since": "2026-11-01", "until": str(tomorrow), "purpose": "case", "reason": WHY}
    page = signed_in(country, "supervisor_a").post(reverse("exports:index"), asked).content.decode()
    assert "lo que no ha pasado no se exporta" in page
    assert not Export.objects.exists()


def asked_for(world: World, username: str = "supervisor_a") -> ExportRequest:
    asked = {"since": "2026-11-01", "until": str(DAY), "purpose": "case", "reason": WHY, "htcds": "on"}
    answer = signed_in(world, username).post(reverse("exports:index"), asked)
    assert answer.headers["Location"] == reverse("exports:requests")
    return ExportRequest.objects.latest("pk")


@pytest.fixture
def many(country: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Two people are many here, and the institution has a second supervisor."""
    monkeypatch.setattr(rules, "ALONE", 1)
    Membership.objects.create(
        officer=country.officers["registrar_b"],
        institution=Institution.objects.get(code="DGME"),
        office=country.offices["CENTRE-B"],
        role=Role.SUPERVISOR.value,
        valid_from=NOW - timedelta(days=1),
    )
    return country


@pytest.mark.parametrize("second", ["data_protection", "registrar_b"])
def test_many_people_are_exported_once_a_second_officer_of_the_institution_approves(many: World, second: str) -> None:
    asked = asked_for(many)
    assert (asked.people, asked.reason, asked.htcds) == (2, WHY, True)
    assert not Export.objects.exists()
    one, other = signed_in(many, "supervisor_a"), signed_in(many, second)
    make = reverse("exports:make", args=[asked.key])
    approve = reverse("exports:decide", args=[asked.key, "approve"])
    assert "ya se hizo o venció" in one.post(make).content.decode(), "nobody approved it yet"
    assert "Quien pide una exportación no la aprueba" in one.post(approve).content.decode()
    for username in ("registrar_a", "police_supervisor_a", "health_supervisor_b", "statistician"):
        stranger = signed_in(many, username)
        assert (stranger.post(approve).status_code, stranger.post(make).status_code) == (404, 404), username
        assert WHY not in stranger.get(reverse("exports:requests")).content.decode()
    page = other.get(reverse("exports:requests")).content.decode()
    assert WHY in page
    assert "Exportaciones (1)" in page
    assert other.post(approve).status_code == 302
    assert other.post(make).status_code == 404, "who approves takes nothing out"
    made = one.post(make).content.decode()
    assert "Anote la contraseña" in made
    assert Export.objects.get().people == 2
    assert "ya se hizo o venció" in one.post(make).content.decode(), "once"
    events = AccessEvent.objects.filter(what="export_request", allowed=True).exclude(verb="list").order_by("pk")
    assert [(event.officer, event.verb) for event in events] == [("supervisor_a", "create"), (second, "agree")]
    assert all(WHY in event.path for event in events)


def test_what_was_refused_or_lapsed_or_has_grown_is_not_made(many: World) -> None:
    by, second, now = many.officers["supervisor_a"], many.officers["data_protection"], timezone.now()
    refused, late, grown = asked_for(many), asked_for(many), asked_for(many)
    actions.decide_export(by=second, request=refused, approve=False, now=now)
    for one in (late, grown):
        actions.decide_export(by=second, request=one, approve=True, now=now)
    many.person("eva", office="CENTRE-A", by="registrar_a")
    for request, moment, why in (
        (refused, now, "state"),
        (late, now + timedelta(days=1), "state"),
        (grown, now, "grown"),
    ):
        with pytest.raises(rules.ExportRefused) as told:
            actions.make_approved(by=by, request=request, language="es", now=moment)
        assert told.value.code == why
    old = asked_for(many)
    with pytest.raises(rules.ExportRefused):
        actions.decide_export(by=second, request=old, approve=True, now=timezone.now() + timedelta(days=7))
    assert not Export.objects.exists()


def test_a_list_is_exported_alone_and_many_lists_of_one_day_are_not() -> None:
    assert not rules.needs_second(100, lately=0, everybody=4000)
    assert rules.needs_second(60, lately=41, everybody=4000)
    assert rules.needs_second(21, lately=0, everybody=21), "everybody within reach"
    assert not rules.needs_second(20, lately=0, everybody=20)


def test_what_was_taken_out_alone_today_counts_and_what_was_approved_does_not(
    country: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "ALONE", 3)
    export(country, "supervisor_a")
    with pytest.raises(actions.NeedsSecond):
        export(country, "supervisor_a")
    Export.objects.update(made_at=timezone.now())
    asked = asked_for(country)
    Export.objects.update(made_at=NOW)
    asked.made, asked.state = Export.objects.get(), "made"
    asked.save()
    export(country, "supervisor_a")


def test_too_many_rows_make_nothing(country: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_ROWS", 1)
    with pytest.raises(queries.TooManyRows):
        export(country, "supervisor_a")
    assert not Export.objects.exists()
    assert not AccessEvent.objects.filter(verb="export").exists()
