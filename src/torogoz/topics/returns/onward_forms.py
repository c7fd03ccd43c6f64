"""What an officer types after the reception: belongings, the way home, a bed, a place with beds."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from torogoz.domain.onward import GivenTo, Way
from torogoz.shared.institutions.models import Office
from torogoz.shared.ui.forms import Questions, choose
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.returns.models import Shelter
from torogoz.topics.returns.widgets import LongSelect, in_a_row

GIVEN_TO = {
    GivenTo.PERSON: _("A la persona"),
    GivenTo.RELATIVE: _("A un familiar que ella dijo"),
    GivenTo.UNCLAIMED: _("Nadie la reclamó; se entregó a resguardo"),
}
WAYS = {
    Way.TERMINAL: _("Llevada a la terminal de buses"),
    Way.VEHICLE: _("Vehículo de la institución"),
    Way.FAMILY: _("La recoge su familia"),
    Way.OWN: _("Por su cuenta"),
}
DAY = {"invalid": _("Escriba el día así: 2026-11-26."), "required": _("Escriba el día.")}


def day_field(label: Any) -> forms.DateField:
    """A day."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, error_messages=DAY)


class BagForm(Questions):
    """A sealed bag."""

    number = forms.CharField(
        label=_("Número del sello"),
        max_length=20,
        error_messages={"required": _("Escriba el número del sello.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    things = forms.CharField(
        label=_("Qué lleva"),
        help_text=_("Una cosa por línea, contada delante de la persona. Se guarda cifrado."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Escriba qué lleva la bolsa.")},
    )


class BackForm(Questions):
    """To whom a bag was given back."""

    to = forms.ChoiceField(label="", choices=[(one.value, word) for one, word in GIVEN_TO.items()])


class TripForm(Questions):
    """How, when and where to a person travels on."""

    way = forms.ChoiceField(
        label=_("Cómo sale"),
        choices=[(one.value, word) for one, word in WAYS.items()],
        widget=in_a_row(),
        error_messages={"required": _("Elija una respuesta.")},
    )
    leaves_on = day_field(_("Día"))
    leaves_at = forms.TimeField(
        label=_("Hora"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"required": _("Escriba la hora."), "invalid": _("Escriba la hora así: 14:30.")},
    )
    place = forms.CharField(
        label=_("A dónde"),
        help_text=_("Lo que hace falta para llevarla. Se guarda cifrado."),
        max_length=200,
        error_messages={"required": _("Escriba a dónde va.")},
    )

    @property
    def moment(self) -> datetime:
        """When, once the form is valid."""
        day, at = self.cleaned_data["leaves_on"], self.cleaned_data["leaves_at"]
        assert isinstance(at, time)
        return timezone.make_aware(datetime.combine(day, at))


class StayForm(Questions):
    """A bed for some nights."""

    shelter = forms.ChoiceField(
        label=_("Albergue"), widget=LongSelect, error_messages={"required": _("Elija el albergue.")}
    )
    first_night = day_field(_("Primera noche"))
    leaves_on = day_field(_("Sale el"))

    def __init__(self, data: Any = None, *, shelters: Sequence[Shelter], **options: Any) -> None:
        super().__init__(data, **options)
        self._shelters = {str(one.key): one for one in shelters}
        choose(self, "shelter", [("", "—"), *((str(one.key), one.name) for one in shelters)])

    @property
    def chosen(self) -> Shelter:
        """The place, once the form is valid."""
        return self._shelters[self.cleaned_data["shelter"]]


class LeaveForm(Questions):
    """The day on which somebody leaves earlier."""

    leaves_on = day_field(_("Sale el"))


class ShelterForm(Questions):
    """A place with beds."""

    centre = forms.ChoiceField(label=_("Centro"), error_messages={"required": _("Elija el centro.")})
    name = forms.CharField(
        label=_("Nombre del albergue"), max_length=80, error_messages={"required": _("Escriba el nombre.")}
    )
    capacity = forms.IntegerField(
        label=_("Camas por noche"),
        min_value=1,
        max_value=5000,
        error_messages={"required": _("Escriba cuántas camas hay."), "invalid": _("Escriba cuántas camas hay.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, data: Any = None, *, centres: Sequence[Office], **options: Any) -> None:
        super().__init__(data, **options)
        self._centres = {centre.code: centre for centre in centres}
        name = "name_es" if language().startswith("es") else "name_en"
        choose(self, "centre", [(centre.code, getattr(centre, name)) for centre in centres])

    @property
    def chosen(self) -> Office:
        """The centre, once the form is valid."""
        return self._centres[self.cleaned_data["centre"]]
