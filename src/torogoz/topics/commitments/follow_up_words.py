"""How pages call what the codes of the follow-up stand for; the sign of each state; what is said to whom."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from torogoz.domain.commitments import Direction, MilestoneState, Reminder, ReportState
from torogoz.statistics.deliberation.progress import Measured, Method, Status
from torogoz.topics.commitments.review_content import Missing

STATUSES: Final = {
    Status.NOT_STARTED: _("Sin empezar"),
    Status.PLANNED: _("Planificado"),
    Status.IN_PROGRESS: _("En marcha"),
    Status.PARTIALLY: _("Cumplido en parte"),
    Status.FULFILLED: _("Cumplido"),
    Status.REGRESSED: _("Retrocedió"),
    Status.NO_INFORMATION: _("Sin información"),
    Status.NO_TARGET: _("Sin meta fijada"),
}
SIGNS: Final = {
    Status.NOT_STARTED: "not",
    Status.PLANNED: "more",
    Status.IN_PROGRESS: "more",
    Status.PARTIALLY: "more",
    Status.FULFILLED: "may",
    Status.REGRESSED: "danger",
    Status.NO_INFORMATION: "not",
    Status.NO_TARGET: "not",
}
COLUMNS: Final = {
    "official": _("Estado oficial"),
    "computed": _("Lectura calculada"),
    "independent": _("Evaluación independiente"),
}
REPORT_STATES: Final = {
    ReportState.DRAFT: _("Borrador"),
    ReportState.SUBMITTED: _("Espera la aprobación de otra persona de la institución"),
    ReportState.APPROVED: _("Aprobado; espera su publicación"),
    ReportState.PUBLISHED: _("Publicado"),
}
STEPS: Final = {
    "write": _("escrito"),
    "submit": _("enviado"),
    "approve": _("aprobado"),
    "take_back": _("devuelto dentro de la institución"),
    "publish": _("publicado"),
    "send_back": _("devuelto por la secretaría"),
}
REMINDERS: Final = {
    Reminder.ANNOUNCED: _("Se avisó la fecha"),
    Reminder.BEFORE: _("Faltan 30 días o menos"),
    Reminder.ON_DAY: _("Vence hoy"),
    Reminder.OVERDUE: _("Venció"),
    Reminder.LONG_OVERDUE: _("Venció hace 30 días o más"),
}
MILESTONES: Final = {
    MilestoneState.UNKNOWN: _("No se sabe"),
    MilestoneState.OPEN: _("Pendiente"),
    MilestoneState.DONE: _("Cumplido"),
}
DIRECTIONS: Final = {Direction.UP: _("Debe subir"), Direction.DOWN: _("Debe bajar")}
MEASURED: Final = {
    Measured.SHARE: _("Una proporción, en porcentaje"),
    Measured.COUNT: _("Un conteo de personas o hechos"),
    Measured.QUANTITY: _("Una cantidad sin tope, como dinero"),
}
METHODS: Final = {
    Method.PACE: _("ritmo: parte del camino recorrida entre parte del tiempo transcurrida"),
    Method.COMPOUND: _("crecimiento: el anual observado entre el anual que la meta pide"),
}
MISSING: Final = {
    Missing.RESPONSIBLE: _("Sin institución responsable"),
    Missing.MEASURE: _("Sin medidas publicadas"),
    Missing.TARGET: _("Sin meta fijada"),
    Missing.READING: _("Sin lectura"),
    Missing.REPORT: _("Sin informe publicado"),
    Missing.ASSESSMENT: _("Sin evaluación independiente"),
}


def status_choices() -> list[tuple[str, str]]:
    """The statuses, as they are chosen."""
    return [(status.value, str(word)) for status, word in STATUSES.items()]
