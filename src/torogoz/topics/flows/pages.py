"""The page of one dataflow: its table, drawings, notes, sources and addresses, in the reader's language."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from django.utils.translation import gettext as _

from torogoz.exchange.writers.charts.table import Row, State, Table
from torogoz.exchange.writers.publication import Source, Words
from torogoz.shared.ui.publishers import said
from torogoz.statistics.border import NOWCAST
from torogoz.statistics.dataflows import TIME, WHOLE, Dataflow, Role
from torogoz.statistics.private_releases import RELEASED
from torogoz.topics.flows import publications, queries, released
from torogoz.topics.flows.answers import periods_of
from torogoz.topics.flows.drawings import (
    Drawing,
    Ground,
    Label,
    diagram_drawing,
    estimates_drawing,
    main_drawing,
    map_drawing,
    months_drawing,
    panels_drawing,
    pyramid_drawing,
    row_name,
)
from torogoz.topics.flows.grids import SOURCE, Grid, grid, totals_apart
from torogoz.topics.flows.questions import Question
from torogoz.topics.flows.ranges import ESTIMATES, METHOD, corridors_drawing, range_drawing
from torogoz.topics.flows.unfinished import incomplete_years, period_head, with_errors
from torogoz.topics.flows.words import TOTAL, column_title

MOST_COLUMNS = 12
MOST_ROWS = 30
ORDERED = ("SEX", "AGE", "METHOD", "MODE", "DEPARTMENT", "REASON", "INDICATOR", "UNIT")
FEW_ROWS = 5
WITH_PYRAMID = ("RETURNS", "REFUGEE_DEMOGRAPHICS")


@dataclass(frozen=True)
class Sheet:
    """The table of a page and where the reader is in it."""

    table: Table
    rows: int
    page: int
    pages: int
    columns_left_out: int


@dataclass(frozen=True)
class Shown:
    """What the page of an answered question shows."""

    question: Question
    sheet: Sheet | None
    drawings: tuple[Drawing, ...]
    notes: tuple[str, ...]
    outlines: Source | None = None


class Namer:
    """The names of dimensions and codes of a dataflow in one language."""

    def __init__(self, flow: Dataflow, language: str) -> None:
        self.language = language
        self.names = queries.names_of(flow, language)
        self.titles = {
            dimension.id: _title(dimension.means_es, dimension.means_en, dimension.id, language)
            for dimension in flow.dimensions
        }

    def code(self, dimension: str, code: str) -> str:
        """The name of a code; the code itself where nobody named it."""
        if code == WHOLE and WHOLE not in self.names.get(dimension, {}):
            return TOTAL.said_in(self.language)
        return self.names.get(dimension, {}).get(code, code)


def _title(means_es: str, means_en: str, name: str, language: str) -> str:
    means = Words(means_es, means_en).said_in(language)
    return means[:1].upper() + means[1:] if means else column_title(name).said_in(language)


def with_period(question: Question) -> Question:
    """The question about its latest period with a figure, when it names none and time must not be added."""
    if question.flow.id in RELEASED and TIME not in question.by and not question.frequency:
        question = replace(question, frequency="A")  # it is published by year and by month, which are not added
    if TIME in question.by or question.first or question.last:
        return question
    if question.flow.dimension(TIME).role is Role.SUM and question.flow.id not in RELEASED:
        return question
    over_time = queries.figures(question.split_by(TIME))
    present = periods_of(over_time.filter(over_time["OBS_VALUE"].is_not_null()))
    years = [period for period in present if len(period) == 4]
    latest = (years or present)[-1:]
    return question.within(latest[0], latest[0]) if latest else question


def laid_out(question: Question, namer: Namer) -> Grid:
    """The grid of a question."""
    orders = {
        dimension.id: list(namer.names.get(dimension.id, {}))
        for dimension in question.flow.dimensions
        if (dimension.codelist or dimension.id) in ORDERED and dimension.id in namer.names
    }
    apart = totals_apart(question)
    total = queries.figures(apart) if apart is not None and apart.by else None
    return grid(question, queries.figures(question), orders, total)


def decimals_of(shown: Grid) -> int:
    """How many decimals the figures need, three at most; none for large numbers."""
    values = [cell.value for cell in shown.cells.values() if cell.value is not None]
    if not values or max(abs(value) for value in values) >= 10_000:
        return 0
    for places in range(4):
        if all(abs(value - round(value, places)) < 1e-9 for value in values):
            return places
    return 3


def sheet(shown: Grid, caption: str, unit: str, namer: Namer, page: int, partial: Collection[str] = ()) -> Sheet | None:
    """One page of the table: the last columns, the rows of the page, the totals on the last page."""
    if not shown.rows:
        return None
    if shown.column_dimension == TIME and len(shown.rows) <= FEW_ROWS < len(shown.columns):
        return _downwards(shown, caption, unit, namer, page, partial)
    parts = shown.parts()
    pages = max(ceil(len(parts) / MOST_ROWS), 1)
    page = min(page, pages)
    columns = shown.columns[-MOST_COLUMNS:]
    if shown.column_dimension == TIME:
        columns = columns[::-1]
    keys = list(parts[(page - 1) * MOST_ROWS : page * MOST_ROWS])
    keys += [row for row in shown.rows if row in shown.totals]
    head = [
        " · ".join(namer.titles.get(name, column_title(name).said_in(namer.language)) for name in shown.row_dimensions),
        *(
            period_head(namer.code(shown.column_dimension, column), incomplete=column in partial)
            if column
            else _("Cifra")
            for column in columns
        ),
    ]
    rows = [
        Row(row_name(shown, key, namer.code), [shown.at(key, column) for column in columns], key in shown.totals)
        for key in keys
    ]
    table = Table(caption, head, rows, unit, decimals_of(shown))
    return Sheet(table, len(parts), page, pages, len(shown.columns) - len(columns))


def _downwards(shown: Grid, caption: str, unit: str, namer: Namer, page: int, partial: Collection[str]) -> Sheet:
    """A few series over many periods: periods go down the page, newest first, which a telephone can show."""
    pages = max(ceil(len(shown.columns) / MOST_ROWS), 1)
    page = min(page, pages)
    newest = shown.columns[::-1][(page - 1) * MOST_ROWS : page * MOST_ROWS]
    head = [namer.titles[TIME], *(row_name(shown, key, namer.code) for key in shown.rows)]
    rows = [
        Row(
            period_head(namer.code(TIME, period), incomplete=period in partial),
            [shown.at(key, period) for key in shown.rows],
        )
        for period in newest
    ]
    table = Table(caption, head, rows, unit, decimals_of(shown))
    return Sheet(table, len(shown.columns), page, pages, 0)


def caption_of(question: Question, shown: Grid | None, namer: Namer) -> str:
    """What the table shows, in words: the dataflow, the codes chosen, the periods."""
    flow = question.flow
    fixed = {name: (code,) for name, code in shown.fixed.items()} if shown is not None else {}
    chosen = {**fixed, **{name: codes for name, codes in question.where.items() if name not in question.by}}
    said = [
        f"{namer.titles[name]}: {', '.join(namer.code(name, code) for code in chosen[name][:4])}"
        for name in flow.names
        if name in chosen and name != TIME and not _is_whole(question, name, chosen[name])
    ]
    said.append(_period_said(question, shown, namer))
    title = flow.name_en if namer.language == "en" else flow.name_es
    return ". ".join([title, *(part for part in said if part)])


def _is_whole(question: Question, name: str, codes: Sequence[str]) -> bool:
    dimension = question.flow.dimension(name)
    return list(codes) in ([WHOLE], [dimension.total]) and not question.where.get(name)


def _period_said(question: Question, shown: Grid | None, namer: Namer) -> str:
    """The periods of the answer, always said: a map or a table never falls back to another year in silence."""
    if shown is not None and TIME in shown.fixed:
        return namer.code(TIME, shown.fixed[TIME])
    if shown is not None and shown.column_dimension == TIME and shown.columns:
        return _between(namer, shown.columns[0], shown.columns[-1])
    if shown is not None and TIME in shown.row_dimensions:
        at = shown.row_dimensions.index(TIME)
        present = sorted({key[at] for key in shown.parts()})
        return _between(namer, present[0], present[-1]) if present else ""
    if question.first or question.last:
        return _between(namer, question.first or "…", question.last or "…")
    present = queries.codes_present(question.flow)[TIME]
    return (
        _("suma de %(first)s a %(last)s")
        % {"first": namer.code(TIME, present[0]), "last": namer.code(TIME, present[-1])}
        if present
        else ""
    )


def _between(namer: Namer, first: str, last: str) -> str:
    first, last = namer.code(TIME, first), namer.code(TIME, last)
    return first if first == last else _("%(first)s a %(last)s") % {"first": first, "last": last}


def notes_of(shown: Grid, of_sheet: Sheet | None, *, noisy: bool = False) -> tuple[str, ...]:
    """What a reader must know beside the figures."""
    notes = []
    states = shown.states()
    if of_sheet is not None and of_sheet.columns_left_out:
        notes.append(
            _("Se muestran %(shown)s columnas de %(all)s; las demás están en el CSV.")
            % {"shown": len(of_sheet.table.head) - 1, "all": len(shown.columns)}
        )
    if shown.unknown_parts:
        notes.append(
            _("Las sumas dejan fuera %(count)s observaciones sin cifra: lo desconocido no se cuenta como cero.")
            % {"count": shown.unknown_parts}
        )
    if SOURCE in shown.row_dimensions:
        notes.append(_("Más de una fuente publica esta cifra; se muestran todas, sin elegir por usted."))
    if State.SUPPRESSED in states and not noisy:
        notes.append(
            _("Una cifra se oculta cuando son muy pocas personas, o cuando serviría para calcular otra oculta.")
        )
    return tuple(notes)


def notes_on_ages(question: Question) -> tuple[str, ...]:
    """How the ages of an answer were brought to comparable bands."""
    if not question.ages or "AGE" not in question.by:
        return ()
    return (
        _("Grupos comparables: una cifra con «e» es estimada. Dentro de cada grupo publicado, la suma es exacta."),
        _("Las personas de edad desconocida no se reparten. En el grupo abierto se supone que nadie pasa de 100 años."),
    )


def page_of(question: Question, namer: Namer, page: int, behind: publications.Provenance) -> Shown:
    """Everything that the page of an answered question shows, from one grid per drawing."""
    flow, language = question.flow, namer.language
    asked = with_period(question)
    shown = laid_out(asked, namer)
    unit = flow.unit_en if language == "en" else flow.unit_es
    partial = incomplete_years(asked, shown)
    of_sheet = sheet(shown, caption_of(asked, shown, namer), unit, namer, page, partial)
    publishers = said(", ".join(dict.fromkeys(source.publisher for source in behind.sources)), language)
    source = publishers
    if behind.made_up and not behind.in_part:  # in part: the name of the publisher of the other part says it
        source = _("%(publishers)s, personas inventadas") % {"publishers": publishers}
    ground = Ground("", unit, source, behind.released, language, decimals_of(shown))
    outlines = queries.map_outlines(flow)
    if outlines is not None:
        ground = replace(ground, outlines=outlines.rings, drawn_by=outlines.drawn_by)
    drawings = list(estimate_drawings(asked, namer, ground)) if flow.id == ESTIMATES else []
    for kind, each in _drawn(asked) if flow.id != ESTIMATES else ():
        laid = shown if each == asked else laid_out(each, namer)
        title = _("Figura %(number)s. %(title)s") % {
            "number": len(drawings) + 1,
            "title": _titled(kind, caption_of(each, laid, namer), laid),
        }
        if kind == "estimates":
            laid = with_errors(laid, flow)
        below = tuple(partial.values()) if laid is shown and kind != "map" else ()
        drawing = DRAWERS[kind](laid, replace(ground, notes=below).titled(title), namer.code)
        if drawing is not None:
            drawings.append(replace(drawing, query=each.query()))
    drawn = outlines.source if outlines is not None and any(each.kind == "map" for each in drawings) else None
    return Shown(
        asked,
        of_sheet,
        tuple(drawings),
        (
            *notes_of_estimates(flow),
            *partial.values(),
            *notes_of(shown, of_sheet, noisy=released.noise(flow) is not None),
            *notes_on_ages(asked),
        ),
        drawn,
    )


def estimate_drawings(question: Question, namer: Namer, ground: Ground) -> Iterator[Drawing]:
    """The figures of estimated flows: the range of what was asked, its largest corridors, and the way back."""
    mirrored = _mirrored(question)
    asked = [("range", question.split_by(METHOD, TIME))]
    if mirrored is not None:
        far = "REF_AREA" if question.where.get("COUNTERPART_AREA") else "COUNTERPART_AREA"
        asked += [
            ("corridors", _latest_of(question.split_by(far, METHOD))),
            ("mirror", mirrored.split_by(METHOD, TIME)),
        ]
    number = 0
    for kind, each in asked:
        found = queries.figures(each)
        caption = caption_of(_said_by_period(each), None, namer)
        title = _("Figura %(number)s. %(title)s") % {"number": number + 1, "title": caption}
        drawing = (
            corridors_drawing(found, each.by[0], ground.titled(title), namer.code)
            if kind == "corridors"
            else range_drawing(found, ground.titled(title), _("Cifra del medio entre los métodos"), kind)
        )
        if drawing is not None:
            number += 1
            yield replace(drawing, query=each.query())


def _said_by_period(question: Question) -> Question:
    """The question with its first and last period said, so that a caption does not call them a sum."""
    present = queries.codes_present(question.flow)[TIME]
    if TIME not in question.by or not present:
        return question
    return question.within(question.first or present[0], question.last or present[-1])


def _mirrored(question: Question) -> Question | None:
    """The question with origin and destination exchanged; None where both are chosen, or neither."""
    origin, destination = question.where.get("COUNTERPART_AREA"), question.where.get("REF_AREA")
    if bool(origin) == bool(destination):
        return None
    return question.about(COUNTERPART_AREA=destination or (), REF_AREA=origin or ())


def notes_of_estimates(flow: Dataflow) -> tuple[str, ...]:
    """What a reader of estimated flows must know before quoting one."""
    if flow.id != ESTIMATES:
        return ()
    derived = publications.derivation(flow)
    notes = [
        _(
            "Son estimaciones, no conteos. Quien se fue y volvió dentro de los cinco años no aparece en ninguna. La "
            "menor y la mayor cifra no son un intervalo de confianza: la verdad puede quedar fuera."
        ),
    ]
    if derived:
        notes += [
            _(
                "Torogoz calcula los métodos que solo necesitan la población migrante. Los que restan nacimientos y "
                "muertes no están entre los suyos, porque esas cifras por país no están importadas; el reparto "
                "proporcional usa menos personas que el publicado por la misma razón."
            ),
            _("Calculado a partir de: %(derived)s.") % {"derived": "; ".join(derived)},
        ]
    return tuple(notes)


def _titled(kind: str, caption: str, laid: Grid) -> str:
    """The title of a drawing: its caption, along what it is drawn, whether provisional or estimated."""
    along = {
        "months": _("por mes"),
        "estimates": _("estimaciones de los meses recientes"),
        "pyramid": _("por edad y sexo"),
        "map": _("por departamento de destino"),
    }.get(kind)
    title = f"{caption}, {along}" if along else caption
    if kind not in {"main", "months", "estimates"} and State.PROVISIONAL in laid.states():
        title = _("%(title)s (provisional)") % {"title": title}
    if kind == "pyramid" and State.ESTIMATED in laid.states():
        title = _("%(title)s (en parte estimado)") % {"title": title}
    return title


def drawing_of(question: Question, namer: Namer, kind: str, behind: publications.Provenance) -> Drawing | None:
    """One drawing of a page alone."""
    found = page_of(question, namer, 1, behind).drawings
    return next((drawing for drawing in found if drawing.kind == kind), None)


def _drawn(question: Question) -> Iterator[tuple[str, Question]]:
    """The drawings of a page, by kind, each with the question that it answers."""
    flow = question.flow
    # A release crosses two dimensions at most besides time: beside age and sex, or a place, nothing else is chosen.
    alone = question.about(**dict.fromkeys(question.where, ())) if flow.id in RELEASED else question
    if {"SEX", "AGE"} != set(question.by):
        yield "main", question
    yield "panels", question
    if {"COUNTERPART_AREA", "REF_AREA"} == set(question.by):
        yield "diagram", question
    if flow.id == queries.NATIONAL and question.frequency != "M":
        yield "months", replace(alone.split_by(TIME), frequency="M")
    if flow.id == queries.MIGRATION and question.frequency != "M":
        for who in (tuple(NOWCAST), tuple(NOWCAST.values())):
            yield "months" if who[0] in NOWCAST else "estimates", _by_month(alone.about(INDICATOR=who))
    if flow.id in WITH_PYRAMID:
        yield "pyramid", _latest_of(alone.about(SEX=(), AGE=()).split_by("AGE", "SEX"))
    if flow.id in queries.WITH_MAP:
        yield "map", _latest_of(alone.about(REF_AREA=()).split_by("REF_AREA"))


DRAWERS: Final[Mapping[str, Callable[[Grid, Ground, Label], Drawing | None]]] = {
    "main": main_drawing,
    "panels": panels_drawing,
    "diagram": diagram_drawing,
    "months": months_drawing,
    "estimates": estimates_drawing,
    "pyramid": pyramid_drawing,
    "map": map_drawing,
}


def _by_month(question: Question) -> Question:
    """The same question by month, one line per indicator."""
    return replace(question.split_by("INDICATOR", TIME), frequency="M")


def _latest_of(question: Question) -> Question:
    """The same question in its last year: the one asked for, or the latest."""
    last = (question.last or question.first)[:4]
    return with_period(replace(question, first=last, last=last, frequency=""))
