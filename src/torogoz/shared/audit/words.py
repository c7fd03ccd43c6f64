"""How the page of the record calls what its codes stand for."""

from django.utils.translation import gettext_lazy as _

from torogoz.domain.access import Basis, Verb
from torogoz.domain.consents import Purpose
from torogoz.domain.purposes import EMERGENCY
from torogoz.domain.sections import NOT_OF_THE_FORM
from torogoz.statistics.forms.shipped import current

VERBS = {
    Verb.VIEW: _("ver"),
    Verb.LIST: _("listar"),
    Verb.SEARCH: _("buscar"),
    Verb.CREATE: _("registrar"),
    Verb.EDIT: _("corregir"),
    Verb.MERGE: _("unir registros"),
    Verb.PRINT: _("imprimir"),
    Verb.EXPORT: _("extraer"),
    Verb.AUDIT: _("revisar accesos"),
    Verb.PUBLISH: _("publicar"),
    Verb.SUBMIT: _("entregar archivos"),
    Verb.CONVENE: _("convocar"),
    Verb.REPORT: _("informar"),
    Verb.ASSESS: _("evaluar con independencia"),
    Verb.LIAISE: _("atender a la diáspora"),
    Verb.AGREE: _("acordar el protocolo"),
    Verb.DISPOSE: _("eliminar"),
    Verb.SIGN_IN: _("entrar"),
    Verb.SIGN_OUT: _("salir"),
}

BASES = {
    Basis.OWN: _("propio de su institución"),
    Basis.PROTOCOL: _("por el protocolo"),
    Basis.OFFICE: _("atención en el centro"),
    Basis.DUTY: _("por su función"),
    Basis.CONSENT: _("con consentimiento"),
    Basis.GLASS: _("apertura de urgencia"),
    Basis.HANDOVER: _("por derivación"),
    Basis.LAW: _("por mandato de ley"),
}

PURPOSES = {
    Purpose.ATTENTION: _("Atención inmediata"),
    Purpose.REINTEGRATION: _("Reintegración"),
    Purpose.LEGAL: _("Asistencia legal"),
    Purpose.FAMILY: _("Reunificación familiar"),
    Purpose.PROTECTION: _("Protección"),
}
"""For what something is shared, and for what an officer works."""

RECORDED_PURPOSES = {purpose.value: word for purpose, word in PURPOSES.items()} | {EMERGENCY: _("Urgencia")}
"""For what something was done, as the record keeps it."""

CHANNELS = {
    "page": _("página"),
    "list": _("lista"),
    "search": _("búsqueda"),
    "export": _("extracción"),
    "attachment": _("archivo adjunto"),
    "paper": _("papel"),
    "command": _("comando"),
}
"""Ways by which something was shown; a code that is not here is shown as it is."""

