"""What an officer types on the day of reception: the transport, its list, how a stop went."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.domain.reception import Progress
from torogoz.shared.institutions.models import Office
from torogoz.shared.ui.forms import Questions, choose
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.returns.forms import FREQUENT, ROUTES, countries
from torogoz.topics.returns.widgets import LongSelect, in_a_row

STOPS = {
    "welcome": _("Bienvenida"),
    "migration": _("Entrevista migratoria"),
    "health": _("Salud"),
    "police": _("Policía"),
    "child_protection": _("Protección de la niñez"),
    "psychosocial": _("Atención psicosocial"),
    "calls": _("Llamadas"),
    "belongings": _("Pertenencias"),
    "transport": _("Transporte a casa"),
    "lodging": _("Alojamiento"),
}
PROGRESS = [
    (Progress.DONE.value, _("Hecha")),
    (Progress.NOT_NEEDED.value, _("No la necesita")),
    (Progress.DECLINED.value, _("No quiso")),
]
ASIDE = {
    "no_name": _("No tiene nombre"),
    "name": _("El nombre lleva cifras o signos, o es demasiado largo"),
    "birth": _(
        "La fecha de nacimiento no se puede leer o no puede ser; escríbala año-mes-día: 2001-05-17, 2001-05 o 2001"
    ),
    "document": _("El documento es demasiado largo"),
    "repeated": _("Repite una fila anterior"),
    "uneven": _("Tiene más o menos casillas que el encabezado"),
    "changed": _("Ya estaba en la lista y ahora dice otra cosa; quedó como estaba"),
}


class TransportForm(Questions):
    """A flight or bus that is to arrive."""

    centre = forms.TypedChoiceField(label=_("Centro"), coerce=int)
    arrives_on = forms.DateField(
        label=_("Día de llegada"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    number = forms.CharField(label=_("Número de vuelo o nombre del bus"), max_length=20)
    returned_from = forms.ChoiceField(
        label=_("De dónde vuelve"),
        widget=LongSelect,
        error_messages={"required": _("Elija el país desde el que vuelve.")},
    )
    expected = forms.IntegerField(
        label=_("Personas anunciadas"),
        help_text=_("Vacío si no se sabe."),
        required=False,
        min_value=0,
        max_value=2000,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    route = forms.ChoiceField(label=_("Vía"), choices=ROUTES, widget=in_a_row())

    def __init__(self, data: Any = None, *, centres: Sequence[Office], **options: Any) -> None:
        super().__init__(data, **options)
        self._centres = {centre.pk: centre for centre in centres}
        name = "name_es" if language().startswith("es") else "name_en"
        self.fields["centre"] = forms.TypedChoiceField(
            label=_("Centro"), coerce=int, choices=[(centre.pk, getattr(centre, name)) for centre in centres]
        )
        # Nothing is chosen for the officer: the first country of a list is nobody's answer.
        choose(self, "returned_from", [("", "—"), *countries(first=FREQUENT)])

    @property
    def chosen_centre(self) -> Office:
        """The centre that was chosen, once the form is valid."""
        return self._centres[self.cleaned_data["centre"]]


class ManifestForm(Questions):
    """The file of a list."""

    file = forms.FileField(
        label=_("Lista de pasajeros"),
        help_text=_(
            "CSV o libro de Excel (xlsx), hasta 5 MB. Columnas: Nombres, Apellidos, Documento, Fecha de nacimiento "
            "(año-mes-día: 2001-05-17)."
        ),
    )


class StopForm(Questions):
    """How one stop went."""

    stop = forms.CharField(widget=forms.HiddenInput)
    progress = forms.ChoiceField(label="", choices=PROGRESS)
