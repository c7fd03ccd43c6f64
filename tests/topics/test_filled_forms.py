"""What devices send is kept and written once, or waits for a person; of one institution nothing reaches another."""

from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from tests.filled_forms import ARRIVAL, CARE, INTERVIEW, PICTURE, arrival, care, device_of, filled, send
from tests.world import World
from torogoz.domain.people import DocumentTyped
from torogoz.shared.attachments.models import Attachment
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.devices.models import FilledForm, FormFile
from torogoz.shared.people.actions import add_identifier
from torogoz.shared.people.models import Encounter, Person, Section
from torogoz.shared.places import actions as places
from torogoz.topics.returns.models import Arrival

pytestmark = pytest.mark.django_db
ONE = UUID("11111111-0000-4000-8000-000000000001")
DUI = "02345678-7"


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


def with_document(country: World, number: str = DUI) -> Person:
    person = country.person("ana", office="CENTRE-A", by="registrar_a", given="Ana", surname="Ejemplo")
    now = person.recorded_at
    add_identifier(by=country.officers["registrar_a"], person=person, document=DocumentTyped("DUI", number), now=now)
    return person


def counts() -> tuple[int, int, int, int]:
    return Person.objects.count(), Encounter.objects.count(), Arrival.objects.count(), Section.objects.count()


def test_an_arrival_with_its_interview_is_written_once_however_often_it_comes(registrar: Client) -> None:
    written = arrival(ONE, migration=INTERVIEW)
    answers = [send(registrar, written) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert b"OpenRosaResponse" in answers[0].content
    assert counts() == (1, 1, 1, 1)
    form = FilledForm.objects.get()
    section = Section.objects.get()
    assert form.state == "applied"
    assert form.encounter == section.encounter == Arrival.objects.get().encounter
    assert section.answers == {**INTERVIEW, "detained_days": 12}
    assert (section.form_version, section.recorded_by.username) == (2, "registrar_a")
    assert form.encounter.occurred_at.isoformat() == "2026-11-18T20:30:00+00:00"
    assert form.written == written
    assert b"Inventada" not in bytes(form.sealed)
    assert AccessEvent.objects.filter(what="filled_form", channel="device", officer="registrar_a").exists()
    assert AccessEvent.objects.filter(what="arrival", verb="create").count() == 1


def test_a_section_finds_its_person_by_a_document_and_needs_no_header(country: World, nurse: Client) -> None:
    person = with_document(country)
    assert send(nurse, care(ONE, DUI.replace("-", ""))).status_code == 201
    section = Section.objects.get()
    assert section.encounter.person == person
    assert section.answers == {"symptoms": ["FEVER", "COUGH"], "chronic": ["NONE"], "care": "TREATED"}
    assert section.institution.code == "MINSAL"


def test_an_older_version_is_taken_and_kept_under_its_own(country: World, nurse: Client) -> None:
    with_document(country)
    assert send(nurse, care(ONE, DUI, version=1)).status_code == 201
    assert Section.objects.get().form_version == 1


def test_a_version_that_never_was_is_kept_and_waits(country: World, nurse: Client) -> None:
    with_document(country)
    assert send(nurse, care(ONE, DUI, version=9)).status_code == 202
    form = FilledForm.objects.get()
    assert (form.state, form.why, Section.objects.count()) == ("held", "version", 0)


@pytest.mark.parametrize(
    ("header", "question"),
    [
        ({**ARRIVAL, "birth": "mañana"}, "birth"),
        ({**ARRIVAL, "route": "_U"}, "route"),
        ({**ARRIVAL, "arrived_on": "2031-01-01"}, "arrived_on"),
        ({**ARRIVAL, "nobody_asks_this": "x"}, "nobody_asks_this"),
        ({**ARRIVAL, "document_1_number": "123"}, "document-0"),
        ({key: answer for key, answer in ARRIVAL.items() if key != "sex"}, "sex"),
    ],
)
def test_what_cannot_be_is_kept_with_what_is_wrong_and_nothing_is_half_written(
    registrar: Client, header: dict[str, str], question: str
) -> None:
    assert send(registrar, arrival(ONE, header, migration=INTERVIEW)).status_code == 202
    form = FilledForm.objects.get()
    assert (form.state, form.why) == ("held", "invalid")
    assert [fault["question"] for fault in form.wrong] == [question]
    assert all(form.wrong[0][language] for language in ("es", "en"))
    assert counts() == (0, 0, 0, 0)


def test_a_wrong_section_takes_its_arrival_back(registrar: Client) -> None:
    assert send(registrar, arrival(ONE, migration={**INTERVIEW, "detained_days": "many"})).status_code == 202
    assert counts() == (0, 0, 0, 0)
    assert FilledForm.objects.get().wrong[0]["part"] == "migration"


def test_somebody_who_may_be_there_already_waits_for_a_person(country: World, registrar: Client) -> None:
    with_document(country)
    by_document = {**ARRIVAL, "document_1_kind": "DUI", "document_1_number": DUI, "document_1_issuer": "SLV"}
    assert send(registrar, arrival(ONE, by_document)).status_code == 202
    assert send(registrar, arrival(uuid4())).status_code == 201
    by_name = {**ARRIVAL, "birth": "1990", "arrived_on": "2026-11-19"}
    assert send(registrar, arrival(uuid4(), by_name)).status_code == 202
    assert list(FilledForm.objects.filter(state="held").values_list("why", flat=True)) == ["duplicate"] * 2
    assert Person.objects.count() == 2
    other = {**by_name, "given1": "Rosario", "surname1": "Distinta", "birth": "2001"}
    assert send(registrar, arrival(uuid4(), other)).status_code == 201


def test_answers_that_differ_from_those_stored_wait_and_the_same_ones_do_not(country: World, nurse: Client) -> None:
    with_document(country)
    assert send(nurse, care(ONE, DUI)).status_code == 201
    assert send(nurse, care(uuid4(), DUI)).status_code == 201
    assert send(nurse, care(uuid4(), DUI, {**CARE, "care": "REFERRED"})).status_code == 202
    assert Section.objects.get().version == 1
    assert FilledForm.objects.get(state="held").why == "differs"


def test_a_person_whom_nobody_within_reach_is_waits_with_the_same_words(country: World, nurse: Client) -> None:
    country.person("far", office="CENTRE-B", by="registrar_b")
    far = country.people["far"]
    add_identifier(
        by=country.officers["registrar_b"],
        person=far,
        document=DocumentTyped("DUI", DUI),
        now=far.recorded_at,
    )
    there, nowhere = send(nurse, care(ONE, DUI)), send(nurse, care(uuid4(), "04567890-1"))
    assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content)
    assert there.status_code == 202
    assert set(FilledForm.objects.values_list("why", flat=True)) == {"person"}
    assert Section.objects.count() == 0


