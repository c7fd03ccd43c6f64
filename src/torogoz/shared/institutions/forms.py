"""What sign-in asks, and for what an officer works."""

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.shared.audit.words import PURPOSES
from torogoz.shared.ui.forms import Questions


class SignInForm(Questions):
    """A username and a password."""

    stores = False

    username = forms.CharField(
        label=_("Usuario"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Contraseña"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(Questions):
    """A code of the authenticator, or a recovery code on paper."""

    stores = False

    code = forms.CharField(
        label=_("Código"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        """The code without the spaces that people put in it."""
        return "".join(str(self.cleaned_data["code"]).split()).lower()


class PurposeForm(Questions):
    """For what the officer works from now on."""

    purpose = forms.ChoiceField(
        label=_("¿Para qué trabaja ahora?"),
        choices=[(purpose.value, word) for purpose, word in PURPOSES.items()],
        widget=forms.RadioSelect,
        help_text=_("Queda en el registro con cada expediente que abra. Cámbiela cuando cambie de tarea."),
    )
