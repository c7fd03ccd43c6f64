"""What the data-protection officer may ask of the record."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SearchForm(forms.Form):
    """Who saw whom, and when. Everything is optional: asked for nothing, the newest events are shown."""

    person = forms.UUIDField(
        label=_("Clave de la persona"), required=False, help_text=_("La clave del expediente, no el nombre.")
    )
    officer = forms.CharField(label=_("Usuario de quien accedió"), required=False, max_length=64)
    institution = forms.CharField(
        label=_("Institución"), required=False, max_length=16, help_text=_("Su sigla, por ejemplo DGME.")
    )
    since = forms.DateField(
        label=_("Desde el día"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Hasta el día, inclusive"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    refused = forms.BooleanField(label=_("Solo los intentos denegados"), required=False)

    def clean(self) -> None:
        """Refuse a period that ends before it begins."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("El período termina antes de empezar. Revise los dos días."))
