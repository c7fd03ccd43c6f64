"""What the secretariat chooses to make a national review."""

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.shared.ui.forms import Questions
from torogoz.topics.commitments.forms import MISSING

YEAR = {"invalid": _("Escriba un año con cuatro cifras: 2022."), **MISSING}


class ReviewForm(Questions):
    """Of which years."""

    first = forms.IntegerField(
        label=_("Primer año del período"),
        help_text=_("Desde 2017, el año de la posición."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=YEAR,
    )
    last = forms.IntegerField(
        label=_("Último año del período"),
        help_text=_("A más tardar, este año."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=YEAR,
    )


class DecisionForm(Questions):
    """What is done with a review that waits: published as it is, or thrown away."""

    step = forms.ChoiceField(label="", choices=[("publish", ""), ("discard", "")])
    version = forms.IntegerField(widget=forms.HiddenInput)
