"""What templates may ask of the look: numbers, cells, fields, states, addresses.

docs/reference/components.md lists them.
"""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import segno
from django import template
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.template import Context
from django.template.defaultfilters import linebreaksbr
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from torogoz.exchange.writers.charts.numbers import written
from torogoz.exchange.writers.charts.table import Cell, State, Table
from torogoz.shared.ui import publishers

register = template.Library()

SIGNS = {"may": "✓", "more": "?", "not": "–", "danger": "!", "going": "▸", "ended": "■"}


def language() -> str:
    """The language of the page being made: `es` or `en`."""
    return (get_language() or "es")[:2]


@register.filter
def localised(thing: Any, field: str) -> str:
    """`thing.FIELD_es` or `thing.FIELD_en` (also of a dictionary), by the page's language; Spanish if empty."""
    return localised_in(thing, field, language()) or localised_in(thing, field, "es")


def localised_in(thing: Any, field: str, tongue: str) -> str:
    """`thing.FIELD_es` or `thing.FIELD_en` (also of a dictionary); empty without."""
    name = f"{field}_{tongue}"
    return str((thing.get(name) if isinstance(thing, dict) else getattr(thing, name, "")) or "")


@register.filter
def marked(thing: Any, field: str) -> str:
    """The same for longer words, with their lines; where they are in Spanish alone, an English page says so."""
    words = localised(thing, field)
    return linebreaksbr(words) if words == localised_in(thing, field, language()) else in_spanish(words)


@register.filter
def in_spanish(words: str) -> str:
    """Words that are kept in Spanish alone, with their lines: an English page marks them for the eye and the ear."""
    if not words or language() == "es":
        return linebreaksbr(words)
    return format_html(
        '<span lang="es">{}</span> <span class="small quiet">({})</span>', linebreaksbr(words), _("en español")
    )


@register.filter
def number(value: float | int | Decimal | None, decimals: int = 0) -> str:
    """A number as the page's language writes it: 1 410 659.5 in Spanish (thin spaces), 1,410,659.5 in English."""
    if isinstance(value, Decimal):
        value = float(value)  # exact to the cent below ten million million
    return "" if value is None else written(value, language(), decimals)


@register.filter
def amount(value: float | int | Decimal | None) -> str:
    """A number with the cents that it has, and none where it is whole: 500 boxes, 12.50 dollars."""
    if value is None:
        return ""
    return number(value, 0 if value == int(value) else 2)


@register.filter
def in_currency(value: float | int | Decimal | None, currency: str) -> str:
    """An amount with its cents and its currency, never broken between them: 25,000.00 USD. Nothing of one not known."""
    return "" if value is None else f"{number(value, 2)}\N{NO-BREAK SPACE}{currency}"


@register.filter
def day(value: date | datetime | None) -> str:
    """A date as year-month-day in both languages, never broken at a line's end; a time gives its day in El Salvador.

    For the text of a page: in an attribute or a title write `|date:"Y-m-d"`.
    """
    if value is None:
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return format_html("<time>{}</time>", value.strftime("%Y-%m-%d"))


@register.filter
def moment(value: datetime | None) -> str:
    """A time as year-month-day hour:minute in El Salvador, never broken at a line's end. For the text of a page."""
    return "" if value is None else format_html("<time>{}</time>", moment_written(value))


def moment_written(value: datetime) -> str:
    """A time as year-month-day hour:minute in El Salvador, as plain text."""
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")