WHATS = {
    "person": _("persona"),
    "identifier": _("documento de una persona"),
    "people": _("personas"),
    "arrival": _("llegada"),
    "section": _("sección"),
    "attachment": _("adjunto"),
    "ficha": _("ficha"),
    "consent": _("consentimiento"),
    "handover": _("derivación"),
    "glass": _("apertura de urgencia"),
    "elsewhere": _("aviso de registro en otra institución"),
    "contact": _("contacto"),
    "manifest": _("lista de viaje"),
    "transport": _("vuelo o bus"),
    "stop": _("parada del circuito"),
    "export": _("archivo extraído"),
    "export_request": _("exportación que otra persona aprueba"),
    "officer": _("usuario"),
    "posting": _("destino"),
    "session": _("sesión"),
    "purpose": _("finalidad declarada"),
    "audit": _("registro de accesos"),
    "oversight": _("vigilancia de los accesos"),
    "alert": _("alerta"),
    "protocol": _("protocolo para compartir información"),
    "assessment": _("evaluación"),
    "assessment_reply": _("respuesta a una evaluación"),
    "attendance": _("asistencia"),
    "attendance_names": _("nombres de asistencia"),
    "binding": _("tratado vinculante"),
    "blank_form": _("formulario sin conexión"),
    "breach": _("vulneración de datos"),
    "budget_line": _("línea de presupuesto"),
    "call": _("convocatoria"),
    "child": _("protección de la niñez"),
    "children": _("lista de niñez"),
    "code": _("código"),
    "consultation": _("consulta nacional"),
    "contribution": _("aporte"),
    "cycle": _("ciclo de seguimiento"),
    "device": _("equipo"),
    "disposal": _("eliminación de datos"),
    "draft": _("texto en borrador"),
    "duplicate": _("posible duplicado"),
    "duty": _("deber de informar"),
    "estimate": _("estimación"),
    "estimates": _("estimaciones"),
    "event": _("reunión"),
    "family": _("familia"),
    "filled_form": _("formulario recibido"),
    "group": _("grupo"),
    "hold": _("retención legal"),
    "instrument": _("instrumento"),
    "invitation": _("invitación"),
    "job": _("tarea"),
    "link": _("vínculo"),
    "made_up_people": _("personas inventadas"),
    "measure": _("medida"),
    "merge": _("unión de registros"),
    "milestone": _("hito"),
    "minutes": _("acta"),
    "national_review": _("examen nacional"),
    "notice": _("aviso"),
    "office": _("oficina"),
    "onward": _("pertenencias, traslado y alojamiento"),
    "own_file": _("archivo propio"),
    "password": _("contraseña"),
    "plan": _("plan de reintegración"),
    "pledge": _("compromiso"),
    "position": _("posición nacional"),
    "practice": _("práctica"),
    "reading": _("lectura"),
    "referral": _("hoja de remisión"),
    "register": _("registro de compromisos"),
    "relationship": _("parentesco"),
    "release": _("publicación"),
    "report": _("informe"),
    "responsibility": _("responsabilidad"),
    "retention": _("plazos de conservación"),
    "reuse": _("reutilización del formulario"),
    "review": _("revisión"),
    "rights_request": _("solicitud sobre datos"),
    "schema": _("esquema"),
    "sealed_anew": _("cifrado de nuevo"),
    "legal_basis": _("fundamento legal de derivaciones"),
    "second_factor": _("segundo paso"),
    "shelter": _("albergue"),
    "stay": _("alojamiento"),
    "submission": _("entrega de archivo"),
    "table": _("mesa de consulta"),
    "target": _("meta"),
    "vintage": _("edición de una fuente"),
    "wording": _("texto de una disposición"),
    "amendment": _("enmienda"),
    "association": _("asociación"),
    "bag": _("pertenencias"),
    "ballot": _("voto de un puesto"),
    "best_interests": _("interés superior"),
    "child_move": _("traslado de una niña o un niño"),
    "encounter": _("encuentro"),
    "follow_up": _("seguimiento"),
    "funding_round": _("ronda de fondos"),
    "key_added": _("clave nueva"),
    "key_removed": _("clave retirada"),
    "key_wrapped_anew": _("clave guardada de nuevo"),
    "mobile_consulate": _("consulado móvil"),
    "outcome": _("resultado"),
    "poll": _("votación"),
    "project": _("proyecto"),
    "recommendation": _("recomendación"),
    "skill_offer": _("oferta de saberes"),
    "skill_request": _("pedido de saberes"),
    "statement": _("enunciado"),
    "theme": _("tema"),
    "treaty_status": _("estado de un tratado"),
    "trip": _("viaje"),
}
"""Kinds of thing that are shown; a code that is not here is shown as it is, and a test finds it."""


def section_names(language: str) -> dict[str, str]:
    """What everything is called in a language that the record calls by the code of a section."""
    place = 0 if language.startswith("es") else 1
    return {form.code: (form.es, form.en)[place] for form in current()} | {
        code: names[place] for code, names in NOT_OF_THE_FORM.items()
    }
