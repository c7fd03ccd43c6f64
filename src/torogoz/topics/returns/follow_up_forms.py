"""The questions of an instrument, as its version has them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.domain.instruments import NOT_APPLICABLE, UNKNOWN, Instrument, Item
from torogoz.shared.ui.forms import Questions
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.returns.widgets import in_a_row


class FollowUpForm(Questions):
    """One question per item. Answering is voluntary: nothing is chosen for the person, and nothing is required."""

    def __init__(self, data: Any = None, *, instrument: Instrument, **options: Any) -> None:
        super().__init__(data, **options)
        self.instrument = instrument
        for item in instrument.items:
            self.fields[item.code] = forms.ChoiceField(
                label=item.words.label(language()), choices=_options(item), widget=in_a_row(), required=False
            )

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The questions by dimension."""
        return [
            (
                dimension.words.label(language()),
                [self[item.code] for item in self.instrument.items_of(dimension.code)],
            )
            for dimension in self.instrument.dimensions
        ]

    @property
    def answers(self) -> dict[str, str]:
        """The answers that were given, once the form is valid."""
        return {code: answer for code, answer in self.cleaned_data.items() if answer}


def _options(item: Item) -> list[tuple[str, Any]]:
    given = [(option.code, option.words.label(language())) for option in item.options]
    no_answer: list[tuple[str, Any]] = [(UNKNOWN, _("Se desconoce o no contesta"))]
    return [*given, *([(NOT_APPLICABLE, _("No aplica"))] if item.may_not_apply else []), *no_answer]
