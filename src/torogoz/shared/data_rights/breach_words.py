"""How pages and letters call what the codes of a breach stand for, and the texts of the letters."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from torogoz.domain.breaches import Category, Clock, Told
from torogoz.shared.data_rights.models import Breach
from torogoz.shared.ui.templatetags.ui import moment_written

CATEGORIES = {
    Category.IDENTITY: gettext_lazy("Nombres, nacimiento, nacionalidad"),
    Category.DOCUMENTS: gettext_lazy("Números de documentos"),
    Category.CONTACTS: gettext_lazy("Teléfonos, direcciones, familiares"),
    Category.JOURNEY: gettext_lazy("El viaje y el retorno"),
    Category.SENSITIVE: gettext_lazy("Salud, atención psicosocial, asistencia legal"),
    Category.PROTECTED: gettext_lazy("Niñez protegida, trata, violencia"),
    Category.CREDENTIALS: gettext_lazy("Contraseñas o llaves del sistema"),
}
TOLD = {
    Told.ACE: gettext_lazy("Agencia de Ciberseguridad del Estado (ACE)"),
    Told.FGR: gettext_lazy("Fiscalía General de la República (FGR)"),
    Told.PERSONS: gettext_lazy("Las personas de quienes son los datos"),
}
CLOCKS = {
    Clock.RUNNING: gettext_lazy("Falta avisar"),
    Clock.OVERDUE: gettext_lazy("Vencido: avise ahora"),
    Clock.IN_TIME: gettext_lazy("Avisado a tiempo"),
    Clock.LATE: gettext_lazy("Avisado fuera de plazo"),
}
BADGES = {Clock.RUNNING: "more", Clock.OVERDUE: "danger", Clock.IN_TIME: "may", Clock.LATE: "not"}


def letter(breach: Breach, told: Told, institution: str) -> list[str]:
    """The paragraphs of the letter to one of the three, in the language of the page. What is not known, it says."""
    facts = {
        "number": breach.number,
        "institution": institution,
        "when": moment_written(breach.discovered_at),
        "began": moment_written(breach.began_at) if breach.began_at else _("todavía no se sabe"),
        "data": "; ".join(str(CATEGORIES[Category(one)]).lower() for one in breach.categories),
        "people": str(breach.people) if breach.people is not None else _("todavía no se sabe"),
    }
    if told is Told.PERSONS:
        return [
            _("%(institution)s le avisa de algo que alcanza datos suyos.") % facts,
            _("El %(when)s descubrimos que alguien sin permiso pudo llegar a estos datos: %(data)s.") % facts,
            _(
                "Qué puede hacer: desconfíe de quien le llame o escriba diciendo que conoce su caso; no pague ni dé "
                "documentos a nadie por ello. Si su seguridad corre peligro, díganoslo hoy mismo."
            ),
            _(
                "Usted puede preguntar qué está registrado de usted y quién lo leyó, en cualquier ventanilla. "
                "Preguntar no cuesta nada ni cambia la atención que recibe. Referencia: %(number)s."
            )
            % facts,
        ]
    return [
        _(
            "%(institution)s notifica una brecha de seguridad de datos personales, conforme al Decreto Legislativo 144 "
            "de 2024. Referencia: %(number)s."
        )
        % facts,
        _("Se descubrió el %(when)s. Empezó: %(began)s.") % facts,
        _("Datos que alcanza: %(data)s. Personas: %(people)s.") % facts,
        _("Lo ocurrido y las medidas tomadas se describen en el anexo. Lo que se sepa después se comunicará."),
    ]