@register.inclusion_tag("ui/components/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """One question: label above, hint below it, errors beside the control, tied together for a screen reader."""
    return {"field": bound}


@register.inclusion_tag("ui/components/error_summary.html")
def error_summary(*asked: BaseForm | None) -> dict[str, Any]:
    """What is wrong with these forms, each line a link to its field; nothing when nothing is wrong, or of a form that
    the page does not have for its reader."""
    forms = [form for form in asked if isinstance(form, BaseForm)]
    fields = [item for form in forms for item in _wrong_fields(form)]
    whole = [error for form in forms for error in form.non_field_errors()]
    stores = any(getattr(form, "stores", True) for form in forms)
    return {"fields": fields, "whole": whole, "count": len(fields) + len(whole), "stores": stores}


def _wrong_fields(form: BaseForm) -> Iterator[dict[str, str]]:
    for bound in form:
        for error in bound.errors:
            address = f"{bound.auto_id}_group" if bound.use_fieldset else bound.id_for_label
            yield {"address": address, "said": _line(str(bound.label), str(error))}


def _line(label: str, error: str) -> str:
    """A line of the summary: what is asked and what is wrong. An oath or another whole sentence is not said again."""
    if label.endswith("."):
        return error
    return f"{label} {error}" if label.endswith("?") else f"{label}: {error}"


@register.inclusion_tag("ui/components/state.html")
def state(kind: str, word: str) -> dict[str, str]:
    """A badge: `kind` is may, more (not known), not, danger, going or ended.

    The word says it, the sign repeats it, the colour comes last."""
    return {"state": kind, "sign": SIGNS[kind], "word": word}


@register.inclusion_tag("ui/components/table.html")
def data_table(table: Table) -> dict[str, Table]:
    """A table of numbers: caption, unit, totals last and bold, states of cells with their legend."""
    return {"table": table}


def cell_words() -> dict[State, tuple[str, str, str]]:
    """The sign, the word and the CSS name of each state that is not a number."""
    return {
        State.SUPPRESSED: (
            "s",
            _("dato protegido: son pocas personas, o permitiría calcular una celda de pocas"),
            "suppressed",
        ),
        State.NOT_AVAILABLE: (_("n. d."), _("no disponible: falta en las fuentes que se importaron"), "missing"),
        State.NOT_APPLICABLE: ("·", _("no aplica: la casilla no puede tener datos"), "blank"),
    }


@register.simple_tag
def data_cell(cell: Cell, decimals: int = 0, mark: str = "") -> SafeString:
    """One `<td>`: a number, or a sign with its meaning for who cannot see it. Zero is a number.

    mark  what stands before every number, explained below the table
    """
    if cell.state is State.KNOWN and cell.value is not None:
        return format_html('<td class="n">{}{}</td>', mark, written(cell.value, language(), decimals))
    if cell.state is State.PROVISIONAL and cell.value is not None:
        note = _("dato provisional")
        return format_html(
            '<td class="n provisional">{}{}<abbr title="{}">p</abbr></td>',
            mark,
            written(cell.value, language(), decimals),
            note,
        )
    if cell.state is State.ESTIMATED and cell.value is not None:
        return format_html(
            '<td class="n provisional">{}<abbr title="{}">e</abbr></td>',
            written(cell.value, language(), decimals),
            _("dato estimado"),
        )
    sign, word, name = cell_words()[cell.state]
    return format_html(
        '<td class="n cell {}"><span aria-hidden="true">{}</span><span class="unseen">{}</span></td>', name, sign, word
    )


@register.inclusion_tag("ui/components/cell_legend.html")
def cell_legend(table: Table) -> dict[str, Any]:
    """The states that this table has, each with its sign and its meaning."""
    present = table.states()
    states = [triple for which, triple in cell_words().items() if which in present]
    if State.PROVISIONAL in present:
        states.append(("p", _("dato provisional"), "provisional"))
    if State.ESTIMATED in present:
        states.append(("e", _("dato estimado"), "provisional"))
    return {"states": states}


@register.simple_tag(takes_context=True)
def page_address(context: Context, number_of_page: int) -> str:
    """The address of this page with another page number, its other choices kept."""
    query = context["request"].GET.copy()
    query["page"] = str(number_of_page)
    return f"?{query.urlencode()}"


@lru_cache(maxsize=256)
def square_code(address: str) -> str:
    """A QR code of an address as an SVG element; kept, since it takes some milliseconds."""
    return str(segno.make(address, error="l", micro=False).svg_inline(omitsize=True, border=2))


@register.inclusion_tag("ui/live.html", takes_context=True)
def live_page(context: Context) -> dict[str, Any]:
    """For paper: the address of a public page, spelled out and as a QR code. Nothing on a page of officers."""
    request: HttpRequest | None = context.get("request")
    match = request.resolver_match if request else None
    if request is None or match is None or getattr(match.func, "login_required", True):
        return {}
    address = request.build_absolute_uri()
    if len(address) > 250:
        address = request.build_absolute_uri(request.path)
    # segno writes the element from a fixed alphabet of path commands; nothing of the address is in it.
    return {"code": mark_safe(square_code(address)), "address": address, "today": timezone.localdate()}


@register.filter
def said(text: str) -> str:
    """What a file calls its publisher, or its licence, in the language of the page."""
    return publishers.said(text, language())
