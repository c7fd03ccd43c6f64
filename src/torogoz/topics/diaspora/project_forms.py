"""What is typed of a project: the proposal, a step, money, a part, news, a photograph."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from torogoz.domain.community_projects import FundKind, Proposal, State, steps_from
from torogoz.domain.currencies import OFFERED
from torogoz.shared.places import queries as places
from torogoz.shared.ui.forms import choose
from torogoz.shared.ui.templatetags.ui import localised
from torogoz.topics.diaspora.asked import MISSING, WRITTEN_IN, Asked, day_field, text_area
from torogoz.topics.diaspora.models import Round
from torogoz.topics.diaspora.words import FUND_KINDS, PROJECT_STEPS

MONEY = [(code, code) for code in OFFERED]


def money(label: Any, *, required: bool = True, hint: Any = "", digits: int = 14) -> forms.DecimalField:
    """An amount, or another number with cents, of so many digits."""
    return forms.DecimalField(
        label=label,
        help_text=hint,
        max_digits=digits,
        decimal_places=2,
        required=required,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


class ProposalForm(Asked):
    """The public form of a project: with the code of a verified association."""

    code = forms.CharField(
        label=_("Código del comprobante de su asociación"),
        help_text=_("Solo una asociación verificada propone proyectos."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    municipality = forms.ChoiceField(label=_("Municipio"))
    title = forms.CharField(label=_("Nombre del proyecto"), max_length=160)
    need = forms.CharField(
        label=_("Qué hace falta y a quiénes"),
        help_text=_("Se publica: no escriba nombres de personas."),
        max_length=2000,
        widget=text_area(4),
    )
    goal = forms.CharField(label=_("Qué se logrará"), max_length=300)
    goal_figure = money(_("Meta en cifras"), required=False)
    goal_unit = forms.CharField(
        label=_("De qué es la cifra"), help_text=_("Personas, aulas, metros."), max_length=60, required=False
    )
    budget = money(_("Presupuesto"))
    currency = forms.ChoiceField(label=_("Moneda"), choices=MONEY, initial="USD")
    language = forms.ChoiceField(label=_("Escribí esto en"), choices=WRITTEN_IN, widget=forms.RadioSelect, initial="es")
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, **words: Any) -> None:
        super().__init__(data, **words)
        found = [
            (department, [(code, name) for code, name in places.municipalities(key)])
            for key, department in places.departments()
        ]
        choose(self, "municipality", [("", "—"), *found])

    def read(self) -> Proposal | None:
        """What is proposed; None when something cannot be read, and the form says what."""
        if not self.is_valid():
            return None
        typed = self.cleaned_data
        return Proposal(
            municipality=typed["municipality"],
            title=" ".join(typed["title"].split()),
            need=typed["need"].strip(),
            goal=" ".join(typed["goal"].split()),
            language=typed["language"],
            budget=typed["budget"],
            currency=typed["currency"],
            goal_figure=typed["goal_figure"],
            goal_unit=typed["goal_unit"].strip(),
        )


class StepForm(Asked):
    """One step of a project."""

    step = forms.ChoiceField(label=_("Qué hace"), widget=forms.RadioSelect)
    reason_es = forms.CharField(
        label=_("Por qué, en español"),
        help_text=_("Para no aceptar o detener. Se publica."),
        max_length=400,
        required=False,
        widget=text_area(2),
    )
    reason_en = forms.CharField(label=_("Por qué, en inglés"), max_length=400, required=False, widget=text_area(2))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, state: State, data: Any = None, **words: Any) -> None:
        super().__init__(data, **words)
        choose(self, "step", [(one.value, PROJECT_STEPS[one]) for one in steps_from(state)])


class FundForm(Asked):
    """Money that was pledged, or that was received."""

    kind = forms.ChoiceField(
        label=_("Prometido o recibido"),
        help_text=_("Lo prometido no se suma a lo recibido."),
        choices=[(one.value, FUND_KINDS[one]) for one in FundKind],
        widget=forms.RadioSelect,
    )
    giver = forms.CharField(
        label=_("Quién"),
        help_text=_("Una asociación, institución o empresa. Se publica: nunca el nombre de una persona."),
        max_length=160,
        required=False,
    )
    round = forms.ChoiceField(
        label=_("O de qué ronda de fondos"),
        help_text=_("Si lo dio el fondo de una ronda, elíjala y deje «Quién» en blanco."),
        required=False,
    )
    amount = money(_("Cantidad"))
    currency = forms.ChoiceField(label=_("Moneda"), choices=MONEY, initial="USD")
    on = day_field(_("Fecha"))

    def __init__(self, rounds: Iterable[Round], data: Any = None, **words: Any) -> None:
        super().__init__(data, **words)
        found = [(str(one.key), localised(one, "title")) for one in rounds]
        choose(self, "round", [("", _("De ninguna")), *found])
        if not found:
            del self.fields["round"]
            self.fields["giver"].required = True
            self.fields["giver"].error_messages["required"] = MISSING

    @property
    def of_round(self) -> UUID | None:
        """The key of the round whose money it is."""
        key = self.cleaned_data.get("round")
        return UUID(key) if key else None


class MilestoneForm(Asked):
    """A part of a project."""

    name = forms.CharField(label=_("Parte del proyecto"), max_length=200)
    weight = forms.IntegerField(
        label=_("Peso"),
        help_text=_("Cuánto es del todo, frente a las otras partes: 1, 2, 3."),
        min_value=1,
        max_value=1000,
        initial=1,
    )
    due = day_field(_("Para cuándo"), required=False)


class UpdateForm(Asked):
    """News of a project."""

    text = forms.CharField(
        label=_("Qué ha pasado"),
        help_text=_("Se publica: no escriba nombres de personas."),
        max_length=1500,
        widget=text_area(3),
    )
    language = forms.ChoiceField(label=_("Escribí esto en"), choices=WRITTEN_IN, widget=forms.RadioSelect, initial="es")


class PhotoForm(Asked):
    """A photograph, with what it shows in words."""

    photo = forms.FileField(
        label=_("Fotografía"),
        help_text=_("JPEG, PNG o WebP, hasta 10 MB. El lugar y la hora que anota la cámara se borran."),
    )
    alt_es = forms.CharField(
        label=_("Qué muestra, en español"),
        help_text=_("Para quien no la ve. Basta uno de los dos idiomas; se marca en cuál está."),
        max_length=300,
        required=False,
    )
    alt_en = forms.CharField(label=_("Qué muestra, en inglés"), max_length=300, required=False)
    no_child = forms.BooleanField(
        label=_("No se reconoce a ninguna niña, niño o adolescente"),
        help_text=_("Ni la cara, ni el nombre, ni el uniforme. Otra persona lo comprueba antes de publicar."),
        required=False,
    )


class DoneForm(Asked):
    """When a part was done."""

    on = day_field(_("Fecha"))
    milestone = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, **words: Any) -> None:
        super().__init__(data, **words)
        self.fields["on"].initial = f"{timezone.localdate():%Y-%m-%d}"
