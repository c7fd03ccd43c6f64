"""How the pages of children call what their codes stand for."""

from django.utils.translation import gettext_lazy as _

from torogoz.domain.children import Company, Lacks, Minority, Move, Study

MINORITIES = {
    Minority.CHILD: ("more", _("Niña, niño o adolescente")),
    Minority.POSSIBLE: ("more", _("Puede ser menor de 18: se le trata como niña o niño")),
    Minority.ADULT: ("not", _("Tiene 18 años o más")),
    Minority.UNKNOWN: ("more", _("No se sabe la edad")),
}
COMPANIES = {
    Company.ACCOMPANIED: ("may", _("Con su madre, padre o responsable, con documento")),
    Company.UNVERIFIED: ("danger", _("Con quien dice ser su madre, padre o responsable: sin documento")),
    Company.SEPARATED: ("danger", _("Sin su madre ni su padre, con otro familiar adulto")),
    Company.UNACCOMPANIED: ("danger", _("Sola o solo, sin familia adulta")),
    Company.UNKNOWN: ("danger", _("No consta con quién llegó: se le trata como si estuviera solo")),
}
MOVES = {
    Move.HAND_OVER: _("Entregar a una persona adulta"),
    Move.TRANSFER: _("Trasladar a otro lugar o institución"),
    Move.RETURN: _("Retornar a otro país"),
    Move.SOLUTION: _("Solución duradera"),
}
MOVED = {
    Move.HAND_OVER: _("Se entregó a una persona adulta"),
    Move.TRANSFER: _("Se trasladó"),
    Move.RETURN: _("Se retornó a otro país"),
    Move.SOLUTION: _("Se decidió una solución duradera"),
}
STUDIES = {
    Study.BIA: _("Evaluación del interés superior"),
    Study.BID: _("Determinación del interés superior, por un panel"),
}
FIELDS = {
    Lacks.RECEIVER: "receiver",
    Lacks.EVIDENCE: "receiver",
    Lacks.RECEIVER_AGE: "seen_adult",
    Lacks.DOCUMENT: "document",
}
"""Beside which field of the form of a move it is said what is missing; the rest beside the move."""
