"""Pairs that may be one person: found, shown only to who may see both, compared, decided, and remembered."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.world import NOW, World
from torogoz.domain.access import Role
from torogoz.domain.people import DocumentTyped
from torogoz.shared.audit.models import AccessEvent, RecordIsAppendOnly
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions.models import Institution, Membership, Officer
from torogoz.shared.jobs.models import Job
from torogoz.shared.jobs.worker import run_one
from torogoz.shared.people import tasks
from torogoz.shared.people.actions import add_identifier
from torogoz.shared.people.duplicates import compared, find_duplicates
from torogoz.shared.people.models import Identifier, Name, Pair, PairDecision, Person
from torogoz.shared.people.review_queries import Agreeing, Compared, agreeing
from torogoz.shared.people.review_words import lines
from torogoz.topics.returns.words import difference

pytestmark = pytest.mark.django_db

DUI = "22392349-9"


@pytest.fixture(autouse=True)
def lists(world: World) -> None:
    codelists.load()


def somebody(
    world: World, name: str, *, office: str = "CENTRE-A", by: str = "registrar_a", birth: str = "1990-06-02",
    document: str = "", sex: str = "M",
) -> Person:  # fmt: skip
    """A made-up person called «given given / surname surname / married»."""
    given, surnames, married = (*(part.split() for part in name.split("/")), [])[:3]
    person = world.person(name, office=office, by=by)
    Person.objects.filter(pk=person.pk).update(birth=birth, sex=sex)
    Name.objects.filter(person=person).update(
        given1=given[0], given2=" ".join(given[1:]), surname1=surnames[0] if surnames else "",
        surname2=" ".join(surnames[1:]), married=" ".join(married),
    )  # fmt: skip
    if document:
        institution = Institution.objects.get(code="DGME")
        Identifier(person=person, institution=institution, kind="DUI", issuer="SLV").keep(document).save()
    person.refresh_from_db()
    return person


def as_officer(client: Client, world: World, username: str) -> Client:
    client.force_login(world.officers[username], backend="django.contrib.auth.backends.ModelBackend")
    return client


def without_token(answer: HttpResponse) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())


def posted(world: World, username: str, institution: str, office: str, role: Role) -> None:
    officer = world.officers[username] = Officer.objects.create(username=username, full_name="Inventada")
    Membership.objects.create(
        officer=officer, institution=Institution.objects.get(code=institution), office=world.offices[office],
        role=role.value, valid_from="2020-01-01T00:00Z",
    )  # fmt: skip


MUST = [
    ("Juan Carlos/Martínez López", "1990-06-02", "", "JUAN CARLOS/Martines Lopes", "1990-06-02", ""),
    ("Juan Carlos/López Rodríguez", "1990-06-02", "", "Carlos Juan/López Rodríguez", "1990-06-02", ""),
    ("José Luis/Guzmán Alas", "1990-06-02", "", "Chepe Luis/Guzmán Alas", "1990", ""),
    ("José Luis/Guzmán Alas", "1990-06-02", "", "José Luis/Guzmán Alas", "1990-01-01", ""),
    ("José Luis/Guzmán Alas", "1990-06-02", "", "José Luis/Alas Guzmán", "1990-02-06", ""),
    ("José Luis/Guzmán Alas", "1990-06-02", "", "José Luis/Guzmán", "1990-06-02", ""),
    ("José Luis/Guzmán Alas", "1990-06-02", DUI, "Luis/Guzmán", "", "223923499"),
    ("José Luis/Guzmán Alas", "1990-06-02", DUI, "José Luis/Guzmán Alas", "1990-06-02", "27392349-9"),  # one digit
    ("José Luis/Guzmán Alas", "1990-06-02", "", "José Luis/Guzmán Alas", "1980-06-02", ""),  # another decade
    ("Morena Julia/Palacios Roque", "1990-06-02", "", "Julia Morena/Palacios Roque/de Arce", "1990-06", ""),
]
MUST_NOT = [
    ("José Luis/Guzmán Alas", "1990-06-02", "", "Mario Ernesto/Guzmán Alas", "1990-06-02", ""),  # twins
    ("José Luis/Guzmán Alas", "1990-06-02", "", "José Mario/Guzmán Alas", "1990-06-02", ""),  # twins, one name shared
    ("José Luis/Guzmán Alas", "1990-06-02", "", "Mario Ernesto/Guzmán Alas", "1993-02-11", ""),  # brothers
    ("José Luis/Guzmán Alas", "1990-06-02", "", "José Luis/Guzmán Alas", "2012-09-30", ""),  # father and namesake son
    ("José/Hernández García", "1990-06-02", "", "José/Hernández García", "1990-11-25", ""),  # namesakes of one year
    ("José Luis/Guzmán Alas", "1990-06-02", DUI, "José Luis/Guzmán Alas", "1990-06-02", "00016297-5"),  # two valid DUI
]


@pytest.mark.parametrize("pair", MUST)
def test_two_records_of_one_person_are_proposed(world: World, pair: tuple[str, ...]) -> None:
    one, one_birth, one_document, other, other_birth, other_document = pair
    first = somebody(world, one, birth=one_birth, document=one_document)
    second = somebody(world, other, birth=other_birth, document=other_document)
    assert list(compared()) == [(first.pk, second.pk)]


@pytest.mark.parametrize("pair", MUST_NOT)
def test_two_people_are_not_proposed(world: World, pair: tuple[str, ...]) -> None:
    one, one_birth, one_document, other, other_birth, other_document = pair
    somebody(world, one, birth=one_birth, document=one_document)
    somebody(world, other, birth=other_birth, document=other_document)
    assert not compared()


@pytest.fixture
def pair(world: World) -> Pair:
    """Two records of one person: one recorded at centre A, one at centre B, both by DGME."""
    somebody(world, "José Luis/Guzmán Alas", document=DUI)
    somebody(world, "Chepe/Gusmán", office="CENTRE-B", by="registrar_b", birth="1990", document=DUI)
    find_duplicates(now=NOW)
    return Pair.objects.get()


def test_the_command_says_how_many_wait(world: World, pair: Pair) -> None:
    said = StringIO()
    call_command("duplicates", stdout=said)
    assert "1 pairs wait" in said.getvalue()
    assert Pair.objects.count() == 1


def test_every_night_looks_for_pairs_and_puts_the_next_night_on_the_list(world: World) -> None:
    somebody(world, "José Luis/Guzmán Alas", document=DUI)
    somebody(world, "Chepe/Gusmán", office="CENTRE-B", by="registrar_b", birth="1990", document=DUI)
    tasks.plan(now=timezone.now() - timedelta(days=1))
    done = run_one({tasks.NIGHTLY: tasks.look_for_duplicates}, worker="w", clock=timezone.now)
    assert done is not None
    done.refresh_from_db()
    assert done.state == Job.State.DONE
    assert Pair.objects.count() == 1
    assert Job.objects.get(state=Job.State.WAITING, task=tasks.NIGHTLY).due_at > timezone.now()


def test_a_short_name_is_similar_to_the_name_and_another_name_is_not() -> None:
    assert agreeing(("José",), ("Chepe",)) is agreeing(("Chepe",), ("José",)) is Agreeing.SIMILAR
    assert agreeing(("José",), ("Mario",)) is Agreeing.DIFFERENT


def test_the_reason_is_asked_for_as_something_needed(client: Client, world: World, pair: Pair) -> None:
    page = as_officer(client, world, "supervisor_a").get(reverse("people:pair", args=[pair.key])).content.decode()
    assert "(opcional)" not in page


def test_the_officer_compares_and_decides_with_a_reason(client: Client, world: World, pair: Pair) -> None:
    browser = as_officer(client, world, "supervisor_a")
    listed = browser.get(reverse("people:duplicates")).content.decode()
    assert "José Luis Guzmán Alas" in listed
    assert "Por decidir (1)" in listed
    page = browser.get(reverse("people:pair", args=[pair.key])).content.decode()
    assert "Chepe" in page
    assert "coincide en parte" in page
    short = browser.post(reverse("people:pair", args=[pair.key]), {"verdict": "same", "reason": "sí"})
    assert "Escriba por qué" in short.content.decode()
    assert not PairDecision.objects.exists()
    answer = browser.post(
        reverse("people:pair", args=[pair.key]), {"verdict": "same", "reason": "El mismo DUI y la misma madre."}
    )
    assert answer.status_code == 302
    kept = PairDecision.objects.get()
    assert (kept.verdict, kept.decided_by, kept.institution.code) == ("same", world.officers["supervisor_a"], "DGME")
    assert "El mismo DUI" in browser.get(reverse("people:pair", args=[pair.key])).content.decode()
    events = AccessEvent.objects.filter(what="duplicate", verb="edit", allowed=True)
    assert [set(event.subjects) for event in events] == [{str(pair.first.key), str(pair.second.key)}]


def test_what_was_decided_to_be_two_people_is_never_proposed_again(client: Client, world: World, pair: Pair) -> None:
    browser = as_officer(client, world, "supervisor_a")
    browser.post(
        reverse("people:pair", args=[pair.key]), {"verdict": "different", "reason": "Son primos, vinieron juntos."}
    )
    assert find_duplicates(now=NOW) == 0
    assert "Guzmán" not in browser.get(reverse("people:duplicates")).content.decode()
    Name.objects.filter(person=pair.second).update(given1="José", given2="Luis", surname1="Guzmán", surname2="Alas")
    assert find_duplicates(now=NOW) == 0
    assert Pair.objects.get().verdict == "different"


def test_who_may_see_one_of_the_two_is_told_nothing(client: Client, world: World, pair: Pair) -> None:
    posted(world, "gami_a", "GAMI", "CENTRE-A", Role.SUPERVISOR)
    browser = as_officer(client, world, "gami_a")
    page = browser.get(reverse("people:duplicates"))
    assert page.status_code == 200
    assert "Guzmán" not in page.content.decode()
    assert "(1)" not in page.content.decode()
    hidden = browser.get(reverse("people:pair", args=[pair.key]))
    assert hidden.status_code == 404
    nowhere = browser.get(reverse("people:pair", args=["00000000-0000-4000-8000-000000000000"]))
    assert without_token(hidden) == without_token(nowhere)
    decide = {"verdict": "same", "reason": "Porque sí, dice alguien."}
    assert browser.post(reverse("people:pair", args=[pair.key]), decide).status_code == 404
    assert not PairDecision.objects.exists()


def test_who_sees_both_but_may_write_only_one_compares_and_does_not_decide(
    client: Client, world: World, pair: Pair
) -> None:
    browser = as_officer(client, world, "registrar_a")
    page = browser.get(reverse("people:pair", args=[pair.key]))
    assert "Guardar la decisión" not in page.content.decode()
    decide = {"verdict": "same", "reason": "Porque sí, dice alguien."}
    assert browser.post(reverse("people:pair", args=[pair.key]), decide).status_code == 404
    assert not PairDecision.objects.exists()


@pytest.mark.parametrize("username", ["health_a", "police_a", "logistics_a", "data_protection", "statistician"])
def test_who_does_not_write_identities_finds_no_page(client: Client, world: World, pair: Pair, username: str) -> None:
    browser = as_officer(client, world, username)
    assert browser.get(reverse("people:duplicates")).status_code == 404
    assert browser.get(reverse("people:pair", args=[pair.key])).status_code == 404


def test_hidden_people_change_no_score_of_a_pair(world: World, pair: Pair) -> None:
    before = compared()[pair.first_id, pair.second_id]
    for number in range(30):
        somebody(
            world,
            f"José Luis/Guzmán {'Alas' if number % 2 else 'Ruiz'}",
            by="registrar_b",
            birth=f"19{number + 10}-03-04",
        )
    assert compared()[pair.first_id, pair.second_id] == before


def test_a_decision_is_never_changed(world: World, pair: Pair) -> None:
    with pytest.raises(RecordIsAppendOnly):
        PairDecision.objects.update(verdict="same")


def test_a_document_that_somebody_else_bears_opens_a_pair_at_once_and_tells_who_saved_it_nothing(
    world: World, client: Client
) -> None:
    """The other was met elsewhere, by another institution: who saves the number is not told, who sees both is asked."""
    bearer = somebody(world, "Ana María/Quijada Portillo", document=DUI, office="CENTRE-B", by="registrar_b")
    added = somebody(world, "Ana María/Quijada Portillo")
    alone = somebody(world, "Otra/Distinta Persona")
    number = DocumentTyped("DUI", DUI.replace("-", ""))
    alike = somebody(world, "Ana María/Quijada Portillo", birth="1990-06-02")
    for person, document in ((added, number), (alone, DocumentTyped("DUI", "000162975"))):
        add_identifier(by=world.officers["registrar_a"], person=person, document=document, now=NOW)
    pair = Pair.objects.get()
    assert {pair.first_id, pair.second_id} == {bearer.pk, added.pk}
    assert "document.same" in pair.reasons
    assert (pair.score, pair.reasons) == (
        (found := compared()[(bearer.pk, added.pk)]).score,
        list(found.reasons),
    ), "as the night finds it"
    add_identifier(by=world.officers["registrar_a"], person=added, document=number, now=NOW)
    assert Pair.objects.count() == 1
    assert str(pair.key) not in as_officer(client, world, "health_a").get(reverse("people:duplicates")).content.decode()
    find_duplicates(now=NOW)
    assert Pair.objects.filter(pk=pair.pk).exists()
    assert {alike.pk, added.pk} in [{one.first_id, one.second_id} for one in Pair.objects.all()], "left to the night"


def test_a_pair_that_was_decided_to_be_two_people_is_not_opened_again_by_a_document(world: World) -> None:
    bearer = somebody(world, "Ana María/Quijada Portillo", document=DUI)
    other = somebody(world, "Ana María/Quijada Portillo")
    low, high = sorted((bearer.pk, other.pk))
    Pair.objects.create(first_id=low, second_id=high, score=1, reasons=[], found_at=NOW, verdict="different")
    add_identifier(by=world.officers["registrar_a"], person=other, document=DocumentTyped("DUI", DUI), now=NOW)
    assert Pair.objects.get().verdict == "different"


def test_a_nationality_that_is_no_country_is_called_as_its_list_calls_it(world: World) -> None:
    """Stateless and unknown are words of the list, though not among its countries."""
    fact = Compared("nationality", ("_X",), ("_U",), Agreeing.DIFFERENT)
    (line,) = lines((fact,))
    assert (line["first"], line["second"]) == ("Sin nacionalidad", "País desconocido")
    details = {"nationality": "_X"}
    before = dict.fromkeys(("given1", "given2", "surname1", "surname2", "married", "aliases", "sex", "birth"), "")
    changed = difference({**before, **details}, {**before, "nationality": "SLV"})
    assert [(one["before"], one["after"]) for one in changed] == [("Sin nacionalidad", "El Salvador")]
