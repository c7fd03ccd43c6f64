"""Charts are honest drawings: what is not a number is never drawn as one, and lengths say what the figures say."""

import re
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from torogoz.exchange.readers.boundaries import outlines, read_boundaries
from torogoz.exchange.writers.charts import png as png_module
from torogoz.exchange.writers.charts.bar import Bar, BarChart, bar, bar_table
from torogoz.exchange.writers.charts.department_map import (
    TEALS,
    TILES,
    DepartmentMap,
    breaks,
    department_map,
    department_table,
    step_of,
)
from torogoz.exchange.writers.charts.figure import COLOURS, MARGIN, TEXT_LETTER, WIDTH, ChartUnclear, Figure, legend
from torogoz.exchange.writers.charts.flow_diagram import Flow, FlowDiagram, flow_diagram, flow_table
from torogoz.exchange.writers.charts.line import LineChart, line, line_table
from torogoz.exchange.writers.charts.numbers import THIN_SPACE, written
from torogoz.exchange.writers.charts.outlines import area, centre, fitted, place_for, projected
from torogoz.exchange.writers.charts.plane import Series
from torogoz.exchange.writers.charts.png import NoFont, png
from torogoz.exchange.writers.charts.pyramid import Band, Pyramid, pyramid, pyramid_table
from torogoz.exchange.writers.charts.scale import digits, steps, year_of
from torogoz.exchange.writers.charts.small_multiples import SmallMultiples, small_multiples, small_multiples_table
from torogoz.exchange.writers.charts.table import (
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    SUPPRESSED,
    Cell,
    Row,
    State,
    Table,
    cell,
)

SVG = "{http://www.w3.org/2000/svg}"
FIGURE = Figure(
    "f1", "Figura 1. Personas <retornadas> & más", "Una descripción", "personas", "Fuente propia", "2026-10-15"
)


def marks(drawing: str, tag: str) -> dict[str, ET.Element]:
    """The drawn elements of a kind that carry words, by their words."""
    found = {}
    for element in ET.fromstring(drawing).iter(f"{SVG}{tag}"):
        title = element.find(f"{SVG}title")
        if title is not None and title.text:
            found[title.text] = element
    return found


def number(element: ET.Element, name: str) -> float:
    return float(element.attrib[name])


def one_line(cells: list[Cell], periods: list[str] | None = None) -> str:
    return line(LineChart(FIGURE, periods or [str(2000 + i) for i in range(len(cells))], [Series("Todas", cells)]))


def series_paths(drawing: str) -> list[ET.Element]:
    return [
        e
        for e in ET.fromstring(drawing).iter(f"{SVG}path")
        if e.get("stroke") == COLOURS[0] and e.get("fill") == "none"
    ]


ALL = [
    one_line([Cell(1), Cell(3), SUPPRESSED]),
    bar(BarChart(FIGURE, ["Personas"], [Bar("Una", [Cell(5)]), Bar("Otra", [SUPPRESSED])])),
    pyramid(Pyramid(FIGURE, [Band("0–4", Cell(5), SUPPRESSED)])),
    department_map(DepartmentMap(FIGURE, {"SV-SS": Cell(5)}, {"SV-SS": "San Salvador"})),
    small_multiples(SmallMultiples(FIGURE, ["2019", "2020"], [Series("Una", [Cell(1), SUPPRESSED])])),
    flow_diagram(FlowDiagram(FIGURE, [Flow("A", "B", Cell(5)), Flow("A", "C", SUPPRESSED)], "Origen", "Destino")),
]


@pytest.mark.parametrize("drawing", ALL, ids=["line", "bar", "pyramid", "map", "panels", "diagram"])
def test_every_drawing_is_xml_with_its_title_description_unit_source_and_date(drawing: str) -> None:
    root = ET.fromstring(drawing)
    assert root.get("role") == "img"
    named = {element.get("id"): element.text for element in root}
    assert [named[key] for key in str(root.get("aria-labelledby")).split()] == [FIGURE.title, FIGURE.description]
    text = " ".join(element.text or "" for element in root.iter(f"{SVG}text"))
    for said in ("Figura 1.", "<retornadas>", "personas", "Fuente propia", "2026-10-15"):
        assert said in text
    assert "style=" not in drawing
    assert "<style" not in drawing


