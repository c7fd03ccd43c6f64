"""What must hold of the base cube whatever the data: it adds up, it is never negative, and hidden stays hidden."""

from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torogoz.statistics.disclosure.keys import person_keys, seed_of
from torogoz.statistics.disclosure.ptable import design
from torogoz.statistics.disclosure.strict import (
    BaseCube,
    Hidden,
    UnclearQuestion,
    base_cube,
    coarser_view,
    from_frame,
    own_view,
)
from torogoz.statistics.disclosure.swaps import Anchor, AnchorsContradict, started

SECRET = b"a made-up secret of the tests, long enough"
CODES = {
    "YEAR": ("2024", "2025"),
    "SEX": ("F", "M", "_U"),
    "AGE": ("a", "b", "c", "d"),
    "AREA": ("A", "B", "C"),
    "WHY": ("x", "y"),
}
VIEWS = {
    **{name: own_view(name, codes) for name, codes in CODES.items()},
    "GROUP": coarser_view("AGE", CODES["AGE"], {"young": ("a", "b"), "old": ("c", "d")}),
}
TABLE = design(5, 3, 2)


def records(seed: int, size: int) -> pl.DataFrame:
    """Made-up records in which no one of age a has the reason y, and area goes with sex."""
    chance = np.random.default_rng(seed)
    frame = pl.DataFrame({name: chance.choice(np.array(codes), size) for name, codes in CODES.items()})
    return frame.with_columns(
        WHY=pl.when(pl.col("AGE") == "a").then(pl.lit("x")).otherwise("WHY"),
        AREA=pl.when((pl.col("SEX") == "F") & (pl.col("WHY") == "x")).then(pl.lit("A")).otherwise("AREA"),
    )


def cube_of(frame: pl.DataFrame, hidden: tuple[Hidden, ...] = ()) -> BaseCube:
    keys = person_keys([str(place) for place in range(frame.height)], SECRET)
    nobody = np.zeros((2, 4, 2), dtype=bool)
    nobody[:, 0, 1] = True
    return base_cube(
        frame,
        CODES,
        keys,
        TABLE,
        seed=seed_of("test", SECRET),
        views=VIEWS,
        hidden=hidden,
        apart=("YEAR",),
        structural={("YEAR", "AGE", "WHY"): nobody},
        sweeps=12,
    )


