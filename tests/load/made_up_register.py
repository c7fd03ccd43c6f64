"""A made-up register of Salvadorans met by ten institutions, with whose record each is: what linkage is measured on.

The recipe is that of docs/explanation/linkage.md. Nobody in it exists; names are drawn from lists of common ones.
"""

from argparse import ArgumentParser
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from tests.load.made_up_names import JOINED, MEN, SURNAMES, WOMEN
from torogoz.domain.documents import dui_check_digit
from torogoz.domain.letters import fold

# Institution: share of records, document kept, spelt by ear, birth date partial, second names dropped.
PROFILES = {
    "DGME_AIR": (0.26, 0.80, 0.02, 0.02, 0.05),
    "DGME_LAND": (0.20, 0.55, 0.08, 0.05, 0.10),
    "MRREE_CONS": (0.16, 0.65, 0.05, 0.03, 0.06),
    "ISNA": (0.06, 0.25, 0.10, 0.08, 0.12),
    "ISDEMU": (0.05, 0.35, 0.10, 0.08, 0.20),
    "PGR": (0.06, 0.70, 0.05, 0.03, 0.08),
    "PDDH": (0.05, 0.30, 0.12, 0.12, 0.25),
    "MINSAL": (0.06, 0.35, 0.15, 0.12, 0.25),
    "FGR": (0.03, 0.60, 0.08, 0.05, 0.10),
    "SHELTER": (0.07, 0.12, 0.22, 0.25, 0.40),
}
SHORT = {
    "jose": "Chepe", "guadalupe": "Lupe", "rosario": "Chayo", "antonio": "Toño", "francisco": "Paco",
    "concepcion": "Concha", "roberto": "Beto", "jesus": "Chuy", "santiago": "Chago", "manuel": "Manolo",
    "mercedes": "Meches", "isabel": "Chabela", "eduardo": "Lalo", "rosa": "Rosita", "dolores": "Lola",
}  # fmt: skip
BY_EAR = (
    ("z", "s"), ("s", "z"), ("c", "s"), ("b", "v"), ("v", "b"), ("ll", "y"), ("y", "ll"), ("h", ""), ("g", "j"),
    ("j", "g"), ("qu", "k"), ("x", "j"), ("rr", "r"), ("n", "m"), ("ue", "we"),
)  # fmt: skip
END = date(2026, 6, 30)
BORN_LATEST = END.toordinal()


@dataclass
class People:
    """Persons as they are: arrays with one entry each."""

    woman: np.ndarray
    given1: np.ndarray
    given2: np.ndarray
    surname1: np.ndarray
    surname2: np.ndarray
    husband: np.ndarray
    mother: np.ndarray
    born: np.ndarray
    municipality: np.ndarray
    dui: list[str]
    passport: list[str]
    phones: list[list[str]]
    names: dict[str, list[str]] = field(default_factory=dict)


def register(records: int, seed: int = 20) -> pl.DataFrame:
    """About `records` made-up records, shuffled.

    returns     id, person (the truth), institution, given1, given2, surname1, surname2, married, birth (EDTF or empty),
                sex, document_kind, document, municipality, mother, phone: all text, empty when the record lacks it
    """
    rng = np.random.default_rng(seed)
    people = _people(rng, int(records * 0.7))
    persons = len(people.born)
    weights = np.minimum(rng.pareto(1.6, persons) + 1, 9)
    again = rng.choice(persons, records - persons, p=weights / weights.sum())
    whose = np.concatenate([np.arange(persons), again])
    counts = np.zeros(persons, dtype=int)
    kept = []
    for person in whose:  # at most ten records each
        counts[person] += 1
        kept.append(counts[person] <= 10)
    whose = rng.permutation(whose[np.array(kept)])
    shares = np.array([profile[0] for profile in PROFILES.values()])
    where = rng.choice(len(PROFILES), len(whose), p=shares / shares.sum())
    places = list(PROFILES)
    rows = [_record(rng, people, int(person), places[place]) for person, place in zip(whose, where, strict=True)]
    frame = pl.DataFrame(rows, schema=COLUMNS, orient="row")
    return frame.with_row_index("id").with_columns(pl.col("id").cast(pl.String))


