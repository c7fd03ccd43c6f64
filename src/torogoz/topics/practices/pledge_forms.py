"""What an institution promises, and what it says later of how far it is."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.shared.institutions.models import Institution
from torogoz.shared.ui.forms import Questions, choose
from torogoz.shared.ui.templatetags.ui import localised
from torogoz.topics.practices.call_models import Call, Pledge, PledgeUpdate
from torogoz.topics.practices.own_forms import day_field, lines
from torogoz.topics.practices.words import KINDS, STAGES, TYPES

NEEDED = {"required": _("Falta este dato.")}
AMOUNT = {"required": _("Falta este dato."), "invalid": _("Escriba una cantidad, como 200.")}


def text(label: Any, *, required: bool, rows: int = 3) -> forms.CharField:
    """A few lines."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages=NEEDED,
    )


def number(label: Any, hint: Any, *, most: int = 8) -> forms.DecimalField:
    """A number of a ratio, or its cap."""
    return forms.DecimalField(
        label=label, help_text=hint, max_digits=most, decimal_places=2, required=False, error_messages=AMOUNT
    )


class PledgeForm(Questions):
    """A pledge: what, measured how, by when, with whom."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    institution = forms.ChoiceField(label=_("¿Quién promete?"))
    kind = forms.ChoiceField(
        label=_("¿Es propia, conjunta, o se suma a otra?"),
        choices=[(one.value, word) for one, word in KINDS.items()],
        widget=forms.RadioSelect,
        error_messages=NEEDED,
    )
    type = forms.ChoiceField(
        label=_("¿Qué se da?"),
        choices=[(one.value, word) for one, word in TYPES.items()],
        widget=forms.RadioSelect,
        error_messages=NEEDED,
    )
    title_es = forms.CharField(label=_("Título en español"), max_length=200, error_messages=NEEDED)
    title_en = forms.CharField(label=_("Título en inglés"), max_length=200, required=False)
    text_es = text(_("Qué se promete, en español"), required=True)
    text_en = text(_("Qué se promete, en inglés"), required=False)
    measure_es = forms.CharField(label=_("Qué se mide, en español"), max_length=300, error_messages=NEEDED)
    measure_en = forms.CharField(label=_("Qué se mide, en inglés"), max_length=300, required=False)
    target = forms.DecimalField(
        label=_("A cuánto llegará"), max_digits=18, decimal_places=2, min_value=0, error_messages=AMOUNT
    )
    unit = forms.CharField(
        label=_("En qué unidad"), help_text=_("Personas, USD, oficinas."), max_length=60, error_messages=NEEDED
    )
    due_on = day_field(_("A más tardar"))
    partners = forms.MultipleChoiceField(
        label=_("Con qué instituciones"),
        help_text=_("Solo si es conjunta. Cada una la confirma; hasta entonces la página dice que falta."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    organisations = text(_("Con qué organizaciones, una por línea"), required=False, rows=2)
    matches = forms.ChoiceField(label=_("¿A qué promesa se suma?"), required=False)
    gives = number(
        _("Proporción: su institución pone"),
        _("Solo si se suma a otra. Dos por cada uno de la otra: escriba 2 aquí y 1 en lo que sigue."),
    )
    for_each = number(
        _("Proporción: por cada"), _("De la otra promesa, en su unidad. Los dos en blanco: no se sabe a cuánto obliga.")
    )
    cap = number(_("Tope de lo que su institución pone"), _("En blanco: sin tope."), most=18)
    call = forms.ChoiceField(label=_("¿A qué convocatoria responde?"), required=False)
    objectives = forms.MultipleChoiceField(
        label=_("Objetivos del Pacto"), widget=forms.CheckboxSelectMultiple, error_messages=NEEDED
    )

    def __init__(
        self,
        codes: Sequence[str],
        objectives: Sequence[tuple[str, str]],
        institutions: Sequence[Institution],
        others: Sequence[Pledge],
        calls: Sequence[Call],
        *args: Any,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        choose(self, "institution", [(code, code) for code in codes])
        choose(self, "objectives", [(code, f"{code}. {title}") for code, title in objectives])
        choose(self, "partners", [(one.code, f"{one.code} · {localised(one, 'name')}") for one in institutions])
        named = [(str(one.key), f"{one.institution.code} · {localised(one, 'title')}") for one in others]
        choose(self, "matches", [("", _("A ninguna")), *named])

        choose(self, "call", [("", _("A ninguna")), *((str(one.key), localised(one, "title")) for one in calls)])

    @property
    def matched(self) -> UUID | None:
        """The key of the pledge that it matches, once the form is valid."""
        return UUID(self.cleaned_data["matches"]) if self.cleaned_data["matches"] else None

    def pledge(self) -> Pledge:
        """What was typed, not stored, once the form is valid."""
        names = (
            "token", "kind", "type", "title_es", "title_en", "text_es", "text_en", "measure_es", "measure_en", "target",
            "unit", "due_on", "gives", "for_each", "cap",
        )  # fmt: skip
        kept = {name: self.cleaned_data[name] for name in names}
        return Pledge(organisations=list(lines(self.cleaned_data["organisations"])), **kept)


class UpdateForm(Questions):
    """How far it was on a day."""

    stage = forms.ChoiceField(
        label=_("¿En qué etapa está?"),
        choices=[(one.value, word) for one, word in STAGES.items()],
        widget=forms.RadioSelect,
        error_messages=NEEDED,
    )
    on = day_field(_("Día del que se habla"))
    reached = forms.DecimalField(
        label=_("A cuánto llegó"),
        help_text=_("Vacío si no se sabe."),
        max_digits=18,
        decimal_places=2,
        required=False,
        error_messages=AMOUNT,
    )
    text_es = text(_("Qué pasó, en español"), required=True)
    text_en = text(_("Qué pasó, en inglés"), required=False)

    def update(self) -> PledgeUpdate:
        """What was typed, not stored, once the form is valid."""
        return PledgeUpdate(**self.cleaned_data)
