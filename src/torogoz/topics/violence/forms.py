"""What a statistician types: an estimate, why it is corrected, why one is recommended."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.domain.refusals import Refused
from torogoz.domain.violence import Estimate, EstimateRefused, Mark, number
from torogoz.shared.codelists.queries import names, options
from torogoz.shared.places import queries as places
from torogoz.shared.ui.forms import Questions
from torogoz.shared.ui.templatetags.ui import language

MARKS = [
    (Mark.UNVERIFIED.value, _("Sin verificar: no la he leído en su fuente")),
    (Mark.VERIFIED.value, _("Verificada: la leí en su fuente")),
]


class EstimateForm(Questions):
    """One estimate as somebody published it."""

    concept = forms.ChoiceField(label=_("Qué se midió"))
    area = forms.ChoiceField(label=_("Dónde"))
    period = forms.CharField(
        label=_("Período"), help_text=_("Un año, un mes o un lapso: 2015, 2015-03 o 2006/2016."), max_length=15
    )
    best = forms.CharField(
        label=_("Cifra"), help_text=_("La que la fuente da como mejor."), max_length=30, required=False
    )
    low = forms.CharField(
        label=_("Mínimo"), help_text=_("Si la fuente da un intervalo."), max_length=30, required=False
    )
    high = forms.CharField(
        label=_("Máximo"), help_text=_("Si la fuente da un intervalo."), max_length=30, required=False
    )
    method = forms.CharField(
        label=_("Cómo se obtuvo"),
        help_text=_("Registro, encuesta o conteo; de quiénes, cuántas personas, dónde."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    source = forms.CharField(label=_("Quién lo publicó"), help_text=_("Institución y documento."), max_length=400)
    published_on = forms.DateField(
        label=_("Fecha de publicación"),
        help_text=_("Año-mes-día: 2018-03-20."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": _("Escriba la fecha como año-mes-día: 2018-03-20.")},
    )
    mark = forms.ChoiceField(label=_("¿Está verificada?"), choices=MARKS, widget=forms.RadioSelect)
    where = forms.CharField(
        label=_("Dónde se puede leer"), help_text=_("Documento y página, o dirección."), max_length=400, required=False
    )

    def __init__(self, data: Any = None, **words: Any) -> None:
        super().__init__(data, **words)
        for field in self.fields.values():
            field.error_messages.setdefault("required", "")
            if field.required:
                field.error_messages["required"] = str(_("Falta este dato."))
        self._choices("concept", options("VIOLENCE_CONCEPT", language()))
        whole = names("AREA", language()).get("SLV", "SLV")
        departments = places.departments()
        municipalities = [
            (code, f"{name} ({department})")
            for at, department in departments
            for code, name in places.municipalities(at)
        ]
        self._choices("area", [("SLV", whole), *departments, *municipalities])

    def read(self) -> Estimate | None:
        """The estimate as it was typed; None when something cannot be read, and the form says what."""
        if not self.is_valid():
            return None
        typed, figures = self.cleaned_data, {}
        for name in ("low", "best", "high"):
            try:
                figures[name] = number(name, typed[name])
            except EstimateRefused as why:
                self.refuse(why)
        if self.errors:
            return None
        published_on: date = typed["published_on"]
        return Estimate(
            concept=typed["concept"],
            area=typed["area"],
            period=typed["period"].strip(),
            low=figures["low"],
            best=figures["best"],
            high=figures["high"],
            method=typed["method"],
            source=typed["source"],
            published_on=published_on,
            mark=Mark(typed["mark"]),
            where=typed["where"],
        )

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices
            field.error_messages["invalid_choice"] = str(_("Elija uno de la lista."))


class NewForm(EstimateForm):
    """An estimate that nobody has recorded; the form carries a token, so that sending it twice stores it once."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)


class CorrectionForm(EstimateForm):
    """A new version of an estimate: what it is about stays, and why it changes is said."""

    change = forms.CharField(
        label=_("Por qué se corrige"),
        help_text=_("En una frase. La versión anterior queda a la vista."),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, **words: Any) -> None:
        super().__init__(data, **words)
        for name in ("concept", "area", "period"):
            self.fields[name].disabled = True

    def refuse(self, why: Refused, field: str | None = None) -> None:
        """The reason of a correction stands in `change`."""
        self.add_error(
            "change" if why.field == "reason" else why.field if why.field in self.fields else None,
            why.explain(language()),
        )


class RecommendationForm(Questions):
    """Why this estimate and not another."""

    reason = forms.CharField(
        label=_("Por qué se recomienda esta estimación"),
        help_text=_("En una frase que otra persona pueda discutir: método, cobertura, definición."),
        max_length=700,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Falta este dato.")},
    )
