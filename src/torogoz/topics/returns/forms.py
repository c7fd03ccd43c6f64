"""What an officer types at the reception centre: the search, the single form, the documents."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from torogoz.domain.documents import DUI, DocumentNumber, DocumentRefused, read_document
from torogoz.domain.names import PARTS, PersonName
from torogoz.domain.people import DocumentTyped, read_details
from torogoz.domain.refusals import FieldsRefused
from torogoz.domain.returns import Answer, Declaration
from torogoz.shared.codelists import queries as codelists
from torogoz.shared.institutions.models import Office
from torogoz.shared.institutions.once import asked_once
from torogoz.shared.places import queries as places
from torogoz.shared.ui.forms import Questions, choose
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.returns.widgets import LongSelect, in_a_row

UNKNOWN = "_U"
HOME = "SLV"
FREQUENT = ("USA", "MEX", "GTM")
SEXES = [("F", _("Mujer")), ("M", _("Hombre")), ("_O", _("Otro")), (UNKNOWN, _("Se desconoce"))]
ROUTES = [("AIR", _("Aérea")), ("LAND", _("Terrestre"))]
ANSWERS = [(Answer.YES.value, _("Sí")), (Answer.NO.value, _("No")), (Answer.UNKNOWN.value, _("Se desconoce"))]
MOST_DOCUMENTS = 3

# Where the words of a searched name go, by how many there are: the likeliest order, for the officer to set right.
ORDERS: dict[int, tuple[str, ...]] = {
    0: (),
    1: ("given1",),
    2: ("given1", "surname1"),
    3: ("given1", "surname1", "surname2"),
    4: ("given1", "given2", "surname1", "surname2"),
}


class SearchForm(Questions):
    """Looking for a person before anything is written: any one of three clues is enough."""

    stores = False

    text = forms.CharField(
        label=_("Nombre"),
        help_text=_("En cualquier orden, con tildes o sin ellas. También el nombre por el que la conocen."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    document = forms.CharField(
        label=_("Número de documento"),
        help_text=_("Con guiones o sin ellos."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    birth_year = forms.IntegerField(
        label=_("Año de nacimiento"),
        help_text=_("Cuatro cifras: 1987."),
        required=False,
        min_value=1880,
        max_value=2100,
        error_messages={
            "invalid": _("Escriba el año con cuatro cifras: 1987."),
            "min_value": _("Escriba el año con cuatro cifras: 1987."),
            "max_value": _("Escriba el año con cuatro cifras: 1987."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a name or a document: a year alone would find hundreds."""
        if not self.errors and not (self.cleaned_data["text"].strip() or self.cleaned_data["document"].strip()):
            self.add_error("text", _("Escriba al menos un nombre o un número de documento."))
        return self.cleaned_data

    def begun(self) -> dict[str, str]:
        """What was typed, where it belongs on the single form; the officer sets the order of the names right."""
        self.is_valid()
        typed = self.cleaned_data
        number = typed.get("document", "")
        parts = typed.get("text", "").split()
        parts = [*parts[:3], " ".join(parts[3:])] if len(parts) > 3 else parts
        fields = ORDERS[len(parts)]
        return {
            **dict(zip(fields, parts, strict=True)),
            "birth": str(typed.get("birth_year") or ""),
            "number": number,
            "kind": DUI if sum(sign.isdigit() for sign in number) == 9 else "",
        }


