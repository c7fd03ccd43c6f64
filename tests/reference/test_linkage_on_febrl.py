"""FEBRL 1, 2 and 4: a smoke test that linkage of any file works, with the scores that are published for others."""

import gzip
from pathlib import Path

import pytest

from torogoz.statistics.linkage.configuration import read_configuration, read_file
from torogoz.statistics.linkage.linking import link

TRUE = {"1": 500, "2": 1_934, "4": 5_000}


def plain(shared_data: Path, tmp_path: Path, number: str) -> Path:
    """The file, unpacked."""
    path = tmp_path / f"febrl{number}.csv"
    packed = shared_data / "15_record_linkage" / f"febrl_dataset{number}.csv.gz"
    path.write_bytes(gzip.decompress(packed.read_bytes()))
    return path


@pytest.mark.parametrize(("number", "least"), [("1", 0.999), ("2", 0.997), ("4", 0.999)])
def test_the_people_of_febrl_are_found(shared_data: Path, tmp_path: Path, number: str, least: float) -> None:
    configuration = read_configuration(Path("febrl"))
    names = ["4a", "4b"] if number == "4" else [number]
    frames = [read_file(plain(shared_data, tmp_path, name), configuration) for name in names]
    linked = link(*frames, blocks=configuration.blocks, swapped=configuration.swapped)
    pairs = linked.frame(0.5)
    right = sum(a.split("-")[1] == b.split("-")[1] for a, b in zip(pairs["left"], pairs["right"], strict=True))
    precision, recall = right / pairs.height, right / TRUE[number]
    assert 2 * precision * recall / (precision + recall) >= least
