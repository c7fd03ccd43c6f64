"""Rows of a roll: what each body answers, whether it came, and which institutions are convened."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.domain.consultations import Part, Presence, Reply
from torogoz.shared.ui.forms import Questions, choose
from torogoz.topics.consultation.actions import Invited
from torogoz.topics.consultation.words import PARTS, PRESENCES, REPLIES

GROUPS = {"LOCAL": "local"}
"""The group of an institution that is not of the central government."""


class RollRow(Questions):
    """A row about one body. What its reader saw travels along: a row is stored when that reader changed it, and not
    because somebody else did meanwhile."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, data: Any = None, *, key: str, body: str, **options: Any) -> None:
        typed = None if data is None else data.copy()
        super().__init__(typed, prefix=key, **options)
        self.body = body
        for name in self.asked:
            self.fields[name].label = f"{body}: {self.fields[name].label}"
            self.fields[name].show_hidden_initial = True
            if typed is not None:
                # Who leaves out what is empty saw nothing there; shown again, what was typed must not pass for seen.
                typed.setdefault(self.add_initial_prefix(name), "")

    @property
    def asked(self) -> list[str]:
        """The questions of the row."""
        return [name for name in self.fields if name != "version"]

    @property
    def touched(self) -> bool:
        """Whether anything was changed in the row since its reader saw it."""
        return not set(self.asked).isdisjoint(self.changed_data)

    @property
    def at(self) -> int | None:
        """The version that its reader saw; None when nothing was stored."""
        version = self.cleaned_data["version"]
        return None if version is None else int(version)


class ReplyRow(RollRow):
    """What a body answers to the invitation."""

    reply = forms.ChoiceField(label=_("¿Participa?"), widget=forms.RadioSelect, required=False)
    note = forms.CharField(label=_("Nota"), max_length=400, required=False)

    def __init__(self, data: Any = None, *, key: str, body: str, **options: Any) -> None:
        super().__init__(data, key=key, body=body, **options)
        offered = [(one.value, REPLIES[one]) for one in (Reply.YES, Reply.NO)]
        if self.initial.get("reply") == Reply.NONE:
            offered.insert(0, (Reply.NONE.value, REPLIES[Reply.NONE]))
        choose(self, "reply", offered)

    def clean(self) -> None:
        """A note goes with an answer."""
        if self.cleaned_data.get("reply") not in (Reply.YES, Reply.NO) and "reply" not in self.errors:
            self.add_error("reply", str(_("Escribió una nota: diga también si participa, o bórrela.")))


class AttendanceRow(RollRow):
    """Whether a body was at a meeting, how many people it sent, and who."""

    presence = forms.ChoiceField(label=_("¿Asistió?"), widget=forms.RadioSelect, required=False)
    people = forms.IntegerField(label=_("Cuántas personas"), min_value=0, max_value=999, required=False)
    names = forms.CharField(
        label=_("Quiénes"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 1})
    )

    def __init__(self, data: Any = None, *, key: str, body: str, **options: Any) -> None:
        super().__init__(data, key=key, body=body, **options)
        offered = [(one.value, PRESENCES[one]) for one in (Presence.PRESENT, Presence.ABSENT)]
        if not self.initial.get("presence"):
            offered.insert(0, ("", _("sin anotar")))
        choose(self, "presence", offered)

    def clean(self) -> None:
        """People and names go with having come."""
        said = self.cleaned_data
        if said.get("presence") == Presence.PRESENT or "presence" in self.errors:
            return
        if said.get("names") or ("people" in self.changed_data and said.get("people") is not None):
            self.add_error("presence", str(_("Escribió quiénes o cuántas: marque también que asistió, o bórrelo.")))
        elif not said.get("presence"):
            self.add_error("presence", str(_("Elija si asistió o no.")))


class InstitutionRow(RollRow):
    """An institution of the State that may be convened: whether it is, what it does, with how many seats."""

    chosen = forms.BooleanField(label=_("Convocar"), required=False)
    part = forms.ChoiceField(
        label=_("Qué hace en la consulta"), choices=list(PARTS.items()), initial=Part.DECIDES.value
    )
    seats = forms.IntegerField(label=_("Escaños"), min_value=1, max_value=99, initial=1)

    @property
    def touched(self) -> bool:
        """Whether the institution is marked."""
        return "chosen" in self.changed_data

    def invited(self) -> Invited:
        """The body, as the action takes it."""
        said, code = self.cleaned_data, str(self.prefix)
        return Invited(GROUPS.get(code, "government"), Part(said["part"]), said["seats"], institution=code)
