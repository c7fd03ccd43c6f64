"""How pages call what the codes of consents and hand-overs stand for."""

from django.utils.translation import gettext_lazy as _

from torogoz.domain.consents import Given, GivenBy, Verdict
from torogoz.domain.handovers import Ground, Kind, State, Step, Urgency, Why

GIVEN = {
    Given.SIGNED: _("Firmó la hoja"),
    Given.FINGERPRINT: _("Puso su huella"),
    Given.SPOKEN: _("De palabra, ante testigo"),
}
GIVEN_BY = {GivenBy.PERSON: _("La persona misma"), GivenBy.GUARDIAN: _("Su madre, padre o responsable")}
VERDICTS = {Verdict.JUSTIFIED: _("Justificado"), Verdict.UNJUSTIFIED: _("No justificado")}
KINDS = {
    Kind.REFERRAL: _("Derivación a otra institución"),
    Kind.REQUEST: _("Petición de un registro"),
    Kind.ASSIGNMENT: _("Encargo a otra oficina"),
}
URGENCIES = {
    Urgency.NORMAL: _("Normal: respuesta en diez días"),
    Urgency.URGENT: _("Urgente: respuesta en 72 horas"),
    Urgency.IMMEDIATE: _("Inmediata: respuesta en 24 horas"),
}
GROUNDS = {
    Ground.PROTOCOL: _("El protocolo entre instituciones ya lo abre a quien recibe"),
    Ground.CONSENT: _("La persona lo consintió: hay un consentimiento vigente"),
    Ground.LAW: _("Una ley lo manda: hay una base legal aprobada"),
}
STATES = {
    State.ASKED: _("Pedida"),
    State.SENT: _("Enviada"),
    State.ACCEPTED: _("Aceptada"),
    State.IN_SERVICE: _("En atención"),
    State.COMPLETED: _("Completada"),
    State.REJECTED: _("Rechazada"),
    State.RECALLED: _("Retirada por quien la envió"),
    State.RETURNED: _("Devuelta"),
    State.CANCELLED: _("Terminada: la persona ya no quiere"),
    State.EXPIRED: _("Vencida sin respuesta"),
}
BADGES = {
    State.ASKED: "more",
    State.SENT: "more",
    State.ACCEPTED: "may",
    State.IN_SERVICE: "may",
    State.COMPLETED: "may",
    State.REJECTED: "not",
    State.RECALLED: "not",
    State.RETURNED: "danger",
    State.CANCELLED: "not",
    State.EXPIRED: "danger",
}
STEPS = {
    Step.SHARE: _("Compartir lo elegido"),
    Step.ACCEPT: _("Aceptar"),
    Step.REJECT: _("Rechazar"),
    Step.RECALL: _("Retirar"),
    Step.START: _("La atención comenzó"),
    Step.COMPLETE: _("Completar"),
    Step.GIVE_BACK: _("Devolver"),
    Step.CANCEL: _("La persona ya no quiere"),
}
WHYS = {
    Why.FULL: _("No hay lugar"),
    Why.NOT_OURS: _("No es de nuestra competencia"),
    Why.NOT_ELIGIBLE: _("La persona no cumple los requisitos"),
    Why.UNSAFE: _("No es seguro para la persona"),
    Why.NO_SHOW: _("La persona no llegó"),
    Why.NO_GROUND: _("No hay consentimiento ni ley que lo permita"),
}
