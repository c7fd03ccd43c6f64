"""Convening a consultation: the secretariat prepares, institutions answer for themselves, the public sees one gate."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from tests.consulted import BODIES, TYPED, Consulted, signed_in
from tests.world import NOW, World
from torogoz.domain.consultations import ConsultationRefused, Part, Presence, Reply
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.codelists import actions as codelists
from torogoz.topics.consultation import actions
from torogoz.topics.consultation.acting import NotAllowed
from torogoz.topics.consultation.actions import Invited, ProcessTyped
from torogoz.topics.consultation.process_models import AttendanceNames, Process

pytestmark = pytest.mark.django_db


@pytest.fixture
def consulted(world: World) -> Consulted:
    return Consulted(world)


def typed_in(**changes: object) -> dict[str, object]:
    """What the secretariat's form sends."""
    return {
        "do": "create",
        "code": "consulta-2027",
        "title_es": "Consulta inventada",
        "title_en": "Made-up consultation",
        "question_es": "¿Qué pedir?",
        "question_en": "What to ask?",
        "rule": "consensus",
        "token": str(uuid4()),
        **changes,
    }


def test_without_a_published_consultation_the_page_says_so_in_both_languages(client: Client) -> None:
    assert "Todavía no hay consultas publicadas" in client.get("/consultation/").content.decode()
    assert "No consultation has been published yet" in client.get("/consultation/?lang=en").content.decode()


def test_the_secretariat_prepares_a_consultation_once_however_often_the_form_arrives(world: World) -> None:
    codelists.load()
    client = signed_in(world.officers["secretariat"])
    form = typed_in(quorum_diaspora="1", rule="majority", share_top="2", share_bottom="3")
    first, second = client.post("/consultation/new/", form), client.post("/consultation/new/", form)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    process = Process.objects.get()
    assert (process.convener.code, process.state, process.quorum_groups) == ("RREE", "prepared", {"diaspora": 1})
    page = client.get(first["Location"]).content.decode()
    assert "al menos 2 de cada 3" in page
    again = client.post("/consultation/new/", {**form, "title_es": "Otra"})
    assert again.status_code == 422
    assert Process.objects.get().title_es == "Consulta inventada"


def test_a_majority_that_decides_nothing_is_refused_and_what_was_typed_stays(world: World) -> None:
    codelists.load()
    client = signed_in(world.officers["secretariat"])
    answer = client.post("/consultation/new/", typed_in(rule="majority", share_top="5", share_bottom="3"))
    assert answer.status_code == 422
    assert "no pasar de todos los escaños" in answer.content.decode()
    assert "¿Qué pedir?" in answer.content.decode()
    assert not Process.objects.exists()


@pytest.mark.parametrize("username", ["focal_health", "registrar_a", "statistician", "ombudsman"])
def test_nobody_but_a_secretariat_convenes(world: World, username: str) -> None:
    officer = world.officers[username]
    assert signed_in(officer).get("/consultation/new/").status_code == 404
    with pytest.raises(NotAllowed):
        actions.create_process(by=officer, institution="RREE", code="x", typed=TYPED, now=NOW)
    with pytest.raises(NotAllowed):
        actions.create_process(by=world.officers["secretariat"], institution="MINSAL", code="x", typed=TYPED, now=NOW)


def test_a_prepared_consultation_is_seen_by_its_secretariat_alone(world: World) -> None:
    codelists.load()
    secretariat = world.officers["secretariat"]
    process = actions.create_process(by=secretariat, institution="RREE", code="c-1", typed=TYPED, now=NOW)
    actions.invite(by=secretariat, process=process, bodies=BODIES, now=NOW)
    address = f"/consultation/work/{process.key}/"
    assert signed_in(secretariat).get(address).status_code == 200
    for username in ("focal_health", "focal_labour", "registrar_a"):
        assert signed_in(world.officers[username]).get(address).status_code == 404, username
    assert Client().get(address).status_code == 302
    actions.take_step(by=secretariat, process=process, step="convene", now=NOW)
    assert signed_in(world.officers["focal_health"]).get(address).status_code == 200
    assert signed_in(world.officers["registrar_a"]).get(address).status_code == 404


