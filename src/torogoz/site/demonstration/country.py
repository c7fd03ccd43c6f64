"""The demonstration country: made-up people whose returns follow the published totals. No database, no clock.

What is drawn: for each year of `data/demonstration_years.csv` a share of the 20 000 people, by country of return, by
air or land, men, women and minors, as the published totals have them (both regimes: mostly by land until 2019, almost
only by air since 2023). The same seed gives the same people.
"""

import csv
import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from importlib import resources

from torogoz.domain.documents import dui_check_digit
from torogoz.site.demonstration.names import MEN, NICKNAMES, SURNAMES, WOMEN

PEOPLE = 20_000
SEED = 2017
SPACE = uuid.UUID("7e1c5f0e-0d9b-4b7e-9f53-3f1f5c1b2017")
EL_SALVADOR = timezone(timedelta(hours=-6))

# Persons in 2007 (census), as weights of the departments; the destinations published for 2024 agree in their order.
DEPARTMENTS = {
    "SV-AH": 319_503,
    "SV-SA": 523_655,
    "SV-SO": 438_960,
    "SV-CH": 192_788,
    "SV-LI": 660_652,
    "SV-SS": 1_567_156,
    "SV-CU": 231_480,
    "SV-PA": 308_087,
    "SV-CA": 149_326,
    "SV-SV": 161_645,
    "SV-US": 344_235,
    "SV-SM": 434_003,
    "SV-MO": 174_406,
    "SV-UN": 238_217,
}
# Published shares, in per cent: 2016-17 (n = 71 964) and 2024.
REASONS_BEFORE = {"ECONOMIC": 70.6, "INSECURITY": 16.8, "FAMILY": 11.9, "_U": 0.7}
REASONS_SINCE = {"ECONOMIC": 74.6, "FAMILY": 14.7, "INSECURITY": 7.8, "OTHER": 1.9, "_U": 1.0}
OTHER_COUNTRIES = {"GTM": 5, "CAN": 2, "ESP": 2, "PAN": 1, "BLZ": 1, "HND": 1}
NEEDS = ("FOOD", "CALL", "TRANSPORT", "DOCUMENTS", "MEDICAL", "PSYCHOSOCIAL", "CLOTHING", "LODGING", "WORK", "LEGAL")


@dataclass(frozen=True)
class Year:
    """The published total of a year, or the assumed one, and how it is made up."""

    year: int
    total: int
    country: dict[str, int]
    land: int
    group: dict[str, int]


@dataclass(frozen=True)
class MadeUpReturn:
    """One made-up person and the return of that person."""

    key: uuid.UUID
    given1: str
    given2: str
    surname1: str
    surname2: str
    married: str
    alias: str
    sex: str
    birth: str
    dui: str
    nationality: str
    arrived_at: datetime
    returned_from: str
    route: str
    accompanied: str
    origin_district: str
    destination_district: str
    reason: str
    needs: tuple[str, ...]
    pregnant: str
    disabled: str
    injured: str


def years() -> list[Year]:
    """The years of the demonstration, from the table that says what was published and what is assumed."""
    text = resources.files("torogoz.site").joinpath("data/demonstration_years.csv").read_text(encoding="utf-8")
    return [
        Year(
            year=int(row["year"]),
            total=int(row["total"]),
            country={"USA": int(row["usa"]), "MEX": int(row["mexico"]), "OTHER": int(row["other"])},
            land=int(row["land"]),
            group={name: int(row[name]) for name in ("men", "women", "children")},
        )
        for row in csv.DictReader(text.splitlines())
    ]


def made_up_returns(
    districts: Mapping[str, Sequence[str]], *, people: int = PEOPLE, seed: int = SEED
) -> Iterator[MadeUpReturn]:
    """Every return of the demonstration country, in the order of arrival.

    districts   department (ISO 3166-2) to the codes of its districts, in a fixed order
    people      how many in all; each year has its share of them, rounded so that the sum is `people`
    """
    plan = years()
    for year, count in zip(plan, _shares([year.total for year in plan], people), strict=True):
        draw = random.Random(f"{seed}/{year.year}")
        countries = _deck(draw, year.country, count)
        groups = _deck(draw, year.group, count)
        land = _by_land(draw, countries, round(count * year.land / year.total))
        times = _times(draw, year.year, count)
        for index in range(count):
            yield _one(
                draw, f"{year.year}/{index}", times[index], countries[index], groups[index], land[index], districts
            )


def _shares(weights: Sequence[int], total: int) -> list[int]:
    """Whole numbers in the proportions of `weights` whose sum is `total` (largest remainders)."""
    exact = [weight * total / sum(weights) for weight in weights]
    floor = [int(value) for value in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: floor[index] - exact[index])
    for index in by_remainder[: total - sum(floor)]:
        floor[index] += 1
    return floor


def _deck(draw: random.Random, parts: dict[str, int], count: int) -> list[str]:
    """`count` cards in the proportions of `parts`, shuffled."""
    shares = _shares(list(parts.values()), count)
    cards = [name for name, share in zip(parts, shares, strict=True) for _ in range(share)]
    draw.shuffle(cards)
    return cards


