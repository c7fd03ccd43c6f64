"""The form of one institution's section, made from its questions."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from torogoz.domain.conditions import Values
from torogoz.domain.questions import (
    AnswerRefused,
    Answers,
    Kind,
    Question,
    SectionForm,
    applies,
    check,
    condition_in_words,
    doubts,
    typed,
    without_inapplicable,
)
from torogoz.shared.people.models import Encounter
from torogoz.shared.ui.forms import Questions
from torogoz.shared.ui.templatetags.ui import language
from torogoz.statistics.forms.shipped import SINGLE_FORM
from torogoz.topics.returns.widgets import LongSelect, in_a_row

LEAVE_OUT = "leave_out"
"""The field by which an officer agrees that answers to questions that do not apply are not stored."""


class SectionQuestions(Questions):
    """The questions of a section, checked by the same rules as everywhere else.

    known           facts of the header on which questions depend
    not_asked       questions that are not on the page, for what is known already says that they do not apply; one
                    that has an answer nevertheless is on the page, so that nothing is lost unseen
    """

    expected_version = forms.IntegerField(widget=forms.HiddenInput)
    encounter = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, form: SectionForm, known: Values, **options: Any) -> None:
        super().__init__(data, **options)
        self.form = form
        self.known = known
        self.not_asked: list[Question] = []
        answered = {*(self.initial or {}), *self.typed}
        asked = applies(form, {}, known)
        named = SINGLE_FORM.questions(form)
        for question in form.questions:
            if asked[question.code] is False and question.code not in answered:
                self.not_asked.append(question)
            else:
                self.fields[question.code] = _field(question, condition_in_words(question, named, language()))

    def clean(self) -> dict[str, Any]:
        """Check every answer; what is wrong is said beside its question."""
        refusals = check(self.form, self.answers, self.known)
        for code, refusal in refusals.items():
            if code not in self.errors:
                self.refuse(refusal, code)
        doubted = doubts(self.form.questions, self.answers, self.known)
        self.ask_again({code: doubt.label(language()) for code, doubt in doubted.items() if code not in refusals})
        if LEAVE_OUT in self.data or any(refusal.code == "inapplicable" for refusal in refusals.values()):
            self.fields[LEAVE_OUT] = forms.BooleanField(
                label=_("Guardar sin las respuestas a preguntas que no corresponden"), required=False
            )
        return self.cleaned_data

    def is_of(self, encounter: Encounter) -> bool:
        """Whether the form was opened for this encounter; one that does not say so was."""
        return self.data.get("encounter", "") in {"", str(encounter.key)}

    @property
    def typed(self) -> dict[str, object]:
        """The answers as they were typed."""
        return typed(self.form, dict(self.data.lists())) if hasattr(self.data, "lists") else {}

    @property
    def answers(self) -> Answers:
        """The answers to be stored: as they were typed, without those that the officer agreed to leave out."""
        if LEAVE_OUT in self.data:
            return without_inapplicable(self.form, self.typed, self.known)
        return self.typed

    @property
    def left_out(self) -> list[str]:
        """The questions whose answers the officer agreed to leave out, in words."""
        kept = self.answers
        return [
            question.label(language())
            for question in self.form.questions
            if question.code in self.typed and question.code not in kept
        ]


def _field(question: Question, condition: str) -> forms.Field:
    only = _("Solo si %(condition)s.") % {"condition": condition} if condition else ""
    words: dict[str, Any] = {
        "label": question.label(language()),
        "help_text": " ".join(filter(None, (only, question.hint(language())))),
        # Whether an answer is missing depends on the others: `check` says so, not the field.
        "required": question.required and not condition,
        "error_messages": {"required": AnswerRefused(question.code, "required").explain(language())},
    }
    match question.kind:
        case Kind.CHOICE if question.codelist:
            return forms.ChoiceField(choices=[("", "—"), *question.choices(language())], widget=LongSelect, **words)
        case Kind.CHOICE | Kind.YES_NO:
            return forms.ChoiceField(choices=question.choices(language()), widget=in_a_row(), **words)
        case Kind.SEVERAL:
            return forms.MultipleChoiceField(
                choices=question.choices(language()), widget=in_a_row(forms.CheckboxSelectMultiple), **words
            )
        case Kind.NUMBER:
            return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "numeric"}), max_length=9, **words)
        case Kind.DAY | Kind.TIME:
            kind = "date" if question.kind is Kind.DAY else "time"
            return forms.CharField(widget=forms.TextInput(attrs={"type": kind}), max_length=10, **words)
        case Kind.PARTIAL_DATE:
            return forms.CharField(max_length=10, **words)
        case Kind.TEXT:
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **words)
