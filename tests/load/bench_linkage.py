"""Linkage of a made-up register with two surnames, side by side with Splink 5 on DuckDB in the same run.

Each measurement runs in a process of its own, so that processor time and peak memory are its own. Splink gets the same
prepared words and sounds, eight comparisons written for Salvadoran names and eleven blocking rules. `script/bench
linkage` runs it at 10 000, 100 000 and 1 000 000 records; `--small` at the first two.
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

from tests.load.made_up_register import register
from torogoz.statistics.linkage.encoded import encode, link_encoded
from torogoz.statistics.linkage.linking import link
from torogoz.statistics.linkage.model import shipped
from torogoz.statistics.linkage.new_store import create
from torogoz.statistics.linkage.records import NAME_PARTS, prepare
from torogoz.statistics.linkage.store import Store
from torogoz.statistics.linkage.weights import probability

SIZES = (10_000, 100_000, 1_000_000)
THRESHOLDS = (0.5, 0.7, 0.9, 0.95, 0.99)
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
    chosen = probability(linked.weight) >= 0.5
    same = person[linked.pairs[0]] == person[linked.pairs[1]]
    told = {
        "cpu": cpu,
        "pairs": float(len(same)),
        "blocking recall": float(same.sum()) / pairs_of(person),
        "pair F1": f1(int(chosen.sum()), int((same & chosen).sum()), pairs_of(person)),
    }
    for threshold in THRESHOLDS:
        begin = time.process_time()
        told[f"cluster F1 at {threshold}"] = of_clusters(linked.clusters(threshold), person)
        told.setdefault("cpu of clustering", time.process_time() - begin)
    return told


def kept(path: Path) -> dict[str, float]:
    """Milliseconds of one more record, and of one taken out, in a linkage that is kept: all but 200 are there before.

    Weights are those of 100 000 other made-up people. At the end all is there, and must be as one batch has it.
    """
    frame = pl.read_parquet(path).drop("person", "institution")
    chosen = np.random.default_rng(3).choice(frame.height, 200, replace=False)
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
            took = [_seconds(change, row) for row in rows]
            told |= {f"ms {what}, {part}": float(np.percentile(took, part)) * 1e3 for part in (50, 95, 100)}
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


def _seconds(change: Callable[[dict[str, str]], object], row: dict[str, str]) -> float:
    begin = time.perf_counter()
    change(row)
    return time.perf_counter() - begin


def splinks(path: Path) -> dict[str, float]:
    """The same of Splink, with its own clustering."""
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # noqa: PLC0415  # the peer is there for script/bench only
    from splink.comparison_library import CustomComparison  # noqa: PLC0415

    frame = pl.read_parquet(path)
    person = frame["person"].to_numpy()
    rows = _for_splink(frame)
    comparisons = [
        CustomComparison(output_column_name=name, comparison_levels=levels)  # type: ignore[arg-type]
        for name, levels in LEVELS.items()
    ]
    rules = [block_on(*columns) for columns in BLOCKS]
    api = DuckDBAPI()
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=comparisons,  # type: ignore[arg-type]
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
    best = {}
    for threshold in (0.3, 0.5, 0.8):
        chosen = likely >= threshold
        best[threshold] = f1(int(chosen.sum()), int((person[a] == person[b])[chosen].sum()), pairs_of(person))
    told = {"cpu": cpu, "pair F1": best[0.5], "pair F1 at its best threshold": max(best.values())}
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


def measured(who: str, path: Path) -> dict[str, float]:
    """What `ours`, `splinks` or `kept` tells, with processor seconds and peak megabytes of its own process."""
    script = [sys.executable, "-W", "ignore", __file__, who, str(path)]
    answer = subprocess.run(script, capture_output=True, text=True, check=True).stdout
    told: dict[str, float] = json.loads(answer.splitlines()[-1])
    return told


def main() -> None:
    """Print each size, ours beside Splink's, with ratios."""
    sizes = SIZES[:2] if "--small" in sys.argv else SIZES
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "register.parquet"
            register(size).write_parquet(path)
            mine, peer, later = (measured(who, path) for who in ("ours", "splinks", "kept"))
        print(f"\n{size} records; ours, then Splink 5")
        for name in mine:
            beside = f"{peer[name]:14.4f}" if name in peer else " " * 14
            print(f"  {name:24}{mine[name]:14.4f}{beside}")
        print(f"  processor, ours : Splink {mine['cpu'] / peer['cpu']:.2f}; memory {mine['MB'] / peer['MB']:.2f}; "
              f"its best pair F1 {peer['pair F1 at its best threshold']:.4f}")  # fmt: skip
        for name, value in later.items():
            print(f"  kept: {name:32}{value:12.4g}")
    print("\nwithout names: two files of 10 000, half of them in both")
    without_names()


if __name__ == "__main__":
    if len(sys.argv) == 3:
        result = {"ours": ours, "splinks": splinks, "kept": kept}[sys.argv[1]](Path(sys.argv[2]))
        result["MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(result))
    else:
        main()
