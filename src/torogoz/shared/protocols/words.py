"""How the pages of the protocol call what its codes stand for."""

from django.utils.translation import gettext_lazy as _

from torogoz.domain.access import Role
from torogoz.domain.protocols import State

ROLES = {
    Role.LOGISTICS: _("logística"),
    Role.REGISTRAR: _("registro"),
    Role.SPECIALIST: _("especialista"),
    Role.SUPERVISOR: _("supervisión"),
}
"""Those that work with people, and so may have a line."""

STATES = {
    State.DRAFT: _("borrador"),
    State.PROPOSED: _("propuesta: espera a otra institución"),
    State.APPROVED: _("aprobada"),
    State.REFUSED: _("rechazada"),
    State.WITHDRAWN: _("retirada por quien la propuso"),
}

BADGES = {
    State.DRAFT: "not",
    State.PROPOSED: "more",
    State.APPROVED: "may",
    State.REFUSED: "danger",
    State.WITHDRAWN: "not",
}
