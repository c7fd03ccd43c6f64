"""The few figures of the front page, each with period, source, date and reliability; and the chart of returns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl
from django.urls import reverse
from django.utils.translation import gettext as _

from torogoz.exchange.writers.charts.table import Cell, cell
from torogoz.statistics.dataflows import DATAFLOWS, TIME, Dataflow
from torogoz.statistics.private_releases import RELEASED
from torogoz.topics.flows import publications, queries
from torogoz.topics.flows.drawings import Drawing, Ground, months_drawing
from torogoz.topics.flows.pages import Namer, laid_out
from torogoz.topics.flows.questions import Question

ISTHMUS_AND_NORTH = ("CENTRAL_AMERICA", "NORTH_AMERICA")
MILLION = 1_000_000


@dataclass(frozen=True)
class Headline:
    """One figure of the front page. A protected or unknown figure has no `value`; `cell` says which."""

    title: str
    cell: Cell
    unit: str
    period: str
    source: str
    dated: str
    reliability: str
    address: str
    made_up: bool = False
    decimals: int = 0

    @property
    def value(self) -> float | None:
        return self.cell.value

    @property
    def plain(self) -> str:
        """The figure as a program reads it."""
        return "" if self.cell.value is None else f"{round(self.cell.value, self.decimals):.{self.decimals}f}"


def front_page(language: str) -> tuple[Headline, ...]:
    """The figures that are at hand, from the files of publishers first, else from the figures that we ship."""
    wanted: tuple[Callable[[str], Headline | None], ...] = (
        _returns, _abroad, _remittances, _refugees, _asylum_seekers, _dead_and_missing,
    )  # fmt: skip
    return tuple(found for each in wanted if (found := each(language)) is not None)


def returns_by_month(language: str) -> Drawing | None:
    """The chart of returns by month, from the newest release; None before the first."""
    flow = DATAFLOWS[queries.NATIONAL]
    behind = publications.provenance(flow)
    if behind is None:
        return None
    shown = laid_out(Question(flow, by=(TIME,), frequency="M"), Namer(flow, language))
    title = _("Figura 1. Personas retornadas por mes")
    unit = flow.unit_en if language == "en" else flow.unit_es
    source = _("Torogoz, publicación %(edition)s") % {"edition": behind.edition}
    if behind.made_up:
        source += ". " + _("Personas inventadas")
    ground = Ground(title, unit, source, behind.published.isoformat(), language, 0)
    return months_drawing(shown, ground, lambda _name, code: code)


def _returns(language: str) -> Headline | None:
    question = Question(DATAFLOWS[queries.NATIONAL], by=(TIME,), frequency="A")
    return _latest(_("Personas retornadas"), _("retornos"), question) or _shipped(
        "RETURNS", "DGME", _("Personas retornadas"), language
    )


def _abroad(language: str) -> Headline | None:
    question = Question(DATAFLOWS["MIGRANT_STOCK"], {"COUNTERPART_AREA": ("SLV",)}, by=(TIME,))
    title = _("Personas nacidas en El Salvador que viven en otro país")
    return _latest(title, _("personas"), question) or _shipped("SALVADORANS_ABROAD", "UN_DESA", title, language)


def _remittances(language: str) -> Headline | None:
    """The newer of the two: the central bank's figure that we ship, or the World Bank's series."""
    shipped = _shipped("REMITTANCES", "BCR", _("Remesas recibidas"), language)
    question = Question(DATAFLOWS["REMITTANCES"], {"INDICATOR": ("RECEIVED",), "REF_AREA": ("SLV",)}, by=(TIME,))
    series = _latest(_("Remesas recibidas"), _("millones de dólares"), question, divisor=MILLION)
    if shipped is None or (series is not None and series.period > shipped.period):
        return series
    return shipped


def _refugees(_language: str) -> Headline | None:
    return _latest(_("Personas refugiadas de El Salvador"), _("personas"), _under_asylum("REFUGEES"))


def _asylum_seekers(_language: str) -> Headline | None:
    return _latest(_("Solicitantes de asilo de El Salvador"), _("personas"), _under_asylum("ASYLUM_SEEKERS"))


def _under_asylum(indicator: str) -> Question:
    return Question(
        DATAFLOWS["REFUGEES"], {"INDICATOR": (indicator,), "COUNTERPART_AREA": ("SLV",)}, by=("INDICATOR", TIME)
    )


def _dead_and_missing(_language: str) -> Headline | None:
    """Of the last year that the publisher's files cover whole: a part of a year would look like fewer deaths."""
    where = {"INDICATOR": ("DEAD_MISSING",), "REF_AREA": ISTHMUS_AND_NORTH}
    question = Question(DATAFLOWS["MISSING_MIGRANTS"], where, by=(TIME,), frequency="A")
    title = _("Personas migrantes muertas o desaparecidas en Centroamérica y Norteamérica")
    return _latest(title, _("personas"), question, whole_years=True)