@pytest.mark.parametrize("drawing", ALL, ids=["line", "bar", "pyramid", "map", "panels", "diagram"])
def test_ids_are_of_the_figure_so_that_two_figures_share_a_page(drawing: str) -> None:
    assert all(name.startswith("f1-") for name in re.findall(r'id="([^"]+)"', drawing))


def test_a_line_never_crosses_a_cell_without_number() -> None:
    drawing = one_line([Cell(1), Cell(2), NOT_AVAILABLE, Cell(3), Cell(4)])
    joined = "".join(path.attrib["d"] for path in series_paths(drawing))
    assert (joined.count("M"), joined.count("L")) == (2, 2)


def test_a_year_without_number_is_a_gap_even_where_years_are_far_apart() -> None:
    drawing = one_line([Cell(1), Cell(2), NOT_AVAILABLE, Cell(3)], ["1990", "2000", "2001", "2010"])
    joined = "".join(path.attrib["d"] for path in series_paths(drawing))
    assert (joined.count("M"), joined.count("L")) == (1, 1)


def test_a_line_never_crosses_months_that_are_not_there() -> None:
    periods = ["2020-01", "2020-02", "2020-03", "2020-08", "2020-09"]
    paths = series_paths(one_line([Cell(1)] * 5, periods))
    assert sum(path.attrib["d"].count("M") for path in paths) == 2


def test_unequal_years_keep_their_distance_in_time() -> None:
    found = marks(one_line([Cell(1), Cell(1), Cell(1)], ["2010", "2020", "2024"]), "circle")
    a, b, c = (number(mark, "cx") for mark in found.values())
    assert (c - b) / (b - a) == pytest.approx(0.4, abs=0.01)


def test_a_provisional_part_is_dashed_and_the_rest_is_not() -> None:
    paths = series_paths(one_line([Cell(1), Cell(2), Cell(3, State.PROVISIONAL)]))
    assert sorted(path.get("stroke-dasharray") is not None for path in paths) == [False, True]


def test_an_interval_is_drawn_from_its_low_to_its_high() -> None:
    drawing = one_line([Cell(50, low=0, high=100), Cell(50, low=0, high=100)])
    (band,) = [e for e in ET.fromstring(drawing).iter(f"{SVG}path") if e.get("fill-opacity") == ".2"]
    heights = [float(pair.split(" ")[1]) for pair in band.attrib["d"].strip("MZ").split("L")]
    middle = number(next(iter(marks(drawing, "circle").values())), "cy")
    assert (max(heights) + min(heights)) / 2 == pytest.approx(middle, abs=0.1)


def test_a_protected_point_is_a_hatched_sign_below_the_axis_and_zero_is_a_point_on_it() -> None:
    drawing = one_line([Cell(10), Cell(0), SUPPRESSED])
    zero = marks(drawing, "circle")["2001: 0 personas"]
    sign = marks(drawing, "rect")["2002: dato protegido"]
    assert sign.get("fill") == "url(#f1-s)"
    assert number(sign, "y") > number(zero, "cy")
    assert "dato protegido" not in "".join(marks(drawing, "circle"))


def test_series_are_told_apart_without_colour() -> None:
    many = [Series(str(i), [Cell(i + 1), Cell(i)]) for i in range(6)]
    drawing = line(LineChart(FIGURE, ["2001", "2002"], many))
    shapes = set()
    for tag in ("circle", "rect", "path"):
        for words, element in marks(drawing, tag).items():
            shapes.add((words.split(",")[0], tag, element.get("fill") == "#FFFFFF"))
    assert len(shapes) == 6
    assert len({shape[1:] for shape in shapes}) == 6


def test_more_than_six_series_are_refused() -> None:
    with pytest.raises(ChartUnclear):
        LineChart(FIGURE, ["2001"], [Series(str(i), [Cell(1)]) for i in range(7)])


@given(st.lists(st.integers(0, 10**7), min_size=2, max_size=6).filter(any))
@settings(max_examples=30)
def test_bars_are_as_long_as_their_figures(values: list[int]) -> None:
    drawing = bar(BarChart(FIGURE, ["Personas"], [Bar(f"b{i}", [Cell(v)]) for i, v in enumerate(values)]))
    widths = [number(element, "width") for element in marks(drawing, "rect").values()]
    longest = max(widths)
    assert [w / longest for w in widths] == pytest.approx([v / max(values) for v in values], abs=0.001)


