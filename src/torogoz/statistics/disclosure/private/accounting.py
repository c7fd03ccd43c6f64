"""How much a set of noisy tables may cost, and how much noise that buys.

Two ways of counting. With Laplace noise the costs ε of the tables are simply added (pure differential privacy). With
Gaussian noise it is their ρ that are added (zero-concentrated differential privacy), and the sum is turned into one ε
at a δ: with probability at most δ the promise may fail. Laplace is stricter and better for a handful of tables;
Gaussian has much less noise when there are many.

source  Dwork & Roth (2014), theorem 3.16; Bun & Steinke (2016), propositions 1.6 and 1.7;
        Canonne, Kamath & Steinke (2020), proposition 7 (δ of a given ρ and ε)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, exp, expm1, log1p
from statistics import NormalDist

from torogoz.statistics.disclosure.private import noise

FINE = 10**9  # scales are rounded up to a billionth, so that noise is never less than was paid for


@dataclass(frozen=True)
class Share:
    """What one table costs, and its noise.

    sensitivity  by how much one person can change the table, in rows
    epsilon      its cost with Laplace noise; None with Gaussian
    rho          its cost with Gaussian noise; None with Laplace
    parameter    the scale of the Laplace noise, or the variance of the Gaussian
    """

    sensitivity: int
    epsilon: Fraction | None
    rho: Fraction | None
    parameter: Fraction

    @property
    def variance(self) -> float:
        """The variance of the noise of one cell."""
        if self.rho is not None:
            return float(self.parameter)
        base = exp(-1 / float(self.parameter))
        return 2 * base / (1 - base) ** 2

    def draw(self, below: noise.Below) -> int:
        """The noise of one cell."""
        return noise.laplace(self.parameter, below) if self.rho is None else noise.gaussian(self.parameter, below)


def shares(epsilon: Fraction, delta: Fraction | None, weights: Sequence[Fraction], sensitivity: int) -> list[Share]:
    """The cost of each table, in proportion to `weights`, so that all together cost `epsilon` (at `delta`, if given).

    raises  ValueError unless epsilon > 0, sensitivity ≥ 1, every weight > 0 and 0 < delta < 1 (or None)
    """
    if epsilon <= 0 or sensitivity < 1 or any(weight <= 0 for weight in weights):
        raise ValueError("ε, the rows of a person and the weights of tables must all be above zero")
    whole = sum(weights, Fraction(0))
    if delta is None:
        costs = [epsilon * weight / whole for weight in weights]
        return [Share(sensitivity, cost, None, _up(sensitivity / cost)) for cost in costs]
    if not 0 < delta < 1:
        raise ValueError("δ must lie between zero and one")
    costs = [rho_of(epsilon, delta) * weight / whole for weight in weights]
    return [Share(sensitivity, None, cost, _up(sensitivity**2 / (2 * cost))) for cost in costs]


def delta_of(rho: float, epsilon: float) -> float:
    """The δ at which a ρ-zCDP release is (ε, δ)-differentially private: the best over the orders α > 1."""
    if rho == 0:
        return 0.0
    low, high = 1.01, (epsilon + 1) / (2 * rho) + 2
    for _ in range(200):
        order = (low + high) / 2
        if (2 * order - 1) * rho - epsilon + log1p(-1 / order) < 0:
            low = order
        else:
            high = order
    order = (low + high) / 2
    power = (order - 1) * (order * rho - epsilon) + order * log1p(-1 / order)
    return min(1.0, exp(power) / (order - 1))


def rho_of(epsilon: Fraction, delta: Fraction) -> Fraction:
    """The largest ρ, rounded down to a billionth, that is (ε, δ)-differentially private."""
    found = _largest(lambda rho: delta_of(rho, float(epsilon)) <= float(delta), float(epsilon) + 1)
    return Fraction(int(found * FINE), FINE)


def most_advantage(epsilon: float, delta: float = 0.0) -> float:
    """The most by which anybody can tell two worlds that differ in one person apart better than by tossing a coin:
    the difference between the rates of true and false alarms. (e^ε − 1 + 2δ) / (e^ε + 1)"""
    return (expm1(epsilon) + 2 * delta) / (exp(epsilon) + 1)


def wider_than(share: Share, chance: float = 0.05) -> int:
    """The half-width that the noise of one cell exceeds with at most this chance: for a margin in plain words."""
    if share.rho is not None:
        return ceil(NormalDist(0, float(share.parameter) ** 0.5).inv_cdf(1 - chance / 2))
    ratio = exp(-1 / float(share.parameter))
    width = 0
    while 2 * ratio ** (width + 1) / (1 + ratio) > chance:
        width += 1
    return width


def _largest(holds: Callable[[float], bool], high: float) -> float:
    """The largest number up to `high` for which a falling property holds, from below."""
    low = 0.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _up(value: Fraction) -> Fraction:
    """Rounded up to a billionth."""
    return Fraction(-(-value.numerator * FINE // value.denominator), FINE)
