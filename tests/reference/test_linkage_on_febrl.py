"""FEBRL 1, 2 and 4: a smoke test that linkage of any file works, with the scores that are published for others."""

from pathlib import Path

import pytest

from tests.febrl import f1_of


@pytest.mark.parametrize(("number", "least"), [("1", 0.999), ("2", 0.997), ("4", 0.999)])
def test_the_people_of_febrl_are_found(shared_data: Path, tmp_path: Path, number: str, least: float) -> None:
    assert f1_of(shared_data, tmp_path, number) >= least