def test_a_protected_bar_says_so_and_has_no_length_of_its_own() -> None:
    drawing = bar(
        BarChart(FIGURE, ["Personas"], [Bar("a", [SUPPRESSED]), Bar("b", [NOT_AVAILABLE]), Bar("c", [Cell(9)])])
    )
    found = marks(drawing, "rect")
    assert found["a: dato protegido"].get("fill") == "url(#f1-s)"
    assert found["b: no disponible"].get("fill") == "url(#f1-m)"
    assert found["a: dato protegido"].get("width") == found["b: no disponible"].get("width")


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=18))
@settings(max_examples=30)
def test_a_pyramid_has_one_scale_for_both_sides(counts: list[tuple[int, int]]) -> None:
    bands = [Band(f"b{i}", Cell(men), Cell(women)) for i, (men, women) in enumerate(counts)]
    found = marks(pyramid(Pyramid(FIGURE, bands)), "rect")
    widest, largest = max(number(element, "width") for element in found.values()), max(max(pair) for pair in counts)
    for i, pair in enumerate(counts):
        for sex, value in zip(("Hombres", "Mujeres"), pair, strict=True):
            element = found[f"{sex}, b{i}: {written(value, 'es')} personas"]
            width = number(element, "width")
            # Widths are written to a tenth of a unit.
            assert width == pytest.approx(widest * value / max(largest, 1), abs=0.11)
            edge = number(element, "x") + (width if sex == "Hombres" else 0)
            assert edge == pytest.approx(276 if sex == "Hombres" else 364, abs=0.11)


def test_the_axis_of_a_pyramid_is_symmetric() -> None:
    drawing = pyramid(Pyramid(FIGURE, [Band("0–4", Cell(900), Cell(10))]))
    lines = [float(x) for x in re.findall(r'<path d="M([\d.]+) [\d.]+V[\d.]+" stroke="#', drawing) if float(x)]
    assert len(lines) >= 4
    assert sorted(lines) == pytest.approx(sorted(640 - x for x in lines), abs=0.11)


def test_women_have_the_colour_that_the_first_line_and_the_first_bar_have() -> None:
    drawing = pyramid(Pyramid(FIGURE, [Band("0–4", Cell(5), Cell(6))]))
    fills = {element.get("fill") for name, element in marks(drawing, "rect").items() if name.startswith("Mujeres")}
    assert fills == {COLOURS[0]}


def test_those_of_unknown_age_are_noted_and_not_drawn() -> None:
    drawing = pyramid(Pyramid(FIGURE, [Band("0–4", Cell(5), Cell(6))], unknown=Cell(23)))
    assert "desconocidos: 23 personas" in drawing
    assert len(marks(drawing, "rect")) == 2


def test_a_pyramid_takes_less_than_a_millisecond() -> None:
    chart = Pyramid(FIGURE, [Band(f"{i}", Cell(i * 10), Cell(i * 7)) for i in range(18)])
    assert min(_time(chart) for _ in range(5)) < 0.001


def _time(chart: Pyramid) -> float:
    """Seconds of the processor that one drawing takes; what else the machine does is not counted."""
    start = time.process_time()
    for _ in range(20):
        pyramid(chart)
    return (time.process_time() - start) / 20


def test_the_squares_are_the_14_departments_each_in_a_place_of_its_own() -> None:
    assert len(TILES) == len(set(TILES.values())) == 14
    for west, east in (("AH", "SA"), ("SO", "LI"), ("SS", "CU"), ("SV", "SM"), ("SM", "UN"), ("US", "UN")):
        assert TILES[f"SV-{west}"][0] < TILES[f"SV-{east}"][0]
    for north, south in (("SA", "SO"), ("CH", "SS"), ("CA", "SV"), ("MO", "SM"), ("CU", "PA"), ("SV", "US")):
        assert TILES[f"SV-{north}"][1] < TILES[f"SV-{south}"][1]


