"""What the secretariat chooses to make a national review."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.shared.provisions.queries import adopted_positions
from torogoz.shared.ui.forms import Questions, choose
from torogoz.shared.ui.templatetags.ui import localised
from torogoz.topics.commitments.forms import MISSING

YEAR = {"invalid": _("Escriba un año con cuatro cifras: 2022."), **MISSING}


class ReviewForm(Questions):
    """Of which position, and of which years."""

    position = forms.ChoiceField(
        label=_("Posición que se examina"),
        help_text=_("Si no la cambia: la última que se adoptó."),
        error_messages=MISSING,
    )
    first = forms.IntegerField(
        label=_("Primer año del período"),
        help_text=_("Desde el año de la posición."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=YEAR,
    )
    last = forms.IntegerField(
        label=_("Último año del período"),
        help_text=_("A más tardar, este año."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=YEAR,
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        choose(self, "position", [(each.code, localised(each, "name")) for each in adopted_positions()])


class DecisionForm(Questions):
    """What is done with a review that waits: published as it is, or thrown away."""

    step = forms.ChoiceField(label="", choices=[("publish", ""), ("discard", "")])
    version = forms.IntegerField(widget=forms.HiddenInput)
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)
