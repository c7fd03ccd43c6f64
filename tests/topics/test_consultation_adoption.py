"""Minutes and the position: amendments in their window, a hash that anybody checks, one instrument, once."""

import hashlib
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.consulted import Consulted, second_secretary, signed_in
from tests.made_up_polls import make_poll
from tests.world import NOW, World
from torogoz.domain.consultations import ConsultationRefused, MinutesState
from torogoz.domain.deliberation import Stance
from torogoz.domain.minutes import MinutesRefused
from torogoz.domain.polls import Kind
from torogoz.shared.polls.models import Poll
from torogoz.shared.provisions.models import Instrument, Provision, ProvisionText
from torogoz.topics.consultation import (
    actions,
    adoption_actions,
    adoption_queries,
    drafting_actions,
    drafting_queries,
    minutes_actions,
    table_actions,
)
from torogoz.topics.consultation.models import Adoption, Minutes
from torogoz.topics.consultation.process_models import Process

pytestmark = pytest.mark.django_db


@pytest.fixture
def consulted(world: World) -> Consulted:
    return Consulted(world)


def decided(consulted: Consulted) -> None:
    """Two texts: one agreed with reservations, one not agreed of which a point was; and the consultation is closed."""
    consulted.table()
    consulted.accept_all()
    for code, stance, reason in (("D1", Stance.RESERVATIONS, "Con plazo"), ("D2", Stance.BLOCK, "No")):
        draft = consulted.draft(code)
        point = drafting_actions.add_point(
            by=consulted.secretariat,
            draft=draft,
            code=f"{code}.1",
            kind="commitment",
            text_es=f"Compromiso de {code}",
            text_en=f"Commitment of {code}",
            now=NOW,
        )
        drafting_actions.settle_point(by=consulted.secretariat, point=point, agreed=True, now=NOW)
        drafting_actions.open_decision(by=consulted.secretariat, draft=draft, version=draft.version, now=NOW)
        version = drafting_queries.newest_version(draft)
        assert version is not None
        for username, name, said, why in (
            ("focal_health", "MINSAL", Stance.AGREE, ""),
            ("focal_labour", "MTPS", stance, reason),
        ):
            drafting_actions.take_position(
                by=consulted.world.officers[username],
                version=version,
                invitation=consulted.invitation(name),
                stance=said,
                reason=why,
                now=NOW,
            )
        drafting_actions.record_outcome(by=consulted.secretariat, draft=draft, version=draft.version, now=NOW)
    actions.take_step(by=consulted.secretariat, process=consulted.fresh(), step="close", now=NOW)


def test_the_position_is_adopted_by_two_officers_and_becomes_one_instrument(consulted: Consulted, world: World) -> None:
    decided(consulted)
    address = f"/consultation/work/{consulted.process.key}/adoption/"
    first, second = signed_in(consulted.secretariat), signed_in(second_secretary(world))
    assert first.post(address, {"do": "propose"}).status_code == 302
    own = first.post(address, {"do": "confirm"})
    assert own.status_code == 422
    assert "no la confirma" in own.content.decode()
    assert not Instrument.objects.exists()
    assert Client().get("/consultation/processes/consulta-2027/position/").status_code == 404
    for _ in range(2):
        assert second.post(address, {"do": "confirm"}).status_code == 302
    instrument = Instrument.objects.get()
    adoption = Adoption.objects.get()
    assert instrument.made_from == adoption.sha256
    assert (instrument.kind, instrument.body_es) == ("national_position", "Ministerio de Relaciones Exteriores")
    tree = [
        (one.code, one.kind, one.parent.code if one.parent else "")
        for one in instrument.provisions.select_related("parent").order_by("position")
    ]
    assert tree == [
        ("T1", "section", ""),
        ("D1", "definition", "T1"),
        ("D1.1", "commitment", "D1"),
        ("D2", "section", "T1"),
        ("D2.1", "commitment", "D2"),
    ]
    for provision in instrument.provisions.all():
        assert set(provision.texts.values_list("language", "role")) == {("es", "source"), ("en", "source")}
    assert ProvisionText.objects.get(provision__code="D1", language="es").text == "Migrar con papeles."
    assert ProvisionText.objects.get(provision__code="D2", language="es").text == "Migración regular"