def test_one_institution_s_device_hands_in_nothing_of_another_s(
    country: World, registrar: Client, nurse: Client
) -> None:
    with_document(country)
    assert send(registrar, care(ONE, DUI)).status_code == 404
    assert send(nurse, arrival(ONE)).status_code == 404
    assert FilledForm.objects.count() == 0
    # A section of others inside the own form is kept for the own institution, and nothing of it is written.
    groups = {"person": {"person_reference": DUI}, "section_police": {"warrant": "N"}}
    forged = filled("torogoz-minsal-specialist", "police2", uuid4(), groups)
    assert send(nurse, forged).status_code == 202
    assert FilledForm.objects.get().why == "refused"
    assert Section.objects.count() == 0


def test_the_same_instance_in_two_institutions_is_two_forms(country: World, registrar: Client, nurse: Client) -> None:
    with_document(country)
    assert send(nurse, care(ONE, DUI)).status_code == 201
    assert send(registrar, arrival(ONE)).status_code == 201


def test_an_instance_that_says_something_else_waits(registrar: Client) -> None:
    assert send(registrar, arrival(ONE)).status_code == 201
    assert send(registrar, arrival(ONE, {**ARRIVAL, "given1": "Petrona", "surname1": "Distinta"})).status_code == 202
    assert FilledForm.objects.get(state="held").why == "instance"
    assert Person.objects.count() == 1


def photographed(name: str) -> dict[str, str]:
    return {**CARE, "file_health": name}


def test_a_photograph_comes_with_its_section_in_the_same_step(country: World, nurse: Client) -> None:
    with_document(country)
    written = care(ONE, DUI, photographed("1.png"))
    assert send(nurse, written, {"1.png": PICTURE}).status_code == 201
    attachment = Attachment.objects.get()
    assert (attachment.code, attachment.media, attachment.size) == ("health", "image/png", len(PICTURE))
    file = FormFile.objects.get()
    assert (file.attachment, file.sealed) == (attachment, None)
    assert send(nurse, written, {"1.png": PICTURE}).status_code == 201
    assert Attachment.objects.count() == 1
    assert Section.objects.get().version == 1


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_files_come_in_several_requests_in_any_order(country: World, nurse: Client, order: tuple[int, int]) -> None:
    with_document(country)
    written = care(ONE, DUI, photographed("1.png"))
    requests: list[Any] = [lambda: send(nurse, written, more=True), lambda: send(nurse, written, {"1.png": PICTURE})]
    answers = [requests[number]().status_code for number in order]
    assert answers == ([202, 201] if order == (0, 1) else [201, 201])
    assert (Section.objects.count(), Attachment.objects.count()) == (1, 1)


