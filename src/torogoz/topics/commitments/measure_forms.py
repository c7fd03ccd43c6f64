"""What an institution types of its measures: the measure, a milestone, the money of a year."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.domain.commitments import MilestoneState
from torogoz.shared.institutions.queries import institutions_by_code
from torogoz.shared.places.queries import departments
from torogoz.shared.ui.forms import Questions, choose
from torogoz.shared.ui.templatetags.ui import localised
from torogoz.topics.commitments.follow_up_fields import address, day, words
from torogoz.topics.commitments.follow_up_models import BudgetLine, Measure, Milestone
from torogoz.topics.commitments.follow_up_words import MILESTONES
from torogoz.topics.commitments.forms import MISSING
from torogoz.topics.commitments.measure_actions import MeasureSaid, MilestoneSaid, MoneySaid
from torogoz.topics.commitments.measure_queries import called_in_full, commitments_called

BESIDE = ("expected", "why")
"""What is typed and is not said of the thing itself."""


def ask_why(form: forms.Form, *, public: bool) -> None:
    """Ask why, of what is public already: what it said stays in sight beside the correction."""
    if public:
        form.fields["why"] = forms.CharField(
            label=_("Por qué se corrige"),
            help_text=_("La medida es pública: lo que decía queda en su historia, con esta razón."),
            max_length=600,
            widget=forms.Textarea(attrs={"rows": 2}),
            error_messages=MISSING,
        )


class MeasureForm(Questions):
    """A measure: what, for which commitments, who supports, when, where."""

    expected = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    lead = forms.ChoiceField(label=_("Institución que la dirige"), error_messages=MISSING)
    name_es = forms.CharField(label=_("Nombre, en español"), max_length=200, error_messages=MISSING)
    name_en = forms.CharField(label=_("Nombre, en inglés"), max_length=200, required=False)
    summary_es = words(_("En qué consiste, en español"))
    summary_en = words(_("En qué consiste, en inglés"))
    commitments = forms.CharField(
        label=_("Compromisos a los que sirve"),
        help_text=_(
            "Sus códigos, separados por comas: T1.HR.05, T4.05. Si dos posiciones tienen el mismo: position-2017:T4.05."
        ),
        max_length=600,
        error_messages=MISSING,
    )
    supporting = forms.MultipleChoiceField(
        label=_("Instituciones que la apoyan"), required=False, widget=forms.SelectMultiple(attrs={"size": 6})
    )
    starts_on = day(_("Empieza"), required=False)
    ends_on = day(_("Termina"), required=False)
    places = forms.MultipleChoiceField(
        label=_("Departamentos"),
        help_text=_("Ninguno marcado: todo el país."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, data: Any = None, *, leads: tuple[str, ...], measure: Measure | None = None, **options: Any
    ) -> None:
        super().__init__(data, **options)
        bodies = institutions_by_code()
        named = [(code, f"{code} · {localised(body, 'name')}") for code, body in sorted(bodies.items())]
        choose(self, "lead", [pair for pair in named if pair[0] in leads])
        choose(self, "supporting", named)
        choose(self, "places", departments())
        if measure is not None:
            for field in ("name_es", "name_en", "summary_es", "summary_en", "starts_on", "ends_on", "places"):
                self.initial[field] = getattr(measure, field)
            self.initial["commitments"] = ", ".join(called_in_full(measure.commitments.select_related("instrument")))
            self.initial["supporting"] = [each.code for each in measure.supporting.all()]
            self.initial["expected"], self.initial["lead"] = measure.version, measure.lead.code
        ask_why(self, public=measure is not None and measure.published_at is not None)

    def clean_commitments(self) -> list[str]:
        """The codes, each of which must be there."""
        codes = list(
            dict.fromkeys(each.strip() for each in self.cleaned_data["commitments"].split(",") if each.strip())
        )
        unknown = [code for code in codes if code not in commitments_called(codes)]
        if unknown or not codes:
            raise forms.ValidationError(
                _("No hay una sola disposición con el código %(codes)s. Vea los códigos en la lista de disposiciones."),
                params={"codes": ", ".join(unknown) or "—"},
            )
        return codes

    @property
    def said(self) -> MeasureSaid:
        """What was typed, once the form is valid."""
        kept, bodies = self.cleaned_data, institutions_by_code()
        return MeasureSaid(
            kept["name_es"],
            kept["name_en"],
            kept["summary_es"],
            kept["summary_en"],
            kept["starts_on"],
            kept["ends_on"],
            tuple(kept["places"]),
            tuple(commitments_called(kept["commitments"]).values()),
            tuple(bodies[code] for code in kept["supporting"]),
        )


class MilestoneForm(Questions):
    """A milestone: its weight, its day, whether it is reached, the proof."""

    expected = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    name_es = forms.CharField(label=_("Hito, en español"), max_length=200, error_messages=MISSING)
    name_en = forms.CharField(label=_("Hito, en inglés"), max_length=200, required=False)
    weight = forms.DecimalField(
        label=_("Peso entre los hitos de la medida"),
        initial=Decimal(1),
        max_digits=6,
        decimal_places=2,
        error_messages={"invalid": _("Escriba un número: 1, 2.5."), **MISSING},
    )
    due_on = day(_("Para cuándo"), required=False)
    state = forms.ChoiceField(label=_("Cómo está"), widget=forms.RadioSelect, error_messages=MISSING)
    done_on = day(_("Día en que se cumplió"), required=False)
    evidence_text = words(_("Evidencia"), rows=2, most=600, help_text=_("Qué lo muestra y dónde se puede comprobar."))
    evidence_address = address()

    def __init__(self, data: Any = None, *, public: bool, milestone: Milestone | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        choose(self, "state", [(state.value, word) for state, word in MILESTONES.items()])
        self.initial.setdefault("state", MilestoneState.OPEN.value)
        if milestone is not None:
            self.initial.update({name: getattr(milestone, name) for name in self.fields if name != "expected"})
            self.initial["expected"] = milestone.version
        ask_why(self, public=public)

    @property
    def said(self) -> MilestoneSaid:
        """What was typed, once the form is valid."""
        kept = {name: value for name, value in self.cleaned_data.items() if name not in BESIDE}
        return MilestoneSaid(**{**kept, "state": MilestoneState(kept["state"])})


def _amount(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        max_digits=16,
        decimal_places=2,
        help_text=_("En blanco si no se sabe: no es cero."),
        error_messages={"invalid": _("Escriba un monto con cifras: 12500.00.")},
    )


class MoneyForm(Questions):
    """The money of a year from one source."""

    expected = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    year = forms.IntegerField(
        label=_("Año"), error_messages={"invalid": _("Escriba el año con cuatro cifras."), **MISSING}
    )
    source = forms.CharField(
        label=_("De quién es el dinero"),
        help_text=_("Presupuesto general, un cooperante, un préstamo."),
        max_length=160,
        error_messages=MISSING,
    )
    currency = forms.RegexField(
        "^[A-Z]{3}$",
        label=_("Moneda"),
        initial="USD",
        help_text=_("Tres letras: USD, EUR."),
        error_messages={"invalid": _("Escriba las tres letras de la moneda: USD."), **MISSING},
    )
    planned = _amount(_("Planificado"))
    committed = _amount(_("Comprometido"))
    executed = _amount(_("Ejecutado"))

    def __init__(self, data: Any = None, *, public: bool, line: BudgetLine | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        if line is not None:
            self.initial.update({name: getattr(line, name) for name in self.fields if name != "expected"})
            self.initial["expected"] = line.version
        ask_why(self, public=public)

    @property
    def said(self) -> MoneySaid:
        """What was typed, once the form is valid."""
        return MoneySaid(**{name: value for name, value in self.cleaned_data.items() if name not in BESIDE})
