"""What the secretariat types about who answers for a commitment."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.shared.institutions.queries import institutions_by_code
from torogoz.shared.ui.forms import Questions, choose
from torogoz.shared.ui.templatetags.ui import localised

MISSING = {"required": _("Falta este dato.")}
DAY = {"invalid": _("Escriba la fecha como año-mes-día: 2018-03-20."), **MISSING}


class InstitutionQuestions(Questions):
    """A form that asks for an institution: all of them, those that ended too, since they answered once."""

    def __init__(self, data: Any = None, **words: Any) -> None:
        super().__init__(data, **words)
        bodies = sorted(institutions_by_code().items())
        choose(self, "institution", [("", ""), *((c, f"{c} · {localised(body, 'name')}") for c, body in bodies)])


class ResponsibilityForm(InstitutionQuestions):
    """That an institution leads or supports, since when, on what ground."""

    institution = forms.ChoiceField(label=_("Institución"), error_messages=MISSING)
    role = forms.ChoiceField(
        label=_("Qué le toca"), choices=[("lead", _("dirige")), ("support", _("apoya"))], widget=forms.RadioSelect,
        error_messages=MISSING,
    )  # fmt: skip
    since = forms.DateField(
        label=_("Desde"),
        help_text=_("Año-mes-día: 2018-03-20."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=DAY,
    )
    ground = forms.CharField(
        label=_("Con qué fundamento, en español"),
        help_text=_("La ley, el decreto o el acuerdo que lo dice."),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=MISSING,
    )


class EndForm(Questions):
    """On which day a responsibility ends."""

    on = forms.DateField(
        label=_("Terminó el"),
        help_text=_("El primer día en que ya no responde. Año-mes-día: 2018-03-20."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=DAY,
    )


class SuccessionForm(InstitutionQuestions):
    """Whose open duties pass on to the successor, when, on what ground."""

    institution = forms.ChoiceField(label=_("Institución que terminó"), error_messages=MISSING)
    on = forms.DateField(
        label=_("Desde"),
        help_text=_("Si lo deja en blanco: el día en que terminó, o el de hoy si no consta."),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=DAY,
    )
    ground = forms.CharField(
        label=_("Con qué fundamento, en español"),
        help_text=_("La ley o el decreto que pasó las funciones."),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=MISSING,
    )
