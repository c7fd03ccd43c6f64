"""What a person asks of her own data: received at any window, decided in time, and done at once. Two institutions."""

import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import pyzipper
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.consented import consented
from tests.world import LONG_AGO, NOW, World
from torogoz.domain.access import Role, Verb
from torogoz.domain.consents import Purpose
from torogoz.domain.data_rights import AnswerBy, Asker, Proof, RequestRefused, Right, State, Why
from torogoz.domain.people import DocumentTyped
from torogoz.shared.audit.declared import declaring
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.data_rights import actions, queries
from torogoz.shared.data_rights.models import OwnFile, Request
from torogoz.shared.institutions.access import may
from torogoz.shared.institutions.models import Institution, Membership, Officer, PersonGrant, PersonLimit
from torogoz.shared.people.actions import NotAllowed, add_identifier, correct_person
from torogoz.shared.people.models import Correction, Person
from torogoz.shared.people.queries import person_seen_by, search_seen_by, subject_of
from torogoz.shared.places import actions as places
from torogoz.shared.vault.sealing import Batch

pytestmark = pytest.mark.django_db
DUI = "00016297-5"
WORDS = "Se explicó a la persona lo decidido"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def ana(world: World) -> Person:
    """A made-up woman whom DGME registered at centre A, with sections of several institutions."""
    codelists.load()
    places.load()
    person = world.person("ana", office="CENTRE-A", by="registrar_a", given="Ana", surname="Quijada")
    add_identifier(by=world.officers["registrar_a"], person=person, document=DocumentTyped("DUI", DUI), now=NOW)
    world.section(person, "migration", by="registrar_a", answers={"time_abroad": "LT1M"})
    world.section(person, "health", by="health_a", answers={})
    world.section(person, "child_protection", by="children_a", answers={})
    return person


@pytest.fixture
def decides(world: World) -> Officer:
    """The data-protection officer of DGME."""
    return world.officers["data_protection"]


def posted(world: World, institution: str, role: Role, office: str = "CENTRE-A") -> Officer:
    officer = Officer.objects.create(username=f"{institution}-{role}".lower(), full_name="Inventada")
    Membership.objects.create(
        officer=officer,
        institution=Institution.objects.get(code=institution),
        office=world.offices[office],
        role=role.value,
        valid_from=LONG_AGO,
    )
    return officer


def received(world: World, person: Person | None, right: Right, by: str = "registrar_a", **changes: Any) -> Request:
    values: dict[str, Any] = {
        "by": world.officers[by],
        "person": person,
        "right": right,
        "purpose": Purpose.ATTENTION if right is Right.OPPOSITION else None,
        "asker": Asker.PERSON,
        "proof": Proof.DOCUMENT,
        "answer_by": AnswerBy.WINDOW,
        "language": "español",
        "name": "Ana Quijada",
        "document": "",
        "authority": "",
        "what": "Mi segundo apellido está mal escrito",
        "contact": "",
        "now": NOW,
    }
    return actions.receive_request(**(values | changes))


def granted(decides: Officer, request: Request, **changes: Any) -> tuple[Request, str]:
    taken = actions.take_request(by=decides, request=request, now=NOW)
    return actions.grant_request(by=decides, request=taken, words=WORDS, **({"now": NOW} | changes))


def opened(made: OwnFile, password: str) -> dict[str, bytes]:
    with pyzipper.AESZipFile(io.BytesIO(made.path.read_bytes())) as archive:
        archive.setpassword(password.encode())
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_request_has_its_last_day_in_working_days_and_is_flagged_when_it_is_over(
    world: World, ana: Person, decides: Officer
) -> None:
    request = received(world, ana, Right.ACCESS)
    assert request.due == date(2026, 12, 18)
    (seen,) = queries.requests_seen_by(decides, NOW)
    assert (seen.left, seen.overdue, seen.state) == (20, False, State.RECEIVED)
    (late,) = queries.requests_seen_by(decides, NOW + timedelta(days=32))
    assert (late.late, late.overdue) == (2, True)
    assert queries.overdue_requests(decides, NOW + timedelta(days=28)) == 0  # the last day itself
    assert queries.overdue_requests(decides, NOW + timedelta(days=29)) == 1


