"""What an institution types in a report."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.shared.ui.forms import Questions, choose
from torogoz.statistics.deliberation.progress import Status
from torogoz.topics.commitments.follow_up_fields import address, words
from torogoz.topics.commitments.follow_up_words import status_choices
from torogoz.topics.commitments.report_actions import ReportSaid
from torogoz.topics.commitments.report_models import ProgressReport

SAID = ("status", "narrative_es", "narrative_en", "evidence_text", "evidence_address")


class ReportForm(Questions):
    """How a commitment stands, what was done, where the proof is. A draft may leave anything empty."""

    expected = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    status = forms.ChoiceField(label=_("Cómo va el compromiso"), required=False, widget=forms.RadioSelect)
    narrative_es = words(_("Qué se hizo, en español"), rows=8)
    narrative_en = words(_("Qué se hizo, en inglés"), rows=8)
    evidence_text = words(_("Evidencia"), rows=2, most=1000, help_text=_("Qué lo muestra y dónde se puede comprobar."))
    evidence_address = address()

    def __init__(
        self,
        data: Any = None,
        *,
        report: ProgressReport | None = None,
        before: ProgressReport | None = None,
        **more: Any,
    ) -> None:
        """`report` is the draft at hand; `before`, the last published one, fills in what a first draft does not say."""
        super().__init__(data, **more)
        choose(self, "status", status_choices())
        filled = report or before
        if filled is not None:
            self.initial.update({name: getattr(filled, name) for name in SAID})
        self.initial["expected"] = report.version if report else 0

    @property
    def said(self) -> ReportSaid:
        """What was typed, once the form is valid."""
        kept = {name: self.cleaned_data[name] for name in SAID}
        return ReportSaid(**{**kept, "status": Status(kept["status"]) if kept["status"] else None})
