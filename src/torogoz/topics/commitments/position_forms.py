"""The table of positions that the secretariat brings in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.shared.ui.forms import Questions


class PositionForm(Questions):
    """A table, to be tried or kept."""

    table = forms.FileField(
        label=_("Tabla de posiciones (CSV)"),
        help_text=_("UTF-8, hasta 5 MB. Una declaración de un país por fila."),
        error_messages={"required": _("Elija un archivo."), "empty": _("El archivo está vacío.")},
    )
    made_up = forms.BooleanField(
        label=_("Es un ejemplo inventado: ningún país dijo esto"), help_text=_("Las páginas lo dirán."), required=False
    )
    dry = forms.BooleanField(label=_("Solo probar: no guardar nada"), required=False, initial=True)
