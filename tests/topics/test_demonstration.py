"""The demonstration country as it lies in the database."""

from datetime import UTC, datetime, timedelta

import pytest

from torogoz.domain.onward import taken_in
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.data_rights import breach_queries
from torogoz.shared.data_rights import queries as data_rights
from torogoz.shared.data_rights.models import Breach, Request
from torogoz.shared.households.child_cells import child_status_cells
from torogoz.shared.households.child_queries import children_seen_by
from torogoz.shared.households.models import BestInterests, Contact, Group, Member, Relationship
from torogoz.shared.institutions import protocol
from torogoz.shared.institutions import shipped as institutions
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people import queries as people
from torogoz.shared.people.models import Encounter, Person, Section
from torogoz.shared.places import actions as places
from torogoz.site.demonstration.families import load_families
from torogoz.site.demonstration.following import load_following
from torogoz.site.demonstration.loading import load_country
from torogoz.site.demonstration.rights import load_rights
from torogoz.topics.returns import follow_up_queries, plan_queries
from torogoz.topics.returns.models import Arrival, Assessment, Attention, Bag, Plan, PlanAction, Shelter, Stay

NOON = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
FEW = 400


@pytest.fixture
def country(db: None) -> None:
    codelists.load()
    places.load()
    institutions.load()
    protocol.load()
    load_country(now=NOON, people=FEW, progress=False)


@pytest.mark.usefixtures("country")
def test_every_person_and_officer_is_marked_as_made_up() -> None:
    assert Person.objects.count() > FEW * 0.95
    assert not Person.objects.filter(made_up=False).exists()
    assert not Officer.objects.filter(made_up=False).exists()


@pytest.mark.usefixtures("country")
def test_loading_twice_adds_nothing_and_a_later_day_adds_only_what_has_arrived_since() -> None:
    before = Person.objects.count()
    assert load_country(now=NOON, people=FEW, progress=False) == 0
    later = load_country(now=NOON + timedelta(days=40), people=FEW, progress=False)
    assert Person.objects.count() == before + later == FEW


@pytest.mark.usefixtures("country")
def test_nobody_has_arrived_in_the_future() -> None:
    assert not Arrival.objects.filter(encounter__occurred_at__gt=NOON).exists()
    assert not Section.objects.filter(recorded_at__gt=NOON).exists()


@pytest.mark.usefixtures("country")
def test_an_officer_of_the_centre_finds_a_made_up_person_by_name() -> None:
    officer = Officer.objects.get(username="jefatura")
    arrival = Arrival.objects.filter(encounter__office__code="GAMI-SS").select_related("encounter__person").first()
    assert arrival is not None
    name = arrival.encounter.person.names.get(kind="main")
    found = people.search_seen_by(officer, name=f"{name.surname1} {name.given1}", now=NOON)
    assert found


@pytest.mark.usefixtures("country")
def test_what_follows_an_arrival_is_made_up_once_and_can_have_been() -> None:
    made = load_following(now=NOON)
    assert made == Plan.objects.count() > 0
    kept = (Plan, PlanAction, Assessment, Attention, Bag, Stay)
    before = [model.objects.count() for model in kept]
    assert load_following(now=NOON) == 0
    assert [model.objects.count() for model in kept] == before
    officer, today = Officer.objects.get(username="gami"), NOON.date()
    for plan in plan_queries.open_plans(officer, NOON):
        seen = plan_queries.plan_seen_by(officer, plan.key, NOON)
        assert seen is not None
        assert seen.last.content is not None
        assert all("inventad" in one.what for one in seen.actions)
        for one in follow_up_queries.follow_ups_of(seen):
            assert one.made is None or one.window.first <= one.made.made_on <= min(one.window.last, today)
    for shelter in Shelter.objects.all():
        taken = taken_in(one.nights for one in shelter.stays.all())
        assert all(count <= shelter.capacity for count in taken.values())
    assert not Plan.objects.filter(encounter__person__made_up=False).exists()


@pytest.mark.usefixtures("country")
def test_families_are_made_up_once_and_a_child_alone_has_a_study_that_child_protection_reads() -> None:
    # Of so few arrivals no child came lately: some grown-ups are made children, others arrive the same day.
    arrivals = list(Arrival.objects.filter(encounter__office__code="GAMI-SS").order_by("-encounter__occurred_at")[:60])
    for number, arrival in enumerate(arrivals):
        Encounter.objects.filter(pk=arrival.encounter_id).update(occurred_at=NOON - timedelta(days=2 + number % 3))
        if number % 2:
            Person.objects.filter(pk=arrival.encounter.person_id).update(
                birth="2014-03-01", birth_min="2014-03-01", birth_max="2014-03-01"
            )
    made = load_families(now=NOON)
    kept = (Group, Member, Relationship, BestInterests, Contact)
    before = [model.objects.count() for model in kept]
    assert made > 5
    assert all(before)
    assert load_families(now=NOON) == 0
    assert [model.objects.count() for model in kept] == before
    assert not Group.objects.filter(recorded_at__gt=NOON).exists()
    officer = Officer.objects.get(username="conapina")
    children, _more = children_seen_by(officer, NOON)
    assert any(study.said and "inventad" in study.said["reasons"] for child in children for study in child.studies)
    statuses = set(child_status_cells(NOON)["CHILD_STATUS"])
    assert {"ALONE", "NOT_RECORDED", "ACCOMPANIED", "ADULT"} <= statuses


@pytest.mark.usefixtures("country")
def test_requests_about_own_data_stand_in_several_states_and_one_breach_waits() -> None:
    made = load_rights(now=NOON)
    assert made == Request.objects.count() == 7
    assert load_rights(now=NOON) == 0
    officer = Officer.objects.get(username="datos")
    seen = data_rights.requests_seen_by(officer, NOON)
    assert len({one.state for one in seen}) >= 6
    assert sum(one.overdue for one in seen) == 1
    assert Breach.objects.count() == 1
    assert breach_queries.overdue_breaches(officer, NOON + timedelta(days=1)) == 1
    assert data_rights.requests_seen_by(Officer.objects.get(username="pnc"), NOON) == []