def total(cube: BaseCube, by: tuple[str, ...]) -> float:
    return float(cube.answer(by)["OBS_VALUE"].sum())


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), size=st.integers(0, 900))
def test_whatever_is_added_up_is_the_coarser_answer_and_nothing_is_negative(seed: int, size: int) -> None:
    cube = cube_of(records(seed, size))
    for names in combinations(CODES, 3):
        fine = cube.answer(names)
        assert (fine["OBS_VALUE"] >= 0).all()
        for fewer in combinations(names, 2):
            added = fine.group_by(fewer).agg(pl.col("OBS_VALUE").sum()).sort(fewer)
            assert added.equals(cube.answer(fewer).select(*fewer, "OBS_VALUE").sort(fewer))
    by_age = cube.answer(("AREA", "AGE"))
    young = by_age.filter(pl.col("AGE").is_in(["a", "b"])).group_by("AREA").agg(pl.col("OBS_VALUE").sum())
    assert young.sort("AREA").equals(
        cube.answer(("AREA", "GROUP")).filter(GROUP="young").select("AREA", "OBS_VALUE").sort("AREA")
    )


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), size=st.integers(1, 900))
def test_a_structural_zero_stays_zero_in_every_answer(seed: int, size: int) -> None:
    cube = cube_of(records(seed, size))
    assert cube.answer(("AREA",), {"AGE": ("a",), "WHY": ("y",)})["OBS_VALUE"].sum() == 0
    possible = cube.possible(("WHY", "AREA", "AGE", "YEAR"))
    assert not possible[1, :, 0].any()
    assert possible[0].all()
    assert cube.possible(("AGE", "WHY")).all()  # the year is not asked for: each year might differ


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), size=st.integers(1, 600), turn=st.integers(0, 100))
def test_the_order_of_records_codes_and_dimensions_changes_no_figure(seed: int, size: int, turn: int) -> None:
    frame = records(seed, size)
    cube = cube_of(frame)
    again = from_frame(cube.frame().sample(fraction=1, shuffle=True, seed=turn), CODES, VIEWS, apart=("YEAR",))
    one = cube.answer(("SEX", "AREA"), {"YEAR": ("2025",), "WHY": ("x", "y")})
    other = again.answer(("AREA", "SEX"), {"YEAR": ("2025",)})
    assert one.sort("SEX", "AREA").equals(other.select(one.columns).sort("SEX", "AREA"))
    keys = person_keys([str(place) for place in range(frame.height)], SECRET)
    turned = np.random.default_rng(turn).permutation(frame.height)
    made = [
        base_cube(rows, CODES, own, TABLE, seed=1, apart=("YEAR",), sweeps=6).frame()
        for rows, own in ((frame, keys), (frame[turned], keys[turned]))
    ]
    assert made[0].equals(made[1])


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), data=st.data())
def test_what_lies_in_a_hidden_cell_is_hidden_and_what_adds_it_away_is_shown(seed: int, data: st.DataObject) -> None:
    chance = np.random.default_rng(seed)
    tables = (
        Hidden(("YEAR", "SEX", "AREA"), chance.random((2, 3, 3)) < 0.2),
        Hidden(("YEAR", "GROUP", "WHY"), chance.random((2, 2, 2)) < 0.2),
        Hidden(("YEAR", "AGE"), chance.random((2, 4)) < 0.1),
        Hidden(("YEAR", "SEX"), chance.random((2, 3)) < 0.2),
    )
    cube = HIDING_CUBE(tables)
    by = tuple(data.draw(st.permutations(["SEX", "AGE", "AREA", "WHY", "YEAR"])))[: data.draw(st.integers(0, 4))]
    if "AGE" in by and data.draw(st.booleans()):
        by = tuple("GROUP" if name == "AGE" else name for name in by)
    where = {
        name: tuple(data.draw(st.lists(st.sampled_from(VIEWS[name].codes), min_size=1, unique=True)))
        for name in data.draw(st.lists(st.sampled_from(list(VIEWS)), max_size=3, unique=True))
    }
    found = cube.answer(by, where)
    for row in found.iter_rows(named=True):
        cut = [table for table in tables if set(table.views) <= set(_asked(row, by, where))]
        views = [set(table.views) | ({"GROUP"} if "AGE" in table.views else set()) for table in cut]
        finest = [table for place, table in enumerate(cut) if not any(views[place] < set(other) for other in views)]
        expected = any(_hides(table, _asked(row, by, where)) for table in finest)
        assert (row["CONF_STATUS"] == "C") == expected, (row, by, where)
        assert (row["OBS_VALUE"] is None) == expected


def _asked(row: dict[str, object], by: tuple[str, ...], where: dict[str, tuple[str, ...]]) -> dict[str, set[str]]:
    """By a plain reading: which codes of which views the question cuts out for one cell of its answer."""
    asked = {name: set(codes) for name, codes in where.items() if len(codes) < len(VIEWS[name].codes)}
    asked |= {name: {str(row[name])} & asked.get(name, {str(row[name])}) for name in by}
    asked.setdefault("YEAR", set(CODES["YEAR"]))
    group_of = dict(zip(CODES["AGE"], ("young", "young", "old", "old"), strict=True))
    if "GROUP" in by and "AGE" in asked:
        asked["AGE"] = {code for code in asked["AGE"] if group_of[code] in asked["GROUP"]}
    if "AGE" in by and "GROUP" in asked:
        asked["GROUP"] = {code for code in asked["GROUP"] if any(group_of[each] == code for each in asked["AGE"])}
    if "AGE" in asked:
        asked["GROUP"] = asked.get("GROUP", set()) | {group_of[code] for code in asked["AGE"]}
    return asked


