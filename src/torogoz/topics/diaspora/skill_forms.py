"""What somebody abroad offers, and what an institution asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.domain.skills import Field
from torogoz.shared.ui.forms import Questions, choose
from torogoz.topics.diaspora.asked import Asked, day_field, text_area
from torogoz.topics.diaspora.models import SkillRequest
from torogoz.topics.diaspora.words import FIELDS, LANGUAGES

OFFERED = [("", "—"), *((one.value, word) for one, word in FIELDS.items())]


class OfferForm(Asked):
    """The public form of a skill."""

    field = forms.ChoiceField(label=_("En qué campo"), choices=OFFERED)
    skill = forms.CharField(
        label=_("Qué sabe hacer"),
        help_text=_("Sin su nombre ni su contacto: van abajo."),
        max_length=300,
        widget=text_area(2),
    )
    languages = forms.MultipleChoiceField(
        label=_("Idiomas"), choices=list(LANGUAGES.items()), widget=forms.CheckboxSelectMultiple
    )
    availability = forms.CharField(
        label=_("Cuándo podría"),
        help_text=_("Por ejemplo: dos horas a la semana, a distancia."),
        max_length=200,
        required=False,
    )
    country = forms.ChoiceField(label=_("País donde vive"))
    name = forms.CharField(label=_("Su nombre"), max_length=120)
    contact = forms.CharField(label=_("Su correo o teléfono"), max_length=120)
    consents = forms.BooleanField(
        label=_("Acepto que la institución que recibe mi ofrecimiento lo guarde y me contacte para lo que pide"),
        help_text=_(
            "Para nada más. Su nombre y su contacto se guardan cifrados, los lee solo esa institución y nunca se "
            "publican. Puede retirarlo cuando quiera con el código del comprobante, y se borran en ese momento."
        ),
        required=False,
    )
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)


class RequestForm(Asked):
    """What an institution asks for."""

    institution = forms.ChoiceField(label=_("Institución"))
    field = forms.ChoiceField(label=_("En qué campo"), choices=OFFERED)
    what_es = forms.CharField(label=_("Qué se pide, en español"), max_length=400, widget=text_area(2))
    what_en = forms.CharField(label=_("Qué se pide, en inglés"), max_length=400, widget=text_area(2))
    until = day_field(_("Hasta cuándo"))

    def __init__(self, own: tuple[str, ...], data: Any = None, **words: Any) -> None:
        super().__init__(data, **words)
        choose(self, "institution", [(code, code) for code in own])

    @property
    def chosen(self) -> dict[str, Any]:
        """What was typed, as the action takes it."""
        return dict(self.cleaned_data) | {"field": Field(self.cleaned_data["field"])}


class MatchForm(Questions):
    """The request beside which an offer is put."""

    request = forms.ChoiceField(
        label=_("Petición"), error_messages={"required": _("Elija una petición.")}, widget=forms.RadioSelect
    )

    def __init__(self, asked: list[SkillRequest], data: Any = None, **words: Any) -> None:
        super().__init__(data, **words)
        choose(self, "request", [(str(one.key), f"{one.institution.code}: {one.what_es}") for one in asked])