def test_a_term_is_extended_once_with_a_reason_and_not_when_it_is_over(
    world: World, ana: Person, decides: Officer
) -> None:
    taken = actions.take_request(by=decides, request=received(world, ana, Right.ACCESS), now=NOW)
    with pytest.raises(RequestRefused) as no_reason:
        actions.extend_term(by=decides, request=taken, words="  ", now=NOW)
    assert no_reason.value.code == "words"
    with pytest.raises(RequestRefused) as late:
        actions.extend_term(by=decides, request=taken, words=WORDS, now=NOW + timedelta(days=30))
    assert late.value.code == "too_late"
    longer = actions.extend_term(by=decides, request=taken, words=WORDS, now=NOW)
    assert longer.due == date(2027, 1, 19)
    with pytest.raises(RequestRefused):
        actions.extend_term(by=decides, request=longer, words=WORDS, now=NOW)


def test_any_window_receives_and_does_not_learn_whether_there_is_a_record(
    world: World, ana: Person, decides: Officer, client: Client
) -> None:
    women = world.officers["health_b"]
    client.force_login(women, backend=BACKEND)
    pages = []
    for number in (DUI, "01234567-2"):
        request = received(world, None, Right.ACCESS, by="health_b", document=number, name="Fulana")
        page = client.get(reverse("data_rights:request", args=[request.key])).content.decode()
        pages.append(page.replace(str(request.key), "").replace(request.number, "").replace(number, ""))
        assert str(ana.key) not in page
    known, unknown = Request.objects.order_by("pk")
    assert (known.person, unknown.person) == (ana, None)
    without_tokens = [page.split("csrfmiddlewaretoken")[0] for page in pages]
    assert without_tokens[0] == without_tokens[1]
    assert {known.responsible.code, unknown.responsible.code} == {"DGME"}  # MINSAL has nobody who protects data yet


def test_the_institution_that_registered_the_person_decides_and_nobody_else(
    world: World, ana: Person, decides: Officer
) -> None:
    elsewhere = posted(world, "MINSAL", Role.DATA_PROTECTION, "CENTRE-B")
    request = received(world, None, Right.ACCESS, by="health_a", document=DUI)
    assert request.responsible.code == "DGME"
    assert queries.request_seen_by(elsewhere, request.key, NOW) is None
    with pytest.raises(NotAllowed):
        actions.take_request(by=elsewhere, request=request, now=NOW)
    for window in ("health_a", "registrar_a", "supervisor_a"):
        with pytest.raises((RequestRefused, NotAllowed)):
            actions.take_request(by=world.officers[window], request=request, now=NOW)
    assert queries.request_seen_by(world.officers["health_b"], request.key, NOW) is None  # another centre
    assert queries.request_seen_by(world.officers["registrar_a"], request.key, NOW) is None  # another institution
    actions.take_request(by=decides, request=request, now=NOW)


def test_who_has_not_proved_who_she_is_waits_while_the_term_runs(world: World, ana: Person, decides: Officer) -> None:
    request = received(world, ana, Right.ACCESS, proof=Proof.NONE)
    assert (request.state, request.due) == (State.IDENTITY.value, date(2026, 12, 18))
    with pytest.raises(RequestRefused):
        actions.take_request(by=decides, request=request, now=NOW)
    with pytest.raises(RequestRefused) as other:
        actions.deny_request(by=decides, request=request, why=Why.OTHERS, words=WORDS, now=NOW)
    assert other.value.code == "only_identity"
    window = world.officers["registrar_a"]
    proved = actions.prove_identity(by=window, request=request, proof=Proof.DOCUMENT, words=WORDS, now=NOW)
    assert (proved.state, proved.proof) == (State.RECEIVED.value, "document")


