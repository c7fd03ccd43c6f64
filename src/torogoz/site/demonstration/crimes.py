"""Made-up victims of crime as three institutions would count them, and made-up populations. No database, no clock.

One list of victims is drawn, and each institution gets its own view of it, with what makes their counts differ in
life: the police date a death by the day of the event and miss some; legal medicine dates it by the recognition of the
body; the prosecution counts the cases that it opens, later and fewer, and often without a municipality. Crime and
returns are drawn apart from each other, so that no association between them is to be expected. The same seed gives
the same files.
"""

import csv
import io
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from torogoz.site.demonstration.country import DEPARTMENTS, SEED

HEADER: Final = (
    "id_evento", "institucion", "delito", "fecha", "departamento", "municipio", "sexo", "edad", "estado", "inventado",
)  # fmt: skip
# How many victims happen, by crime and year: made up, falling as the published totals of homicide fell.
VICTIMS: Final[Mapping[str, Mapping[int, int]]] = MappingProxyType(
    {
        "homicidio": {2015: 3300, 2016: 2700, 2017: 2000, 2018: 1700},
        "extorsion": {2017: 1600, 2018: 1400},
    }
)
POPULATION_YEARS: Final = (2015, 2024)
MEN: Final = {"homicidio": 0.9, "extorsion": 0.62}


@dataclass(frozen=True)
class View:
    """How one institution sees a crime: what share of the victims, how many days later, how often without a place."""

    institution: str
    share: float
    days: int
    no_place: float


VIEWS: Final[Mapping[str, tuple[View, ...]]] = MappingProxyType(
    {
        "homicidio": (View("PNC", 0.955, 0, 0.01), View("IML", 0.985, 9, 0.02), View("FGR", 0.89, 45, 0.08)),
        "extorsion": (View("PNC", 0.72, 20, 0.05), View("FGR", 0.64, 60, 0.1)),
    }
)


def files_of_crimes(districts: Mapping[str, Sequence[str]], *, seed: int = SEED) -> Iterator[tuple[str, str]]:
    """The name and text of a file for each institution.

    districts  department (ISO 3166-2) to the names of its districts, in a fixed order
    """
    lines: dict[str, list[Sequence[object]]] = {"PNC": [], "IML": [], "FGR": []}
    weights = _weights(districts, seed)
    for crime, years in VICTIMS.items():
        for year, count in years.items():
            draw = random.Random(f"{seed}/{crime}/{year}")
            for number, place in enumerate(draw.choices(list(weights), list(weights.values()), k=count)):
                _seen(draw, crime, year, number, place, lines)
    for institution, rows in lines.items():
        yield f"made-up-{institution.lower()}.csv", _written(HEADER, rows)


def file_of_population(municipalities: Mapping[str, Sequence[str]], *, seed: int = SEED) -> str:
    """Made-up populations of the municipalities: the department's persons of 2007, shared out at random.

    municipalities  department (ISO 3166-2) to the codes of its municipalities of 2024, in a fixed order
    """
    draw = random.Random(f"{seed}/population")
    rows: list[Sequence[object]] = []
    for department, codes in municipalities.items():
        shares = [draw.gammavariate(2.5, 1) + 0.3 for _ in codes]
        for code, share in zip(codes, shares, strict=True):
            persons = round(DEPARTMENTS[department] * 1.05 * share / sum(shares))
            rows += [(code, year, persons + round(persons * 0.004 * (year - 2015)), 1) for year in POPULATION_YEARS]
    return _written(("area", "year", "population", "inventado"), rows)


def _weights(districts: Mapping[str, Sequence[str]], seed: int) -> Mapping[tuple[str, str], float]:
    """How much of a crime happens in each district: very uneven, and the same every year."""
    draw = random.Random(f"{seed}/places")
    return {
        (department, district): DEPARTMENTS[department] / len(names) * draw.gammavariate(0.9, 1)
        for department, names in districts.items()
        for district in names
    }


def _seen(
    draw: random.Random,
    crime: str,
    year: int,
    number: int,
    place: tuple[str, str],
    lines: Mapping[str, list[Sequence[object]]],
) -> None:
    """One victim, in the view of each institution that knows of it."""
    department, district = place
    day = date(year, 1, 1) + timedelta(days=draw.randrange(365))
    sex = "hombre" if draw.random() < MEN[crime] else "mujer"
    age = min(max(round(draw.gammavariate(6, 4.6) + 4), 1), 90)
    for view in VIEWS[crime]:
        if draw.random() > view.share:
            continue
        told = day + timedelta(days=round(draw.random() * 2 * view.days))
        if told.year > max(VICTIMS[crime]):  # the file ends before the institution knows of it
            continue
        where = "" if draw.random() < view.no_place else district
        state = "tentativa" if draw.random() < 0.01 else "consumado"
        event = f"{crime[:3]}-{year}-{number}"
        shown_age = "" if draw.random() < 0.04 else age
        lines[view.institution].append(
            (event, view.institution, crime, told.isoformat(), department, where, sex, shown_age, state, 1)
        )


def _written(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
