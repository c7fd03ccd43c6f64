"""What keeps two records apart whatever else agrees: two valid DUIs, years of birth too far apart, two beds in a night.

What `levels` takes for a slip keeps nobody apart: a DUI one digit off, or the day and month of birth ten years away.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from torogoz.statistics.linkage.levels import Pairs
from torogoz.statistics.linkage.records import ABSENT, Ints, Records

YEARS_APART = 3
NEW_YEAR = 32 + 1
DIGITS = 10 ** np.arange(9, dtype=np.int64)
Yes = NDArray[np.bool_]


@dataclass(frozen=True)
class Impossible:
    """What records say that can keep two apart: nought where a record says nothing.

    dui     a valid DUI as a number of nine digits: a person has one
    year    of birth: more than three years apart is not a slip
    day     of the year of birth, a number for each; nought when it is not known, or 1 January
    night   a shelter and a night in one number: nobody sleeps in two shelters
    shelter which shelter that was
    """

    dui: Ints
    year: Ints
    day: Ints
    night: Ints
    shelter: Ints

    @classmethod
    def of(cls, records: Records) -> "Impossible":
        """What these records say: document with its kind, birth, and `night` and `shelter` when they are there."""
        nothing = np.zeros(len(records), dtype=np.int32)
        texts = records.texts
        shelter = texts.get("shelter", nothing)
        return cls(duis(records), records.year, days(records), texts.get("night", nothing), shelter)

    def among(self, members: Pairs) -> Yes:
        """For each two of these records, whether they cannot be one person: members × members."""
        dui, year, day = self.dui[members], self.year[members], self.day[members]
        night, shelter = self.night[members], self.shelter[members]
        apart = two_duis(dui[:, None], dui) | born_apart(year[:, None], year, day[:, None], day)
        apart |= (night[:, None] == night) & (night > 0) & (shelter[:, None] != shelter) & (shelter > 0)
        return np.asarray(apart)


def duis(records: Records) -> Ints:
    """The valid DUI of each record as a number; nought without one."""
    numbers = np.zeros(len(records), dtype=np.int32)
    there = np.flatnonzero(records.dui != ABSENT)
    numbers[there] = [int(records.words.texts[word]) for word in records.dui[there].tolist()]
    return numbers


def days(records: Records) -> Ints:
    """The day of the year of each birth; nought when it is not known, or 1 January, which is said of those unknown."""
    day = np.where((records.month > 0) & (records.day > 0), records.month * 32 + records.day, 0)
    return np.where(day == NEW_YEAR, 0, day).astype(np.int32)


def two_duis(one: Ints, other: Ints) -> Yes:
    """Whether these are the valid DUIs of two people: they differ by more than a digit, or two neighbours swapped."""
    apart = (one != other) & (one > 0) & (other > 0)
    if apart.any():
        one, other = np.broadcast_arrays(one, other)
        apart[apart] = ~_a_slip(one[apart], other[apart])
    return np.asarray(apart)


def _a_slip(one: Ints, other: Ints) -> Yes:
    here, there = one[:, None] // DIGITS % 10, other[:, None] // DIGITS % 10
    off = here != there
    swapped = (here[:, 1:] == there[:, :-1]) & (here[:, :-1] == there[:, 1:]) & off[:, 1:] & off[:, :-1]
    count = off.sum(axis=1)
    return np.asarray((count == 1) | ((count == 2) & swapped.any(axis=1)))


def born_apart(year: Ints, other: Ints, day: Ints, other_day: Ints) -> Yes:
    """Whether years of birth are too far apart for a slip: more than three, unless the same day ten years away."""
    years = np.abs(year - other)
    decade = (years == 10) & (day == other_day) & (day > 0)
    return np.asarray((years > YEARS_APART) & (year > 0) & (other > 0) & ~decade)
