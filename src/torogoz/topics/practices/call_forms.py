"""What the secretariat asks for in a call."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.shared.ui.forms import Questions, choose
from torogoz.topics.practices.call_models import Call
from torogoz.topics.practices.own_forms import day_field

NEEDED = {"required": _("Falta este dato.")}


class CallForm(Questions):
    """A call, in both languages."""

    institution = forms.ChoiceField(label=_("¿Quién convoca?"))
    title_es = forms.CharField(label=_("Título en español"), max_length=200, error_messages=NEEDED)
    title_en = forms.CharField(label=_("Título en inglés"), max_length=200, error_messages=NEEDED)
    text_es = forms.CharField(
        label=_("Qué se pide, en español"), widget=forms.Textarea(attrs={"rows": 4}), error_messages=NEEDED
    )
    text_en = forms.CharField(
        label=_("Qué se pide, en inglés"), widget=forms.Textarea(attrs={"rows": 4}), error_messages=NEEDED
    )
    opens_on = day_field(_("Abre el"))
    open_until = day_field(_("Último día"))
    objectives = forms.MultipleChoiceField(
        label=_("Objetivos del Pacto"), widget=forms.CheckboxSelectMultiple, error_messages=NEEDED
    )

    def __init__(self, codes: Sequence[str], objectives: Sequence[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "institution", [(code, code) for code in codes])
        choose(self, "objectives", [(code, f"{code}. {title}") for code, title in objectives])

    def call(self) -> Call:
        """What was typed, not stored, once the form is valid."""
        names = ("title_es", "title_en", "text_es", "text_en", "opens_on", "open_until")
        return Call(**{name: self.cleaned_data[name] for name in names})
