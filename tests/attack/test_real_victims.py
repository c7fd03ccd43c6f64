"""The attack on real records: the 91,043 victims of a public file (CTDC, recoded), where it is at hand."""

from pathlib import Path
from time import monotonic

import numpy as np
import polars as pl
import pytest

from torogoz.statistics.disclosure.audit import audit
from torogoz.statistics.disclosure.protect import protect
from torogoz.statistics.disclosure.rules import TRAFFICKING
from torogoz.statistics.disclosure.system import system_of
from torogoz.statistics.tabulation import VALUE, Dimension, Level, Table, sums_of, tabulate

AGE, WOMAN = "Age Band", "Woman"
SECONDS = 60


@pytest.fixture(scope="module")
def victims(shared_data: Path) -> pl.DataFrame:
    path = shared_data / "06_ctdc" / "ctdc_north_america_recoded.csv.gz"
    if not path.is_file():
        pytest.skip("the file of victims is not at hand")
    return pl.read_csv(path, infer_schema=False)


def test_most_distinct_rows_of_the_file_are_shared_by_few_so_rows_are_never_published(victims: pl.DataFrame) -> None:
    sizes = victims.group_by(victims.columns).len()["len"]
    assert (victims.height, sizes.len(), int((sizes < 11).sum())) == (91_043, 6_219, 5_236)


def test_tables_of_victims_by_age_and_sex_keep_every_hidden_cell_within_ten(victims: pl.DataFrame) -> None:
    dimensions = []
    for name in victims.columns:
        codes = tuple(sorted(victims[name].unique()))
        dimensions.append(Dimension(name, {"total": Level(("_T",)), "each": Level(codes, name)}, (("_T", codes),)))
    both = ("total", "each")
    others = [name for name in victims.columns if name not in (AGE, WOMAN)]
    tables = [Table(name, {AGE: both, WOMAN: both, name: both}) for name in others]
    cells = tabulate(victims, dimensions, tables)
    counts = cells[VALUE].to_numpy()
    system = system_of(cells.select(victims.columns).rows(), sums_of(dimensions))
    nothing_known = np.zeros(system.size)

    small = TRAFFICKING.is_small(counts)
    naive = audit(system, ~small, counts, nothing_known)
    assert (naive.width[small] == 0).mean() > 0.7

    began = monotonic()
    hidden = protect(system, counts, TRAFFICKING).hidden
    took = monotonic() - began
    found = audit(system, ~hidden, counts, nothing_known)
    assert (found.width[hidden] >= TRAFFICKING.threshold).all()
    assert took < SECONDS