def _hides(table: Hidden, asked: dict[str, set[str]]) -> bool:
    """Whether a hidden cell of a table is among what was cut out."""
    return any(
        all(VIEWS[view].codes[place] in asked[view] for view, place in zip(table.views, cell, strict=True))
        for cell in zip(*np.nonzero(table.cells), strict=True)
    )


def HIDING_CUBE(tables: tuple[Hidden, ...]) -> BaseCube:
    return BaseCube(PLAIN.variables, PLAIN.codes, PLAIN.counts, PLAIN.views, tables, ("YEAR",))


PLAIN = cube_of(records(5, 500))


def test_anchors_hold_exactly_and_contradictory_ones_are_refused() -> None:
    frame = records(2, 700)
    sex_area = frame.group_by("SEX", "AREA").len()
    table = np.zeros((3, 3), dtype=np.int64)
    for sex, area, count in sex_area.iter_rows():
        table[CODES["SEX"].index(sex), CODES["AREA"].index(area)] = count
    listed = {name: CODES[name] for name in ("SEX", "AREA", "WHY", "AGE")}
    sexes, groups = table.sum(axis=1), np.array([[300, 50], [250, 100]])
    turned = np.array([[250, 100], [300, 50]])
    anchors = [
        Anchor((), ("SEX",), sexes),
        Anchor(("SEX",), ("AREA",), table),
        Anchor((), ("AGE",), np.array([150, 200, 100, 250])),
        Anchor(("GROUP",), ("WHY",), groups),
    ]
    views = {**{name: own_view(name, codes) for name, codes in listed.items()}, "GROUP": VIEWS["GROUP"]}
    keys = person_keys([str(place) for place in range(700)], SECRET)
    cube = base_cube(frame, listed, keys, TABLE, seed=4, views=views, anchors=anchors)
    assert cube.answer(("SEX", "AREA"))["OBS_VALUE"].to_list() == table.ravel().tolist()
    assert cube.answer(("GROUP", "WHY"))["OBS_VALUE"].to_list() == groups.ravel().tolist()
    with pytest.raises(AnchorsContradict, match="does not fit"):
        started(
            [*anchors[:3], Anchor(("GROUP",), ("WHY",), turned + np.array([[1], [-1]]))],
            views,
            np.random.default_rng(1),
        )
    with pytest.raises(AnchorsContradict, match="700 records"):
        started([anchors[0], Anchor((), ("AGE",), np.array([1, 2, 3, 4]))], views, np.random.default_rng(1))


@pytest.mark.parametrize(
    ("by", "where", "says"),
    [
        (("COLOUR",), {}, "COLOUR cannot be asked for"),
        (("AGE", "GROUP"), {}, "cut the same variable twice"),
        (("SEX",), {"AREA": ("Z",)}, "AREA has no code Z"),
    ],
)
def test_an_unclear_question_is_refused(by: tuple[str, ...], where: dict[str, tuple[str, ...]], says: str) -> None:
    with pytest.raises(UnclearQuestion, match=says):
        PLAIN.answer(by, where)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), more=st.integers(1, 60))
def test_a_year_that_did_not_change_keeps_its_cube_when_another_one_grows(seed: int, more: int) -> None:
    frame = records(seed, 500)
    grown = pl.concat([frame, records(seed + 1, more).with_columns(YEAR=pl.lit("2025"))])
    before, after = cube_of(frame).frame(), cube_of(grown).frame()
    assert before.filter(YEAR="2024").equals(after.filter(YEAR="2024"))
    assert not before.filter(YEAR="2025").equals(after.filter(YEAR="2025"))