@pytest.mark.parametrize(
    ("right", "changes", "code"),
    [
        (Right.RECTIFICATION, {"what": "mal"}, "what"),
        (Right.OPPOSITION, {"purpose": None}, "purpose"),
        (Right.ACCESS, {"asker": Asker.PROXY}, "authority"),
        (Right.ACCESS, {"answer_by": AnswerBy.EMAIL}, "contact"),
    ],
)
def test_a_request_without_what_its_decision_needs_is_refused_and_nothing_is_stored(
    world: World, ana: Person, right: Right, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(RequestRefused) as refused:
        received(world, ana, right, **changes)
    assert refused.value.code == code
    assert refused.value.explain("es") != refused.value.explain("en")
    assert not Request.objects.exists()


def test_access_gives_the_own_file_sealed_to_the_window_and_its_password_to_who_decided(
    world: World, ana: Person, decides: Officer
) -> None:
    health = world.officers["health_a"]
    consented(health, ana, "ISDEMU", ["health"], NOW)
    client = Client()
    client.force_login(health, backend=BACKEND)
    assert client.get(reverse("returns:person", args=[ana.key])).status_code == 200
    request, password = granted(decides, received(world, ana, Right.ACCESS), now=timezone.now())
    now = timezone.now()
    made = OwnFile.objects.get(request=request)
    assert password
    assert password.encode() not in made.path.read_bytes()
    files = opened(made, password)
    assert files["own-file.pdf"].startswith(b"%PDF")
    content = json.loads(files["own-file.json"])
    assert content["schema"] == "torogoz-own-file/1"
    assert content["person"]["name"] == "Ana Quijada"
    assert content["person"]["documents"][0]["number"] == DUI
    sections = {one["code"]: one for met in content["encounters"] for one in met["sections"]}
    assert set(sections) == {"migration", "health", "child_protection"}
    assert sections["migration"]["institution"]["code"] == "DGME"
    assert [one["recipient"]["code"] for one in content["consents"]] == ["ISDEMU"]
    assert ("MINSAL", "view", "office") in {
        (one["institution"]["code"], one["verb"], one["ground"]) for one in content["shown_to"]
    }
    assert "health_a" not in files["own-file.json"].decode()  # the institution answers, and not who serves in it
    assert queries.file_seen_by(decides, request.key, now) is None  # has seen the password
    assert queries.file_seen_by(world.officers["registrar_b"], request.key, now) is None  # another window
    assert queries.file_seen_by(world.officers["registrar_a"], request.key, now) == made
    later = now + actions.KEPT_FOR
    assert queries.file_seen_by(world.officers["registrar_a"], request.key, later) is None
    actions.remove_expired(now=later)
    assert not made.path.exists()
    assert AccessEvent.objects.filter(what="rights_request", verb="export", index__subject=str(ana.key)).exists()


def test_portability_gives_what_a_machine_reads_and_no_paper(world: World, ana: Person, decides: Officer) -> None:
    request, password = granted(decides, received(world, ana, Right.PORTABILITY), file_language="en")
    files = opened(request.file, password)
    assert set(files) == {"own-file.json"}
    assert json.loads(files["own-file.json"])["notice"].startswith("What the law reserves")


def own_file(world: World, decides: Officer, person: Person, **changes: Any) -> dict[str, Any]:
    request, password = granted(decides, received(world, person, Right.PORTABILITY, **changes))
    content: dict[str, Any] = json.loads(opened(request.file, password)["own-file.json"])
    return content | {"request": ""}


def test_what_was_told_the_prosecution_changes_no_word_of_the_own_file(
    world: World, ana: Person, decides: Officer
) -> None:
    before = own_file(world, decides, ana)
    prosecutor = posted(world, "FGR", Role.SPECIALIST)
    world.officers["prosecutor"] = prosecutor
    client = Client()
    client.force_login(prosecutor, backend=BACKEND)
    assert client.get(reverse("returns:person", args=[ana.key])).status_code == 200
    encounter = ana.encounters.get()
    encounter.sections.create(
        code="prosecution",
        form_version=1,
        institution=Institution.objects.get(code="FGR"),
        recorded_by=prosecutor,
        recorded_at=NOW,
    )
    after = own_file(world, decides, ana)
    shown = [one for one in after.pop("shown_to") if one["verb"] != "export"]
    assert shown == [one for one in before.pop("shown_to") if one["verb"] != "export"]
    assert after == before


def test_a_representative_is_not_told_where_the_person_asked_for_help(
    world: World, ana: Person, decides: Officer
) -> None:
    world.encounter(ana, office="CENTRE-B", by="children_b")
    content = own_file(world, decides, ana, asker=Asker.PROXY, authority="Partida de nacimiento")
    assert {one["institution"]["code"] for one in content["encounters"]} == {"DGME"}
    assert {part["code"] for met in content["encounters"] for part in met["sections"]} == {"migration"}
    assert [content[part] for part in ("contacts", "consents", "handovers", "shown_to")] == [None] * 4
    alone = own_file(world, decides, ana)
    assert len(alone["encounters"]) == 2
    assert alone["notice"] == content["notice"]


def test_at_a_window_of_the_police_nothing_leaves_that_the_police_must_never_read(
    world: World, ana: Person, decides: Officer
) -> None:
    content = own_file(world, decides, ana, by="police_a")
    assert {part["code"] for met in content["encounters"] for part in met["sections"]} == {"migration"}


def test_a_limit_really_limits_and_is_lifted_by_who_decides(world: World, ana: Person, decides: Officer) -> None:
    health, registrar = world.officers["health_a"], world.officers["registrar_a"]
    assert person_seen_by(health, ana.key, NOW)
    request, _ = granted(decides, received(world, ana, Right.LIMITATION, what="No quiero que otros lo lean"))
    assert person_seen_by(health, ana.key, NOW) is None
    assert not search_seen_by(health, name="Ana Quijada", now=NOW)
    assert not may(health, Verb.VIEW, subject_of(ana), "health", NOW)
    assert person_seen_by(registrar, ana.key, NOW)
    with pytest.raises(NotAllowed):
        actions.lift_limit(by=registrar, request=request, words=WORDS, now=NOW)
    later = NOW + timedelta(days=1)
    actions.lift_limit(by=decides, request=request, words=WORDS, now=later)
    assert person_seen_by(health, ana.key, later)


def test_the_same_request_is_not_opened_again_while_it_is_open_at_that_window(
    world: World, ana: Person, decides: Officer
) -> None:
    first = received(world, ana, Right.ACCESS)
    with pytest.raises(RequestRefused) as refused:
        received(world, ana, Right.ACCESS)
    assert refused.value.code == "open"
    assert first.number in refused.value.explain("es")
    assert received(world, ana, Right.PORTABILITY), "another right is another request"
    assert received(world, ana, Right.ACCESS, by="health_a"), "what another window received decides nothing"
    unknown = received(world, None, Right.ACCESS, document="04721938-1")
    with pytest.raises(RequestRefused):
        received(world, None, Right.ACCESS, document="047219381")
    assert received(world, None, Right.ACCESS, document=DUI), "nothing tells whose document it is"
    actions.withdraw_request(by=world.officers["registrar_a"], request=unknown, words=WORDS, now=NOW)
    assert received(world, None, Right.ACCESS, document="04721938-1")


@pytest.mark.parametrize(
    ("contact", "code"), [("nomail", "email"), ("a@b", "email"), ("", "contact"), ("ana@ejemplo.org", "")]
)
def test_an_answer_by_mail_needs_a_whole_address(world: World, ana: Person, contact: str, code: str) -> None:
    if not code:
        assert received(world, ana, Right.ACCESS, answer_by=AnswerBy.EMAIL, contact=contact)
        return
    with pytest.raises(RequestRefused) as refused:
        received(world, ana, Right.ACCESS, answer_by=AnswerBy.EMAIL, contact=contact)
    assert refused.value.code == code


def test_what_a_right_needs_is_told_together_with_what_else_is_wrong_and_is_not_called_optional(
    client: Client, world: World, ana: Person
) -> None:
    client.force_login(world.officers["registrar_a"], backend=BACKEND)
    address = reverse("data_rights:new_of", args=[ana.key])
    assert "(opcional)" not in client.get(address).content.decode().partition("En sus palabras")[2][:200]
    page = client.post(address, {"right": "limitation", "asker": "proxy", "answer_by": "email"}).content.decode()
    for told in ("Escriba el nombre", "Escriba qué pide la persona", "escriba qué documento mostró", "adónde se envía"):
        assert told in page
    assert not Request.objects.exists()


def born(person: Person, first: str, last: str) -> Person:
    person.birth, person.birth_min, person.birth_max = first, date.fromisoformat(first), date.fromisoformat(last)
    person.save(update_fields=["birth", "birth_min", "birth_max"])
    return person


@pytest.mark.parametrize(
    ("years", "asker", "heard", "code"),
    [
        (("2018-03-02", "2018-03-02"), Asker.PERSON, True, "child"),
        (("2018-03-02", "2018-03-02"), Asker.PARENT, False, "heard"),
        (("2018-03-02", "2018-03-02"), Asker.PARENT, True, ""),
        (("2018-03-02", "2018-03-02"), Asker.PROXY, True, ""),
        (("1991-01-01", "1991-12-31"), Asker.PARENT, False, "adult"),
        (("1991-01-01", "1991-12-31"), Asker.PERSON, False, ""),
        (("2018-03-02", "2018-03-02"), Asker.BY_LAW, True, ""),
        (("1991-01-01", "1991-12-31"), Asker.BY_LAW, False, "adult"),
    ],
)
def test_a_child_is_represented_and_heard_and_nobody_asks_as_the_parent_of_an_adult(
    world: World, ana: Person, years: tuple[str, str], asker: Asker, heard: bool, code: str
) -> None:
    who = {"asker": asker, "heard": heard, "authority": "" if asker is Asker.PERSON else "Partida de nacimiento"}
    born(ana, *years)
    if not code:
        assert received(world, ana, Right.ACCESS, **who).details_in(Batch()).get("heard", "") == (
            "yes" if heard else ""
        )
        return
    with pytest.raises(RequestRefused) as refused:
        received(world, ana, Right.ACCESS, **who)
    assert refused.value.code == code
    assert not Request.objects.exists()


@pytest.mark.parametrize(
    ("minor", "asker", "heard", "code"),
    [
        ("", "person", False, "Elija una respuesta."),
        ("yes", "person", True, "Usted dijo que es menor de 18 años"),
        ("yes", "by_law", False, "Escuche a la niña, niño o adolescente"),
        ("yes", "by_law", True, ""),
        ("no", "parent", False, "Usted dijo que tiene 18 años o más"),
        ("no", "person", False, ""),
    ],
)
def test_where_the_birth_does_not_tell_who_receives_a_request_says_whether_it_is_a_child(
    client: Client, world: World, ana: Person, minor: str, asker: str, heard: bool, code: str
) -> None:
    today = timezone.localdate()
    born(ana, f"{today.year - 18}-01-01", f"{today.year - 18}-12-31")
    ana.birth = f"{today.year - 18}"
    ana.save(update_fields=["birth"])
    client.force_login(world.officers["registrar_a"], backend=BACKEND)
    sent = {
        "name": "Ana Quijada",
        "minor": minor,
        "asker": asker,
        "authority": "" if asker == "person" else "Resolución de protección",
        "proof": "document",
        "right": "access",
        "explained_in": "español",
        "answer_by": "window",
        **({"heard": "on"} if heard else {}),
    }
    answer = client.post(reverse("data_rights:new_of", args=[ana.key]), sent)
    if code:
        assert code in answer.content.decode()
        assert not Request.objects.exists()
        return
    assert Request.objects.get().details_in(Batch())["minor"] == minor
    said = client.get(answer.headers["Location"]).content.decode()
    assert ("Es menor de 18 años." if minor == "yes" else "Tiene 18 años o más.") in said


def test_a_limitation_never_keeps_from_a_child_who_wrote_its_protection(
    client: Client, world: World, ana: Person, decides: Officer
) -> None:
    protects = world.officers["children_a"]
    born(ana, "2018-03-02", "2018-03-02")
    who = {"asker": Asker.PARENT, "heard": True, "authority": "Partida de nacimiento", "what": "Que nadie más lo lea"}
    request = actions.take_request(by=decides, request=received(world, ana, Right.LIMITATION, **who), now=NOW)
    client.force_login(decides, backend=BACKEND)
    page = client.get(reverse("data_rights:request", args=[request.key])).content.decode()
    assert "Si se concede, quién deja de ver su registro" in page
    assert "dejaría de leer lo que escribió para protegerle" in page
    assert Institution.objects.get(code="MINSAL").name_es in page
    for partly in (False, True):
        with pytest.raises(RequestRefused) as refused:
            actions.grant_request(by=decides, request=request, words=WORDS, now=NOW, partly=partly)
        assert refused.value.code == "protects"
        assert "CONAPINA" in refused.value.explain("es")
    assert may(protects, Verb.VIEW, subject_of(ana), "child_protection", NOW)
    born(ana, "1990-05-01", "1990-05-31")
    assert actions.grant_request(by=decides, request=request, words=WORDS, now=NOW)
    assert not may(protects, Verb.VIEW, subject_of(ana), "child_protection", NOW)


def test_the_page_of_the_person_says_that_a_limitation_is_in_force_until_it_is_lifted(
    client: Client, world: World, ana: Person, decides: Officer
) -> None:
    client.force_login(world.officers["registrar_a"], backend=BACKEND)
    address, told = reverse("returns:person", args=[ana.key]), "rige una limitación"
    assert told not in client.get(address).content.decode()
    now = timezone.now()
    limit = PersonLimit.objects.create(person=ana.key, institution=ana.institution, since=now)
    assert told in client.get(address).content.decode()
    assert PersonLimit.objects.filter(pk=limit.pk).update(until=now)
    assert told not in client.get(address).content.decode()


def test_an_opposition_ends_the_consents_for_that_purpose_at_once_and_no_other(
    world: World, ana: Person, decides: Officer
) -> None:
    for purpose, recipient in ((Purpose.ATTENTION, "ISDEMU"), (Purpose.REINTEGRATION, "MTPS")):
        by, before = world.officers["health_a"], NOW - timedelta(minutes=5)
        consented(by, ana, recipient, ["health"], before, purpose=purpose)
    women, labour = world.officers["women_a"], world.officers["labour_a"]
    works_for = {women.username: Purpose.ATTENTION.value, labour.username: Purpose.REINTEGRATION.value}
    with declaring(lambda username: works_for.get(username, "")):
        assert may(women, Verb.VIEW, subject_of(ana), "health", NOW)
        granted(decides, received(world, ana, Right.OPPOSITION))
        assert not may(women, Verb.VIEW, subject_of(ana), "health", NOW)
        assert may(labour, Verb.VIEW, subject_of(ana), "health", NOW)
    assert PersonGrant.objects.filter(valid_until__lte=NOW).count() == 1


def test_a_rectification_is_answered_only_when_the_record_has_been_corrected(
    world: World, ana: Person, decides: Officer
) -> None:
    registrar = world.officers["registrar_a"]
    request, _ = granted(decides, received(world, ana, Right.RECTIFICATION))
    assert queries.to_correct(registrar, ana, NOW) == [request]
    assert queries.to_correct(world.officers["health_a"], ana, NOW) == []
    with pytest.raises(RequestRefused) as early:
        actions.deliver_answer(by=registrar, request=request, words=WORDS, now=NOW)
    assert early.value.code == "not_corrected"
    correct_person(
        by=registrar,
        person=ana,
        expected_version=ana.version,
        reason=Correction.Reason.PERSON,
        now=NOW + timedelta(hours=1),
        given1="Ana",
        surname1="Quijano",
        sex="F",
        birth="1990-05",
        nationality="SLV",
    )
    answered = actions.deliver_answer(by=registrar, request=request, words=WORDS, now=NOW + timedelta(hours=2))
    assert answered.state == State.ANSWERED.value
    assert queries.to_correct(registrar, ana, NOW + timedelta(hours=2)) == []


def test_nothing_is_granted_to_nobody_and_nothing_denied_without_a_ground(world: World, decides: Officer) -> None:
    request = received(world, None, Right.ACCESS, document="01234567-2")
    taken = actions.take_request(by=decides, request=request, now=NOW)
    with pytest.raises(RequestRefused) as nobody:
        actions.grant_request(by=decides, request=taken, words=WORDS, now=NOW)
    assert nobody.value.code == "unknown_person"
    with pytest.raises(RequestRefused) as groundless:
        actions.deny_request(by=decides, request=taken, why=None, words=WORDS, now=NOW)
    assert groundless.value.code == "why"
    denied = actions.deny_request(by=decides, request=taken, why=Why.NOTHING, words=WORDS, now=NOW)
    assert denied.state == State.DENIED.value
    assert not OwnFile.objects.exists()


def test_who_takes_a_step_twice_is_told_that_it_was_oneself(world: World, ana: Person, decides: Officer) -> None:
    taken = actions.take_request(by=decides, request=received(world, ana, Right.CANCELLATION), now=NOW)
    actions.deny_request(by=decides, request=taken, why=Why.NOTHING, words=WORDS, now=NOW)
    with pytest.raises(RequestRefused, match="You took a step of this request on 20") as again:
        actions.deny_request(by=decides, request=taken, why=Why.NOTHING, words=WORDS, now=NOW)
    assert again.value.explain("es").startswith("Usted ya dio un paso")


def test_who_is_denied_something_is_told_where_to_ask_next(world: World, ana: Person, decides: Officer) -> None:
    request = received(world, ana, Right.CANCELLATION)
    taken = actions.take_request(by=decides, request=request, now=NOW)
    page, told = reverse("data_rights:request", args=[request.key]), "Qué puede hacer la persona"
    for denied in (False, True):
        if denied:
            actions.deny_request(by=decides, request=taken, why=Why.NOTHING, words=WORDS, now=NOW)
        for username in ("registrar_a", "data_protection"):
            browser = Client()
            browser.force_login(world.officers[username], backend=BACKEND)
            shown = browser.get(page).content.decode()
            assert (told in shown) is denied
            assert (f"con el número {request.number} y sus razones" in shown) is denied
            assert ("quien protege los datos en " + request.responsible.name_es in shown) is denied


def test_the_pages_take_a_request_from_the_window_to_its_answer(world: World, ana: Person, decides: Officer) -> None:
    window, office = Client(), Client()
    window.force_login(world.officers["registrar_a"], backend=BACKEND)
    office.force_login(decides, backend=BACKEND)
    typed = {
        "name": "Ana Quijada",
        "asker": "person",
        "proof": "document",
        "right": "access",
        "explained_in": "español",
        "answer_by": "window",
    }
    wrong = window.post(reverse("data_rights:new_of", args=[ana.key]), typed | {"asker": "parent"})
    assert "documento mostró" in wrong.content.decode()
    window.post(reverse("data_rights:new_of", args=[ana.key]), typed)
    request = Request.objects.get()
    page = reverse("data_rights:request", args=[request.key])
    step: Callable[[str], str] = lambda name: reverse("data_rights:step", args=[request.key, name])  # noqa: E731
    assert window.post(step("take")).status_code == 200  # refused, with the reason
    assert office.post(step("take")).status_code == 302
    shown = office.post(step("grant"), {"grant-words": WORDS, "grant-file_language": "es"}).content.decode()
    assert "Contraseña del archivo" in shown
    assert "Contraseña del archivo" not in office.get(page).content.decode()
    archive = window.get(reverse("data_rights:file", args=[request.key]))
    assert b"".join(archive).startswith(b"PK")  # type: ignore[arg-type]
    assert office.get(reverse("data_rights:file", args=[request.key])).status_code == 404
    assert window.post(step("deliver"), {"deliver-words": WORDS}).status_code == 302
    assert "Respondida" in window.get(reverse("data_rights:index")).content.decode()
    stranger = Client()
    stranger.force_login(world.officers["health_b"], backend=BACKEND)
    for path in (page, reverse("data_rights:file", args=[request.key]), reverse("data_rights:new_of", args=[ana.key])):
        assert stranger.get(path).status_code == 404
    assert stranger.post(step("withdraw"), {"withdraw-words": WORDS}).status_code == 404


def test_what_has_ended_says_when_it_ended_and_until_when_it_could_last(
    world: World, ana: Person, decides: Officer
) -> None:
    held = received(world, ana, Right.ACCESS)
    browser = Client()
    browser.force_login(decides, backend=BACKEND)
    pages = reverse("data_rights:index"), reverse("data_rights:request", args=[held.key])
    due = f"<time>{held.due:%Y-%m-%d}</time>"
    for page in pages:
        assert "Plazo: " in browser.get(page).content.decode()
    actions.withdraw_request(by=world.officers["registrar_a"], request=held, words=WORDS, now=NOW + timedelta(days=2))
    day = f"{timezone.localdate(NOW + timedelta(days=2)):%Y-%m-%d}"
    for page in pages:
        shown = browser.get(page).content.decode()
        assert f"Terminó el <time>{day}</time>; el plazo llegaba hasta el {due}" in shown
        assert "Plazo: " not in shown
