"""What is asked when a document of a person is corrected, or taken away."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.shared.codelists import queries as codelists
from torogoz.shared.ui.forms import Questions, choose
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.returns.forms import FREQUENT, HOME, UNKNOWN, DocumentForm, countries
from torogoz.topics.returns.widgets import in_a_row

WHY_DOCUMENT = {
    "spelt": _("Se escribió mal"),
    "document": _("Un documento lo muestra"),
    "person": _("La persona lo pidió"),
    "another": _("Es de otra persona"),
    "other": _("Otra razón"),
}
WHY_AWAY = ("another", "person", "other")


class WhyForm(Questions):
    """Why something is corrected, by the codes of `WHY_DOCUMENT`; another reason than those has to be written."""

    reasons: tuple[str, ...] = WHY_AWAY

    why = forms.ChoiceField(
        label=_("¿Por qué se quita?"), widget=in_a_row(), error_messages={"required": _("Elija una respuesta.")}
    )
    note = forms.CharField(
        label=_("Detalle"),
        help_text=_("Hasta 200 letras; hace falta si es otra razón. Queda en el historial, cifrado."),
        max_length=200,
        required=False,
    )
    expected_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        choose(self, "why", [(code, WHY_DOCUMENT[code]) for code in self.reasons])

    def clean(self) -> dict[str, Any]:
        """Ask for the words of another reason, before the second question."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("why") == "other" and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", _("Escriba cuál es la otra razón. Queda en el historial."))
        return dict(cleaned)


class DocumentCorrectionForm(WhyForm, DocumentForm):
    """A document, written anew as it should have been, and why."""

    reasons = tuple(WHY_DOCUMENT)

    number = forms.CharField(
        label=_("Número"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Escriba el número como aparece en el documento.")},
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["why"].label = _("¿Por qué se corrige?")
        self.fields["kind"].required = True
        choose(self, "kind", codelists.options("DOCUMENT", language()))
        choose(self, "issuer", [*countries(first=(HOME, *FREQUENT)), (UNKNOWN, _("Se desconoce"))])

    def clean(self) -> dict[str, Any]:
        """Read the number by the rules of registration, unless it is missing."""
        return self.cleaned_data if {"kind", "number"} & set(self.errors) else super().clean()
