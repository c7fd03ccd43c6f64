"""Every page of the URL map, asked by everybody: a stranger, and each role of own and other institution and centre."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.test import Client

from tests.access import walk
from tests.effort import once
from tests.made_up import SECRET, arrivals, release_of_made_up_rows
from tests.made_up_polls import closed_with_votes
from tests.world import LONG_AGO, World
from torogoz.domain.access import Role
from torogoz.shared.institutions.models import Institution, Membership, Officer
from torogoz.shared.people.models import Person
from torogoz.shared.polls.models import Poll
from torogoz.shared.provisions import shipped as provisions
from torogoz.shared.provisions.models import Instrument
from torogoz.site.access_matrix.compact import CONSULTED, PHOTO, PRACTICE, PROJECT, REVIEW, ROUND, VOTE
from torogoz.site.access_matrix.page import Page, Where
from torogoz.site.access_matrix.statistics import ESTIMATE
from torogoz.site.access_matrix.table import PAGES, as_markdown
from torogoz.topics.commitments.follow_up_models import Measure
from torogoz.topics.commitments.review_models import ReportRun
from torogoz.topics.consultation import first_process
from torogoz.topics.consultation.models import Adoption, Minutes
from torogoz.topics.consultation.process_models import Process, Table, Theme
from torogoz.topics.diaspora.abroad_models import Association
from torogoz.topics.diaspora.models import Photo, Project, Round
from torogoz.topics.practices.call_models import Call, Pledge
from torogoz.topics.practices.models import Practice
from torogoz.topics.violence.models import Estimate

INSTITUTIONS = ("DGME", "MINSAL")
CENTRES = ("CENTRE-A", "CENTRE-B")
BACKEND = "django.contrib.auth.backends.ModelBackend"

SHARES = 4
"""The pages are asked in so many tests, each with a share of them, so that they can run side by side."""

Place = tuple[Role, str, str]


@pytest.fixture
def person(world: World) -> Person:
    """Somebody whom DGME met at centre A."""
    release_of_made_up_rows(arrivals(800), secret=SECRET)
    closed_with_votes(world)
    provisions.load(now=LONG_AGO)
    Estimate.objects.create(
        key=ESTIMATE,
        concept="HOMICIDES",
        area="SLV",
        period="2015",
        best=1,
        method="inventado",
        source="inventada",
        published_on=date(2016, 1, 1),
        recorded_by=world.officers["statistician"],
        institution=Institution.objects.get(code="DGME"),
        recorded_at=LONG_AGO,
    )
    consulted(world)
    offered(world)
    ReportRun.objects.create(
        key=REVIEW,
        position=Instrument.objects.get(code="position-2017"),
        first_year=2020,
        last_year=2026,
        language="es",
        institution=Institution.objects.get(code="RREE"),
        content="{}",
        docx=b"x",
        pdf=b"x",
        made_by=world.officers["secretariat"],
        made_at=LONG_AGO,
        published_by=world.officers["secretariat"],
        published_at=LONG_AGO,
    )
    Measure.objects.create(
        key=REVIEW,
        name_es="Inventada",
        lead=Institution.objects.get(code="RREE"),
        recorded_by=world.officers["secretariat"],
        recorded_at=LONG_AGO,
        changed_at=LONG_AGO,
        published_by=world.officers["secretariat"],
        published_at=LONG_AGO,
    )
    from_abroad(world)
    return world.person("ana", office="CENTRE-A", by="registrar_a")


def consulted(world: World) -> None:
    """The consultation of 2017 with a position and minutes, and a table whose screen is shared."""
    first = first_process.load(now=LONG_AGO)
    event = first.events.get()
    event.key = UUID(CONSULTED)
    event.save()
    secretariat = world.officers["secretariat"]
    Minutes.objects.create(event=event, state="final", written_by=secretariat, written_at=LONG_AGO, final_at=LONG_AGO)
    Adoption.objects.create(process=first, state="adopted", canonical="{}", sha256="0", proposed_at=LONG_AGO)
    at_work = Process.objects.create(
        code="c", convener=first.convener, state="at_work", created_at=LONG_AGO, changed_at=LONG_AGO
    )
    theme = Theme.objects.create(process=at_work, code="T1")
    Table.objects.create(process=at_work, theme=theme, state="open", screen=CONSULTED)
    Poll.objects.create(
        key=VOTE,
        about=first.key,
        owner=first.convener,
        kind="rank",
        voters="seats",
        secrecy="secret",
        hide_until="closed",
        opens_at=LONG_AGO,
        closes_at=LONG_AGO + timedelta(days=1),
        created_at=LONG_AGO,
    )


def offered(world: World) -> None:
    """A published practice of DGME, a call and a pledge."""
    recorder, dgme = world.officers["statistician"], Institution.objects.get(code="DGME")
    Call.objects.create(
        key=PRACTICE,
        title_es="Inventada",
        criteria_version=1,
        opens_on=LONG_AGO,
        open_until=LONG_AGO,
        convener=dgme,
        created_by=recorder,
        created_at=LONG_AGO,
        changed_at=LONG_AGO,
    )
    Pledge.objects.create(
        key=PRACTICE,
        institution=dgme,
        kind="own",
        type="human",
        title_es="Inventada",
        target=1,
        due_on=LONG_AGO,
        recorded_by=recorder,
        recorded_at=LONG_AGO,
    )
    Practice.objects.create(
        key=PRACTICE,
        institution=Institution.objects.get(code="DGME"),
        title_es="Práctica inventada",
        state="published",
        round=1,
        published_at=LONG_AGO,
        created_by=world.officers["statistician"],
        edited_by=world.officers["statistician"],
        created_at=LONG_AGO,
        changed_at=LONG_AGO,
    )


def from_abroad(world: World) -> None:
    """A project that a municipality has checked, with a photograph, and a round of funds that is over."""
    foreign_service = Institution.objects.get(code="RREE")
    when = {"changed_at": LONG_AGO, "made_up": True}
    association = Association.objects.create(
        name="Inventada", languages=[], institution=foreign_service, declared_at=LONG_AGO, **when
    )
    project = Project.objects.create(
        key=PROJECT, association=association, budget=1, currency="USD", state="open", proposed_at=LONG_AGO, **when
    )
    one, other = world.officers["consular_a"], world.officers["health_a"]
    Photo.objects.create(
        key=PHOTO,
        project=project,
        image=b"x",
        small=b"x",
        width=1,
        height=1,
        alt_es="Inventada",
        state="published",
        uploaded_by=one,
        uploaded_at=LONG_AGO,
        decided_by=other,
    )
    poll = Poll.objects.create(
        about=UUID(ROUND),
        owner=foreign_service,
        kind="budget",
        voters="attested",
        secrecy="secret",
        hide_until="published",
        opens_at=LONG_AGO,
        closes_at=LONG_AGO + timedelta(days=1),
        published_at=LONG_AGO + timedelta(days=2),
        created_at=LONG_AGO,
    )
    Round.objects.create(
        key=ROUND,
        budget=1,
        currency="USD",
        poll=poll.key,
        institution=foreign_service,
        created_by=world.officers["secretariat"],
        created_at=LONG_AGO,
    )


def officers(world: World) -> dict[Place, Officer]:
    """An officer of each role, in each of two institutions, at each of two centres."""
    posted = {}
    for role, institution, centre in product(Role, INSTITUTIONS, CENTRES):
        officer = Officer.objects.create(username=f"{role}-{institution}-{centre}", full_name="Inventada")
        Membership.objects.create(
            officer=officer,
            institution=Institution.objects.get(code=institution),
            office=world.offices[centre],
            role=role.value,
            valid_from=LONG_AGO,
        )
        posted[role, institution, centre] = officer
    return posted


def test_every_address_is_in_the_table_and_the_table_has_no_other() -> None:
    unclassified = walk.names() - {page.name for page in PAGES}
    assert not unclassified, "say in site/access_matrix/ who reaches these pages"
    assert not {page.name for page in PAGES} - walk.names(), "these pages are gone; take them out of the table"


@pytest.mark.django_db
@pytest.mark.parametrize("share", [0, *(pytest.param(share, marks=once) for share in range(1, SHARES))])
def test_every_page_opens_for_whom_the_table_says_and_for_nobody_else(world: World, person: Person, share: int) -> None:
    posted = officers(world)
    signed_in = {place: sign_in(officer) for place, officer in posted.items()}
    wrong = []
    for number, page in enumerate(PAGES[share::SHARES]):
        stranger = walk.ask(Client(), page, person.key)
        if stranger != ("device" if page.device else "open" if page.public else "sign in"):
            wrong.append(f"{page.name} {dict(page.arguments)}, a stranger: {stranger}")
        for place in asked(page, number, posted):
            client = Client()
            client.cookies.load(signed_in[place])
            found, expected = walk.ask(client, page, person.key), outcome(page, place)
            if found != expected:
                wrong.append(f"{page.name} {dict(page.arguments)}, {place}: {found}, but the table says {expected}")
            if page.name == "sign_out":
                signed_in[place] = sign_in(posted[place])
    assert not wrong, "\n".join(wrong)


def sign_in(officer: Officer) -> dict[str, str]:
    """The cookies of an officer's browser."""
    client = Client()
    client.force_login(officer, backend=BACKEND)
    return {name: cookie.value for name, cookie in client.cookies.items()}