COLUMNS = {
    "person": pl.Int64,
    **dict.fromkeys(
        (
            "institution", "given1", "given2", "surname1", "surname2", "married", "birth", "sex", "document_kind",
            "document", "municipality", "mother", "phone",
        ),
        pl.String,
    ),
}  # fmt: skip


def _people(rng: np.random.Generator, count: int) -> People:
    surnames = [*SURNAMES.split(), *JOINED]
    men, women = MEN.split(), WOMEN.split()
    by_rank = (np.arange(len(surnames)) + 2.7) ** -0.95
    by_rank /= by_rank.sum()
    woman = rng.random(count) < 0.32
    given = [_zipf(rng, len(men), count), _zipf(rng, len(men), count)]
    given_w = [_zipf(rng, len(women), count), _zipf(rng, len(women), count)]
    given1, given2 = (np.where(woman, w, m) for w, m in zip(given_w, given, strict=True))
    given2 = np.where((rng.random(count) < 0.82) & (given2 != given1), given2, -1)
    age = np.clip(rng.gamma(6.5, 4.3, count), 0, 85)
    born = (BORN_LATEST - age * 365.25 - rng.integers(0, 365, count)).astype(int)
    department = rng.choice(14, count, p=_normal(np.arange(14, 0, -1) ** 1.3))
    municipality = department * 19 + np.minimum(rng.geometric(0.18, count) - 1, 18)
    people = People(
        woman, given1, given2,
        rng.choice(len(surnames), count, p=by_rank), rng.choice(len(surnames), count, p=by_rank),
        rng.choice(len(surnames), count, p=by_rank), _zipf(rng, len(women), count), born, municipality, [], [], [],
    )  # fmt: skip
    _confuse(rng, people)
    people.names = {"surname": surnames, "man": men, "woman": women}
    adult = (BORN_LATEST - people.born) / 365.25 >= 18
    numbers = rng.choice(89_999_999, count, replace=False) + 10_000_000
    people.dui = [
        f"{number:08d}-{dui_check_digit(f'{number:08d}')}" if grown else ""
        for number, grown in zip(numbers, adult, strict=True)
    ]
    people.passport = [f"A{number:08d}" for number in rng.choice(99_999_999, count, replace=False)]
    people.phones = [[f"{rng.choice((6, 7))}{n:07d}" for n in rng.integers(0, 10_000_000, 3)] for _ in range(count)]
    return people


def _confuse(rng: np.random.Generator, people: People) -> None:
    """Siblings, twins, and children who bear a parent's name: who must not be taken for each other."""
    count = len(people.born)
    draw = rng.random(count)
    for person in range(1, count):
        before = person - 1
        if draw[person] < 0.10:
            people.surname1[person], people.surname2[person] = people.surname1[before], people.surname2[before]
            people.mother[person] = people.mother[before]
            people.municipality[person] = people.municipality[before]
            if draw[person] < 0.01:
                people.born[person] = people.born[before]
        elif draw[person] < 0.12:
            people.woman[person] = people.woman[before]
            people.given1[person], people.given2[person] = people.given1[before], people.given2[before]
            people.surname1[person] = people.surname1[before]
            people.born[person] = min(people.born[before] + int(365.25 * rng.integers(18, 34)), BORN_LATEST)


