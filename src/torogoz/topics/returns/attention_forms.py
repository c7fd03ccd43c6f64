"""What an officer types of a session of psychosocial attention."""

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.domain.sessions import SessionKind
from torogoz.shared.ui.forms import Questions
from torogoz.topics.returns.widgets import in_a_row

SESSION_KINDS = {
    SessionKind.INDIVIDUAL: _("Individual"),
    SessionKind.GROUP: _("En grupo"),
    SessionKind.FAMILY: _("En familia"),
    SessionKind.CRISIS: _("En crisis"),
}


class SessionForm(Questions):
    """A session: how, when, what was said, when the person comes again."""

    kind = forms.ChoiceField(
        label=_("¿Cómo fue la atención?"),
        choices=[(kind.value, word) for kind, word in SESSION_KINDS.items()],
        widget=in_a_row(),
        error_messages={"required": _("Elija una respuesta.")},
    )
    held_on = forms.DateField(
        label=_("Día de la sesión"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Escriba el día así: 2026-11-26."), "required": _("Escriba el día.")},
    )
    next_on = forms.DateField(
        label=_("Próxima cita"),
        help_text=_("Vacío si no se acordó ninguna."),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Escriba el día así: 2026-11-26.")},
    )
    notes = forms.CharField(
        label=_("Lo tratado"),
        help_text=_("Se guarda cifrado, lo lee solo quien atiende, y no cambia: lo que falte se anota en otra sesión."),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Escriba lo tratado, aunque sea poco.")},
    )

    @property
    def chosen(self) -> SessionKind:
        """How it was held, once the form is valid."""
        return SessionKind(self.cleaned_data["kind"])
