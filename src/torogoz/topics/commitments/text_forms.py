"""What the secretariat types about wordings."""

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.shared.ui.forms import Questions
from torogoz.topics.commitments.forms import MISSING

EDITED = ("paraphrase", "translation")


class WordingForm(Questions):
    """The next version of a wording, and why."""

    language = forms.ChoiceField(choices=[("es", "es"), ("en", "en")], widget=forms.HiddenInput)
    role = forms.ChoiceField(choices=[(role, role) for role in EDITED], widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Redacción"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5}), error_messages=MISSING
    )
    why = forms.CharField(
        label=_("Por qué cambia"),
        help_text=_("En una frase. La versión anterior queda a la vista."),
        max_length=700,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=MISSING,
    )
    after = forms.IntegerField(widget=forms.HiddenInput, required=False)
