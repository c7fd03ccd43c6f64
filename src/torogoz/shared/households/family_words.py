"""How the pages of the family call what their codes stand for."""

from django.utils.translation import gettext_lazy as _

from torogoz.domain.families import Evidence, GroupKind, Kin

KINS = {
    Kin.PARENT: _("Su madre o padre"),
    Kin.CHILD: _("Su hija o hijo"),
    Kin.SPOUSE: _("Su cónyuge o pareja"),
    Kin.SIBLING: _("Su hermana o hermano"),
    Kin.GUARDIAN: _("Quien la cuida por ley o costumbre"),
    Kin.WARD: _("A quien cuida por ley o costumbre"),
    Kin.RELATIVE: _("Otro familiar"),
    Kin.OTHER: _("Otra persona cercana"),
}
EVIDENCES = {
    Evidence.DOCUMENT: _("Un documento que usted vio"),
    Evidence.STATED: _("La palabra de alguien"),
    Evidence.UNVERIFIED: _("Todavía nada"),
}
EVIDENCE_BADGES = {
    Evidence.DOCUMENT: ("may", _("Con documento")),
    Evidence.STATED: ("more", _("De palabra")),
    Evidence.UNVERIFIED: ("danger", _("Sin verificar")),
}
GROUP_KINDS = {
    GroupKind.TRAVEL: _("Llegaron juntos"),
    GroupKind.HOUSEHOLD: _("Viven juntos"),
    GroupKind.ALONE: _("Llegó sola o solo"),
}
