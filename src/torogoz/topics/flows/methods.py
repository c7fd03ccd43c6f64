"""How an indicator is measured, said in words from its definition: what is written is what is computed."""

from collections.abc import Callable, Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from torogoz.statistics.dataflows import DATAFLOWS
from torogoz.statistics.indicators.definition import (
    AnyOf,
    Comparison,
    Condition,
    Count,
    Difference,
    Distinct,
    External,
    Indicator,
    Mean,
    Measure,
    Policy,
    Quantile,
    Rate,
    Ratio,
    Share,
    Stock,
    Sum,
    Where,
)
from torogoz.statistics.indicators.tables import TABLES

NameOf = Callable[[str, str, str], tuple[str, str]]
"""The names of a dimension and of one of its codes, for a dataflow, a dimension and a code."""


def measured(measure: Measure, name_of: NameOf) -> str:
    """The measure in one sentence."""
    if isinstance(measure, External):
        return _observations(measure, name_of)
    if isinstance(measure, Ratio | Rate):
        below = measure.denominator if isinstance(measure, Ratio) else measure.population
        times = measure.times if isinstance(measure, Ratio) else measure.per
        words = {"above": measured(measure.numerator, name_of), "below": measured(below, name_of), "times": times}
        if times == 1:
            return _("[%(above)s] dividido entre [%(below)s]") % words
        return _("%(times)s × [%(above)s] dividido entre [%(below)s]") % words
    if isinstance(measure, Difference):
        words = {"above": measured(measure.of, name_of), "below": measured(measure.less, name_of)}
        return _("[%(above)s] menos [%(below)s]") % words
    if isinstance(measure, Share):
        words = {"part": _conditions(measure.part, measure.table), "row": _rows(measure.table, measure.where)}
        return _("de cada cien [%(row)s] de las que se sabe, aquellas en que %(part)s") % words
    if isinstance(measure, Stock):
        words = {"flow_in": measured(measure.inflow, name_of), "flow_out": measured(measure.outflow, name_of)}
        return _("saldo acumulado: [%(flow_in)s] menos [%(flow_out)s]") % words
    return _from_rows(measure)


def _from_rows(measure: Count | Sum | Distinct | Quantile | Mean) -> str:
    row = _rows(measure.table, measure.where)
    if isinstance(measure, Count):
        return _("número de [%(row)s]") % {"row": row}
    words = {"row": row, "column": _column(measure.table, measure.column)}
    if isinstance(measure, Distinct):
        return _("número de «%(column)s» distintas en [%(row)s]") % words
    if isinstance(measure, Sum):
        return _("suma de «%(column)s» en [%(row)s]") % words
    if isinstance(measure, Mean):
        return _("media de «%(column)s» en [%(row)s]") % words
    if measure.at == 0.5:
        return _("mediana de «%(column)s» en [%(row)s]") % words
    return _("cuantil %(at)s de «%(column)s» en [%(row)s]") % {**words, "at": measure.at}


def _observations(part: External, name_of: NameOf) -> str:
    flow = DATAFLOWS[part.dataflow]
    name = flow.name_en if _english() else flow.name_es
    said = []
    for dimension, codes in part.where.items():
        named = [name_of(flow.id, dimension, code) for code in codes]
        said.append(f"{named[0][0]}: {', '.join(code for _dimension, code in named)}")
    if part.dataset:
        said.append(_("conjunto de datos: %(name)s") % {"name": part.dataset})
    return f"{name} ({'; '.join(said)})" if said else name


def _rows(table: str, where: Where) -> str:
    found = TABLES[table]
    row = found.row_en if _english() else found.row_es
    return _("%(row)s, si %(conditions)s") % {"row": row, "conditions": _conditions(where, table)} if where else row


def _conditions(where: Where, table: str) -> str:
    return _(" y ").join(_condition(each, table) for each in where)


def _condition(each: Condition | AnyOf, table: str) -> str:
    if isinstance(each, AnyOf):
        return "(" + _(" o ").join(_conditions(group, table) for group in each.groups) + ")"
    words = {"column": _column(table, each.column), "values": ", ".join(map(str, each.values))}
    return _tests()[each.test] % words


def _tests() -> Mapping[Comparison, str]:
    """Each test of a condition, in the reader's language."""
    return {
        Comparison.IN: _("«%(column)s» es %(values)s"),
        Comparison.NOT_IN: _("«%(column)s» no es %(values)s"),
        Comparison.HAS: _("«%(column)s» incluye %(values)s"),
        Comparison.UNKNOWN: _("no se conoce «%(column)s»"),
        Comparison.KNOWN: _("se conoce «%(column)s»"),
        Comparison.AT_LEAST: _("«%(column)s» es %(values)s o más"),
        Comparison.AT_MOST: _("«%(column)s» es %(values)s o menos"),
        Comparison.BETWEEN: _("«%(column)s» está entre %(values)s"),
    }


def protected(indicator: Indicator) -> str:
    """How small cells of an indicator are protected."""
    least = indicator.disclosure.least
    if indicator.disclosure.policy is Policy.CELL_KEY:
        return _(
            "Cada cuenta lleva un pequeño cambio al azar, siempre el mismo, y no se muestra si cuenta menos de "
            "%(least)s."
        ) % {"least": least}
    if indicator.disclosure.policy is Policy.SUPPRESS:
        return _("Una cifra de menos de %(least)s personas se oculta.") % {"least": least}
    return _("Se calcula de cifras ya publicadas; lo que su fuente oculta, aquí se oculta también.")


def _column(table: str, name: str) -> str:
    column = TABLES[table].columns[name]
    return column.name_en if _english() else column.name_es


def _english() -> bool:
    return (get_language() or "es")[:2] == "en"
