"""How pages and sheets call what the codes of reintegration plans stand for."""

from django.utils.translation import gettext_lazy as _

from torogoz.domain.reintegration import Agreed, Closed, Level, Moment, Need, Outcome

NEEDS = {
    Need.SAFETY: _("Seguridad"),
    Need.HOUSING: _("Vivienda"),
    Need.INCOME: _("Trabajo o ingresos"),
    Need.TRAINING: _("Formación para el trabajo"),
    Need.SCHOOL: _("Estudio"),
    Need.PAPERS: _("Documentos de identidad"),
    Need.HEALTH: _("Salud"),
    Need.PSYCHOSOCIAL: _("Apoyo psicosocial"),
    Need.FAMILY: _("Familia"),
    Need.LEGAL: _("Asistencia legal"),
    Need.DEBT: _("Deudas"),
}
LEVELS = {
    Level.UNKNOWN: _("Se desconoce"),
    Level.NONE: _("No lo necesita"),
    Level.LATER: _("Puede esperar"),
    Level.SOON: _("Pronto"),
    Level.NOW: _("Urgente"),
}
BADGES = {Level.LATER: "not", Level.SOON: "more", Level.NOW: "danger"}
OUTCOMES = {
    Outcome.PLANNED: _("Sin resultado"),
    Outcome.DONE: _("Hecha"),
    Outcome.NO_SHOW: _("La persona no llegó"),
    Outcome.EXCUSED: _("Avisó que no podía"),
    Outcome.CANCELLED: _("Ya no hace falta"),
}
AGREED = {
    Agreed.SIGNED: _("Firmó la hoja"),
    Agreed.FINGERPRINT: _("Puso su huella en la hoja"),
    Agreed.SPOKEN: _("De palabra, ante quien lo anota"),
}
MOMENTS = {
    Moment.BASELINE: _("Al comienzo"),
    Moment.MONTH_6: _("A los seis meses"),
    Moment.MONTH_12: _("A los doce meses"),
}
CLOSED = {
    Closed.REACHED: _("La persona ya no necesita acompañamiento"),
    Closed.DECLINED: _("La persona no quiere seguir"),
    Closed.LEFT: _("La persona volvió a salir del país"),
    Closed.UNREACHABLE: _("No se la encuentra"),
    Closed.DIED: _("La persona murió"),
}
