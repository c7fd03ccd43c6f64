"""Whatever happened to people, a disposal takes one of them away, and leaves the others and the chain as they were."""

from datetime import timedelta

from django.db.models import F
from hypothesis import HealthCheck, given, settings

from tests.effort import tries
from tests.property.test_merge_is_undone import histories, people_of, taken_back, write
from tests.topics.test_data_rights import posted
from tests.world import NOW, World
from torogoz.domain.access import Role
from torogoz.domain.disposal import Deed
from torogoz.domain.retention import DataClass
from torogoz.shared.audit.queries import verify
from torogoz.shared.data_rights import disposal_actions as deeds
from torogoz.shared.data_rights.registry import Holding, holdings
from torogoz.shared.people.models import Encounter, Person, Posting


def kept(people: list[Person]) -> dict[str, list[object]]:
    """Every row that hangs on these people, without what says that they resemble somebody."""

    def rows(one: Holding) -> list[object]:
        return list(one.rows([each.pk for each in people]).order_by("pk").values_list("pk", flat=True))

    return {one.label: rows(one) for one in holdings(DataClass) if not one.label.startswith("people.pair")}


@settings(max_examples=tries(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories)
def test_one_goes_the_others_stay_and_the_chain_verifies(
    world: World, history: list[tuple[str, int, str, int]]
) -> None:
    with taken_back():
        people = people_of(world)
        write(world, people, history)
        gone, others = people[0], people[1:]
        Encounter.objects.filter(person=gone).update(occurred_at=F("occurred_at") - timedelta(days=11 * 366))
        before, postings = kept(others), set(Posting.objects.filter(person__in=others).values_list("key", "person"))
        decides, second = world.officers["data_protection"], posted(world, "DGME", Role.DATA_PROTECTION)
        made = deeds.propose_disposal(by=decides, institution="DGME", data_class=DataClass.IDENTITY, now=NOW)
        deeds.confirm_disposal(by=second, disposal=made, now=NOW)
        left = {one.label for one in holdings(DataClass) if one.deed is Deed.REMOVE and one.rows([gone.pk]).exists()}
        assert left == set()
        assert not Posting.objects.filter(person=gone).exists()
        assert kept(others) == before
        assert set(Posting.objects.filter(person__in=others).values_list("key", "person")) == postings
        assert verify().whole
