"""What the secretariat types of cycles, duties and series; and why something goes back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.domain.commitments import Direction
from torogoz.shared.ui.forms import Questions
from torogoz.statistics.deliberation.progress import Measured
from torogoz.topics.commitments.follow_up_fields import day, words
from torogoz.topics.commitments.follow_up_words import DIRECTIONS, MEASURED
from torogoz.topics.commitments.forms import MISSING

NUMBER = {"invalid": _("Escriba un número: 12, 0.5."), **MISSING}


class CycleForm(Questions):
    """A time of reporting."""

    code = forms.SlugField(
        label=_("Código"),
        max_length=24,
        help_text=_("Letras, números y guiones: 2026, 2026-1."),
        error_messages={"invalid": _("Escriba solo letras, números y guiones."), **MISSING},
    )
    name_es = forms.CharField(label=_("Nombre, en español"), max_length=160, error_messages=MISSING)
    name_en = forms.CharField(label=_("Nombre, en inglés"), max_length=160, error_messages=MISSING)
    covers_from = day(_("Informa desde"))
    covers_until = day(_("Informa hasta"), help_text=_("El último día del período."))


class DueForm(Questions):
    """By which day reports are due."""

    due_on = day(_("Vence el"), help_text=_("Una vez avisada, la fecha no se cambia."))


class ReasonForm(Questions):
    """Why a report goes back."""

    reason = words(_("Por qué se devuelve"), required=True, rows=3, most=600)
    expected = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)


class BindForm(Questions):
    """To which series a commitment is bound, from which base, towards which target."""

    dataflow = forms.CharField(
        label=_("Indicador o flujo de datos"),
        help_text=_("Su código, como está en la página de indicadores: SV_11_RETURNS."),
        max_length=64,
        error_messages=MISSING,
    )
    series = forms.CharField(
        label=_("Serie"),
        help_text=_("Código por dimensión: SEX=F, REF_AREA=SV-SS. En blanco: el total de todas."),
        max_length=400,
        required=False,
    )
    measured = forms.ChoiceField(
        label=_("Qué clase de cifra es"),
        help_text=_("Decide con qué método se lee: una proporción por su ritmo, nunca por su crecimiento."),
        choices=[(each.value, word) for each, word in MEASURED.items()],
        widget=forms.RadioSelect,
        error_messages=MISSING,
    )
    direction = forms.ChoiceField(
        label=_("Hacia dónde"),
        choices=[(each.value, word) for each, word in DIRECTIONS.items()],
        widget=forms.RadioSelect,
        error_messages=MISSING,
    )
    base = forms.FloatField(label=_("Base"), error_messages=NUMBER)
    base_year = forms.IntegerField(label=_("Año de la base"), error_messages=NUMBER)
    target = forms.FloatField(
        label=_("Meta"), required=False, help_text=_("En blanco: se publica «sin meta fijada»."), error_messages=NUMBER
    )
    target_year = forms.IntegerField(label=_("Año de la meta"), required=False, error_messages=NUMBER)
    ground = words(
        _("Con qué fundamento, en español"),
        required=True,
        rows=2,
        most=600,
        help_text=_("Dónde se fijaron base y meta."),
    )

    def clean_series(self) -> dict[str, str]:
        """The codes by dimension."""
        pairs = [each.strip() for each in self.cleaned_data["series"].split(",") if each.strip()]
        if any("=" not in each for each in pairs):
            raise forms.ValidationError(_("Escriba cada dimensión con su código: SEX=F."))
        return dict(tuple(part.strip() for part in each.split("=", 1)) for each in pairs)

    @property
    def said(self) -> dict[str, Any]:
        """What was typed, once the form is valid."""
        kept = self.cleaned_data
        return {**kept, "measured": Measured(kept["measured"]), "direction": Direction(kept["direction"])}
