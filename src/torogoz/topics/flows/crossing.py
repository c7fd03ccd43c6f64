"""The cross table that a reader makes: what was asked, and its figures from the base cube of the newest release.

One question has one answer: page, CSV, JSON and map all take their numbers from `answered`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from urllib.parse import urlencode

import numpy as np
import polars as pl
from django.http import QueryDict
from django.utils.translation import gettext as _

from torogoz.shared.releases import queries as releases
from torogoz.shared.ui.public import of_nobody
from torogoz.statistics.crosstables import AREA, ASKED, SHOWN_BY, YEAR
from torogoz.statistics.disclosure.sparsity import Limits, Reason, Refusal, refusals
from torogoz.statistics.disclosure.strict import BaseCube
from torogoz.statistics.tabulation import VALUE
from torogoz.topics.flows.forms import no_such_parameter

LIMITS = Limits()
MOST_ROWS = 3
CONTROLS = ("rows", "within", "columns")
USUAL = (("REASON",), "SEX")
Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Cross:
    """One question. Two that ask the same have the same `query()`."""

    rows: tuple[str, ...]
    columns: str
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def by(self) -> tuple[str, ...]:
        """What the answer is cut by, the columns last."""
        return (*self.rows, *((self.columns,) if self.columns else ()))

    @property
    def views(self) -> frozenset[str]:
        """Everything that the question cuts by or chooses from, the year always."""
        return frozenset((*self.by, *self.where, YEAR))

    def query(self) -> str:
        """The question as the part of an address after `?`."""
        pairs = [("rows", ",".join(self.rows)), ("columns", self.columns)]
        pairs += [(name, ",".join(self.where[name])) for name in ASKED if name in self.where]
        return urlencode([(name, text) for name, text in pairs if text], safe=",")

    def cut_by(self, *by: str) -> "Cross":
        """The same persons, cut otherwise."""
        return replace(self, rows=by, columns="")


@dataclass(frozen=True)
class Asked:
    """The question that was understood, what was typed in each control, and what could not be understood."""

    question: Cross
    typed: Mapping[str, str]
    problems: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """The figures of a question.

    figures   `by` (str), OBS_VALUE (float, null when hidden or refused), OBS_STATUS (A, or P while a year is not over),
              CONF_STATUS (F shown, C hidden), NOISE (Y, or N where the release publishes the very figure)
    refused   the areas without a table, each with its reason; area "" is the whole table
    """

    figures: pl.DataFrame
    refused: Mapping[str, Refusal]


def read(data: QueryDict, cube: BaseCube, names: Names) -> Asked:
    """The question of an address; what is unclear keeps its words and gets a reason."""
    problems: dict[str, str] = {}
    typed = {name: ",".join(_words(data, name)) for name in (*CONTROLS, *ASKED)}
    for name in data:
        if name not in (*CONTROLS, *ASKED, "lang") and not of_nobody(name):
            problems[name] = no_such_parameter(name, (*CONTROLS, *ASKED))
    rows = _variables(data, ("rows", "within"), problems)
    columns = _variables(data, ("columns",), problems)
    if not any(name in data for name in (*CONTROLS, *ASKED)):
        rows, columns = USUAL[0], (USUAL[1],)
    if len(rows) > MOST_ROWS or len(columns) > 1:
        problems.setdefault("rows", _("Elija como mucho tres características en las filas y una en las columnas."))
    by = (*rows, *columns)
    variables = [cube.views[name].variable for name in by]
    if len(set(variables)) < len(variables):
        problems.setdefault("columns", _("Una característica no puede estar dos veces en la tabla."))
    where = {name: _codes(data, name, cube, names, problems) for name in ASKED}
    chosen = {name: codes for name, codes in where.items() if codes and len(codes) < len(cube.views[name].codes)}
    if YEAR not in by and not where[YEAR]:
        chosen[YEAR] = (cube.views[YEAR].codes[-1],)
    return Asked(Cross(rows, columns[0] if columns else "", chosen), typed, problems)


def answered(question: Cross, cube: BaseCube) -> Answer:
    """The answer of the cube, without the areas for which the table is too sparse.

    A question that a fixed table answers has that table's figures, which are exact. Raises UnclearQuestion.
    """
    found = cube.answer(question.by, question.where)
    exact = any(question.views == frozenset(each) for each in SHOWN_BY)
    refused = {} if exact else _refused(question, cube, found)
    spared = pl.lit("" in refused) if AREA not in question.by else pl.col(AREA).is_in(list(refused)) | ("" in refused)
    hidden = spared | (pl.col("CONF_STATUS") != "F")
    years = releases.open_years("RETURNS")
    is_open = pl.col(YEAR).is_in(years) if YEAR in question.by else pl.lit(bool(_years(question, cube) & set(years)))
    figures = found.select(
        *question.by,
        pl.when(~hidden).then(pl.col(VALUE)).alias(VALUE),
        pl.when(is_open).then(pl.lit("P")).otherwise(pl.lit("A")).alias("OBS_STATUS"),
        pl.when(hidden).then(pl.lit("C")).otherwise(pl.lit("F")).alias("CONF_STATUS"),
        pl.lit("N" if exact else "Y").alias("NOISE"),
    )
    return Answer(figures, refused)


def crosses_too_much(answer: Answer) -> bool:
    """Whether the question itself is refused, whoever is in the table: it crosses too many characteristics."""
    return any(refusal.reason is Reason.TOO_MANY_DIMENSIONS for refusal in answer.refused.values())


def reason_said(refusal: Refusal) -> str:
    """Why there is no table, in the reader's language."""
    said = {
        Reason.TOO_MANY_DIMENSIONS: _(
            "cruza %(found)s características; se cruzan como mucho %(limit)s, además del año y el departamento"
        ),
        Reason.FEW_PERSONS: _("son menos de %(limit)s personas para cruzarlas así"),
        Reason.FEW_PER_CELL: _("habría menos de %(limit)s persona por casilla"),
        Reason.MANY_SMALL: _("más de la mitad de sus casillas tendría una o dos personas"),
    }
    return said[refusal.reason] % {"found": f"{refusal.found:g}", "limit": f"{refusal.limit:g}"}


