"""What is typed of a text: its versions, amendments, points, positions, and why there was no agreement."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.domain.deliberation import Stance
from torogoz.shared.codelists.queries import options as listed
from torogoz.shared.ui.forms import choose
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.consultation.forms import MISSING, DeedForm, pick, text, words
from torogoz.topics.consultation.table_forms import of_themes
from torogoz.topics.consultation.words import STANCES


class DraftForm(DeedForm):
    """A text to write together, with its first version."""

    code = words(_("Código"), 20, hint=_("Distinto de los temas: D1, o T1.1."))
    kind = pick(_("Qué es"))
    theme = pick(_("Tema"), required=False)
    title_es = words(_("Título en español"))
    title_en = words(_("Título en inglés"))
    text_es = text(_("Primer texto en español"), 8000, rows=5)
    text_en = text(_("Primer texto en inglés"), 8000, rows=5)

    def __init__(self, data: Any = None, *, themes: Any = (), **options: Any) -> None:
        super().__init__(data, **options)
        choose(self, "kind", listed("PROVISION_KIND", language()))
        choose(self, "theme", [("", "—"), *of_themes(themes)])


class VersionForm(DeedForm):
    """The next version. `version` holds the number of the one that it is written over."""

    text_es = text(_("Texto en español"), 8000, rows=6)
    text_en = text(_("Texto en inglés"), 8000, rows=6)
    why = words(_("Por qué cambia"), 600)


class AmendmentForm(DeedForm):
    """Other words for a version, and why."""

    text_es = text(_("Texto que propone, en español"), 8000, rows=5)
    text_en = text(_("Texto que propone, en inglés"), 8000, rows=5, required=False)
    reason = words(_("Por qué"), 600)


class AnswerForm(DeedForm):
    """The answer to an amendment."""

    taken = pick(_("¿Se acepta?"), [("yes", _("Sí")), ("no", _("No"))], few=True)
    answer = words(_("Qué se responde"), 600)


class PointForm(DeedForm):
    """A point under a text."""

    code = words(_("Código"), 20, hint=_("Por ejemplo D1.1."))
    kind = pick(_("Qué es"))
    text_es = text(_("Punto en español"), 2000, rows=2)
    text_en = text(_("Punto en inglés"), 2000, rows=2)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        choose(self, "kind", listed("PROVISION_KIND", language()))


class SettleForm(DeedForm):
    """Whether the seats agreed on a point."""

    agreed = pick("", [("yes", "yes"), ("no", "no")])


class PositionForm(DeedForm):
    """Where a body stands, and why."""

    stance = pick(_("Posición"), [(one.value, STANCES[one]) for one in Stance], few=True)
    reason = text(
        _("Razón"),
        2000,
        hint=_("Obligatoria si está en desacuerdo o bloquea. Queda con el resultado."),
        rows=3,
        required=False,
    )


class PaperPositionForm(PositionForm):
    """The position of a body that signed on paper, and from which sheet it is typed."""

    sheet = words(_("Cuál hoja o carta"), 60)


class NoAgreementForm(DeedForm):
    """Why a text ends without agreement."""

    note_es = text(_("Por qué no hubo acuerdo, en español"), 2000, rows=3)
    note_en = text(_("Por qué no hubo acuerdo, en inglés"), 2000, rows=3)


class MinutesForm(DeedForm):
    """The minutes of a meeting."""

    text_es = text(_("Acta en español"), 40000, rows=14)
    text_en = text(_("Acta en inglés"), 40000, rows=14)


class WindowForm(DeedForm):
    """Until when amendments may be asked for."""

    open_until = forms.DateTimeField(
        label=_("Hasta cuándo se piden enmiendas"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        error_messages={**MISSING, "invalid": _("Escriba el día y la hora así: 2026-11-26 16:30.")},
    )


class RequestForm(DeedForm):
    """What is asked to be changed in the minutes."""

    text = text(_("Qué debe decir el acta"), 2000, rows=3)