def _by_land(draw: random.Random, countries: Sequence[str], land: int) -> list[bool]:
    """Who came by land: people from Mexico before anybody else, as the published figures have it."""
    order = sorted(range(len(countries)), key=lambda index: (countries[index] != "MEX", draw.random()))
    chosen = set(order[:land])
    return [index in chosen for index in range(len(countries))]


def _times(draw: random.Random, year: int, count: int) -> list[datetime]:
    """The moments of arrival of a year, in order: some months have more flights and buses than others."""
    months = _shares([round(1000 * draw.uniform(0.7, 1.3)) for _ in range(12)], count)
    times = []
    for month, arrivals in enumerate(months, start=1):
        first = datetime(year, month, 1, tzinfo=EL_SALVADOR)
        length = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=EL_SALVADOR) - first
        times += [first + length * ((index + draw.random()) / arrivals) for index in range(arrivals)]
    return [time.replace(second=0, microsecond=0) for time in times]


def _one(
    draw: random.Random,
    place: str,
    arrived_at: datetime,
    country: str,
    group: str,
    land: bool,
    districts: Mapping[str, Sequence[str]],
) -> MadeUpReturn:
    year = arrived_at.year
    if country == "OTHER":
        country = _weighted(draw, OTHER_COUNTRIES)
    sex = {"men": "M", "women": "F"}.get(group) or draw.choices("MF", (56, 44))[0]
    birth = _birth(draw, arrived_at.date(), minor=group == "children")
    age = year - birth.year
    origin = _weighted(draw, DEPARTMENTS)
    destination = origin if draw.random() < 0.86 else _weighted(draw, DEPARTMENTS)
    given1, given2 = _given(draw, sex)
    surname1, surname2 = _ranked(draw, SURNAMES), _ranked(draw, SURNAMES)
    adult = group != "children"
    return MadeUpReturn(
        key=uuid.uuid5(SPACE, place),
        given1=given1,
        given2=given2,
        surname1=surname1,
        surname2=surname2 if draw.random() > 0.05 else "",
        married=_ranked(draw, SURNAMES) if sex == "F" and age > 22 and draw.random() < 0.12 else "",
        alias=NICKNAMES.get(given1, "") if draw.random() < 0.25 else "",
        sex=sex,
        birth=_partial(draw, birth),
        dui=_dui(draw) if adult and draw.random() < 0.6 else "",
        nationality="SLV",
        arrived_at=arrived_at.astimezone(UTC),
        returned_from=country,
        route="LAND" if land else "AIR",
        accompanied=_accompanied(draw, adult),
        origin_district=draw.choice(districts[origin]),
        destination_district=draw.choice(districts[destination]) if draw.random() > 0.03 else "",
        reason=_weighted(draw, REASONS_BEFORE if year < 2020 else REASONS_SINCE),
        needs=tuple(sorted(draw.sample(NEEDS, draw.choices((0, 1, 2, 3), (10, 45, 30, 15))[0]))),
        pregnant=_answer(draw, 0.03) if sex == "F" and 15 <= age <= 45 else "N",
        disabled=_answer(draw, 0.02),
        injured=_answer(draw, 0.03),
    )


def _weighted(draw: random.Random, weights: Mapping[str, float]) -> str:
    return draw.choices(list(weights), list(weights.values()))[0]


def _ranked(draw: random.Random, names: Sequence[str]) -> str:
    """A name, the first of the list far more often than the last."""
    return names[min(int(len(names) * draw.random() ** 2.2), len(names) - 1)]


def _given(draw: random.Random, sex: str) -> tuple[str, str]:
    names = WOMEN if sex == "F" else MEN
    first = _ranked(draw, names)
    second = _ranked(draw, names) if draw.random() < 0.82 else ""
    return first, second if second != first else ""


def _birth(draw: random.Random, on: date, *, minor: bool) -> date:
    """A day of birth: minors mostly near 18, adults mostly between 18 and 40."""
    years = 18 * draw.random() ** 0.6 if minor else 18 + min(draw.gammavariate(2.2, 5.5), 62)
    return on - timedelta(days=max(int(years * 365.25), 20) + (0 if minor else 5))


def _partial(draw: random.Random, birth: date) -> str:
    """How the date is known: in full, to the month, or to the year."""
    known = draw.random()
    if known < 0.93:
        return birth.isoformat()
    return birth.isoformat()[:7] if known < 0.96 else birth.isoformat()[:4]


def _accompanied(draw: random.Random, adult: bool) -> str:
    return draw.choices(("Y", "N", "_U"), (12, 86, 2) if adult else (62, 36, 2))[0]


def _answer(draw: random.Random, share: float) -> str:
    return draw.choices(("Y", "N", "_U"), (share, 0.98 - share, 0.02))[0]


def _dui(draw: random.Random) -> str:
    digits = f"{draw.randrange(100_000, 7_000_000):08d}"
    return f"{digits}-{dui_check_digit(digits)}"
