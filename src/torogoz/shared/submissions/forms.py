"""What an officer gives with a file."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.shared.submissions.queries import Assignment
from torogoz.shared.ui.forms import Questions

LARGEST = 20 * 1024 * 1024


class SubmitForm(Questions):
    """A file, and the schema under which it is handed in."""

    assignment = forms.ChoiceField(label=_("Qué entrega"))
    file = forms.FileField(
        label=_("Archivo"),
        help_text=_(
            "CSV en UTF-8 o libro de Excel (xlsx), de 20 MB y 50 000 filas o menos. La primera fila lleva los nombres."
        ),
        max_length=255,
    )

    def __init__(
        self,
        assignments: Sequence[Assignment],
        language: str,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
    ) -> None:
        """Offer the schemas assigned to the officer's institutions."""
        super().__init__(data, files)
        self.fields["assignment"] = forms.ChoiceField(
            label=_("Qué entrega"), choices=[(each.key, _called(each, language)) for each in assignments]
        )
        self._assignments = {each.key: each for each in assignments}

    def clean_file(self) -> Any:
        """Refuse a file that is too large to be looked through while somebody waits."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                _("El archivo pasa de 20 MB y no se guardó. Pártalo en dos archivos y entregue los dos.")
            )
        return file

    @property
    def assignment_chosen(self) -> Assignment:
        """What was chosen, once the form is valid."""
        return self._assignments[self.cleaned_data["assignment"]]


def _called(assignment: Assignment, language: str) -> str:
    schema = assignment.schema
    return f"{assignment.institution}: {schema.title_en if language == 'en' else schema.title_es}"
