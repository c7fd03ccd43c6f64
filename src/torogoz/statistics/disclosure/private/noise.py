"""Whole-number noise drawn exactly: no floating point, so no pattern in the last digits gives a count away.

Every draw is built from whole numbers chosen evenly below some bound, by comparing whole numbers only. The even
numbers come from the system's source for secrets; a test may bring its own.

source  Canonne, Kamath & Steinke (2020), The Discrete Gaussian for Differential Privacy, algorithms 1 to 3
        (arXiv:2004.00010)
"""

import secrets
from collections.abc import Callable
from fractions import Fraction
from math import isqrt

Below = Callable[[int], int]  # an evenly chosen whole number from 0 to below the bound


def laplace(scale: Fraction, below: Below = secrets.randbelow) -> int:
    """A whole number x with probability proportional to exp(-|x| / scale). Raises ValueError unless scale > 0."""
    if scale <= 0:
        raise ValueError(f"the scale of noise must be above zero, and is {scale}")
    while True:
        negative = below(2) == 1
        size = _geometric(scale.denominator, scale.numerator, below)
        if not (negative and size == 0):  # zero would otherwise come up twice as often
            return -size if negative else size


def gaussian(variance: Fraction, below: Below = secrets.randbelow) -> int:
    """A whole number x with probability proportional to exp(-x² / (2 variance)). Raises ValueError unless it is > 0."""
    if variance <= 0:
        raise ValueError(f"the variance of noise must be above zero, and is {variance}")
    p, q = variance.numerator, variance.denominator
    step = isqrt(p // q) + 1
    while True:
        candidate = laplace(Fraction(step), below)
        gap = abs(candidate) * q * step - p
        if _happens_exp(gap * gap, 2 * p * q * step * step, below):
            return candidate


def _geometric(s: int, t: int, below: Below) -> int:
    """A whole number x ≥ 0 with probability proportional to exp(-x s / t)."""
    while True:
        rest = below(t)
        if _happens_exp(rest, t, below):
            break
    whole = 0
    while _happens_exp(1, 1, below):
        whole += 1
    return (whole * t + rest) // s


def _happens_exp(p: int, q: int, below: Below) -> bool:
    """True with probability exp(-p / q), for p ≥ 0 and q > 0."""
    while p > q:
        if not _happens_exp_of_at_most_one(1, 1, below):
            return False
        p -= q
    return _happens_exp_of_at_most_one(p, q, below)


def _happens_exp_of_at_most_one(p: int, q: int, below: Below) -> bool:
    """True with probability exp(-p / q), for 0 ≤ p ≤ q: the length of a run of ever less likely successes is odd."""
    run = 1
    while below(q * run) < p:
        run += 1
    return run % 2 == 1
