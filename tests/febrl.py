"""FEBRL 1, 2 and 4 (Christen, 2008), linked by the shipped configuration: what the test and `script/bench` measure."""

import gzip
from pathlib import Path

from torogoz.statistics.linkage.configuration import read_configuration, read_file
from torogoz.statistics.linkage.linking import link

NUMBERS = ("1", "2", "4")
TRUE = {"1": 500, "2": 1_934, "4": 5_000}


def f1_of(data: Path, place: Path, number: str) -> float:
    """F1 of the pairs at 0.5; `data` is the folder of publishers' files, `place` an empty one for unpacked files."""
    configuration = read_configuration(Path("febrl"))
    names = ["4a", "4b"] if number == "4" else [number]
    frames = [read_file(_plain(data, place, name), configuration) for name in names]
    linked = link(*frames, blocks=configuration.blocks, swapped=configuration.swapped)
    pairs = linked.frame(0.5)
    right = sum(a.split("-")[1] == b.split("-")[1] for a, b in zip(pairs["left"], pairs["right"], strict=True))
    return 2 * right / (pairs.height + TRUE[number])


def _plain(data: Path, place: Path, name: str) -> Path:
    """The file, unpacked."""
    path = place / f"febrl{name}.csv"
    path.write_bytes(gzip.decompress((data / "15_record_linkage" / f"febrl_dataset{name}.csv.gz").read_bytes()))
    return path
