"""How pages and the certificate call what the codes of disposals and holds stand for."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from torogoz.domain.disposal import Ground, Reason, State
from torogoz.domain.retention import DataClass

CLASSES = {
    DataClass.IDENTITY: _("Quién es la persona"),
    DataClass.ORDINARY: _("Secciones ordinarias"),
    DataClass.SENSITIVE: _("Secciones sensibles"),
    DataClass.PROTECTED: _("Secciones protegidas"),
}
REASONS = {
    Reason.RETENTION: _("Pasó el plazo de conservación"),
    Reason.CANCELLATION: _("Lo pidió la persona"),
}
STATES = {
    State.PROPOSED: _("Propuesta, falta que otra persona la confirme"),
    State.DONE: _("Hecha"),
    State.WITHDRAWN: _("Retirada"),
}
BADGES = {State.PROPOSED: "more", State.DONE: "may", State.WITHDRAWN: "not"}
GROUNDS = {
    Ground.COURT: _("Orden de un tribunal"),
    Ground.PROSECUTION: _("Requerimiento de la fiscalía"),
    Ground.REQUEST: _("Una solicitud o un reclamo abierto"),
    Ground.BREACH: _("Una brecha de seguridad abierta"),
    Ground.CASE: _("Un caso o una derivación sin terminar"),
}
TABLES = {
    "attachments.attachment": _("archivos adjuntos"),
    "cases.consent": _("testigos de consentimientos"),
    "cases.glassbreak": _("motivos de aperturas de urgencia"),
    "cases.handoverstep": _("notas de derivaciones"),
    "devices.filledform": _("formularios recibidos de teléfonos"),
    "devices.formfile": _("archivos recibidos de teléfonos"),
    "devices.ruling": _("decisiones sobre formularios recibidos"),
    "households.bestinterests": _("estudios de interés superior"),
    "households.childmove": _("entregas de niñas y niños"),
    "households.contact": _("contactos"),
    "households.member": _("lugares en grupos"),
    "households.relationship": _("familiares"),
    "people.correction": _("correcciones"),
    "people.documentcorrection": _("correcciones de documentos"),
    "people.identifier": _("documentos"),
    "people.merge": _("motivos de uniones de registros"),
    "people.name": _("nombres"),
    "people.pair": _("parecidos con otros registros"),
    "people.pairdecision": _("decisiones sobre parecidos"),
    "people.person": _("registros que guardan solo sexo, año de nacimiento y nacionalidad"),
    "people.searchdecision": _("búsquedas antes de registrar"),
    "people.section": _("secciones"),
    "returns.arrival": _("llegadas sin sus datos de salud"),
    "returns.assessment": _("seguimientos"),
    "returns.attention": _("sesiones de atención"),
    "returns.bag": _("pertenencias"),
    "returns.manifestline": _("renglones de listas de viaje"),
    "returns.plan": _("planes"),
    "returns.planaction": _("acciones de planes"),
    "returns.planversion": _("versiones de planes"),
    "returns.stay": _("noches de alojamiento"),
    "returns.trip": _("viajes a casa"),
}
"""Tables of shared apps and of topics, as a certificate names them; one that is not here is named by its label."""


def classes(codes: Iterable[str]) -> str:
    """The classes of data in words."""
    return "; ".join(str(CLASSES[DataClass(one)]) for one in codes)


def counted(counts: dict[str, int]) -> list[tuple[str, int]]:
    """What was removed or blanked, in words, with how many."""
    named: list[tuple[Any, int]] = [(TABLES.get(label, label), count) for label, count in counts.items()]
    return sorted((str(name), count) for name, count in named)
