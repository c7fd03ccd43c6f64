"""What every form of the site shares: it answers in its own words, beside the field that they speak of."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext_lazy as _

from torogoz.domain.refusals import Refused
from torogoz.shared.ui.templatetags.ui import language

NOT_WHOLE = _(
    "A lo que se envió le falta una parte que la página pone sola. Copie lo que escribió, abra la página otra vez y "
    "envíelo desde ahí."
)
ANY = {
    "required": _("Falta este dato."),
    "invalid": _("Esto no se puede leer. Revise cómo está escrito."),
    "invalid_choice": _("La opción «%(value)s» no es una de las que se ofrecen. No se guardó nada; elija otra vez."),
    "invalid_list": _("Elija de la lista lo que corresponda."),
    "min_length": _("Es muy corto: lleva %(show_value)s letras y se piden %(limit_value)s o más."),
    "max_length": _("Es muy largo: lleva %(show_value)s letras y caben %(limit_value)s."),
    "min_value": _("Escriba %(limit_value)s o más."),
    "max_value": _("Escriba %(limit_value)s o menos."),
    "step_size": _("Escriba un múltiplo de %(limit_value)s."),
    "max_digits": _("Es un número muy largo: caben %(max)s cifras."),
    "max_decimal_places": _("Escriba a lo más %(max)s decimales."),
    "max_whole_digits": _("Es un número muy grande: caben %(max)s cifras antes del punto."),
    "null_characters_not_allowed": _("Lleva un signo que no se puede guardar. Bórrelo y escríbalo otra vez."),
    "missing": _("Elija un archivo."),
    "empty": _("El archivo está vacío. Elija otro."),
    "contradiction": _("Elija un archivo o marque que lo quita, no las dos cosas."),
    "overflow": _("Esa fecha no existe. Revise el año."),
}
"""What the house says instead of the framework, by the framework's word for what is wrong."""

UNREADABLE: tuple[tuple[type[forms.Field], Any], ...] = (
    (forms.DateTimeField, _("Escriba el día y la hora así: 2027-03-20 14:30.")),
    (forms.DateField, _("Escriba la fecha como año-mes-día: 2027-03-20.")),
    (forms.TimeField, _("Escriba la hora así: 14:30.")),
    (forms.DecimalField, _("Escriba un número, con punto para los decimales: 1250.50.")),
    (forms.FloatField, _("Escriba un número, con punto para los decimales: 1250.50.")),
    (forms.IntegerField, _("Escriba un número entero, solo con cifras.")),
    (forms.SlugField, _("Use solo letras sin tilde, cifras y guiones.")),
    (forms.EmailField, _("Escriba el correo completo: nombre@ejemplo.org.")),
    (forms.URLField, _("Escriba la dirección completa: https://ejemplo.org.")),
    (forms.UUIDField, _("La clave no está completa. Cópiela otra vez, entera.")),
    (forms.FileField, _("El archivo no llegó. Elíjalo otra vez.")),
)
"""What is said of what cannot be read, by the kind of field; the narrower kind stands first."""

TOO_LONG_A_NAME = _("El nombre del archivo es muy largo: lleva %(length)s letras y caben %(max)s. Cámbielo.")


class Questions(forms.Form):
    """A form that answers in its own words: the browser's required-field bubbles stay out of the way.

    What is wrong with something that the page sends by itself, a version or the value of a button, is said of the whole
    form: it has no name that a reader has seen.
    """

    use_required_attribute = False
    stores = True
    """Whether something would have been stored: a search, a check or a sign-in store nothing."""

    def full_clean(self) -> None:
        """Look at what was typed, and say what is wrong in our words, unless a form has its own."""
        for field in self.fields.values():
            _speak(field)
        super().full_clean()

    def add_error(self, field: str | None, error: Any) -> None:
        """Put what is wrong beside its field; above the form, and once, when the field has no name on the page."""
        if field is None or not _unseen(self.fields.get(field)):
            super().add_error(field, error)
        elif not isinstance(error, forms.ValidationError):
            super().add_error(None, error)
        elif not self.has_error(NON_FIELD_ERRORS, "not_whole"):
            super().add_error(None, forms.ValidationError(NOT_WHOLE, code="not_whole"))

    def refuse(self, why: Refused, field: str | None = None) -> None:
        """Put a refusal beside the field that it speaks of, or above the form when it has no such field."""
        target = field or why.field
        self.add_error(target if target in self.fields else None, why.explain(language()))

    def ask_again(self, doubted: Mapping[str, str]) -> None:
        """Refuse the answers that are in doubt, in words by field, but for those that the officer has said are so."""
        for field, words in doubted.items():
            sure = f"{field}_sure"
            order = list(self.fields)
            order.insert(order.index(field) + 1, sure)
            self.fields[sure] = forms.BooleanField(label=_("Lo comprobé: es así"), required=False)
            self.order_fields(order)
            if sure not in self.data:
                self.add_error(field, words)

    def show_again(self) -> None:
        """In the middle of the work: what is typed wrong is said, what is not answered yet is not asked for."""
        for field in list(self.errors):
            if field not in self.fields or not self[field].data:
                del self.errors[field]


def _unseen(field: forms.Field | None) -> bool:
    """Whether the reader of a page never sees the name of the field: it is hidden, or what a button sends."""
    return field is not None and (field.widget.is_hidden or field.label == "")


def _speak(field: forms.Field) -> None:
    """Put our words where the framework's own would be said."""
    stock = {code: words for kind in reversed(type(field).__mro__) for code, words in _stock(kind).items()}
    ours: dict[str, Any] = dict(ANY)
    ours["invalid"] = next((words for kind, words in UNREADABLE if isinstance(field, kind)), ANY["invalid"])
    if isinstance(field, forms.FileField):
        ours["max_length"] = TOO_LONG_A_NAME
    for code, words in ours.items():
        if field.error_messages.get(code) is stock.get(code):
            field.error_messages[code] = words


def _stock(kind: type) -> dict[str, Any]:
    """What a kind of field says of itself."""
    return kind.__dict__.get("default_error_messages", {}) if kind.__module__.startswith("django.") else {}


def choose(form: forms.Form, field: str, options: Sequence[tuple[str, Any]]) -> None:
    """Offer these options in the field of a form."""
    chosen = form.fields[field]
    assert isinstance(chosen, forms.ChoiceField)
    chosen.choices = options
