"""Who is one person: pairs gathered into clusters that keep what cannot be, and that do not chain.

Records linked one to the next may form a chain of people who are not one: a misspelt record between two brothers joins
them. So each group of linked records is looked at whole. While two in it cannot be one person, it is split where the
least evidence is cut between those two; while it falls apart along its least cut, where all pairs across, those against
and those never compared among them, speak against it together, it is split there.

What a group becomes depends on that group alone: so a new record is taken in by looking at its own group again, and the
records come out as they would in one batch.
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
NEVER_COMPARED = -3.0
"""Bits against, of a pair that shared too little to be compared."""
LARGEST = 400
"""Records in a group that is looked at whole; a larger one is first taken apart at its weaker links."""
STEP = 1.0
Conflict = Callable[[Places], NDArray[np.bool_]]


def clusters(
    size: int,
    pairs: tuple[Places, Places],
    weight: Floats,
    least: float,
    conflict: Conflict,
    largest: int = LARGEST,
) -> Places:
    """The cluster of each record, named by its first record.

    size        how many records there are
    pairs       of places, each pair once, with its `weight` in bits; those below nought link nothing, yet count
                against a cluster that would hold them
    least       bits that all pairs across any cut of a cluster must come to: a record that is likely the same as each
                of three others belongs to them more surely than by any one pair
    conflict    for some records, which two of them cannot be one person: `impossible.Impossible(…).among`
    largest     records in a group that is looked at whole
    """
    named = np.arange(size)
    for members, matrix in _groups(size, pairs, weight, min(least, 0.0), largest):
        for part in split(members, matrix, least, conflict):
            named[part] = part.min()
    return named


def depths(size: int, pairs: tuple[Places, Places], weight: Floats, least: float, largest: int = LARGEST) -> Floats:
    """For each record, the least weight of the links that hold together the group in which it is looked at whole."""
    depth = np.full(size, min(least, 0.0))
    deeper = np.ones(size, dtype=bool)
    a, b = pairs
    while len(a):
        linking = weight >= depth[a]
        graph = coo_matrix((np.ones(int(linking.sum())), (a[linking], b[linking])), shape=(size, size))
        _, group = connected_components(graph, directed=False)
        deeper &= np.bincount(group)[group] > largest
        depth[deeper] += STEP
        inside = (group[a] == group[b]) & deeper[a]
        a, b, weight = a[inside], b[inside], weight[inside]
    return depth


def _groups(
    size: int, pairs: tuple[Places, Places], weight: Floats, least: float, largest: int
) -> Iterator[tuple[Places, Floats]]:
    """Each group of records that links hold together, with the weights among its members (NEVER_COMPARED elsewhere)."""
    a, b = pairs
    linking = weight >= least
    graph = coo_matrix((np.ones(int(linking.sum())), (a[linking], b[linking])), shape=(size, size))
    _, group = connected_components(graph, directed=False)
    inside = group[a] == group[b]
    a, b, weight = a[inside], b[inside], weight[inside]
    order = np.argsort(group[a], kind="stable")
    a, b, weight = a[order], b[order], weight[order]
    if not len(a):
        return
    starts = np.flatnonzero(np.r_[True, group[a][1:] != group[a][:-1]])
    for start, end in zip(starts, np.r_[starts[1:], len(a)], strict=True):
        members = np.unique(np.r_[a[start:end], b[start:end]])
        if len(members) > largest:
            yield from _taken_apart(a[start:end], b[start:end], weight[start:end], members, least, largest)
            continue
        yield members, _matrix(members, a[start:end], b[start:end], weight[start:end])


def _matrix(members: Places, a: Places, b: Places, weight: Floats) -> Floats:
    matrix = np.full((len(members), len(members)), NEVER_COMPARED)
    one, other = np.searchsorted(members, a), np.searchsorted(members, b)
    matrix[one, other] = matrix[other, one] = weight
    np.fill_diagonal(matrix, 0.0)
    return matrix


def _taken_apart(
    a: Places, b: Places, weight: Floats, members: Places, least: float, largest: int
) -> Iterator[tuple[Places, Floats]]:
    """A group too large to be looked at whole, by its stronger links only."""
    one, other = np.searchsorted(members, a), np.searchsorted(members, b)
    for some, matrix in _groups(len(members), (one, other), weight, least + STEP, largest):
        yield members[some], matrix


def split(members: Places, matrix: Floats, least: float, conflict: Conflict) -> list[Places]:
    """The parts of a group that hold together, each a set of places.

    matrix      weights among the members, in their order, symmetric
    """
    if len(members) == 1:
        return [members]
    apart = conflict(members)
    if not apart.any() and matrix[~np.eye(len(members), dtype=bool)].min() >= least:
        return [members]
    side = _side(matrix, apart, least)
    if side is None:
        return [members]
    parts = []
    for inside in (side, ~side):
        for piece in _pieces(matrix[np.ix_(inside, inside)], min(least, 0.0)):
            kept = np.flatnonzero(inside)[piece]
            parts += split(members[kept], matrix[np.ix_(kept, kept)], least, conflict)
    return parts


def _pieces(matrix: Floats, least: float) -> Iterable[Places]:
    """The parts that links still hold together after a cut."""
    count, piece = connected_components(matrix >= least, directed=False)
    return (np.flatnonzero(piece == one) for one in range(count))


def _side(matrix: Floats, apart: NDArray[np.bool_], least: float) -> NDArray[np.bool_] | None:
    """Which members stand on one side of the cut that the group needs; None when it needs none."""
    capacity = np.clip(matrix, 0.0, None)
    if apart.any():
        pairs = np.argwhere(np.triu(apart))
        against = matrix[pairs[:, 0], pairs[:, 1]]
        one, other = pairs[int(np.argmin(against))]
        return _between(capacity, int(one), int(other))
    side = least_cut(capacity)
    across = matrix[np.ix_(side, ~side)]
    return side if across.sum() < least else None


def least_cut(capacity: Floats) -> NDArray[np.bool_]:
    """The side of a cut of the least capacity of a whole graph (Stoer and Wagner, 1997): capacity is symmetric."""
    capacity = capacity.copy()
    size = len(capacity)
    merged = [[node] for node in range(size)]
    alive = list(range(size))
    best, cut = np.inf, merged[0]
    while len(alive) > 1:
        reached = capacity[alive[0]].copy()
        left = alive[1:]
        before, last = alive[0], alive[0]
        while left:
            before, last = last, max(left, key=lambda node: (reached[node], -node))
            left.remove(last)
            strength = float(reached[last])
            reached += capacity[last]
        if strength < best:
            best, cut = strength, list(merged[last])
        merged[before] = merged[before] + merged[last]
        capacity[before] += capacity[last]
        capacity[:, before] += capacity[:, last]
        capacity[before, before] = 0.0
        alive.remove(last)
    side = np.zeros(size, dtype=bool)
    side[cut] = True
    return side


def _between(capacity: Floats, source: int, sink: int) -> NDArray[np.bool_]:
    """The side of `source` in a least cut between two members, by augmenting paths (Edmonds and Karp, 1972)."""
    residual = capacity.copy()
    while True:
        parent = _reached(residual, source)
        if parent[sink] < 0:
            return np.asarray(parent >= 0)
        path = [sink]
        while path[-1] != source:
            path.append(int(parent[path[-1]]))
        steps = list(zip(path[1:], path[:-1], strict=True))
        room = min(float(residual[one, other]) for one, other in steps)
        for one, other in steps:
            residual[one, other] -= room
            residual[other, one] += room


def _reached(residual: Floats, source: int) -> Places:
    """From which member each one is reached, breadth first; -1 for those that are not."""
    parent = np.full(len(residual), -1)
    parent[source] = source
    wave = [source]
    while wave:
        ahead = []
        for node in wave:
            for other in np.flatnonzero((residual[node] > 1e-9) & (parent < 0)):
                parent[other] = node
                ahead.append(int(other))
        wave = ahead
    return parent
