"""Attack H, membership: is this person in the data? The attacker knows everybody else, and sees what was published.

Two worlds, with and without the person, are published many times over. The attacker may score an answer in any way,
chooses a threshold on half of the answers, and is judged on the other half: the rate of true alarms less that of false
ones. Differential privacy promises that no attacker whatever gains more than (e^ε − 1 + 2δ) / (e^ε + 1).

source  Kairouz, Oh & Viswanath (2015), on the two worlds; Yeom et al. (2018), on the advantage
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import log, sqrt

import numpy as np

from torogoz.statistics.attacks.asking import Real

CERTAINTY = 0.999


@dataclass(frozen=True)
class Advantage:
    """What the attacker gained on the half that it had not seen, and by how much chance alone can move that."""

    gained: float
    give_or_take: float


def advantage(published: Callable[[bool], float], times: int) -> Advantage:
    """The gain of an attacker who scores each publication.

    published  publishes once, the person being in the data or not, and gives the attacker's score of it
    times      how often each world is published; half to choose by, half to be judged by
    """
    worlds = [np.array([published(inside) for _ in range(times)]) for inside in (False, True)]
    half = times // 2
    threshold, sign = _best(worlds[0][:half], worlds[1][:half])
    judged = [float((sign * world[half:] >= sign * threshold).mean()) for world in worlds]
    # Hoeffding's bound on each rate, both at once.
    apart = 2 * sqrt(log(4 / (1 - CERTAINTY)) / (2 * (times - half)))
    return Advantage(judged[1] - judged[0], apart)


def _best(without: Real, inside: Real) -> tuple[float, float]:
    """The threshold, and on which side of it to say "inside", that tells these two apart best."""
    best = (0.0, float(np.max(inside)), 1.0)
    for threshold in np.unique(np.concatenate([without, inside])):
        for sign in (1.0, -1.0):
            gain = float((sign * inside >= sign * threshold).mean() - (sign * without >= sign * threshold).mean())
            if gain > best[0]:
                best = (gain, float(threshold), sign)
    return best[1], best[2]
