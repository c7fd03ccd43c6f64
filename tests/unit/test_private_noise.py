"""Noise: drawn exactly, as much as was paid for; and what it promises."""

from collections import Counter
from fractions import Fraction
from math import exp, sqrt
from random import Random

import numpy as np
import pytest
from scipy.stats import chisquare, norm

from torogoz.statistics.disclosure.private.accounting import (
    delta_of,
    most_advantage,
    rho_of,
    shares,
    wider_than,
)
from torogoz.statistics.disclosure.private.noise import gaussian, laplace

DRAWS = 20_000


def fits(drawn: list[int], weight: dict[int, float]) -> float:
    """The p-value of a χ² test of draws against weights, tails put together."""
    whole = sum(weight.values())
    counted = Counter(drawn)
    middle = [value for value, own in weight.items() if own / whole * len(drawn) >= 8]
    expected = [weight[value] / whole * len(drawn) for value in middle]
    observed = [counted[value] for value in middle]
    rest = len(drawn) - sum(expected)
    if rest > 8:
        expected.append(rest)
        observed.append(len(drawn) - sum(observed))
    return float(chisquare(observed, np.array(expected) * sum(observed) / sum(expected)).pvalue)


@pytest.mark.parametrize("scale", [Fraction(1, 2), Fraction(1), Fraction(7, 3), Fraction(30)])
def test_laplace_noise_has_the_frequencies_of_its_law(scale: Fraction) -> None:
    chance = Random(5)
    drawn = [laplace(scale, chance.randrange) for _ in range(DRAWS)]
    assert fits(drawn, {x: exp(-abs(x) / float(scale)) for x in range(-900, 901)}) > 0.001


@pytest.mark.parametrize("variance", [Fraction(1, 4), Fraction(1), Fraction(47, 5), Fraction(400)])
def test_gaussian_noise_has_the_frequencies_of_its_law(variance: Fraction) -> None:
    chance = Random(6)
    drawn = [gaussian(variance, chance.randrange) for _ in range(DRAWS)]
    assert fits(drawn, {x: exp(-x * x / (2 * float(variance))) for x in range(-300, 301)}) > 0.001


def test_the_test_of_frequencies_finds_a_law_that_is_slightly_wrong() -> None:
    chance = Random(5)
    drawn = [laplace(Fraction(2), chance.randrange) for _ in range(DRAWS)]
    assert fits(drawn, {x: exp(-abs(x) / 2.15) for x in range(-900, 901)}) < 0.001


def test_without_a_chance_of_its_own_no_two_draws_are_the_same() -> None:
    assert len({tuple(laplace(Fraction(50)) for _ in range(12)) for _ in range(20)}) == 20


@pytest.mark.parametrize("nothing", [Fraction(0), Fraction(-1)])
def test_noise_of_no_size_is_refused(nothing: Fraction) -> None:
    with pytest.raises(ValueError, match="above zero"):
        laplace(nothing)
    with pytest.raises(ValueError, match="above zero"):
        gaussian(nothing)


def test_shares_of_laplace_add_up_to_epsilon_and_each_is_paid_in_full() -> None:
    paid = shares(Fraction(2), None, [Fraction(1), Fraction(2), Fraction(3)], 2)
    assert sum(share.epsilon for share in paid if share.epsilon) == 2
    assert all(share.epsilon and share.parameter * share.epsilon >= 2 for share in paid)


def test_shares_of_gaussian_add_up_to_a_rho_that_keeps_epsilon_and_delta() -> None:
    paid = shares(Fraction(4), Fraction(1, 10**6), [Fraction(1)] * 190, 1)
    rho = sum(float(share.rho) for share in paid if share.rho)
    assert delta_of(rho, 4.0) <= 1e-6
    assert all(share.rho and share.parameter >= 1 / (2 * share.rho) for share in paid)


@pytest.mark.parametrize(("rho", "epsilon"), [(0.05, 1.0), (0.25, 4.0), (1.0, 6.0)])
def test_delta_lies_between_that_of_one_gaussian_and_the_older_bound(rho: float, epsilon: float) -> None:
    """One Gaussian of this ρ has the δ of Balle & Wang (2018), theorem 8; Bun & Steinke give exp(-(ε-ρ)²/4ρ)."""
    apart = sqrt(2 * rho)
    exact = norm.cdf(apart / 2 - epsilon / apart) - exp(epsilon) * norm.cdf(-apart / 2 - epsilon / apart)
    assert exact < delta_of(rho, epsilon) < exp(-((epsilon - rho) ** 2) / (4 * rho))


def test_rho_is_the_largest_that_keeps_the_promise() -> None:
    rho = rho_of(Fraction(4), Fraction(1, 10**6))
    assert delta_of(float(rho), 4.0) <= 1e-6 < delta_of(float(rho) + 1e-6, 4.0)


@pytest.mark.parametrize("delta", [None, Fraction(1, 10**6)])
def test_the_noise_is_wider_than_its_margin_one_time_in_twenty_at_most(delta: Fraction | None) -> None:
    share = shares(Fraction(1), delta, [Fraction(1)] * 6, 1)[0]
    chance = Random(8)
    drawn = np.array([abs(share.draw(chance.randrange)) for _ in range(4_000)])
    assert (drawn > wider_than(share) - 1).mean() > 0.02
    assert (drawn > wider_than(share)).mean() < 0.06


def test_the_most_advantage_is_nothing_at_no_epsilon_and_all_at_an_endless_one() -> None:
    assert most_advantage(0.0) == 0
    assert most_advantage(1.0) == pytest.approx(0.46212, abs=1e-5)
    assert most_advantage(40.0) == pytest.approx(1.0)
