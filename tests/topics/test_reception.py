"""The day of reception over HTTP: transports, lists, who came, stops; officers of two institutions and two centres."""

import io
import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import xlsxwriter
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.world import World, everybody
from torogoz.domain.names import PersonName
from torogoz.domain.reception import CIRCUIT, Progress, StopRefused, TransportRefused
from torogoz.domain.returns import Answer, Declaration
from torogoz.exchange.readers.contract import Unreadable
from torogoz.exchange.readers.manifests import read_manifest
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.people.actions import NotAllowed
from torogoz.topics.returns import reception_actions, reception_queries
from torogoz.topics.returns.actions import NewPerson, record_arrival
from torogoz.topics.returns.models import Arrival, ManifestAside, ManifestLine, StopMade, Transport

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
LIST = (
    "Nombres,Apellidos,Documento,Fecha de nacimiento\n"
    "Rosa Elena,Quijada Portillo,00016297-5,1991-05\n"
    ",,A123,\n"
    "Luis,Menjívar,,31/02/1990\n"
    "Marta,Cerén,,\n"
    "ROSA ELENA,Quijada Portillo,00016297-5,1991-05\n"
)


@pytest.fixture
def country(world: World) -> World:
    codelists.load()
    return world


@pytest.fixture
def flight(country: World) -> Transport:
    return announced(country)


def announced(world: World, **changes: object) -> Transport:
    values: dict[str, object] = {
        "by": world.officers["registrar_a"],
        "centre": world.offices["CENTRE-A"],
        "route": "AIR",
        "arrives_on": TODAY,
        "number": "xe 101",
        "returned_from": "USA",
        "expected": None,
        "now": NOW,
    }
    return reception_actions.announce_transport(**(values | changes))  # type: ignore[arg-type]


def arrived(
    world: World,
    given: str = "Rosa",
    surname: str = "Quijada",
    arrived_at: datetime = NOW - timedelta(hours=1),
    now: datetime = NOW,
    **declared: object,
) -> Arrival:
    facts: dict[str, object] = {"pregnant": Answer.NO, "disabled": Answer.NO, "injured": Answer.NO}
    return record_arrival(
        by=world.officers["registrar_a"],
        person=NewPerson(PersonName(given, "", surname, ""), sex="F", birth="1991-05", none_fits=everybody()),
        centre=world.offices["CENTRE-A"],
        arrived_at=arrived_at,
        declared=Declaration("USA", "AIR", **(facts | declared)),  # type: ignore[arg-type]
        token=uuid4(),
        now=now,
    )


def handed_in(world: World, flight: Transport, text: str = LIST) -> reception_actions.Taken:
    return reception_actions.take_manifest(
        by=world.officers["registrar_a"], transport=flight, content=text.encode(), now=NOW
    )


