"""How the pages call what their codes stand for."""

from django.utils.translation import gettext_lazy as _

from torogoz.domain.contacts import PREFIXES, Safe, Way, Whose
from torogoz.domain.people import UNKNOWN
from torogoz.shared.people.models import Person
from torogoz.shared.people.queries import names_of

WAYS = {
    Way.PHONE: _("Teléfono"),
    Way.WHATSAPP: _("WhatsApp"),
    Way.EMAIL: _("Correo electrónico"),
    Way.ADDRESS: _("Dirección"),
}
WHOSES = {
    Whose.OWN: _("De la persona misma"),
    Whose.RELATIVE: _("De un familiar"),
    Whose.TRUSTED: _("De alguien de confianza"),
}
SAFES = {
    Safe.YES: _("Sí, se puede llamar"),
    Safe.MESSAGE: _("Solo un mensaje sin decir de qué se trata"),
    Safe.NO: _("No es seguro"),
    Safe.UNKNOWN: _("No se le ha preguntado"),
}
SAFE_BADGES = {
    Safe.YES: ("may", _("Seguro")),
    Safe.MESSAGE: ("more", _("Solo mensaje")),
    Safe.NO: ("danger", _("No es seguro")),
    Safe.UNKNOWN: ("more", _("Pregunte si es seguro")),
}
COUNTRIES = {
    "SLV": _("El Salvador"),
    "USA": _("Estados Unidos"),
    "MEX": _("México"),
    "GTM": _("Guatemala"),
    "HND": _("Honduras"),
    "CAN": _("Canadá"),
    "ESP": _("España"),
}
DOUBTS = {
    "digits": _("Ese teléfono tiene más o menos dígitos que los de su país. Se guardó así; léaselo a la persona."),
    "prefix": _("No se sabe de qué país es ese teléfono. Se guardó como lo dieron, y no se puede marcar desde aquí."),
}


def country_choices() -> list[tuple[str, str]]:
    """The countries whose prefix is known, and none; nobody's is chosen beforehand."""
    offered = [(code, f"{COUNTRIES[code]} ({PREFIXES[code][0]})") for code in COUNTRIES]
    return [("", "—"), *offered, (UNKNOWN, str(_("Otro, o no se sabe")))]


def called(person: Person) -> str:
    """The name by which a page calls a person whom it may show."""
    name, aliases = names_of(person)
    return str(name) or next(iter(aliases), "")
