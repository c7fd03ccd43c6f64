"""What is asked about a breach."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.domain.breaches import LONGEST_WORDS, Category
from torogoz.shared.data_rights.breach_words import CATEGORIES
from torogoz.shared.ui.forms import Questions

MOMENT = {"required": _("Escriba el día y la hora."), "invalid": _("Escriba el día y la hora así: 2027-05-17T14:30.")}
MOST_PEOPLE = 20_000_000


class Moment(forms.DateTimeField):
    """A day and an hour in El Salvador."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
        super().__init__(widget=widget, input_formats=formats, error_messages=MOMENT, **options)

    def to_python(self, value: Any) -> datetime | None:
        """The moment. A day without its hour is refused: the clock runs by hours, and Django would take midnight."""
        if isinstance(value, str) and value.strip() and ":" not in value:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class People(forms.IntegerField):
    """How many; empty when it is not known."""

    def __init__(self) -> None:
        super().__init__(
            label=_("¿A cuántas personas alcanza?"),
            help_text=_("Déjelo vacío si no se sabe: vacío no es cero."),
            required=False,
            min_value=0,
            max_value=MOST_PEOPLE,
            error_messages={"invalid": _("Escriba un número, o déjelo vacío si no se sabe.")},
        )


class BreachForm(Questions):
    """When it was discovered, what happened, which data, how many people."""

    discovered_at = Moment(label=_("¿Cuándo se descubrió?"), help_text=_("Desde ahí corren las 72 horas."))
    began_at = Moment(label=_("¿Cuándo empezó?"), help_text=_("Déjelo vacío si no se sabe."), required=False)
    what = forms.CharField(
        label=_("Qué ocurrió"),
        help_text=_("Cómo se descubrió, qué sistemas o papeles alcanza. Sin nombres de las personas afectadas."),
        max_length=LONGEST_WORDS,
        error_messages={"required": _("Escriba qué ocurrió, o qué se hizo.")},
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    categories = forms.MultipleChoiceField(
        label=_("¿Qué datos alcanza?"),
        choices=[(one.value, words) for one, words in CATEGORIES.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Elija qué datos alcanza.")},
    )
    people = People()

    def read(self) -> dict[str, Any]:
        """What was typed, as `breach_actions.record_breach` takes it."""
        kept = self.cleaned_data
        return {**kept, "categories": [Category(one) for one in kept["categories"]]}


class EntryForm(Questions):
    """What was learnt or done since."""

    words = forms.CharField(
        label=_("Qué se supo o qué se hizo"),
        max_length=LONGEST_WORDS,
        error_messages={"required": _("Escriba qué ocurrió, o qué se hizo.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    people = People()


class NoticeForm(Questions):
    """When and how one of the three was told."""

    done_at = Moment(label=_("¿Cuándo se le avisó?"))
    how = forms.CharField(
        label=_("Por qué medio, y con qué referencia"),
        max_length=200,
        error_messages={"required": _("Escriba por qué medio se avisó.")},
    )