def _refused(question: Cross, cube: BaseCube, found: pl.DataFrame) -> dict[str, Refusal]:
    """The areas whose part of the answer is too sparse; "" for the whole of it."""
    crossed = {cube.views[name].variable for name in question.views - {YEAR, AREA}}
    areas = found[AREA].unique(maintain_order=True).to_list() if AREA in question.by else [""]
    figures = found.sort(AREA, maintain_order=True) if AREA in question.by else found
    areas = sorted(areas)
    shown = figures[VALUE].fill_null(0).to_numpy().astype(np.int64).reshape(len(areas), -1)
    counted = (figures["CONF_STATUS"] == "F").to_numpy().astype(np.bool_).reshape(shown.shape)
    judged = refusals(shown, counted, LIMITS, dimensions=len(crossed))
    return {"" if each.area is None else areas[each.area]: each for each in judged}


def _years(question: Cross, cube: BaseCube) -> set[str]:
    return set(question.where.get(YEAR, cube.views[YEAR].codes))


def _words(data: QueryDict, name: str) -> list[str]:
    return [word.strip() for text in data.getlist(name) for word in text.split(",") if word.strip()]


def _variables(data: QueryDict, names: Sequence[str], problems: dict[str, str]) -> tuple[str, ...]:
    """The variables that controls name, each once."""
    found = []
    for name in names:
        for word in _words(data, name):
            if word in ASKED:
                found.append(word)
            else:
                problems[name] = _no_such_variable(word)
    return tuple(dict.fromkeys(found))


def _codes(data: QueryDict, name: str, cube: BaseCube, names: Names, problems: dict[str, str]) -> tuple[str, ...]:
    """The codes chosen of a view, in the order of its list; a problem for each word that is none of them."""
    known = cube.views[name].codes
    wanted = _words(data, name)
    for word in wanted:
        if word not in known:
            near = get_close_matches(word.upper(), known, n=1, cutoff=0.5)
            problems[name] = _("No existe el código «%(word)s».") % {"word": word[:60]}
            if name == YEAR:
                problems[name] += " " + _("Hay de %(first)s a %(last)s.") % {"first": known[0], "last": known[-1]}
            elif near:
                called = names.get(name, {}).get(near[0], near[0])
                problems[name] += " " + _("¿Quiso escribir %(near)s (%(name)s)?") % {"near": near[0], "name": called}
    return tuple(code for code in known if code in wanted)


def _no_such_variable(word: str) -> str:
    return _("«%(word)s» no es una característica de esta tabla. Tiene %(names)s.") % {
        "word": word[:60],
        "names": ", ".join(ASKED),
    }