def test_nothing_is_convened_without_a_body_that_decides(world: World) -> None:
    secretariat = world.officers["secretariat"]
    process = actions.create_process(by=secretariat, institution="RREE", code="c-1", typed=TYPED, now=NOW)
    with pytest.raises(ConsultationRefused, match="No body that decides"):
        actions.take_step(by=secretariat, process=process, step="convene", now=NOW)
    actions.invite(by=secretariat, process=process, bodies=[Invited("local", Part.HEARD, 1, "LOCAL")], now=NOW)
    with pytest.raises(ConsultationRefused):
        actions.take_step(by=secretariat, process=process, step="convene", now=NOW)


def test_the_council_of_2011_is_a_template_of_18_seats_without_names(world: World) -> None:
    codelists.load()
    secretariat = world.officers["secretariat"]
    process = actions.create_process(by=secretariat, institution="RREE", code="c-1", typed=TYPED, now=NOW)
    client = signed_in(secretariat)
    address = f"/consultation/work/{process.key}/convening/"
    assert client.post(address, {"do": "council"}).status_code == 302
    groups = list(process.invitations.values_list("group", flat=True))
    assert {group: groups.count(group) for group in groups} == {
        "government": 11,
        "diaspora": 3,
        "organisation": 1,
        "university": 2,
        "business": 1,
    }
    assert not process.invitations.filter(institution__isnull=False).exists()
    assert client.post(address, {"do": "council"}).status_code == 404  # it is for an empty list
    assert process.invitations.count() == 18


def test_an_institution_answers_for_itself_and_for_no_other(consulted: Consulted, world: World) -> None:
    address = f"/consultation/work/{consulted.process.key}/convening/"
    health, labour = consulted.invitation("MINSAL"), consulted.invitation("MTPS")
    client = signed_in(world.officers["focal_health"])
    said = {"do": "answer", "reply": "yes", "note": "nota 12", "version": "1"}
    assert client.post(address, {**said, "row": str(health.key)}).status_code == 302
    assert client.post(address, {**said, "row": str(labour.key)}).status_code == 404
    with pytest.raises(NotAllowed):
        actions.answer_invitation(
            by=world.officers["focal_health"], invitation=labour, reply=Reply.YES, note="", version=1, now=NOW
        )
    health.refresh_from_db()
    labour.refresh_from_db()
    assert (health.reply, health.replied_by) == ("yes", world.officers["focal_health"])
    assert (labour.reply, labour.replied_at) == ("none", None)
    page = client.get(address).content.decode()
    assert "sin respuesta todavía" in page
    assert client.post(address, {"do": "invite", "group": "local", "part": "heard"}).status_code == 404


def test_two_who_answer_at_once_are_told_and_nothing_is_overwritten(consulted: Consulted, world: World) -> None:
    address = f"/consultation/work/{consulted.process.key}/convening/"
    row = {"do": "answer", "row": str(consulted.invitation("MINSAL").key), "version": "1"}
    focal, secretariat = signed_in(world.officers["focal_health"]), signed_in(consulted.secretariat)
    assert focal.post(address, {**row, "reply": "yes"}).status_code == 302
    late = secretariat.post(address, {**row, "reply": "no"})
    assert late.status_code == 409
    assert "Otra persona guardó un cambio" in late.content.decode()
    assert consulted.invitation("MINSAL").reply == "yes"


def test_the_same_institution_is_convened_once(consulted: Consulted) -> None:
    with pytest.raises(ConsultationRefused, match="convened already"):
        actions.invite(by=consulted.secretariat, process=consulted.process, bodies=BODIES[:1], now=NOW)
    with pytest.raises(ConsultationRefused, match="convened already"):
        actions.invite(by=consulted.secretariat, process=consulted.process, bodies=BODIES[2:], now=NOW)
    assert consulted.process.invitations.count() == 3


def test_rules_stay_as_they_are_once_at_work(consulted: Consulted) -> None:
    changed = ProcessTyped(**{**vars(TYPED), "rule": "unanimity"})
    with pytest.raises(ConsultationRefused):
        actions.change_process(by=consulted.secretariat, process=consulted.fresh(), typed=changed, version=3, now=NOW)
    assert consulted.fresh().rule == "consensus"
    edit = f"/consultation/work/{consulted.process.key}/edit/"
    assert signed_in(consulted.secretariat).get(edit).status_code == 404


