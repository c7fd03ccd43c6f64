"""The page of a cross table: its lines, its controls, its drawings, in the reader's language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from django.utils.translation import gettext as _

from torogoz.exchange.writers.charts.table import Cell, State, cell
from torogoz.statistics.crosstables import AREA, ASKED, YEAR
from torogoz.statistics.disclosure.strict import BaseCube
from torogoz.statistics.tabulation import VALUE
from torogoz.topics.flows import publications, queries
from torogoz.topics.flows.crossing import CONTROLS, Answer, Asked, Cross, answered, reason_said
from torogoz.topics.flows.drawings import Drawing, Ground, map_drawing
from torogoz.topics.flows.grids import Grid, Key
from torogoz.topics.flows.pages import Namer
from torogoz.topics.flows.words import DIMENSIONS

MOST_LINES = 400
WHOLE_KEY = "_T"


@dataclass(frozen=True)
class Line:
    """One row of the table: its names, its cells with whether each has noise, and whether it is the total."""

    names: tuple[str, ...]
    cells: tuple[tuple[Cell, bool], ...]
    total: bool = False


@dataclass(frozen=True)
class CrossTable:
    """The table of a page; `cut` says how many rows are only in the CSV."""

    caption: str
    unit: str
    head: tuple[str, ...]
    across: tuple[str, ...]
    lines: tuple[Line, ...]
    cut: int
    legend: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Control:
    """One `<select>`: options are code, name and whether it is chosen."""

    name: str
    label: str
    options: tuple[tuple[str, str, bool], ...]
    error: str = ""


class CrossNamer(Namer):
    """The names of what may be crossed: the dimensions of RETURNS, and child or adult beside age."""

    def __init__(self, language: str) -> None:
        super().__init__(queries.flow_of_returns(), language)
        self.names = {**self.names, "AGE_GROUP": self.names.get("AGE", {}), YEAR: {}}
        own = {AREA: _("Departamento de destino"), YEAR: _("Año")}
        self.titles = {**self.titles, "AGE_GROUP": DIMENSIONS["AGE_GROUP"].said_in(language), **own}


def cross_table(question: Cross, cube: BaseCube, answer: Answer, namer: Namer) -> CrossTable:
    """The answer as rows and columns, with their totals: other questions to the same cube."""
    column = question.columns
    columns = answer.figures[column].unique(maintain_order=True).to_list() if column else []
    by_key = _cells(answer.figures, question.rows, column)
    keys = list(dict.fromkeys(key for key, _ in by_key))
    row_totals = _cells(answered(question.cut_by(*question.rows), cube).figures, question.rows, "") if column else {}
    last = answered(question.cut_by(*((column,) if column else ())), cube).figures
    last_cells = _cells(last, (), column)
    whole = _cells(answered(question.cut_by(), cube).figures, (), "")
    lines = [
        Line(
            tuple(namer.code(name, code) for name, code in zip(question.rows, key, strict=True)),
            (*(by_key[key, each] for each in columns or [""]), *((row_totals[key, ""],) if column else ())),
        )
        for key in keys
    ]
    if question.rows:
        cells = (*(last_cells[(), each] for each in columns or [""]), *((whole[(), ""],) if column else ()))
        lines.append(Line((_("Total"), *("" for _name in question.rows[1:])), cells, total=True))
    else:
        lines = [Line((_("Total"),), lines[0].cells if lines else (), total=True)]
    shown = lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], lines[-1]]
    every = [one for line in shown for one in line.cells]
    return CrossTable(
        caption_of(question, namer),
        queries.unit_of_returns(namer.language),
        tuple(namer.titles[name] for name in question.rows) or ("",),
        (*(namer.code(column, code) for code in columns), _("Total")) if column else (_("Cifra"),),
        tuple(shown),
        len(lines) - len(shown),
        tuple(_legend(every)),
    )


def _legend(cells: Sequence[tuple[Cell, bool]]) -> Iterator[tuple[str, str]]:
    """The signs that a table has, each with its meaning."""
    if any(noise for one, noise in cells if one.value is not None):
        yield "≈", _("con ruido añadido")
    if any(one.state is State.PROVISIONAL for one, _noise in cells):
        yield "p", _("dato provisional")
    if any(one.state is State.SUPPRESSED for one, _noise in cells):
        yield "s", _("dato protegido, o la tabla quedaría demasiado vacía")


def caption_of(question: Cross, namer: Namer) -> str:
    """What the table shows, in words."""
    by = " × ".join(namer.titles[name] for name in question.by) or _("Total")
    chosen = [
        f"{namer.titles[name]}: {', '.join(namer.code(name, code) for code in question.where[name])}"
        for name in ASKED
        if name in question.where
    ]
    return ". ".join([_("Personas retornadas por %(by)s") % {"by": by.lower()} if question.by else by, *chosen])


def controls(asked: Asked, cube: BaseCube, namer: Namer) -> list[Control]:
    """The form: three variables, then a choice of one code of each."""
    question = asked.question
    at = dict(zip(CONTROLS, (*question.rows[:2], *[""] * (2 - len(question.rows[:2])), question.columns), strict=True))
    labels = {"rows": _("Filas"), "within": _("Filas, dentro de las anteriores"), "columns": _("Columnas")}
    found = [
        Control(
            name,
            labels[name],
            (("", _("ninguna"), not at[name]), *((each, namer.titles[each], each == at[name]) for each in ASKED)),
            asked.problems.get(name, ""),
        )
        for name in CONTROLS
    ]
    for name in ASKED:
        chosen = ",".join(question.where.get(name, ()))
        codes = [(code, namer.code(name, code), code == chosen) for code in cube.views[name].codes]
        if name == YEAR:
            codes.reverse()
        if "," in chosen:
            said = ", ".join(namer.code(name, code) for code in question.where[name])
            codes.insert(0, (chosen, said, True))
        every = ("", _("el último año") if name == YEAR and YEAR not in question.by else _("todos"), not chosen)
        found.append(Control(name, namer.titles[name], (every, *codes), asked.problems.get(name, "")))
    return found


def refusals_said(answer: Answer, namer: Namer) -> list[str]:
    """The areas that are left out, those of one reason together."""
    whole = _("Toda la tabla")
    areas: dict[str, list[str]] = {}
    for area, refusal in answer.refused.items():
        areas.setdefault(reason_said(refusal), []).append(namer.code(AREA, area) if area else whole)
    return [f"{', '.join(sorted(names))}: {reason}." for reason, names in areas.items()]


def area_map(question: Cross, cube: BaseCube, namer: Namer, behind: publications.Provenance) -> Drawing | None:
    """The map of the same persons by department; None when the question is of some departments only."""
    if AREA in question.where:
        return None
    figures = answered(question.cut_by(AREA), cube).figures
    cells: Mapping[tuple[Key, str], Cell] = {
        ((row[AREA],), ""): cell(row[VALUE], row["OBS_STATUS"], row["CONF_STATUS"])
        for row in figures.iter_rows(named=True)
    }
    rows = tuple(key for key, _column in cells)
    grid = Grid((AREA,), rows, "", ("",), cells, frozenset(), {}, 0)
    source = _("Torogoz, personas inventadas") if behind.made_up else "Torogoz"
    noise = "Y" in figures["NOISE"]
    unit = queries.unit_of_returns(namer.language)
    ground = Ground(
        caption_of(question.cut_by(AREA), namer),
        _("%(unit)s, con ruido añadido") % {"unit": unit} if noise else unit,
        source,
        behind.released,
        namer.language,
        0,
    )
    outlines = queries.map_outlines(queries.flow_of_returns())
    if outlines is not None:
        ground = Ground(
            ground.title, ground.unit, source, behind.released, namer.language, 0, outlines.rings, outlines.drawn_by
        )
    return map_drawing(grid, ground, namer.code)


def exported(question: Cross, answer: Answer, made_up: str | None) -> pl.DataFrame:
    """The answer as it leaves the house: every variable asked for is a column, whether it is cut by or chosen."""
    fixed = [
        pl.lit("+".join(question.where[name])).alias(name)
        for name in ASKED
        if name in question.where and name not in question.by
    ]
    reasons = {area: reason_said(refusal) for area, refusal in answer.refused.items()}
    note = pl.lit(made_up, dtype=pl.String)
    if reasons and AREA in question.by:
        said = pl.col(AREA).replace_strict(reasons, default=None, return_dtype=pl.String)
        note = pl.concat_str([note, said], separator="; ", ignore_nulls=True).replace("", None)
    elif reasons:
        note = pl.lit("; ".join(filter(None, (made_up, *reasons.values()))))
    return answer.figures.select(
        pl.lit("RETURNS").alias("DATAFLOW"),
        *question.by,
        *fixed,
        VALUE,
        "OBS_STATUS",
        "CONF_STATUS",
        pl.lit(queries.unit_of_returns("en")).alias("UNIT_MEASURE"),
        "NOISE",
        note.alias("NOTE"),
    )


def _cells(figures: pl.DataFrame, rows: Sequence[str], column: str) -> dict[tuple[Key, str], tuple[Cell, bool]]:
    return {
        (tuple(line[name] for name in rows), line[column] if column else ""): (
            cell(line[VALUE], line["OBS_STATUS"], line["CONF_STATUS"]),
            line["NOISE"] == "Y",
        )
        for line in figures.iter_rows(named=True)
    }
