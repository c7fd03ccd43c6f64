"""What an officer types of a mobile consulate: a day, why one is off, a file of many."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.domain.mobile_consulates import ZONES, Day, Service
from torogoz.domain.refusals import Refused
from torogoz.shared.ui.forms import Questions
from torogoz.topics.diaspora.asked import MISSING, Asked, day_field, text_area
from torogoz.topics.diaspora.consulate_queries import DayShown
from torogoz.topics.diaspora.words import SERVICES

MOST_BYTES = 400_000


def time_field(label: Any) -> forms.TimeField:
    """A time as the clock of the place shows it."""
    return forms.TimeField(
        label=label,
        help_text=_("Hora del lugar, de 00:00 a 23:59: 09:00."),
        input_formats=["%H:%M"],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("Escriba la hora como 09:00.")},
    )


class DayForm(Asked):
    """One day of a mobile consulate."""

    consulate = forms.CharField(label=_("Consulado que atiende"), max_length=120)
    country = forms.ChoiceField(label=_("País"))
    city = forms.CharField(label=_("Ciudad y estado"), max_length=120)
    address = forms.CharField(label=_("Dirección"), max_length=300)
    on = day_field(_("Fecha"))
    opens = time_field(_("Abre"))
    closes = time_field(_("Cierra"))
    zone = forms.ChoiceField(
        label=_("Huso horario del lugar"), choices=[("", "—"), *((zone, zone.replace("_", " ")) for zone in ZONES)]
    )
    services = forms.MultipleChoiceField(
        label=_("Trámites que se atienden"),
        choices=[(one.value, word) for one, word in SERVICES.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    bring_es = forms.CharField(
        label=_("Qué hay que llevar, en español"),
        help_text=_("Documentos, copias y pago de cada trámite."),
        max_length=1000,
        widget=text_area(),
    )
    bring_en = forms.CharField(label=_("Qué hay que llevar, en inglés"), max_length=1000, widget=text_area())

    def read(self) -> Day | None:
        """The day; None when something cannot be read, and the form says what."""
        if not self.is_valid():
            return None
        typed = self.cleaned_data
        day = Day(
            consulate=" ".join(typed["consulate"].split()),
            country=typed["country"],
            city=" ".join(typed["city"].split()),
            address=" ".join(typed["address"].split()),
            on=typed["on"],
            opens=typed["opens"],
            closes=typed["closes"],
            zone=typed["zone"],
            services=tuple(one for one in Service if one.value in typed["services"]),
            bring_es=typed["bring_es"].strip(),
            bring_en=typed["bring_en"].strip(),
        )
        try:
            _ = day.begins_at, day.ends_at
        except Refused as why:
            self.refuse(why)
            return None
        return day


class OffForm(Questions):
    """Why a day is called off or moved."""

    reason_es = forms.CharField(
        label=_("Por qué, en español"), max_length=400, widget=text_area(2), error_messages={"required": MISSING}
    )
    reason_en = forms.CharField(
        label=_("Por qué, en inglés"), max_length=400, widget=text_area(2), error_messages={"required": MISSING}
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class FileForm(Questions):
    """A file of days, or its text once it was looked at."""

    file = forms.FileField(label=_("Archivo CSV"), required=False)
    text = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    def content(self) -> str:
        """The text of the file; empty when there is none, or none that can be read, and the form says why."""
        if not self.is_valid():
            return ""
        sent = self.cleaned_data["file"]
        if sent is None:
            if not self.cleaned_data["text"]:
                self.add_error("file", _("Elija un archivo."))
            return str(self.cleaned_data["text"])
        if sent.size > MOST_BYTES:
            self.add_error("file", _("El archivo pasa de 400 kB. No se guardó nada."))
            return ""
        try:
            return str(sent.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.add_error("file", _("El archivo no está en UTF-8. Guárdelo como CSV UTF-8; no se guardó nada."))
            return ""


def typed_before(shown: DayShown) -> dict[str, Any]:
    """What the form of the new day begins with when one is moved."""
    day = shown.day
    return {
        "consulate": day.consulate,
        "country": day.country,
        "city": day.city,
        "address": day.address,
        "on": f"{shown.opens:%Y-%m-%d}",
        "opens": f"{shown.opens:%H:%M}",
        "closes": f"{shown.closes:%H:%M}",
        "zone": day.zone,
        "services": day.services,
        "bring_es": day.bring_es,
        "bring_en": day.bring_en,
        "version": day.version,
    }
