"""What is asked of who reviews duplicates."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.domain.duplicates import Verdict
from torogoz.shared.people.review_words import VERDICTS
from torogoz.shared.ui.forms import Questions

TOLD = _("Escriba por qué, con al menos diez letras.")


class DecisionForm(Questions):
    """Whether the two are one person, and why."""

    verdict = forms.ChoiceField(
        label=_("¿Son la misma persona?"),
        choices=[(one.value, words) for one, words in VERDICTS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Elija una respuesta.")},
    )
    reason = forms.CharField(
        label=_("Por qué"),
        help_text=_("Lo que comparó o preguntó: los documentos, la fecha, el nombre de la madre."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": TOLD},
    )

    @property
    def chosen(self) -> Verdict:
        """The verdict of a valid form."""
        return Verdict(self.cleaned_data["verdict"])


class MergeForm(Questions):
    """Which of the two records stays, and why they are merged."""

    survivor = forms.ChoiceField(
        label=_("¿Cuál registro queda?"),
        help_text=_("Todo lo del otro pasa a este. El otro conserva sus nombres y su historial; se puede deshacer."),
        widget=forms.RadioSelect,
        error_messages={"required": _("Elija cuál queda.")},
    )
    reason = forms.CharField(
        label=_("Por qué se unen"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": TOLD},
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = self.fields["survivor"]
        assert isinstance(offered, forms.ChoiceField)
        offered.choices = choices


class UnmergeForm(Questions):
    """Why a merge is undone, and what was recorded since that goes with the other record."""

    take = forms.MultipleChoiceField(
        label=_("Lo que se registró después de unir"),
        help_text=_("Marque lo que es de la otra persona. Lo que no se marque se queda."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=_("Por qué se separan"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": TOLD},
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = self.fields["take"]
        assert isinstance(offered, forms.MultipleChoiceField)
        offered.choices = choices

    @property
    def taken(self) -> list[UUID]:
        """The keys of the encounters of a valid form."""
        return [UUID(key) for key in self.cleaned_data["take"]]
