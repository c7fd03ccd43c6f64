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
from torogoz.topics.consultation.process_models import AttendanceNames, Invitation, Process

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
    taken = client.post("/consultation/new/", {**form, "token": str(uuid4())})
    assert taken.status_code == 422
    assert "ya es el código de otra consulta" in taken.content.decode()
    assert '<span aria-hidden="true">▸</span> en preparación' in page, "a state that is known has no question mark"


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


def answered(invitation: Invitation, seen: str = "none", **said: str) -> dict[str, object]:
    """The row of a body in the roll of answers, as its reader saw it and as it was changed."""
    key = str(invitation.key)
    typed = {"version": "1", "reply": seen, **said}
    named = {f"initial-{key}-reply": seen, **{f"{key}-{name}": value for name, value in typed.items()}}
    return {"do": "answers", "row": [key], **named}


def test_an_institution_answers_for_itself_and_for_no_other(consulted: Consulted, world: World) -> None:
    address = f"/consultation/work/{consulted.process.key}/convening/"
    health, labour = consulted.invitation("MINSAL"), consulted.invitation("MTPS")
    client = signed_in(world.officers["focal_health"])
    assert client.post(address, answered(health, reply="yes", note="nota 12")).status_code == 302
    assert client.post(address, answered(labour, reply="yes")).status_code == 404
    with pytest.raises(NotAllowed):
        actions.answer_invitation(
            by=world.officers["focal_health"], invitation=labour, reply=Reply.YES, note="", version=1, now=NOW
        )
    health.refresh_from_db()
    labour.refresh_from_db()
    assert (health.reply, health.reply_note) == ("yes", "nota 12")
    assert health.replied_by == world.officers["focal_health"]
    assert (labour.reply, labour.replied_at) == ("none", None)
    page = client.get(address).content.decode()
    assert "sin respuesta todavía" in page
    assert f"{labour.key}-reply" not in page
    assert client.post(address, {"do": "invite", "group": "local", "part": "heard"}).status_code == 404
    client.post(address, {"do": "convene", "PGR-chosen": "on", "PGR-part": "decides", "PGR-seats": "1"})
    assert consulted.process.invitations.count() == 3


def test_two_who_answer_at_once_are_told_and_nothing_is_overwritten(consulted: Consulted, world: World) -> None:
    address = f"/consultation/work/{consulted.process.key}/convening/"
    health, labour = consulted.invitation("MINSAL"), consulted.invitation("MTPS")
    focal, secretariat = signed_in(world.officers["focal_health"]), signed_in(consulted.secretariat)
    assert focal.post(address, answered(health, reply="yes")).status_code == 302
    both = {**answered(labour, reply="yes"), **answered(health, reply="no", note="llamó"), "row": []}
    late = secretariat.post(address, both)
    assert late.status_code == 409
    page = late.content.decode()
    assert "Ministerio de Salud: ¿Participa?" in page
    assert "Otra persona guardó un cambio" in page
    assert "llamó" in page
    assert consulted.invitation("MINSAL").reply == "yes"
    assert consulted.invitation("MTPS").reply == "none"  # stored together, or not at all
    again = {**both, f"{health.key}-version": "2"}
    assert f'name="{health.key}-version" value="2"' in page
    assert secretariat.post(address, again).status_code == 302
    assert consulted.invitation("MINSAL").reply == "no"
    assert consulted.invitation("MTPS").reply == "yes"


def test_a_row_that_its_reader_did_not_change_is_left_alone(consulted: Consulted, world: World) -> None:
    address = f"/consultation/work/{consulted.process.key}/convening/"
    health, labour = consulted.invitation("MINSAL"), consulted.invitation("MTPS")
    assert signed_in(world.officers["focal_health"]).post(address, answered(health, reply="yes")).status_code == 302
    seen_before = {**answered(health), **answered(labour, reply="no")}
    assert signed_in(consulted.secretariat).post(address, seen_before).status_code == 302
    assert consulted.invitation("MINSAL").reply == "yes"
    assert consulted.invitation("MTPS").reply == "no"


