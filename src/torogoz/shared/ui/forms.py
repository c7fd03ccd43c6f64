"""What every form of the site shares: it answers in its own words, beside the field that they speak of."""

from collections.abc import Sequence
from typing import Any

from django import forms

from torogoz.domain.refusals import Refused
from torogoz.shared.ui.templatetags.ui import language


class Questions(forms.Form):
    """A form that answers in its own words: the browser's required-field bubbles stay out of the way."""

    use_required_attribute = False

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
