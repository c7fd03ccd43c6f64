"""What is asked when a request is received, and at each of its steps."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from torogoz.domain.children import Minority
from torogoz.domain.consents import Purpose
from torogoz.domain.data_rights import (
    LEAST_WORDS,
    LONGEST_WORDS,
    AnswerBy,
    Asker,
    Proof,
    RequestRefused,
    Right,
    Step,
    Why,
)
from torogoz.shared.audit.words import PURPOSES
from torogoz.shared.data_rights.words import ANSWERS, ASKERS, PROOFS, RIGHTS, STEPS, WHYS, WORDS
from torogoz.shared.ui.forms import Questions

MINOR = [("yes", _("Es menor de 18 años")), ("no", _("Tiene 18 años o más"))]
CHOOSE = {"required": _("Elija una respuesta.")}
EXPLAIN = {"required": _("Explíquelo con sus palabras: la persona lo leerá.")}


class RequestForm(Questions):
    """Who asks, what for, and how the answer is to come."""

    name = forms.CharField(
        label=_("Nombre de la persona de quien son los datos"),
        max_length=200,
        error_messages={"required": _("Escriba el nombre.")},
    )
    document = forms.CharField(
        label=_("Número de su documento"),
        help_text=_("Si lo tiene. No se le dirá a usted si hay un registro: lo sabrá quien decide."),
        max_length=40,
        required=False,
    )
    asker = forms.ChoiceField(
        label=_("¿Quién lo pide?"),
        choices=[(one.value, words) for one, words in ASKERS.items()],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    minor = forms.ChoiceField(
        label=_("¿Es menor de 18 años?"),
        help_text=_("El nacimiento registrado no lo dice. Pregunte; si dudan, trátela como niña, niño o adolescente."),
        choices=MINOR,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    heard = forms.BooleanField(
        label=_("Se escuchó a la niña, niño o adolescente"),
        error_messages={"required": _("Escúchele antes de recibir la solicitud, y márquelo.")},
    )
    authority = forms.CharField(
        label=_("Con qué acredita que puede pedirlo por la persona, y su nombre"),
        help_text=_("Solo si pide otra persona: partida de nacimiento, poder, resolución."),
        max_length=200,
        required=False,
    )
    proof = forms.ChoiceField(
        label=_("¿Cómo se comprobó quién pide?"),
        help_text=_("Sin comprobarlo se recibe igual y el plazo corre, pero no puede concederse."),
        choices=[(one.value, words) for one, words in PROOFS.items()],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    right = forms.ChoiceField(
        label=_("¿Qué pide?"),
        choices=[(one.value, words) for one, words in RIGHTS.items()],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    purpose = forms.ChoiceField(
        label=_("¿A qué finalidad se opone?"),
        help_text=_("Solo si es una oposición."),
        choices=[("", "—"), *((one.value, words) for one, words in PURPOSES.items())],
        required=False,
    )
    what = forms.CharField(
        label=_("En sus palabras"),
        help_text=_(
            "Hace falta para rectificar y para limitar: qué está mal y cómo es; o qué no quiere que se use, y por qué."
        ),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    explained_in = forms.CharField(
        label=_("Idioma en que se le responde"),
        max_length=40,
        initial="español",
        error_messages={"required": _("Escriba en qué idioma se le responde.")},
    )
    answer_by = forms.ChoiceField(
        label=_("¿Cómo quiere la respuesta?"),
        choices=[(one.value, words) for one, words in ANSWERS.items()],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    contact = forms.CharField(
        label=_("Consulado o correo al que se envía"),
        help_text=_("Pregunte si es seguro escribirle ahí: quizá otra persona lo lee."),
        max_length=200,
        required=False,
    )

    def __init__(self, data: Any = None, *, of: Minority | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        told = of in (None, Minority.CHILD, Minority.ADULT)
        if told:
            del self.fields["minor"]
        if of in (None, Minority.ADULT):
            del self.fields["heard"]
        elif not told:
            self.fields["heard"].required = False
        for name in ("authority", "purpose", "what", "contact", *(() if told else ("heard",))):
            self.fields[name].sometimes = True  # type: ignore[attr-defined]  # read by ui/components/field.html

    def clean(self) -> dict[str, Any]:
        """What some answers need of others, together with what else is wrong."""
        kept: dict[str, Any] = super().clean() or {}
        right, asker, answer_by = (kept.get(name, "") for name in ("right", "asker", "answer_by"))
        needed = {
            "what": right in (Right.RECTIFICATION, Right.LIMITATION)
            and len(kept.get("what", "").strip()) < LEAST_WORDS,
            "purpose": right == Right.OPPOSITION and not kept.get("purpose"),
            "authority": asker not in ("", Asker.PERSON) and not kept.get("authority", "").strip(),
            "contact": answer_by in (AnswerBy.CONSULATE, AnswerBy.EMAIL) and not kept.get("contact", "").strip(),
        }
        for name, missing in needed.items():
            if missing and name not in self.errors:
                self.refuse(RequestRefused(name, name, least=LEAST_WORDS))
        return kept

    def read(self) -> dict[str, Any]:
        """What was typed, as `actions.receive_request` takes it."""
        kept = self.cleaned_data
        return {
            "right": Right(kept["right"]),
            "purpose": Purpose(kept["purpose"]) if kept["purpose"] else None,
            "asker": Asker(kept["asker"]),
            "proof": Proof(kept["proof"]),
            "answer_by": AnswerBy(kept["answer_by"]),
            "language": kept["explained_in"],
            "name": kept["name"],
            "document": kept["document"],
            "authority": kept["authority"],
            "what": kept["what"],
            "contact": kept["contact"],
            "heard": kept.get("heard", False),
            "minor": {"yes": True, "no": False}.get(kept.get("minor", "")),
        }


class StepForm(Questions):
    """What one step of a request needs: words, and of some a choice."""

    words = forms.CharField(
        max_length=LONGEST_WORDS,
        error_messages=EXPLAIN,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, step: Step, gives_file: bool = False, **options: Any) -> None:
        super().__init__(data, prefix=step.value, **options)
        self.step = step
        self.called = STEPS[step]
        if step is Step.TAKE:
            del self.fields["words"]
            return
        self.fields["words"].label = WORDS[step]
        self.fields["words"].help_text = format_lazy(_("En {least} letras o más."), least=LEAST_WORDS)
        if step is Step.PROVE:
            choices = [(one.value, words) for one, words in PROOFS.items() if one is not Proof.NONE]
            self.fields["proof"] = _choice(_("¿Cómo se comprobó?"), choices)
        if step is Step.DENY:
            self.fields["why"] = _choice(_("Motivo legal"), [(one.value, words) for one, words in WHYS.items()])
        if step in (Step.GRANT, Step.GRANT_PARTLY) and gives_file:
            languages = [("es", _("español")), ("en", _("inglés"))]
            self.fields["file_language"] = _choice(_("Idioma del archivo"), languages, initial="es")
        self.order_fields(["proof", "why", "file_language", "words"])

    def read(self) -> dict[str, Any]:
        """What was typed, as the action of the step takes it."""
        kept: dict[str, Any] = dict(self.cleaned_data)
        if "proof" in kept:
            kept["proof"] = Proof(kept["proof"])
        if "why" in kept:
            kept["why"] = Why(kept["why"])
        return kept


class LiftForm(Questions):
    """Why a limit ends."""

    words = forms.CharField(
        label=_("Por qué termina"),
        max_length=LONGEST_WORDS,
        error_messages=EXPLAIN,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _choice(label: Any, choices: list[tuple[str, Any]], initial: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, error_messages=CHOOSE, initial=initial or None
    )