def test_zero_is_white_protected_is_hatched_and_absent_is_dotted_on_a_map() -> None:
    drawing = department_map(DepartmentMap(FIGURE, {"SV-SS": Cell(0), "SV-LI": SUPPRESSED, "SV-UN": Cell(7)}, {}))
    found = marks(drawing, "rect")
    assert found["SV-SS: 0 personas"].get("fill") == "#FFFFFF"
    assert found["SV-LI: dato protegido"].get("fill") == "url(#f1-s)"
    assert found["SV-AH: no disponible"].get("fill") == "url(#f1-m)"
    assert found["SV-UN: 7 personas"].get("fill") in TEALS


def test_the_breaks_of_a_map_are_printed_and_darker_is_more() -> None:
    cells = {code: Cell(10 * (i + 1)) for i, code in enumerate(sorted(TILES))}
    drawing = department_map(DepartmentMap(FIGURE, cells, {}))
    assert "10–30" in drawing
    fills = [TEALS.index(str(e.get("fill"))) for _, e in sorted(marks(drawing, "rect").items())]
    assert fills == sorted(fills)
    assert set(fills) == set(range(5))


@given(st.lists(st.floats(0.1, 1e7), min_size=1, max_size=14))
@settings(max_examples=40)
def test_steps_of_a_map_never_put_a_larger_value_in_a_lighter_step(values: list[float]) -> None:
    ends = breaks(values)
    assert ends == sorted(set(ends))
    chosen = [step_of(value, ends) for value in sorted(values)]
    assert chosen == sorted(chosen)
    assert all(0 <= step < 5 for step in chosen)


@given(
    st.lists(st.floats(0.01, 5000), min_size=14, max_size=14),
    st.integers(0, 2),
    st.none() | st.lists(st.floats(0.5, 100), max_size=4, unique_by=lambda end: round(end)),
)
@example([30.649, 36.2, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 40, 41], 1, [10.0, 30.6, 36.2])
@settings(max_examples=60, deadline=None)
def test_a_place_has_the_shade_whose_printed_limits_hold_its_printed_figure(
    values: list[float], decimals: int, ends: list[float] | None
) -> None:
    """What a reader checks: the figure below the map against the limits in the legend."""
    figure = replace(FIGURE, decimals=decimals, unit="u")
    codes = sorted(TILES)
    chart = DepartmentMap(
        figure, dict(zip(codes, map(Cell, values), strict=True)), {}, breaks=sorted(ends or ()) or None
    )
    drawing = department_map(chart)
    for code, value in zip(codes, values, strict=True):
        fill = str(marks(drawing, "rect")[f"{code}: {written(value, 'es', decimals)} u"].get("fill"))
        limits = re.search(rf'height="14" fill="{fill}"[^>]*/><text[^>]*>([^<]+)</text>', drawing)
        assert limits is not None
        low, _, high = limits[1].replace(THIN_SPACE, "").partition("–")
        assert float(low) <= float(written(value, "en", decimals).replace(",", "")) <= float(high or low)


def test_outlines_keep_shape_and_shared_borders() -> None:
    west = [(-90.0, 13.0), (-89.0, 13.0), (-89.0, 14.0), (-90.0, 14.0)]
    east = [(-89.0, 13.0), (-88.0, 13.0), (-88.0, 14.0), (-89.0, 14.0)]
    shapes, height = fitted({"SV-AH": [west], "SV-UN": [east]}, 600)
    assert len(set(shapes["SV-AH"][0]) & set(shapes["SV-UN"][0])) == 2
    # A degree of longitude at 13.5 north is 0.97 of a degree of latitude.
    assert height / 600 == pytest.approx(1 / (2 * 0.972), abs=0.01)
    chart = DepartmentMap(FIGURE, {"SV-AH": Cell(4), "SV-UN": SUPPRESSED}, {}, {"SV-AH": [west], "SV-UN": [east]})
    assert marks(department_map(chart), "path")["SV-UN: dato protegido"].get("fill") == "url(#f1-s)"


def square(west: float, south: float, size: float = 0.2) -> list[tuple[float, float]]:
    """A made-up department."""
    return [(west, south), (west + size, south), (west + size, south + size), (west, south + size)]


