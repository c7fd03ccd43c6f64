"""What an officer types of a reintegration plan: needs and goals, what was agreed, actions and how they ended."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.domain.reintegration import Agreed, Closed, Content, Level, Need, Outcome
from torogoz.shared.institutions.models import Institution
from torogoz.shared.ui.forms import Questions, choose
from torogoz.shared.ui.templatetags.ui import language
from torogoz.topics.returns.plan_words import AGREED, CLOSED, LEVELS, NEEDS, OUTCOMES
from torogoz.topics.returns.widgets import LongSelect, in_a_row

DAY = {"invalid": _("Escriba el día así: 2026-11-26."), "required": _("Escriba el día.")}


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    """A day."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, help_text=help_text, widget=widget, error_messages=DAY)


class ContentForm(Questions):
    """What one version says. A need that nobody asked about stays unknown."""

    expected = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    goals = forms.CharField(
        label=_("Metas"),
        help_text=_("Con las palabras de la persona, una por línea; ocho como mucho."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    note = forms.CharField(
        label=_("Lo que hay que saber para acompañarla"),
        help_text=_("Se guarda cifrado y no se imprime."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Any = None, *, content: Content | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        levels = [(level.value, word) for level, word in LEVELS.items()]
        for need, word in NEEDS.items():
            self.fields[need.value] = forms.ChoiceField(
                label=word, choices=levels, widget=in_a_row(), required=False, initial=Level.UNKNOWN.value
            )
        if content is not None:
            self.initial.update({need.value: content.level(need).value for need in Need})
            self.initial.update({"note": content.note, "goals": "\n".join(content.goals)})

    @property
    def needs(self) -> list[forms.BoundField]:
        """The questions of needs, in their order."""
        return [self[need.value] for need in Need]

    @property
    def content(self) -> Content:
        """What was typed, once the form is valid."""
        kept = self.cleaned_data
        asked = {need: Level(kept[need.value] or Level.UNKNOWN.value) for need in Need}
        goals = (" ".join(line.split()) for line in kept["goals"].splitlines())
        needs = {need: level for need, level in asked.items() if level is not Level.UNKNOWN}
        return Content(needs, kept["note"].strip(), tuple(goal for goal in goals if goal))


class AgreeForm(Questions):
    """That the person agreed to a version, how and when."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    how = forms.ChoiceField(
        label=_("¿Cómo lo acordó?"),
        choices=[(how.value, word) for how, word in AGREED.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Elija una respuesta.")},
    )
    code = forms.CharField(
        label=_("Código de la hoja firmada"),
        help_text=_("Trece signos, debajo del cuadro QR. De palabra no hace falta."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    day = day_field(_("Día del acuerdo"))

    @property
    def chosen(self) -> Agreed:
        """How, once the form is valid."""
        return Agreed(self.cleaned_data["how"])


class ActionForm(Questions):
    """Something to be done: what, who does it, of which institution, until when."""

    what = forms.CharField(
        label=_("Qué se hará"), max_length=300, error_messages={"required": _("Escriba qué se hará.")}
    )
    who = forms.CharField(
        label=_("Quién lo hará"),
        help_text=_("Nombre o cargo; puede ser la persona misma."),
        max_length=120,
        error_messages={"required": _("Escriba quién lo hará.")},
    )
    institution = forms.ChoiceField(
        label=_("Institución"), widget=LongSelect, error_messages={"required": _("Elija la institución.")}
    )
    due = day_field(_("A más tardar"))

    def __init__(self, data: Any = None, *, doers: Sequence[Institution], **options: Any) -> None:
        super().__init__(data, **options)
        self._doers = {one.code: one for one in doers}
        name = "name_es" if language().startswith("es") else "name_en"
        choose(self, "institution", [("", "—"), *((one.code, f"{one.code} · {getattr(one, name)}") for one in doers)])

    @property
    def doer(self) -> Institution:
        """The institution, once the form is valid."""
        return self._doers[self.cleaned_data["institution"]]


class EndForm(Questions):
    """How an action ended, and on which day."""

    outcome = forms.ChoiceField(
        label="", choices=[(one.value, OUTCOMES[one]) for one in Outcome if one is not Outcome.PLANNED]
    )
    day = day_field(_("Día"))


class CloseForm(Questions):
    """Why a plan ends."""

    because = forms.ChoiceField(
        label=_("¿Por qué termina?"),
        choices=[(one.value, word) for one, word in CLOSED.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Elija una respuesta.")},
    )

    @property
    def chosen(self) -> Closed:
        """Why, once the form is valid."""
        return Closed(self.cleaned_data["because"])
