"""What every form of the site shares: it answers in its own words, beside the field that they speak of."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.domain.refusals import Refused
from torogoz.shared.ui.templatetags.ui import language

NOT_OFFERED = _("La opción «%(value)s» no es una de las que se ofrecen. No se guardó nada; elija otra vez.")
STOCK = tuple(
    kind.default_error_messages["invalid_choice"]
    for kind in (forms.ChoiceField, forms.MultipleChoiceField, forms.ModelChoiceField, forms.ModelMultipleChoiceField)
)
"""The framework's sentences for a choice that was not offered, which no page of ours says."""


class Questions(forms.Form):
    """A form that answers in its own words: the browser's required-field bubbles stay out of the way."""

    use_required_attribute = False

    def full_clean(self) -> None:
        """Look at what was typed; a choice that was not offered is refused in our words, unless a form has its own."""
        for field in self.fields.values():
            if any(field.error_messages.get("invalid_choice") is stock for stock in STOCK):
                field.error_messages["invalid_choice"] = NOT_OFFERED
        super().full_clean()

    def refuse(self, why: Refused, field: str | None = None) -> None:
        """Put a refusal beside the field that it speaks of, or above the form when it has no such field."""
        target = field or why.field
        self.add_error(target if target in self.fields else None, why.explain(language()))

    def show_again(self) -> None:
        """In the middle of the work: what is typed wrong is said, what is not answered yet is not asked for."""
        for field in list(self.errors):
            if field not in self.fields or not self[field].data:
                del self.errors[field]


def choose(form: forms.Form, field: str, options: Sequence[tuple[str, Any]]) -> None:
    """Offer these options in the field of a form."""
    chosen = form.fields[field]
    assert isinstance(chosen, forms.ChoiceField)
    chosen.choices = options
