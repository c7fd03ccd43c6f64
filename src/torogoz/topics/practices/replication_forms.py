"""What is told of a repetition."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.shared.codelists.queries import countries
from torogoz.shared.ui.forms import Questions, choose
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.practices.models import ReplicationReport
from torogoz.topics.practices.own_forms import day_field
from torogoz.topics.practices.words import RESULTS


def text(label: Any, *, rows: int = 3) -> forms.CharField:
    """A few lines, which may stay empty."""
    return forms.CharField(label=label, required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": rows}))


class ReportForm(Questions):
    """How it goes by now."""

    result = forms.ChoiceField(
        label=_("¿Cómo va?"),
        choices=[(one.value, word) for one, word in RESULTS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Elija una respuesta.")},
    )
    why_es = text(_("Qué pasó y por qué, en español"))
    why_en = text(_("Qué pasó y por qué, en inglés"))
    support_from = forms.CharField(
        label=_("¿De quién recibió apoyo?"), help_text=_("Vacío si no se dice."), required=False, max_length=300
    )
    support_es = text(_("Qué apoyo, en español"), rows=2)
    support_en = text(_("Qué apoyo, en inglés"), rows=2)

    def report(self) -> ReplicationReport:
        """What was typed, not stored, once the form is valid."""
        names = ("result", "why_es", "why_en", "support_from", "support_es", "support_en")
        return ReplicationReport(**{name: self.cleaned_data[name].strip() for name in names})


class ReplicationForm(ReportForm):
    """Who repeated a practice, where, since when, and how it goes."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    institution = forms.ChoiceField(label=_("Institución que la repitió"), required=False)
    organisation = forms.CharField(
        label=_("U organización que la repitió"),
        help_text=_("Como se llama; la registra la secretaría."),
        required=False,
        max_length=200,
    )
    place = forms.CharField(label=_("Lugar"), max_length=200, error_messages={"required": _("Escriba el lugar.")})
    country = forms.ChoiceField(label=_("País"), error_messages={"required": _("Elija el país.")})
    began_on = day_field(_("Desde"))
    field_order = ("institution", "organisation", "place", "country", "began_on")

    def __init__(self, institutions: Sequence[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "institution", [("", "—"), *institutions])
        choose(self, "country", [("", "—"), *countries(language())])
