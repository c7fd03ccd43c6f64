"""What was learnt, kept: the weights and how rare each name is, so that one pair is judged as millions were.

The package ships a model that was learnt from the project's own register of made-up people. It knows how Salvadoran
names, dates and documents go wrong as that register supposes it, not how they do in any real one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from torogoz.statistics.linkage.levels import Rarity
from torogoz.statistics.linkage.records import Words
from torogoz.statistics.linkage.weights import Term, Weights

MADE_UP = "made_up"
"""The name of the model that is shipped."""
DECIMALS = 4


class ModelUnclear(ValueError):
    """A file that is no model of linkage: what is wrong with it."""


@dataclass(frozen=True)
class Model:
    """What agreement is worth, and how rare names are.

    rarity      bits, by the sound of a word; one that is not there is as rare as one that was met once
    unseen      those bits
    learnt_from what it was learnt from, to be shown wherever it is used
    """

    weights: Weights
    rarity: Mapping[str, float]
    unseen: float
    learnt_from: str

    def rarity_in(self, words: Words) -> Rarity:
        """How rare each sound of a dictionary is."""
        return rarity_in(words, self.rarity, self.unseen)


def rarity_in(words: Words, bits: Mapping[str, float], unseen: float) -> Rarity:
    """How rare each sound of a dictionary is, of which `bits` says it by its text."""
    return Rarity(np.array([bits.get(said, unseen) for said in words.sound_texts()] + [unseen]))


def rarity_by_sound(rarity: Rarity, words: Words) -> tuple[dict[str, float], float]:
    """The bits of each sound of a dictionary by its text, and those of a sound that is not in it."""
    bits = rarity.bits.tolist()
    return dict(zip(words.sound_texts(), bits, strict=False)), max(bits)


def learnt(weights: Weights, bits: Mapping[str, float], unseen: float, learnt_from: str) -> Model:
    """A model of what one linkage learnt, rounded as a file keeps it: so the file and the memory judge alike."""
    met = {said: rare for said, rare in bits.items() if rare < unseen}
    terms = {term: np.round(worth, DECIMALS) + 0.0 for term, worth in weights.terms.items()}
    rounded = Weights(round(weights.base, DECIMALS), terms, weights.states, weights.taught)
    return Model(rounded, met, unseen, learnt_from)


def as_yaml(model: Model) -> str:
    """The text of a model's file."""
    weights = model.weights
    said = {
        "learnt_from": model.learnt_from,
        "taught": list(weights.taught),
        "base": weights.base,
        "states": weights.states,
        "terms": {"+".join(term): worth.tolist() for term, worth in weights.terms.items()},
        "unseen": model.unseen,
        "rarity": dict(sorted(model.rarity.items())),
    }
    return yaml.safe_dump(said, sort_keys=False, default_flow_style=None, width=118, allow_unicode=True)


def read_model(path: Path) -> Model:
    """A model from its YAML file, or the shipped one by its name. Raises ModelUnclear, OSError."""
    if str(path) == MADE_UP:
        return shipped()
    return model_of(path.read_text(encoding="utf-8"), str(path))


@lru_cache(maxsize=1)
def shipped() -> Model:
    """The model that was learnt from the made-up register."""
    name = "weights_made_up.yaml"
    return model_of((files("torogoz.statistics.linkage") / name).read_text(encoding="utf-8"), name)


def model_of(text: str, path: str) -> Model:
    """A model from the text of its file, which `path` names. Raises ModelUnclear."""
    try:
        said: Any = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        states = {str(field): int(size) for field, size in said["states"].items()}
        terms: dict[Term, Any] = {
            tuple(term.split("+")): np.array(worth, float) for term, worth in said["terms"].items()
        }
        for term, worth in terms.items():
            if worth.shape != (int(np.prod([states[field] for field in term])),) or not np.isfinite(worth).all():
                raise ModelUnclear(f"{path}: the term {'+'.join(term)} has not a number for each of its levels")
        ones, twos = (int(count) for count in said["taught"])
        weights = Weights(float(said["base"]), terms, states, (ones, twos))
        rarity = {str(sound): float(bits) for sound, bits in said["rarity"].items()}
        return Model(weights, rarity, float(said["unseen"]), str(said["learnt_from"]))
    except ModelUnclear:
        raise
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as why:
        raise ModelUnclear(f"{path} is no model of linkage: {why}") from why