def test_two_who_change_the_words_at_once_lose_nothing_that_was_typed(world: World) -> None:
    codelists.load()
    secretariat = world.officers["secretariat"]
    process = actions.create_process(by=secretariat, institution="RREE", code="c-1", typed=TYPED, now=NOW)
    client, address = signed_in(secretariat), f"/consultation/work/{process.key}/edit/"
    form = {**typed_in(do="edit", version="1"), "code": "c-1"}
    assert client.post(address, {**form, "question_es": "¿Primero?"}).status_code == 302
    late = client.post(address, {**form, "question_es": "¿Después?"})
    assert late.status_code == 409
    page = late.content.decode()
    assert "¿Después?" in page
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    assert client.post(address, {**form, "question_es": "¿Después?", "version": version[1]}).status_code == 302
    process.refresh_from_db()
    assert process.question_es == "¿Después?"


def test_names_of_people_are_read_by_the_convener_and_by_the_body_itself(consulted: Consulted, world: World) -> None:
    event = consulted.event()
    actions.record_attendance(
        by=world.officers["focal_health"],
        event=event,
        invitation=consulted.invitation("MINSAL"),
        presence=Presence.PRESENT,
        people=1,
        names="Persona Inventada Uno",
        now=NOW,
    )
    address = f"/consultation/work/{consulted.process.key}/events/{event.key}/attendance/"
    assert "Persona Inventada Uno" in signed_in(world.officers["focal_health"]).get(address).content.decode()
    assert "Persona Inventada Uno" in signed_in(consulted.secretariat).get(address).content.decode()
    assert "Persona Inventada" not in signed_in(world.officers["focal_labour"]).get(address).content.decode()
    assert signed_in(world.officers["registrar_a"]).get(address).status_code == 404
    assert b"Inventada" not in bytes(AttendanceNames.objects.get().sealed)
    assert AccessEvent.objects.filter(what="attendance_names").count() == 2


def test_nobody_notes_the_attendance_of_another_institution(consulted: Consulted, world: World) -> None:
    event = consulted.event()
    address = f"/consultation/work/{consulted.process.key}/events/{event.key}/attendance/"
    said = {"do": "attendance", "row": str(consulted.invitation("MTPS").key), "presence": "absent"}
    assert signed_in(world.officers["focal_health"]).post(address, said).status_code == 404
    assert signed_in(world.officers["focal_labour"]).post(address, said).status_code == 302
    (row,) = event.attendances.all()
    assert (row.presence, row.people) == ("absent", None)
    late = signed_in(consulted.secretariat).post(address, {**said, "presence": "present"})
    assert late.status_code == 409  # the page was opened before anything was noted
    row.refresh_from_db()
    assert row.presence == "absent"


def test_what_is_not_published_answers_like_what_is_not_there(consulted: Consulted) -> None:
    public = "/consultation/processes/consulta-2027/"
    for address in (public, f"{public}said/", f"{public}position/", f"{public}position.json", f"{public}outcomes/D1/"):
        assert Client().get(address).status_code == 404, address
    actions.publish(by=consulted.secretariat, process=consulted.fresh(), results=False, shown=True, now=NOW)
    page = Client().get(public).content.decode()
    assert "Consulta inventada" in page
    assert "Asociación inventada" in page
    assert "Los resultados se publican cuando la secretaría los abre" in page
    assert Client().get(f"{public}said/").status_code == 404
    actions.publish(by=consulted.secretariat, process=consulted.fresh(), results=False, shown=False, now=NOW)
    assert Client().get(public).status_code == 404


def test_every_write_leaves_its_line_and_every_refusal_too(consulted: Consulted, world: World) -> None:
    done = AccessEvent.objects.filter(officer="secretariat", what="consultation", allowed=True)
    assert set(done.values_list("verb", flat=True)) == {"create", "edit"}
    signed_in(world.officers["registrar_a"]).get(f"/consultation/work/{consulted.process.key}/")
    refused = AccessEvent.objects.filter(officer="registrar_a", allowed=False).latest("sequence")
    assert refused.subjects == [str(consulted.process.key)]
