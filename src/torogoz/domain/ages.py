"""Age bands as intervals of completed years: a lattice that publishers cut in different places.

Codes are SDMX's: Y5T11 (both ends belong to it), Y7 (one year), Y_GE60, Y_LT18, _T (all ages). `_U` (unknown) and `_O`
(other) are no interval: they stay apart and are never shared out.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

UNKNOWN: Final = "_U"
APART: Final = frozenset({"_U", "_O", "_N", "_Z"})
OLDEST: Final = 100
"""Where an open band ends when it must be split (5 years beyond the last cut, if that is more). An assumption."""

_CODE: Final = re.compile(r"Y(?P<first>\d{1,3})(?:T(?P<last>\d{1,3}))?|Y_(?P<sign>GE|GT|LT|LE)(?P<bound>\d{1,3})")


class NoBand(ValueError):
    """A code that stands for no interval of ages."""


@dataclass(frozen=True, order=True)
class Band:
    """The ages from `start` to just before `end`, in completed years; `end` None is open."""

    start: int
    end: int | None

    def __post_init__(self) -> None:
        """Refuse a band without a year. Raises NoBand."""
        if self.start < 0 or (self.end is not None and self.end <= self.start):
            raise NoBand(f"a band from {self.start} to before {self.end} holds no age")

    @property
    def is_open(self) -> bool:
        return self.end is None

    def years(self, oldest: int = OLDEST) -> int:
        """How many years it is long; an open one up to `oldest`."""
        return max((oldest if self.end is None else self.end) - self.start, 1)

    def contains(self, other: "Band") -> bool:
        """Whether every age of `other` is in it."""
        return self.start <= other.start and (self.end is None or (other.end is not None and other.end <= self.end))

    def overlaps(self, other: "Band") -> bool:
        """Whether they share an age."""
        return self.meet(other) is not None

    def meet(self, other: "Band") -> "Band | None":
        """The ages that are in both; None if there are none."""
        start = max(self.start, other.start)
        ends = [end for end in (self.end, other.end) if end is not None]
        end = min(ends) if ends else None
        return None if end is not None and end <= start else Band(start, end)

    def join(self, other: "Band") -> "Band":
        """The shortest band that contains both."""
        end = None if self.end is None or other.end is None else max(self.end, other.end)
        return Band(min(self.start, other.start), end)

    @property
    def code(self) -> str:
        """Its SDMX code."""
        if self.end is None:
            return "_T" if self.start == 0 else f"Y_GE{self.start}"
        return f"Y{self.start}" if self.end == self.start + 1 else f"Y{self.start}T{self.end - 1}"


ALL: Final = Band(0, None)


def band(code: str) -> Band:
    """The band of a code. Raises NoBand, also for `_U` and `_O`."""
    if code == "_T":
        return ALL
    match = _CODE.fullmatch(code)
    if match is None:
        raise NoBand(f"{code!r} is no band of ages; write Y5T11, Y7, Y_GE60, Y_LT18 or _T")
    if match["first"]:
        first = int(match["first"])
        return Band(first, int(match["last"] or first) + 1)
    bound = int(match["bound"])
    match match["sign"]:
        case "GE":
            return Band(bound, None)
        case "GT":
            return Band(bound + 1, None)
        case "LT":
            return Band(0, bound)
        case _:
            return Band(0, bound + 1)


def is_band(code: str) -> bool:
    """Whether a code stands for an interval of ages."""
    return code == "_T" or _CODE.fullmatch(code) is not None


def bands(codes: Iterable[str]) -> tuple[Band, ...]:
    """The bands of several codes. Raises NoBand."""
    return tuple(band(code) for code in codes)


def refined(*lists: Iterable[Band]) -> tuple[Band, ...]:
    """The finest common bands: the ages that any of the bands holds, cut wherever one of them begins or ends."""
    every = [each for given in lists for each in given]
    cuts = sorted({each.start for each in every} | {each.end for each in every if each.end is not None})
    ends: list[int | None] = [*cuts[1:], None]
    pieces = [Band(start, end) for start, end in zip(cuts, ends, strict=True)]
    return tuple(piece for piece in pieces if any(each.contains(piece) for each in every))


def tiling(given: Iterable[Band], oldest: int = OLDEST) -> tuple[Band, ...]:
    """Of bands that may overlap, disjoint ones that cover most years, and among those the most bands, youngest first.

    IDMC's 0-4, 0-14, 0-17, 5-11 … give 0-4, 5-11, 12-14, 15-24, 25-64, 65+. Ties go to the finer cut at young ages.
    """
    ordered = sorted(set(given), key=lambda each: (_end(each), each.start))
    best: list[tuple[tuple[int, int], tuple[Band, ...]]] = [((0, 0), ())]
    for place, each in enumerate(ordered):
        before = max((index + 1 for index in range(place) if _end(ordered[index]) <= each.start), default=0)
        (years, count), chosen = best[before]
        taken = ((years + each.years(oldest), count + 1), (*chosen, each))
        best.append(taken if taken[0] > best[place][0] else best[place])
    return best[-1][1]


def runs(disjoint: Sequence[Band]) -> list[tuple[Band, ...]]:
    """Disjoint bands in order, as runs without a gap between them."""
    found: list[list[Band]] = []
    for each in disjoint:
        if found and found[-1][-1].end == each.start:
            found[-1].append(each)
        else:
            found.append([each])
    return [tuple(run) for run in found]


def _end(of: Band) -> float:
    return float("inf") if of.end is None else float(of.end)


FIVE: Final = (*(f"Y{age}T{age + 4}" for age in range(0, 85, 5)), "Y_GE85")
UNHCR: Final = ("Y0T4", "Y5T11", "Y12T17", "Y18T59", "Y_GE60")
NATIONAL: Final = ("Y0T11", "Y12T17", "Y18T29", "Y30T59", "Y_GE60")
MAJORITY: Final = ("Y_LT18", "Y_GE18")
SETS: Final = {"five": FIVE, "unhcr": UNHCR, "national": NATIONAL, "majority": MAJORITY}
"""The sets of bands that a reader may ask for, by name."""
