"""How long a pyramid takes to draw as SVG, against Altair with vl-convert drawing the same one.

    python tests/load/bench_charts.py

Both draw 18 age groups of two sexes with a title, from the same numbers, to a string of SVG.
"""

import statistics
import time
from collections.abc import Callable

import altair as alt
import pandas as pd
import vl_convert as vlc

from torogoz.exchange.writers.charts.figure import Figure
from torogoz.exchange.writers.charts.pyramid import Band, Pyramid, pyramid
from torogoz.exchange.writers.charts.table import Cell

RUNS, PEER_RUNS = 300, 7
BUDGET_MS = 1.0
BANDS = [*(f"{low}–{low + 4}" for low in range(0, 85, 5)), "85+"]
MEN = [int(9000 / (1 + i * 0.35)) + 37 * i for i in range(len(BANDS))]
WOMEN = [int(8700 / (1 + i * 0.31)) + 41 * i for i in range(len(BANDS))]
FIGURE = Figure("figure-1", "Figura 1. Personas por edad y sexo", "Pirámide", "personas", "Hecho para medir", "2026")


def with_torogoz() -> str:
    bands = [Band(name, Cell(men), Cell(women)) for name, men, women in zip(BANDS, MEN, WOMEN, strict=True)]
    return pyramid(Pyramid(FIGURE, bands))


def with_altair() -> str:
    table = pd.DataFrame(
        {
            "band": BANDS * 2,
            "sex": ["Hombres"] * len(BANDS) + ["Mujeres"] * len(BANDS),
            "people": [*(-each for each in MEN), *WOMEN],
        }
    )
    chart = (
        alt.Chart(table, title="Figura 1. Personas por edad y sexo")
        .mark_bar()
        .encode(x="people:Q", y=alt.Y("band:N", sort=BANDS[::-1]), color="sex:N")
    )
    return str(vlc.vegalite_to_svg(chart.to_dict()))


def medians(runs: int, *works: Callable[[], str]) -> list[tuple[float, float]]:
    """Median wall and processor milliseconds of each, taken in turn."""
    taken: list[list[tuple[float, float]]] = [[] for _ in works]
    for _ in range(runs):
        for place, work in enumerate(works):
            wall, cpu = time.perf_counter(), time.process_time()
            work()
            taken[place].append(((time.perf_counter() - wall) * 1e3, (time.process_time() - cpu) * 1e3))
    return [(statistics.median(w for w, _ in each), statistics.median(c for _, c in each)) for each in taken]


def main() -> None:
    assert with_torogoz().startswith("<svg")
    assert "<svg" in with_altair()
    (ours,) = medians(RUNS, with_torogoz)
    ((wall, cpu),) = medians(PEER_RUNS, with_altair)
    print(f"{'pyramid, 18 groups':22} {'wall ms':>10} {'cpu ms':>10}")
    print(f"{'torogoz':22} {ours[0]:10.3f} {ours[1]:10.3f}   budget {BUDGET_MS:g} ms")
    print(f"{'altair + vl-convert':22} {wall:10.3f} {cpu:10.3f}   {wall / ours[0]:.0f} times as long, once warm")


if __name__ == "__main__":
    main()
