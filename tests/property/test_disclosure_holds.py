"""Disclosure control over random linked tables; and the audit against a plain enumeration of every possible table."""

from itertools import product

import numpy as np
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from tests.made_up_tables import linked_tables, table
from torogoz.statistics.disclosure.audit import audit
from torogoz.statistics.disclosure.protect import CannotProtect, protect
from torogoz.statistics.disclosure.rules import Rule

CODES = [["a", "b", "c"], ["p", "q", "r", "s"], ["x", "y"]]
CROSSINGS = [[(0, 1)], [(0, 1), (0, 2)], [(0, 1), (1, 2)], [(0, 1), (0, 2), (1, 2)], [(0, 1, 2)]]
RULES = [Rule(3), Rule(5), Rule(10), Rule(4, zeros_shown=False)]


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    events=st.integers(0, 250),
    crossings=st.sampled_from(CROSSINGS),
    rule=st.sampled_from(RULES),
)
def test_no_hidden_cell_of_linked_tables_can_be_worked_out(
    seed: int, events: int, crossings: list[tuple[int, ...]], rule: Rule
) -> None:
    chance = np.random.default_rng(seed)
    drawn = [chance.choice(codes, events, p=chance.dirichlet(np.full(len(codes), 0.6))) for codes in CODES]
    rows = [tuple(str(code) for code in row) for row in zip(*drawn, strict=True)]
    _, counts, system = linked_tables(rows, CODES, crossings)
    suppression = protect(system, counts, rule)
    hidden = suppression.hidden
    assert (hidden[rule.is_small(counts)]).all()
    assert not (suppression.small & suppression.to_protect_others).any()
    if rule.zeros_shown:
        assert not hidden[counts == 0].any()
    plain = audit(system, ~hidden, counts, np.zeros(system.size))
    assert (plain.width[hidden] >= rule.threshold).all()
    assert ((plain.lower <= counts) & (counts <= plain.upper)).all()
    clever = audit(system, ~hidden, counts, np.full(system.size, rule.floor))
    assert (clever.width[suppression.small & (counts > 0)] >= 1).all()


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    events=st.integers(20, 250),
    crossings=st.sampled_from(CROSSINGS),
    changed=st.integers(1, 12),
    grows=st.booleans(),
)
def test_whoever_kept_the_tables_of_before_works_out_no_hidden_cell_of_the_next(
    seed: int, events: int, crossings: list[tuple[int, ...]], changed: int, grows: bool
) -> None:
    chance, rule = np.random.default_rng(seed), Rule(5)
    drawn = [chance.choice(codes, events + changed, p=chance.dirichlet(np.full(len(codes), 0.6))) for codes in CODES]
    rows = [tuple(str(code) for code in row) for row in zip(*drawn, strict=True)]
    _, more, system = linked_tables(rows, CODES, crossings)
    _, fewer, _ = linked_tables(rows[changed:], CODES, crossings)
    before, after = (fewer, more) if grows else (more, fewer)
    first = protect(system, before, rule).hidden
    known = ~first & (before == after)
    least = np.where(~first, before, 0.0) if grows else np.zeros(system.size)
    kept = first & (np.abs(after - before) < rule.threshold)
    try:
        hidden = protect(system, after, rule, keep_hidden=kept, known=known, least=least).hidden
    except CannotProtect:
        reject()  # rare: so much is known already that no hiding helps. The release is refused, and nothing is out.
    assert not (hidden & known).any()
    found = audit(system, ~hidden, after, least)
    assert (found.width[hidden] >= rule.threshold).all()
    assert ((found.lower <= after) & (after <= found.upper)).all()
    clever = audit(system, ~hidden, after, np.maximum(least, rule.floor))
    assert (clever.width[hidden & rule.is_small(after)] >= 1).all()


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=2, max_size=2),
    hidden_cells=st.sets(st.tuples(st.integers(0, 1), st.integers(0, 2)), max_size=4),
)
def test_the_audit_finds_the_interval_that_trying_every_table_finds(
    rows: list[list[int]], hidden_cells: set[tuple[int, int]]
) -> None:
    keys, counts, system = table(rows)
    hidden = np.array([key in {(str(row), str(column)) for row, column in hidden_cells} for key in keys])
    found = audit(system, ~hidden, counts, np.zeros(system.size))
    places = sorted(hidden_cells)
    possible = [
        guess
        for guess in product(range(max(map(sum, rows)) + 1), repeat=len(places))
        if _fits(rows, dict(zip(places, guess, strict=True)))
    ]
    for number, (row, column) in enumerate(places):
        values = [guess[number] for guess in possible]
        place = keys.index((str(row), str(column)))
        assert (found.lower[place], found.upper[place]) == (min(values), max(values))


def _fits(rows: list[list[int]], guess: dict[tuple[int, int], int]) -> bool:
    """Whether a guess at the hidden cells has the row and column totals of the table."""
    tried = [[guess.get((i, j), count) for j, count in enumerate(row)] for i, row in enumerate(rows)]
    return [sum(row) for row in tried] == [sum(row) for row in rows] and [
        sum(column) for column in zip(*tried, strict=True)
    ] == [sum(column) for column in zip(*rows, strict=True)]
