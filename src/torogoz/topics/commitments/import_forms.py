"""What the secretariat chooses to import a file."""

from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from torogoz.shared.provisions.queries import all_instruments
from torogoz.shared.ui.forms import Questions, choose
from torogoz.shared.ui.templatetags.ui import localised
from torogoz.topics.commitments.forms import MISSING

LARGEST: Final = 5_000_000
KINDS: Final = [
    ("catalogue", _("Catálogo de un instrumento (CSV de este sistema)")),
    ("recommendations", _("Recomendaciones del Examen Periódico Universal (tabla de UPR Info)")),
    ("bodies", _("Recomendaciones de órganos de tratados (Índice Universal de los Derechos Humanos, o tabla propia)")),
    ("treaty", _("Estado de un tratado (iso3, status, year)")),
]


class ImportForm(Questions):
    """Which file, what it is, and whether it is only looked at."""

    kind = forms.ChoiceField(label=_("Qué es"), choices=KINDS, widget=forms.RadioSelect, error_messages=MISSING)
    instrument = forms.ChoiceField(
        label=_("De qué instrumento"),
        help_text=_("Para un catálogo o un tratado. Las recomendaciones hacen uno por sesión o por documento."),
        error_messages=MISSING,
    )
    why = forms.CharField(
        label=_("Por qué cambia"),
        help_text=_("Para un catálogo: queda en cada versión y en cada enlace que cambie."),
        required=False,
        max_length=600,
    )
    file = forms.FileField(label=_("Archivo"), error_messages=MISSING)

    def __init__(self, data: Any = None, files: Any = None, **words: Any) -> None:
        super().__init__(data, files, **words)
        choose(self, "instrument", [(each.code, localised(each, "name")) for each in all_instruments()])

    def clean_file(self) -> UploadedFile:
        """A file of a size that a register has."""
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is None or file.size > LARGEST:
            raise forms.ValidationError(_("El archivo pasa de 5 MB: no es un registro. No se leyó."))
        return file