def squares() -> dict[str, list[list[tuple[float, float]]]]:
    """Fourteen made-up departments in two rows."""
    return {code: [square(-90 + 0.25 * (i % 7), 13.2 + 0.25 * (i // 7))] for i, code in enumerate(sorted(TILES))}


def test_letters_over_hatching_have_a_white_edge_and_leave_the_pattern_in_sight() -> None:
    cells = {"SV-SS": SUPPRESSED, "SV-AH": Cell(4)}
    drawing = department_map(DepartmentMap(FIGURE, cells, {}, squares()))
    root = ET.fromstring(drawing)
    edged = {element.text for element in root.iter(f"{SVG}text") if element.get("paint-order") == "stroke"}
    assert "SS" in edged
    assert "AH" not in edged


def test_a_map_says_whose_outlines_it_draws_and_a_map_of_squares_says_nothing_of_them() -> None:
    drawn = department_map(DepartmentMap(FIGURE, {}, {}, squares(), drawn_by="Quien sea, CC BY 4.0"))
    root = ET.fromstring(drawn)
    said = [element.text or "" for element in root.iter(f"{SVG}text")]
    assert "Contornos (simplificados): Quien sea, CC BY 4.0" in said
    assert "Quien sea, CC BY 4.0" in str(root.findtext(f"{SVG}desc"))
    assert "Contornos" not in department_map(DepartmentMap(FIGURE, {}, {}, drawn_by="Quien sea, CC BY 4.0"))


def test_below_a_map_stands_what_its_letters_mean_with_the_figure_of_each() -> None:
    cells = {"SV-SS": Cell(1234), "SV-LI": SUPPRESSED}
    parts = list(ET.fromstring(department_map(DepartmentMap(FIGURE, cells, {"SV-SS": "San Salvador"}, squares()))))
    beside = {part.text: after for part, after in pairwise(parts) if part.tag == f"{SVG}text"}
    assert beside["SS San Salvador"].text == "1\u202f234"
    assert beside["LI SV-LI"].get("fill") == "url(#f1-s)"
    assert beside["AH SV-AH"].get("fill") == "url(#f1-m)"


def test_letters_lie_within_a_place_whose_centre_of_gravity_does_not() -> None:
    horseshoe = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (70.0, 100.0), (70.0, 30.0), (30.0, 30.0), (30.0, 100.0)]
    horseshoe.append((0.0, 100.0))
    x, y = place_for(horseshoe, 20, 10)
    assert 10 <= x <= 90
    assert 5 <= y <= 25 or not 20 < x < 80
    assert place_for(square(0, 0, 100), 20, 10) == pytest.approx(centre(square(0, 0, 100)))
    narrow = [(0.0, 0.0), (5.0, 0.0), (5.0, 100.0), (0.0, 100.0)]
    assert place_for(narrow, 20, 10) == pytest.approx((2.5, 50))


def test_the_letters_of_the_real_departments_lie_within_them_and_apart(shared_data: Path) -> None:
    rings = outlines(read_boundaries(shared_data / "11_boundaries" / "slv_departments_geoboundaries.geojson"))
    shapes, _ = fitted(rings, 616)
    wide, high = 34, 22  # two letters on a phone
    placed = {code: place_for(max(each, key=lambda ring: abs(area(ring))), wide, high) for code, each in shapes.items()}
    for code, (x, y) in placed.items():
        for other, (x2, y2) in placed.items():
            assert code == other or abs(x - x2) > wide or abs(y - y2) > high, (code, other)


def test_the_middle_meridian_is_straight_and_east_is_to_the_right() -> None:
    assert projected(-89, 13.5, -89)[0] == 0
    assert projected(-88, 13.5, -89)[0] > 0


def test_tables_say_what_the_charts_draw() -> None:
    lines = line_table(LineChart(FIGURE, ["2001"], [Series("a", [Cell(5, low=4, high=6)])]))
    assert lines.head == ["Período", "a", "a, mínimo", "a, máximo"]
    assert [one.value for one in lines.rows[0].cells] == [5, 4, 6]
    bars = bar_table(BarChart(FIGURE, ["Personas"], [Bar("x", [SUPPRESSED])]))
    assert bars.rows[0].cells[0].state is State.SUPPRESSED
    ages = pyramid_table(Pyramid(FIGURE, [Band("0–4", Cell(1), Cell(2))]))
    assert [row.name for row in ages.rows] == ["0–4"]
    places = department_table(DepartmentMap(FIGURE, {"SV-SS": Cell(3)}, {}))
    assert [row.cells[0].state for row in places.rows].count(State.NOT_AVAILABLE) == 13


@pytest.mark.parametrize(
    ("observation", "state"),
    [
        ((0.0, "A", "F"), State.KNOWN),
        ((4.0, "P", "F"), State.PROVISIONAL),
        ((3.0, "A", "C"), State.SUPPRESSED),
        ((None, "A", "D"), State.SUPPRESSED),
        ((None, "M", "F"), State.NOT_AVAILABLE),
        ((float("nan"), "A", "F"), State.NOT_AVAILABLE),
        ((None, "Z", "F"), State.NOT_APPLICABLE),
    ],
)
def test_a_published_observation_has_one_state(observation: tuple[float | None, str, str], state: State) -> None:
    made = cell(*observation)
    assert made.state is state
    assert (made.value is None) == (state not in (State.KNOWN, State.PROVISIONAL))


def test_a_protected_cell_cannot_carry_its_number() -> None:
    with pytest.raises(ValueError, match="suppressed"):
        Cell(3, State.SUPPRESSED)
    with pytest.raises(ValueError, match="known"):
        Cell(None)


def test_a_row_has_a_cell_for_each_column() -> None:
    with pytest.raises(ValueError, match="2 cells"):
        Table("t", ["Lugar", "a"], [Row("x", [Cell(1), Cell(2)])])


@pytest.mark.parametrize(
    ("value", "language", "decimals", "text"),
    [
        (1410659, "es", 0, "1\u202f410\u202f659"),
        (1410659, "en", 0, "1,410,659"),
        (2.855, "es", 3, "2.855"),
        (2.675, "es", 2, "2.68"),
        (-0.4, "es", 0, "0"),
        (-1234.5, "en", 1, "−1,234.5"),
        (0, "es", 0, "0"),
    ],
)
def test_numbers_are_written_by_language(value: float, language: str, decimals: int, text: str) -> None:
    assert written(value, language, decimals) == text


@given(st.floats(1e-3, 1e12))
@settings(max_examples=50)
def test_an_axis_begins_at_zero_reaches_the_largest_value_and_has_few_even_marks(top: float) -> None:
    found = steps(top)
    assert found[0] == 0
    assert found[-1] >= top * (1 - 1e-9)
    assert 2 <= len(found) <= 6


@pytest.mark.parametrize(("marks_of_axis", "decimals"), [([0, 2, 4], 0), ([0, 0.5, 1], 1), ([0, 0.25], 2)])
def test_an_axis_writes_only_the_decimals_it_needs(marks_of_axis: list[float], decimals: int) -> None:
    assert digits(marks_of_axis) == decimals


def test_periods_are_read_as_moments() -> None:
    assert [year_of(period) for period in ("2020", "2020-Q3", "2020-07")] == [2020, 2020.5, 2020.5]
    with pytest.raises(ValueError, match="July"):
        year_of("July")


def test_the_last_year_is_not_cut_at_the_edge_of_the_sheet() -> None:
    root = ET.fromstring(one_line([Cell(1), Cell(2), Cell(3)]))
    [last] = [element for element in root.iter(f"{SVG}text") if element.text == "2002"]
    half_on_a_phone = len("2002") * 14 / 2
    assert number(last, "x") + half_on_a_phone <= 640


def test_series_that_are_zero_in_every_period_are_named_below_and_not_drawn() -> None:
    given = [Series("Mujeres", [Cell(3), Cell(0)]), Series("Otro", [Cell(0), Cell(0)])]
    chart = LineChart(FIGURE, ["2001", "2002"], given)
    root = ET.fromstring(line(chart))
    said = [element.text or "" for element in root.iter(f"{SVG}text")]
    note = "Sin dibujar, por ser cero en todos los períodos: Otro"
    assert "Mujeres" in said
    assert "Otro" not in said
    assert note in said
    assert str(root.findtext(f"{SVG}desc")) == f"{FIGURE.description} {note}."
    assert not any("Otro" in words for words in marks(line(chart), "rect"))
    assert line_table(chart).head == ["Período", "Mujeres", "Otro"]


@pytest.mark.parametrize("last", [SUPPRESSED, NOT_AVAILABLE, Cell(0, low=0, high=2)])
def test_a_series_that_may_hold_somebody_is_drawn(last: Cell) -> None:
    chart = LineChart(FIGURE, ["2001", "2002"], [Series("A", [Cell(3), Cell(1)]), Series("B", [Cell(0), last])])
    assert "Sin dibujar" not in line(chart)
    zeros = LineChart(FIGURE, ["2001"], [Series("A", [Cell(0)]), Series("B", [Cell(0)])])
    assert "Sin dibujar" not in line(zeros)


def test_the_real_outlines_of_the_14_departments_weigh_little(shared_data: Path) -> None:
    rings = outlines(read_boundaries(shared_data / "11_boundaries" / "slv_departments_geoboundaries.geojson"))
    drawing = department_map(DepartmentMap(FIGURE, {code: Cell(1) for code in TILES}, {}, rings))
    assert len(marks(drawing, "path")) == 14
    assert len(drawing.encode()) <= 35_000


def panels(*series: list[Cell], own_scale: bool = False) -> str:
    periods = [str(2000 + i) for i in range(len(series[0]))]
    named = [Series(f"País {i}", cells) for i, cells in enumerate(series)]
    return small_multiples(SmallMultiples(FIGURE, periods, named, own_scale))


def heights(drawing: str) -> list[float]:
    """How high above the lowest point of its own line each line of a drawing rises."""
    found = []
    for path in series_paths(drawing):
        ys = [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", path.attrib["d"])]
        found.append(max(ys) - min(ys))
    return found


def test_panels_share_one_scale_unless_each_says_that_it_has_its_own() -> None:
    series = ([Cell(0), Cell(100)], [Cell(0), Cell(10)])
    one, own = heights(panels(*series)), heights(panels(*series, own_scale=True))
    assert one[0] == pytest.approx(10 * one[1], abs=1)
    assert own[0] == pytest.approx(own[1], abs=0.2)
    assert "La misma escala en todos los cuadros" in panels(*series)
    assert "Cada cuadro tiene su propia escala" in panels(*series, own_scale=True)


def test_a_panel_breaks_its_line_at_a_gap_and_marks_what_is_protected() -> None:
    drawing = panels([Cell(1), Cell(2), SUPPRESSED, Cell(3), Cell(4)])
    assert len(series_paths(drawing)) == 2
    assert "País 0, 2002: dato protegido" in marks(drawing, "rect")


def test_the_table_of_panels_says_every_figure() -> None:
    chart = SmallMultiples(FIGURE, ["2019", "2020"], [Series("Una", [Cell(1), Cell(2)]), Series("Otra", [Cell(3)] * 2)])
    table = small_multiples_table(chart)
    assert table.head == ["Período", "Una", "Otra"]
    assert [[each.value for each in row.cells] for row in table.rows] == [[1, 3], [2, 3]]


@pytest.mark.parametrize(
    ("periods", "series"),
    [
        (["2020", "2019"], [Series("Una", [Cell(1), Cell(2)])]),
        (["2019"], [Series("Una", [Cell(1), Cell(2)])]),
        (["2019"], [Series("Una", [Cell(-1)])]),
        (["2019"], []),
    ],
)
def test_panels_that_would_mislead_are_refused(periods: list[str], series: list[Series]) -> None:
    with pytest.raises(ChartUnclear):
        SmallMultiples(FIGURE, periods, series)


def band_widths(drawing: str) -> dict[str, float]:
    """How wide each band of a flow diagram is where it leaves, by its words."""
    found = {}
    for words, path in marks(drawing, "path").items():
        begins, back = re.match(r"M[\d.]+ ([\d.]+)C", path.attrib["d"]), re.search(r" ([\d.]+)Z$", path.attrib["d"])
        assert begins
        assert back
        found[words.split(":")[0]] = float(back[1]) - float(begins[1])
    return found


FLOWS = [Flow("A", "B", Cell(300)), Flow("A", "C", Cell(100)), Flow("D", "B", Cell(200)), Flow("D", "C", SUPPRESSED)]


def test_bands_are_as_wide_as_the_people_are_many_and_places_as_high_as_their_bands() -> None:
    drawing = flow_diagram(FlowDiagram(FIGURE, FLOWS, "Origen", "Destino"))
    wide = band_widths(drawing)
    assert wide["A → B"] == pytest.approx(3 * wide["A → C"], abs=0.3)
    assert wide["D → B"] == pytest.approx(2 * wide["A → C"], abs=0.3)
    place = next(box for words, box in marks(drawing, "rect").items() if words.startswith("A: 400"))
    assert number(place, "height") == pytest.approx(wide["A → B"] + wide["A → C"], abs=0.3)


def test_a_protected_flow_has_no_band_and_is_said_below() -> None:
    drawing = flow_diagram(FlowDiagram(FIGURE, FLOWS, "Origen", "Destino"))
    assert "D → C" not in band_widths(drawing)
    assert any(text.text == "D → C: dato protegido" for text in ET.fromstring(drawing).iter(f"{SVG}text"))


def test_the_table_of_a_diagram_has_every_pair_and_none_that_was_not_given() -> None:
    table = flow_table(FlowDiagram(FIGURE, FLOWS[:3], "Origen", "Destino"))
    assert [[each.value for each in row.cells] for row in table.rows] == [[300, 100], [200, None]]
    assert table.rows[1].cells[1] == NOT_APPLICABLE


@pytest.mark.parametrize(
    "flows",
    [
        [],
        [Flow("A", "B", Cell(1)), Flow("A", "B", Cell(2))],
        [Flow("A", "B", Cell(-1))],
        [Flow(str(i), "B", Cell(1)) for i in range(16)],
    ],
    ids=["nothing", "twice", "negative", "too many places"],
)
def test_a_diagram_that_would_mislead_is_refused(flows: list[Flow]) -> None:
    with pytest.raises(ChartUnclear):
        FlowDiagram(FIGURE, flows, "Origen", "Destino")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 10**7), min_size=3, max_size=3), min_size=1, max_size=6))
