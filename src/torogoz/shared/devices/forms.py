"""What is asked of an officer who registers a device."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.shared.institutions.models import Institution
from torogoz.shared.ui.templatetags.ui import language


class DeviceForm(forms.Form):
    """What the device is called, and for which institution it works."""

    name = forms.CharField(
        label=_("Nombre del equipo"),
        max_length=60,
        help_text=_("Como usted lo reconozca: «Tableta de la mesa 2»."),
    )
    institution = forms.ChoiceField(label=_("Institución"))

    def __init__(self, data: Any = None, *, institutions: Iterable[Institution], **options: Any) -> None:
        super().__init__(data, **options)
        self.institutions = {each.code: each for each in institutions}
        spanish = language() == "es"
        chosen = self.fields["institution"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [(code, each.name_es if spanish else each.name_en) for code, each in self.institutions.items()]
        if len(self.institutions) == 1:
            chosen.widget = forms.HiddenInput()
            self.initial["institution"] = next(iter(self.institutions))