def as_officer(world: World, client: Client, username: str) -> Client:
    client.force_login(world.officers[username], backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_bad_rows_are_set_aside_with_reasons_and_the_others_are_taken() -> None:
    read = read_manifest(LIST.encode(), today=TODAY)
    assert [(one.row, str(one.name)) for one in read.passengers] == [
        (2, "Rosa Elena Quijada Portillo"),
        (5, "Marta Cerén"),
    ]
    assert [(one.row, one.reason) for one in read.aside] == [(3, "no_name"), (4, "birth"), (6, "repeated")]


def test_a_workbook_with_lines_above_its_header_and_other_words_is_read() -> None:
    rows = [["Vuelo XE 101", ""], ["PASAJERO", "DOB"], ["Ana López", date(1990, 5, 17)]]
    read = read_manifest(made_workbook(rows), today=TODAY)
    assert [(str(one.name), one.birth) for one in read.passengers] == [("Ana López", "1990-05-17")]


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\x89PNG not a table", b"<html></html>"])
def test_what_is_no_list_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_manifest(content, today=TODAY)


def test_a_list_handed_in_again_replaces_only_what_was_set_aside(country: World, flight: Transport) -> None:
    assert handed_in(country, flight) == reception_actions.Taken(added=2, known=0, aside=3)
    corrected = LIST.replace("31/02/1990", "1990").replace("Marta", "Marina").replace(",,A123,", "Ana,Ayala,A123,")
    assert handed_in(country, flight, corrected) == reception_actions.Taken(added=2, known=1, aside=2)
    seen = reception_queries.list_seen_by(country.officers["registrar_a"], flight, NOW)
    assert [(one.line.row, one.name) for one in seen.lines] == [
        (2, "Rosa Elena Quijada Portillo"),
        (3, "Ana Ayala"),
        (4, "Luis Menjívar"),
        (5, "Marta Cerén"),
    ]
    assert [(one.row, one.reason) for one in seen.aside] == [(5, "changed"), (6, "repeated")]
    assert handed_in(country, flight, corrected).added == 0


def test_no_row_goes_unsaid_when_another_file_is_handed_in(country: World, flight: Transport) -> None:
    """A file of some rows leaves what was set aside in others; a row that was taken and is wrong now is set aside."""
    handed_in(country, flight)
    before = list(ManifestAside.objects.order_by("row").values_list("row", "reason"))
    header, rosa = LIST.splitlines()[:2]
    wrong = rosa.replace(rosa.split(",")[-1], "31/02/1990")
    assert handed_in(country, flight, f"{header}\n{wrong}\n") == reception_actions.Taken(added=0, known=0, aside=1)
    assert list(ManifestAside.objects.order_by("row").values_list("row", "reason")) == [(2, "birth"), *before]
    assert ManifestLine.objects.count() == 2


def test_a_wrong_tick_is_taken_away_and_a_wrong_row_too(country: World, flight: Transport, client: Client) -> None:
    handed_in(country, flight)
    by, line, rosa = country.officers["registrar_a"], ManifestLine.objects.get(row=2), arrived(country)
    reception_actions.tick_off(by=by, line=line, arrival=rosa, now=NOW)
    with pytest.raises(TransportRefused, match="take the tick away first"):
        reception_actions.take_off_list(by=by, line=line, now=NOW)
    where = f"/returns/transports/{flight.key}/lines/{line.key}/"
    for username in ("registrar_b", "health_a", "police_a"):
        other = as_officer(country, Client(), username)
        assert [other.post(f"{where}{what}/").status_code for what in ("untick", "take-off")] == [404, 404]
    assert ManifestLine.objects.get(row=2).arrival == rosa
    browser = as_officer(country, client, "registrar_a")
    assert "Quitar la marca" in said(browser.get(f"/returns/transports/{flight.key}/"))
    assert "otra vez sin llegar" in said(browser.post(f"{where}untick/", follow=True))
    assert ManifestLine.objects.get(row=2).arrival is None
    assert Arrival.objects.filter(pk=rosa.pk).exists()
    reception_actions.tick_off(by=by, line=ManifestLine.objects.get(row=5), arrival=rosa, now=NOW)
    assert "Se quitó de la lista" in said(browser.post(f"{where}take-off/", follow=True))
    assert not ManifestLine.objects.filter(row=2).exists()
    assert handed_in(country, flight).added == 1, "a file brings the row again"
    reception_actions.close_day(by=by, transport=flight, now=NOW)
    row = ManifestLine.objects.get(row=2)
    for attempt in (reception_actions.take_tick_away, reception_actions.take_off_list):
        with pytest.raises(TransportRefused, match="closed"):
            attempt(by=by, line=row, now=NOW)


def test_a_transport_is_announced_for_a_day_that_can_be_and_is_taken_out_while_it_has_no_list(
    country: World, flight: Transport
) -> None:
    for day in (date(9999, 1, 1), date(1900, 1, 1)):
        with pytest.raises(TransportRefused, match="at most a year ago"):
            announced(country, number="XE 9", arrives_on=day)
    by = country.officers["registrar_a"]
    with pytest.raises(NotAllowed):
        reception_actions.withdraw_transport(by=country.officers["registrar_b"], transport=flight, now=NOW)
    handed_in(country, flight)
    with pytest.raises(TransportRefused, match="take out first who is on it"):
        reception_actions.withdraw_transport(by=by, transport=flight, now=NOW)
    for line in ManifestLine.objects.all():
        reception_actions.take_off_list(by=by, line=line, now=NOW)
    reception_actions.withdraw_transport(by=by, transport=flight, now=NOW)
    assert not Transport.objects.exists()


def test_a_file_that_is_no_list_leaves_what_was_there(country: World, flight: Transport) -> None:
    handed_in(country, flight)
    with pytest.raises(TransportRefused):
        handed_in(country, flight, "x,y\n1,2\n")
    assert (ManifestLine.objects.count(), ManifestAside.objects.count()) == (2, 3)


def test_the_names_of_a_list_are_sealed(country: World, flight: Transport) -> None:
    handed_in(country, flight)
    assert all(b"Rosa" not in bytes(line.sealed) for line in ManifestLine.objects.all())


def test_who_came_is_ticked_off_and_who_did_not_or_was_not_listed_is_shown(country: World, flight: Transport) -> None:
    handed_in(country, flight)
    rosa, other = arrived(country), arrived(country, "Nadie", "Enlista")
    by = country.officers["registrar_a"]
    line = ManifestLine.objects.get(row=2)
    before = reception_queries.list_seen_by(by, flight, NOW)
    proposed = reception_queries.alike_first(before.lines[0], before.off_list)
    assert [(seen.arrival, alike) for seen, alike in proposed] == [(rosa, True), (other, False)]
    reception_actions.tick_off(by=by, line=line, arrival=rosa, now=NOW)
    seen = reception_queries.list_seen_by(by, flight, NOW)
    assert [one.name for one in seen.missing] == ["Marta Cerén"]
    assert [one.line for one in seen.ticked] == [line]
    assert [one.arrival for one in seen.off_list] == [other]
    assert reception_queries.numbers_of(seen) == {
        "expected": None,
        "listed": 2,
        "ticked": 1,
        "missing": 1,
        "off_list": 1,
        "aside": 3,
    }


def test_an_arrival_is_ticked_off_once(country: World, flight: Transport) -> None:
    handed_in(country, flight)
    rosa, by = arrived(country), country.officers["registrar_a"]
    first, second = ManifestLine.objects.order_by("row")
    reception_actions.tick_off(by=by, line=first, arrival=rosa, now=NOW)
    reception_actions.tick_off(by=by, line=first, arrival=rosa, now=NOW)
    with pytest.raises(TransportRefused, match="ticked off on the list"):
        reception_actions.tick_off(by=by, line=second, arrival=rosa, now=NOW)
    with pytest.raises(TransportRefused, match="another arrival"):
        reception_actions.tick_off(by=by, line=first, arrival=arrived(country, "Otra"), now=NOW)


def test_a_closed_day_changes_no_more(country: World, flight: Transport) -> None:
    handed_in(country, flight)
    by = country.officers["registrar_a"]
    reception_actions.close_day(by=by, transport=flight, now=NOW)
    for attempt in (
        lambda: handed_in(country, flight),
        lambda: reception_actions.close_day(by=by, transport=flight, now=NOW),
        lambda: reception_actions.tick_off(
            by=by, line=ManifestLine.objects.get(row=2), arrival=arrived(country), now=NOW
        ),
    ):
        with pytest.raises(TransportRefused, match="closed"):
            attempt()


def test_the_same_flight_is_not_announced_twice(country: World, flight: Transport) -> None:
    with pytest.raises(TransportRefused, match="already registered"):
        announced(country, number="XE  101")
    announced(country, arrives_on=TODAY + timedelta(days=1))
    assert Transport.objects.count() == 2


def test_another_centre_does_not_learn_that_there_is_a_flight(
    country: World, flight: Transport, client: Client
) -> None:
    handed_in(country, flight)
    for username in ("registrar_b", "health_b", "statistician", "data_protection"):
        browser = as_officer(country, client, username)
        for address in ("", "summary/"):
            answer = browser.get(f"/returns/transports/{flight.key}/{address}")
            nobody = browser.get(f"/returns/transports/{uuid4()}/{address}")
            assert (answer.status_code, without_token(answer)) == (404, without_token(nobody)), username
    assert "XE 101" not in as_officer(country, client, "registrar_b").get("/returns/transports/").content.decode()


def test_logistics_sees_names_and_neither_documents_nor_births(
    country: World, flight: Transport, client: Client
) -> None:
    handed_in(country, flight)
    seen = as_officer(country, client, "logistics_a").get(f"/returns/transports/{flight.key}/").content.decode()
    assert "Rosa Elena Quijada Portillo" in seen
    assert "00016297-5" not in seen
    assert "1991-05" not in seen
    whole = as_officer(country, client, "registrar_a").get(f"/returns/transports/{flight.key}/").content.decode()
    assert "00016297-5" in whole
    event = AccessEvent.objects.order_by("-pk")[0]
    assert str(ManifestLine.objects.get(row=2).key) in str(event.subjects)


def test_what_is_wrong_with_a_form_below_is_told_at_the_top_in_the_order_of_the_page(
    country: World, flight: Transport, client: Client
) -> None:
    browser = as_officer(country, client, "registrar_a")
    for address in ("/returns/transports/", f"/returns/transports/{flight.key}/"):
        page = said(browser.post(address, {"number": ""}))
        top = page.index('class="summary"')
        assert page.index("</h1>") < top < page.index("<table" if address.endswith("transports/") else "<section")
        told = re.findall(r'<a href="#(id_\w+?)(?:_group)?">', page[top : page.index("</ul>", top)])
        assert told == sorted(told, key=lambda name: page.index(f'name="{name.removeprefix("id_")}"'))


def test_only_who_registers_hands_in_a_list_or_ticks_off(country: World, flight: Transport, client: Client) -> None:
    handed_in(country, flight)
    line = ManifestLine.objects.get(row=2)
    for username in ("logistics_a", "police_a", "health_a", "registrar_b"):
        browser = as_officer(country, client, username)
        file = SimpleUploadedFile("lista.csv", LIST.encode())
        assert browser.post(f"/returns/transports/{flight.key}/", {"file": file}).status_code == 404
        assert browser.get(f"/returns/transports/{flight.key}/lines/{line.key}/").status_code == 404
        assert browser.post(f"/returns/transports/{flight.key}/close/").status_code == 404
        with pytest.raises(NotAllowed):
            reception_actions.take_manifest(
                by=country.officers[username], transport=flight, content=LIST.encode(), now=NOW
            )


def test_a_day_from_the_announcement_to_its_summary(country: World, client: Client) -> None:
    browser = as_officer(country, client, "registrar_a")
    day = timezone.localdate()
    form = {
        "centre": country.offices["CENTRE-A"].pk,
        "arrives_on": day.isoformat(),
        "route": "AIR",
        "number": "XE 102",
        "returned_from": "USA",
        "expected": "",
    }
    assert browser.post("/returns/transports/", form | {"number": ""}).status_code == 200
    assert browser.post("/returns/transports/", form).status_code == 302
    flight = Transport.objects.get(number="XE 102")
    where = f"/returns/transports/{flight.key}/"
    refused = browser.post(where, {"file": SimpleUploadedFile("x.csv", b"a,b\n1,2\n")})
    assert "una columna de nombres: no se guardó nada" in said(refused)
    answer = browser.post(where, {"file": SimpleUploadedFile("x.csv", LIST.encode())}, follow=True)
    assert "Personas nuevas: 2; ya estaban: 0; filas apartadas: 3" in said(answer)
    assert "Fila 4: La fecha de nacimiento no se puede leer o no puede ser; escríbala año-mes-día: 2001-05-17" in said(
        answer
    )
    arrival = record_arrival(
        by=country.officers["registrar_a"],
        person=NewPerson(
            PersonName("Rosa", "Elena", "Quijada", "Portillo"), sex="F", birth="1991-05", none_fits=everybody()
        ),
        centre=country.offices["CENTRE-A"],
        arrived_at=timezone.now(),
        declared=Declaration("USA", "AIR"),
        token=uuid4(),
        now=timezone.now() + timedelta(seconds=1),
    )
    line = ManifestLine.objects.get(row=2)
    page = said(browser.get(f"{where}lines/{line.key}/"))
    assert "nombre parecido" in page
    browser.post(f"{where}lines/{line.key}/", {"arrival": str(uuid4())})
    assert ManifestLine.objects.get(row=2).arrival is None
    browser.post(f"{where}lines/{line.key}/", {"arrival": str(arrival.encounter.key)})
    assert ManifestLine.objects.get(row=2).arrival == arrival
    assert "1 persona de la lista, sin llegar" in said(browser.get(f"{where}close/"))
    assert Transport.objects.get(number="XE 102").closed_at is None, "a question closes nothing"
    browser.post(f"{where}close/")
    late = browser.post(where, {"file": SimpleUploadedFile("x.csv", LIST.encode())}, follow=True)
    assert "ya se cerró. No se guardó nada" in said(late)
    assert "entréguelo otra vez" not in said(late)
    summary = said(browser.get(f"{where}summary/"))
    assert "Rosa" not in summary
    assert "Se desconoce" in summary
    assert "El día se cerró" in summary


def test_a_country_is_chosen_and_never_given(country: World, client: Client) -> None:
    browser = as_officer(country, client, "registrar_a")
    form = {
        "centre": country.offices["CENTRE-A"].pk,
        "arrives_on": TODAY.isoformat(),
        "route": "AIR",
        "number": "XE 103",
    }
    assert '<option value="" selected>—</option>' in said(browser.get("/returns/transports/"))
    for sent in (form, form | {"returned_from": ""}):
        refused = said(browser.post("/returns/transports/", sent))
        assert "Elija el país desde el que vuelve." in refused
        assert "XE 103" in refused
    assert not Transport.objects.exists()


def test_two_officers_who_tick_one_arrival_are_both_told_what_happened(country: World, flight: Transport) -> None:
    handed_in(country, flight)
    arrival = arrived(country)
    where = f"/returns/transports/{flight.key}/"
    first, second = ManifestLine.objects.order_by("row")
    one, other = (as_officer(country, Client(), name) for name in ("registrar_a", "supervisor_a"))
    choice = {"arrival": str(arrival.encounter.key)}
    assert all(
        "Rosa" in said(browser.get(f"{where}lines/{line.key}/")) for browser in (one, other) for line in (first, second)
    )
    assert one.post(f"{where}lines/{first.key}/", choice).status_code == 302
    late = other.post(f"{where}lines/{second.key}/", choice, follow=True)
    assert late.status_code == 200
    assert "ya no está entre las que se pueden marcar" in said(late)
    assert [line.arrival for line in ManifestLine.objects.order_by("row")] == [arrival, None]


def test_the_race_that_only_the_database_sees_is_told_too(
    country: World, flight: Transport, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both asked before either was stored: what the page still offered is taken by the time it is written."""
    handed_in(country, flight)
    arrival, by = arrived(country), country.officers["registrar_a"]
    first, second = ManifestLine.objects.order_by("row")
    offered = reception_queries.list_seen_by(by, flight, NOW)
    reception_actions.tick_off(by=by, line=first, arrival=arrival, now=NOW)
    monkeypatch.setattr(reception_queries, "list_seen_by", lambda *asked: offered)
    answer = as_officer(country, client, "registrar_a").post(
        f"/returns/transports/{flight.key}/lines/{second.key}/", {"arrival": str(arrival.encounter.key)}
    )
    told = [str(message) for message in get_messages(answer.wsgi_request)]
    assert (answer.status_code, told) == (
        302,
        ["Esta llegada ya está marcada en la lista de un transporte. No se guardó nada."],
    )
    assert ManifestLine.objects.get(pk=second.pk).arrival is None


def test_each_sees_and_records_the_stops_of_the_own_sections(country: World) -> None:
    encounter = arrived(country).encounter
    stops = {
        username: {
            one.stop.code: one.may_record
            for one in reception_queries.stops_seen_by(country.officers[username], encounter, NOW)
        }
        for username in ("logistics_a", "police_a", "health_a", "registrar_b")
    }
    practical, onward = {"welcome", "calls"}, {"belongings", "transport", "lodging"}
    assert stops["logistics_a"] == dict.fromkeys(practical | onward, True)
    assert stops["police_a"] == {"welcome": False, "police": True, "calls": False}
    assert stops["health_a"]["health"]
    assert "child_protection" not in stops["registrar_b"]


def test_the_medical_stop_is_never_recorded_as_not_needed_while_it_may_be_compulsory(country: World) -> None:
    health = next(stop for stop in CIRCUIT if stop.code == "health")
    by = country.officers["health_a"]
    for pregnant in (Answer.YES, Answer.UNKNOWN):
        encounter = arrived(country, f"Ana{'x' * len(pregnant)}", pregnant=pregnant).encounter
        with pytest.raises(StopRefused):
            reception_actions.record_stop(
                by=by, encounter=encounter, stop=health, progress=Progress.NOT_NEEDED, now=NOW
            )
        reception_actions.record_stop(by=by, encounter=encounter, stop=health, progress=Progress.DONE, now=NOW)
    free = arrived(country, "Otra").encounter
    reception_actions.record_stop(by=by, encounter=free, stop=health, progress=Progress.NOT_NEEDED, now=NOW)
    assert sorted(StopMade.objects.values_list("progress", flat=True)) == ["done", "done", "not_needed"]


def test_a_stop_is_recorded_on_its_page_by_who_writes_it(country: World, client: Client) -> None:
    person = arrived(country).encounter.person
    where = f"/returns/people/{person.key}/stops/"
    browser = as_officer(country, client, "logistics_a")
    assert browser.post(where, {"stop": "calls", "progress": "done"}).status_code == 302
    assert browser.post(where, {"stop": "health", "progress": "done"}).status_code == 404
    assert browser.post(where, {"stop": "calls", "progress": "perhaps"}).status_code == 404
    assert "Hecha" in said(browser.get(where))
    assert as_officer(country, client, "health_b").get(where).status_code == 404


def test_the_police_do_not_learn_of_a_bed_or_of_a_medical_stop(country: World, client: Client) -> None:
    """That somebody was lodged, or must pass the doctor, lets the reader infer what the police never read."""
    now = timezone.now()
    arrival = arrived(country, pregnant=Answer.YES, needs=("LODGING", "FOOD"), arrived_at=now, now=now)
    lodging = next(stop for stop in CIRCUIT if stop.code == "lodging")
    reception_actions.record_stop(
        by=country.officers["logistics_a"],
        encounter=arrival.encounter,
        stop=lodging,
        progress=Progress.DONE,
        now=now,
    )
    flight = announced(country, arrives_on=timezone.localdate(now), now=now)
    key = arrival.encounter.person.key
    pages = ("/returns/", f"/returns/people/{key}/", f"/returns/people/{key}/stops/")
    told = {
        username: [
            {word for word in ("bligatoria", "Alojamiento", "Parada médica", "Alimentación") if word in page}
            for page in (
                said(as_officer(country, client, username).get(where))
                for where in (*pages, f"/returns/transports/{flight.key}/")
            )
        ]
        for username in ("police_a", "police_supervisor_a", "labour_a", "logistics_a")
    }
    assert told["police_a"] == told["police_supervisor_a"] == [{"Alimentación"}, {"Alimentación"}, set(), set()]
    assert told["labour_a"] == [{"Alimentación", "Alojamiento"}, {"Alimentación", "Alojamiento"}, set(), set()]
    index, person, stops, transport = told["logistics_a"]
    assert index >= {"bligatoria", "Parada médica", "Alojamiento"}
    assert "bligatoria" in person & transport
    assert stops >= {"bligatoria", "Alojamiento"}


def said(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def without_token(answer: object) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", said(answer))


def made_workbook(rows: list[list[object]]) -> bytes:
    """A workbook with one sheet, as a carrier would make it."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(row, column, cell, day)
                else:
                    sheet.write(row, column, cell)
    return made.getvalue()
