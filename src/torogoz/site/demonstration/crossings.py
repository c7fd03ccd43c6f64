"""A made-up border: people who travel, visit, emigrate, return and settle, and a land border that misses some of them.

Nobody in it exists and no figure in it is an estimate of anything: the shares below only give the residence rule the
kinds of lives that it has to tell apart. The same seed gives the same people, and a later end only adds crossings.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

SEED: Final = 2017
PEOPLE: Final = 7_000
BEGINS: Final = date(2021, 1, 1)
MOST_CROSSINGS: Final = 60
MINUTES: Final = 24 * 60
MISSED: Final = {"AIR": 0.002, "LAND": 0.03, "SEA": 0.01}  # chance that a crossing is not recorded
TWICE: Final = 0.004  # chance that a crossing is recorded twice, some hours apart
SEX_UNKNOWN, BIRTH_UNKNOWN = 0.002, 0.01

Real = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Words = npt.NDArray[np.str_]


@dataclass(frozen=True)
class Life:
    """A kind of life: how many live it (weight), on which side it begins, how long it stays, and whether it moves.

    home      mean days between journeys
    journey   median days of a journey
    waits     mean days before the first crossing
    moves     chance that a journey becomes a move: the other side is home from then on
    """

    name: str
    weight: float
    here: bool
    home: float
    journey: float
    waits: float
    moves: float
    citizens: dict[str, float]
    places: dict[str, float]


CA4: Final = {"GTM": 0.6, "HND": 0.3, "NIC": 0.1}
ABROAD: Final = {"USA": 0.86, "MEX": 0.03, "CAN": 0.05, "ESP": 0.04, "ITA": 0.02}
TRIPS: Final = {"GTM": 0.45, "HND": 0.22, "NIC": 0.05, "USA": 0.18, "MEX": 0.04, "PAN": 0.03, "CRI": 0.03}
OTHERS: Final = {"USA": 0.4, "MEX": 0.15, "CRI": 0.1, "PAN": 0.08, "COL": 0.12, "ESP": 0.08, "CHN": 0.07}
LIVES: Final = (
    Life("travels from home", 34, True, 260, 6, 400, 0.004, {"SLV": 0.97, "USA": 0.02, "GTM": 0.01}, TRIPS),
    Life("visits from the diaspora", 22, False, 330, 15, 500, 0.01, {"SLV": 0.7, "USA": 0.3}, ABROAD),
    Life("visits from Central America", 17, False, 200, 3, 500, 0.003, CA4, CA4),
    Life("visits from elsewhere", 12, False, 400, 6, 700, 0.004, OTHERS, OTHERS),
    Life("emigrates", 14, True, 500, 25, 900, 0.9, {"SLV": 1.0}, {**ABROAD, "GTM": 0.03}),
    Life("returns for good", 8, False, 420, 20, 900, 0.9, {"SLV": 1.0}, ABROAD),
    Life("settles", 5, False, 300, 20, 900, 0.85, {"HND": 0.3, "NIC": 0.2, "GTM": 0.2, "USA": 0.2, "COL": 0.1}, OTHERS),
    Life("works across the border", 1.5, True, 60, 10, 200, 0.002, {"SLV": 0.6, "GTM": 0.2, "HND": 0.2}, CA4),
)  # fmt: skip


def made_up_crossings(
    people: int = PEOPLE, *, until: datetime, begins: date = BEGINS, seed: int = SEED, perfect: bool = False
) -> pl.DataFrame:
    """Every recorded crossing of `people` made-up persons from `begins` to `until`, in the order of the moments.

    perfect  nothing is missed and nothing recorded twice
    returns  personId (int), direction (ENTRY, EXIT), date_crossing (text, local, to the minute), sex, birth_year
             (int, null unknown), citizenship, birth_country, counterpart (ISO 3166 alpha-3), mode (AIR, LAND)
    """
    draw = np.random.default_rng(seed)
    person = _people(draw, people, begins.year)
    first = datetime.combine(begins, time())
    end = (until.replace(tzinfo=None) - first) / timedelta(days=1)
    parts = list(_walk(draw, person, end, perfect=perfect))
    place = np.concatenate([part[0] for part in parts])
    moment = np.concatenate([part[1] for part in parts])
    entry = np.concatenate([part[2] for part in parts])
    order = np.lexsort((place, moment))
    place, moment, entry = place[order], moment[order], entry[order]
    minutes = pl.Series(moment * MINUTES).floor().cast(pl.Int64)
    return pl.DataFrame({"minutes": minutes, "place": place, "entry": entry}).select(
        pl.Series("personId", person.key[place]),
        pl.when("entry").then(pl.lit("ENTRY")).otherwise(pl.lit("EXIT")).alias("direction"),
        (pl.lit(first) + pl.duration(minutes=pl.col("minutes"))).dt.to_string("%Y-%m-%dT%H:%M").alias("date_crossing"),
        pl.Series("sex", person.sex[place]),
        pl.Series("birth_year", person.birth[place]).replace(0, None),
        pl.Series("citizenship", person.citizenship[place]),
        pl.Series("birth_country", person.born[place]),
        pl.Series("counterpart", person.counterpart[place]),
        pl.Series("mode", person.mode[place]),
    )


@dataclass
class _People:
    """One entry per person: the kind of life and what stays the same all along."""

    key: Places
    here: Mask
    home: Real
    journey: Real
    waits: Real
    moves: Real
    sex: Words
    birth: Places
    citizenship: Words
    born: Words
    counterpart: Words
    mode: Words


def _people(draw: np.random.Generator, people: int, year: int) -> _People:
    weights = np.array([life.weight for life in LIVES])
    kind = draw.choice(len(LIVES), people, p=weights / weights.sum())
    citizenship = np.empty(people, dtype="<U3")
    counterpart = np.empty(people, dtype="<U3")
    for number, life in enumerate(LIVES):
        mine = kind == number
        citizenship[mine] = _drawn(draw, life.citizens, int(mine.sum()))
        counterpart[mine] = _drawn(draw, life.places, int(mine.sum()))
    foreign = citizenship != "SLV"
    visiting = foreign & ~np.array([life.here for life in LIVES])[kind] & (draw.random(people) < 0.9)
    counterpart[visiting] = citizenship[visiting]
    born = np.where((citizenship == "USA") & (draw.random(people) < 0.5), "SLV", citizenship)
    neighbour = np.isin(counterpart, list(CA4))
    land = np.where(neighbour, draw.random(people) < 0.88, draw.random(people) < 0.02)
    ages = np.minimum(draw.gamma(4.2, 8.5, people), 92).astype(np.int64)
    birth = np.where(draw.random(people) < BIRTH_UNKNOWN, 0, year - ages)
    sex = np.where(draw.random(people) < 0.49, "F", "M")
    return _People(
        key=draw.permutation(people) + 1,
        here=np.array([life.here for life in LIVES])[kind],
        moves=np.array([life.moves for life in LIVES])[kind],
        sex=np.where(draw.random(people) < SEX_UNKNOWN, "", sex),
        birth=birth,
        citizenship=citizenship,
        born=born,
        counterpart=counterpart,
        mode=np.where(land, "LAND", "AIR"),
        home=np.array([life.home for life in LIVES])[kind],
        journey=np.array([life.journey for life in LIVES])[kind],
        waits=np.array([life.waits for life in LIVES])[kind],
    )


def _walk(
    draw: np.random.Generator, person: _People, end: float, *, perfect: bool
) -> Iterator[tuple[Places, Real, Mask]]:
    """Crossing after crossing of everybody: (persons, moments in days since the beginning, whether they enter)."""
    people = person.key.size
    here, home = person.here.copy(), person.here.copy()
    moment = draw.exponential(person.waits)
    missed = np.array([MISSED[mode] for mode in ("AIR", "LAND")])[(person.mode == "LAND").astype(np.int64)]
    for _ in range(MOST_CROSSINGS):
        active = moment < end
        if not active.any():
            return
        here = ~here
        recorded = active & (perfect | (draw.random(people) >= missed))
        yield np.flatnonzero(recorded), moment[recorded], here[recorded]
        again = draw.random(people) < TWICE
        later = moment + draw.uniform(0.05, 0.4, people)
        again &= recorded & (later < end) & (not perfect)
        yield np.flatnonzero(again), later[again], here[again]
        settles = (here != home) & (draw.random(people) < person.moves)
        home = np.where(settles, here, home)
        at_home = 1 + draw.exponential(person.home) + np.where(settles, draw.exponential(500, people), 0)
        away = person.journey * np.exp(draw.normal(0, 0.9, people))
        moment = moment + np.where(here == home, at_home, away)


def _drawn(draw: np.random.Generator, shares: dict[str, float], count: int) -> Words:
    names, weights = list(shares), np.array(list(shares.values()))
    drawn: Words = draw.choice(names, count, p=weights / weights.sum())
    return drawn
