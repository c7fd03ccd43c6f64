"""Fields that several forms of the topic have, and what they say when something is missing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.shared.codelists.queries import countries
from torogoz.shared.ui.forms import Questions, choose
from torogoz.shared.ui.templatetags.ui import language

MISSING = _("Falta este dato.")
DAY = _("Escriba la fecha como año-mes-día: 2027-03-20.")
WRITTEN_IN = [("es", _("español")), ("en", _("inglés"))]


class Asked(Questions):
    """Questions that say in our words what is missing, and offer the countries by name."""

    def __init__(self, data: Any = None, *words: Any, **more: Any) -> None:
        super().__init__(data, *words, **more)
        for name, field in self.fields.items():
            if field.required:
                field.error_messages["required"] = MISSING
            if isinstance(field, forms.DateField):
                field.error_messages["invalid"] = DAY
            if name == "country":
                choose(self, name, [("", "—"), *countries(language())])


def day_field(label: Any, *, required: bool = True, hint: Any = "") -> forms.DateField:
    """A date that is typed as year-month-day."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=hint or _("Año-mes-día: 2027-03-20."),
        input_formats=["%Y-%m-%d"],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


def text_area(rows: int = 3) -> forms.Textarea:
    """A box of some lines."""
    return forms.Textarea(attrs={"rows": rows})