def _latest(
    title: str, unit: str, question: Question, *, divisor: float = 1, whole_years: bool = False
) -> Headline | None:
    """The newest known figure of a question by time; None if there is none."""
    behind = publications.provenance(question.flow)
    if behind is None:
        return None
    present = queries.codes_present(question.flow)
    if any(code not in present.get(name, ()) for name, codes in question.where.items() for code in codes):
        return None
    found = queries.figures(question).filter(pl.col("OBS_VALUE").is_not_null())
    if whole_years:
        found = found.filter(pl.col("OBS_STATUS") != "P")
    if found.is_empty():
        return None
    line = found.sort(TIME).row(-1, named=True)
    figure = cell(line["OBS_VALUE"] / divisor, line.get("OBS_STATUS"), line.get("CONF_STATUS"))
    return Headline(
        title=title,
        cell=figure,
        unit=unit,
        period=line[TIME],
        source=", ".join(dict.fromkeys(source.publisher for source in behind.sources)),
        dated=", ".join(dict.fromkeys(source.edition for source in behind.sources)),
        reliability=_reliability(question.flow, line),
        address=f"{reverse('flows:dataflow', args=[question.flow.id])}?{question.query()}",
        made_up=behind.made_up,
        decimals=1 if divisor > 1 else 0,
    )


def _reliability(flow: Dataflow, line: Mapping[str, object]) -> str:
    if line.get("OBS_STATUS") == "P":
        return _("provisional, el período no ha terminado")
    if flow.id in RELEASED:
        return _("registro propio, con las celdas pequeñas protegidas")
    return _("leída en el archivo de quien la publica")


def _dated(written: str) -> str:
    """The date of a shipped figure's source; `noted` is the day on which we wrote down what was published."""
    noted = written.removeprefix("noted ")
    return written if noted == written else _("anotada en %(month)s") % {"month": noted}


def _shipped(indicator: str, series: str, title: str, language: str) -> Headline | None:
    """The newest total of one series among the published figures that the project ships."""
    flow = DATAFLOWS["HEADLINES"]
    behind = publications.provenance(flow)
    if behind is None:
        return None
    frame = queries.frame_of(flow).filter(
        pl.col("INDICATOR") == indicator, pl.col("SERIES") == series, pl.col("BREAKDOWN") == "_T"
    )
    found = frame.filter(pl.col(TIME).str.len_chars() == 4).sort(TIME).collect()
    if found.is_empty():
        return None
    line = found.row(-1, named=True)
    words = queries.names_of_attributes(language)
    reliability = words["RELIABILITY"].get(line["RELIABILITY"], line["RELIABILITY"])
    return Headline(
        title=title,
        cell=cell(line["OBS_VALUE"], line["OBS_STATUS"]),
        unit=words["UNIT"].get(line["UNIT"], line["UNIT"]),
        period=line[TIME],
        source=line["SOURCE"],
        dated=_dated(line["SOURCE_DATE"]),
        reliability=reliability[:1].lower() + reliability[1:],
        address=reverse("flows:dataflow", args=[flow.id]),
        decimals=0 if float(line["OBS_VALUE"]).is_integer() else 1,
    )


@dataclass(frozen=True)
class Line:
    """One published figure as it was found."""

    what: str
    series: str
    period: str
    cell: Cell
    unit: str
    source: str
    dated: str
    reliability: str
    note: str

    @property
    def decimals(self) -> int:
        return 0 if self.cell.value is None or self.cell.value.is_integer() else 1


def published_figures(question: Question, language: str) -> list[tuple[str, list[Line]]]:
    """The published figures that a question of HEADLINES asks for, by indicator; contradicting series both stay."""
    names, words = queries.names_of(question.flow, language), queries.names_of_attributes(language)
    found = queries.figures(question.split_by())
    groups: dict[str, list[Line]] = {title: [] for title in names["INDICATOR"].values()}
    for line in found.sort(["INDICATOR", TIME, "BREAKDOWN", "SERIES"]).iter_rows(named=True):
        title = names["INDICATOR"].get(line["INDICATOR"], line["INDICATOR"])
        groups.setdefault(title, []).append(
            Line(
                what=names["BREAKDOWN"].get(line["BREAKDOWN"], line["BREAKDOWN"]),
                series=names["SERIES"].get(line["SERIES"], line["SERIES"]),
                period=line[TIME],
                cell=cell(line["OBS_VALUE"], line["OBS_STATUS"]),
                unit=words["UNIT"].get(line["UNIT"], line["UNIT"]),
                source=line["SOURCE"],
                dated=_dated(line["SOURCE_DATE"]),
                reliability=words["RELIABILITY"].get(line["RELIABILITY"], line["RELIABILITY"]),
                note=line["NOTE_EN" if language == "en" else "NOTE_ES"] or "",
            )
        )
    return [(title, lines) for title, lines in groups.items() if lines]