def test_anybody_checks_the_hash_of_the_published_position(consulted: Consulted, world: World) -> None:
    decided(consulted)
    adoption = adoption_actions.propose(by=consulted.secretariat, process=consulted.fresh(), now=NOW)
    adoption_actions.confirm(by=second_secretary(world), adoption=adoption, now=NOW)
    public = "/consultation/processes/consulta-2027/"
    file = Client().get(f"{public}position.json")
    assert file.status_code == 200
    digest = hashlib.sha256(file.content).hexdigest()
    page = Client().get(f"{public}position/").content.decode()
    assert digest in page
    assert "Con plazo" in page
    assert "Segunda secretaria inventada" in page
    assert "Compromiso de D2" in page
    document = adoption_queries.position_document(consulted.fresh())
    assert [outcome.result for outcome in document.outcomes] == ["with_reservations", "not_agreed"]
    assert document.outcomes[1].text.es == ""
    assert b"Persona" not in file.content


def test_nothing_is_adopted_while_a_text_has_no_outcome(consulted: Consulted) -> None:
    with pytest.raises(ConsultationRefused, match="no position"):
        adoption_actions.propose(by=consulted.secretariat, process=consulted.fresh(), now=NOW)
    consulted.draft()
    with pytest.raises(ConsultationRefused, match="D1"):
        adoption_actions.propose(by=consulted.secretariat, process=consulted.fresh(), now=NOW)


def test_what_changed_since_it_was_proposed_is_not_adopted(consulted: Consulted, world: World) -> None:
    decided(consulted)
    adoption = adoption_actions.propose(by=consulted.secretariat, process=consulted.fresh(), now=NOW)
    process = consulted.fresh()
    process.mandate_es = "Otro"
    process.save()
    with pytest.raises(ConsultationRefused, match="changed since"):
        adoption_actions.confirm(by=second_secretary(world), adoption=adoption, now=NOW)
    assert not Instrument.objects.exists()
    adoption_actions.withdraw(by=consulted.secretariat, adoption=adoption, now=NOW)
    adoption_actions.propose(by=consulted.secretariat, process=consulted.fresh(), now=NOW)