def test_no_band_leaves_the_sheet(counts: list[list[int]]) -> None:
    flows = [Flow(f"O{i}", f"D{j}", Cell(value)) for i, row in enumerate(counts) for j, value in enumerate(row)]
    root = ET.fromstring(flow_diagram(FlowDiagram(FIGURE, flows, "Origen", "Destino")))
    bottom = float(root.attrib["height"])
    for path in root.iter(f"{SVG}path"):
        assert all(0 <= float(y) <= bottom for y in re.findall(r"[\d.]+ ([\d.]+)", path.attrib["d"]))


def test_a_picture_is_a_png_of_the_size_asked_for_with_its_words_in_it() -> None:
    if png_module._family() is None:
        with pytest.raises(NoFont, match="no font is installed"):
            png(ALL[0], 1)
        return
    picture, without = png(ALL[0], 1), png(re.sub(r"<text.*?</text>", "", ALL[0]), 1)
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(picture[16:20], "big") == 640
    assert int.from_bytes(png(ALL[0], 3)[16:20], "big") == 1920
    assert picture != without
    with pytest.raises(ChartUnclear):
        png(ALL[0], 9)


def test_without_a_font_no_picture_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png_module, "_family", lambda: None)
    with pytest.raises(NoFont, match="DejaVu Sans"):
        png(ALL[0])


@given(
    st.lists(
        st.lists(st.text("abcde", min_size=1, max_size=14), min_size=1, max_size=30).map(" ".join),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=40, deadline=None)
def test_a_legend_keeps_every_word_within_the_frame_at_the_size_of_a_phone(names: list[str]) -> None:
    parts, bottom = legend([("#0A7A7A", name) for name in names], 0)
    lines = [ET.fromstring(part) for part in parts if part.startswith("<text")]
    boxes = sorted(
        (float(each.get("y", 0)), float(each.get("x", 0)), len(each.text or "") * TEXT_LETTER) for each in lines
    )
    assert all(x + width <= WIDTH - MARGIN + 1 for _, x, width in boxes)
    assert all(one[0] != other[0] or one[1] + one[2] <= other[1] + 0.1 for one, other in pairwise(boxes))
    assert bottom > max(y for y, _, _ in boxes)
