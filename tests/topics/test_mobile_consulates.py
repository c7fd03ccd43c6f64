"""The calendar of mobile consulates: local times, reasons for what is off, a file of which all or nothing is stored."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.world import World
from torogoz.domain.mobile_consulates import ConsulateRefused, Day, Service, moment
from torogoz.exchange.readers.mobile_consulates import COLUMNS, read
from torogoz.exchange.writers import icalendar
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions.models import Officer
from torogoz.topics.diaspora.abroad_models import MobileConsulate
from torogoz.topics.diaspora.acting import NotAllowed
from torogoz.topics.diaspora.consulate_actions import announce_day, announce_days, cancel_day, move_day

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
BACKEND = "django.contrib.auth.backends.ModelBackend"
WHY = {"reason_es": "Se cerró el local por la tormenta.", "reason_en": "The hall was closed by the storm."}


@pytest.fixture(autouse=True)
def lists(request: pytest.FixtureRequest) -> None:
    if "world" in request.fixturenames:
        codelists.load()
        cache.clear()


def day(**changes: object) -> Day:
    words: dict[str, object] = {
        "consulate": "Consulado inventado en Houston",
        "country": "USA",
        "city": "Austin, Texas",
        "address": "Calle Inventada 12",
        "on": date(2099, 3, 20),
        "opens": time(9),
        "closes": time(14),
        "zone": "America/Chicago",
        "services": (Service.PASSPORT, Service.DUI),
        "bring_es": "El DUI vencido y una copia.",
        "bring_en": "The old DUI and a copy.",
    }
    return Day(**(words | changes))  # type: ignore[arg-type]


def signed_in(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer, backend=BACKEND)
    return client


def rows(*changes: dict[str, str]) -> str:
    one = {
        "consulate": "Consulado inventado en Houston",
        "country": "USA",
        "city": "Austin",
        "address": "Calle Inventada 12",
        "on": "2099-03-20",
        "opens": "09:00",
        "closes": "14:00",
        "zone": "America/Chicago",
        "services": "passport dui",
        "bring_es": "El DUI.",
        "bring_en": "The DUI.",
    }
    lines = [",".join((one | change)[name] for name in COLUMNS) for change in changes]
    return "\r\n".join([",".join(COLUMNS), *lines]) + "\r\n"


def test_a_time_is_read_off_the_clock_of_the_place() -> None:
    assert moment("opens", date(2027, 1, 15), time(9), "America/Chicago") == datetime(2027, 1, 15, 15, tzinfo=UTC)
    assert moment("opens", date(2027, 7, 15), time(9), "America/Chicago") == datetime(2027, 7, 15, 14, tzinfo=UTC)
    assert moment("opens", date(2027, 7, 15), time(9), "America/El_Salvador") == datetime(2027, 7, 15, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("on", "at", "zone", "code"),
    [
        (date(2027, 3, 14), time(2, 30), "America/New_York", "no_such_time"),
        (date(2027, 11, 7), time(1, 30), "America/New_York", "twice"),
        (date(2027, 3, 14), time(9), "Mars/Olympus", "zone"),
    ],
)
def test_a_time_that_no_clock_shows_or_shows_twice_is_refused(on: date, at: time, zone: str, code: str) -> None:
    with pytest.raises(ConsulateRefused) as refused:
        moment("opens", on, at, zone)
    assert refused.value.code == code


def test_a_calendar_is_read_back_as_it_was_written() -> None:
    event = icalendar.Event(
        uid="1@torogoz",
        changed=NOW,
        begins=datetime(2027, 1, 15, 9, tzinfo=ZoneInfo("America/Chicago")),
        ends=datetime(2027, 1, 15, 14, tzinfo=ZoneInfo("America/Chicago")),
        summary="Consulado; móvil, Ñuñoa \\ 1",
        description="á" * 200 + "\nlínea dos",
        cancelled=True,
        sequence=3,
    )
    written = icalendar.written("Consulados", [event])
    lines = written.split(b"\r\n")
    assert max(map(len, lines)) <= icalendar.LINE
    assert lines[-1] == b""
    whole = written.replace(b"\r\n ", b"").decode()
    assert "DTSTART:20270115T150000Z" in whole
    assert "DTEND:20270115T200000Z" in whole
    assert "SUMMARY:Consulado\\; móvil\\, Ñuñoa \\\\ 1" in whole
    assert "\\nlínea dos" in whole
    assert "STATUS:CANCELLED" in whole
    assert "SEQUENCE:3" in whole


def test_every_wrong_row_of_a_file_is_named() -> None:
    text = rows(
        {},
        {"on": "20/03/2099"},
        {"services": "passport wings"},
        {"closes": "08:00"},
        {"zone": "CST"},
        {"city": ""},
        {"city": "Hous\x00ton"},
    )
    found = read(text, frozenset({"USA"}))
    assert [line for line, _ in found.days] == [2]
    assert [(row.line, row.column) for row in found.wrong] == [
        (3, "on"),
        (4, "services"),
        (5, "closes"),
        (6, "zone"),
        (7, "city"),
        (8, "city"),
    ]
    assert [(row.line, row.column) for row in read(rows({"country": "XXX"}), frozenset({"USA"})).wrong] == [
        (2, "country")
    ]
    assert read("a,b\r\n1,2\r\n", frozenset()).wrong[0].line == 1


def test_all_that_is_wrong_with_a_row_is_named_at_once() -> None:
    text = rows({"country": "XXX", "on": "20/03/2099", "opens": "nueve", "services": "wings", "city": ""})
    found = read(text, frozenset({"USA"}))
    assert found.days == ()
    assert {row.column for row in found.wrong} == {"country", "on", "opens", "services", "city"}
    assert {row.line for row in found.wrong} == {2}


@pytest.mark.django_db
def test_an_officer_of_the_foreign_service_announces_and_others_do_not(world: World) -> None:
    announce_day(by=world.officers["consular_a"], day=day(), now=NOW)
    for name in ("health_a", "supervisor_a", "secretariat", "police_a"):
        with pytest.raises(NotAllowed):
            announce_day(by=world.officers[name], day=day(city="Dallas"), now=NOW)
        assert signed_in(world.officers[name]).get("/diaspora/desk/consulates/").status_code == 404
    page = Client().get("/diaspora/calendar/").content.decode()
    assert "Austin, Texas" in page
    assert "09:00–14:00" in page
    assert "America/Chicago" in page
    assert "UTC-0500" in page
    assert "El DUI vencido" in page
    assert "Dallas" not in page
    assert "The old DUI" in Client().get("/diaspora/calendar/USA/?lang=en").content.decode()


@pytest.mark.django_db
def test_a_day_that_is_called_off_stays_in_sight_and_says_why(world: World) -> None:
    officer = world.officers["consular_a"]
    stored = announce_day(by=officer, day=day(), now=NOW)
    with pytest.raises(ConsulateRefused):
        cancel_day(by=officer, day=stored, reason_es="no", reason_en="no", version=1, now=NOW)
    assert "1 jornada por venir" in Client().get("/diaspora/").content.decode()
    cancel_day(by=officer, day=stored, version=1, now=NOW, **WHY)
    assert "0 jornadas por venir" in Client().get("/diaspora/").content.decode()
    page = Client().get("/diaspora/calendar/").content.decode()
    assert "(0)</a>" in page, "what was called off is in sight, and is not counted"
    assert "Cancelada" in page
    assert WHY["reason_es"] in page
    feed = Client().get("/diaspora/calendar/USA.ics")
    text = b"".join(feed).replace(b"\r\n ", b"").decode()
    assert feed.headers["Content-Type"].startswith("text/calendar")
    assert "STATUS:CANCELLED" in text
    assert f"UID:{stored.key}@torogoz" in text
    assert "SEQUENCE:1" in text
    with pytest.raises(ConsulateRefused):
        cancel_day(by=officer, day=stored, version=2, now=NOW, **WHY)


@pytest.mark.django_db
def test_a_day_that_moves_leads_to_the_new_one(world: World) -> None:
    officer = world.officers["consular_a"]
    stored = announce_day(by=officer, day=day(), now=NOW)
    moved = move_day(by=officer, day=stored, to=day(address="Otra Calle 5"), version=1, now=NOW, **WHY)
    stored.refresh_from_db()
    assert (stored.state, stored.moved_to) == ("moved", moved)
    page = Client().get("/diaspora/calendar/USA/").content.decode()
    assert "Trasladada" in page
    assert re.search(r"Ahora es el <strong><time>\d{4}-\d\d-\d\d</time>", page), "no date breaks at a line's end"
    assert len(re.findall(r"<h3>\w+ <span class=\"when\"><time>\d{4}-\d\d-\d\d</time>,</span> Austin", page)) == 2
    assert page.count("Otra Calle 5") == 2
    with pytest.raises(ConsulateRefused):
        move_day(by=officer, day=moved, to=day(on=date(2020, 1, 1)), version=1, now=NOW, **WHY)
    moved.refresh_from_db()
    assert moved.state == "planned"


@pytest.mark.django_db
def test_two_officers_who_change_one_day_at_once_are_both_told(world: World) -> None:
    officer = world.officers["consular_a"]
    stored = announce_day(by=officer, day=day(), now=NOW)
    cancel_day(by=officer, day=stored, version=1, now=NOW, **WHY)
    with pytest.raises(ConsulateRefused) as refused:
        move_day(by=officer, day=stored, to=day(city="Dallas"), version=1, now=NOW, **WHY)
    assert refused.value.code == "changed"
    assert MobileConsulate.objects.count() == 1


@pytest.mark.django_db
def test_past_days_are_kept_and_are_not_among_those_to_come(world: World) -> None:
    then = NOW - timedelta(days=400)
    announce_day(by=world.officers["consular_a"], day=day(on=date(2025, 12, 1), city="Waco"), now=then)
    assert "Waco" not in Client().get("/diaspora/calendar/").content.decode()
    assert "Waco" in Client().get("/diaspora/calendar/USA/").content.decode()


@pytest.mark.django_db
def test_a_file_is_shown_first_and_then_stored_whole(world: World) -> None:
    officer = signed_in(world.officers["consular_a"])
    text = rows({}, {"city": "Dallas"})
    shown = officer.post("/diaspora/desk/consulates/file/", {"file": SimpleUploadedFile("a.csv", text.encode())})
    assert shown.status_code == 200
    assert "Dallas" in shown.content.decode()
    assert not MobileConsulate.objects.exists()
    done = officer.post("/diaspora/desk/consulates/file/", {"text": text, "store": "1"})
    assert done.status_code == 302
    assert MobileConsulate.objects.count() == 2
    again = officer.post("/diaspora/desk/consulates/file/", {"text": text, "store": "1"})
    assert again.status_code == 422
    assert "ya está anunciada" in again.content.decode()
    assert MobileConsulate.objects.count() == 2


@pytest.mark.django_db
def test_a_wrong_row_changes_nothing_and_is_named(world: World) -> None:
    officer = signed_in(world.officers["consular_a"])
    text = rows({}, {"city": "Dallas", "on": "2099-02-30"})
    answer = officer.post("/diaspora/desk/consulates/file/", {"text": text, "store": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Línea 3" in page
    assert "<code>on</code>" in page
    assert not MobileConsulate.objects.exists()
    with pytest.raises(ConsulateRefused):
        announce_days(by=world.officers["consular_a"], days=[day(), day(on=date(2020, 1, 1))], now=NOW)
    assert not MobileConsulate.objects.exists()


@pytest.mark.django_db
def test_the_form_announces_keeps_what_was_typed_and_calls_off(world: World) -> None:
    officer = signed_in(world.officers["consular_a"])
    typed = {
        "consulate": "Consulado inventado",
        "country": "USA",
        "city": "Reno",
        "address": "Calle Inventada",
        "on": "2099-03-20",
        "opens": "14:00",
        "closes": "09:00",
        "zone": "America/Los_Angeles",
        "services": ["passport"],
        "bring_es": "El DUI.",
        "bring_en": "The DUI.",
    }
    wrong = officer.post("/diaspora/desk/consulates/", typed)
    assert wrong.status_code == 422
    assert "Reno" in wrong.content.decode()
    assert officer.post("/diaspora/desk/consulates/", typed | {"closes": "18:00"}).status_code == 302
    stored = MobileConsulate.objects.get()
    assert stored.begins_at == datetime(2099, 3, 20, 21, tzinfo=UTC)
    address = f"/diaspora/desk/consulates/{stored.key}/"
    assert officer.post(address, WHY | {"version": "1"}).status_code == 302
    stranger = signed_in(world.officers["health_a"])
    assert stranger.get(address).status_code == 404
    assert stranger.get(f"{address}move/").status_code == 404
    assert officer.get(f"{address}move/").status_code == 200