def test_a_form_without_the_file_that_it_names_waits_and_is_written_when_it_comes(
    country: World, nurse: Client
) -> None:
    with_document(country)
    written = care(ONE, DUI, photographed("1.png"))
    assert send(nurse, written).status_code == 202
    assert FilledForm.objects.get().why == "files"
    assert send(nurse, written, {"1.png": PICTURE}).status_code == 201


def test_a_file_that_is_not_taken_leaves_the_form_with_its_file_waiting(country: World, nurse: Client) -> None:
    with_document(country)
    assert send(nurse, care(ONE, DUI, photographed("1.png")), {"1.png": b"<html>" * 9}).status_code == 202
    assert FilledForm.objects.get().why == "invalid"
    assert (Section.objects.count(), FormFile.objects.get().sealed is None) == (0, False)


def test_a_file_that_the_form_does_not_name_is_kept_and_waits(country: World, nurse: Client) -> None:
    with_document(country)
    assert send(nurse, care(ONE, DUI), {"strange.png": PICTURE}).status_code == 202
    assert (FilledForm.objects.get().state, FormFile.objects.count()) == ("held", 1)


def body_of(written: bytes, files: dict[str, bytes]) -> bytes:
    parts = [("xml_submission_file", "form.xml", written), *((name, name, clear) for name, clear in files.items())]
    lines = b""
    for name, filename, clear in parts:
        head = f'--B\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n\r\n'
        lines += head.encode() + clear + b"\r\n"
    return lines + b"--B--\r\n"


def line(asked: Client, came: bytes, announced: int) -> Any:
    """The answer to a body of which so many bytes were announced and these came."""
    head = {"CONTENT_TYPE": "multipart/form-data; boundary=B", "CONTENT_LENGTH": str(announced)}
    return asked.generic("POST", "/devices/submission", **head, **{"wsgi.input": BytesIO(came)})  # type: ignore[arg-type]


def test_a_body_that_was_cut_off_at_any_byte_leaves_nothing(country: World, nurse: Client) -> None:
    with_document(country)
    whole = body_of(care(ONE, DUI, photographed("1.png")), {"1.png": PICTURE})
    for cut in range(0, len(whole) - 2, 7):
        for length in (len(whole), cut):
            assert line(nurse, whole[:cut], length).status_code == 400, cut
    assert FilledForm.objects.count() == 0
    assert line(nurse, whole, len(whole)).status_code == 201


def test_two_files_of_one_name_are_both_kept(country: World, nurse: Client) -> None:
    with_document(country)
    head = '--B\r\nContent-Disposition: form-data; name="1.png"; filename="1.png"\r\n\r\n'
    whole = body_of(care(ONE, DUI, photographed("1.png")), {"1.png": PICTURE})
    twice = whole.replace(b"--B--", head.encode() + PICTURE + b"another" + b"\r\n--B--")
    assert line(nurse, twice, len(twice)).status_code == 201
    assert FormFile.objects.count() == Attachment.objects.count() == 2
    form = '--B\r\nContent-Disposition: form-data; name="xml_submission_file"; filename="f.xml"\r\n\r\n<data/>\r\n--B--'
    two_forms = whole.replace(b"--B--", form.encode())
    assert line(nurse, two_forms, len(two_forms)).status_code == 400


def test_what_is_no_form_is_not_kept(nurse: Client) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><data id="x" version="y"><meta><instanceID>&b;</instanceID></meta></data>'
    unknown = b'<?xml version="1.0" encoding="foo"?><data id="x" version="y"/>'
    deep = b"<data id='x' version='y'>" + b"<a>" * 50_000 + b"</a>" * 50_000 + b"</data>"
    for written in (b"", b"<data", b"<data/>", b"<data id='x' version='y'/>", bomb, unknown, deep):
        assert send(nurse, written).status_code == 400
    assert nurse.post("/devices/submission", {"x": "y"}).status_code == 400
    assert nurse.post("/devices/submission", b"<data/>", content_type="text/xml").status_code == 400
    assert line(nurse, b"", 10**9).status_code == 413
    assert FilledForm.objects.count() == 0


def test_a_device_asks_first_how_much_it_may_send(nurse: Client) -> None:
    answer = nurse.head("/devices/submission")
    assert answer.status_code == 204
    assert int(answer["X-OpenRosa-Accept-Content-Length"]) > 10 * 1024**2
    assert answer["X-OpenRosa-Version"] == "1.0"
    assert Client().head("/devices/submission").status_code == 401
