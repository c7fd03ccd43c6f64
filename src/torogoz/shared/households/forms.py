"""What is asked of how a person is reached."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.domain.contacts import LONGEST_CONTACT, LONGEST_NOTE, Safe, Way, Whose
from torogoz.shared.households.words import SAFES, WAYS, WHOSES, country_choices
from torogoz.shared.ui.forms import Questions

CHOOSE = {"required": _("Elija una respuesta.")}


def offered(words: Any) -> list[tuple[str, Any]]:
    """Codes and words as choices."""
    return [(code.value, word) for code, word in words.items()]


def day_field(label: Any, *, required: bool = False, hint: Any = "") -> forms.DateField:
    """A day, as the browser of today and a typed 2027-05-17 say it."""
    return forms.DateField(
        label=label,
        help_text=hint,
        required=required,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("Escriba el día."), "invalid": _("Escriba el día así: 2027-05-17.")},
    )


class ContactForm(Questions):
    """How the person is reached, whose it is, whether it is safe, until when."""

    way = forms.ChoiceField(label=_("¿Qué es?"), choices=offered(WAYS), widget=forms.RadioSelect, error_messages=CHOOSE)
    value = forms.CharField(
        label=_("Número, correo o dirección"),
        help_text=_("Una dirección se escribe en palabras: colonia o cantón, municipio y una seña."),
        max_length=LONGEST_CONTACT,
        error_messages={"required": _("Escriba el dato de contacto.")},
    )
    country = forms.ChoiceField(
        label=_("País del teléfono"),
        help_text=_("Si el número ya lleva + y el código, vale ese."),
        required=False,
    )
    whose = forms.ChoiceField(
        label=_("¿De quién es?"), choices=offered(WHOSES), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    name = forms.CharField(
        label=_("Nombre de quien contesta"),
        help_text=_("Si no es de la persona misma."),
        max_length=LONGEST_NOTE,
        required=False,
    )
    safe = forms.ChoiceField(
        label=_("¿Es seguro llamar ahí?"),
        help_text=_("Pregúnteselo: quién contesta, quién más lee los mensajes."),
        choices=offered(SAFES),
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    hours = forms.CharField(label=_("A qué horas"), max_length=LONGEST_NOTE, required=False)
    spoken = forms.CharField(label=_("Idioma en que prefiere hablar"), max_length=40, required=False)
    valid_from = day_field(_("Vale desde"), hint=_("Vacío: desde hoy."))
    valid_until = day_field(_("Vale hasta"), hint=_("Vacío: hasta que se diga otra cosa."))

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)
        country.choices = country_choices()

    def clean(self) -> dict[str, Any]:
        """A telephone without its own prefix needs a country, or that it is not known."""
        kept = super().clean() or self.cleaned_data
        calls = kept.get("way") in (Way.PHONE, Way.WHATSAPP)
        if calls and not kept.get("country") and not kept.get("value", "+").startswith(("+", "00")):
            self.add_error("country", _("Elija de qué país es el teléfono, o que no se sabe."))
        return kept

    def read(self) -> dict[str, Any]:
        """What was typed, as `actions.add_contact` takes it."""
        kept = self.cleaned_data
        return {
            "way": Way(kept["way"]),
            "value": kept["value"],
            "country": kept["country"],
            "whose": Whose(kept["whose"]),
            "name": kept["name"],
            "safe": Safe(kept["safe"]),
            "hours": kept["hours"],
            "language": kept["spoken"],
            "valid_from": kept["valid_from"],
            "valid_until": kept["valid_until"],
        }
