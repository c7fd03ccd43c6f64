"""What is asked to place a hold and to lift it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.domain.disposal import LONGEST_WORDS, Ground
from torogoz.shared.data_rights.disposal_words import GROUNDS
from torogoz.shared.ui.forms import Questions

DAY = {"invalid": _("Escriba el día así: 2026-11-26."), "required": _("Escriba el día.")}


def _day(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, error_messages=DAY, **options)


class HoldForm(Questions):
    """Of whom, on what ground, from when until when."""

    person = forms.CharField(
        label=_("Clave del registro o número del documento"),
        help_text=_("Solo registros de personas que su institución registró o atendió."),
        max_length=60,
        error_messages={"required": _("Escriba la clave o el número.")},
    )
    ground = forms.ChoiceField(
        label=_("¿Por qué se conserva?"),
        choices=[(one.value, words) for one, words in GROUNDS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Elija una respuesta.")},
    )
    article = forms.CharField(
        label=_("Resolución o artículo"),
        max_length=200,
        error_messages={"required": _("Escriba la resolución o el artículo.")},
    )
    words = forms.CharField(
        label=_("Explicación"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Explíquelo con sus palabras.")},
    )
    valid_from = _day(_("Desde"))
    valid_until = _day(_("Hasta"), required=False, help_text=_("Vacío: hasta que alguien la levante."))

    def read(self) -> dict[str, Any]:
        """What was typed, as the action takes it."""
        kept: dict[str, Any] = dict(self.cleaned_data)
        kept["ground"] = Ground(kept["ground"])
        return kept


class LiftHoldForm(Questions):
    """Why a hold is lifted."""

    words = forms.CharField(
        label=_("Por qué se levanta"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Explíquelo con sus palabras.")},
    )
