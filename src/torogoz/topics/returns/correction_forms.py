"""What is asked when somebody corrects who a person is."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.shared.ui.forms import choose
from torogoz.topics.returns.forms import PersonForm
from torogoz.topics.returns.widgets import in_a_row

WHY_CORRECTED = [
    ("spelt", _("Se escribió mal")),
    ("document", _("Un documento lo muestra")),
    ("person", _("La persona lo pidió")),
    ("other", _("Otra razón")),
]


class CorrectionForm(PersonForm):
    """Who the person is, written anew, and why."""

    why = forms.ChoiceField(
        label=_("¿Por qué se corrige?"), widget=in_a_row(), error_messages={"required": _("Elija una respuesta.")}
    )
    note = forms.CharField(
        label=_("Detalle"),
        help_text=_("Opcional, hasta 200 letras. Queda en el historial."),
        max_length=200,
        required=False,
    )
    expected_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, now: datetime, **options: Any) -> None:
        super().__init__(data, now=now, **options)
        choose(self, "why", WHY_CORRECTED)
