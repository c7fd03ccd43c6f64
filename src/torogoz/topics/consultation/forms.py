"""What a secretariat types of a consultation, what a body answers, and the receipt that asks what became of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.domain.consultations import Part
from torogoz.shared.codelists.queries import options
from torogoz.shared.institutions.queries import institutions_by_code
from torogoz.shared.ui.forms import Questions, choose
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.consultation.actions import Invited, ProcessTyped
from torogoz.topics.consultation.words import BASES, PARTS, RULES

MISSING = {"required": _("Falta este dato.")}
LOCAL = "%Y-%m-%dT%H:%M"
"""How a browser writes a moment."""
DAY = {"invalid": _("Escriba el día así: 2026-11-26."), **MISSING}


class DeedForm(Questions):
    """One thing that may be done on a page: to which row, at which version, from which form."""

    row = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    @property
    def at(self) -> int:
        """The version that was seen; -1, which no row stands at, when the form does not say."""
        version = self.cleaned_data["version"]
        return -1 if version is None else int(version)


def words(label: Any, length: int = 300, *, hint: Any = "", required: bool = True) -> forms.CharField:
    """A line of words."""
    return forms.CharField(label=label, help_text=hint, max_length=length, required=required, error_messages=MISSING)


def text(label: Any, length: int = 4000, *, hint: Any = "", required: bool = True, rows: int = 4) -> forms.CharField:
    """A few lines of words."""
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, help_text=hint, max_length=length, required=required, widget=area, error_messages=MISSING
    )


def day(label: Any, *, required: bool = True) -> forms.DateField:
    """A day."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=required, widget=widget, error_messages=DAY)


def moment(label: Any, *, hint: Any = "", required: bool = True) -> forms.DateTimeField:
    """A moment by the clock of El Salvador."""
    return forms.DateTimeField(
        label=label,
        help_text=hint,
        required=required,
        input_formats=[LOCAL, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
        error_messages={**MISSING, "invalid": _("Escriba el día y la hora, como 2027-03-20 08:00.")},
    )


def code_field(label: Any, missing: Any) -> forms.CharField:
    """A code of sixteen letters and digits that its reader keeps; `missing` is what is said without one."""
    plain = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
    return forms.CharField(
        label=label,
        max_length=40,
        help_text=_("Dieciséis letras y números, como K7M2-PQX4-TZ9A-BCDE. Da igual si escribe los guiones."),
        error_messages={"required": missing},
        widget=forms.TextInput(attrs=plain),
    )


def pick(
    label: Any, choices: Any = (), *, hint: Any = "", required: bool = True, few: bool = False
) -> forms.ChoiceField:
    """One of a list; of a few, with all of them in sight."""
    widget: Any = forms.RadioSelect if few else forms.Select
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=choices,
        required=required,
        widget=widget,
        error_messages={**MISSING, "invalid_choice": _("Elija uno de la lista.")},
    )


def count(label: Any, *, least: int = 0, most: int = 999, hint: Any = "", required: bool = True) -> forms.IntegerField:
    """A whole number."""
    return forms.IntegerField(
        label=label,
        help_text=hint,
        min_value=least,
        max_value=most,
        required=required,
        error_messages={**MISSING, "invalid": _("Escriba un número entero.")},
    )


class ProposeForm(DeedForm):
    """A position to be adopted; where a meeting has no final minutes, why not."""

    why_no_minutes = text(
        _("Por qué hay reuniones sin acta definitiva"),
        2000,
        hint=_("Lo lee quien la confirma y queda con la adopción. No escriba nombres de personas."),
        required=False,
        rows=2,
    )

    def __init__(self, data: Any = None, *, asks_why: bool, **options_: Any) -> None:
        super().__init__(data, **options_)
        if not asks_why:
            del self.fields["why_no_minutes"]


class ProcessForm(DeedForm):
    """A consultation in both languages, and the rules by which it decides."""

    code = forms.SlugField(
        label=_("Código"),
        help_text=_("Corto, en minúsculas y con guiones; queda en la dirección pública: consulta-2027."),
        max_length=30,
        error_messages={**MISSING, "invalid": _("Use solo letras sin tilde, cifras y guiones.")},
    )
    title_es = words(_("Título en español"))
    title_en = words(_("Título en inglés"))
    question_es = text(_("Pregunta en español"), hint=_("Lo que se pregunta a quienes se convoca."))
    question_en = text(_("Pregunta en inglés"))
    mandate_es = text(_("Mandato en español"), hint=_("Con qué base se convoca: ley, acuerdo, carta."), required=False)
    mandate_en = text(_("Mandato en inglés"), required=False)
    rule = pick(_("Cómo se decide"), list(RULES.items()), few=True)
    share_top = count(
        _("Mayoría: cuántos"), least=1, hint=_("Solo si se decide por mayoría: 2 de cada 3."), required=False
    )
    share_bottom = count(_("De cada cuántos"), least=1, required=False)
    more_than = forms.BooleanField(label=_("No basta exactamente esa parte: hace falta más"), required=False)
    base = pick(_("¿De cuáles escaños?"), list(BASES.items()), required=False)
    quorum_seats = count(_("Quórum: escaños que deben hablar"), hint=_("0 si no se exige."), required=False)

    def __init__(self, data: Any = None, *, stored: Any = None, **options_: Any) -> None:
        super().__init__(data, **options_)
        for group, name in options("BODY_GROUP", language()):
            self.fields[f"quorum_{group}"] = count(_("Escaños de: %(group)s") % {"group": name}, required=False)
        self.initial.setdefault("share_top", 1)
        self.initial.setdefault("share_bottom", 2)
        if stored is not None:
            plain = [name for name in self.fields if hasattr(stored, name) and name not in ("version", "token")]
            self.initial.update({name: getattr(stored, name) for name in plain})
            self.initial.update({f"quorum_{group}": seats for group, seats in stored.quorum_groups.items()})
            self.fields["code"].disabled = True

    @property
    def groups(self) -> list[forms.BoundField]:
        """The quorum of each group."""
        return [self[name] for name in self.fields if name.startswith("quorum_") and name != "quorum_seats"]

    def typed(self) -> ProcessTyped:
        """What was typed, as the action takes it."""
        said = self.cleaned_data
        groups = {
            name.removeprefix("quorum_"): said[name]
            for name in said
            if name.startswith("quorum_") and name != "quorum_seats" and said[name]
        }
        return ProcessTyped(
            title_es=said["title_es"],
            title_en=said["title_en"],
            question_es=said["question_es"],
            question_en=said["question_en"],
            mandate_es=said["mandate_es"],
            mandate_en=said["mandate_en"],
            rule=said["rule"],
            share_top=said["share_top"] or 1,
            share_bottom=said["share_bottom"] or 2,
            more_than=said["more_than"],
            base=said["base"] or "sides",
            quorum_seats=said["quorum_seats"] or 0,
            quorum_groups=groups,
        )


