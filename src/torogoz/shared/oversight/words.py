"""How the pages of oversight call what their codes stand for."""

from django.utils.translation import gettext_lazy as _

from torogoz.domain.oversight import AlertState, Kind

KINDS = {
    Kind.ELSEWHERE: _("Abrió muchas personas fuera de su centro"),
    Kind.NIGHT: _("Abrió muchas personas de noche"),
    Kind.REFUSED: _("Muchos intentos denegados"),
    Kind.GLASS: _("Aperturas de urgencia repetidas"),
    Kind.READERS: _("Un mismo expediente abierto por muchos"),
}

UNITS = {
    Kind.ELSEWHERE: _("personas en un día"),
    Kind.NIGHT: _("personas entre las 22:00 y las 5:00"),
    Kind.REFUSED: _("intentos en un día"),
    Kind.GLASS: _("aperturas en siete días"),
    Kind.READERS: _("usuarios en siete días"),
}

STATES = {
    AlertState.NEW: _("nueva"),
    AlertState.LOOKED_INTO: _("en revisión"),
    AlertState.EXPLAINED: _("explicada"),
    AlertState.BREACH: _("posible vulneración"),
}

BADGES = {
    AlertState.NEW: "more",
    AlertState.LOOKED_INTO: "more",
    AlertState.EXPLAINED: "not",
    AlertState.BREACH: "danger",
}
