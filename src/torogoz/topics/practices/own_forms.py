"""What an institution writes of a practice."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.domain.currencies import OFFERED
from torogoz.domain.practices import LANGUAGES, TEXTS, Written
from torogoz.shared.codelists.queries import countries
from torogoz.shared.institutions.models import Institution
from torogoz.shared.ui.forms import Questions, choose
from torogoz.shared.ui.templatetags.ui import language, localised
from torogoz.topics.practices.call_models import Call
from torogoz.topics.practices.lists import principles
from torogoz.topics.practices.words import FIELDS, HINTS

DAY = {"invalid": _("Escriba el día así: 2026-11-26."), "required": _("Escriba el día.")}
LANGUAGE_NAMES = [("es", _("español")), ("en", _("inglés"))]
LONGEST = 6000


def day_field(label: Any, *, help_text: Any = "", required: bool = True) -> forms.DateField:
    """A day."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, help_text=help_text, widget=widget, error_messages=DAY, required=required)


def lines(text: str) -> tuple[str, ...]:
    """What was typed one a line, without what is empty or said twice."""
    return tuple(dict.fromkeys(line for each in text.splitlines() if (line := " ".join(each.split()))))


class PracticeForm(Questions):
    """A practice: everything but its title may wait until it is submitted."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    institution = forms.ChoiceField(label=_("¿De qué institución es?"))
    call = forms.ChoiceField(label=_("¿Responde a una convocatoria?"), required=False)
    language = forms.ChoiceField(
        label=_("¿En qué idioma se escribió?"),
        help_text=_("El otro idioma es una traducción, que otra persona puede validar."),
        choices=LANGUAGE_NAMES,
        widget=forms.RadioSelect,
        initial="es",
    )
    machine = forms.BooleanField(label=_("La traducción la hizo una máquina"), required=False)
    place = forms.CharField(label=_("Lugar"), help_text=_("Municipio, región o país."), max_length=200, required=False)
    country = forms.ChoiceField(label=_("País"), required=False)
    began_on = day_field(_("Desde"), required=False)
    ended_on = day_field(_("Hasta"), help_text=_("Vacío si sigue, o si no se sabe."), required=False)
    with_institutions = forms.MultipleChoiceField(
        label=_("Otras instituciones que la hicieron"),
        help_text=_("Quien sirve en ellas no puede revisarla."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    organisations = forms.CharField(
        label=_("Organizaciones que la hicieron"),
        help_text=_("Asociaciones, universidades, empresas: una por línea, como se llaman."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )
    objectives = forms.MultipleChoiceField(
        label=_("Objetivos del Pacto a los que sirve"), widget=forms.CheckboxSelectMultiple, required=False
    )
    principles = forms.MultipleChoiceField(
        label=_("Principios rectores en que se apoya"), widget=forms.CheckboxSelectMultiple, required=False
    )
    evidence = forms.CharField(
        label=_("Evidencia"),
        help_text=_("Una referencia por línea: informe, evaluación, dirección. Que otra persona pueda consultarla."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST,
        required=False,
    )
    cost_amount = forms.DecimalField(
        label=_("Costo total"),
        help_text=_("Vacío si no se conoce: no es lo mismo que cero."),
        max_digits=16,
        decimal_places=2,
        min_value=0,
        required=False,
        error_messages={"invalid": _("Escriba un monto, como 12500.00."), "min_value": _("Un costo no es negativo.")},
    )
    cost_currency = forms.ChoiceField(
        label=_("Moneda"), choices=[("", "—"), *((one, one) for one in OFFERED)], required=False
    )

    def __init__(
        self,
        codes: Sequence[str],
        objectives: Sequence[tuple[str, str]],
        institutions: Sequence[Institution],
        calls: Sequence[Call],
        *args: Any,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        for field in TEXTS:
            for one, name in LANGUAGE_NAMES:
                self.fields[f"{field}_{one}"] = _text_field(field, name)
        choose(self, "institution", [(code, code) for code in codes])
        self.fields["institution"].initial = codes[0] if codes else ""
        choose(self, "call", [("", _("A ninguna")), *((str(one.key), localised(one, "title")) for one in calls)])
        choose(self, "country", [("", "—"), *countries(language())])
        choose(
            self, "with_institutions", [(one.code, f"{one.code} · {localised(one, 'name')}") for one in institutions]
        )
        choose(self, "objectives", [(code, f"{code}. {title}") for code, title in objectives])
        choose(self, "principles", [(one.code, localised(one, "name")) for one in principles()])

    @property
    def pairs(self) -> list[tuple[Any, tuple[forms.BoundField, ...]]]:
        """What is said in words: for each, the question in both languages."""
        return [(FIELDS[field], tuple(self[f"{field}_{one}"] for one in LANGUAGES)) for field in TEXTS]

    @property
    def chosen_call(self) -> UUID | None:
        """The key of the call, once the form is valid."""
        return UUID(self.cleaned_data["call"]) if self.cleaned_data["call"] else None

    def written(self) -> Written:
        """What was typed, once the form is valid."""
        typed = self.cleaned_data
        return Written(
            texts={f"{field}_{one}": typed[f"{field}_{one}"] for field in TEXTS for one in LANGUAGES},
            language=typed["language"],
            machine=typed["machine"],
            place=typed["place"],
            country=typed["country"],
            began_on=typed["began_on"],
            ended_on=typed["ended_on"],
            with_institutions=tuple(typed["with_institutions"]),
            organisations=lines(typed["organisations"]),
            objectives=tuple(typed["objectives"]),
            principles=tuple(typed["principles"]),
            evidence=typed["evidence"],
            cost_amount=typed["cost_amount"],
            cost_currency=typed["cost_currency"],
        )


def typed(written: Written) -> dict[str, Any]:
    """A practice as its form has it."""
    names = ("language", "machine", "place", "country", "evidence", "cost_amount", "cost_currency")
    days: dict[str, date | None] = {"began_on": written.began_on, "ended_on": written.ended_on}
    return {
        **written.texts,
        **{name: getattr(written, name) for name in names},
        **days,
        "with_institutions": list(written.with_institutions),
        "objectives": list(written.objectives),
        "principles": list(written.principles),
        "organisations": "\n".join(written.organisations),
    }


def _text_field(field: str, name: Any) -> forms.CharField:
    long = field != "title"
    return forms.CharField(
        label=_("En %(language)s") % {"language": name},
        help_text=HINTS[field],
        max_length=LONGEST if long else 200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}) if long else forms.TextInput(),
    )


class ReasonForm(Questions):
    """Why a step is taken."""

    reason = forms.CharField(
        label=_("Por qué"),
        help_text=_("En una frase."),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Escriba por qué, en una frase.")},
    )
