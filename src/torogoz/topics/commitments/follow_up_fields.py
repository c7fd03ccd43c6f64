"""Questions that several forms of the follow-up ask: a day, a few sentences, the address of a proof."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.topics.commitments.forms import DAY, MISSING


def day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A day, as year-month-day."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages=DAY,
    )


def words(
    label: Any, *, required: bool = False, rows: int = 4, most: int = 6000, help_text: Any = ""
) -> forms.CharField:
    """A few sentences."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=most,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages=MISSING,
    )


def address() -> forms.CharField:
    """Where the proof can be seen."""
    return forms.CharField(
        label=_("Dirección de la evidencia"),
        required=False,
        max_length=300,
        help_text=_("Una página pública: https://…"),
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
    )
