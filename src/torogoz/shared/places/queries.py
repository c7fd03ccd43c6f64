"""The territory as it was on a day."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from torogoz.domain.letters import fold
from torogoz.shared.places.models import Place

REFORM = date(2024, 5, 1)


def departments() -> list[tuple[str, str]]:
    """The 14 departments: ISO 3166-2 code and name, in alphabetical order."""
    return sorted(_of(Place.Level.DEPARTMENT).values_list("code", "name"), key=lambda pair: fold(pair[1]))


def municipalities(department: str) -> list[tuple[str, str]]:
    """The municipalities of a department since 1 May 2024."""
    found = _of(Place.Level.MUNICIPALITY_2024).filter(parent__code=department)
    return sorted(found.values_list("code", "name"), key=lambda pair: fold(pair[1]))


def districts(department: str, on: date | None = None) -> list[tuple[str, str]]:
    """The smallest units of a department on a day: districts since 1 May 2024, before it the municipalities of then."""
    if on is not None and on < REFORM:
        found = _of(Place.Level.MUNICIPALITY_BEFORE).filter(parent__code=department)
    else:
        found = _of(Place.Level.DISTRICT).filter(parent__parent__code=department)
    return sorted(found.values_list("code", "name"), key=lambda pair: fold(pair[1]))


@dataclass(frozen=True)
class Unit:
    """One of the smallest units of the territory on a day: a district, or a municipality before the reform.

    department  its ISO 3166-2 code
    within      the municipality of 2024 that it lies in, or the department before the reform
    once        the name that the same ground bore before the reform, when it was another; else empty
    twin        the code of the same ground on the other side of the reform
    """

    code: str
    name: str
    department: str
    within: str
    once: str
    twin: str


def territory(on: date) -> list[Unit]:
    """All the smallest units of a day, by department, by what they lie within, and by name."""
    if on < REFORM:
        found = _of(Place.Level.MUNICIPALITY_BEFORE).select_related("parent", "successor")
        units = [
            Unit(old.code, old.name, old.parent.code, old.parent.name, "", old.successor.code if old.successor else "")
            for old in found
            if old.parent is not None
        ]
    else:
        before = {old.successor_id: old for old in _of(Place.Level.MUNICIPALITY_BEFORE)}
        found = _of(Place.Level.DISTRICT).select_related("parent__parent")
        units = [_district(place, before.get(place.pk)) for place in found]
    return sorted(units, key=lambda unit: (unit.department, fold(unit.within), fold(unit.name)))


def name_of(code: str) -> str | None:
    """The name of the place with this code, or None if there is none."""
    return Place.objects.filter(code=code).values_list("name", flat=True).first()


def names() -> dict[str, str]:
    """The name of every place there is or was, by its code."""
    return dict(Place.objects.values_list("code", "name"))


def department_of(code: str) -> str | None:
    """The department in which a place lies; a department lies in itself."""
    place = Place.objects.filter(code=code).select_related("parent__parent").first()
    while place is not None and place.level != Place.Level.DEPARTMENT:
        place = place.parent
    return place.code if place else None


def district_now(code: str) -> str | None:
    """The district of today that has the territory of `code`: itself, or the successor of an old municipality."""
    place = Place.objects.filter(code=code).select_related("successor").first()
    if place is None:
        return None
    if place.level == Place.Level.MUNICIPALITY_BEFORE and place.successor is not None:
        return place.successor.code
    return place.code if place.level == Place.Level.DISTRICT else None


def districts_named(name: str) -> QuerySet[Place]:
    """Districts that bear `name` now or bore it as municipalities before the reform."""
    return Place.objects.filter(level=Place.Level.DISTRICT).filter(
        Q(name__iexact=name) | Q(predecessors__name__iexact=name)
    )


def _district(place: Place, before: Place | None) -> Unit:
    municipality = place.parent
    department = municipality.parent if municipality else None
    if municipality is None or department is None:
        raise LookupError(f"district {place.code} lies in no department; load the places again")
    once = before.name if before and fold(before.name) != fold(place.name) else ""
    return Unit(place.code, place.name, department.code, municipality.name, once, before.code if before else "")


def _of(level: Place.Level) -> QuerySet[Place]:
    return Place.objects.filter(level=level)