def _record(rng: np.random.Generator, people: People, person: int, institution: str) -> tuple[object, ...]:
    _, keeps, by_ear, partial, drops = PROFILES[institution]
    luck = rng.random(24)
    woman = bool(people.woman[person])
    given = people.names["woman" if woman else "man"]
    given1 = given[people.given1[person]]
    given2 = given[people.given2[person]] if people.given2[person] >= 0 else ""
    surname1 = people.names["surname"][people.surname1[person]]
    surname2 = people.names["surname"][people.surname2[person]]
    married = ""
    if luck[0] < 0.06 + 0.35 * drops:
        surname2 = ""
    if woman and luck[1] < 0.12:
        married = people.names["surname"][people.husband[person]]
    if luck[2] < drops:
        given2 = ""
    if given2 and luck[3] < 0.05:
        given1, given2 = given2, given1
    elif given2 and luck[3] < 0.09:
        given1, given2 = given2, ""
    if luck[4] < by_ear / 2:
        given1 = SHORT.get(fold(given1), given1)
    if surname2 and luck[5] < 0.025:
        surname1, surname2 = surname2, surname1
    parts = [given1, given2, surname1, surname2, married]
    for place, part in enumerate(parts):
        if part and rng.random() < by_ear:
            part = _by_ear(rng, part)
        if part and rng.random() < 0.02:
            part = _slip(rng, part)
        parts[place] = part
    if luck[6] < 0.45:
        parts = [fold(part).upper() for part in parts]
    elif luck[6] < 0.70:
        parts = [fold(part).title() for part in parts]
    if parts[3] and luck[7] < 0.02:
        parts[2], parts[3] = f"{parts[2]} {parts[3]}", ""
    birth = _birth(rng, date.fromordinal(int(people.born[person])), partial)
    kind = number = ""
    if luck[8] < keeps:
        kind, number = ("DUI", people.dui[person]) if people.dui[person] and luck[9] < 0.75 else (
            "PASSPORT", people.passport[person])  # fmt: skip
        if luck[10] < 0.03:
            number = _mistyped(rng, number)
        if kind == "DUI" and luck[11] < 0.5:
            number = number.replace("-", "")
    sex = "F" if woman else "M"
    if luck[12] < 0.004:
        sex = "M" if woman else "F"
    municipality = ""
    if luck[13] >= 0.12:
        place = people.municipality[person] if luck[14] >= 0.05 else rng.integers(0, 262)
        municipality = f"M{int(place):03d}"
    mother = people.names["woman"][people.mother[person]] if luck[15] < 0.55 else ""
    phone = ""
    if luck[16] < 0.35:
        phone = people.phones[person][0 if luck[17] < 0.6 else int(rng.integers(1, 3))]
    return (person, institution, *parts, birth, sex, kind, number, municipality, mother, phone)


def _birth(rng: np.random.Generator, born: date, partial: float) -> str:
    luck = rng.random()
    if luck < partial:
        how = rng.random()
        if how < 0.45:
            return f"{born.year}-01-01"
        return f"{born.year}" if how < 0.70 else f"{born.year + int(rng.choice((-2, -1, 1, 2)))}"
    luck = rng.random()
    if luck < 0.015 and born.day <= 12:
        return f"{born.year}-{born.day:02d}-{born.month:02d}"
    if luck < 0.03:
        return (born + timedelta(days=int(rng.choice((-1, 1))))).isoformat()
    if luck < 0.04:
        year = born.year + int(rng.choice((-10, -1, 1, 10)))
        return f"{year}-{born.month:02d}-{min(born.day, 28):02d}"
    return born.isoformat()


def _by_ear(rng: np.random.Generator, word: str) -> str:
    low = word.lower()
    possible = [pair for pair in BY_EAR if pair[0] in low]
    if not possible:
        return word
    wrong, heard = possible[rng.integers(len(possible))]
    return low.replace(wrong, heard, 1).capitalize()


def _slip(rng: np.random.Generator, word: str) -> str:
    if len(word) < 3:
        return word
    place, how = int(rng.integers(1, len(word) - 1)), rng.random()
    if how < 0.35:
        return word[:place] + "abcdefghijlmnoprstuv"[rng.integers(20)] + word[place + 1 :]
    if how < 0.60:
        return word[:place] + word[place + 1 :]
    if how < 0.80:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return word[:place] + word[place] + word[place:]


def _mistyped(rng: np.random.Generator, number: str) -> str:
    place, how = int(rng.integers(1, len(number) - 2)), rng.random()
    if how < 0.60:
        return number[:place] + str(rng.integers(10)) + number[place + 1 :]
    if how < 0.90:
        return number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    return number[:place] + number[place + 1 :]


def _zipf(rng: np.random.Generator, kinds: int, count: int) -> np.ndarray:
    return rng.choice(kinds, count, p=_normal((np.arange(kinds) + 1.0) ** -0.9))


def _normal(weights: np.ndarray) -> np.ndarray:
    return weights / weights.sum()


def main() -> None:
    """Write a register as CSV: what the shipped weights of linkage are learnt from."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("records", type=int)
    parser.add_argument("output", type=Path)
    parser.add_argument("--seed", type=int, default=20)
    said = parser.parse_args()
    register(said.records, said.seed).write_csv(said.output)


if __name__ == "__main__":
    main()
