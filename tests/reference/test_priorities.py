"""Priorities against a textbook and an oracle: Schulze's example of 45 voters, and equal shares as pabutools buys."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from torogoz.statistics.deliberation.equal_shares import Stage, Utility, equal_shares
from torogoz.statistics.deliberation.priorities import schulze

# Schulze (2011), example 1 as it is mostly printed: how many voters cast which order of A to E.
VOTERS = {"ACBED": 5, "ADECB": 5, "BEDAC": 8, "CABED": 3, "CAEBD": 7, "CBADE": 2, "DCEBA": 7, "EBADC": 8}
FROZEN = Path(__file__).parent / "frozen" / "equal_shares.json"
CASES: list[dict[str, Any]] = json.loads(FROZEN.read_text(encoding="utf-8"))


def test_the_textbook_example_of_45_voters_gives_e_a_c_b_d() -> None:
    ballots = [{option: place for place, option in enumerate(order, 1)} for order in VOTERS]
    found = schulze("ABCDE", ballots, list(VOTERS.values()))
    assert found.places == (("E",), ("A",), ("C",), ("B",), ("D",))
    assert found.ballots == 45
    assert found.pairwise.tolist() == [
        [0, 20, 26, 30, 22],
        [25, 0, 16, 33, 18],
        [19, 29, 0, 17, 24],
        [15, 12, 28, 0, 14],
        [23, 27, 21, 31, 0],
    ]
    assert found.strongest[0].tolist() == [0, 28, 28, 30, 24]
    assert found.condorcet_winner is None


def test_the_frozen_cases_are_many_and_completion_matters_in_them() -> None:
    assert len(CASES) >= 100
    assert sum(case["expected"]["cost"]["alone"] != case["expected"]["cost"]["completed"] for case in CASES) > 50


@pytest.mark.parametrize("utility", Utility)
def test_equal_shares_buys_what_the_oracle_buys_in_its_order(utility: Utility) -> None:
    """150 elections made up with a seed and answered by pabutools 1.2.3: frozen/equal_shares_oracle.py."""
    for at, case in enumerate(CASES):
        expected = case["expected"][utility]
        asked = case["costs"], case["ballots"], case["budget"]
        alone = equal_shares(*asked, utility=utility, complete=False)
        completed = equal_shares(*asked, utility=utility)
        assert list(alone.winners) == expected["alone"], at
        assert list(completed.winners) == expected["completed"], at


@pytest.mark.parametrize("utility", Utility)
def test_every_share_is_accounted_for_to_the_last_fraction(utility: Utility) -> None:
    for case in CASES:
        found = equal_shares(case["costs"], case["ballots"], case["budget"], utility=utility)
        from_shares = [each for each in found.purchases if each.stage is Stage.SHARES]
        assert all(sum(each.paid) == each.cost for each in from_shares)
        for voter, ballot in enumerate(case["ballots"]):
            paid = {each.project: each.paid[voter] for each in from_shares}
            assert sum(paid.values(), Fraction(0)) <= found.share
            assert all(amount == 0 or project in ballot for project, amount in paid.items())
        assert found.spent + found.unspent == case["budget"]
        assert found.unspent >= 0
