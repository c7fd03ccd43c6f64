"""What the pages of practices call things, in the reader's language."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from torogoz.domain.pledges import Kind, Stage, Type
from torogoz.domain.practices import Opinion, Result, ReviewState, State, Step, Verdict

STATES = {
    State.DRAFT: _("borrador"),
    State.SUBMITTED: _("presentada"),
    State.IN_REVIEW: _("en revisión"),
    State.PUBLISHED: _("publicada"),
    State.SENT_BACK: _("devuelta para completarla"),
    State.WITHDRAWN: _("retirada"),
}
BADGES = {
    State.DRAFT: "more",
    State.SUBMITTED: "more",
    State.IN_REVIEW: "more",
    State.PUBLISHED: "may",
    State.SENT_BACK: "danger",
    State.WITHDRAWN: "not",
}
STEPS = {
    Step.SUBMIT: _("Se presentó"),
    Step.BEGIN_REVIEW: _("Empezó la revisión"),
    Step.PUBLISH: _("Se publicó"),
    Step.SEND_BACK: _("Se devolvió"),
    Step.WITHDRAW: _("Se retiró"),
}
REVIEWS = {
    ReviewState.ASKED: _("todavía no declara si tiene un conflicto"),
    ReviewState.READING: _("declaró que no tiene conflicto y la lee"),
    ReviewState.GIVEN: _("entregada"),
    ReviewState.IN_CONFLICT: _("declaró un conflicto: no la revisa"),
    ReviewState.RELEASED: _("ya no la revisa"),
}
OPINIONS = {
    Opinion.MEETS: _("cumple los criterios"),
    Opinion.DOES_NOT_MEET: _("no los cumple todavía"),
    Opinion.CANNOT_TELL: _("no se puede saber con lo que dice"),
}
VERDICTS = {
    Verdict.WAITING: _("faltan revisiones"),
    Verdict.THIRD: _("no coinciden: hace falta una tercera revisión"),
    Verdict.PUBLISH: _("se puede publicar"),
    Verdict.SEND_BACK: _("se devuelve para completarla"),
}
SCORES = {3: _("del todo"), 2: _("en su mayor parte"), 1: _("en parte"), 0: _("no"), None: _("no se puede saber")}
RESULTS = {
    Result.UNDER_WAY: _("en marcha"),
    Result.WORKED: _("funcionó"),
    Result.IN_PART: _("funcionó en parte"),
    Result.DID_NOT_WORK: _("no funcionó aquí"),
}
RESULT_BADGES = {
    Result.UNDER_WAY: "more",
    Result.WORKED: "may",
    Result.IN_PART: "more",
    Result.DID_NOT_WORK: "danger",
}
FIELDS = {
    "title": _("Título"),
    "summary": _("Qué se hizo"),
    "results": _("Resultados"),
    "evidence": _("Evidencia"),
    "cost": _("Costo: qué cubre"),
    "lessons": _("Lecciones"),
    "conditions": _("Qué hace falta para repetirla"),
    "place": _("Lugar"),
    "country": _("País"),
    "began_on": _("Desde"),
    "objectives": _("Objetivos del Pacto"),
    "principles": _("Principios rectores"),
}
HINTS: dict[str, Any] = {
    "title": "",
    "summary": _("Qué problema había y qué se hizo, en orden."),
    "results": _("Qué cambió, para quién y cuánto. Si no se midió, dígalo."),
    "cost": _("Qué cubre el monto, quién lo pagó, o por qué no se conoce."),
    "lessons": _("Qué haría de otra manera."),
    "conditions": _("Ley, personal, dinero, acuerdos: lo que otro lugar necesita para que funcione."),
}
KINDS = {
    Kind.OWN: _("propia"),
    Kind.JOINT: _("conjunta"),
    Kind.MATCHING: _("se suma a otra"),
}
TYPES = {
    Type.FINANCIAL: _("dinero"),
    Type.HUMAN: _("personas y conocimiento"),
    Type.PROCESS: _("procesos"),
    Type.POLICY: _("normas y políticas"),
}
STAGES = {
    Stage.PLANNING: _("en preparación"),
    Stage.IN_PROGRESS: _("en marcha"),
    Stage.FULFILLED: _("cumplida"),
}
STAGE_BADGES = {Stage.PLANNING: "more", Stage.IN_PROGRESS: "more", Stage.FULFILLED: "may"}


def in_language(word: object, language: str) -> str:
    """One of these words in a language, whatever the page is in."""
    with override(language):
        return str(word)
