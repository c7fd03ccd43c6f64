"""What reviewers and the secretariat answer about a practice."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.shared.ui.forms import Questions, choose
from torogoz.shared.ui.templatetags.ui import localised
from torogoz.topics.practices.lists import Criterion
from torogoz.topics.practices.words import SCORES

CANNOT_TELL = "cannot_tell"


class AskForm(Questions):
    """Who is to review."""

    reviewer = forms.ChoiceField(
        label=_("¿A quién se le pide?"), error_messages={"required": _("Elija una persona de la lista.")}
    )

    def __init__(self, people: Sequence[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "reviewer", [("", "—"), *people])


class DeclareForm(Questions):
    """Whether there is a conflict of interest."""

    has = forms.ChoiceField(
        label=_("¿Tiene un conflicto de interés?"),
        help_text=_("Si trabajó en la práctica, con quienes la hicieron, o gana o pierde con su publicación."),
        choices=[("no", _("No tengo ninguno")), ("yes", _("Sí, y no debo revisarla"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Elija una respuesta.")},
    )
    conflict = forms.CharField(
        label=_("¿Cuál?"), required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self) -> dict[str, Any]:
        """Who has a conflict says which."""
        kept = super().clean() or {}
        if kept.get("has") == "yes" and not kept.get("conflict", "").strip():
            self.add_error("conflict", _("Escriba cuál, en una frase."))
        return kept

    @property
    def said(self) -> str:
        """The conflict, or nothing, once the form is valid."""
        return str(self.cleaned_data["conflict"]) if self.cleaned_data["has"] == "yes" else ""


class ReviewForm(Questions):
    """A score and a reason for each criterion."""

    advice = forms.CharField(
        label=_("Consejo para la institución"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    named = forms.BooleanField(
        label=_("Acepto que se publiquen mi nombre y mi institución con esta revisión"), required=False
    )

    def __init__(self, criteria: Sequence[Criterion], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.criteria = tuple(criteria)
        choices = [(CANNOT_TELL if score is None else str(score), word) for score, word in SCORES.items()]
        for one in self.criteria:
            self.fields[f"score_{one.code}"] = forms.ChoiceField(
                label=localised(one, "asks"),
                choices=choices,
                widget=forms.RadioSelect,
                error_messages={"required": _("Elija una respuesta.")},
            )
            self.fields[f"reason_{one.code}"] = forms.CharField(
                label=_("Por qué"),
                max_length=600,
                widget=forms.Textarea(attrs={"rows": 2}),
                error_messages={"required": _("Escriba por qué, en una frase.")},
            )

    @property
    def asked(self) -> list[tuple[Criterion, forms.BoundField, forms.BoundField]]:
        """Each criterion with its two questions."""
        return [(one, self[f"score_{one.code}"], self[f"reason_{one.code}"]) for one in self.criteria]

    @property
    def scores(self) -> dict[str, int | None]:
        """What was answered, once the form is valid; what cannot be told is None."""
        said = {one.code: self.cleaned_data[f"score_{one.code}"] for one in self.criteria}
        return {code: None if score == CANNOT_TELL else int(score) for code, score in said.items()}

    @property
    def reasons(self) -> dict[str, str]:
        """Why, by criterion."""
        return {one.code: self.cleaned_data[f"reason_{one.code}"] for one in self.criteria}
