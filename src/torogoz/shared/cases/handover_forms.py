"""What is asked when a person is handed over, when a record is asked for, and when either is answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from torogoz.domain.handovers import LONGEST_NOTE, REASONED, Ground, HandoverRefused, Step, Urgency, Why, check_reason
from torogoz.domain.refusals import Refused
from torogoz.shared.audit.words import section_names
from torogoz.shared.cases.forms import CHOOSE
from torogoz.shared.cases.handover_queries import Receiver, laws_in_force
from torogoz.shared.cases.words import GROUNDS, STATES, STEPS, URGENCIES, WHYS
from torogoz.shared.ui.forms import Questions, choose
from torogoz.shared.ui.templatetags.ui import language

NOTHING = {"required": _("Elija qué se comparte.")}
WHAT_FOR = {"required": _("Escriba para qué.")}


class Disclosing(Questions):
    """What is disclosed, and on what that stands."""

    sections = forms.MultipleChoiceField(
        label=_("¿Qué se comparte?"),
        help_text=_("Solo lo que hace falta. Quien recibe lee esto desde que usted envía, y nada más."),
        widget=forms.CheckboxSelectMultiple,
        error_messages=NOTHING,
    )
    ground = forms.ChoiceField(
        label=_("¿Con qué fundamento?"), widget=forms.RadioSelect, error_messages=CHOOSE, initial=Ground.PROTOCOL.value
    )

    def offer_sections(self, shareable: Mapping[str, tuple[str, str]], now: datetime) -> None:
        """What whoever shares may read; and a law only where one was approved."""
        spanish = language().startswith("es")
        choose(self, "sections", [(code, names[0 if spanish else 1]) for code, names in shareable.items()])
        by_law = bool(laws_in_force(now))
        choose(
            self, "ground", [(one.value, words) for one, words in GROUNDS.items() if by_law or one is not Ground.LAW]
        )

    def refuse(self, why: Refused, field: str | None = None) -> None:
        """Put a refusal beside its field, with names of sections instead of codes."""
        if isinstance(why, HandoverRefused):
            why = named(why)
        super().refuse(why, field)


class SendForm(Disclosing):
    """To whom, what for, how soon, what, and on what ground."""

    to = forms.ChoiceField(label=_("¿A quién?"), error_messages=CHOOSE)
    urgency = forms.ChoiceField(
        label=_("¿Para cuándo?"),
        choices=[(one.value, words) for one, words in URGENCIES.items()],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
        initial=Urgency.NORMAL.value,
    )
    reason = forms.CharField(
        label=_("¿Para qué?"),
        help_text=_("Qué necesita la persona de esa oficina. No repita aquí lo que no comparte."),
        max_length=LONGEST_NOTE,
        error_messages=WHAT_FOR,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ("to", "urgency", "reason", "sections", "ground")

    def __init__(
        self,
        data: Any = None,
        *,
        shareable: Mapping[str, tuple[str, str]],
        receivers: Sequence[Receiver],
        now: datetime,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        name = "name_es" if language().startswith("es") else "name_en"
        self.receivers = {one.code: one for one in receivers}
        called = [(one.code, f"{getattr(one.institution, name)} · {getattr(one.office, name)}") for one in receivers]
        choose(self, "to", [("", "—"), *called])
        self.offer_sections(shareable, now)

    def clean_reason(self) -> str:
        """What it is for; too short a one is told together with what else is wrong."""
        try:
            return check_reason(self.cleaned_data["reason"])
        except HandoverRefused as why:
            raise forms.ValidationError(why.explain(language())) from why

    def read(self) -> dict[str, Any]:
        """What was typed, as `handover_actions.send` takes it."""
        kept = self.cleaned_data
        return {
            "to": self.receivers[kept["to"]],
            "urgency": Urgency(kept["urgency"]),
            "reason": kept["reason"],
            "sections": kept["sections"],
            "ground": Ground(kept["ground"]),
        }


class AskForm(Questions):
    """What for, how soon, and what of the record is asked for."""

    token = forms.CharField(widget=forms.HiddenInput, required=False)
    urgency = forms.ChoiceField(
        label=_("¿Para cuándo?"),
        choices=[(one.value, words) for one, words in URGENCIES.items()],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    reason = forms.CharField(
        label=_("¿Para qué?"),
        help_text=_("Lo lee quien tiene el registro y decide qué comparte."),
        max_length=LONGEST_NOTE,
        error_messages=WHAT_FOR,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sections = forms.MultipleChoiceField(
        label=_("¿Qué pide?"),
        help_text=_("Pedir no dice que exista: quien responde comparte lo que hay y se puede."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Elija qué pide.")},
    )

    def __init__(self, data: Any = None, *, codes: Sequence[str], **options: Any) -> None:
        super().__init__(data, **options)
        names = section_names(language())
        chosen = self.fields["sections"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [(code, names.get(code, code)) for code in codes]

    def clean_reason(self) -> str:
        """What it is for; too short a one is told together with what else is wrong."""
        try:
            return check_reason(self.cleaned_data["reason"])
        except HandoverRefused as why:
            raise forms.ValidationError(why.explain(language())) from why

    def read(self) -> dict[str, Any]:
        """What was typed, as `handover_actions.ask` takes it."""
        kept = self.cleaned_data
        return {"urgency": Urgency(kept["urgency"]), "reason": kept["reason"], "sections": kept["sections"]}


class ShareForm(Disclosing):
    """The answer to a request: what is shared of it, on what ground, with a word."""

    note = forms.CharField(
        label=_("Para quien pidió"), max_length=LONGEST_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, data: Any = None, *, shareable: Mapping[str, tuple[str, str]], now: datetime, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.offer_sections(shareable, now)

    def read(self) -> dict[str, Any]:
        """What was typed, as `handover_actions.share` takes it."""
        kept = self.cleaned_data
        return {"sections": kept["sections"], "ground": Ground(kept["ground"]), "note": kept["note"]}


class StepForm(Questions):
    """One step of a hand-over, with its reason where it needs one."""

    why = forms.ChoiceField(
        label=_("¿Por qué?"),
        choices=[("", "—"), *((one.value, words) for one, words in WHYS.items())],
        required=False,
        error_messages=CHOOSE,
    )
    note = forms.CharField(
        label=_("Para la otra parte"), max_length=LONGEST_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, step: Step, **options: Any) -> None:
        super().__init__(data, prefix=step.value, **options)
        self.step = step
        self.called = STEPS[step]
        if step not in REASONED:
            del self.fields["why"]
        else:
            self.fields["why"].required = True
        if step is Step.COMPLETE:
            self.fields["note"].label = _("Qué se hizo por la persona")
            self.fields["note"].required = True

    def read(self) -> dict[str, Any]:
        """What was typed, as `handover_actions.advance` takes it."""
        why = self.cleaned_data.get("why")
        return {"step": self.step, "why": Why(why) if why else None, "note": self.cleaned_data["note"]}

    def refuse(self, why: Refused, field: str | None = None) -> None:
        """Put a refusal beside its field, with the name of the state."""
        super().refuse(named(why) if isinstance(why, HandoverRefused) else why, field)


def named(why: HandoverRefused) -> HandoverRefused:
    """The refusal with what codes stand for in the language of the page."""
    details = dict(why.details)
    if "section" in details:
        details["section"] = section_names(language()).get(str(details["section"]), details["section"])
    if "state" in details:
        details["state"] = _now(str(STATES[details["state"]]))  # type: ignore[index]  # a StrEnum equals its text
    return HandoverRefused(why.field, why.code, **details)
