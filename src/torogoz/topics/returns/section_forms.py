"""The form of one institution's section, made from its questions."""

from typing import Any

from django import forms

from torogoz.domain.questions import AnswerRefused, Answers, Kind, Question, SectionForm, check, typed
from torogoz.shared.people.models import Encounter
from torogoz.topics.returns.forms import Questions, language
from torogoz.topics.returns.widgets import in_a_row


class SectionQuestions(Questions):
    """The questions of a section, checked by the same rules as everywhere else."""

    expected_version = forms.IntegerField(widget=forms.HiddenInput)
    encounter = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, form: SectionForm, **options: Any) -> None:
        super().__init__(data, **options)
        self.form = form
        for question in form.questions:
            self.fields[question.code] = _field(question)

    def clean(self) -> dict[str, Any]:
        """Check every answer; what is wrong is said beside its question."""
        for code, refusal in check(self.form, self.answers).items():
            if code not in self.errors:
                self.refuse(refusal, code)
        return self.cleaned_data

    def is_of(self, encounter: Encounter) -> bool:
        """Whether the form was opened for this encounter; one that does not say so was."""
        return self.data.get("encounter", "") in {"", str(encounter.key)}

    @property
    def answers(self) -> Answers:
        """The answers as they were typed."""
        return typed(self.form, dict(self.data.lists())) if hasattr(self.data, "lists") else {}


def _field(question: Question) -> forms.Field:
    words: dict[str, Any] = {
        "label": question.label(language()),
        "help_text": question.hint(language()),
        "required": question.required,
        "error_messages": {"required": AnswerRefused(question.code, "required").explain(language())},
    }
    match question.kind:
        case Kind.CHOICE | Kind.YES_NO:
            return forms.ChoiceField(choices=question.choices(language()), widget=in_a_row(), **words)
        case Kind.SEVERAL:
            return forms.MultipleChoiceField(
                choices=question.choices(language()), widget=in_a_row(forms.CheckboxSelectMultiple), **words
            )
        case Kind.NUMBER:
            return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "numeric"}), max_length=9, **words)
        case Kind.TEXT:
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **words)
