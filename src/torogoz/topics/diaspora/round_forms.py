"""What is typed of a round: the round itself, and a ballot."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.shared.ui.forms import choose
from torogoz.shared.ui.templatetags.ui import in_currency
from torogoz.topics.diaspora.asked import Asked, text_area
from torogoz.topics.diaspora.models import Project, RoundProject
from torogoz.topics.diaspora.project_forms import MONEY, money
from torogoz.topics.diaspora.round_actions import RoundSaid


def moment_field(label: Any) -> forms.DateTimeField:
    """A moment by the clock of El Salvador."""
    return forms.DateTimeField(
        label=label,
        help_text=_("Hora de El Salvador: 2027-03-20 08:00."),
        input_formats=["%Y-%m-%d %H:%M"],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": _("Escriba fecha y hora como 2027-03-20 08:00.")},
    )


def called(project: Project, amount: str) -> str:
    """A project in a list to choose from: two of one title are told apart by who proposes them."""
    return f"{project.title}, {project.association.name} ({amount})"


class RoundForm(Asked):
    """A round over projects that are eligible; each asks for its whole budget."""

    title_es = forms.CharField(label=_("Nombre de la ronda, en español"), max_length=160)
    title_en = forms.CharField(label=_("Nombre de la ronda, en inglés"), max_length=160)
    budget = money(_("Fondo"))
    currency = forms.ChoiceField(label=_("Moneda"), choices=MONEY, initial="USD")
    rule_es = forms.CharField(
        label=_("Regla y criterios, en español"),
        help_text=_("Qué proyectos entran, qué cuenta como aporte y qué pasa si no alcanza."),
        max_length=2000,
        widget=text_area(4),
    )
    rule_en = forms.CharField(label=_("Regla y criterios, en inglés"), max_length=2000, widget=text_area(4))
    gives = money(
        _("Proporción: el fondo pone"),
        required=False,
        hint=_("Dos por cada uno de los demás: escriba 2 aquí y 1 en lo que sigue."),
        digits=8,
    )
    for_each = money(
        _("Proporción: por cada"),
        required=False,
        hint=_("De los demás, en la moneda de la ronda. Los dos en blanco: no se sabe."),
        digits=8,
    )
    cap = money(_("Tope del fondo para un proyecto"), required=False, hint=_("En blanco: sin tope."))
    opens_at = moment_field(_("Abre"))
    closes_at = moment_field(_("Cierra"))
    projects = forms.MultipleChoiceField(
        label=_("Proyectos"),
        help_text=_("Cada uno pide su presupuesto entero, en la moneda de la ronda."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, eligible: list[Project], data: Any = None, **words: Any) -> None:
        super().__init__(data, **words)
        self.eligible = eligible
        choose(
            self,
            "projects",
            [(str(one.key), called(one, in_currency(one.budget, one.currency))) for one in eligible],
        )

    @property
    def said(self) -> RoundSaid:
        """The round."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != "projects"}
        return RoundSaid(**typed)

    @property
    def chosen(self) -> list[tuple[Project, Any]]:
        """The projects, each with what it asks for."""
        keys = set(self.cleaned_data["projects"])
        return [(one, one.budget) for one in self.eligible if str(one.key) in keys]


class VoteForm(Asked):
    """A ballot."""

    code = forms.CharField(
        label=_("Código del comprobante de su asociación"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    approved = forms.MultipleChoiceField(
        label=_("Proyectos que su asociación apoya"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, entries: tuple[RoundProject, ...], currency: str, data: Any = None, **words: Any) -> None:
        super().__init__(data, **words)
        options = [(one.code, called(one.project, in_currency(one.cost, currency))) for one in entries]
        choose(self, "approved", options)
