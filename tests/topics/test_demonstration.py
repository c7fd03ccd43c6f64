"""The demonstration country as it lies in the database."""

from datetime import UTC, datetime, timedelta

import pytest

from torogoz.domain.onward import taken_in
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions import protocol
from torogoz.shared.institutions import shipped as institutions
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people import queries as people
from torogoz.shared.people.models import Person, Section
from torogoz.shared.places import actions as places
from torogoz.site.demonstration.following import load_following
from torogoz.site.demonstration.loading import load_country
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
