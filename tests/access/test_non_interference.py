"""What an officer may not see changes no byte of any answer to that officer: page, list, search, count or order.

Every page about people is asked of each officer twice: before, and after everything that this officer may not see has
been changed, taken away or added. A control shows that the walk would notice: each change is seen by who may see it.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.db.models import Q
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.effort import once
from tests.world import NOW, OFFICERS, World
from torogoz.domain.attachments import SCANS
from torogoz.domain.contacts import Safe, Way, Whose
from torogoz.domain.families import Evidence, GroupKind, Kin
from torogoz.domain.names import PersonName
from torogoz.domain.people import DocumentTyped
from torogoz.domain.questions import Kind, Question
from torogoz.domain.reintegration import Content, Level, Moment, Need
from torogoz.domain.returns import Answer, Declaration
from torogoz.domain.sections import REINTEGRATION
from torogoz.domain.sessions import SessionKind
from torogoz.shared.attachments.actions import attach
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.households.actions import add_contact
from torogoz.shared.households.family_actions import form_group, relate
from torogoz.shared.people import index
from torogoz.shared.people import queries as people
from torogoz.shared.people.actions import Resembles
from torogoz.shared.people.models import Identifier, Name, Person, Section
from torogoz.shared.places import actions as places
from torogoz.site.access_matrix.page import PERSON
from torogoz.site.access_matrix.table import PAGES
from torogoz.statistics.forms.shipped import current_form
from torogoz.topics.returns import follow_up_actions, onward_actions, plan_actions
from torogoz.topics.returns.actions import NewPerson, record_arrival
from torogoz.topics.returns.attention_actions import record_session
from torogoz.topics.returns.models import Arrival

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everybody_attends")]

AT_A_OF_DGME = {"registrar_a", "registrar_b", "supervisor_a"}
AT_B = {"registrar_b", "health_b", "health_supervisor_b", "children_b"}
SEES_B = AT_A_OF_DGME | AT_B
LIMITED_AT_A = {"logistics_a", "police_a", "police_supervisor_a"}
NO_PERSON = {"statistician", "data_protection"}
OUTSIDE = AT_B - AT_A_OF_DGME | NO_PERSON

# Tokens against forged and repeated forms are new in every answer, and so is the number of a request in the record of
# accesses, on which its hash stands; they say nothing of anybody.
RANDOM = re.compile(rb'name="(?:csrfmiddlewaretoken|token)" value="[\w-]+"|,[0-9a-f-]{36},[0-9a-f]{64}(?=\r?\n)')
# That somebody with this very document is registered elsewhere is told on purpose: tests/topics/test_cases.py.
ELSEWHERE = re.compile(rb'<div class="warning elsewhere">.*?</div>\n?', re.DOTALL)
# The square of a new authenticator is made by chance too; the file of the record has the number of each request, and
# hashes over it.
BY_CHANCE = {"two_factor", "audit:file"}
NOBODY = UUID(int=0)
SEARCHES = (
    {"text": "Rosa Quijada"},
    {"text": "Rossa Quijda"},
    {"text": "Delmira Zelaya", "birth_year": "1980"},
    {"text": "", "document": "00016297-5"},
    {"text": "Quijada", "birth_year": "1991"},
)

Answers = dict[str, tuple[int, bytes]]


@dataclass(frozen=True)
class Change:
    """Something done to the country, and the officers who may notice."""

    name: str
    do: Callable[[World], object]
    seen_by: set[str]


@pytest.fixture
def country(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Rosa and Luz arrived at centre A, Delmira at centre B; every institution wrote its section of Rosa."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    codelists.load()
    places.load()
    for nickname, given, surname, number, centre, by in (
        ("rosa", "Rosa", "Quijada", "00016297-5", "CENTRE-A", "registrar_a"),
        ("luz", "Luz", "Quijano", "", "CENTRE-A", "registrar_a"),
        ("delmira", "Delmira", "Zelaya", "01234567-8", "CENTRE-B", "registrar_b"),
    ):
        arrive(world, nickname, given, surname, number, centre, by)
    for code, by in (
        ("migration", "registrar_a"),
        ("health", "health_a"),
        ("police", "police_a"),
        ("psychosocial", "psychosocial_a"),
        ("child_protection", "children_a"),
        ("women", "women_a"),
        ("consular", "consular_a"),
        ("labour", "labour_a"),
        ("legal_aid", "legal_aid_a"),
        ("rights", "rights_a"),
    ):
        world.section(world.people["rosa"], code, by=by, answers=answers_of(code, 0))
    return world


def arrive(world: World, nickname: str, given: str, surname: str, number: str, centre: str, by: str) -> None:
    person = NewPerson(
        PersonName(given, "", surname, "Prueba"),
        sex="F",
        birth="1991-05",
        nationality="SLV",
        documents=[DocumentTyped("DUI", number)] if number else [],
    )
    said: dict[str, Any] = {
        "by": world.officers[by],
        "centre": world.offices[centre],
        "arrived_at": NOW - timedelta(hours=1),
        "declared": Declaration("USA", "AIR", reason="ECONOMIC", needs=("FOOD", "PROTECTION"), injured=Answer.YES),
        "token": uuid4(),
        "now": NOW,
    }
    try:
        arrival = record_arrival(person=person, **said)
    except Resembles as alike:  # the officer looks at them, and says that none fits
        none_fits = frozenset(candidate.key for candidate in alike.candidates)
        arrival = record_arrival(person=replace(person, none_fits=none_fits), **said)
    world.people[nickname] = arrival.encounter.person


def answers_of(code: str, variant: int) -> dict[str, object]:
    """Answers to every question of a section; another `variant` answers each differently."""
    return {question.code: answer_to(question, variant) for question in current_form(code).questions}


def answer_to(question: Question, variant: int) -> object:
    if question.kind is Kind.TEXT:
        return f"respuesta inventada {variant}"
    if question.kind is Kind.NUMBER:
        return question.least + 1 + variant
    if question.kind is Kind.YES_NO:
        return "YN"[variant]
    chosen = question.options[variant].code
    return [chosen] if question.kind is Kind.SEVERAL else chosen


def rewrite(code: str) -> Callable[[World], object]:
    def do(world: World) -> object:
        for written in Section.objects.filter(code=code).select_related("institution"):
            written.version, written.recorded_at, written.form_version = 7, NOW, 1
            written.keep(answers_of(code, 1)).save()
        return None

    return do


def take_away(code: str) -> Callable[[World], object]:
    return lambda world: Section.objects.filter(code=code).delete()


def rename(nickname: str, given: str, surname: str) -> Callable[[World], object]:
    def do(world: World) -> None:
        person = world.people[nickname]
        index.remove(person, index.words_of(person))
        Name.objects.filter(person=person).update(given1=given, surname1=surname)
        person = world.people[nickname] = Person.objects.get(pk=person.pk)
        index.add(person, index.words_of(person))

    return do


def be_born(nickname: str) -> Callable[[World], object]:
    return lambda world: Person.objects.filter(pk=world.people[nickname].pk).update(
        birth="2001", birth_min="2001-01-01", birth_max="2001-12-31", sex="M", nationality="HND"
    )


def renumber(nickname: str) -> Callable[[World], object]:
    def do(world: World) -> None:
        for document in Identifier.objects.filter(person=world.people[nickname]):
            document.keep("09876543-2").save()

    return do


def migrate_for_another_reason(world: World) -> object:
    return Arrival.objects.filter(encounter__person=world.people["rosa"]).update(
        reason="INSECURITY", returned_from="MEX", origin_department="SV-MO", accompanied="Y"
    )


WRITERS = {
    "migration": set(OFFICERS) - LIMITED_AT_A - OUTSIDE,
    "health": {"health_a"},
    "police": {"police_a", "police_supervisor_a"},
    "psychosocial": {"psychosocial_a"},
    "child_protection": {"children_a"},
    "women": {"women_a"},
    "consular": {"consular_a"},
    "labour": {"labour_a", "consular_a", "women_a", "psychosocial_a"},
    "legal_aid": {"legal_aid_a"},
    "rights": {"rights_a"},
}

# Data protection reads in the record that something was noted, about which keys: no name, and not what.
SEES_BOTH = AT_A_OF_DGME | {"data_protection"}
SEES_FAMILY = SEES_BOTH | {
    "psychosocial_a",
    "children_a",
    "children_supervisor_a",
    "women_a",
    "consular_a",
    "legal_aid_a",
}


def note_contact(world: World) -> object:
    return add_contact(
        by=world.officers["registrar_a"],
        person=world.people["rosa"],
        way=Way.PHONE,
        value="7012-3456",
        whose=Whose.OWN,
        safe=Safe.YES,
        now=NOW,
    )


def be_sisters(one: str, other: str, by: str) -> Callable[[World], object]:
    return lambda world: relate(
        by=world.officers[by],
        person=world.people[one],
        other=world.people[other],
        kin=Kin.SIBLING,
        evidence=Evidence.STATED,
        noted="inventado",
        now=NOW,
    )


def travel_with(one: str, other: str, by: str) -> Callable[[World], object]:
    return lambda world: form_group(
        by=world.officers[by],
        person=world.people[one],
        others=[world.people[other]],
        kind=GroupKind.TRAVEL,
        formed_on=NOW.date(),
        head=world.people[other],
        said_size=3,
        now=NOW,
    )


def open_plan(nickname: str, by: str) -> Callable[[World], object]:
    """A plan with what hangs on it: the signed sheet, and a follow-up."""

    def do(world: World) -> object:
        officer, encounter = world.officers[by], world.people[nickname].encounters.get()
        content = Content({Need.SAFETY: Level.NOW}, "nota inventada", ("Meta inventada",))
        plan = plan_actions.open_plan(by=officer, encounter=encounter, content=content, now=NOW)
        attach(
            by=officer, encounter=encounter, code=REINTEGRATION, name="hoja.pdf", chunks=[b"%PDF-1.7 inventada"],
            now=NOW, kinds=SCANS,
        )  # fmt: skip
        return follow_up_actions.assess(by=officer, plan=plan, moment=Moment.BASELINE, answers={}, now=NOW)

    return do


def attend(nickname: str, by: str) -> Callable[[World], object]:
    return lambda world: record_session(
        by=world.officers[by],
        encounter=world.people[nickname].encounters.get(),
        kind=SessionKind.INDIVIDUAL,
        held_on=timezone.localdate(NOW),
        next_on=timezone.localdate(NOW) + timedelta(days=7),
        notes="dicho inventado",
        now=NOW,
    )


def lodge(nickname: str, centre: str, by: str) -> Callable[[World], object]:
    """A bed in a place of this centre, a bag that is kept, and a trip."""

    def do(world: World) -> object:
        officer, encounter = world.officers[by], world.people[nickname].encounters.get()
        today = timezone.localdate(NOW)
        place = onward_actions.add_shelter(
            by=officer, centre=world.offices[centre], name=f"Casa inventada {centre}", capacity=3, now=NOW
        )
        onward_actions.keep_bag(by=officer, encounter=encounter, number="INV1", things="Un teléfono", now=NOW)
        return onward_actions.give_bed(
            by=officer,
            encounter=encounter,
            shelter=place,
            first_night=today,
            leaves_on=today + timedelta(days=2),
            now=NOW,
        )

    return do


CHANGES = (
    # Who wrote the plan, and who reinserts; of a session who attends alone. Data protection reads in the record that
    # something was written, about which keys.
    Change(
        "that Rosa has a plan", open_plan("rosa", "psychosocial_a"), {"psychosocial_a", "consular_a", "data_protection"}
    ),
    Change("that Rosa was attended", attend("rosa", "psychosocial_a"), {"psychosocial_a", "data_protection"}),
    Change(
        "where Rosa sleeps",
        lodge("rosa", "CENTRE-A", "logistics_a"),
        {"logistics_a", "registrar_a", "registrar_b", "supervisor_a", "data_protection"},
    ),
    Change(
        "where somebody at B sleeps",
        lodge("delmira", "CENTRE-B", "registrar_b"),
        {"registrar_b", "registrar_a", "supervisor_a", "data_protection"},
    ),
    Change("how Rosa is reached", note_contact, SEES_FAMILY),
    Change("that Rosa and Luz are sisters", be_sisters("rosa", "luz", "registrar_a"), SEES_FAMILY),
    Change("that Rosa and Luz arrived together", travel_with("rosa", "luz", "registrar_a"), SEES_FAMILY),
    # DGME, which alone reaches both, and of centre B nobody: whoever sees only one of the two sees no more than before.
    Change("that Rosa has a sister at B", be_sisters("rosa", "delmira", "registrar_a"), SEES_BOTH),
    Change("that Rosa arrived with somebody at B", travel_with("rosa", "delmira", "registrar_a"), SEES_BOTH),
    *(Change(f"what is written under {code}", rewrite(code), seers) for code, seers in WRITERS.items()),
    *(Change(f"that anything is written under {code}", take_away(code), seers) for code, seers in WRITERS.items()),
    Change("why Rosa migrated", migrate_for_another_reason, WRITERS["migration"]),
    Change("Rosa's birth and sex", be_born("rosa"), set(OFFICERS) - {"logistics_a"} - OUTSIDE),
    Change("Rosa's document", renumber("rosa"), set(OFFICERS) - {"logistics_a"} - OUTSIDE),
    Change("Rosa's name", rename("rosa", "Zulma", "Barahona"), set(OFFICERS) - OUTSIDE),
    Change("the name of somebody at B", rename("delmira", "Rosa", "Quijada"), SEES_B),
    Change("the birth of somebody at B", be_born("delmira"), SEES_B),
    Change("the document of somebody at B", renumber("delmira"), SEES_B),
    Change(
        "that somebody with nearly the same name is at B",
        lambda world: arrive(world, "rossa", "Rossa", "Quijda", "", "CENTRE-B", "registrar_b"),
        # Data protection reads in the record that somebody was registered: a key, and no name.
        SEES_B | {"data_protection"},
    ),
    Change(
        "that Luz was met at B too",
        lambda world: world.encounter(world.people["luz"], office="CENTRE-B", by="health_b"),
        AT_B,
    ),
)


def addresses(world: World) -> Iterator[str]:
    """Every page of the site that a GET asks and that may have to do with people."""
    keys = [person.key for nickname, person in world.people.items() if nickname != "rossa"]
    for page in PAGES:
        if page.method == "GET" and not page.public and page.name not in BY_CHANCE:
            about_somebody = PERSON in page.arguments.values()
            for key in [*keys, NOBODY] if about_somebody else [NOBODY]:
                given = {name: str(key) if value == PERSON else value for name, value in page.arguments.items()}
                yield reverse(page.name, kwargs=given)


def walk(world: World, username: str) -> Answers:
    """Every answer to this officer. The record that the walk itself leaves is taken back, since a page shows it."""
    with transaction.atomic():
        answers = dict(asked(world, username))
        transaction.set_rollback(True)
    return answers


def asked(world: World, username: str, first: Collection[str] = ()) -> Iterator[tuple[str, tuple[int, bytes]]]:
    """Ask for one address after another, as this officer; for those of `first` before the others."""
    client = Client()
    client.force_login(world.officers[username], backend="django.contrib.auth.backends.ModelBackend")
    for address in sorted(set(addresses(world)), key=lambda address: (address not in first, address)):
        yield address, read(client.get(address))
    for number, sought in enumerate(SEARCHES):
        yield f"search {number}", read(client.post(reverse("returns:search"), sought))
    for public in ("/", "/returns/?day=2026-11-19"):
        yield public, read(client.get(public))


def read(answer: object) -> tuple[int, bytes]:
    body: bytes = answer.content  # type: ignore[attr-defined]
    return answer.status_code, RANDOM.sub(b"", ELSEWHERE.sub(b"", body))  # type: ignore[attr-defined]


def after(world: World, username: str, changes: list[Change]) -> Answers:
    """Every answer to this officer after these changes, which are then taken back."""
    people = dict(world.people)
    with transaction.atomic():
        for change in changes:
            change.do(world)
        answers = walk(world, username)
        transaction.set_rollback(True)
    world.people = people
    return answers


def differing(before: Answers, then: Answers) -> list[str]:
    return [address for address, answer in before.items() if then[address] != answer]


def test_the_same_question_twice_has_the_same_answer(country: World) -> None:
    for username in ("health_a", "data_protection"):
        assert walk(country, username) == walk(country, username)


# Each officer is walked through every page three times: these every time, the others with the load tests.
ALWAYS = (["health_b"], ["registrar_b", "police_a"], ["logistics_a", "data_protection"])
OTHERS = [username for username in OFFICERS if not any(username in together for together in ALWAYS)]


@pytest.mark.parametrize(
    "officers",
    [
        ALWAYS[0],
        *(pytest.param(together, marks=once) for together in ALWAYS[1:]),
        *(pytest.param([username], marks=pytest.mark.load) for username in OTHERS),
    ],
    ids=" ".join,
)
def test_what_an_officer_may_not_see_changes_no_byte_of_any_answer(country: World, officers: list[str]) -> None:
    leaks = []
    for username in officers:
        hidden = [change for change in CHANGES if username not in change.seen_by]
        before = walk(country, username)
        # What is taken away cannot be rewritten too, so there are two turns.
        taken = [change for change in hidden if change.name.startswith("that anything")]
        for changes in (taken, [change for change in hidden if change not in taken]):
            if wrong := differing(before, after(country, username, changes)):
                guilty = [change.name for change in changes if differing(before, after(country, username, [change]))]
                leaks.append(f"{username}: {wrong} because of {guilty}")
    assert not leaks, "\n".join(leaks)


def noticed(world: World, username: str, change: Change, before: Answers, first: Collection[str]) -> str:
    """The first answer that is another after the change, or nothing: there the walk ends."""
    people = dict(world.people)
    with transaction.atomic():
        change.do(world)
        answers = asked(world, username, first)
        seen = next((address for address, answer in answers if before.get(address, answer) != answer), "")
        transaction.set_rollback(True)
    world.people = people
    return seen


@once
def test_whoever_may_see_a_change_sees_it(country: World) -> None:
    """The control: were the walk blind, the test above would say nothing."""
    before: dict[str, Answers] = {}
    seen_at: set[str] = set()
    unseen = []
    for change in CHANGES:
        username = next((name for name in sorted(before) if name in change.seen_by), min(change.seen_by))
        before[username] = before.get(username) or walk(country, username)
        if where := noticed(country, username, change, before[username], seen_at):
            seen_at.add(where)
        else:
            unseen.append(f"{username} does not see {change.name}")
    assert not unseen, "\n".join(unseen)


def test_a_page_that_leaks_is_caught(country: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The short control, on both databases: a page that forgets the policy answers otherwise after a hidden change."""
    change = next(change for change in CHANGES if change.name == "the name of somebody at B")
    page = reverse("returns:person", args=[country.people["delmira"].key])
    assert "health_a" not in change.seen_by

    def asked_first() -> Answers:
        return dict(islice(asked(country, "health_a", [page]), 1))

    def caught() -> list[str]:
        with transaction.atomic():
            before = asked_first()
            change.do(country)
            wrong = differing(before, asked_first())
            transaction.set_rollback(True)
        return wrong

    assert caught() == []
    monkeypatch.setattr(people, "visible", lambda *_args, **_named: Q())
    assert caught() == [page]


def test_a_person_who_is_denied_and_one_who_does_not_exist_have_the_same_page(country: World) -> None:
    client = Client()
    client.force_login(country.officers["health_a"], backend="django.contrib.auth.backends.ModelBackend")
    for page in PAGES:
        if PERSON in page.arguments.values() and page.method == "GET":
            pages = [
                read(client.get(reverse(page.name, kwargs={**page.arguments, "key": str(key)})))
                for key in (country.people["delmira"].key, uuid4())
            ]
            assert pages[0] == pages[1], page.name
            assert pages[0][0] == 404
