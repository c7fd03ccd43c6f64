"""Similarity on the 195 provisions of 2017 in both languages: twins are found, and objectives suggested."""

import csv
from pathlib import Path

import numpy as np
import pytest

from torogoz.statistics.similarity import (
    Text,
    learn,
    library,
    pessimistic_rank,
    similarity,
    suggest_links,
    without_hubs,
)

SHARED = Path(__file__).resolve().parents[2] / "src" / "torogoz" / "shared"
PROVISIONS = SHARED / "codelists" / "data" / "provisions.csv"
OBJECTIVES = SHARED / "provisions" / "data" / "objectives.csv"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def catalogue() -> list[dict[str, str]]:
    return rows(PROVISIONS)


def hits(scores: np.ndarray, first: int) -> float:
    """Share of the texts whose twin is among the first, behind all that have its score."""
    return float(np.mean([pessimistic_rank(row, at) <= first for at, row in enumerate(scores)]))


def test_twins_are_found_across_languages_with_ties_ranked_pessimistically(catalogue: list[dict[str, str]]) -> None:
    spanish, english = ([row[name] for row in catalogue] for name in ("name_es", "name_en"))
    assert len(spanish) == 195
    plain = similarity(learn(spanish + english), spanish, english)
    assert hits(plain.T, 1) >= 0.80  # English to Spanish
    assert hits(plain, 1) >= 0.76  # Spanish to English: some short English texts are near to everything
    assert min(hits(plain, 5), hits(plain.T, 5)) >= 0.92
    scaled = without_hubs(plain)
    assert min(hits(scaled, 1), hits(scaled.T, 1)) >= 0.85


def test_a_tie_of_nothing_in_common_is_no_hit() -> None:
    assert pessimistic_rank([0.0, 0.0, 0.0], 1) == 3
    assert pessimistic_rank([0.1, 0.3, 0.2], 1) == 1


def test_objectives_are_suggested_from_titles_and_what_neighbours_are_linked_to(
    catalogue: list[dict[str, str]],
) -> None:
    """Leave one out: what a provision is linked to itself has no say."""
    things = [Text(row["code"], {"es": row["name_es"], "en": row["name_en"]}) for row in catalogue]
    titles = [Text(row["code"], {"es": row["name_es"], "en": row["name_en"]}) for row in rows(OBJECTIVES)]
    links = {row["code"]: row["gcm_objectives"].split() for row in catalogue}
    weights = learn([text for thing in [*things, *titles] for text in thing.words.values()])
    among, targets = library(things, weights), library(titles, weights)
    first = third = 0
    for thing in things:
        found = [each.target for each in suggest_links(targets, among, links, thing)]
        first += found[0] in links[thing.key]
        third += bool(set(found) & set(links[thing.key]))
    print(f"hit@1 {first / 195:.2f}, hit@3 {third / 195:.2f}")
    assert first / 195 >= 0.65
    assert third / 195 >= 0.85
