"""How pages call what the codes of requests stand for."""

from django.utils.translation import gettext_lazy as _

from torogoz.domain.data_rights import AnswerBy, Asker, Proof, Right, State, Step, Why

RIGHTS = {
    Right.ACCESS: _("Acceso: saber qué hay registrado y recibir una copia"),
    Right.RECTIFICATION: _("Rectificación: corregir lo que está mal"),
    Right.CANCELLATION: _("Cancelación: que se elimine"),
    Right.OPPOSITION: _("Oposición: que no se use para una finalidad"),
    Right.PORTABILITY: _("Portabilidad: llevarse los datos en un archivo"),
    Right.LIMITATION: _("Limitación: que se guarde y no se use"),
}
SHORT = {
    Right.ACCESS: _("Acceso"),
    Right.RECTIFICATION: _("Rectificación"),
    Right.CANCELLATION: _("Cancelación"),
    Right.OPPOSITION: _("Oposición"),
    Right.PORTABILITY: _("Portabilidad"),
    Right.LIMITATION: _("Limitación"),
}
ASKERS = {
    Asker.PERSON: _("La persona misma"),
    Asker.PARENT: _("Su madre, padre o responsable legal"),
    Asker.BY_LAW: _("La institución que por ley representa a la niñez sola: PGR o CONAPINA"),
    Asker.PROXY: _("Quien la representa con poder o autorización"),
}
PROOFS = {
    Proof.DOCUMENT: _("Mostró su documento, y la foto es suya"),
    Proof.CONSULAR: _("Un consulado la identificó"),
    Proof.KNOWN: _("El personal la conoce de una atención registrada aquí"),
    Proof.NONE: _("Todavía no se ha comprobado"),
}
ANSWERS = {
    AnswerBy.WINDOW: _("En esta ventanilla"),
    AnswerBy.READ_ALOUD: _("En esta ventanilla, leída en voz alta"),
    AnswerBy.CONSULATE: _("En un consulado"),
    AnswerBy.EMAIL: _("Por correo electrónico, cifrada"),
}
STATES = {
    State.IDENTITY: _("Falta comprobar quién pide"),
    State.RECEIVED: _("Recibida"),
    State.IN_PROGRESS: _("En trámite"),
    State.EXTENDED: _("En trámite, plazo ampliado"),
    State.GRANTED: _("Concedida, falta entregar la respuesta"),
    State.PARTLY: _("Concedida en parte, falta entregar la respuesta"),
    State.DENIED: _("Denegada, falta entregar la respuesta"),
    State.ANSWERED: _("Respondida"),
    State.WITHDRAWN: _("Retirada por la persona"),
}
BADGES = {
    State.IDENTITY: "more",
    State.RECEIVED: "more",
    State.IN_PROGRESS: "more",
    State.EXTENDED: "more",
    State.GRANTED: "may",
    State.PARTLY: "may",
    State.DENIED: "not",
    State.ANSWERED: "may",
    State.WITHDRAWN: "not",
}
STEPS = {
    Step.PROVE: _("Se comprobó quién pide"),
    Step.TAKE: _("Empezar el trámite"),
    Step.EXTEND: _("Ampliar el plazo veinte días hábiles"),
    Step.GRANT: _("Conceder"),
    Step.GRANT_PARTLY: _("Conceder en parte"),
    Step.DENY: _("Denegar"),
    Step.DELIVER: _("La respuesta se entregó"),
    Step.WITHDRAW: _("La persona la retira"),
}
WHYS = {
    Why.IDENTITY: _("No se comprobó quién pide"),
    Why.NOTHING: _("No hay datos de la persona"),
    Why.DUTY: _("Una ley obliga a conservarlos hasta una fecha"),
    Why.OTHERS: _("Dañaría los derechos de otra persona"),
    Why.NOT_ENTITLED: _("Quien pide no puede pedir por la persona"),
}
WORDS = {
    Step.EXTEND: _("Por qué se amplía"),
    Step.GRANT: _("Qué se responde a la persona"),
    Step.GRANT_PARTLY: _("Qué se concede, qué no y por qué"),
    Step.DENY: _("Por qué, y cómo puede reclamar"),
    Step.DELIVER: _("A quién se entregó y cómo"),
    Step.WITHDRAW: _("Qué dijo la persona"),
    Step.PROVE: _("Qué mostró"),
}