class PersonForm(Questions):
    """Who arrives: names, birth as far as it is known, sex, nationality."""

    given1 = forms.CharField(label=_("Primer nombre"), max_length=60, required=False)
    given2 = forms.CharField(label=_("Segundo nombre"), max_length=60, required=False)
    surname1 = forms.CharField(label=_("Primer apellido"), max_length=60, required=False)
    surname2 = forms.CharField(label=_("Segundo apellido"), max_length=60, required=False)
    married = forms.CharField(
        label=_("Apellido de casada"), help_text=_("Con «de» o sin él."), max_length=60, required=False
    )
    aliases = forms.CharField(
        label=_("Conocido por"),
        help_text=_("Otros nombres que la persona usa, uno por línea."),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    birth = forms.CharField(
        label=_("Fecha de nacimiento"),
        help_text=_("Hasta donde se sepa: 2001, 2001-05 o 2001-05-17. Si no se sabe, déjela vacía."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    sex = forms.ChoiceField(
        label=_("Sexo"), choices=SEXES, widget=in_a_row(), error_messages={"required": _("Elija una respuesta.")}
    )
    nationality = forms.ChoiceField(label=_("Nacionalidad"), initial=HOME, widget=LongSelect)

    def __init__(self, data: Any = None, *, now: datetime, **options: Any) -> None:
        super().__init__(data, **options)
        self.today = timezone.localdate(now)
        self.name = PersonName()
        self.other_names: list[str] = []
        choose(self, "nationality", [*countries(first=(HOME,)), (UNKNOWN, _("Se desconoce"))])
        for part in PARTS:
            self.fields[part].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def clean(self) -> dict[str, Any]:
        """Read everything by the rules of the register, so that each wrong value is named beside its field."""
        cleaned = self.cleaned_data
        names = {part: cleaned.get(part, "") for part in PARTS}
        self.other_names = cleaned.get("aliases", "").splitlines()
        try:
            details = read_details(
                today=self.today, names=names, aliases=self.other_names, birth=cleaned.get("birth", "")
            )
        except FieldsRefused as why:
            named = self.errors.keys() & {*PARTS, "aliases"}
            for refusal in why.errors.values():
                if refusal.code != "nothing" or not named:
                    self.refuse(refusal)
        else:
            self.name = details.name
        return cleaned


class DocumentForm(Questions):
    """One document. A number that looks wrong is doubted once, and kept when the officer says that it is so."""

    kind = forms.ChoiceField(label=_("Documento"), required=False)
    number = forms.CharField(
        label=_("Número"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    issuer = forms.ChoiceField(label=_("País que lo emitió"), required=False, initial=HOME, widget=LongSelect)
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.read: DocumentNumber | None = None
        choose(self, "kind", [("", _("Ninguno")), *codelists.options("DOCUMENT", language())])
        choose(self, "issuer", countries(first=(HOME, *FREQUENT)))

    def clean(self) -> dict[str, Any]:
        """Read the number; doubt it once."""
        kind, number = self.cleaned_data.get("kind", ""), self.cleaned_data.get("number", "")
        if number and not kind:
            self.add_error("kind", _("Elija de qué documento es el número."))
        elif kind and not number:
            self.add_error("number", _("Escriba el número, o elija «Ninguno» si no trae el documento."))
        elif kind:
            try:
                self.read = read_document(kind, number)
            except DocumentRefused as why:
                self.refuse(why)
        if self.read and self.read.doubts and self.cleaned_data.get("confirmed") != self.read.folded:
            self.refuse(self.read.doubts[0])
        return self.cleaned_data

    @property
    def typed(self) -> DocumentTyped | None:
        """The document as it was typed, or None when the row was left empty."""
        kept = self.cleaned_data
        return DocumentTyped(kept["kind"], kept["number"], kept["issuer"] or UNKNOWN) if kept.get("kind") else None

    @property
    def doubted(self) -> str:
        """The number to be confirmed, as it is compared; empty when nothing is in doubt."""
        return self.read.folded if self.read and self.read.doubts else ""

    @property
    def is_confirmed(self) -> bool:
        """Whether the officer has said that the number is as the document shows it."""
        return bool(self.doubted) and self.cleaned_data.get("confirmed") == self.doubted


class DistrictField(forms.ChoiceField):
    """A district on the day of arrival; the same ground under its code of the other side of the reform will do."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=LongSelect, **options)
        self.units: dict[str, places.Unit] = {}

    def offer(self, territory: Sequence[places.Unit], department: str) -> None:
        """Offer every district by municipality, those of the chosen department first."""
        self.units = {unit.twin: unit for unit in territory} | {unit.code: unit for unit in territory}
        names = dict(places.departments())
        groups: dict[str, list[tuple[str, str]]] = {}
        for unit in sorted(territory, key=lambda unit: unit.department != department):
            home = names[unit.department]
            group = home if unit.within == home else f"{home} · {unit.within}"
            once = _("antes %(name)s") % {"name": unit.once} if unit.once else ""
            groups.setdefault(group, []).append((unit.code, f"{unit.name} ({once})" if once else unit.name))
        self.choices = [("", _("Se desconoce")), *groups.items()]

    def to_python(self, value: Any) -> str:
        return str(self.prepare_value(super().to_python(value)))

    def prepare_value(self, value: Any) -> Any:
        return self.units[value].code if value in self.units else value


Documents = forms.formset_factory(DocumentForm, extra=MOST_DOCUMENTS, max_num=MOST_DOCUMENTS)


def documents_sent(data: QueryDict) -> Any:
    """The documents of a form that was sent. How many there are is ours to say, whatever the form claims."""
    counted = data.copy()
    counted["documents-TOTAL_FORMS"], counted["documents-INITIAL_FORMS"] = str(MOST_DOCUMENTS), "0"
    return Documents(counted, prefix="documents")


class ArrivalForm(Questions):
    """How a person arrives: from where, by which way, when, where to, and what is needed now."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    centre = forms.ChoiceField(label=_("Centro de recepción"))
    arrived_on = forms.DateField(
        label=_("Día de llegada"),
        # 05/06 is a day of June in Spanish and of May in English: the day is read in one way only.
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("Escriba el día de llegada."), "invalid": _("Escriba el día así: 2026-05-17.")},
    )
    arrived_at = forms.TimeField(
        label=_("Hora de llegada"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"required": _("Escriba la hora de llegada."), "invalid": _("Escriba la hora así: 14:30.")},
    )
    returned_from = forms.ChoiceField(
        label=_("País de retorno"),
        widget=LongSelect,
        help_text=_("El país que la devuelve o desde el que vuelve."),
        error_messages={"required": _("Elija el país desde el que vuelve.")},
    )
    route = forms.ChoiceField(
        label=_("Vía"),
        choices=ROUTES,
        widget=in_a_row(),
        error_messages={"required": _("Elija si llegó por aire o por tierra.")},
    )
    accompanied = forms.ChoiceField(
        label=_("¿Viene con familiares?"), choices=ANSWERS, widget=in_a_row(), initial=UNKNOWN
    )
    origin_department = forms.ChoiceField(label=_("Departamento de origen"), required=False)
    origin_district = DistrictField(label=_("Distrito de origen"))
    destination_department = forms.ChoiceField(label=_("Departamento de destino"), required=False)
    destination_district = DistrictField(label=_("Distrito de destino"))
    reason = forms.ChoiceField(
        label=_("¿Por qué se fue del país?"),
        initial=UNKNOWN,
        widget=in_a_row(),
        error_messages={"required": _("Elija una respuesta.")},
    )
    needs = forms.MultipleChoiceField(
        label=_("¿Qué necesita ahora?"), required=False, widget=in_a_row(forms.CheckboxSelectMultiple)
    )
    pregnant = forms.ChoiceField(label=_("¿Está embarazada?"), choices=ANSWERS, widget=in_a_row())
    disabled = forms.ChoiceField(
        label=_("¿Vive con una discapacidad?"), choices=ANSWERS, widget=in_a_row(), initial=UNKNOWN
    )
    injured = forms.ChoiceField(
        label=_("¿Viene con una herida o lesión?"), choices=ANSWERS, widget=in_a_row(), initial=UNKNOWN
    )

    def __init__(self, data: Any = None, *, centres: Sequence[Office], now: datetime, **options: Any) -> None:
        super().__init__(data, **options)
        here = timezone.localtime(now)
        self.initial = {
            "token": uuid4(),
            "arrived_on": here.date(),
            "arrived_at": here.time().replace(second=0, microsecond=0),
            "pregnant": UNKNOWN,
            **(self.initial or {}),
        }
        self.centres = {str(centre.pk): centre for centre in centres}
        name = "name_en" if language() == "en" else "name_es"
        choose(self, "centre", [(key, getattr(centre, name)) for key, centre in self.centres.items()])
        if len(self.centres) == 1:
            self.fields["centre"].widget = forms.HiddenInput()
            self.initial["centre"] = next(iter(self.centres))
        departments = [("", _("Se desconoce")), *places.departments()]
        territory = places.territory(self._day(here.date()))
        for end in ("origin", "destination"):
            choose(self, f"{end}_department", departments)
            self._district_field(end).offer(territory, self.data.get(f"{end}_department", ""))
        choose(self, "returned_from", [("", "—"), *countries(first=FREQUENT)])
        choose(self, "reason", codelists.options("REASON", language()))
        choose(self, "needs", codelists.options("NEED", language()))

    def clean(self) -> dict[str, Any]:
        """Join day and hour in the country's time, and hold each district to its department."""
        cleaned = self.cleaned_data
        for end in ("origin", "destination"):
            unit = self._district_field(end).units.get(cleaned.get(f"{end}_district", ""))
            department = cleaned.get(f"{end}_department", "")
            if unit and not department:
                cleaned[f"{end}_department"] = unit.department
            elif unit and unit.department != department:
                self.add_error(f"{end}_district", self._misplaced(unit, department))
        if "arrived_on" in cleaned and "arrived_at" in cleaned:
            moment = datetime.combine(cleaned["arrived_on"], cleaned["arrived_at"])
            cleaned["moment"] = timezone.make_aware(moment)
        return cleaned

    def begin_anew(self) -> None:
        """Keep what was typed under a new token: the next time it is sent, it is another arrival."""
        if isinstance(self.data, QueryDict):
            anew = self.data.copy()
            anew["token"] = str(uuid4())
            self.data = anew

    @property
    def chosen_centre(self) -> Office:
        """The office that was chosen; only when the form is valid."""
        return self.centres[self.cleaned_data["centre"]]

    def declared(self) -> Declaration:
        """What was declared; only when the form is valid."""
        kept = self.cleaned_data
        return Declaration(
            returned_from=kept["returned_from"],
            route=kept["route"],
            accompanied=Answer(kept["accompanied"]),
            origin_department=kept["origin_department"],
            origin_district=kept["origin_district"],
            destination_department=kept["destination_department"],
            destination_district=kept["destination_district"],
            reason=kept["reason"],
            needs=tuple(kept["needs"]),
            pregnant=Answer(kept["pregnant"]),
            disabled=Answer(kept["disabled"]),
            injured=Answer(kept["injured"]),
        )

    def _day(self, today: date) -> date:
        """The day whose territory is offered: the day of arrival as typed, else today."""
        try:
            return date.fromisoformat(self.data.get("arrived_on", ""))
        except ValueError:
            return today

    def _district_field(self, end: str) -> DistrictField:
        field = self.fields[f"{end}_district"]
        assert isinstance(field, DistrictField)
        return field

    def _misplaced(self, unit: places.Unit, department: str) -> str:
        names = dict(places.departments())
        return _("%(district)s está en %(its)s, no en %(department)s. Cambie el distrito o el departamento.") % {
            "district": unit.name,
            "its": names[unit.department],
            "department": names.get(department, department),
        }


def countries(first: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The countries by name, those that are asked for most before the others."""
    named = _all_countries(language())
    names = dict(named)
    return [(code, names[code]) for code in first if code in names] + [pair for pair in named if pair[0] not in first]


@asked_once
def _all_countries(spoken: str) -> list[tuple[str, str]]:
    return codelists.countries(spoken)
