"""What may be read of belongings, the way home and lodging: the class of data `onward`, never the police's."""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from torogoz.domain.access import Decision, Tier, Verb
from torogoz.domain.onward import taken_in
from torogoz.domain.sections import ONWARD
from torogoz.shared.institutions.access import at, may, visible
from torogoz.shared.institutions.models import Office, Officer
from torogoz.shared.people.models import Encounter, Person
from torogoz.shared.people.queries import subject_of, subject_of_section
from torogoz.shared.vault.keyring import CannotOpen
from torogoz.shared.vault.sealing import Batch
from torogoz.topics.returns.models import Bag, Shelter, Stay, Trip
from torogoz.topics.returns.queries import centres_of

logger = logging.getLogger(__name__)

NIGHTS_SHOWN = 7


@dataclass(frozen=True)
class BagSeen:
    """A bag; what is in it is None when its key is lost."""

    bag: Bag
    things: str | None


@dataclass(frozen=True)
class TripSeen:
    """A trip; where to is None when its key is lost."""

    trip: Trip
    place: str | None


@dataclass(frozen=True)
class OnwardSeen:
    """Belongings, trips and stays of a person, the newest first."""

    bags: tuple[BagSeen, ...]
    trips: tuple[TripSeen, ...]
    stays: tuple[Stay, ...]


@dataclass(frozen=True)
class ShelterSeen:
    """A place, how many sleep there each night that is shown, and who, as far as the officer may know them."""

    shelter: Shelter
    taken: Counter[date]
    sleepers: tuple[Stay, ...]

    def free(self, night: date) -> int:
        """How many beds are free."""
        return max(0, self.shelter.capacity - self.taken[night])


def may_arrange(officer: Officer, encounter: Encounter, now: datetime) -> Decision:
    """Whether the officer may write what follows the reception of this person."""
    return may(officer, Verb.CREATE, subject_of_section(encounter, Tier.LOGISTICS), ONWARD, now)


def may_read_onward(officer: Officer, person: Person, now: datetime) -> Decision:
    """Whether the officer may know it."""
    return may(officer, Verb.VIEW, subject_of(person), ONWARD, now)


def onward_of(person: Person) -> OnwardSeen:
    """What follows the reception of a person of whom the officer may know it already."""
    batch = Batch()
    bags = Bag.objects.filter(encounter__person=person).select_related("institution", "office", "given_by")
    trips = Trip.objects.filter(encounter__person=person).select_related("institution")
    stays = Stay.objects.filter(encounter__person=person).select_related("shelter", "institution")
    return OnwardSeen(
        tuple(BagSeen(one, _opened(one.things_in, batch)) for one in bags.order_by("-pk")),
        tuple(TripSeen(one, _opened(one.place_in, batch)) for one in trips.order_by("-leaves_at", "-pk")),
        tuple(stays.order_by("-first_night", "-pk")),
    )


def lodging_centres(officer: Officer, now: datetime) -> list[Office]:
    """The officer's own centres whose lodging the officer may see."""
    return [centre for centre in centres_of(officer, now) if may(officer, Verb.LIST, at(centre.pk), ONWARD, now)]


def filling_centres(officer: Officer, now: datetime) -> list[Office]:
    """Those of them where the officer gives beds."""
    return [centre for centre in centres_of(officer, now) if may(officer, Verb.CREATE, at(centre.pk), ONWARD, now)]


def shelters_of(officer: Officer, now: datetime) -> list[Shelter]:
    """The places that the officer may fill, by name."""
    return list(Shelter.objects.filter(office__in=filling_centres(officer, now)).order_by("name", "pk"))


def shelters_seen_by(officer: Officer, night: date, now: datetime) -> list[ShelterSeen]:
    """The places of the officer's own centres, from one night on; sleepers of that night by name, within reach."""
    centres = lodging_centres(officer, now)
    until = night + timedelta(days=NIGHTS_SHOWN)
    seen = []
    for shelter in Shelter.objects.filter(office__in=centres).select_related("office").order_by("name", "pk"):
        stays = list(Stay.objects.filter(shelter=shelter, first_night__lt=until, leaves_on__gt=night))
        tonight = Stay.objects.filter(
            visible(officer, Verb.LIST, now, "encounter__", ONWARD),
            shelter=shelter,
            first_night__lte=night,
            leaves_on__gt=night,
        )
        sleepers = tonight.select_related("encounter__person").prefetch_related("encounter__person__names")
        seen.append(ShelterSeen(shelter, taken_in(one.nights for one in stays), tuple(sleepers.order_by("pk"))))
    return seen


def _opened(read: Callable[[Batch], str], batch: Batch) -> str | None:
    try:
        return read(batch)
    except CannotOpen as why:
        logger.error("%s", why)
        return None
