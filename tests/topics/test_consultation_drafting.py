"""Drafting and deciding: versions, amendments, positions with their reasons, and outcomes, not agreed among them."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from tests.consulted import Consulted, second_secretary, signed_in
from tests.world import NOW, World
from torogoz.domain.consultations import ConsultationRefused, Reply
from torogoz.domain.deliberation import DeliberationRefused, Stance
from torogoz.shared.audit.models import RecordIsAppendOnly
from torogoz.topics.consultation import actions, drafting_actions, drafting_queries
from torogoz.topics.consultation.acting import NotAllowed
from torogoz.topics.consultation.models import Amendment, Draft, DraftVersion, Outcome, SeatPosition

pytestmark = pytest.mark.django_db


@pytest.fixture
def consulted(world: World) -> Consulted:
    return Consulted(world)


def newest(draft: Draft) -> DraftVersion:
    found = drafting_queries.newest_version(draft)
    assert found is not None
    return found


def speak(consulted: Consulted, draft: Draft, body: str, stance: Stance, reason: str = "", **details: object) -> None:
    by = {"MINSAL": "focal_health", "MTPS": "focal_labour"}.get(body)
    drafting_actions.take_position(
        by=consulted.world.officers[by] if by else consulted.secretariat,
        version=newest(draft),
        invitation=consulted.invitation(body),
        stance=stance,
        reason=reason,
        sheet="" if by else "carta 3",
        now=NOW,
    )


def record(consulted: Consulted, draft: Draft) -> Outcome:
    draft.refresh_from_db()
    return drafting_actions.record_outcome(by=consulted.secretariat, draft=draft, version=draft.version, now=NOW)


def test_the_list_of_texts_opens_also_for_who_begins_none(consulted: Consulted, world: World) -> None:
    address = f"/consultation/work/{consulted.process.key}/drafts/"
    consulted.table()
    consulted.draft()
    focal, secretariat = signed_in(world.officers["focal_health"]), signed_in(consulted.secretariat)
    for _ in ("at work", "closed"):
        assert "Migración regular" in focal.get(address).content.decode()
        assert "Empezar un texto" not in focal.get(address).content.decode()
        assert secretariat.get(address).status_code == 200
        if consulted.fresh().state == "at_work":
            actions.take_step(by=consulted.secretariat, process=consulted.fresh(), step="close", now=NOW)
    assert "Empezar un texto" not in secretariat.get(address).content.decode()


def test_versions_stand_beside_each_other_with_the_words_that_changed(consulted: Consulted) -> None:
    draft = consulted.draft()
    client = signed_in(consulted.secretariat)
    form = {"do": "version", "version": "1", "text_es": "Migrar con permiso.", "text_en": "To migrate with leave."}
    assert client.post(f"/consultation/drafts/{draft.key}/", form).status_code == 422  # why is missing
    assert client.post(f"/consultation/drafts/{draft.key}/", {**form, "why": "Más claro"}).status_code == 302
    page = client.get(f"/consultation/drafts/{draft.key}/").content.decode()
    assert "<del>papeles</del><ins>permiso</ins>" in page
    assert "<del>papers</del><ins>leave</ins>" in page
    with pytest.raises(RecordIsAppendOnly):
        DraftVersion.objects.update(text_es="otra")


def test_two_who_write_at_once_lose_nothing(consulted: Consulted, world: World) -> None:
    draft = consulted.draft()
    address = f"/consultation/drafts/{draft.key}/"
    first, second = signed_in(consulted.secretariat), signed_in(second_secretary(world))
    form = {"do": "version", "version": "1", "text_es": "Uno.", "text_en": "One.", "why": "a"}
    assert first.post(address, form).status_code == 302
    late = second.post(address, {**form, "text_es": "Dos.", "text_en": "Two."})
    assert late.status_code == 409
    page = late.content.decode()
    assert "Dos." in page
    assert "Uno." in page
    assert 'name="version" value="2"' in page
    assert draft.versions.count() == 2


def test_an_institution_asks_for_an_amendment_once_and_gets_an_answer_with_its_reason(
    consulted: Consulted, world: World
) -> None:
    consulted.accept_all()
    draft = consulted.draft()
    address = f"/consultation/drafts/{draft.key}/"
    asked = {"do": "amend", "text_es": "Con permiso", "reason": "La ley dice así", "token": str(uuid4())}
    focal = signed_in(world.officers["focal_health"])
    for _ in range(2):
        assert focal.post(address, asked).status_code == 302
    amendment = Amendment.objects.get()
    page = signed_in(consulted.secretariat).get(f"/consultation/drafts/{draft.key}/").content.decode()
    versions = re.findall(r'name="version" value="([^"]*)"', page)
    assert versions
    assert all(one.isdigit() for one in versions), "a version that a form carries is a number"
    answer = {"do": "answer", "row": str(amendment.key), "taken": "yes", "answer": "De acuerdo"}
    assert focal.post(address, answer).status_code == 404
    opening = {"do": "decide", "version": str(draft.version)}
    refused = signed_in(consulted.secretariat).post(address, opening)
    assert refused.status_code == 422
    assert "enmiendas sin respuesta" in refused.content.decode()
    assert signed_in(consulted.secretariat).post(address, answer).status_code == 302
    amendment.refresh_from_db()
    assert (amendment.state, amendment.answer) == ("taken", "De acuerdo")
    assert signed_in(consulted.secretariat).post(address, answer).status_code == 404  # answered once


def test_who_disagrees_or_blocks_owes_a_reason(consulted: Consulted, world: World) -> None:
    draft = consulted.deciding()
    focal = signed_in(world.officers["focal_health"])
    answer = focal.post(f"/consultation/drafts/{draft.key}/", {"do": "position", "stance": "block", "reason": " "})
    assert answer.status_code == 422
    assert "Escriba por qué" in answer.content.decode()
    with pytest.raises(DeliberationRefused):
        speak(consulted, draft, "MTPS", Stance.DISAGREE)
    assert not SeatPosition.objects.exists()


def test_a_body_that_has_not_accepted_takes_no_position_and_no_other_speaks_for_it(
    consulted: Consulted, world: World
) -> None:
    draft = consulted.deciding()
    labour = consulted.invitation("MTPS")
    with pytest.raises(NotAllowed):
        drafting_actions.take_position(
            by=world.officers["focal_health"],
            version=newest(draft),
            invitation=labour,
            stance=Stance.BLOCK,
            reason="x",
            now=NOW,
        )
    actions.answer_invitation(
        by=world.officers["focal_labour"], invitation=labour, reply=Reply.NO, note="", version=labour.version, now=NOW
    )
    with pytest.raises(ConsultationRefused, match="accepted the invitation"):
        speak(consulted, draft, "MTPS", Stance.AGREE)


def test_paper_is_typed_with_its_sheet_and_never_over_who_spoke_itself(consulted: Consulted, world: World) -> None:
    draft = consulted.deciding()
    speak(consulted, draft, "MINSAL", Stance.AGREE)
    client, address = signed_in(consulted.secretariat), f"/consultation/drafts/{draft.key}/"
    typed = {"do": "paper", "stance": "agree", "reason": ""}
    association = {"row": str(consulted.invitation("Asociación inventada").key)}
    assert client.post(address, {**typed, **association}).status_code == 422
    assert client.post(address, {**typed, **association, "sheet": "carta 3"}).status_code == 302
    over = {"row": str(consulted.invitation("MINSAL").key), "sheet": "hoja 9"}
    assert client.post(address, {**typed, **over, "stance": "block", "reason": "x"}).status_code == 404
    with pytest.raises(ConsultationRefused, match="through its own officer"):
        drafting_actions.take_position(
            by=consulted.secretariat,
            version=newest(draft),
            invitation=consulted.invitation("MINSAL"),
            stance=Stance.AGREE,
            reason="",
            sheet="hoja 9",
            now=NOW,
        )
    assert "en papel, carta 3" in client.get(address).content.decode()


def test_a_position_may_change_until_the_outcome_and_the_newest_holds(consulted: Consulted) -> None:
    draft = consulted.deciding()
    speak(consulted, draft, "MINSAL", Stance.DISAGREE, "No está claro")
    speak(consulted, draft, "MINSAL", Stance.DISAGREE, "No está claro")
    speak(consulted, draft, "MINSAL", Stance.AGREE)
    speak(consulted, draft, "MTPS", Stance.AGREE)
    assert SeatPosition.objects.count() == 3
    outcome = record(consulted, draft)
    assert (outcome.result, outcome.silent) == ("agreed", 1)
    assert outcome.tally == {"agree": 2, "reservations": 0, "abstain": 0, "disagree": 0, "block": 0}
    with pytest.raises(ConsultationRefused):
        speak(consulted, draft, "MTPS", Stance.BLOCK, "tarde")


def test_without_quorum_nothing_is_decided_and_the_text_stays_open(consulted: Consulted) -> None:
    draft = consulted.deciding()
    speak(consulted, draft, "MINSAL", Stance.AGREE)
    client = signed_in(consulted.secretariat)
    form = {"do": "record", "version": str(draft.version)}
    answer = client.post(f"/consultation/drafts/{draft.key}/", form)
    assert answer.status_code == 422
    assert "No hay quórum" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.state == "deciding"
    assert not Outcome.objects.exists()


def test_not_agreed_is_an_outcome_that_keeps_the_agreed_points_and_the_dissent(consulted: Consulted) -> None:
    draft = consulted.draft()
    points = [
        drafting_actions.add_point(
            by=consulted.secretariat,
            draft=draft,
            code=code,
            kind="principle",
            text_es=f"Punto {code}",
            text_en=f"Point {code}",
            now=NOW,
        )
        for code in ("D1.1", "D1.2", "D1.3")
    ]
    drafting_actions.settle_point(by=consulted.secretariat, point=points[0], agreed=True, now=NOW)
    drafting_actions.settle_point(by=consulted.secretariat, point=points[1], agreed=False, now=NOW)
    consulted.accept_all()
    drafting_actions.open_decision(by=consulted.secretariat, draft=draft, version=draft.version, now=NOW)
    speak(consulted, draft, "MINSAL", Stance.AGREE)
    speak(consulted, draft, "MTPS", Stance.BLOCK, "Falta consultar")
    outcome = record(consulted, draft)
    assert outcome.result == "not_agreed"
    assert outcome.reasons[0]["why"] == "blocked"
    assert [(one["stance"], one["reason"]) for one in outcome.dissent] == [("block", "Falta consultar")]
    assert [point.agreed for point in draft.points.order_by("position")] == [True, False, None]
    with pytest.raises(RecordIsAppendOnly):
        Outcome.objects.update(result="agreed")
    for results in (False, True):
        actions.publish(by=consulted.secretariat, process=consulted.fresh(), results=results, shown=True, now=NOW)
    page = Client().get("/consultation/processes/consulta-2027/outcomes/D1/").content.decode()
    assert "Sin acuerdo" in page
    assert "Punto D1.1" in page
    assert "Falta consultar" in page
    assert "Migrar con papeles" not in page


def test_that_there_was_no_agreement_is_recorded_with_why_in_both_languages(consulted: Consulted) -> None:
    draft = consulted.draft()
    client, address = signed_in(consulted.secretariat), f"/consultation/drafts/{draft.key}/"
    form = {"do": "no_agreement", "note_es": "Faltó tiempo.", "version": str(draft.version)}
    assert client.post(address, form).status_code == 422
    assert client.post(address, {**form, "note_en": "There was no time."}).status_code == 302
    outcome = Outcome.objects.get()
    assert (outcome.result, outcome.silent, outcome.dissent) == ("not_agreed", 3, [])


def test_a_new_version_asks_everybody_again(consulted: Consulted) -> None:
    draft = consulted.deciding()
    speak(consulted, draft, "MINSAL", Stance.AGREE)
    before = newest(draft)
    drafting_actions.write_version(
        by=consulted.secretariat, draft=draft, text_es="Otra.", text_en="Other.", why="x", expected=1, now=NOW
    )
    draft.refresh_from_db()
    assert draft.state == "writing"
    drafting_actions.open_decision(by=consulted.secretariat, draft=draft, version=draft.version, now=NOW)
    with pytest.raises(ConsultationRefused, match="newer version"):
        drafting_actions.take_position(
            by=consulted.world.officers["focal_health"],
            version=before,
            invitation=consulted.invitation("MINSAL"),
            stance=Stance.AGREE,
            reason="",
            now=NOW,
        )
    assert drafting_queries.standing_positions(newest(draft)) == {}


def test_the_code_of_a_text_is_no_code_of_a_theme_or_of_a_point(consulted: Consulted) -> None:
    consulted.table()
    for code in ("T1", "D1"):
        if code == "D1":
            consulted.draft("D1")
        with pytest.raises(ConsultationRefused, match="already used"):
            consulted.draft(code)


def test_strangers_and_others_read_no_text_before_it_is_published(consulted: Consulted, world: World) -> None:
    draft = consulted.draft()
    address = f"/consultation/drafts/{draft.key}/"
    assert Client().get(address).status_code == 302
    for username in ("registrar_a", "ombudsman", "labour_a"):
        assert signed_in(world.officers[username]).get(address).status_code == 404
    assert signed_in(world.officers["focal_labour"]).get(address).status_code == 200
    assert signed_in(consulted.secretariat).get(f"/consultation/drafts/{uuid4()}/").status_code == 404
