"""What is asked when a consent is recorded, when glass is broken, and when that is judged."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from torogoz.domain.children import Minority
from torogoz.domain.consents import LONGEST_REASON, SHORTEST_REASON, ConsentRefused, Given, GivenBy, Purpose, Verdict
from torogoz.domain.refusals import Refused
from torogoz.shared.audit.words import PURPOSES, section_names
from torogoz.shared.cases.words import GIVEN, GIVEN_BY, VERDICTS
from torogoz.shared.institutions.grounds import grounds_in_force, named
from torogoz.shared.institutions.models import Institution
from torogoz.shared.ui.forms import Questions
from torogoz.shared.ui.templatetags.ui import language

CHOOSE = {"required": _("Elija una respuesta.")}
MINOR = [("yes", _("Es menor de 18 años")), ("no", _("Tiene 18 años o más"))]
A_YEAR = timedelta(days=365)


class ConsentForm(Questions):
    """What the person agrees to share, with whom, what for, until when; and how that was given."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    recipient = forms.ChoiceField(label=_("¿Con qué institución se comparte?"), error_messages=CHOOSE)
    purpose = forms.ChoiceField(
        label=_("¿Para qué?"),
        choices=[(one.value, words) for one, words in PURPOSES.items()],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    sections = forms.MultipleChoiceField(
        label=_("¿Qué se comparte?"),
        help_text=_("Solo lo marcado. Usted ve aquí lo que usted mismo puede leer."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Elija qué se comparte.")},
    )
    valid_until = forms.DateField(
        label=_("Hasta el día, inclusive"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("Escriba hasta qué día."), "invalid": _("Escriba el día así: 2027-05-17.")},
    )
    law = forms.ChoiceField(
        label=_("Ley que lo pide"),
        help_text=_("De la lista de leyes. Si ninguna lo pide, déjelo así."),
        required=False,
    )
    minor = forms.ChoiceField(
        label=_("¿Es menor de 18 años?"),
        help_text=_("El nacimiento registrado no lo dice. Pregunte; si dudan, trátela como niña, niño o adolescente."),
        choices=MINOR,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    given_by = forms.ChoiceField(
        label=_("¿Quién lo da?"),
        choices=[(one.value, words) for one, words in GIVEN_BY.items()],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    assent = forms.BooleanField(label=_("La niña, el niño o adolescente también está de acuerdo"), required=False)
    given = forms.ChoiceField(
        label=_("¿Cómo lo da?"),
        choices=[(one.value, words) for one, words in GIVEN.items()],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    witness = forms.CharField(label=_("Testigo"), help_text=_("Si es de palabra."), max_length=120, required=False)
    explained_in = forms.CharField(
        label=_("Idioma en que se le explicó"),
        max_length=40,
        initial="español",
        error_messages={"required": _("Escriba en qué idioma se le explicó.")},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        shareable: Mapping[str, tuple[str, str]],
        recipients: Sequence[Institution],
        of: Minority,
        now: datetime,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        if of in (Minority.CHILD, Minority.ADULT):
            del self.fields["minor"]
        spanish = language().startswith("es")
        self.recipients = {one.code: one for one in recipients}
        name = "name_es" if spanish else "name_en"
        self._offer("recipient", [("", "—"), *((one.code, getattr(one, name)) for one in recipients)])
        self._offer("sections", [(code, names[0 if spanish else 1]) for code, names in shareable.items()])
        self.laws = {one.code: one for one in grounds_in_force(timezone.localdate(now))}
        self._offer(
            "law", [("", _("Ninguna nombrada")), *((code, named(one, language())) for code, one in self.laws.items())]
        )
        self.initial = {"token": uuid4(), "valid_until": timezone.localdate(now) + A_YEAR, **(self.initial or {})}

    def _offer(self, field: str, choices: list[tuple[str, Any]]) -> None:
        chosen = self.fields[field]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = choices

    def read(self) -> dict[str, Any]:
        """What was typed, as `actions.give_consent` takes it."""
        kept = self.cleaned_data
        return {
            "recipient": self.recipients[kept["recipient"]],
            "purpose": Purpose(kept["purpose"]),
            "sections": kept["sections"],
            "given": Given(kept["given"]),
            "given_by": GivenBy(kept["given_by"]),
            "assent": kept["assent"],
            "minor": {"yes": True, "no": False}.get(kept.get("minor", "")),
            "sent": kept["token"],
            "language": kept["explained_in"],
            "witness": kept["witness"],
            "valid_until": kept["valid_until"],
            "law": self.laws.get(kept["law"]),
        }

    def refuse(self, why: Refused, field: str | None = None) -> None:
        """Put a refusal beside its field, with the names of the section and of the institution instead of codes."""
        if isinstance(why, ConsentRefused) and "section" in why.details:
            section = str(why.details["section"])
            called = {"section": section_names(language()).get(section, section)}
            if recipient := self.recipients.get(str(why.details.get("institution", ""))):
                called["institution"] = recipient.name_es if language().startswith("es") else recipient.name_en
            why = ConsentRefused(why.field, why.code, **(why.details | called))
        super().refuse(why, field)


class GlassForm(Questions):
    """Why it cannot wait."""

    token = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("¿Por qué no puede esperar?"),
        help_text=format_lazy(
            _("En {least} letras o más. Lo leerán la institución que atendió a la persona y quien protege los datos."),
            least=SHORTEST_REASON,
        ),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AgainForm(Questions):
    """Why the officer may break it again, though."""

    again_why = forms.CharField(
        label=_("Por qué puede abrirlo otra vez"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class VerdictForm(Questions):
    """Whether it was right."""

    verdict = forms.ChoiceField(
        label=_("¿Fue correcto abrirlo?"),
        choices=[(one.value, words) for one, words in VERDICTS.items()],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    note = forms.CharField(label=_("Por qué"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def read(self) -> dict[str, Any]:
        """What was typed, as `actions.judge_glass` takes it."""
        return {"verdict": Verdict(self.cleaned_data["verdict"]), "note": self.cleaned_data["note"]}
