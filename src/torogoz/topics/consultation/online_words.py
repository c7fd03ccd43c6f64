"""What the pages of the on-line consultation say for codes."""

from django.utils.translation import gettext_lazy as _

from torogoz.domain.polls import Answer, Ground, Moment
from torogoz.statistics.deliberation.small_cells import Split

TEXT = 1
"""Number of the sworn text below. A text that is changed takes the next number."""
AGES = {
    "18-29": _("De 18 a 29 años"),
    "30-44": _("De 30 a 44 años"),
    "45-59": _("De 45 a 59 años"),
    "60+": _("60 años o más"),
}
ANSWERS = {
    Answer.AGREE: _("De acuerdo"),
    Answer.DISAGREE: _("En desacuerdo"),
    Answer.PASS: _("Paso"),
}
SAID = {1: ANSWERS[Answer.AGREE], -1: ANSWERS[Answer.DISAGREE], 0: ANSWERS[Answer.PASS]}
PARTS = {
    Split.THREE: (_("De acuerdo"), _("En desacuerdo"), _("Paso")),
    Split.AGREE: (_("De acuerdo"), _("En desacuerdo o paso")),
    Split.DISAGREE: (_("En desacuerdo"), _("De acuerdo o paso")),
    Split.PASS: (_("Paso"), _("De acuerdo o en desacuerdo")),
    Split.NONE: (_("La vieron"),),
}
GROUNDS = {
    Ground.NOT_ABOUT: _("No es sobre lo que se consulta"),
    Ground.SEVERAL: _("Dice varias cosas a la vez: no se podría votar una sola"),
    Ground.SAID_BEFORE: _("Ya está dicha en otra frase"),
    Ground.NAMES_PERSONS: _("Nombra o deja reconocer a una persona"),
    Ground.INSULTS: _("Insulta"),
    Ground.HATE: _("Llama a odiar, a dañar o a discriminar"),
    Ground.ADVERTISES: _("Anuncia un producto, un partido o una candidatura"),
    Ground.NO_STATEMENT: _("No es una frase con la que se pueda estar de acuerdo o en desacuerdo"),
}
MOMENTS = {
    Moment.WAITING: ("going", _("Todavía no abre")),
    Moment.OPEN: ("may", _("Abierta")),
    Moment.CLOSED: ("not", _("Cerrada")),
    Moment.WITHDRAWN: ("not", _("Retirada")),
}
OTHERS = _("Otros países, juntos")
