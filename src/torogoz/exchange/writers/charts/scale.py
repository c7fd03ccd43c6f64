"""Axes: round steps, and positions in time."""

import math
import re
from collections.abc import Sequence


def steps(top: float, most: int = 5) -> list[float]:
    """Round values from 0 up to at least `top`, at most `most` steps apart by 1, 2, 2.5 or 5 times a power of ten."""
    if top <= 0:
        return [0.0, 1.0]
    power = 10 ** math.floor(math.log10(top / most))
    step = next(power * m for m in (1, 2, 2.5, 5, 10, 20) if power * m * most >= top * (1 - 1e-9))
    return [step * i for i in range(math.ceil(top / step - 1e-9) + 1)]


def digits(values: Sequence[float]) -> int:
    """How many decimals the marks of an axis need, and no more: 2.000 could be read as two thousand."""
    return next((some for some in range(9) if all(abs(v - round(v, some)) < 1e-9 for v in values)), 9)


def year_of(period: str) -> float:
    """When a period begins, in years: 2020, 2020-Q3 or 2020-07. Raises ValueError."""
    match = re.fullmatch(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?", period)
    if match is None:
        raise ValueError(f"{period!r} is not a year, a quarter (2020-Q3) or a month (2020-07)")
    year, quarter, month = match.groups()
    if quarter:
        return int(year) + (int(quarter) - 1) / 4
    return int(year) + ((int(month) - 1) / 12 if month else 0)