def test_an_adoption_that_breaks_in_the_middle_leaves_nothing(
    consulted: Consulted, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(consulted)
    adoption = adoption_actions.propose(by=consulted.secretariat, process=consulted.fresh(), now=NOW)

    def breaks(*_args: object, **_words: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(adoption_actions, "written", breaks)
    with pytest.raises(RuntimeError):
        adoption_actions.confirm(by=second_secretary(world), adoption=adoption, now=NOW)
    assert not Instrument.objects.exists()
    assert not Provision.objects.exists()
    assert consulted.fresh().state == "closed"
    assert Adoption.objects.get().state == "proposed"


def test_an_adopted_consultation_does_not_change_any_more(consulted: Consulted, world: World) -> None:
    decided(consulted)
    adoption = adoption_actions.propose(by=consulted.secretariat, process=consulted.fresh(), now=NOW)
    adoption_actions.confirm(by=second_secretary(world), adoption=adoption, now=NOW)
    process = consulted.fresh()
    assert process.instrument is not None
    for step in ("start", "close", "reopen", "convene"):
        with pytest.raises(ConsultationRefused):
            actions.take_step(by=consulted.secretariat, process=process, step=step, now=NOW)
    with pytest.raises(ConsultationRefused):
        adoption_actions.propose(by=consulted.secretariat, process=process, now=NOW)


def test_where_it_is_closed_or_adopted_nothing_is_opened_and_no_form_offers_it(
    consulted: Consulted, world: World
) -> None:
    secretariat, work = signed_in(consulted.secretariat), f"/consultation/work/{consulted.process.key}/"
    sent = {
        "question_es": "¿Qué necesita usted?",
        "question_en": "What do you need?",
        "closes_at": "2099-01-01T08:00",
        "hide_until": "closed",
        "token": str(uuid4()),
    }
    forms = {"events/": "Nueva reunión", "tables/": "Agregar un tema", "online/": "Guardar la consulta en línea"}

    def offered() -> list[str]:
        return [path for path, words in forms.items() if words in secretariat.get(f"{work}{path}").content.decode()]

    decided(consulted)
    adoption = adoption_actions.propose(by=consulted.secretariat, process=consulted.fresh(), now=NOW)
    Process.objects.update(state="at_work")
    assert offered() == list(forms)
    for state in ("closed", "adopted"):
        Process.objects.update(state="closed")
        if state == "adopted":
            adoption_actions.confirm(by=second_secretary(world), adoption=adoption, now=NOW)
        assert consulted.fresh().state == state
        assert offered() == []
        assert "Abrir una consulta en línea" not in secretariat.get(work).content.decode()
        assert "ya se cerró o adoptó su posición" in secretariat.get(f"{work}online/").content.decode()
        answer = secretariat.post(f"{work}online/", sent)
        assert answer.status_code == 422
        assert "ya se cerró o adoptó su posición" in answer.content.decode()
    assert not Poll.objects.exists()


def test_an_adopted_position_is_withdrawn_from_the_public_by_nobody(consulted: Consulted, world: World) -> None:
    decided(consulted)
    adoption = adoption_actions.propose(by=consulted.secretariat, process=consulted.fresh(), now=NOW)
    second = second_secretary(world)
    adoption_actions.confirm(by=second, adoption=adoption, now=NOW)
    desk = f"/consultation/work/{consulted.process.key}/"
    for officer in (consulted.secretariat, second):
        for what in ("process", "results"):
            refused = signed_in(officer).post(desk, {"do": "publish", "what": what, "shown": "no"})
            assert refused.status_code == 422
            assert "La posición se adoptó: su dirección y su huella" in refused.content.decode()
    assert Client().get("/consultation/processes/consulta-2027/position/").status_code == 200
    page = signed_in(second).get(desk).content.decode()
    assert "Retirar" not in page
    assert "Paso siguiente" not in page
    assert "quedan públicos y ya no se retiran" in page


def test_nothing_is_adopted_while_the_consultation_is_open_or_a_meeting_has_no_final_minutes(
    consulted: Consulted, world: World
) -> None:
    event = consulted.event("MINSAL")
    decided(consulted)
    client, desk = signed_in(consulted.secretariat), f"/consultation/work/{consulted.process.key}/"
    address = f"{desk}adoption/"
    assert client.post(desk, {"do": "step", "step": "reopen"}).status_code == 302
    assert "antes de adoptar se cierra a nuevos aportes" in client.get(address).content.decode()
    early = client.post(address, {"do": "propose"})
    assert early.status_code == 422
    assert "La consulta sigue abierta. Ciérrela" in early.content.decode()
    assert client.post(desk, {"do": "step", "step": "close"}).status_code == 302
    without = client.post(address, {"do": "propose"})
    assert without.status_code == 422
    assert "reuniones sin acta definitiva: Primera reunión" in without.content.decode()
    minutes_actions.write_minutes(
        by=consulted.secretariat, event=event, text_es="Se habló.", text_en="", version=None, now=NOW
    )
    assert client.post(address, {"do": "propose"}).status_code == 422
    assert not Adoption.objects.exists()
    assert client.post(address, {"do": "propose", "why_no_minutes": "Se perdió la grabación."}).status_code == 302
    second = signed_in(second_secretary(world))
    assert "Se perdió la grabación." in second.get(address).content.decode()
    assert client.post(desk, {"do": "step", "step": "reopen"}).status_code == 302
    assert second.post(address, {"do": "confirm"}).status_code == 422
    assert client.post(desk, {"do": "step", "step": "close"}).status_code == 302
    assert second.post(address, {"do": "confirm"}).status_code == 302
    assert consulted.fresh().state == "adopted"


def test_nothing_is_adopted_while_a_vote_has_not_closed(consulted: Consulted) -> None:
    decided(consulted)
    make_poll(consulted.world, Kind.RANK, about=consulted.process.key)
    for hours in (-2, 0):  # still to open, and open
        now = NOW + timedelta(hours=hours)
        with pytest.raises(ConsultationRefused, match="Votación inventada"):
            adoption_actions.propose(by=consulted.secretariat, process=consulted.fresh(), now=now)
    adoption_actions.propose(by=consulted.secretariat, process=consulted.fresh(), now=NOW + timedelta(hours=2))


def test_a_closed_consultation_has_no_open_table_no_question_and_no_shared_screen(
    consulted: Consulted, world: World
) -> None:
    by, table = consulted.secretariat, consulted.open_table()
    prompt = table_actions.add_prompt(by=by, table=table, text_es="¿Qué?", text_en="What?", minutes=5, now=NOW)
    table_actions.share_screen(by=by, table=table, shared=True, version=table.version, now=NOW)
    screen = f"/consultation/screen/{table.screen}/"
    assert Client().get(screen).status_code == 200
    actions.take_step(by=by, process=consulted.fresh(), step="close", now=NOW)
    assert Client().get(screen).status_code == 404
    table.refresh_from_db()
    assert (table.state, table.screen, table.ends_at) == ("closed", None, None)
    type(table).objects.update(state="open")  # as one of a consultation that was adopted before tables closed with it
    table.refresh_from_db()
    with pytest.raises(ConsultationRefused):
        table_actions.ask(by=by, table=table, prompt=prompt, version=table.version, now=NOW)
    with pytest.raises(ConsultationRefused):
        table_actions.share_screen(by=by, table=table, shared=True, version=table.version, now=NOW)
    page = signed_in(world.officers["rights_a"]).get(f"/consultation/tables/{table.key}/").content.decode()
    assert "Cerrar la mesa" in page
    assert "Preguntar y correr el tiempo" not in page
    assert "Compartir la pantalla" not in page


def test_minutes_are_amended_by_who_attended_while_the_window_is_open_and_then_final(
    consulted: Consulted, world: World
) -> None:
    event = consulted.event("MINSAL")
    address = f"/consultation/work/{consulted.process.key}/events/{event.key}/minutes/"
    secretariat = signed_in(consulted.secretariat)
    health, labour = signed_in(world.officers["focal_health"]), signed_in(world.officers["focal_labour"])
    assert health.get(address).status_code == 404  # there are none yet
    assert (
        secretariat.post(address, {"do": "write", "text_es": "Se habló.", "text_en": "They spoke."}).status_code == 302
    )
    until = timezone.localtime(timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    assert secretariat.post(address, {"do": "window", "open_until": until, "version": "1"}).status_code == 302
    asked = {"do": "request", "text": "Falta una línea", "token": str(uuid4())}
    assert health.post(address, asked).status_code == health.post(address, asked).status_code == 302
    refused = labour.post(address, {**asked, "token": str(uuid4())})
    assert refused.status_code == 422
    assert "quien asistió" in refused.content.decode()
    early = secretariat.post(address, {"do": "final", "version": "2"})
    assert early.status_code == 422
    minutes = Minutes.objects.get()
    later = minutes.open_until + timedelta(seconds=1)  # type: ignore[operator]
    assert "Pedir la enmienda" in health.get(address).content.decode()
    Minutes.objects.update(open_until=timezone.now() - timedelta(seconds=1))
    for client in (health, secretariat):
        page = client.get(address).content.decode()
        assert "terminó el plazo de enmiendas" in page
        assert "abierta a enmiendas" not in page
        assert "Pedir la enmienda" not in page
    late = health.post(address, {**asked, "text": "Tarde", "token": str(uuid4())})
    assert late.status_code == 422
    assert "Tarde" in late.content.decode(), "what was typed stays"
    Minutes.objects.update(open_until=minutes.open_until)
    with pytest.raises(MinutesRefused, match="without an answer"):
        minutes_actions.make_final(by=consulted.secretariat, minutes=minutes, version=minutes.version, now=later)
    with pytest.raises(MinutesRefused, match="time to ask"):
        minutes_actions.ask_amendment(
            by=world.officers["focal_health"],
            minutes=minutes,
            invitation=consulted.invitation("MINSAL"),
            text="Tarde",
            now=later,
        )
    minutes_actions.answer_request(
        by=consulted.secretariat, amendment=minutes.amendments.get(), taken=True, answer="Sí", now=later
    )
    minutes_actions.write_minutes(
        by=consulted.secretariat,
        event=event,
        text_es="Se habló. Línea.",
        text_en="They spoke. Line.",
        version=minutes.version,
        now=later,
    )
    minutes.refresh_from_db()
    minutes_actions.make_final(by=consulted.secretariat, minutes=minutes, version=minutes.version, now=later)
    assert minutes.state == MinutesState.FINAL
    assert minutes.sha256 == hashlib.sha256("Se habló. Línea.\nThey spoke. Line.\n".encode()).hexdigest()
    with pytest.raises(MinutesRefused, match="final"):
        minutes_actions.write_minutes(
            by=consulted.secretariat, event=event, text_es="x", text_en="x", version=minutes.version, now=later
        )
    public = f"/consultation/processes/consulta-2027/minutes/{event.key}/"
    assert Client().get(public).status_code == 404
    for results in (False, True):
        actions.publish(by=consulted.secretariat, process=consulted.fresh(), results=results, shown=True, now=NOW)
    page = Client().get(public).content.decode()
    assert minutes.sha256 in page
    assert "Ministerio de Salud" in page


def test_two_who_write_minutes_at_once_are_told(consulted: Consulted, world: World) -> None:
    event = consulted.event()
    address = f"/consultation/work/{consulted.process.key}/events/{event.key}/minutes/"
    first, second = signed_in(consulted.secretariat), signed_in(second_secretary(world))
    form = {"do": "write", "text_es": "Uno", "text_en": "One"}
    assert first.post(address, form).status_code == first.post(address, form).status_code == 302
    assert first.post(address, {**form, "text_es": "Dos", "version": "1"}).status_code == 302
    late = second.post(address, {**form, "text_es": "Tres", "version": "1"})
    assert late.status_code == 409
    assert "Tres" in late.content.decode()
    assert Minutes.objects.get().text_es == "Dos"