def asked(page: Page, number: int, posted: Mapping[Place, Officer]) -> list[Place]:
    """Who asks for a page: every role at each of its four places. Where the table tells no places apart, the two
    farthest from each other; of a public page one, another for each page."""
    if page.public:
        return [place for at, place in enumerate(posted) if at % 4 == number % 4]
    if set(page.who.values()) <= {Where.ANYWHERE, Where.NOWHERE}:
        return [place for at, place in enumerate(posted) if at % 4 in (0, 3)]
    return list(posted)


@pytest.mark.django_db
def test_an_officer_without_a_posting_reaches_no_page_about_people(world: World, person: Person) -> None:
    client = Client()
    client.force_login(Officer.objects.create(username="new", full_name="Inventada"), backend=BACKEND)
    for page in PAGES:
        if set(page.who) < set(Role) and not page.device:
            assert walk.ask(client, page, person.key) == "nothing", page.name


@pytest.mark.django_db
def test_for_a_person_who_does_not_exist_every_page_leads_nowhere(world: World) -> None:
    for page in PAGES:
        if "PERSON" in page.arguments.values():
            client = Client()
            client.force_login(world.officers["supervisor_a"], backend=BACKEND)
            assert walk.ask(client, page, uuid4()) == "nothing", page.name


def outcome(page: Page, place: Place) -> str:
    if page.device:
        return "device"
    role, institution, centre = place
    opens = page.opens(role, own_institution=institution == page.institution, own_centre=centre == "CENTRE-A")
    return "open" if opens else "nothing"


def test_the_printed_table_is_the_one_that_is_tested() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "reference" / "access-matrix.md"
    assert page.read_text(encoding="utf-8") == as_markdown(), "run `torogoz access_matrix`"
