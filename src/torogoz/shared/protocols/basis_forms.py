"""What is asked about an article that opens sections to an institution."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.shared.institutions.models import Institution, LegalGround
from torogoz.shared.protocols.basis_actions import BasisTyped
from torogoz.shared.protocols.forms import Day, ForForm
from torogoz.shared.ui.forms import choose
from torogoz.shared.ui.templatetags.ui import localised


class BasisForm(ForForm):
    """The article, what it opens and to whom, and the law of the list that it is of."""

    recipient = forms.ChoiceField(
        label=_("¿A qué institución abre?"), error_messages={"required": _("Elija la institución.")}
    )
    sections = forms.MultipleChoiceField(
        label=_("¿Qué secciones abre?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Marque al menos una sección.")},
    )
    ground = forms.ChoiceField(
        label=_("Ley de la lista"),
        help_text=_("Si no está en la lista, déjelo así y escriba abajo cómo se llama."),
        required=False,
    )
    law = forms.CharField(
        label=_("Nombre y número de la ley"),
        help_text=_("Solo si no está en la lista."),
        max_length=200,
        required=False,
    )
    article = forms.CharField(
        label=_("Artículo"), max_length=60, error_messages={"required": _("Escriba el artículo que la abre.")}
    )
    summary = forms.CharField(
        label=_("Qué dice el artículo, con sus palabras"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Escriba qué dice.")},
    )
    source = forms.CharField(
        label=_("Dónde leyó el texto, y cuándo"),
        max_length=300,
        error_messages={"required": _("Escriba dónde lo leyó.")},
    )
    valid_from = Day(label=_("¿Desde qué día vale?"))
    valid_until = Day(label=_("¿Hasta qué día?"), help_text=_("Déjelo vacío si no se sabe."), required=False)

    def __init__(
        self,
        codes: Sequence[str],
        institutions: Mapping[str, Institution],
        sections: Sequence[tuple[str, str]],
        grounds: Mapping[str, LegalGround],
        named: Sequence[tuple[str, str]],
        *args: Any,
        **options: Any,
    ) -> None:
        super().__init__(codes, *args, **options)
        self.institutions, self.grounds = institutions, grounds
        named_so = [(code, f"{localised(one, 'name')} ({code})") for code, one in institutions.items()]
        choose(self, "recipient", [("", "—"), *named_so])  # nothing is chosen for who enters it
        choose(self, "sections", sections)
        choose(self, "ground", [("", _("Ninguna de la lista")), *named])

    def read(self) -> BasisTyped:
        """What was typed, as `propose_basis` takes it."""
        kept = dict(self.cleaned_data)
        del kept["institution"]
        recipient, ground = self.institutions[kept.pop("recipient")], self.grounds.get(kept.pop("ground"))
        return BasisTyped(recipient=recipient, ground=ground, **kept)