class PhaseForm(DeedForm):
    """The days of a phase; either may still be open."""

    starts_on = day(_("Empieza"), required=False)
    ends_on = day(_("Termina"), required=False)


class InviteForm(DeedForm):
    """A body to convene: an institution from the list, or another one by its names."""

    institution = pick(
        _("Institución del Estado"),
        hint=_("Déjelo vacío y escriba los nombres abajo si es otra organización."),
        required=False,
    )
    name_es = words(_("Otra organización: nombre en español"), 200, required=False)
    name_en = words(_("Otra organización: nombre en inglés"), 200, required=False)
    group = pick(_("Grupo"))
    part = pick(_("Qué hace en la consulta"), list(PARTS.items()))
    seats = count(_("Escaños"), least=1, most=99)

    def __init__(self, data: Any = None, *, stored: Any = None, **options_: Any) -> None:
        super().__init__(data, **options_)
        choose(self, "group", options("BODY_GROUP", language()))
        choose(self, "institution", [("", "—"), *institutions_to_convene()])
        self.initial.setdefault("seats", 1)
        if stored is not None:
            self.initial.update(
                {name: getattr(stored, name) for name in ("name_es", "name_en", "group", "part", "seats")}
            )
            self.initial["institution"] = stored.institution.code if stored.institution else ""

    def clean(self) -> dict[str, Any]:
        """An institution or names, and not both."""
        said = super().clean() or {}
        if not said.get("institution"):
            for name in ("name_es", "name_en"):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, str(_("Elija una institución, o escriba el nombre en los dos idiomas.")))
        elif said.get("name_es") or said.get("name_en"):
            self.add_error("name_es", str(_("Eligió una institución de la lista: borre este nombre.")))
        return said

    def body(self) -> Invited:
        """The body, as the action takes it."""
        said = self.cleaned_data
        return Invited(
            group=said["group"],
            part=Part(said["part"]),
            seats=said["seats"],
            institution=said.get("institution", ""),
            name_es=said["name_es"],
            name_en=said["name_en"],
        )


class OrganisationForm(InviteForm):
    """A body to convene that is no institution of the State, by its names."""

    def __init__(self, data: Any = None, **options_: Any) -> None:
        super().__init__(data, **options_)
        del self.fields["institution"]
        for name in ("name_es", "name_en"):
            self.fields[name].required = True
            self.fields[name].error_messages.update(MISSING)
        self.fields["name_es"].label, self.fields["name_en"].label = _("Nombre en español"), _("Nombre en inglés")
        self.initial.setdefault("group", "organisation")

    def clean(self) -> dict[str, Any]:
        """Both names, which the fields ask for themselves."""
        return self.cleaned_data


class EventForm(DeedForm):
    """A meeting."""

    name_es = words(_("Nombre en español"), 200)
    name_en = words(_("Nombre en inglés"), 200)
    starts_on = day(_("Primer día"))
    ends_on = day(_("Último día"))
    place = words(_("Lugar"), 200, required=False)


class PublishForm(DeedForm):
    """Which gate is opened or closed."""

    what = pick("", [("process", "process"), ("results", "results")])
    shown = pick("", [("yes", "yes"), ("no", "no")])


class StepForm(DeedForm):
    """The next step of a process."""

    step = words("", 10)


class ReceiptForm(Questions):
    """The code of a receipt."""

    stores = False

    receipt = words(_("Código de su recibo"), 20, hint=_("Diez letras y cifras, por ejemplo K7M2P-QX4TZ."))


def institutions_to_convene() -> list[tuple[str, str]]:
    """Institutions that exist, by name."""
    name = f"name_{language()}"
    found = [
        (code, f"{getattr(one, name)} ({code})")
        for code, one in institutions_by_code().items()
        if one.valid_until is None and one.successor_id is None
    ]
    return sorted(found, key=lambda pair: pair[1])
