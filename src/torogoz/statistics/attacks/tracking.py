"""Attack F, trackers: a figure that is refused, worked out from figures that are given; and outputs that disagree.

A builder that only refuses small answers gives them all away: the persons with A and B are the persons with A less the
persons with A and not B, and both of these are large. And whoever asks for one figure by page, file, map and
programme must get it once: where outputs disagree, each is a draw of its own.

source  Denning, Denning & Schwartz (1979), The Tracker: A Threat to Statistical Database Security
"""

from collections.abc import Mapping, Sequence

import polars as pl

from torogoz.statistics.attacks.asking import VALUE, Ask


def tracked(
    ask: Ask, codes: Mapping[str, Sequence[str]], known: Mapping[str, str], secret: str, answer: str
) -> float | None:
    """How many persons have all of `known` and the answer `answer` to `secret`, never asked for directly.

    codes    every code of every dimension
    known    what the attacker knows of the person, at least two dimensions
    returns  None if an answer on the way is not shown
    """
    first, *rest = known
    total = 0.0
    # Persons with every one of `known`: those with the first, less those with the first and not all of the rest.
    for sign, where in _all_but(first, rest, known, codes):
        found = ask([], {**where, secret: [answer]})[VALUE][0]
        if found is None:
            return None
        total += sign * float(found)
    return total


def _all_but(
    first: str, rest: Sequence[str], known: Mapping[str, str], codes: Mapping[str, Sequence[str]]
) -> list[tuple[float, dict[str, list[str]]]]:
    """The signed questions of a tracker: first, less those that differ in one of the rest, each told apart."""
    questions: list[tuple[float, dict[str, list[str]]]] = [(1.0, {first: [known[first]]})]
    same: dict[str, list[str]] = {first: [known[first]]}
    for name in rest:
        others = [code for code in codes[name] if code != known[name]]
        questions.append((-1.0, {**same, name: others}))
        same = {**same, name: [known[name]]}
    return questions


def disagreements(outputs: Mapping[str, pl.DataFrame]) -> list[str]:
    """Which outputs give another figure than the first one for some cell that both have, one sentence each."""
    first, *others = outputs
    base = outputs[first]
    keys = [name for name in base.columns if name != VALUE]
    said = []
    for name in others:
        both = base.join(outputs[name].rename({VALUE: "OTHER"}), on=keys, how="inner")
        differ = both.filter(pl.col(VALUE).ne_missing(pl.col("OTHER")))
        if differ.height or both.height != base.height:
            said.append(f"{name} differs from {first} in {differ.height} of {base.height} cells")
    return said
