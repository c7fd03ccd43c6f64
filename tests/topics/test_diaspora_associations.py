"""Associations abroad: declared without an account, published when verified, and whom they name read by few."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from tests.world import LONG_AGO, World
from torogoz.domain.access import Role
from torogoz.domain.associations import AssociationRefused, Channel, Declaration, Step
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions.models import Institution, Membership, Officer
from torogoz.topics.diaspora.abroad_models import Association, AssociationStep, ContactPersons, Sent
from torogoz.topics.diaspora.acting import MOST, NotAllowed
from torogoz.topics.diaspora.association_actions import (
    correct_association,
    decide_association,
    declare_association,
    delete_persons,
    renew_receipt,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
BACKEND = "django.contrib.auth.backends.ModelBackend"
WHO = "Persona Inventada Uno"
PRIVATE = "+1 202 555 0143"
FORM: dict[str, Any] = {
    "name": "Comité Inventado de Chalatenango",
    "country": "USA",
    "city": "Silver Spring",
    "languages": ["es", "en"],
    "aims": "Junta fondos para la escuela del cantón.",
    "language": "es",
    "founded": "2004",
    "channel": "telephone",
    "contact": PRIVATE,
    "persons": WHO,
}


@pytest.fixture(autouse=True)
def lists() -> None:
    codelists.load()
    cache.clear()


@pytest.fixture
def consular(world: World) -> Officer:
    """A consular officer of RREE."""
    return world.officers["consular_a"]


def signed_in(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer, backend=BACKEND)
    return client


def said(**changes: object) -> Declaration:
    words: dict[str, object] = {
        "name": "Comité Inventado de Chalatenango",
        "country": "USA",
        "city": "Silver Spring",
        "languages": ("es",),
        "aims": "Junta fondos para la escuela del cantón.",
        "language": "es",
        "channel": Channel.TELEPHONE,
        "contact": PRIVATE,
    }
    return Declaration(**(words | changes))  # type: ignore[arg-type]


def declared(**changes: object) -> tuple[Association, str]:
    return declare_association(said=said(**changes), persons=WHO, token=uuid4(), now=NOW)


def verified(by: Officer, **changes: object) -> Association:
    association, _ = declared(**changes)
    return decide_association(
        by=by, association=association, step=Step.VERIFY, reason="", version=association.version, now=datetime.now(UTC)
    )


def posting(world: World, institution: str, role: Role, office: str = "CENTRE-A") -> Officer:
    officer = Officer.objects.create(username=f"{institution}-{role}", full_name="Inventada")
    Membership.objects.create(
        officer=officer,
        institution=Institution.objects.get(code=institution),
        office=world.offices[office],
        role=role.value,
        valid_from=LONG_AGO,
    )
    return officer


def code_on(page: Any) -> str:
    found = re.search(r">([0-9A-Z]{5}-[0-9A-Z]{5})<", page.content.decode())
    assert found
    return found[1]


def test_a_declaration_is_published_only_once_an_officer_has_verified_it(world: World, consular: Officer) -> None:
    answer = Client().post("/diaspora/associations/new/", FORM)
    assert answer.status_code == 200
    assert code_on(answer)
    assert FORM["name"] not in Client().get("/diaspora/associations/").content.decode()
    association = Association.objects.get()
    page = signed_in(consular)
    done = page.post(f"/diaspora/desk/associations/{association.key}/", {"step": "verify", "version": 1})
    assert done.status_code == 302
    public = Client().get("/diaspora/associations/").content.decode()
    assert FORM["name"] in public
    assert "Silver Spring" in public
    assert "2004" in public
    assert WHO not in public
    assert PRIVATE not in public


def test_what_is_typed_wrong_is_said_and_nothing_is_stored(world: World) -> None:
    answer = Client().post("/diaspora/associations/new/", FORM | {"founded": "1700", "city": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Falta este dato." in page
    assert FORM["aims"] in page
    answer = Client().post("/diaspora/associations/new/", FORM | {"founded": "1700"})
    assert answer.status_code == 422
    assert "1850" in answer.content.decode()
    assert not Association.objects.exists()


def test_a_form_that_arrives_twice_is_stored_once_and_gives_no_second_code(world: World) -> None:
    token = str(uuid4())
    first = Client().post("/diaspora/associations/new/", FORM | {"token": token})
    second = Client().post("/diaspora/associations/new/", FORM | {"token": token})
    assert code_on(first)
    assert "se guardó una" in second.content.decode()
    assert Association.objects.count() == 1


def test_the_code_corrects_and_what_was_verified_is_looked_at_again(world: World, consular: Officer) -> None:
    code = code_on(Client().post("/diaspora/associations/new/", FORM))
    association = Association.objects.get()
    decide_association(by=consular, association=association, step=Step.VERIFY, reason="", version=1, now=NOW)
    own = Client().post("/diaspora/receipt/", {"code": code.lower().replace("-", " ")})
    assert own.status_code == 200
    assert FORM["name"] in own.content.decode()
    assert WHO not in own.content.decode()
    assert PRIVATE not in own.content.decode()
    correction = FORM | {
        "code": code,
        "version": "2",
        "sealed": "keep",
        "channel": "",
        "contact": "",
        "city": "Bethesda",
    }
    assert Client().post("/diaspora/receipt/correct/", correction).status_code == 200
    association.refresh_from_db()
    assert (association.state, association.city) == ("declared", "Bethesda")
    assert "Bethesda" not in Client().get("/diaspora/associations/").content.decode()
    assert ContactPersons.objects.filter(association=association).exists()


def test_two_who_correct_at_once_do_not_overwrite_each_other(world: World) -> None:
    association, _ = declared()
    correct_association(association=association, said=said(city="Bethesda"), persons="", version=1, now=NOW)
    with pytest.raises(AssociationRefused):
        correct_association(association=association, said=said(city="Laurel"), persons="", version=1, now=NOW)
    association.refresh_from_db()
    assert association.city == "Bethesda"


def test_contact_persons_are_read_by_the_institution_that_received_them_and_each_reading_is_recorded(
    world: World, consular: Officer
) -> None:
    association, _ = declared()
    address = f"/diaspora/desk/associations/{association.key}/persons/"
    page = signed_in(consular).get(address)
    assert WHO in page.content.decode()
    assert PRIVATE in page.content.decode()
    event = AccessEvent.objects.order_by("-sequence")[0]
    assert (event.officer, event.institution, event.sections, event.subjects) == (
        "consular_a",
        "RREE",
        ["contacts"],
        [str(association.key)],
    )
    others = [
        posting(world, "VMDMH", Role.SPECIALIST),
        *(world.officers[name] for name in ("health_a", "police_supervisor_a", "supervisor_a", "secretariat")),
    ]
    for other in others:
        refused = signed_in(other).get(address)
        assert refused.status_code == 404, other
        assert WHO not in refused.content.decode(), other
    assert Client().get(address).status_code == 302


def test_an_officer_of_the_vice_ministry_verifies_and_of_another_institution_does_not(world: World) -> None:
    association, _ = declared()
    for name in ("health_a", "police_supervisor_a", "logistics_a", "data_protection"):
        with pytest.raises(NotAllowed):
            decide_association(
                by=world.officers[name], association=association, step=Step.VERIFY, reason="", version=1, now=NOW
            )
    officer = posting(world, "VMDMH", Role.SPECIALIST)
    stored = decide_association(by=officer, association=association, step=Step.VERIFY, reason="", version=1, now=NOW)
    assert stored.state == "verified"
    assert AssociationStep.objects.get().institution == Institution.objects.get(code="VMDMH")


def test_nothing_that_is_sealed_is_in_lists_searches_counts_or_the_record(world: World, consular: Officer) -> None:
    association, code = declared(name="Otra Inventada")
    verified(consular)
    officer = signed_in(consular)
    pages = [
        Client().get(address).content.decode()
        for address in ("/diaspora/", "/diaspora/associations/", "/about/", "/", f"/diaspora/?q={WHO}")
    ]
    pages += [
        officer.get(address).content.decode()
        for address in ("/diaspora/desk/", f"/diaspora/desk/associations/{association.key}/", "/diaspora/associations/")
    ]
    wrong = Client().post("/diaspora/receipt/correct/", {"code": code, "sealed": "keep", "version": "1"})
    pages.append(wrong.content.decode())
    for page in pages:
        assert WHO not in page
        assert PRIVATE not in page
    kept = " ".join(str(row) for row in AccessEvent.objects.values_list("path", "subjects", "what"))
    assert WHO not in kept
    assert PRIVATE not in kept
    assert code not in kept
    columns = " ".join(str(row) for row in Association.objects.values_list())
    assert WHO not in columns
    assert PRIVATE not in columns
    assert code not in columns
    sealed = bytes(ContactPersons.objects.filter(association=association).get().sealed)
    assert WHO.encode() not in sealed
    assert PRIVATE.encode() not in sealed


def test_contact_persons_are_deleted_at_once_on_request(world: World, consular: Officer) -> None:
    association, code = declared()
    assert Client().post("/diaspora/receipt/forget/", {"code": code}).status_code == 200
    assert not ContactPersons.objects.exists()
    other, _ = declared()
    with pytest.raises(NotAllowed):
        delete_persons(by=world.officers["health_a"], association=other, now=NOW)
    delete_persons(by=consular, association=other, now=NOW)
    assert not ContactPersons.objects.exists()
    association.refresh_from_db()
    assert association.state == "declared"


def test_an_association_that_is_withdrawn_is_found_by_nobody(world: World, consular: Officer) -> None:
    association, code = declared()
    decide_association(by=consular, association=association, step=Step.VERIFY, reason="", version=1, now=NOW)
    Client().post("/diaspora/receipt/forget/", {"code": code, "whole": "1"})
    assert association.name not in Client().get("/diaspora/associations/").content.decode()
    assert signed_in(consular).get(f"/diaspora/desk/associations/{association.key}/").status_code == 404
    assert Client().post("/diaspora/receipt/", {"code": code}).status_code == 422


def test_a_verification_lapses_by_itself_and_then_only_the_name_is_shown(world: World, consular: Officer) -> None:
    association = verified(consular, contact_public=True)
    assert PRIVATE in Client().get("/diaspora/associations/").content.decode()
    Association.objects.filter(pk=association.pk).update(
        verified_until=datetime.now(UTC).date() - timedelta(days=2), version=9
    )
    page = Client().get("/diaspora/associations/").content.decode()
    assert association.name in page
    assert PRIVATE not in page
    assert association.aims not in page
    again = decide_association(
        by=consular, association=association, step=Step.VERIFY, reason="", version=9, now=datetime.now(UTC)
    )
    assert again.verified_until
    assert again.verified_until > datetime.now(UTC).date()


def test_to_refuse_one_must_say_why_and_the_association_reads_it(world: World, consular: Officer) -> None:
    association, code = declared()
    with pytest.raises(AssociationRefused):
        decide_association(by=consular, association=association, step=Step.REFUSE, reason="no", version=1, now=NOW)
    why = "El número no contesta y nadie la conoce en Silver Spring."
    decide_association(by=consular, association=association, step=Step.REFUSE, reason=why, version=1, now=NOW)
    assert why in Client().post("/diaspora/receipt/", {"code": code}).content.decode()
    assert why not in Client().get("/diaspora/associations/").content.decode()


def test_one_connection_cannot_flood_the_form_nor_guess_codes(world: World) -> None:
    client = Client()
    for founded in ("1400", "never"):
        assert client.post("/diaspora/associations/new/", {**FORM, "founded": founded}).status_code == 422
    once = {**FORM, "token": str(uuid4())}
    for _ in range(3):
        assert client.post("/diaspora/associations/new/", once).status_code == 200
    assert Association.objects.count() == 1, "mistakes and repeats count for nothing"
    for _ in range(MOST["declare"] - 1):
        assert client.post("/diaspora/associations/new/", FORM).status_code == 200
    refused = client.post("/diaspora/associations/new/", FORM)
    assert refused.status_code == 422
    assert Association.objects.count() == MOST["declare"]
    for _ in range(MOST["code"]):
        client.post("/diaspora/receipt/", {"code": "K7M2P-QX4TZ"})
    _, code = declared()
    assert client.post("/diaspora/receipt/", {"code": code}).status_code == 422
    assert "127.0.0.1" not in " ".join(Sent.objects.values_list("address", flat=True))


def test_the_pages_are_light_and_complete_in_english(world: World, consular: Officer) -> None:
    verified(consular)
    for address in ("/diaspora/", "/diaspora/associations/", "/diaspora/associations/new/", "/diaspora/receipt/"):
        page = Client().get(f"{address}?lang=en")
        text = page.content.decode()
        assert len(page.content) < 60_000
        assert text.count("<h1") == 1
        assert "<script" not in text
        assert "Declare an association" in text or "Come back" in text


def test_an_association_that_lost_its_receipt_gets_a_new_one_from_who_received_it_and_the_old_one_is_void(
    world: World, consular: Officer
) -> None:
    association, lost = declared()
    address, here = f"/diaspora/desk/associations/{association.key}/receipt/", "/diaspora/receipt/"
    for other in (posting(world, "VMDMH", Role.SPECIALIST), world.officers["health_a"]):
        assert signed_in(other).get(address).status_code == 404
        assert signed_in(other).post(address, {"how": "Llamé al número.", "version": "1"}).status_code == 404
    assert Client().get(address).status_code == 302
    desk = signed_in(consular)
    assert address in desk.get(f"/diaspora/desk/associations/{association.key}/").content.decode()
    unsaid = desk.post(address, {"how": "ya", "version": "1"})
    assert unsaid.status_code == 422
    assert Client().post(here, {"code": lost}).status_code == 200
    given = desk.post(address, {"how": "Llamé al número que registró.", "version": "1"})
    code = given.context["code"]
    assert given.status_code == 200
    assert code in given.content.decode()
    assert Client().post(here, {"code": lost}).status_code == 422
    own = Client().post(here, {"code": code})
    assert own.status_code == 200
    assert "Llamé al número" not in own.content.decode()
    association.refresh_from_db()
    assert association.state == "declared"
    step = AssociationStep.objects.get(step=Step.RENEW)
    assert (step.by, step.reason) == (consular, "Llamé al número que registró.")
    assert AccessEvent.objects.filter(verb="edit", officer=consular.username, subjects=[str(association.key)]).exists()
    again = desk.post(address, {"how": "Llamé al número que registró.", "version": "1"})
    assert again.status_code == 422
    with pytest.raises(NotAllowed):
        renew_receipt(
            by=world.officers["health_a"], association=association, how="Porque sí lo digo", version=2, now=NOW
        )


@pytest.mark.parametrize(
    ("channel", "contact", "taken"),
    [
        (Channel.MAIL, "no-es-correo", False),
        (Channel.MAIL, "a@b", False),
        (Channel.MAIL, "junta@ejemplo.org", True),
        (Channel.TELEPHONE, "12", False),
        (Channel.TELEPHONE, PRIVATE, True),
        (Channel.WEB, "ejemplo.org", False),
    ],
)
def test_a_contact_is_one_by_which_somebody_is_reached(channel: Channel, contact: str, taken: bool) -> None:
    if taken:
        said(channel=channel, contact=contact).check(NOW.date())
        return
    with pytest.raises(AssociationRefused):
        said(channel=channel, contact=contact).check(NOW.date())


def test_only_what_may_be_decided_of_an_association_is_offered(world: World, consular: Officer) -> None:
    association = verified(consular)
    desk, address = signed_in(consular), f"/diaspora/desk/associations/{association.key}/"
    assert 'value="lapse"' in desk.get(address).content.decode()
    assert 'value="verify"' not in desk.get(address).content.decode()
    decide_association(
        by=consular, association=association, step=Step.LAPSE, reason="Ya no responden.", version=2, now=NOW
    )
    assert 'value="verify"' in desk.get(address).content.decode()
    assert 'value="refuse"' not in desk.get(address).content.decode()
