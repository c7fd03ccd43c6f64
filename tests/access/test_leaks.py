"""Leaks that other systems of case management had, each played again on our pages by officers of several institutions.

Each test names the thread where users or maintainers told of it: what happened there must not happen here. Leaks of
screens that this system does not have (a bulk action) are played on what comes closest.
"""

import csv
import io
import logging
import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.access.test_non_interference import RANDOM, arrive
from tests.topics.test_cases import consent, reads
from tests.topics.test_exports import PERIOD, opened
from tests.topics.test_handovers import WHY, B, hand_over, step
from tests.topics.test_reception import LIST, announced
from tests.world import NOW, OFFICERS, World
from torogoz.domain.access import Role
from torogoz.domain.handovers import Ground, HandoverRefused, State, Step, Urgency, Why
from torogoz.domain.returns import AlreadyArrived, Declaration
from torogoz.shared.attachments.actions import attach
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.cases import handover_actions as handovers
from torogoz.shared.cases import handover_queries
from torogoz.shared.cases.models import Handover, HandoverStep
from torogoz.shared.cases.queries import elsewhere
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.exports.actions import export_people
from torogoz.shared.exports.models import Export
from torogoz.shared.institutions.models import Institution, Membership, Officer
from torogoz.shared.people.actions import NotAllowed
from torogoz.shared.people.models import Encounter, Name, Pair, PairDecision, Person, Section
from torogoz.shared.people.queries import encounters_seen_by, search_seen_by
from torogoz.shared.places import actions as places
from torogoz.site.access_matrix.page import PERSON
from torogoz.site.access_matrix.table import PAGES
from torogoz.topics.returns import reception_actions, reception_queries
from torogoz.topics.returns.actions import record_arrival
from torogoz.topics.returns.models import Arrival, ManifestLine, StopMade, Transport

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everybody_attends")]

SignIn = Callable[[str], Client]
ROSA_DUI, DELMIRA_DUI = "00016297-5", "01234567-8"
WROTE = "Texto inventado que solo lee quien lo escribió"