def test_a_note_without_an_answer_is_refused_beside_it_and_kept_on_the_page(consulted: Consulted) -> None:
    address = f"/consultation/work/{consulted.process.key}/convening/"
    health, labour = consulted.invitation("MINSAL"), consulted.invitation("MTPS")
    answer = signed_in(consulted.secretariat).post(
        address, {**answered(labour, reply="yes"), **answered(health, note="carta 7")}
    )
    assert answer.status_code == 422
    assert "diga también si participa" in answer.content.decode()
    assert "carta 7" in answer.content.decode()
    assert consulted.invitation("MTPS").reply == "none"


def test_several_institutions_are_convened_by_marking_them(world: World) -> None:
    codelists.load()
    secretariat = world.officers["secretariat"]
    process = actions.create_process(by=secretariat, institution="RREE", code="c-1", typed=TYPED, now=NOW)
    client, address = signed_in(secretariat), f"/consultation/work/{process.key}/convening/"
    typed = {"do": "convene"}
    for code in ("MINSAL", "MTPS", "PDDH"):
        typed |= {f"{code}-part": "decides", f"{code}-seats": "1"}
    typed |= {"MINSAL-chosen": "on", "MTPS-chosen": "on", "MTPS-seats": "0", "PDDH-seats": "no"}
    wrong = client.post(address, typed)
    assert wrong.status_code == 422
    assert "Escaños: Escriba 1 o más." in wrong.content.decode()
    assert not process.invitations.exists()
    assert client.post(address, {**typed, "MTPS-seats": "2", "MTPS-part": "heard"}).status_code == 302
    rows = process.invitations.values_list("institution__code", "part", "seats", "group")
    assert set(rows) == {("MINSAL", "decides", 1, "government"), ("MTPS", "heard", 2, "government")}
    page = client.get(address).content.decode()
    assert "MTPS-chosen" not in page
    assert "PDDH-chosen" in page
    assert client.post(address, typed).status_code == 302  # a form from before, sent again: nothing is convened twice
    assert process.invitations.count() == 2


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
    key = str(consulted.invitation("MTPS").key)
    said = {"do": "attendance", "row": key, f"{key}-presence": "absent"}
    assert signed_in(world.officers["focal_health"]).post(address, said).status_code == 404
    assert signed_in(world.officers["focal_labour"]).post(address, said).status_code == 302
    (row,) = event.attendances.all()
    assert (row.presence, row.people) == ("absent", None)
    late = signed_in(consulted.secretariat).post(address, {**said, f"{key}-presence": "present"})
    assert late.status_code == 409  # the page was opened before anything was noted
    row.refresh_from_db()
    assert row.presence == "absent"


def test_attendance_of_all_is_noted_together_and_nothing_is_lost_when_one_row_is_wrong(consulted: Consulted) -> None:
    event = consulted.event()
    client, address = (
        signed_in(consulted.secretariat),
        f"/consultation/work/{consulted.process.key}/events/{event.key}/attendance/",
    )
    health, labour = (str(consulted.invitation(code).key) for code in ("MINSAL", "MTPS"))
    typed = {
        "do": "attendance",
        "row": [health, labour],
        f"{health}-presence": "present",
        f"{health}-people": "tres",
        f"{labour}-names": "Persona Inventada Dos",
    }
    wrong = client.post(address, typed)
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert "Cuántas personas: Escriba un número entero, solo con cifras." in page
    assert "marque también que asistió" in page
    assert 'value="tres"' in page
    assert "Persona Inventada Dos" in page
    assert not event.attendances.exists()
    right = {**typed, f"{health}-people": "3", f"{labour}-presence": "present"}
    assert client.post(address, right).status_code == 302
    rows = event.attendances.values_list("invitation__institution__code", "presence", "people")
    assert set(rows) == {("MINSAL", "present", 3), ("MTPS", "present", None)}


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
