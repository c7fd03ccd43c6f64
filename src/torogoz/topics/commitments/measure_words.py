"""What the history of a measure calls each thing that it says."""

from collections.abc import Iterable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from torogoz.topics.commitments.measure_history_queries import Change

FIELDS: Final = {
    "name_es": _("Nombre, en español"),
    "name_en": _("Nombre, en inglés"),
    "summary_es": _("En qué consiste, en español"),
    "summary_en": _("En qué consiste, en inglés"),
    "starts_on": _("Empieza"),
    "ends_on": _("Termina"),
    "places": _("Departamentos"),
    "commitments": _("Compromisos a los que sirve"),
    "supporting": _("Instituciones que la apoyan"),
    "weight": _("Peso"),
    "due_on": _("Para cuándo"),
    "state": _("Cómo está"),
    "done_on": _("Día en que se cumplió"),
    "evidence_text": _("Evidencia"),
    "evidence_address": _("Dirección de la evidencia"),
    "year": _("Año"),
    "source": _("De quién es el dinero"),
    "currency": _("Moneda"),
    "planned": _("Planificado"),
    "committed": _("Comprometido"),
    "executed": _("Ejecutado"),
}


def labelled(changes: Iterable[Change]) -> list[tuple[Promise, Change]]:
    """Each change after the name of its field."""
    return [(FIELDS[each.field], each) for each in changes]
