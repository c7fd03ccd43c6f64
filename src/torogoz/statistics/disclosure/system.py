"""All the cells of a release and all the sums that bind them, as one system of equations.

The same cell in two tables is one cell here; a total is the sum of its parts in every table that shows both. Cells
that no table shows but that a reader can reason about (ages 15 to 17, say, which the count of children and the
five-year bands give by difference) are cells too: they are hidden from the start, and must stay so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Key = tuple[str, ...]
Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Sum:
    """Along one dimension, the code `total` is the sum of the codes `parts`."""

    dimension: int
    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Relation:
    """One equation: the cell `total` is the sum of the cells `parts` (positions among the system's cells)."""

    total: int
    parts: tuple[int, ...]


@dataclass(frozen=True)
class System:
    """`size` cells, numbered from 0, and the relations among them."""

    size: int
    relations: tuple[Relation, ...]

    def blocks(self) -> Iterator[tuple[Whole, "System"]]:
        """The parts of the system that no relation joins: the positions of each one's cells, and its own system.

        Cells without any relation are left out: nothing can be learned of them from another cell.
        """
        leader = list(range(self.size))
        for relation in self.relations:
            first = _leader(leader, relation.total)
            for part in relation.parts:
                leader[_leader(leader, part)] = first
        members: dict[int, list[Relation]] = {}
        for relation in self.relations:
            members.setdefault(_leader(leader, relation.total), []).append(relation)
        for relations in members.values():
            cells = sorted({cell for each in relations for cell in (each.total, *each.parts)})
            place = {cell: position for position, cell in enumerate(cells)}
            own = tuple(Relation(place[each.total], tuple(place[part] for part in each.parts)) for each in relations)
            yield np.array(cells, dtype=np.int64), System(len(cells), own)

    def without(self, known: Mask, counts: Real) -> "tuple[Whole, list[tuple[list[tuple[int, float]], float]]]":
        """What is left when the `known` cells are put in: the open cells, and rows (terms, right-hand side) over them.

        Each row reads: sum of sign × open cell = right-hand side. Rows without an open cell are dropped.
        """
        open_cells = np.flatnonzero(~known)
        place = {int(cell): position for position, cell in enumerate(open_cells)}
        rows: list[tuple[list[tuple[int, float]], float]] = []
        for relation in self.relations:
            signed = [(relation.total, -1.0), *((part, 1.0) for part in relation.parts)]
            terms = [(place[cell], sign) for cell, sign in signed if cell in place]
            if terms:
                rows.append((terms, -sum(sign * float(counts[cell]) for cell, sign in signed if cell not in place)))
        return open_cells, rows


def system_of(keys: Sequence[Key], sums: Iterable[Sum]) -> System:
    """The system of the cells named by `keys`: every one of `sums` wherever its total and all of its parts are cells.

    keys  one tuple of codes per cell, all different, in the order of the cells
    """
    place: Mapping[Key, int] = {key: position for position, key in enumerate(keys)}
    if len(place) != len(keys):
        raise ValueError("two cells of one system have the same key; the same cell in two tables is one cell")
    relations = []
    for rule in sums:
        for key, position in place.items():
            if key[rule.dimension] != rule.total:
                continue
            head, tail = key[: rule.dimension], key[rule.dimension + 1 :]
            parts = [place.get((*head, part, *tail)) for part in rule.parts]
            found = tuple(part for part in parts if part is not None)
            if found and len(found) == len(parts):
                relations.append(Relation(position, found))
    return System(len(keys), tuple(relations))


def _leader(leader: list[int], cell: int) -> int:
    """The cell that stands for the block of `cell`; paths are shortened on the way."""
    while leader[cell] != cell:
        leader[cell] = leader[leader[cell]]
        cell = leader[cell]
    return cell
