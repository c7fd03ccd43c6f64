"""What an officer answers to a notice."""

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.shared.releases.models import NoticeDecision
from torogoz.shared.ui.forms import Questions

KINDS = [
    (NoticeDecision.Kind.EXPLAINED.value, _("La cifra es correcta; explico por qué es distinta")),
    (NoticeDecision.Kind.ACCEPTED.value, _("La cifra es dudosa; se publica con esta advertencia")),
]


class DecisionForm(Questions):
    """An explanation or an acceptance, with its reason, as the public will read it."""

    kind = forms.ChoiceField(label=_("Qué decide"), choices=KINDS, widget=forms.RadioSelect)
    text_es = forms.CharField(
        label=_("Motivo"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Se publica junto a la cifra. No escriba nombres de personas ni cifras que no se publican."),
    )
    text_en = forms.CharField(
        label=_("Motivo, en inglés"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
