"""What the on-line consultation asks: an oath, a code, a statement, and the decisions of the secretariat."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.domain.polls import Answer, Ground, HideUntil
from torogoz.shared.ui.forms import Questions, choose
from torogoz.topics.consultation.forms import code_field, moment
from torogoz.topics.consultation.online_words import AGES, GROUNDS


class AttestForm(Questions):
    """What somebody of the diaspora swears. Her name is not asked."""

    country = forms.ChoiceField(
        label=_("¿En qué país vive?"), error_messages={"required": _("Elija el país en que vive.")}
    )
    age_group = forms.ChoiceField(
        label=_("¿Qué edad tiene?"),
        choices=list(AGES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Elija su grupo de edad. Se consulta a mayores de 18 años.")},
    )
    sex = forms.ChoiceField(
        label=_("Sexo (puede no decirlo)"),
        choices=[("", _("Prefiero no decirlo")), ("F", _("Mujer")), ("M", _("Hombre")), ("_O", _("Otro"))],
        widget=forms.RadioSelect,
        required=False,
        initial="",
    )
    sworn = forms.BooleanField(
        label=_(
            "Declaro bajo juramento que soy salvadoreña o salvadoreño, o hija o hijo de alguien que lo es; que vivo en "
            "ese país; que tengo 18 años o más; y que no he declarado antes en esta consulta."
        ),
        error_messages={"required": _("Para votar hay que declararlo. Sin declarar puede leer todo.")},
    )

    def __init__(self, countries: list[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "country", [("", _("Elija un país")), *countries])


class CodeForm(Questions):
    """The code of an attestation, to go on with on another device."""

    stores = False
    code = code_field(_("Su código"), _("Escriba su código."))


class VoteForm(Questions):
    """What a button of the page of votes sends."""

    statement = forms.UUIDField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(label="", choices=[(one.value, one.value) for one in Answer])
    wording = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10_000)
    turn = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10_000)


class ProposeForm(Questions):
    """A statement that a participant proposes."""

    text = forms.CharField(
        label=_("Su frase"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Una sola idea, de 10 a 280 letras, sin nombres de personas."),
        error_messages={"required": _("Escriba la frase.")},
    )


def _text(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Escriba el texto.")},
    )


class AcceptForm(Questions):
    """The words of a proposal in the other language."""

    translation = _text(_("La misma frase en el otro idioma"))


class LeaveOutForm(Questions):
    """For which ground a statement is left out, and why."""

    ground = forms.ChoiceField(
        label=_("Motivo de la política"),
        choices=[("", "—"), *((one.value, word) for one, word in GROUNDS.items())],
        error_messages={"required": _("Elija el motivo.")},
    )
    reason_es = _text(_("Razón, en español"))
    reason_en = _text(_("Razón, en inglés"))

    def ground_chosen(self) -> Ground:
        """The ground, once the form is valid."""
        return Ground(self.cleaned_data["ground"])


class TextsForm(Questions):
    """The words of a statement in both languages."""

    text_es = _text(_("La frase en español"))
    text_en = _text(_("La frase en inglés"))


class OpenForm(Questions):
    """A new on-line consultation: what it asks, from when to when, and until when results are hidden."""

    question_es = _text(_("¿Qué se consulta? (español)"))
    question_en = _text(_("¿Qué se consulta? (inglés)"))
    opens_at = moment(_("Abre"), hint=_("Hora de El Salvador. Vacío: ahora."), required=False)
    closes_at = moment(_("Cierra"), hint=_("Hora de El Salvador."))
    hide_until = forms.ChoiceField(
        label=_("Los resultados se ven"),
        choices=[
            (HideUntil.CLOSED.value, _("Cuando cierra")),
            (HideUntil.VOTED.value, _("Cuando uno ya votó, y todos cuando cierra")),
            (HideUntil.PUBLISHED.value, _("Cuando la secretaría los publica, después de que cierra")),
            (HideUntil.OFF.value, _("Desde el principio, hasta el día anterior")),
        ],
        widget=forms.RadioSelect,
        initial=HideUntil.CLOSED.value,
        error_messages={"required": _("Elija desde cuándo se ven.")},
    )
    token = forms.UUIDField(widget=forms.HiddenInput)
