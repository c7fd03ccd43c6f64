"""What is asked about a change of the protocol, and about who signed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.domain.access import Role
from torogoz.domain.protocols import LONGEST_REASON
from torogoz.shared.protocols.words import ROLES
from torogoz.shared.ui.forms import Questions, choose

DAY = {"required": _("Escriba el día."), "invalid": _("Escriba el día así: 2027-05-17.")}
READS, WRITES = "read", "write"


def Day(**options: Any) -> forms.DateField:  # noqa: N802 - it stands where a class of fields would
    """A day, asked as the browser asks it."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(widget=widget, input_formats=["%Y-%m-%d"], error_messages=DAY, **options)


def words(label: Any, required: Any, **options: Any) -> forms.CharField:
    """A few lines of text."""
    return forms.CharField(
        label=label,
        max_length=LONGEST_REASON,
        error_messages={"required": required},
        widget=forms.Textarea(attrs={"rows": 3}),
        **options,
    )


class ForForm(Questions):
    """For which institution the officer acts; asked only of who serves several."""

    institution = forms.ChoiceField(label=_("¿Por cuál institución?"))

    def __init__(self, codes: Sequence[str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "institution", [(code, code) for code in codes])
        self.fields["institution"].initial = codes[0] if codes else ""


class DraftForm(ForForm):
    """Why the protocol is to change, from when, and from which table the draft starts."""

    reason = words(_("¿Por qué cambia el protocolo?"), _("Explique por qué."))
    since = Day(
        label=_("¿Desde qué día rige?"), help_text=_("Déjelo vacío para que rija cuando se apruebe."), required=False
    )
    start = forms.ChoiceField(
        label=_("¿De qué tabla parte?"),
        choices=[("last", _("De la última versión")), ("shipped", _("De la tabla que trae el programa"))],
        widget=forms.RadioSelect,
        initial="last",
        error_messages={"required": _("Elija de qué tabla parte.")},
    )


class LineForm(Questions):
    """One line: who reads or writes which section, and on what it stands."""

    section = forms.ChoiceField(label=_("Sección"), error_messages={"required": _("Elija la sección.")})
    institution = forms.ChoiceField(label=_("Institución"), error_messages={"required": _("Elija la institución.")})
    role = forms.ChoiceField(
        label=_("Cargo"),
        choices=[(role.value, name) for role, name in ROLES.items()],
        error_messages={"required": _("Elija el cargo.")},
    )
    right = forms.ChoiceField(
        label=_("¿Qué puede hacer?"),
        choices=[(READS, _("Leer")), (WRITES, _("Leer y escribir"))],
        widget=forms.RadioSelect,
        initial=READS,
        error_messages={"required": _("Elija qué puede hacer.")},
    )
    basis_es = forms.CharField(
        label=_("Para qué, en español"), max_length=300, error_messages={"required": _("Escriba para qué, en español.")}
    )
    basis_en = forms.CharField(
        label=_("Para qué, en inglés"), max_length=300, error_messages={"required": _("Escriba para qué, en inglés.")}
    )
    ground = forms.ChoiceField(
        label=_("Ley en que se apoya"),
        help_text=_("Si ninguna de la lista la funda, déjelo así: la página lo dirá."),
        required=False,
    )

    def __init__(
        self,
        sections: Sequence[tuple[str, str]],
        institutions: Sequence[tuple[str, str]],
        grounds: Sequence[tuple[str, str]],
        *args: Any,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        choose(self, "section", sections)
        choose(self, "institution", institutions)
        choose(self, "ground", [("", _("Ninguna nombrada")), *grounds])

    def read(self) -> dict[str, Any]:
        """What was typed, as `actions.set_line` takes it; the institution and the law still as codes."""
        kept = dict(self.cleaned_data)
        write = kept.pop("right") == WRITES
        return {**kept, "role": Role(kept["role"]), "write": write}


class ApproveForm(ForForm):
    """That what was shown is approved."""

    reviewed = forms.IntegerField(widget=forms.HiddenInput)


class RefuseForm(ForForm):
    """Why what was proposed is refused."""

    answer = words(_("¿Por qué se rechaza?"), _("Explique por qué."))


class SignForm(ForForm):
    """Who signed the annex for the institution, when, and the scanned sheet."""

    signed_by = forms.CharField(
        label=_("Nombre y cargo de quien firmó"),
        max_length=200,
        error_messages={"required": _("Escriba quién firmó, como está en el papel.")},
    )
    signed_on = Day(label=_("¿Qué día firmó?"))
    sheet = forms.FileField(
        label=_("Hoja firmada, escaneada"),
        help_text=_("PDF o imagen, hasta 10 MB. Puede dejarlo vacío si solo está en papel."),
        required=False,
    )
