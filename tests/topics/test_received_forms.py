"""The forms that wait: seen by who may write all that they say, decided about once, with a reason that stays."""

import re
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.filled_forms import ARRIVAL, CARE, INTERVIEW, PICTURE, arrival, care, device_of, filled, send
from tests.world import NOW, World
from torogoz.domain.people import DocumentTyped
from torogoz.shared.attachments.models import Attachment
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.devices import actions
from torogoz.shared.devices.models import FilledForm, Ruling
from torogoz.shared.people.actions import NotAllowed, add_identifier
from torogoz.shared.people.models import Encounter, Person, Section
from torogoz.shared.places import actions as places
from torogoz.topics.returns.models import Arrival

pytestmark = pytest.mark.django_db
ONE = UUID("11111111-0000-4000-8000-000000000001")
DUI = "02345678-7"
REASON = "Lo comprobé con su documento."
BACKEND = "django.contrib.auth.backends.ModelBackend"
IDENTIFIED = {**ARRIVAL, "document_1_kind": "DUI", "document_1_number": DUI, "document_1_issuer": "SLV"}


@pytest.fixture
def country(world: World) -> World:
    codelists.load()
    places.load()
    return world


@pytest.fixture
def registrar(country: World) -> Client:
    return device_of(country, "registrar_a")[1]


@pytest.fixture
def nurse(country: World) -> Client:
    return device_of(country, "health_a")[1]


def signed_in(world: World, username: str) -> Client:
    browser = Client()
    browser.force_login(world.officers[username], backend=BACKEND)
    return browser


def waiting() -> FilledForm:
    return FilledForm.objects.get(state="held")


def decide(browser: Client, verdict: str, reason: str = REASON, **more: str) -> int:
    answer = browser.post(f"/devices/received/{waiting().key}/", {"verdict": verdict, "reason": reason, **more})
    return answer.status_code


