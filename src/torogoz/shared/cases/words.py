"""How pages call what the codes of consents stand for."""

from django.utils.translation import gettext_lazy as _

from torogoz.domain.consents import Given, GivenBy, Purpose, Verdict

PURPOSES = {
    Purpose.ATTENTION: _("Atención inmediata"),
    Purpose.REINTEGRATION: _("Reintegración"),
    Purpose.LEGAL: _("Asistencia legal"),
    Purpose.FAMILY: _("Reunificación familiar"),
    Purpose.PROTECTION: _("Protección"),
}
GIVEN = {
    Given.SIGNED: _("Firmó la hoja"),
    Given.FINGERPRINT: _("Puso su huella"),
    Given.SPOKEN: _("De palabra, ante testigo"),
}
GIVEN_BY = {GivenBy.PERSON: _("La persona misma"), GivenBy.GUARDIAN: _("Su madre, padre o responsable")}
VERDICTS = {Verdict.JUSTIFIED: _("Justificado"), Verdict.UNJUSTIFIED: _("No justificado")}
