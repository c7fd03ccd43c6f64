"""What the data-protection officer answers and asks."""

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.domain.oversight import SHORTEST_REASON, AlertState
from torogoz.shared.oversight.words import STATES
from torogoz.shared.ui.forms import Questions

LONGEST = 92


class AnswerForm(Questions):
    """What was found about an alert, and why."""

    state = forms.ChoiceField(
        label=_("Qué se encontró"),
        choices=[(state.value, STATES[state]) for state in AlertState if state is not AlertState.NEW],
        widget=forms.RadioSelect,
        help_text=_("Una posible vulneración se anota además en el registro de vulneraciones, que tiene su plazo."),
    )
    reason = forms.CharField(
        label=_("Razón"),
        min_length=SHORTEST_REASON,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Qué se revisó y qué se concluyó. No escriba nombres de personas atendidas."),
    )

    def refuse_as_the_same(self) -> None:
        """Say that the alert stands there already."""
        self.add_error("state", _("La alerta ya está en ese estado. No se cambió nada; elija otro."))


class SummaryForm(Questions):
    """Of which days, and added up how."""

    by = forms.ChoiceField(
        label=_("Sumar por"),
        choices=[("officer", _("usuario")), ("institution", _("institución")), ("day", _("día"))],
    )
    since = forms.DateField(label=_("Desde el día"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(
        label=_("Hasta el día, inclusive"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    institution = forms.CharField(
        label=_("Institución"), required=False, max_length=16, help_text=_("Su sigla, por ejemplo DGME.")
    )

    def clean(self) -> None:
        """Refuse a period that ends before it begins, or is too long to add up at once."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("El período termina antes de empezar. Revise los dos días."))
        elif since and until and until - since > timedelta(days=LONGEST):
            self.add_error("until", _("Son más de tres meses. Pida un período más corto."))


def last_week(today: date) -> dict[str, str]:
    """The seven days before today, by officer."""
    return {"by": "officer", "since": f"{today - timedelta(days=7)}", "until": f"{today - timedelta(days=1)}"}
