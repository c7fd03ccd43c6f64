"""Which days a count is about."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.shared.ui.forms import Questions

LONGEST_DAYS = 366


class DaysForm(Questions):
    """The first and last day, both included; a year at most."""

    since = forms.DateField(label=_("Desde"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Hasta"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        """The days in order, and not more than a year of them."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if isinstance(since, date) and isinstance(until, date):
            if since > until:
                self.add_error("until", _("Termina antes de empezar. Corrija uno de los dos días."))
            elif (until - since).days >= LONGEST_DAYS:
                self.add_error("until", _("Es más de un año. Pida menos días a la vez."))
        return self.cleaned_data