def untold(page: bytes) -> bytes:
    """A page without the token that is drawn for each."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", page)


def known(country: World, office: str = "CENTRE-A", by: str = "registrar_a") -> Person:
    person = country.person("ana", office=office, by=by, given="Ana", surname="Ejemplo")
    document = DocumentTyped("DUI", DUI)
    add_identifier(by=country.officers[by], person=person, document=document, now=person.recorded_at)
    return person


def known_elsewhere(country: World) -> Person:
    """Somebody whom another institution met, at another centre."""
    person = known(country, office="CENTRE-B", by="registrar_b")
    Encounter.objects.update(institution=country.offices["CENTRE-B"].institution)
    return person


def test_who_may_be_there_already_is_shown_and_the_arrival_goes_to_whom_the_officer_says(
    country: World, registrar: Client
) -> None:
    person = known(country)
    send(registrar, arrival(ONE, IDENTIFIED, migration=INTERVIEW))
    browser = signed_in(country, "registrar_a")
    assert "Formularios recibidos (1)" in browser.get("/devices/").content.decode()
    page = browser.get(f"/devices/received/{waiting().key}/").content.decode()
    for words in ("La persona podría estar registrada ya", "Es Ana Ejemplo", "Marta", "De uno a cuatro años"):
        assert words in page
    assert decide(browser, f"same:{person.key}") == 302
    assert (Person.objects.count(), Arrival.objects.get().encounter.person) == (1, person)
    assert Section.objects.get().encounter == Arrival.objects.get().encounter
    ruling = Ruling.objects.get()
    assert (ruling.verdict, ruling.words, ruling.person, ruling.by.username) == ("same", REASON, person, "registrar_a")
    assert REASON.encode() not in bytes(ruling.reason)
    shown = AccessEvent.objects.get(what="filled_form", verb="view")
    assert str(person.key) in shown.subjects
    assert shown.sections == ["identity", "migration"]
    assert send(registrar, arrival(ONE, IDENTIFIED, migration=INTERVIEW)).status_code == 201
    assert Arrival.objects.count() == 1


def test_another_person_is_registered_when_the_officer_says_so(country: World, registrar: Client) -> None:
    known(country)
    send(registrar, arrival(ONE, IDENTIFIED))
    assert decide(signed_in(country, "supervisor_a"), "other") == 302
    assert Person.objects.count() == 2
    assert Person.objects.order_by("-pk")[0].recorded_by.username == "supervisor_a"


def test_who_it_is_stays_decided_when_the_answers_are_decided_about(country: World, registrar: Client) -> None:
    send(registrar, arrival(ONE, migration=INTERVIEW))
    person = Person.objects.get()
    send(registrar, arrival(uuid4(), migration={**INTERVIEW, "detained_days": "30"}))
    browser = signed_in(country, "registrar_a")
    assert decide(browser, f"same:{person.key}") == 302
    assert waiting().why == "differs"
    page = browser.get(f"/devices/received/{waiting().key}/").content.decode()
    assert '>12</td><td data-label="Del equipo">30</td>' in page
    assert decide(browser, "replace") == 302
    assert Section.objects.get().answers["detained_days"] == 30
    assert (Person.objects.count(), Arrival.objects.count(), Section.objects.get().version) == (1, 1, 2)
    assert not FilledForm.objects.filter(state="held").exists()


def test_a_record_at_another_institution_is_asked_for_before_the_person_is_registered_again(
    country: World, registrar: Client
) -> None:
    person = known_elsewhere(country)
    assert send(registrar, arrival(ONE, IDENTIFIED)).status_code == 202
    assert (waiting().why, Person.objects.count()) == ("elsewhere", 1)
    browser = signed_in(country, "registrar_a")
    address = f"/devices/received/{waiting().key}/"
    page = browser.get(address).content.decode()
    assert "Hay un registro con ese documento en otra institución. Pídalo" in page
    assert f'action="{reverse("cases:ask")}"' in page
    assert "Ejemplo" not in page, "it says nothing of whom"
    told = AccessEvent.objects.get(what="elsewhere")
    assert (told.officer, told.subjects) == ("registrar_a", [str(person.key)])
    assert decide(browser, "again") == 302
    assert waiting().why == "elsewhere", "it is not within reach yet"
    assert decide(browser, "here") == 302
    assert FilledForm.objects.get().state == "applied"
    assert Person.objects.order_by("-pk")[0].recorded_by.username == "registrar_a"
    assert Person.objects.count() == 2


def test_once_the_record_is_within_reach_the_form_asks_whether_it_is_that_person(
    country: World, registrar: Client
) -> None:
    person = known_elsewhere(country)
    send(registrar, arrival(ONE, IDENTIFIED))
    country.encounter(person, office="CENTRE-A", by="registrar_a")
    browser = signed_in(country, "registrar_a")
    assert decide(browser, "again") == 302
    assert waiting().why == "duplicate"
    assert "Pídalo" not in browser.get(f"/devices/received/{waiting().key}/").content.decode()
    assert decide(browser, f"same:{person.key}") == 302
    assert Person.objects.count() == 1


def test_what_is_not_to_be_written_is_kept_with_the_reason(country: World, nurse: Client) -> None:
    known(country)
    send(nurse, care(ONE, DUI))
    send(nurse, care(uuid4(), DUI, {**CARE, "care": "REFERRED"}))
    written = waiting().written
    assert decide(signed_in(country, "health_a"), "nothing") == 302
    closed = FilledForm.objects.get(state="closed")
    assert (closed.written, closed.rulings.get().words) == (written, REASON)
    assert Section.objects.get().answers["care"] == "TREATED"
    assert send(nurse, written).status_code == 201
    assert Section.objects.get().version == 1


def test_a_person_who_was_not_found_is_named_by_document(country: World, nurse: Client) -> None:
    person = known(country)
    send(nurse, care(ONE, "no se leía"))
    browser = signed_in(country, "health_a")
    assert "no se leía" in browser.get(f"/devices/received/{waiting().key}/").content.decode()
    assert decide(browser, "same", reference="09999999-9") == 422
    assert decide(browser, "same", reference="") == 422
    assert Ruling.objects.count() == 0
    assert decide(browser, "same", reference=DUI) == 302
    assert Section.objects.get().encounter.person == person


def test_a_missing_file_is_done_without_when_a_person_says_so(country: World, nurse: Client) -> None:
    known(country)
    written = care(ONE, DUI, {**CARE, "file_health": "1.png"})
    send(nurse, written)
    assert decide(signed_in(country, "health_a"), "again") == 302
    assert (Section.objects.count(), Attachment.objects.count()) == (1, 0)
    assert send(nurse, written, {"1.png": PICTURE}).status_code == 201
    assert FilledForm.objects.get().files.count() == 1


def test_what_is_wrong_is_said_by_question(country: World, registrar: Client) -> None:
    send(registrar, arrival(ONE, {**ARRIVAL, "birth": "mañana"}, migration=INTERVIEW))
    browser = signed_in(country, "registrar_a")
    page = browser.get(f"/devices/received/{waiting().key}/").content.decode()
    assert "Fecha de nacimiento</strong>" in page
    browser.cookies["django_language"] = "en"
    assert "is not a date" in browser.get(f"/devices/received/{waiting().key}/").content.decode()
    assert decide(browser, "again") == 302
    assert waiting().why == "invalid"
    assert Person.objects.count() == 0


def test_a_version_that_never_was_is_not_tried_again(country: World, nurse: Client) -> None:
    send(nurse, care(ONE, DUI, version=9))
    page = signed_in(country, "health_a").get(f"/devices/received/{waiting().key}/").content.decode()
    assert 'value="nothing"' in page
    assert 'value="again"' not in page


@pytest.mark.parametrize(
    "username",
    ["health_a", "police_a", "logistics_a", "psychosocial_a", "registrar_b", "statistician", "data_protection"],
)
def test_a_form_of_others_answers_as_one_that_there_is_not(country: World, registrar: Client, username: str) -> None:
    send(registrar, arrival(ONE, {**ARRIVAL, "birth": "mañana"}, migration=INTERVIEW))
    browser, key = signed_in(country, username), waiting().key
    there = browser.get(f"/devices/received/{key}/")
    nowhere = browser.get(f"/devices/received/{uuid4()}/")
    assert (there.status_code, untold(there.content)) == (404, untold(nowhere.content))
    assert decide(browser, "nothing") == 404
    assert str(key) not in browser.get("/devices/received/").content.decode()
    assert "Formularios recibidos (" not in browser.get("/devices/").content.decode()
    assert (waiting().key, Ruling.objects.count()) == (key, 0)


def test_whoever_reads_a_form_may_write_all_that_it_says(country: World, nurse: Client) -> None:
    """A section of others in the own form, forged, is shown to nobody but who sent it."""
    known(country)
    groups = {"person": {"person_reference": DUI}, "section_psychosocial": {"sleep": "N"}}
    send(nurse, filled("torogoz-minsal-specialist", "psychosocial1", ONE, groups))
    key = waiting().key
    assert signed_in(country, "health_a").get(f"/devices/received/{key}/").status_code == 200
    for username in ("health_b", "health_supervisor_b", "psychosocial_a", "police_supervisor_a"):
        assert signed_in(country, username).get(f"/devices/received/{key}/").status_code == 404
    assert decide(signed_in(country, "health_a"), "again") == 302
    assert (waiting().why, Section.objects.count()) == ("refused", 0)


def test_two_who_decide_at_once_decide_once(country: World, registrar: Client) -> None:
    known(country)
    send(registrar, arrival(ONE, IDENTIFIED))
    key = waiting().key
    first, second = signed_in(country, "registrar_a"), signed_in(country, "supervisor_a")
    data = {"verdict": "other", "reason": REASON}
    assert first.post(f"/devices/received/{key}/", data).status_code == 302
    assert second.post(f"/devices/received/{key}/", data).status_code == 404
    assert (Person.objects.count(), Ruling.objects.count()) == (2, 1)


@pytest.mark.parametrize("whom", ["nobody", "somebody out of reach"])
def test_a_form_is_said_to_be_about_somebody_whom_the_officer_sees(
    country: World, registrar: Client, whom: str
) -> None:
    """The page offers nobody else; the action does not take its word for it."""
    known(country)
    send(registrar, arrival(ONE, IDENTIFIED))
    hidden = country.person("hidden", office="CENTRE-B", by="health_b") if whom != "nobody" else None
    registrar_a, form = country.officers["registrar_a"], waiting()
    with pytest.raises(NotAllowed):
        actions.decide(by=registrar_a, form=form, verdict=Ruling.Verdict.SAME, reason=REASON, person=hidden, now=NOW)
    assert Ruling.objects.count() == 0


def test_a_decision_without_a_reason_is_none(country: World, registrar: Client) -> None:
    known(country)
    send(registrar, arrival(ONE, IDENTIFIED))
    assert decide(signed_in(country, "registrar_a"), "other", reason="sí") == 422
    assert Ruling.objects.count() == 0


def test_the_file_that_is_missing_is_named(country: World, nurse: Client) -> None:
    known(country)
    send(nurse, care(ONE, DUI, {**CARE, "file_health": "herida.png"}))
    page = signed_in(country, "health_a").get(f"/devices/received/{waiting().key}/").content.decode()
    assert "<strong>herida.png</strong>: No llegó" in page


@pytest.mark.parametrize(
    ("name", "clear", "why"),
    [("herida.png", b"no picture at all", "No es una fotografía"), ("../../x.png", b"", "El archivo está vacío")],
)
def test_the_file_that_is_bad_is_named_without_folders(
    country: World, nurse: Client, name: str, clear: bytes, why: str
) -> None:
    known(country)
    send(nurse, care(ONE, DUI, {**CARE, "file_health": name}), {name: clear})
    page = signed_in(country, "health_a").get(f"/devices/received/{waiting().key}/").content.decode()
    assert f"<strong>{name.rpartition('/')[2]}</strong>: {why}" in page
    assert "../" not in page.partition("Qué no se puede guardar")[2].partition("</section>")[0]


def test_the_list_says_which_form_each_is(country: World, nurse: Client) -> None:
    send(nurse, care(ONE, DUI))
    assert "Atención médica" in signed_in(country, "health_a").get("/devices/received/").content.decode()


def test_a_version_that_never_was_is_said_so_with_the_words_of_today(country: World, nurse: Client) -> None:
    send(nurse, care(ONE, DUI, {**CARE, "later": "NEW"}, version=9))
    page = signed_in(country, "health_a").get(f"/devices/received/{waiting().key}/").content.decode()
    assert "una versión que este sistema no conoce" in page
    assert "<dt>¿Qué se hizo?</dt><dd>Atención en el centro</dd>" in page
    assert "<dt>later</dt><dd>NEW</dd>" in page
