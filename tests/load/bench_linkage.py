"""Linkage of a made-up register with two surnames, side by side with Splink 5 on DuckDB in the same run.

Each measurement runs in a process of its own, so that processor time and peak memory are its own. Splink gets the same
prepared words and sounds, eleven blocking rules, and in turn eight comparisons that are written for Salvadoran names
and its own ready-made ones, as its documentation begins with. Beside both stands a scorer that knows the truth of half
the people and is asked about the other half: no teacher in life knows as much. `script/bench linkage` runs it at
10 000, 100 000 and 1 000 000 records, then FEBRL; `--small` leaves out the million, `--febrl` all but FEBRL.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.febrl import NUMBERS, f1_of
from tests.load.made_up_register import register
from torogoz.statistics.linkage.encoded import encode, link_encoded
from torogoz.statistics.linkage.levels import Rarity
from torogoz.statistics.linkage.linking import codes_of, link
from torogoz.statistics.linkage.model import shipped
from torogoz.statistics.linkage.new_store import create
from torogoz.statistics.linkage.records import NAME_PARTS, prepare
from torogoz.statistics.linkage.store import Store
from torogoz.statistics.linkage.weights import probability, regressed

SIZES = (10_000, 100_000, 1_000_000)
THRESHOLDS = (0.5, 0.7, 0.9, 0.95, 0.99)
ANY = (0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95)
OFTEN = 200
ALL_OF_IT = 1_000_000
FEBRL = {"1": 0.999, "2": 0.997, "4": 0.999}
Truth = NDArray[np.int64]


def f1(found: int, right: int, true: int) -> float:
    """The harmonic mean of precision and recall."""
    return 2 * right / (found + true) if found + true else 0.0


def pairs_of(groups: Truth) -> int:
    """How many pairs are together in groups."""
    counts = np.unique(groups, return_counts=True)[1]
    return int((counts * (counts - 1) // 2).sum())


def of_clusters(clusters: Truth, person: Truth) -> float:
    """F1 of the pairs that clusters put together."""
    both = clusters.astype(np.int64) * (int(person.max()) + 1) + person
    return f1(pairs_of(clusters), pairs_of(both), pairs_of(person))


def ours(path: Path) -> dict[str, float]:
    """Pair F1 at 0.5, cluster F1 at each threshold, recall of blocking."""
    frame = pl.read_parquet(path)
    person = frame["person"].to_numpy()
    linked = link(frame.drop("person", "institution"))
    cpu = time.process_time()
    same = person[linked.pairs[0]] == person[linked.pairs[1]]
    told = {
        "cpu": cpu,
        "pairs": float(len(same)),
        "blocking recall": float(same.sum()) / pairs_of(person),
        **_at_thresholds(probability(linked.weight), same, pairs_of(person)),
    }
    for threshold in THRESHOLDS:
        begin = time.process_time()
        told[f"cluster F1 at {threshold}"] = of_clusters(linked.clusters(threshold), person)
        told.setdefault("cpu of clustering", time.process_time() - begin)
    return told


def with_the_truth(path: Path) -> dict[str, float]:
    """Pair F1 of a scorer of the same levels that was told who is who in the other half of the people."""
    frame = pl.read_parquet(path)
    person = frame["person"].to_numpy()
    linked = link(frame.drop("person", "institution"))
    one, other = linked.pairs
    codes, states = codes_of(linked.left, linked.right, linked.pairs, Rarity.of([linked.left]), ())
    same = person[one] == person[other]
    half = np.minimum(person[one], person[other]) % 2
    likely = np.zeros(len(codes))
    for fold in (0, 1):
        taught, asked = half != fold, half == fold
        answers = np.where(same[taught], 1, -1)
        different, counts = np.unique(np.stack([codes[taught], answers]), axis=1, return_counts=True)
        likely[asked] = probability(regressed(different[0], counts, states, different[1]).of(codes[asked]))
    return _at_thresholds(likely, same, pairs_of(person))


def _at_thresholds(likely: NDArray[np.float64], same: NDArray[np.bool_], true: int) -> dict[str, float]:
    """Pair F1 at 0.5, and the best that any threshold gives."""
    best = [f1(int((likely >= at).sum()), int((same & (likely >= at)).sum()), true) for at in (0.5, *ANY)]
    return {"pair F1": best[0], "pair F1 at its best threshold": max(best)}


def kept(path: Path) -> dict[str, float]:
    """Milliseconds of one more record, and of one taken out, in a linkage that is kept: all but 200 are there before.

    Weights are those of 100 000 other made-up people. At the end all is there, and must be as one batch has it.
    """
    frame = pl.read_parquet(path).drop("person", "institution")
    chosen = np.random.default_rng(3).choice(frame.height, OFTEN, replace=False)
    later = np.zeros(frame.height, dtype=bool)
    later[chosen] = True
    place = path.with_name("kept.sqlite")
    begin = time.process_time()
    create(place, frame.filter(~later), shipped())
    told = {"cpu of keeping": time.process_time() - begin, "megabytes kept": place.stat().st_size / 1e6}
    rows = frame.filter(later).to_dicts()
    with Store(place) as store:
        for what, change in (
            ("added", lambda row: store.add(row["id"], {name: row[name] for name in store.fields})),
            ("taken out", lambda row: store.remove(row["id"])),
            ("added again", lambda row: store.add(row["id"], {name: row[name] for name in store.fields})),
        ):
            took = np.array([_seconds(change, row) for row in rows]) * 1e3
            for part in (50, 95, 100):
                wall, processor = np.percentile(took, part, axis=0).tolist()
                told |= {f"ms {what}, {part}": wall, f"ms of processor {what}, {part}": processor}
        named = store.clusters()
    linked = link(frame, model=shipped())
    one, other = (np.unique(each, return_inverse=True)[1] for each in (
        np.array([named[called] for called in linked.left.ids]), linked.clusters(0.5)))  # fmt: skip
    told["clusters as one batch has them"] = float(
        len(np.unique(one * len(one) + other)) == one.max() + 1 == other.max() + 1
    )
    return told


def without_names(size: int = 10_000) -> None:
    """Two files of `size` people, half of them in both: F1 at 0.5, each person once, in clear and by filters."""
    rows = register(size * 4, seed=31).with_columns(
        met=pl.int_range(pl.len()).over("person"), times=pl.len().over("person")
    )
    both = rows.filter((pl.col("times") > 1) & (pl.col("met") < 2)).sort("person", "met")
    both = both.filter(pl.col("person").is_in(both["person"].unique(maintain_order=True)[: size // 2].implode()))
    once = rows.filter(pl.col("times") == 1)
    left = pl.concat([both.filter(pl.col("met") == 0), once[: size // 2]])
    right = pl.concat([both.filter(pl.col("met") == 1), once[size // 2 : size]])
    person = left["person"].to_numpy(), right["person"].to_numpy()
    left, right = (file.drop("person", "institution", "met", "times") for file in (left, right))
    linked = link(left, right)
    found = {"in clear": (linked.pairs, linked.weight)}
    for name, harden in (("filters", False), ("hardened filters", True)):
        chance = np.random.default_rng(1)
        begin = time.process_time()
        one, other = (
            encode(file, b"a key of this measurement alone.", harden=harden, chance=chance) for file in (left, right)
        )
        found[name] = link_encoded(one, other)[:2]
        print(f"  {name}: {time.process_time() - begin:.0f} s of processor")
    for name, (pairs, weight) in found.items():
        print(f"  {name}: F1 {_once_each(pairs, weight, person, size // 2):.4f}")


def _once_each(
    pairs: tuple[Truth, Truth], weight: NDArray[np.float64], person: tuple[Truth, Truth], true: int
) -> float:
    """F1 at 0.5 of pairs taken the surest first, each record once."""
    taken: tuple[set[int], set[int]] = (set(), set())
    right = 0
    for place in np.argsort(-weight, kind="stable")[: int((weight >= 0).sum())]:
        one, other = int(pairs[0][place]), int(pairs[1][place])
        if one not in taken[0] and other not in taken[1]:
            taken[0].add(one)
            taken[1].add(other)
            right += int(person[0][one] == person[1][other])
    return f1(len(taken[0]), right, true)


def _seconds(change: Callable[[dict[str, str]], object], row: dict[str, str]) -> tuple[float, float]:
    """By the clock, and of the processor."""
    wall, processor = time.perf_counter(), time.process_time()
    change(row)
    return time.perf_counter() - wall, time.process_time() - processor


def tuned(path: Path) -> dict[str, float]:
    """What Splink finds by comparisons that are written for Salvadoran names."""
    from splink.comparison_library import CustomComparison  # noqa: PLC0415  # the peer is there for script/bench only

    return splinks(path, [
        CustomComparison(output_column_name=name, comparison_levels=levels)  # type: ignore[arg-type]
        for name, levels in LEVELS.items()
    ])  # fmt: skip


def stock(path: Path) -> dict[str, float]:
    """What Splink finds by its ready-made comparisons, one for each column, as its documentation begins with."""
    import splink.comparison_library as ready  # noqa: PLC0415

    names = [ready.NameComparison(f"{part}_text") for part in ("g1", "g2", "s2", "mother")]
    return splinks(path, [
        *names,
        ready.NameComparison("s1_text").configure(term_frequency_adjustments=True),
        ready.DateOfBirthComparison("birth", input_is_string=True),
        ready.ExactMatch("municipality").configure(term_frequency_adjustments=True),
        ready.ExactMatch("sex"),
        ready.LevenshteinAtThresholds("document", 1),
        ready.LevenshteinAtThresholds("phone", 1),
    ])  # fmt: skip


def splinks(path: Path, comparisons: list[Any]) -> dict[str, float]:
    """The same of Splink as of ours, with its own clustering."""
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # noqa: PLC0415

    frame = pl.read_parquet(path)
    person = frame["person"].to_numpy()
    rows = _for_splink(frame)
    rules = [block_on(*columns) for columns in BLOCKS]
    api = DuckDBAPI()
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=rules,  # type: ignore[arg-type]
        retain_matching_columns=False,
    )
    linker = Linker(api.register(rows, dataset_display_name="made_up"), settings)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("document"), block_on("s1", "s2", "g1", "birth")], 0.7
    )
    training.estimate_u_using_random_sampling(max_pairs=2_000_000, seed=1)
    for columns in (("s1", "g1"), ("birth", "s1"), ("s1", "s2", "year")):
        training.estimate_parameters_using_expectation_maximisation(
            block_on(*columns), max_pairs=2_000_000, record_sample_proportion=1.0
        )
    predicted = linker.inference.predict(threshold_match_probability=0.05)
    cpu = time.process_time()
    found = predicted.as_duckdbpyrelation().pl()
    a, b = found["id_l"].cast(pl.Int64).to_numpy(), found["id_r"].cast(pl.Int64).to_numpy()
    likely = found["match_probability"].to_numpy()
    told = {"cpu": cpu} | _at_thresholds(likely, person[a] == person[b], pairs_of(person))
    for threshold in THRESHOLDS:
        begin = time.process_time()
        grouped = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold)
        named = grouped.as_duckdbpyrelation().pl().sort(pl.col("id").cast(pl.Int64))["cluster_id"]
        told.setdefault("cpu of clustering", time.process_time() - begin)
        told[f"cluster F1 at {threshold}"] = of_clusters(named.cast(pl.Int64).to_numpy(), person)
    return told


def _for_splink(frame: pl.DataFrame) -> Any:
    """Words and sounds as we prepare them for ourselves, one column each; what is missing is null."""
    records = prepare(frame.drop("person", "institution"))
    texts = np.array(records.words.texts, dtype=object)
    sounds = records.words.sound_numbers()
    columns: dict[str, Any] = {"id": frame["id"]}
    for short, part in zip(("g1", "g2", "s1", "s2", "m"), NAME_PARTS, strict=True):
        columns[f"{short}_text"] = texts[records.names[part]].tolist()
        columns[short] = sounds[records.names[part]]
    for name in ("document", "municipality", "phone", "sex", "document_kind"):
        columns[name] = texts[records.texts[name]].tolist()
    columns["mother"] = sounds[records.texts["mother"]]
    columns["mother_text"] = texts[records.texts["mother"]].tolist()
    columns["birth"] = frame["birth"]
    columns["year"], columns["month"], columns["day"] = records.year, records.month, records.day
    made = pl.DataFrame(columns)
    empty = [
        pl.when(pl.col(name) != ("" if kind == pl.String else 0)).then(pl.col(name)).alias(name)
        for name, kind in made.schema.items()
        if name != "id"
    ]
    return made.with_columns(empty).to_arrow()


def _levels(null: str, *levels: tuple[str, str]) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = [{"sql_condition": null, "label_for_charts": "missing", "is_null_level": True}]
    told += [{"sql_condition": condition, "label_for_charts": label} for label, condition in levels]
    return [*told, {"sql_condition": "ELSE", "label_for_charts": "other"}]


def _same(name: str) -> tuple[str, str]:
    return "same", f"{name}_l = {name}_r"


LEVELS = {
    "surnames": _levels(
        "s1_l IS NULL OR s1_r IS NULL",
        ("both", "s1_l = s1_r AND s2_l = s2_r"),
        ("swapped", "s1_l = s2_r AND s2_l = s1_r"),
        ("first, other missing", "s1_l = s1_r AND (s2_l IS NULL OR s2_r IS NULL)"),
        ("first, other alike", "s1_l = s1_r AND jaro_winkler_similarity(s2_text_l, s2_text_r) >= 0.88"),
        ("second, first alike", "s2_l = s2_r AND jaro_winkler_similarity(s1_text_l, s1_text_r) >= 0.88"),
        ("one", "s1_l = s1_r OR s2_l = s2_r OR s1_l = s2_r OR s2_l = s1_r"),
        ("alike", "jaro_winkler_similarity(s1_text_l, s1_text_r) >= 0.88"),
    ),
    "given": _levels(
        "g1_l IS NULL OR g1_r IS NULL",
        ("both", "g1_l = g1_r AND (g2_l = g2_r OR (g2_l IS NULL AND g2_r IS NULL))"),
        ("crossed", "g1_l = g2_r AND g2_l = g1_r"),
        ("first, other missing", "g1_l = g1_r AND (g2_l IS NULL OR g2_r IS NULL)"),
        ("called by the second", "(g1_l = g2_r AND g2_l IS NULL) OR (g2_l = g1_r AND g2_r IS NULL)"),
        ("one", "g1_l = g1_r OR g2_l = g2_r"),
        ("alike", "jaro_winkler_similarity(g1_text_l, g1_text_r) >= 0.88"),
    ),
    "born": _levels(
        "year_l IS NULL OR year_r IS NULL",
        ("same", "birth_l = birth_r AND month_l IS NOT NULL AND NOT (month_l = 1 AND day_l = 1)"),
        ("swapped", "year_l = year_r AND month_l = day_r AND day_l = month_r"),
        (
            "partial",
            "year_l = year_r AND (month_l IS NULL OR month_r IS NULL OR (month_l = 1 AND day_l = 1) "
            "OR (month_r = 1 AND day_r = 1))",
        ),
        ("near", "year_l = year_r AND (month_l = month_r OR day_l = day_r)"),
        ("another year", "month_l = month_r AND day_l = day_r AND abs(year_l - year_r) IN (1, 10)"),
        ("year near", "abs(year_l - year_r) <= 2 AND (month_l IS NULL OR month_r IS NULL)"),
        ("year", "year_l = year_r"),
    ),
    "paper": _levels(
        "document_l IS NULL OR document_r IS NULL OR document_kind_l <> document_kind_r",
        _same("document"),
        ("near", "damerau_levenshtein(document_l, document_r) <= 1"),
    ),
    "sex": _levels("sex_l IS NULL OR sex_r IS NULL", _same("sex")),
    "mother": _levels("mother_l IS NULL OR mother_r IS NULL", _same("mother")),
    "place": _levels("municipality_l IS NULL OR municipality_r IS NULL", _same("municipality")),
    "telephone": _levels(
        "phone_l IS NULL OR phone_r IS NULL", _same("phone"), ("near", "damerau_levenshtein(phone_l, phone_r) <= 1")
    ),
}
BLOCKS = (
    ("document",), ("s1", "s2", "g1"), ("s1", "g1", "year"), ("s1", "g2", "year"), ("s2", "g1", "year"),
    ("birth", "g1"), ("birth", "s1"), ("s1", "s2", "year"), ("phone", "g1"), ("s1", "g1", "mother"),
    ("s1", "g1", "municipality"),
)  # fmt: skip


WHO = {"ours": ours, "tuned": tuned, "stock": stock, "with the truth": with_the_truth, "kept": kept}


def measured(who: str, path: Path) -> dict[str, float]:
    """What one of WHO tells, with processor seconds and peak megabytes of its own process."""
    script = [sys.executable, "-W", "ignore", __file__, who, str(path)]
    answer = subprocess.run(script, capture_output=True, text=True, check=True).stdout
    told: dict[str, float] = json.loads(answer.splitlines()[-1])
    return told


def main() -> None:
    """Print each size, ours beside the others, and what was asked for with whether it was met."""
    if "--febrl" not in sys.argv:
        for size in SIZES[:2] if "--small" in sys.argv else SIZES:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "register.parquet"
                register(size).write_parquet(path)
                of_size(size, path)
        print("\nwithout names: two files of 10 000, half of them in both")
        without_names()
    febrl()


def of_size(size: int, path: Path) -> None:
    """Measure and print one size. At the largest Splink's ready-made comparisons and the scorer are left out."""
    peers = ["tuned"] if size == ALL_OF_IT else ["tuned", "stock", "with the truth"]
    told = {who: measured(who, path) for who in ("ours", *peers, "kept")}
    mine, later = told["ours"], told.pop("kept")
    print(f"\n{size} records; {'':24}" + "".join(f"{who:>16}" for who in told))
    for name in mine:
        print(f"  {name:36}" + "".join(f"{of[name]:16.4f}" if name in of else " " * 16 for of in told.values()))
    for name, value in later.items():
        print(f"  kept: {name:36}{value:12.4g}")
    print("  what was asked for:")
    if size >= SIZES[1]:
        asked("blocking recall", mine["blocking recall"], least=0.975)
    if size == SIZES[1]:
        asked("pair F1", mine["pair F1"], least=0.970)
        for who in ("tuned", "stock"):
            best = told[who]["pair F1 at its best threshold"]
            asked(f"pair F1, above Splink's best, {who}", mine["pair F1"], least=best)
    lowest = min(mine[f"cluster F1 at {threshold}"] for threshold in THRESHOLDS)
    asked("cluster F1 at 0.5", mine["cluster F1 at 0.5"], least=0.970)
    asked("cluster F1 at every threshold", lowest, least=0.955)
    cpu, its = (each["cpu"] + each["cpu of clustering"] for each in (mine, told["tuned"]))
    asked("processor with clustering, ours to Splink's", cpu / its, most=0.7)
    asked("memory, ours to Splink's", mine["MB"] / told["tuned"]["MB"], most=1.0)
    asked("ms of processor of one more record, 95 of 100", later["ms of processor added, 95"], most=50)
    asked("one by one gives what the batch gives", later["clusters as one batch has them"], least=1)


def febrl() -> None:
    """FEBRL 1, 2 and 4, whose files lie beside the project; said when they do not."""
    folder = Path(__file__).resolve().parents[3] / "shared" / "data"
    if not folder.is_dir():
        print("\nFEBRL: not measured, for there is no folder of real data (../shared/data)")
        return
    print("\nFEBRL, F1 at 0.5")
    for number in NUMBERS:
        with tempfile.TemporaryDirectory() as place:
            asked(f"FEBRL {number}", f1_of(folder, Path(place), number), least=FEBRL[number])


def asked(what: str, value: float, *, least: float | None = None, most: float | None = None) -> None:
    """Print what was asked for, what is there, and whether it is met."""
    met = value >= least if least is not None else value <= (most or 0)
    bound = f"≥ {least:.4g}" if least is not None else f"≤ {most:.4g}"
    print(f"    {what:48}{value:10.4f}  target {bound:10}{'met' if met else 'MISSED'}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        result = WHO[sys.argv[1]](Path(sys.argv[2]))
        result["MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(result))
    else:
        main()
