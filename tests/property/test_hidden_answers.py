"""Who has every published figure and the program itself cannot compute how few people gave an answer."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations_with_replacement, product

import numpy as np
import pytest

from torogoz.shared.polls.files import statement_rows
from torogoz.shared.polls.statement_counts import StatementResults, Told, grouping
from torogoz.statistics.deliberation.representative import NO_GROUP
from torogoz.statistics.deliberation.small_cells import FEWEST
from torogoz.statistics.deliberation.votes import AGREE, DISAGREE, PASS, UNSEEN, VoteMatrix

ANSWERS = (AGREE, DISAGREE, PASS)


def columns(members: tuple[int, ...], answers: tuple[int, ...]) -> Iterator[np.ndarray]:
    """Every way in which the members of each group may have answered one statement; who is who does not matter."""
    ways = [list(combinations_with_replacement(answers, size)) for size in members]
    for way in product(*ways):
        yield np.array([answer for group in way for answer in group], dtype=np.int8)


def published(column: np.ndarray, of_row: np.ndarray, groups: int) -> tuple[object, ...]:
    """Everything that is told of a poll of one statement: its figures, and the statements that mark groups out."""
    matrix = VoteMatrix(np.arange(len(column)), np.array([7]), column[:, None])
    found = grouping(matrix, [str(at) for at in range(groups)], of_row)
    told = Told(7, 0, "Frase", "Statement", retired=False, published=found.published[7])
    poll = StatementResults(len(column), len(column), None, too_few=False, statements=(told,), countries=found)
    return (
        *(tuple(row.values()) for row in statement_rows(poll)),
        tuple(found.stands_for.items()),
        *found.least.items(),
    )


@pytest.mark.parametrize(
    ("members", "alone", "answers"),
    [
        ((11,), 0, (*ANSWERS, UNSEEN)),
        ((5, 5), 0, (*ANSWERS, UNSEEN)),
        ((7, 6), 0, ANSWERS),
        ((6,), 5, ANSWERS),
        ((5, 5, 7), 0, (AGREE, PASS)),
    ],
)
def test_every_count_of_few_people_could_be_another(
    members: tuple[int, ...], alone: int, answers: tuple[int, ...]
) -> None:
    """All tables of small polls, by what is published of each: within none is a count of 1 to 4 the same in all.

    Counts are those of each group, of who stands in no group, and of everybody, for each answer.
    """
    sizes = (*members, alone) if alone else members
    of_row = np.repeat([*range(len(members)), *([NO_GROUP] if alone else [])], sizes)
    alike: dict[tuple[object, ...], list[list[int]]] = defaultdict(list)
    for column in columns(sizes, answers):
        of_each = [[int((column[of_row == at] == one).sum()) for one in ANSWERS] for at in np.unique(of_row)]
        of_all = np.array(of_each).sum(axis=0).tolist()
        alike[published(column, of_row, len(members))].append([count for row in (*of_each, of_all) for count in row])
    assert len(alike) > 1
    for tables in alike.values():
        for counts in zip(*tables, strict=True):
            assert len(set(counts)) > 1 or not 0 < counts[0] < FEWEST, tables[:3]
