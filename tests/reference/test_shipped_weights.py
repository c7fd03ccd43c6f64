"""The shipped weights are those that the made-up register teaches: made again here, and compared."""

import numpy as np
import pytest

from tests.load.made_up_register import register
from torogoz.statistics.linkage.linking import FieldsDiffer, link
from torogoz.statistics.linkage.model import shipped


def test_the_made_up_register_teaches_what_is_shipped() -> None:
    kept = shipped()
    made_up = register(100_000, seed=20)
    made = link(made_up.drop("person", "institution")).model(kept.learnt_from)
    assert made.weights.states == kept.weights.states
    assert made.weights.taught == kept.weights.taught
    assert made.weights.base == pytest.approx(kept.weights.base, abs=0.05)
    for term, worth in kept.weights.terms.items():
        assert np.abs(made.weights.terms[term] - worth).max() < 0.05, term
    assert made.rarity == kept.rarity
    assert made.unseen == kept.unseen


def test_records_of_other_fields_are_refused() -> None:
    made_up = register(2_000, seed=4)
    with pytest.raises(FieldsDiffer, match="the model weighs"):
        link(made_up.drop("person", "institution", "phone"), model=shipped())
