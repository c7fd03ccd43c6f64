"""What an association declares, with what code it comes back, and what an officer decides."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.domain.associations import Channel, Declaration, Step
from torogoz.shared.ui.forms import Questions, choose
from torogoz.topics.diaspora.abroad_models import Association
from torogoz.topics.diaspora.asked import WRITTEN_IN, Asked, text_area
from torogoz.topics.diaspora.words import CHANNELS, LANGUAGES, STEPS

KEEP, CHANGE, DELETE = "keep", "change", "delete"


class DeclarationForm(Asked):
    """The public form of an association."""

    name = forms.CharField(label=_("Nombre de la asociación"), max_length=160)
    country = forms.ChoiceField(label=_("País donde está"))
    city = forms.CharField(label=_("Ciudad"), max_length=120)
    languages = forms.MultipleChoiceField(
        label=_("Idiomas en que atiende"), choices=list(LANGUAGES.items()), widget=forms.CheckboxSelectMultiple
    )
    aims = forms.CharField(
        label=_("Qué hace y para qué"),
        help_text=_("En pocas frases. Se publica: no escriba nombres de personas."),
        max_length=1500,
        widget=text_area(4),
    )
    language = forms.ChoiceField(label=_("Escribí esto en"), choices=WRITTEN_IN, widget=forms.RadioSelect, initial="es")
    founded = forms.IntegerField(
        label=_("Año de fundación"),
        help_text=_("Déjelo vacío si no lo sabe."),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": _("Escriba el año con cuatro cifras: 1998.")},
    )
    channel = forms.ChoiceField(
        label=_("Cómo se les escribe o llama"),
        choices=[("", "—"), *((k.value, v) for k, v in CHANNELS.items())],
        required=False,
    )
    contact = forms.CharField(label=_("Correo, número o dirección de la página"), max_length=200, required=False)
    contact_public = forms.BooleanField(
        label=_("Este contacto se puede publicar"),
        help_text=_("Si no lo marca, solo lo lee el consulado que recibe su declaración."),
        required=False,
    )
    persons = forms.CharField(
        label=_("Personas de contacto"),
        help_text=_(
            "Nunca se publican. Se guardan cifradas, y cada vez que un oficial consular las lee queda anotado. "
            "Usted puede borrarlas cuando quiera con el código de su comprobante."
        ),
        max_length=600,
        required=False,
        widget=text_area(2),
    )
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def read(self) -> Declaration | None:
        """What was declared; None when something cannot be read, and the form says what."""
        if not self.is_valid():
            return None
        typed = self.cleaned_data
        return Declaration(
            name=" ".join(typed["name"].split()),
            country=typed["country"],
            city=" ".join(typed["city"].split()),
            languages=tuple(typed["languages"]),
            aims=typed["aims"].strip(),
            language=typed["language"],
            founded=typed["founded"],
            channel=Channel(typed["channel"]) if typed["channel"] else None,
            contact=typed["contact"].strip(),
            contact_public=typed["contact_public"],
        )

    @property
    def sent_token(self) -> UUID | None:
        """Of which form this is."""
        token: UUID | None = self.cleaned_data.get("token")
        return token


class CorrectionForm(DeclarationForm):
    """The same, with the code: what is sealed is never shown again, so it is left, changed or deleted as a whole."""

    sealed = forms.ChoiceField(
        label=_("Lo que no se publica (personas y contacto privado)"),
        choices=[
            (KEEP, _("Dejarlo como está")),
            (CHANGE, _("Cambiarlo por lo que escribo aquí")),
            (DELETE, _("Borrarlo")),
        ],
        widget=forms.RadioSelect,
        initial=KEEP,
    )
    code = forms.CharField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)

    field_order = ("code", "version", "name", "country", "city", "languages", "aims", "language", "founded")

    @property
    def persons_said(self) -> str | None:
        """Whom to seal: None leaves what is sealed; empty deletes it."""
        chosen = self.cleaned_data["sealed"]
        return None if chosen == KEEP else "" if chosen == DELETE else str(self.cleaned_data["persons"])


class CodeForm(Questions):
    """The code of a receipt. It travels in the request and never in an address."""

    code = forms.CharField(
        label=_("Código del comprobante"),
        help_text=_("Diez letras y números, como K7M2P-QX4TZ."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Escriba el código que recibió.")},
    )


class DecisionForm(Questions):
    """What an officer does with a declaration."""

    step = forms.ChoiceField(
        label=_("Qué hace"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Elija qué hace con la declaración.")},
    )
    reason = forms.CharField(
        label=_("Por qué"),
        help_text=_("Para no aceptar o dar por vencida. La asociación lo lee con su código."),
        max_length=400,
        required=False,
        widget=text_area(2),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, steps: Iterable[Step], data: Any = None, **words: Any) -> None:
        super().__init__(data, **words)
        choose(self, "step", [(one.value, STEPS[one]) for one in steps])

    @property
    def chosen(self) -> Step:
        """The step."""
        return Step(self.cleaned_data["step"])


class RenewForm(Questions):
    """How an officer made sure who asks for a new receipt."""

    how = forms.CharField(
        label=_("Cómo comprobó quién lo pide"),
        help_text=_("Por el contacto que la asociación registró, o en persona. Queda anotado."),
        max_length=400,
        widget=text_area(2),
        error_messages={"required": _("Diga cómo lo comprobó.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


def typed_before(association: Association, code: str) -> dict[str, Any]:
    """What a correction begins with: what is public of the declaration."""
    return {
        "name": association.name,
        "country": association.country,
        "city": association.city,
        "languages": association.languages,
        "aims": association.aims,
        "language": association.language,
        "founded": association.founded,
        "channel": association.channel,
        "contact": association.contact,
        "contact_public": bool(association.contact),
        "code": code,
        "version": association.version,
    }
