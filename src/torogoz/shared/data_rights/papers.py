"""The own file as it is printed."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from torogoz.domain.access import Basis, Verb
from torogoz.domain.conditions import UNKNOWN
from torogoz.domain.consents import Purpose, last_day
from torogoz.domain.printed import Sheet
from torogoz.exchange.paper.sheet import Group, Lines, Table, Text
from torogoz.shared.audit.words import BASES, PURPOSES, RECORDED_PURPOSES, VERBS
from torogoz.shared.codelists import queries as codelists
from torogoz.shared.data_rights.own_file import Gathered
from torogoz.shared.data_rights.registry import to_the_minute
from torogoz.shared.papers.actions import Content
from torogoz.shared.ui.templatetags.ui import language
from torogoz.statistics.forms.shipped import HEADER

MOST_PAGES = 400
Row = Callable[[dict[str, Any]], tuple[str, ...]]


def of_own_file(gathered: Gathered) -> Content:
    """What is printed of the own file: the same as the JSON document says, in words."""
    content = gathered.content
    person = content["person"]
    with override(content["language"]):
        groups: list[Group] = [
            Text("", [content["notice"]]),
            Lines(_("Quién es"), _who(person)),
        ]
        for met in content["encounters"]:
            groups.append(Lines(_("Encuentro del %(when)s") % {"when": to_the_minute(met["occurred_at"])}, _met(met)))
            for section in met["sections"]:
                groups.append(Lines(f"{section['title']} · {section['institution']['code']}", _answers(section)))
        for part in gathered.parts:
            if part.rows is not None:
                groups.append(_table(part.title, part.head, part.printed, part.widths))
        groups += _tables(content)
        title = _("Mi archivo: lo que está registrado de mí")
    return Content(
        sheet=Sheet.OWN_FILE,
        language=content["language"],
        title=title,
        name=person["name"],
        birth=person["birth"],
        groups=groups,
        sections=gathered.sections,
        pages=MOST_PAGES,
    )


def _who(person: dict[str, Any]) -> list[tuple[str, str]]:
    unknown = _("No se sabe")
    countries, kinds = (codelists.names(each, language()) for each in ("AREA", "DOCUMENT"))
    documents = "; ".join(
        f"{_called(one['kind'], kinds)} ({_called(one['issuer'], countries)}): "
        f"{one['number'] or _('Cifrado, y hoy no abre')}"
        for one in person["documents"]
    )
    return [
        (_("Nombre"), person["name"] or unknown),
        (_("Conocida o conocido por"), ", ".join(person["known_as"]) or _("Ninguno registrado")),
        (_("Sexo"), _called(person["sex"], _sexes(language()))),
        (_("Nacimiento"), person["birth"] or unknown),
        (_("Nacionalidad"), _called(person["nationality"], countries)),
        (_("Documentos"), documents or _("Ninguno registrado")),
        (_("Registró"), f"{person['registered_by']['name']}, {to_the_minute(person['registered_at'])}"),
    ]


def _called(code: str, names: Mapping[str, str]) -> str:
    """What a code stands for. Nothing, and the code for it, are unknown; a code that is on no list is no such thing."""
    return _("No se sabe") if code in ("", UNKNOWN) else names.get(code, code)


def _sexes(spoken: str) -> dict[str, str]:
    """What the form calls each sex."""
    asked = next(fact.question for fact in HEADER.facts if fact.code == "sex")
    return {each.code: each.es if spoken == "es" else each.en for each in (asked.options if asked else ())}


def _met(met: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (_("Lugar"), met["office"]),
        (_("Registró"), f"{met['institution']['name']}, {to_the_minute(met['recorded_at'])}"),
    ]


def _answers(section: dict[str, Any]) -> list[tuple[str, str]]:
    if section["answers"] is None:
        return [(_("Está guardada"), _("Cifrada, y hoy no abre: falta su clave. Pídala de nuevo."))]
    told = [(one["question"], one["answer"]) for one in section["answers"]]
    return told or [(_("Respuestas"), _("Ninguna"))]


def _attached(one: dict[str, Any]) -> tuple[str, ...]:
    size = f"{max(1, round(one['bytes'] / 1024))} kB"
    return one["file"] or _("Está guardado, y hoy no abre"), one["title"], to_the_minute(one["recorded_at"]), size


def _tables(content: dict[str, Any]) -> list[Group]:
    """Corrections, consents, hand-overs and readings; each says so when there are none.

    A representative is not given the last three, and they are not mentioned."""
    parts = [
        (
            _("Correcciones"),
            (_("Cuándo"), _("Institución")),
            _rows(content["corrections"], lambda one: (to_the_minute(one["corrected_at"]), one["institution"])),
            (1, 2),
        ),
        (
            _("Archivos adjuntos"),
            (_("Archivo"), _("De qué sección"), _("Desde"), _("Tamaño")),
            _rows(content["attachments"], _attached),
            (4, 4, 3, 2),
        ),
        (
            _("Consentimientos"),
            (_("Cuándo"), _("Con quién"), _("Para qué"), _("Qué"), _("Hasta")),
            _rows(content["consents"], _consent),
            (3, 2, 3, 5, 3),
        ),
        (
            _("Derivaciones"),
            (_("Cuándo"), _("De"), _("A"), _("Qué")),
            _rows(content["handovers"], _handover),
            (3, 2, 2, 7),
        ),
        (
            _("A quién se mostró"),
            (_("Cuándo"), _("Institución"), _("Qué hizo"), _("Qué se le mostró"), _("Fundamento"), _("Para qué")),
            _rows(content["shown_to"], _shown),
            (3, 2, 2, 4, 3, 3),
        ),
    ]
    return [_table(title, head, rows, widths) for title, head, rows, widths in parts if rows is not None]


def _table(title: str, head: tuple[str, ...], rows: list[tuple[str, ...]], widths: tuple[int, ...]) -> Group:
    """A table, or that there is nothing to stand in it."""
    return Table(title, head, rows, widths) if rows else Text(title, [_("Nada hasta hoy.")])


def _rows(stored: list[dict[str, Any]] | None, row: Row) -> list[tuple[str, ...]] | None:
    return None if stored is None else [row(one) for one in stored]


def _last_day(until: str) -> str:
    return last_day(timezone.localtime(datetime.fromisoformat(until))).isoformat()


def _consent(one: dict[str, Any]) -> tuple[str, ...]:
    return (
        to_the_minute(one["recorded_at"]),
        one["recipient"]["code"],
        str(PURPOSES[Purpose(one["purpose"])]),
        "; ".join(one["sections"]),
        to_the_minute(one["withdrawn_at"]) if one["withdrawn_at"] else _last_day(one["valid_until"]),
    )


def _handover(one: dict[str, Any]) -> tuple[str, ...]:
    return to_the_minute(one["sent_at"]), one["from"]["code"], one["to"]["code"], "; ".join(one["sections"])


def _shown(one: dict[str, Any]) -> tuple[str, ...]:
    return (
        to_the_minute(one["at"]),
        one["institution"]["code"] or _("Operación del sistema"),
        str(VERBS[Verb(one["verb"])]),
        "; ".join(one["sections"]) or _("Que está registrada"),
        str(BASES[Basis(one["ground"])]) if one["ground"] else _("Sin registro del fundamento"),
        _purpose(one["purpose"]),
    )


def _purpose(code: str | None) -> str:
    """For what it was read; that it was not asked then is not that none was declared."""
    if code is None:
        return _("No se pedía entonces")
    return str(RECORDED_PURPOSES.get(code, code)) if code else _("No se declaró")
