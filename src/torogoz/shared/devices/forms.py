"""What is asked of an officer who registers a device, or decides about a form that waits."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.shared.devices.models import FilledForm, Ruling
from torogoz.shared.devices.reading import HeldSeen
from torogoz.shared.devices.words import verdict_words
from torogoz.shared.institutions.models import Institution
from torogoz.shared.ui.forms import Questions
from torogoz.shared.ui.templatetags.ui import language

SAME: Final = "same:"


class DeviceForm(Questions):
    """What the device is called, and for which institution it works."""

    name = forms.CharField(
        label=_("Nombre del equipo"),
        max_length=60,
        help_text=_("Como usted lo reconozca: «Tableta de la mesa 2»."),
    )
    institution = forms.ChoiceField(label=_("Institución"))

    def __init__(self, data: Any = None, *, institutions: Iterable[Institution], **options: Any) -> None:
        super().__init__(data, **options)
        self.institutions = {each.code: each for each in institutions}
        spanish = language() == "es"
        chosen = self.fields["institution"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [(code, each.name_es if spanish else each.name_en) for code, each in self.institutions.items()]
        if len(self.institutions) == 1:
            chosen.widget = forms.HiddenInput()
            self.initial["institution"] = next(iter(self.institutions))


class RulingForm(Questions):
    """What is to be done with a form that waits, and why."""

    verdict = forms.ChoiceField(
        label=_("Qué se hace"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Elija una respuesta.")},
    )
    reference = forms.CharField(
        label=_("Código de la ficha, o número de documento"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    reason = forms.CharField(
        label=_("Motivo"),
        min_length=10,
        max_length=300,
        help_text=_("Con sus palabras: cómo lo sabe. Queda con el formulario."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, held: HeldSeen, **options: Any) -> None:
        super().__init__(data, **options)
        self.held = held
        alike = [
            (f"{SAME}{found.key}", _("Es %(name)s (%(birth)s): escribirlo en su ficha") % {
                "name": str(found.name), "birth": found.birth or _("nacimiento desconocido"),
            })
            for found in held.alike
        ]  # fmt: skip
        chosen = self.fields["verdict"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [*alike, *verdict_words(held.form.why)]
        if held.form.why != FilledForm.Why.PERSON:
            del self.fields["reference"]
        else:
            self.initial["reference"] = held.reference

    def clean(self) -> dict[str, Any]:
        """Ask who it is about, where that is what was chosen."""
        kept = super().clean() or {}
        if kept.get("verdict") == Ruling.Verdict.SAME and not kept.get("reference"):
            self.add_error("reference", _("Escriba el código de la ficha o el número del documento."))
        return kept

    @property
    def person_key(self) -> UUID | None:
        """The key of the person who was chosen among those alike; only when the form is valid."""
        chosen = str(self.cleaned_data["verdict"])
        return UUID(chosen.removeprefix(SAME)) if chosen.startswith(SAME) else None

    @property
    def verdict_chosen(self) -> Ruling.Verdict:
        """What was decided; only when the form is valid."""
        return Ruling.Verdict.SAME if self.person_key else Ruling.Verdict(self.cleaned_data["verdict"])
