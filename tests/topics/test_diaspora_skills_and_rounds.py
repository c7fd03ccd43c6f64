"""Skills offered by people abroad, whose contact is never public; and rounds of funds that associations decide."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.cache import cache
from django.test import Client

from tests.topics.test_diaspora_projects import association, officer_of_a_municipality, project, signed_in
from tests.world import World
from torogoz.domain.community_projects import FundKind, ProjectRefused
from torogoz.domain.community_projects import Step as ProjectStep
from torogoz.domain.polls import PollRefused
from torogoz.domain.skills import Field, OfferRefused
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions.models import Officer
from torogoz.shared.places import actions as places
from torogoz.shared.polls.models import Poll
from torogoz.topics.diaspora.acting import NotAllowed
from torogoz.topics.diaspora.models import Fund, Offer, OfferContact, Project, Round, RoundElector, SkillMatch
from torogoz.topics.diaspora.project_actions import record_fund
from torogoz.topics.diaspora.round_actions import RoundSaid, open_round, publish_round, vote_in_round
from torogoz.topics.diaspora.skill_actions import ask_for_skill, match_offer, offer_skill, withdraw_offer

pytestmark = pytest.mark.django_db
WHO, REACHED = "Doctora Inventada", "inventada@example.org"
FORM = {
    "field": "health",
    "skill": "Enfermería pediátrica",
    "languages": ["es"],
    "availability": "dos horas a la semana",
    "country": "CAN",
    "name": WHO,
    "contact": REACHED,
    "consents": "on",
}


@pytest.fixture(autouse=True)
def lists() -> None:
    codelists.load()
    places.load()
    cache.clear()


def now() -> datetime:
    return datetime.now(UTC)


def offered(**changes: Any) -> tuple[Offer, str]:
    words: dict[str, Any] = FORM | {"field": Field.HEALTH, "consents": True} | changes
    return offer_skill(**words, token=uuid4(), now=now())


def test_nothing_is_kept_of_somebody_who_does_not_consent(world: World) -> None:
    refused = Client().post(
        "/diaspora/skills/new/", {name: value for name, value in FORM.items() if name != "consents"}
    )
    assert refused.status_code == 422
    assert "Enfermería pediátrica" in refused.content.decode()
    assert not Offer.objects.exists()
    with pytest.raises(OfferRefused):
        offered(consents=False)


def test_the_code_withdraws_an_offer_and_all_that_was_said_is_gone_at_once(world: World) -> None:
    answer = Client().post("/diaspora/skills/new/", FORM)
    found = re.search(r">([0-9A-Z]{5}-[0-9A-Z]{5})<", answer.content.decode())
    assert found
    assert 'href="/diaspora/skills/withdraw/"' in answer.content.decode()
    assert "/diaspora/receipt/" not in answer.content.decode(), "which knows codes of associations only"
    assert Client().post("/diaspora/skills/withdraw/", {"code": found[1]}).status_code == 200
    assert not OfferContact.objects.exists()
    assert Offer.objects.get().skill == ""
    assert Client().post("/diaspora/skills/withdraw/", {"code": found[1]}).status_code == 422
    assert "Enfermería" not in signed_in(world.officers["health_a"]).get("/diaspora/desk/skills/").content.decode()


def test_only_the_institution_that_received_an_offer_reads_it_and_each_opening_is_recorded(world: World) -> None:
    offer, _ = offered()
    page, contact = f"/diaspora/desk/skills/{offer.key}/", f"/diaspora/desk/skills/{offer.key}/contact/"
    own = signed_in(world.officers["health_b"])
    assert "Enfermería" in own.get(page).content.decode()
    assert WHO in own.post(contact).content.decode()
    event = AccessEvent.objects.order_by("-sequence")[0]
    assert (event.officer, event.institution, event.sections) == ("health_b", "MINSAL", ["contacts"])
    for name in ("consular_a", "labour_a", "police_a", "supervisor_a", "secretariat", "data_protection"):
        other = signed_in(world.officers[name])
        assert other.get(page).status_code == 404, name
        assert other.post(contact).status_code == 404, name
        assert "Enfermería" not in other.get("/diaspora/desk/skills/").content.decode(), name
    assert Client().post(contact).status_code == 302


def test_no_page_list_or_record_shows_who_offers(world: World) -> None:
    offer, code = offered()
    request = ask_for_skill(
        by=world.officers["health_a"],
        institution="MINSAL",
        field=Field.HEALTH,
        what_es="Formación a distancia en pediatría",
        what_en="Distance training in paediatrics",
        until=date(2099, 1, 1),
        now=now(),
    )
    match_offer(by=world.officers["health_a"], offer=offer, request=request, now=now())
    own = signed_in(world.officers["health_a"])
    pages = [Client().get(address) for address in ("/diaspora/", "/diaspora/skills/", "/diaspora/skills/?lang=en", "/")]
    pages += [own.get("/diaspora/desk/skills/"), own.get(f"/diaspora/desk/skills/{offer.key}/")]
    for page in pages:
        assert page.status_code == 200
        assert WHO not in page.content.decode()
        assert REACHED not in page.content.decode()
    assert "Enfermería" not in "".join(page.content.decode() for page in pages[:4])
    assert "Distance training" in pages[2].content.decode()
    kept = str(list(Offer.objects.values_list())) + str(list(AccessEvent.objects.values_list("path", "subjects")))
    assert WHO not in kept
    assert code not in kept


def test_an_offer_is_matched_by_who_received_it_within_its_field(world: World) -> None:
    offer, _ = offered()
    asked = {
        "what_es": "Algo que se pide",
        "what_en": "Something asked for",
        "until": date(2099, 1, 1),
        "now": now(),
    }
    work = ask_for_skill(by=world.officers["labour_a"], institution="MTPS", field=Field.WORK, **asked)  # type: ignore[arg-type]
    health = ask_for_skill(by=world.officers["labour_a"], institution="MTPS", field=Field.HEALTH, **asked)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        ask_for_skill(by=world.officers["labour_a"], institution="MINSAL", field=Field.HEALTH, **asked)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        match_offer(by=world.officers["labour_a"], offer=offer, request=health, now=now())
    with pytest.raises(OfferRefused):
        match_offer(by=world.officers["health_a"], offer=offer, request=work, now=now())
    match_offer(by=world.officers["health_a"], offer=offer, request=health, now=now())
    with pytest.raises(OfferRefused):
        match_offer(by=world.officers["health_a"], offer=offer, request=health, now=now())
    withdraw_offer(offer=offer, now=now())
    with pytest.raises(OfferRefused):
        match_offer(by=world.officers["health_a"], offer=offer, request=health, now=now())
    assert SkillMatch.objects.count() == 1


def opened(world: World, budget: str = "1000", **ratio: Decimal) -> tuple[Round, list[Project]]:
    here = officer_of_a_municipality(world, f"m{uuid4().hex[:6]}")
    found = [
        project(world, here, ProjectStep.CHECK, ProjectStep.OPEN, title=f"Proyecto {cost}", budget=Decimal(cost))
        for cost in (600, 400, 300)
    ]
    begins = now()
    said = RoundSaid(
        "Ronda inventada",
        "Made-up round",
        Decimal(budget),
        "USD",
        "Un dólar por cada dólar recibido.",
        "One dollar for each dollar received.",
        begins,
        begins + timedelta(days=10),
        **ratio,
    )
    made = open_round(
        by=world.officers["secretariat"], said=said, projects=[(one, one.budget) for one in found], now=begins
    )
    return made, found


def test_only_the_secretariat_announces_a_round_over_eligible_projects(world: World) -> None:
    made, found = opened(world)
    assert made.entries.count() == 3
    said = RoundSaid("A", "A", Decimal(10), "USD", "r", "r", now(), now() + timedelta(days=1))
    both = [(one, Decimal(5)) for one in found[:2]]
    for name in ("consular_a", "focal_health", "supervisor_a"):
        with pytest.raises(NotAllowed):
            open_round(by=world.officers[name], said=said, projects=both, now=now())
    with pytest.raises(PollRefused):
        open_round(by=world.officers["secretariat"], said=said, projects=both[:1], now=now())
    here = officer_of_a_municipality(world, "proposed")
    unchecked = project(world, here)
    with pytest.raises(ProjectRefused):
        open_round(by=world.officers["secretariat"], said=said, projects=[*both, (unchecked, Decimal(5))], now=now())
    assert Round.objects.count() == 1


def test_a_verified_association_votes_once_and_nobody_sees_the_result_before_it_is_published(world: World) -> None:
    made, _ = opened(world)
    address = f"/diaspora/rounds/{made.key}/"
    cost = made.entries.get(code="P1").cost
    assert f"({cost:,.2f}\N{NO-BREAK SPACE}{made.currency})" in Client().get(address, {"lang": "en"}).content.decode()
    _, code = association(world, "Comité Uno")
    _, waiting = association(world, "Comité Sin Verificar", verify=False)
    assert Client().post(address, {"code": code, "approved": ["P1"]}).status_code == 200
    assert Client().post(address, {"code": code, "approved": ["P2"]}).status_code == 422
    assert Client().post(address, {"code": waiting, "approved": ["P1"]}).status_code == 422
    assert Client().post(address, {"code": code, "approved": ["P9"]}).status_code == 422
    assert RoundElector.objects.count() == 1
    for client in (Client(), signed_in(world.officers["secretariat"]), signed_in(world.officers["consular_a"])):
        page = client.get(address).content.decode()
        assert "Comité Uno" not in page
        assert "Recibe del fondo" not in page
        assert "Publicar el resultado" not in page
    with pytest.raises(PollRefused):
        publish_round(by=world.officers["secretariat"], made=made, now=now())
    assert Round.objects.get().published_at is None


def voted(world: World, made: Round, *ballots: list[str]) -> None:
    for number, approved in enumerate(ballots):
        one, _ = association(world, f"Comité {number}")
        vote_in_round(made=made, association=one, approved=approved, now=now())


def test_the_allocation_says_what_was_spent_and_left_and_counts_as_pledged(world: World) -> None:
    """Six vote, each with 1000/6: five carry P1 (600), five carry P3 (300); P2 (400) does not fit any more."""
    made, found = opened(world)
    voted(world, made, ["P1", "P3"], ["P1", "P3"], ["P1", "P3"], ["P1", "P3"], ["P3"], ["P1", "P2"])
    closed = now() + timedelta(days=11)
    for name in ("consular_a", "focal_health"):
        with pytest.raises(NotAllowed):
            publish_round(by=world.officers[name], made=made, now=closed)
    published = publish_round(by=world.officers["secretariat"], made=made, now=closed)
    given = {one.code: one.given for one in published.entries.all()}
    assert given == {"P1": Decimal(600), "P2": Decimal(0), "P3": Decimal(300)}
    funds = Fund.objects.filter(project__in=found)
    assert {(one.round, one.giver) for one in funds} == {(made, "Ronda inventada")}
    assert sorted((one.kind, one.amount) for one in funds) == [("pledged", Decimal(300)), ("pledged", Decimal(600))]
    with pytest.raises(ProjectRefused):
        publish_round(by=world.officers["secretariat"], made=made, now=closed)
    assert Fund.objects.filter(project__in=found).count() == 2


def result_files(made: Round, *clients: Client) -> list[int]:
    return [
        client.get(f"/diaspora/rounds/{made.key}/results.{ending}").status_code
        for client in clients
        for ending in ("csv", "json", "pb")
    ]


def test_the_result_of_a_round_comes_as_files_once_it_is_published_and_for_nobody_before(world: World) -> None:
    made, _ = opened(world)
    voted(world, made, *[["P1", "P3"]] * 5, ["P1"])
    readers = (Client(), *(signed_in(world.officers[name]) for name in ("secretariat", "consular_a")))
    assert result_files(made, *readers) == [404] * 9
    Poll.objects.filter(key=made.poll).update(closes_at=now())
    assert result_files(made, *readers) == [404] * 9, "closed, and not published"
    publish_round(by=world.officers["secretariat"], made=made, now=now())
    assert result_files(made, *readers) == [200] * 9
    assert Client().get(f"/diaspora/rounds/{made.key}/results.txt").status_code == 404
    here = f"/diaspora/rounds/{made.key}/results"
    rows = list(csv.DictReader(io.StringIO(Client().get(f"{here}.csv").content.decode())))
    told = {(one["what"], one["of"]): one["value"] for one in rows}
    assert (told["voted", ""], told["funded", "P1"], told["funded", "P3"]) == ("6", "600", "300")
    assert ("paid", "P1") not in told, "who paid has no name"
    assert Client().get(f"{here}.json").json()["kind"] == "budget"
    ballots = Client().get(f"{here}.pb").content.decode()
    assert [line.split(";")[-1] for line in ballots.splitlines()[-6:]] == ["P1", *["P1,P3"] * 5]
    assert "Comité" not in ballots
    page = Client().get(f"/diaspora/rounds/{made.key}/").content.decode()
    assert all(f"results.{ending}" in page for ending in ("csv", "json", "pb"))
    assert 'P1. <a href="/diaspora/projects/' in page


def test_where_few_chose_a_project_no_file_has_the_ballots_and_the_page_says_so(world: World) -> None:
    made, _ = opened(world)
    voted(world, made, *[["P1"]] * 5, ["P1", "P2"])
    Poll.objects.filter(key=made.poll).update(closes_at=now())
    publish_round(by=world.officers["secretariat"], made=made, now=now())
    assert result_files(made, Client()) == [200, 200, 404]
    for language, said in (("es", "(.pb) no se da"), ("en", "(.pb) is not given")):
        page = Client().get(f"/diaspora/rounds/{made.key}/?lang={language}").content.decode()
        assert said in page
        assert "results.pb" not in page


def obligations(made: Round) -> list[tuple[str, ...]]:
    answer = Client().get(f"/diaspora/rounds/{made.key}/obligations.csv")
    rows = csv.DictReader(io.StringIO(b"".join(answer).decode()))
    return [(one["giver"], one["kind"], one["obliges"], one["obliged_amount"], one["why_not_known"]) for one in rows]


def test_each_amount_obliges_the_other_side_by_the_ratio_and_another_currency_to_what_is_not_known(
    world: World,
) -> None:
    made, found = opened(world, gives=Decimal(2), for_each=Decimal(1), cap=Decimal(500))
    first = found[0]
    here = Officer.objects.filter(username__startswith="m").order_by("pk")[0]
    for kind, giver, amount, currency in (
        (FundKind.RECEIVED, "Comité Uno", 100, "USD"),
        (FundKind.RECEIVED, "", 50, "USD"),
        (FundKind.PLEDGED, "Comité Uno", 400, "USD"),
        (FundKind.RECEIVED, "Comité Dos", 10, "CAD"),
        (FundKind.RECEIVED, "Comité Uno", 20, "USD"),
    ):
        record_fund(
            by=here, project=first, kind=kind, giver=giver, of_round=None if giver else made.key,
            amount=Decimal(amount), currency=currency, on=now().date() - timedelta(days=1), now=now(),
        )  # fmt: skip
    assert obligations(made) == [
        ("Comité Uno", "pledged", "fund", "500", ""),
        ("Comité Uno", "received", "fund", "200", ""),
        ("Comité Dos", "received", "fund", "", "other_currency"),
        ("Comité Uno", "received", "fund", "", "after_an_amount_that_is_not_known"),
        ("Ronda inventada", "received", "others", "25", ""),
    ]
    page = Client().get(f"/diaspora/rounds/{made.key}/").content.decode()
    assert "Proporción 2 : 1" in page
    assert "al menos 200.00\N{NO-BREAK SPACE}USD" in page
    assert "los demás: nada registrado" in page
    assert "0.00\N{NO-BREAK SPACE}USD; los demás: 25.00\N{NO-BREAK SPACE}USD" in page
    without, _ = opened(world)
    assert obligations(without) == []
    assert "no dice en números" in Client().get(f"/diaspora/rounds/{without.key}/").content.decode()
    with pytest.raises(ProjectRefused):
        opened(world, gives=Decimal(2))


def test_money_is_of_a_round_because_it_was_chosen_and_not_because_somebody_has_its_name(world: World) -> None:
    made, found = opened(world, gives=Decimal(2), for_each=Decimal(1))
    other, _ = opened(world, gives=Decimal(2), for_each=Decimal(1))
    here = Officer.objects.filter(username__startswith="m").order_by("pk")[0]
    desk, address = signed_in(here), f"/diaspora/desk/projects/{found[0].key}/"
    typed = {"kind": "received", "amount": "50", "currency": "USD", "on": f"{now().date() - timedelta(days=1)}"}
    assert f'<option value="{made.key}">Ronda inventada</option>' in desk.get(address).content.decode()
    for wrong, said in (
        ({"giver": "ronda  INVENTADA"}, "elíjala en la lista"),
        ({"giver": "Comité Uno", "round": str(made.key)}, "uno de los dos"),
        ({}, "uno de los dos"),
        ({"round": str(other.key)}, ""),
    ):
        answer = desk.post(f"{address}fund/", {**typed, **wrong})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert not Fund.objects.exists()
    assert desk.post(f"{address}fund/", {**typed, "round": str(made.key)}).status_code == 302
    assert [(one.giver, one.round) for one in Fund.objects.all()] == [("Ronda inventada", made)]
    assert obligations(made) == [("Ronda inventada", "received", "others", "25", "")]
    Round.objects.filter(pk=made.pk).update(title_es="Otro nombre", title_en="Another name")
    assert obligations(made) == [("Ronda inventada", "received", "others", "25", "")]


def test_money_that_stood_in_the_name_of_a_round_of_its_project_is_kept_as_of_that_round(world: World) -> None:
    made, found = opened(world)
    _, elsewhere = opened(world)
    here = Officer.objects.filter(username__startswith="m").order_by("pk")[0]
    for of, giver in (
        (found[0], " Made-up ROUND "), (found[1], "Comité Uno"), (elsewhere[0], "Ronda inventada")
    ):  # fmt: skip
        Fund.objects.create(
            project=of, kind="received", giver=giver, amount=Decimal(5), currency="USD", on=now().date(),
            recorded_by=here, institution=made.institution, recorded_at=now(),
        )  # fmt: skip
    Round.objects.filter(pk=made.pk).update(title_en="Made-up round")
    import_module("torogoz.topics.diaspora.migrations.0004_funds_of_rounds").name_rounds(apps, None)
    kept = {one.project: one.round for one in Fund.objects.select_related("round")}
    assert kept[found[0]] == made
    assert kept[found[1]] is None
    assert kept[elsewhere[0]] not in (None, made)
    assert Fund.objects.filter(giver=" Made-up ROUND ", amount=5).exists()


def test_fewer_than_five_votes_are_not_counted(world: World) -> None:
    made, found = opened(world)
    voted(world, made, ["P1"], ["P1"], ["P1"], ["P1"])
    published = publish_round(by=world.officers["secretariat"], made=made, now=now() + timedelta(days=11))
    assert {one.given for one in published.entries.all()} == {Decimal(0)}
    assert not Fund.objects.filter(project__in=found).exists()
