"""What the secretariat types about links."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.shared.provisions.queries import all_instruments
from torogoz.shared.ui.forms import Questions, choose
from torogoz.shared.ui.templatetags.ui import localised
from torogoz.topics.commitments.forms import MISSING
from torogoz.topics.commitments.words import link_kinds


def reason_field(label: Any) -> forms.CharField:
    """A reason in one sentence, with the officer's name beside it."""
    return forms.CharField(
        label=label,
        help_text=_("En una frase; su nombre queda junto a ella."),
        max_length=700,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=MISSING,
    )


class LinkForm(Questions):
    """To which provision, how, and why."""

    kind = forms.ChoiceField(label=_("Relación"), error_messages=MISSING)
    instrument = forms.ChoiceField(label=_("Instrumento"), error_messages=MISSING)
    target = forms.CharField(
        label=_("Código"), help_text=_("Como está en la lista: T1.HR.05, 10.7, 22."), max_length=40,
        error_messages=MISSING,
    )  # fmt: skip
    why = reason_field(_("Por qué"))

    def __init__(self, data: Any = None, **words: Any) -> None:
        super().__init__(data, **words)
        choose(self, "kind", link_kinds())
        choose(self, "instrument", [(each.code, localised(each, "name")) for each in all_instruments()])


class JudgeForm(Questions):
    """Confirm a proposed link, or end one; why."""

    why = reason_field(_("Por qué"))
    step = forms.ChoiceField(label="", choices=[("confirm", "confirm"), ("end", "end")])


class SuggestionForm(Questions):
    """One suggestion taken up or refused."""

    source = forms.UUIDField(widget=forms.HiddenInput)
    target = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(widget=forms.HiddenInput)
    score = forms.FloatField(widget=forms.HiddenInput, min_value=0, max_value=1)
    step = forms.ChoiceField(label="", choices=[("accept", "accept"), ("refuse", "refuse")])
    why = forms.CharField(label=_("Por qué"), required=False, max_length=700)

    def __init__(self, data: Any = None, **words: Any) -> None:
        super().__init__(data, **words)
        choose(self, "kind", link_kinds())
