"""What is asked of who exports people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.shared.exports.models import Export
from torogoz.shared.ui.forms import Questions

SHORTEST = 15
PURPOSES = {
    Export.Purpose.CASE: _("Dar seguimiento a las personas"),
    Export.Purpose.AUTHORITY: _("Responder a una autoridad que lo pidió por escrito"),
    Export.Purpose.CONTROL: _("Revisar el trabajo del propio centro"),
}


class ExportForm(Questions):
    """Which days, for what, and why."""

    since = forms.DateField(label=_("Desde"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Hasta"), widget=forms.DateInput(attrs={"type": "date"}))
    purpose = forms.ChoiceField(
        label=_("Para qué"),
        choices=[(one.value, words) for one, words in PURPOSES.items()],
    )
    reason = forms.CharField(
        label=_("Motivo"),
        min_length=SHORTEST,
        max_length=240,
        help_text=_("Con sus palabras: qué se hará con los datos y quién los recibe. Queda en el registro de accesos."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    htcds = forms.BooleanField(
        label=_("También según HTCDS 2.0, el estándar de casos de trata"),
        help_text=_("Para otro registro que lo lee. Lleva las mismas personas y nada más de ellas."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """The days in order."""
        kept = super().clean() or {}
        if kept.get("since") and kept.get("until") and kept["since"] > kept["until"]:
            self.add_error("until", _("Termina antes de empezar. Corrija uno de los dos días."))
        return kept