@pytest.fixture
def country(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Rosa arrived at centre A (and has a section of health there), Delmira at centre B."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    codelists.load()
    places.load()
    arrive(world, "rosa", "Rosa", "Quijada", ROSA_DUI, "CENTRE-A", "registrar_a")
    arrive(world, "delmira", "Delmira", "Zelaya", DELMIRA_DUI, "CENTRE-B", "registrar_b")
    world.section(world.people["rosa"], "health", by="health_a", answers={"care": "TREATED", "health_note": WROTE})
    return world


@pytest.fixture
def sign_in(country: World) -> SignIn:
    def as_officer(username: str) -> Client:
        client = Client()
        client.force_login(Officer.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return as_officer


def text_of(answer: object) -> str:
    return RANDOM.sub(b"", answer.content).decode()  # type: ignore[attr-defined]


def registered(world: World, given: str, surname: str, centre: str, by: str) -> Person:
    """Somebody registered as an officer does it, so that a search finds her."""
    arrive(world, surname, given, surname, "", centre, by)
    return world.people[surname]


def newcomer(world: World, institution: str, centre: str, role: Role) -> Officer:
    """One more made-up officer of this place."""
    officer = Officer.objects.create(username=f"new-{institution}-{centre}-{role}".lower(), full_name="Inventada")
    Membership.objects.create(
        officer=officer,
        institution=Institution.objects.get(code=institution),
        office=world.offices[centre],
        role=role.value,
        valid_from=NOW - timedelta(days=9),
    )
    world.officers[officer.username] = officer
    return officer


# ── Hand-over ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_receiver_pulls_nobody_without_the_sender(country: World, sign_in: SignIn) -> None:
    """ohcnetwork/care#400: the receiver took patients over without the sender having acted."""
    rosa, asker = country.people["rosa"], country.officers["health_b"]
    asked = handovers.ask(
        by=asker, person=rosa, urgency=Urgency.URGENT, reason="Está aquí con su documento", sections=["health"], now=NOW
    )
    browser = sign_in("health_b")
    for what in (Step.SHARE, Step.ACCEPT, Step.START, Step.COMPLETE):
        answer = browser.post(reverse("cases:step", args=[asked.key, what.value]), {"share-sections": ["health"]})
        assert answer.status_code in (404, 422), what
    asked.refresh_from_db()
    assert (asked.state, asked.grant) == (State.ASKED, None)
    assert browser.get(reverse("returns:person", args=[rosa.key])).status_code == 404


def test_nothing_is_handed_over_by_default_and_nothing_said_stays_open(country: World, sign_in: SignIn) -> None:
    """care_fe#377, #398, #5381: one tick for "may be transferred" that was wrong whichever way it stood."""
    rosa = country.people["rosa"]
    assert reads(country.officers["health_b"], rosa) == set()
    hand_over(country, rosa, sections=["identity"])
    assert reads(country.officers["health_b"], rosa) == set(), "what was not ticked is not opened"
    assert sign_in("health_b").get(reverse("returns:person", args=[rosa.key])).status_code == 200


def test_who_receives_reads_what_was_written_before_and_what_it_is_for(country: World, sign_in: SignIn) -> None:
    """care_fe#907, #840: after the transfer the receiver read neither the earlier notes nor the reason."""
    rosa = country.people["rosa"]
    sent = hand_over(country, rosa)
    step(country, "health_b", sent, Step.ACCEPT)
    browser = sign_in("health_b")
    assert WROTE in text_of(browser.get(reverse("returns:person", args=[rosa.key])))
    assert WHY in text_of(browser.get(reverse("cases:handover", args=[sent.key])))


def test_no_second_way_leaves_a_dead_request_and_none_blocks_another(country: World) -> None:
    """care_fe#781, #1095: two ways to move a record left one hanging; an old request blocked the new centre's."""
    rosa = country.people["rosa"]
    hand_over(country, rosa)
    with pytest.raises(HandoverRefused):
        hand_over(country, rosa)
    assert hand_over(country, rosa, to="CONAPINA@CENTRE-B", sections=["identity"]).state == State.SENT


def test_that_another_institution_handed_the_person_over_is_not_told_by_an_error(
    country: World, sign_in: SignIn
) -> None:
    """care_fe#1095 as a leak: «there is already one» would tell of a hand-over that the officer may not see."""
    rosa = country.people["rosa"]
    form = {"to": B, "urgency": "urgent", "reason": WHY, "sections": ["identity"], "ground": "protocol"}
    address = reverse("cases:send", args=[rosa.key])
    hand_over(country, rosa, by="psychosocial_a", sections=["identity"])
    assert handover_queries.handovers_seen_by(country.officers["registrar_a"], NOW, person=rosa) == []
    assert sign_in("registrar_a").post(address, form).status_code == 302
    assert "Ya hay una derivación" in text_of(sign_in("registrar_a").post(address, form)), "one's own is told"


def test_that_the_person_consented_elsewhere_is_not_told_by_an_error(country: World, sign_in: SignIn) -> None:
    rosa = country.people["rosa"]
    consent(country, rosa, by="psychosocial_a", sections=["identity"], to="ISDEMU")
    form = {"to": "ISDEMU@CENTRE-A", "urgency": "urgent", "reason": WHY, "sections": ["identity"]}
    answer = sign_in("registrar_a").post(
        reverse("cases:send", args=[rosa.key]), form | {"ground": Ground.CONSENT.value}
    )
    assert "Ningún consentimiento vigente" in text_of(answer)
    assert not Handover.objects.exists()


def test_a_pending_hand_over_is_changed_by_nobody_who_is_on_no_side_of_it(country: World, sign_in: SignIn) -> None:
    """primero PR #7645: pending referrals were changed by users without access to the record."""
    sent = hand_over(country, country.people["rosa"])
    unknown = uuid4()
    for username in set(OFFICERS) - {"health_a", "health_b", "health_supervisor_b"}:
        browser = sign_in(username)
        for what in Step:
            typed = {f"{what.value}-why": Why.FULL.value, f"{what.value}-note": "no"}
            answers = [
                browser.post(reverse("cases:step", args=[key, what.value]), typed) for key in (sent.key, unknown)
            ]
            assert [answer.status_code for answer in answers] == [404, 404], (username, what)
            assert text_of(answers[0]) == text_of(answers[1])
    sent.refresh_from_db()
    assert (sent.state, HandoverStep.objects.count()) == (State.SENT, 1)


def test_nobody_hands_over_whom_she_cannot_open_one_by_one_or_all_at_once(country: World, sign_in: SignIn) -> None:
    """primero R2-3930, PR #7640: bulk assignment gave away cases that the user could not open."""
    delmira = country.people["delmira"]
    form = {"to": B, "urgency": "urgent", "reason": WHY, "sections": ["identity"], "ground": "protocol"}
    for username in ("health_a", "children_a", "police_a", "statistician"):
        answer = sign_in(username).post(reverse("cases:send", args=[delmira.key]), form)
        assert answer.status_code == 404, username
    assert not Handover.objects.exists()
    plural = [page.name for page in PAGES if page.method == "POST" and list(page.arguments.values()).count(PERSON) > 1]
    assert plural == [], "a page that acts on several people at once needs a test of its own here"


# ── Scope ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_nobody_acts_on_a_person_of_another_office_by_writing_the_address(country: World, sign_in: SignIn) -> None:
    """opencrvs-core#10615, #12186, #12373, #12456: users acted on records outside their office."""
    delmira = country.people["delmira"]
    met = delmira.encounters.get()
    counted = (Section, StopMade, Arrival, Handover, Encounter)
    before = [model.objects.count() for model in counted]
    for username in ("health_a", "children_a", "women_a", "logistics_a", "police_supervisor_a"):
        browser = sign_in(username)
        for address, form in (
            (reverse("returns:section", args=[delmira.key, "health"]), {"encounter": met.key, "expected_version": 0}),
            (reverse("returns:stops", args=[delmira.key]), {"stop": "health", "progress": "done"}),
            (reverse("returns:arrival", args=[delmira.key]), {"save": "1"}),
            (reverse("returns:correct", args=[delmira.key]), {"given1": "Otra"}),
            (reverse("returns:document", args=[delmira.key, uuid4()]), {"number": "00016297-5", "kind": "DUI"}),
            (reverse("returns:document_away", args=[delmira.key, uuid4()]), {"why": "another", "sure": "1"}),
            (reverse("returns:attachment", args=[delmira.key, met.key, "health"]), {}),
            (reverse("returns:paper", args=[delmira.key, met.key]), {"sheet_language": "es"}),
            (reverse("cases:consent", args=[delmira.key]), {}),
        ):
            absent = address.replace(str(delmira.key), str(uuid4())).replace(str(met.key), str(uuid4()))
            refused, missing = browser.post(address, form), browser.post(absent, form)
            assert refused.status_code == missing.status_code == 404, (username, address)
            assert text_of(refused) == text_of(missing)
    assert [model.objects.count() for model in counted] == before
    assert Name.objects.get(person=delmira).given1 == "Delmira"


def test_the_office_of_a_form_is_not_taken_on_trust(country: World, sign_in: SignIn) -> None:
    """opencrvs-core#12456: the office was checked in the browser and not by the server."""
    form = {
        "centre": str(country.offices["CENTRE-B"].pk),
        "route": "AIR",
        "arrives_on": "2026-11-20",
        "number": "XE 7",
        "returned_from": "USA",
    }
    sign_in("registrar_a").post(reverse("returns:transports"), form)
    assert not Transport.objects.filter(office=country.offices["CENTRE-B"]).exists()
    with pytest.raises(NotAllowed):
        announced(country, centre=country.offices["CENTRE-B"])


def test_an_approval_or_a_closure_is_not_given_from_outside(country: World, sign_in: SignIn) -> None:
    """primero PR #7626: closing, disabling and approving were open to users without access to the record."""
    flight = announced(country)
    for username in ("registrar_b", "health_a", "logistics_a", "statistician"):
        answers = [
            sign_in(username).post(reverse("returns:transport_close", args=[key])) for key in (flight.key, uuid4())
        ]
        assert [answer.status_code for answer in answers] == [404, 404], username
    flight.refresh_from_db()
    assert flight.closed_at is None


def test_an_attachment_is_not_fetched_by_its_key_alone(country: World, sign_in: SignIn) -> None:
    """primero PR #7629: attachments answered to whoever knew their address."""
    met = country.people["rosa"].encounters.get()
    stored = attach(
        by=country.officers["health_a"],
        encounter=met,
        code="health",
        name="receta-de-rosa.pdf",
        chunks=[b"%PDF-1.7 inventada"],
        now=NOW,
    )
    for username in set(OFFICERS) - {"health_a"}:
        browser = sign_in(username)
        refused, missing = (browser.get(reverse("attachments:file", args=[key])) for key in (stored.key, uuid4()))
        assert (refused.status_code, text_of(refused)) == (404, text_of(missing)), username
        page = browser.get(reverse("returns:person", args=[country.people["rosa"].key]))
        assert "receta-de-rosa" not in text_of(page), username


def test_who_is_in_a_list_and_whose_page_opens_are_the_same_people(country: World, sign_in: SignIn) -> None:
    """SORMAS#3013, #3687: confidential in the list but readable in the form, and the other way round."""
    for username in OFFICERS:
        browser = sign_in(username)
        listed = text_of(browser.get(reverse("returns:index")))
        for nickname, surname in (("rosa", "Quijada"), ("delmira", "Zelaya")):
            page = browser.get(reverse("returns:person", args=[country.people[nickname].key]))
            here = OFFICERS[username][1] == {"rosa": "CENTRE-A", "delmira": "CENTRE-B"}[nickname]
            if here:
                assert (surname in listed) == (page.status_code == 200), (username, nickname)
            else:
                assert surname not in listed, (username, nickname)


def test_a_detail_that_is_kept_back_in_one_place_is_kept_back_in_all(country: World, sign_in: SignIn) -> None:
    """SORMAS#4074: the country of birth stood on pages of users who were to learn a name and nothing else."""
    Person.objects.filter(pk=country.people["rosa"].pk).update(birth="1913-07", nationality="HND")
    browser = sign_in("logistics_a")
    for page in PAGES:
        if page.method != "GET" or page.public:
            continue
        given = {
            name: str(country.people["rosa"].key) if value == PERSON else value
            for name, value in page.arguments.items()
        }
        answer = browser.get(reverse(page.name, kwargs=given))
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        for secret in (b"1913", b"Honduras", ROSA_DUI.encode()):
            assert secret not in body, page.name


def test_an_export_holds_no_more_than_the_pages_of_who_exports(country: World, sign_in: SignIn) -> None:
    """SORMAS#1814: exports held telephone numbers and addresses that the user's pages kept back."""
    for username in ("supervisor_a", "police_supervisor_a", "children_supervisor_a", "health_supervisor_b"):
        made, password = export_people(
            by=country.officers[username],
            **PERIOD,
            purpose=Export.Purpose.CASE,
            reason="Lista para la ronda de llamadas",
            language="es",
            htcds=True,
            now=NOW,
        )
        files = opened(made.path.read_bytes(), password)
        held = files["people.csv"].decode("utf-8-sig") + files["htcds.csv"].decode()
        browser = sign_in(username)
        for nickname, words in (("rosa", ("Quijada", "00016297", WROTE)), ("delmira", ("Zelaya", "01234567"))):
            page = text_of(browser.get(reverse("returns:person", args=[country.people[nickname].key])))
            for word in words:
                assert word not in held or word in page, (username, word)
        assert WROTE not in held, "health is nobody's to export but the supervisor's who reads it, at the own centre"


def test_who_sees_no_person_sees_none_anywhere(country: World, sign_in: SignIn) -> None:
    """SORMAS#8689: an administrator with an empty list of cases still saw people in «merge duplicates»."""
    newcomer(country, "MINSAL", "CENTRE-B", Role.STATISTICIAN)
    for username in ("statistician", "data_protection", "new-minsal-centre-b-statistician"):
        browser = sign_in(username)
        for page in PAGES:
            if page.public:
                continue
            given = {
                name: str(country.people["rosa"].key) if value == PERSON else value
                for name, value in page.arguments.items()
            }
            address = reverse(page.name, kwargs=given)
            answer = browser.post(address) if page.method == "POST" else browser.get(address)
            for secret in (b"Quijada", b"Zelaya", b"00016297"):
                assert secret not in getattr(answer, "content", b""), (username, page.name)
            if page.name == "sign_out":
                browser = sign_in(username)


def test_without_a_posting_no_institution_office_or_number_of_people_is_shown(country: World, sign_in: SignIn) -> None:
    """unicef/hope PR #3381: a business area was shown to users without any permission in it."""
    Officer.objects.create(username="unposted", full_name="Inventada")
    browser = sign_in("unposted")
    for name in ("returns:index", "home", "cases:handovers", "returns:transports"):
        body = text_of(browser.get(reverse(name)))
        for secret in ("inventado A", "inventado B", "CENTRE-", "Quijada"):
            assert secret not in body, name


def test_the_work_of_another_queue_is_neither_listed_counted_nor_opened(country: World, sign_in: SignIn) -> None:
    """unicef/hope#3179, #3779: tickets were opened by users of another area; and so do work queues tell."""
    sent = hand_over(country, country.people["rosa"])
    children = sign_in("children_b")
    before = text_of(children.get("/"))
    assert "Derivaciones (" not in before
    assert str(sent.key) not in text_of(children.get(reverse("cases:handovers")))
    assert children.get(reverse("cases:handover", args=[sent.key])).status_code == 404
    assert "Derivaciones (1)" in text_of(sign_in("health_b").get("/")), "the control: who must answer is told"


def test_no_cell_of_an_export_is_run_as_a_formula(country: World) -> None:
    """primero PR #7474, #7521: a name that begins with = was run by the spreadsheet of who opened the export."""
    for sign in ("=", "+", "-", "@", "\t=", "\r="):
        Name.objects.filter(person=country.people["rosa"]).update(given1=f'{sign}HYPERLINK("http://x.example")')
        made, password = export_people(
            by=country.officers["supervisor_a"],
            **PERIOD,
            purpose=Export.Purpose.CASE,
            reason="Lista para la ronda de llamadas",
            language="es",
            htcds=True,
            now=NOW,
        )
        files = opened(made.path.read_bytes(), password)
        for name in ("people.csv", "htcds.csv"):
            for row in csv.reader(io.StringIO(files[name].decode("utf-8-sig"))):
                assert not [cell for cell in row if cell[:1] in tuple("=+-@\t\r")], (name, sign)
        book = openpyxl.load_workbook(io.BytesIO(files["people.xlsx"]))
        assert all(cell.data_type != "f" for sheet in book for line in sheet.iter_rows() for cell in line)


# ── Duplicates, search, order ───────────────────────────────────────────────────────────────────────────────────


def test_of_a_pair_with_a_hidden_person_nothing_is_listed_counted_opened_decided_or_merged(
    country: World, sign_in: SignIn
) -> None:
    """SORMAS#8689, #11425: people of other jurisdictions stood in «merge duplicates»; #2316: whoever saw it merged."""
    first, second = sorted((country.people["rosa"], country.people["delmira"]), key=lambda one: one.pk)
    pair = Pair.objects.create(first=first, second=second, score=99, reasons={}, found_at=NOW)
    newcomer(country, "GAMI", "CENTRE-A", Role.SUPERVISOR)
    newcomer(country, "GAMI", "CENTRE-B", Role.REGISTRAR)
    for username in ("new-gami-centre-a-supervisor", "new-gami-centre-b-registrar", "health_a", "data_protection"):
        browser = sign_in(username)
        listed = browser.get(reverse("people:duplicates"))
        assert str(pair.key) not in text_of(listed), username
        assert "(1)" not in text_of(listed), username
        asked = {"verdict": "same", "reason": "Es la misma persona, dice alguien.", "survivor": str(first.key)}
        for name in ("people:pair", "people:merge"):
            refused, missing = (browser.post(reverse(name, args=[key]), asked) for key in (pair.key, uuid4()))
            assert (refused.status_code, text_of(refused)) == (404, text_of(missing)), (username, name)
        refused, missing = (browser.get(reverse("people:pair", args=[key])) for key in (pair.key, uuid4()))
        assert (refused.status_code, text_of(refused)) == (404, text_of(missing)), username
    assert not PairDecision.objects.exists()
    pair.refresh_from_db()
    assert pair.verdict == ""
    control = text_of(sign_in("registrar_a").get(reverse("people:duplicates")))
    assert str(pair.key) in control, "the control: who may see both is shown the pair"


def test_nobody_is_a_duplicate_of_herself_and_no_pair_is_kept_twice(country: World) -> None:
    """unicef/hope PR #4014, #1811: tickets of a person against herself, and the same ticket twice."""
    rosa, delmira = sorted((country.people["rosa"], country.people["delmira"]), key=lambda one: one.pk)
    Pair.objects.create(first=rosa, second=delmira, score=99, reasons={}, found_at=NOW)
    for first, second in ((rosa, rosa), (delmira, rosa), (rosa, delmira)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Pair.objects.create(first=first, second=second, score=99, reasons={}, found_at=NOW)


def test_a_senior_officer_searches_before_creating_as_everybody_does(country: World, sign_in: SignIn) -> None:
    """opencrvs-core#4440, #10169: no look for duplicates when a senior user made the record."""
    for username in ("registrar_a", "supervisor_a"):
        page = text_of(sign_in(username).get(reverse("returns:index")))
        assert reverse("returns:search") in page, username
        assert f'href="{reverse("returns:new")}"' not in page, "the single form is begun from a search"


def test_that_a_document_is_known_elsewhere_tells_nothing_that_can_be_compared(country: World) -> None:
    """SORMAS#11425: duplicates across jurisdictions were shown. Here a token stands for one, and it is shut."""
    asker = country.officers["health_a"]
    tokens = {elsewhere(asker, DELMIRA_DUI, NOW) for _ in range(3)}
    assert len(tokens) == 3, "two answers about one person have nothing in common"
    delmira = country.people["delmira"]
    for token in tokens:
        for secret in (str(delmira.pk), str(delmira.key)):
            assert not re.search(rf"\b{secret}\b", token)


def test_an_arrival_that_the_officer_may_not_see_is_not_told_by_refusing_another(country: World) -> None:
    """An error text as a side door: «already arrived today», somewhere that the officer knows nothing of."""
    gami = newcomer(country, "GAMI", "CENTRE-A", Role.REGISTRAR)
    luz = country.person("luz", office="CENTRE-A", by="psychosocial_a", given="Luz")
    luz.encounters.update(kind="attention")
    country.encounter(luz, office="CENTRE-B", by="registrar_b")

    def arrives() -> None:
        record_arrival(
            by=gami,
            person=luz,
            centre=country.offices["CENTRE-A"],
            arrived_at=NOW - timedelta(hours=2),
            declared=Declaration("USA", "AIR"),
            token=uuid4(),
            now=NOW,
        )

    assert encounters_seen_by(gami, luz, NOW) == [luz.encounters.get(kind="attention")]
    arrives()
    with pytest.raises(AlreadyArrived):
        arrives()


def test_how_a_hidden_name_is_spelt_decides_nobody_s_place(country: World) -> None:
    """A rank as a side door: the words of hidden names widened what a misspelt word may stand for."""
    health = country.officers["health_a"]

    def found() -> list[tuple[object, int]]:
        asked = search_seen_by(health, name="Norma Beatriz Quijada", birth_year=None, now=NOW)
        return [(each.key, each.score) for each in asked]

    for surname, given in (("Quijada", "Norma Beatriz"), ("Kijda", "Norma Beatriz")):
        registered(country, given, surname, "CENTRE-A", "registrar_a")
    before = found()
    assert before
    registered(country, "Otra", "Quijda", "CENTRE-B", "registrar_b")
    assert found() == before


# ── Reception ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_list_is_ticked_off_only_with_an_arrival_of_the_own_centre(country: World, sign_in: SignIn) -> None:
    """opencrvs-core#12186: a record of another office was pulled in by writing its key into a form."""
    flight = announced(country)
    reception_actions.take_manifest(
        by=country.officers["registrar_a"], transport=flight, content=LIST.encode(), now=NOW
    )
    line = ManifestLine.objects.filter(transport=flight).order_by("row")[0]
    elsewhere_met = country.people["delmira"].encounters.get().key
    pages = []
    for key in (elsewhere_met, uuid4()):
        browser = sign_in("registrar_a")
        address = reverse("returns:tick", args=[flight.key, line.key])
        pages.append(text_of(browser.post(address, {"arrival": str(key)}, follow=True)))
    assert pages[0] == pages[1]
    line.refresh_from_db()
    assert line.arrival is None


def test_two_centres_may_have_a_flight_of_the_same_number(country: World) -> None:
    """A refusal as a side door: «there is already such a flight», at a centre that the officer does not serve."""
    announced(country)
    newcomer(country, "DGME", "CENTRE-B", Role.SUPERVISOR)
    other = announced(country, by=country.officers["new-dgme-centre-b-supervisor"], centre=country.offices["CENTRE-B"])
    assert other.number == Transport.objects.exclude(pk=other.pk).get().number
    assert reception_queries.transport_seen_by(country.officers["registrar_a"], other.key, NOW) is None


# ── Logs and the record ─────────────────────────────────────────────────────────────────────────────────────────


def test_no_log_and_no_line_of_the_record_holds_a_name_a_number_or_an_answer(
    country: World, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    """What the pages keep back is not to be read in the files of the server either."""
    caplog.set_level(logging.DEBUG)
    rosa = country.people["rosa"]
    searched = {"text": "Rosa Quijada", "document": ROSA_DUI}
    for username in ("registrar_a", "health_a", "health_b", "police_a", "logistics_a"):
        browser = sign_in(username)
        browser.post(reverse("returns:search"), searched)
        browser.get(reverse("returns:index"))
        browser.get(reverse("returns:person", args=[rosa.key]))
        browser.post(reverse("cases:consent", args=[rosa.key]), {"explained_in": WROTE})
        browser.get(f"/returns/people/{rosa.key}/sections/Quijada/")
    hand_over(country, rosa, reason=f"{WROTE} de Rosa Quijada")
    kept = [str(value) for row in AccessEvent.objects.values() for value in row.values()]
    told = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    for secret in ("Quijada", "00016297", WROTE):
        assert not [line for line in kept if secret in line]
        assert not [line for line in told if secret in line and "/sections/Quijada/" not in line]
