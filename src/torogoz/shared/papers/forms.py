"""What is asked of a sheet in hand."""

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.shared.ui.forms import Questions

LONGEST = 2_000


class CheckForm(Questions):
    """The text of a QR, or the code that is printed under it."""

    stores = False

    text = forms.CharField(
        label=_("Código de la hoja, o texto de su código QR"),
        max_length=LONGEST,
        help_text=_(
            "El código son trece letras y cifras, de cuatro en cuatro. El texto del QR empieza con «TOROGOZ1:»."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )
