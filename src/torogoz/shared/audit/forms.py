"""What the data-protection officer may ask of the record."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from torogoz.shared.audit.queries import Asked
from torogoz.shared.audit.words import BASES, RECORDED_PURPOSES, VERBS
from torogoz.shared.ui.forms import Questions

LAST_DAY = date(9998, 12, 31)  # the day after it can still be written


class SearchForm(Questions):
    """Who saw whom, and when. Everything is optional: asked for nothing, the newest events are shown."""

    stores = False

    person = forms.UUIDField(
        label=_("Clave de la persona"), required=False, help_text=_("La clave del expediente, no el nombre.")
    )
    officer = forms.CharField(label=_("Usuario de quien accedió"), required=False, max_length=64)
    institution = forms.CharField(
        label=_("Institución"), required=False, max_length=16, help_text=_("Su sigla, por ejemplo DGME.")
    )
    verb = forms.ChoiceField(
        label=_("Acto"),
        required=False,
        choices=[("", _("Todos")), *((verb.value, word) for verb, word in VERBS.items())],
    )
    basis = forms.ChoiceField(
        label=_("Fundamento"),
        required=False,
        choices=[("", _("Todos")), *((basis.value, word) for basis, word in BASES.items())],
    )
    purpose = forms.ChoiceField(
        label=_("Finalidad"), required=False, choices=[("", _("Todas")), *RECORDED_PURPOSES.items()]
    )
    since = forms.DateField(
        label=_("Desde el día"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Hasta el día, inclusive"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    refused = forms.BooleanField(label=_("Solo los intentos denegados"), required=False)

    def clean(self) -> None:
        """Refuse a period that ends before it begins."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("El período termina antes de empezar. Revise los dos días."))

    def refuse_as_too_many(self, most: int) -> None:
        """Say that what was found does not fit into a file, and how to ask for less."""
        self.add_error(
            "since",
            _("Son más de %(most)s accesos y no caben en un archivo. No se extrajo nada. Pida un período más corto.")
            % {"most": most},
        )

    def asked(self) -> Asked:
        """What the record is asked; nothing in particular while the form is empty or has an error."""
        if not self.is_bound or not self.is_valid():
            return Asked()
        given = self.cleaned_data
        return Asked(
            subject=str(given["person"] or ""),
            officer=given["officer"],
            institution=given["institution"].upper(),
            verb=given["verb"],
            basis=given["basis"],
            purpose=given["purpose"],
            since=midnight(given["since"]),
            until=midnight(min(given["until"], LAST_DAY) + timedelta(days=1)) if given["until"] else None,
            refused=given["refused"],
        )


def midnight(day: date | None) -> datetime | None:
    """The first moment of a day in El Salvador."""
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
