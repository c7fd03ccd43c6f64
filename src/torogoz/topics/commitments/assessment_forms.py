"""What an independent body types of a commitment, and an institution in reply."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.shared.institutions.models import Institution
from torogoz.shared.ui.forms import Questions, choose
from torogoz.shared.ui.templatetags.ui import localised
from torogoz.statistics.deliberation.progress import Status
from torogoz.topics.commitments.assessment_actions import AssessmentSaid
from torogoz.topics.commitments.follow_up_fields import address, words
from torogoz.topics.commitments.follow_up_words import status_choices
from torogoz.topics.commitments.forms import MISSING
from torogoz.topics.commitments.report_models import Assessment


class AssessmentForm(Questions):
    """How a commitment stands in the eyes of the body, and why."""

    expected = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    status = forms.ChoiceField(label=_("Cómo va, según ustedes"), widget=forms.RadioSelect, error_messages=MISSING)
    reasons_es = words(_("En qué se basa, en español"), rows=8)
    reasons_en = words(_("En qué se basa, en inglés"), rows=8)
    evidence_text = words(_("Evidencia"), rows=2, most=1000, help_text=_("Qué lo muestra y dónde se puede comprobar."))
    evidence_address = address()

    def __init__(self, data: Any = None, *, draft: Assessment | None = None, **more: Any) -> None:
        super().__init__(data, **more)
        choose(self, "status", status_choices())
        if draft is not None:
            self.initial.update({name: getattr(draft, name) for name in self.fields if name != "expected"})
        self.initial["expected"] = draft.version if draft else 0

    @property
    def said(self) -> AssessmentSaid:
        """What was typed, once the form is valid."""
        kept = {name: value for name, value in self.cleaned_data.items() if name != "expected"}
        return AssessmentSaid(**{**kept, "status": Status(kept["status"])})


class ReplyForm(Questions):
    """What an institution answers."""

    institution = forms.ChoiceField(label=_("Responde"), error_messages=MISSING)
    text_es = words(_("Respuesta, en español"), required=True, rows=6)
    text_en = words(_("Respuesta, en inglés"), rows=6)

    def __init__(self, data: Any = None, *, bodies: list[Institution], **more: Any) -> None:
        super().__init__(data, **more)
        choose(self, "institution", [(each.code, f"{each.code} · {localised(each, 'name')}") for each in bodies])
