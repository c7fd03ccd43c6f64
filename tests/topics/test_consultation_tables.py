"""Round tables and contributions: who writes, what becomes of what was said, and what the receipt tells."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from tests.consulted import Consulted, second_secretary, signed_in
from tests.world import NOW, World
from torogoz.domain.consultations import ConsultationRefused, ContributionState
from torogoz.domain.moderation import Ground
from torogoz.shared.audit.models import RecordIsAppendOnly
from torogoz.topics.consultation import actions, contribution_actions, table_actions
from torogoz.topics.consultation.acting import NotAllowed
from torogoz.topics.consultation.models import Contribution, ContributionEvent
from torogoz.topics.consultation.process_models import TableDuty

pytestmark = pytest.mark.django_db


@pytest.fixture
def consulted(world: World) -> Consulted:
    return Consulted(world)


def test_who_was_named_writes_at_the_table_and_nobody_else(consulted: Consulted, world: World) -> None:
    table = consulted.open_table()
    address = f"/consultation/tables/{table.key}/"
    said = {"do": "capture", "text": "Papeles más baratos", "language": "es", "token": str(uuid4())}
    assert signed_in(world.officers["labour_a"]).post(address, said).status_code == 302
    for username in ("focal_health", "registrar_a", "ombudsman"):
        client = signed_in(world.officers[username])
        assert client.get(address).status_code == client.post(address, said).status_code == 404, username
    assert Client().get(address).status_code == 302
    (one,) = Contribution.objects.all()
    assert (one.text, one.channel, one.typed_by) == ("Papeles más baratos", "table", world.officers["labour_a"])


def test_a_rapporteur_writes_and_does_not_lead(consulted: Consulted, world: World) -> None:
    table = consulted.table()
    rapporteur, facilitator = signed_in(world.officers["labour_a"]), signed_in(world.officers["rights_a"])
    address = f"/consultation/tables/{table.key}/"
    assert rapporteur.post(address, {"do": "open", "version": "1"}).status_code == 404
    assert facilitator.post(address, {"do": "open", "version": "1"}).status_code == 302
    table.refresh_from_db()
    assert table.state == "open"


def test_who_is_taken_off_a_table_sees_it_no_more_and_what_was_written_stays(
    consulted: Consulted, world: World
) -> None:
    table = consulted.open_table()
    consulted.say(table, "Algo")
    duty = TableDuty.objects.get(officer=world.officers["labour_a"])
    table_actions.end_duty(by=consulted.secretariat, duty=duty, now=NOW)
    assert signed_in(world.officers["labour_a"]).get(f"/consultation/tables/{table.key}/").status_code == 404
    assert Contribution.objects.get().typed_by == world.officers["labour_a"]


def test_a_form_that_arrives_twice_is_one_contribution(consulted: Consulted, world: World) -> None:
    table = consulted.open_table()
    client, token = signed_in(world.officers["labour_a"]), str(uuid4())
    said = {"do": "capture", "text": "Una vez", "language": "es", "token": token}
    for _ in range(2):
        assert client.post(f"/consultation/tables/{table.key}/", said).status_code == 302
    other = client.post(f"/consultation/tables/{table.key}/", {**said, "text": "Otra cosa"})
    assert other.status_code == 422
    assert "Otra cosa" in other.content.decode()
    assert Contribution.objects.count() == 1


def test_paper_is_typed_in_with_its_sheet_also_after_the_table_closed(consulted: Consulted, world: World) -> None:
    table = consulted.open_table()
    table_actions.open_table(by=consulted.secretariat, table=table, opened=False, version=table.version, now=NOW)
    with pytest.raises(ConsultationRefused, match="not open"):
        consulted.say(table, "Dicho tarde")
    with pytest.raises(ConsultationRefused, match="which sheet"):
        consulted.say(table, "De una hoja", from_paper=True)
    one = consulted.say(table, "De una hoja", from_paper=True, sheet="M1-07")
    assert (one.channel, one.sheet, one.typed_by) == ("paper", "M1-07", world.officers["labour_a"])


def test_the_timer_is_written_by_the_server_and_ends(consulted: Consulted, world: World) -> None:
    table = consulted.open_table()
    facilitator = world.officers["rights_a"]
    prompt = table_actions.add_prompt(
        by=facilitator, table=table, text_es="¿Qué falta?", text_en="?", minutes=15, now=NOW
    )
    now = timezone.now()
    table_actions.ask(by=facilitator, table=table, prompt=prompt, version=table.version, now=now)
    page = signed_in(facilitator).get(f"/consultation/tables/{table.key}/screen/").content.decode()
    assert "¿Qué falta?" in page
    assert "Quedan 15 minutos" in page
    assert "<form" not in page
    assert "<script" not in page
    table_actions.ask(
        by=facilitator, table=table, prompt=prompt, version=table.version, now=now - timedelta(minutes=16)
    )
    page = signed_in(facilitator).get(f"/consultation/tables/{table.key}/screen/").content.decode()
    assert "Se terminó el tiempo" in page


def test_the_shared_screen_shows_the_prompt_without_an_account_while_the_table_is_open(consulted: Consulted) -> None:
    table = consulted.open_table()
    consulted.say(table, "Esto no se proyecta sin entrar")
    table_actions.share_screen(by=consulted.secretariat, table=table, shared=True, version=table.version, now=NOW)
    address = f"/consultation/screen/{table.screen}/"
    answer = Client().get(address)
    assert answer.status_code == 200
    assert not answer.cookies
    assert "no se proyecta" not in answer.content.decode()
    table_actions.open_table(by=consulted.secretariat, table=table, opened=False, version=table.version, now=NOW)
    assert Client().get(address).status_code == 404
    assert table.screen is None


def test_two_who_lead_at_once_do_not_overtake_each_other(consulted: Consulted, world: World) -> None:
    table = consulted.open_table()
    version = str(table.version)
    first, second = signed_in(consulted.secretariat), signed_in(world.officers["rights_a"])
    address = f"/consultation/tables/{table.key}/"
    assert first.post(address, {"do": "share", "version": version}).status_code == 302
    assert second.post(address, {"do": "close", "version": version}).status_code == 409
    table.refresh_from_db()
    assert table.state == "open"


def test_merged_contributions_stay_and_lead_to_what_they_became(consulted: Consulted) -> None:
    table = consulted.open_table()
    one, two = consulted.say(table, "Menos tasas"), consulted.say(table, "Bajar el costo")
    made = contribution_actions.merge(
        by=consulted.secretariat, contributions=[one, two], text="Bajar las tasas", language="es", now=NOW
    )
    for source in (one, two):
        source.refresh_from_db()
        assert source.state == "merged"
        assert source.became.get().target == made
    assert Contribution.objects.count() == 3
    with pytest.raises(ConsultationRefused):
        contribution_actions.merge(
            by=consulted.secretariat, contributions=[one, made], text="x", language="es", now=NOW
        )
    with pytest.raises(ConsultationRefused, match="at least two"):
        contribution_actions.merge(
            by=consulted.secretariat, contributions=[made, made], text="x", language="es", now=NOW
        )


def test_a_contribution_is_split_reworded_and_adopted_and_its_receipt_tells_all_of_it(consulted: Consulted) -> None:
    table = consulted.open_table()
    said = consulted.say(table, "Menos tasas y más consulados")
    fees, consulates = contribution_actions.split(
        by=consulted.secretariat, contribution=said, texts=["Menos tasas", "Más consulados", ""], now=NOW
    )
    worded = contribution_actions.reword(
        by=consulted.secretariat, contribution=fees, text="Reducir el costo de los documentos", language="es", now=NOW
    )
    draft = consulted.draft()
    contribution_actions.adopt_in(by=consulted.secretariat, contribution=worded, draft=draft, now=NOW)
    contribution_actions.adopt_in(by=consulted.secretariat, contribution=worded, draft=draft, now=NOW)
    assert worded.became.count() == 1
    contribution_actions.judge(
        by=consulted.secretariat,
        contribution=consulates,
        said=ContributionState.NOT_ADOPTED,
        ground=None,
        reason_es="Ya está en la ley.",
        reason_en="It is in the law already.",
        version=consulates.version,
        now=NOW,
    )
    actions.publish(by=consulted.secretariat, process=consulted.fresh(), results=False, shown=True, now=NOW)
    hidden = Client().post("/consultation/receipt/", {"receipt": said.receipt}).content.decode()
    assert "Menos tasas y más consulados" in hidden
    assert "Reducir el costo" not in hidden  # results are not open yet
    actions.publish(by=consulted.secretariat, process=consulted.fresh(), results=True, shown=True, now=NOW)
    page = Client().post("/consultation/receipt/", {"receipt": said.receipt.lower().replace("-", " ")}).content.decode()
    told = " ".join(strip_tags(page).split())
    assert (
        "Se dividió en partes: «Menos tasas» Se dijo con otras palabras: «Reducir el costo de los documentos» "
        "Se recogió en «D1 Migración regular». «Más consulados» No se recogió en ningún texto. Paso a paso"
    ) in told
    assert told.count("dividi") == 2  # what became of it, and once with its day
    refused = Client().post("/consultation/receipt/?lang=en", {"receipt": consulates.receipt}).content.decode()
    assert "It is in the law already." in refused


def test_a_receipt_of_an_unpublished_consultation_tells_nothing(consulted: Consulted) -> None:
    said = consulted.say(consulted.open_table(), "Secreto todavía")
    for code in (said.receipt, "22222-22222", "x", ""):
        page = Client().post("/consultation/receipt/", {"receipt": code}).content.decode()
        assert "Secreto todavía" not in page


def test_what_is_set_aside_needs_a_ground_and_a_reason_and_is_kept(consulted: Consulted, world: World) -> None:
    said = consulted.say(consulted.open_table(), "Compre mi producto")
    judged = {
        "by": consulted.secretariat,
        "contribution": said,
        "said": ContributionState.SET_ASIDE,
        "reason_es": "Es propaganda.",
        "reason_en": "Advertising.",
        "now": NOW,
    }
    with pytest.raises(ConsultationRefused, match="ground"):
        contribution_actions.judge(**judged, ground=None, version=1)  # type: ignore[arg-type]
    with pytest.raises(ConsultationRefused):
        contribution_actions.judge(**{**judged, "reason_en": " "}, ground=Ground.ADVERT, version=1)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        contribution_actions.judge(**{**judged, "by": world.officers["labour_a"]}, ground=Ground.ADVERT, version=1)  # type: ignore[arg-type]
    contribution_actions.judge(**judged, ground=Ground.ADVERT, version=1)  # type: ignore[arg-type]
    for results in (False, True):
        actions.publish(by=consulted.secretariat, process=consulted.fresh(), results=results, shown=True, now=NOW)
    assert "Compre" not in Client().get("/consultation/processes/consulta-2027/said/").content.decode()
    told = Client().post("/consultation/receipt/", {"receipt": said.receipt}).content.decode()
    assert "Es propaganda." in told
    said.refresh_from_db()
    contribution_actions.judge(
        **{**judged, "said": ContributionState.KEPT},
        ground=None,
        version=said.version,  # type: ignore[arg-type]
    )
    assert [entry.state for entry in said.log.order_by("pk")] == ["received", "set_aside", "kept"]
    assert "Compre" in Client().get("/consultation/processes/consulta-2027/said/").content.decode()


def test_words_that_were_set_aside_are_read_nowhere_by_the_public_nor_in_what_they_were_made_of(
    consulted: Consulted,
) -> None:
    table, by = consulted.open_table(), consulted.secretariat
    said = consulted.say(table, "Más consulados; Fulano es un ladrón")
    worded = contribution_actions.reword(
        by=by, contribution=said, text="Consulados. Fulano roba", language="es", now=NOW
    )
    texts = ["Más consulados", "Fulano roba"]
    _good, bad = contribution_actions.split(by=by, contribution=worded, texts=texts, now=NOW)
    other = consulted.say(table, "Bajar las tasas")

    def judged(as_what: ContributionState, ground: Ground | None) -> None:
        bad.refresh_from_db()
        contribution_actions.judge(
            by=by,
            contribution=bad,
            said=as_what,
            ground=ground,
            reason_es="Insulta.",
            reason_en="It insults.",
            version=bad.version,
            now=NOW,
        )

    judged(ContributionState.SET_ASIDE, Ground.INSULT)
    for results in (False, True):
        actions.publish(by=by, process=consulted.fresh(), results=results, shown=True, now=NOW)
    pages = [f"/consultation/processes/consulta-2027/{name}" for name in ("said/", "")]
    for page in pages:
        assert "Fulano" not in Client().get(page).content.decode(), page
    page = Client().get(pages[0]).content.decode()
    assert "Más consulados" in page, "the other part is shown"
    assert other.text in page
    own = " ".join(
        strip_tags(Client().post("/consultation/receipt/", {"receipt": said.receipt}).content.decode()).split()
    )
    assert own.count("Fulano") == 1, "the own words, and not those that were made of them"
    told = r"Se dividió en partes: «Más consulados» [^«]+\.\s*Se apartó, según la política de moderación\."
    assert re.search(told, own)
    seen = signed_in(by).get(f"/consultation/contributions/{said.key}/").content.decode()
    assert "Consulados. Fulano roba" in seen, "who works on it reads all"
    judged(ContributionState.KEPT, None)
    assert Client().get(pages[0]).content.decode().count("Fulano") == 3 + 2, (
        "kept again, all is read: 3 and 2 under others"
    )


def test_the_log_of_moderation_is_only_added_to(consulted: Consulted) -> None:
    consulted.say(consulted.open_table(), "Algo")
    with pytest.raises(RecordIsAppendOnly):
        ContributionEvent.objects.all().delete()
    with pytest.raises(RecordIsAppendOnly):
        ContributionEvent.objects.update(reason_es="otra")


def test_two_who_judge_at_once_are_told(consulted: Consulted, world: World) -> None:
    said = consulted.say(consulted.open_table(), "Algo")
    address = f"/consultation/contributions/{said.key}/"
    first, second = signed_in(consulted.secretariat), signed_in(second_secretary(world))
    no = {"do": "judge", "said": "not_adopted", "reason_es": "a", "reason_en": "b", "version": "1"}
    assert first.post(address, no).status_code == 302
    late = second.post(address, {**no, "said": "set_aside", "ground": "insult"})
    assert late.status_code in (409, 422)
    said.refresh_from_db()
    assert said.state == "not_adopted"


def test_the_policy_is_published_in_both_languages(client: Client) -> None:
    assert "Insulta o incita al odio" in client.get("/consultation/policy/").content.decode()
    assert "Insults or incites hatred" in client.get("/consultation/policy/?lang=en").content.decode()


def test_the_screen_of_a_table_asks_itself_again_without_javascript(consulted: Consulted) -> None:
    table = consulted.open_table()
    page = signed_in(consulted.secretariat).get(f"/consultation/tables/{table.key}/screen/").content.decode()
    assert re.search(r'http-equiv="refresh" content="\d+"', page)
