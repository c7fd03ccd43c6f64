"""What is asked of a best-interests study, and of a move of a child."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from torogoz.domain.children import LONGEST_REASONS, Lacks, Move, Study, refused
from torogoz.domain.families import LONGEST_WORDS
from torogoz.shared.households.child_words import FIELDS, MOVES, STUDIES
from torogoz.shared.households.family_queries import RelativeSeen
from torogoz.shared.households.family_words import KINS
from torogoz.shared.households.forms import CHOOSE, day_field, offered
from torogoz.shared.households.words import called
from torogoz.shared.ui.forms import Questions, choose


class StudyForm(Questions):
    """A best-interests study: which, when, what it permits, why, what the child thinks, who decided."""

    study = forms.ChoiceField(
        label=_("¿Qué se hizo?"), choices=offered(STUDIES), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    done_on = day_field(_("Se hizo el día"), required=True)
    review_on = day_field(_("Se revisa a más tardar el día"), required=True, hint=_("Pasado ese día deja de valer."))
    permits = forms.MultipleChoiceField(
        label=_("¿Qué permite?"),
        help_text=_("Sin ninguna marca no permite nada todavía."),
        choices=offered(MOVES),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reasons = forms.CharField(
        label=_("Razones"),
        help_text=_("Las lee solo protección de niñez en este centro; los demás leen qué se permite."),
        max_length=LONGEST_REASONS,
        error_messages={"required": _("Escriba las razones.")},
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    child_view = forms.CharField(
        label=_("Qué opina la niña o el niño"),
        max_length=LONGEST_REASONS,
        error_messages={"required": _("Escriba qué opina, o por qué no se le pudo preguntar.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    panel = forms.CharField(
        label=_("Panel"),
        help_text=_("Un nombre por línea, tres o más, sin quien registra el caso. Solo para una determinación."),
        required=False,
        max_length=LONGEST_REASONS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    dissent = forms.CharField(
        label=_("Quién no estuvo de acuerdo, y por qué"),
        required=False,
        max_length=LONGEST_REASONS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, now: datetime, **options: Any) -> None:
        super().__init__(data, **options)
        self.initial = {"done_on": timezone.localdate(now), **(self.initial or {})}

    def read(self) -> dict[str, Any]:
        """What was typed, as `child_actions.record_study` takes it."""
        kept = self.cleaned_data
        return {
            "study": Study(kept["study"]),
            "done_on": kept["done_on"],
            "review_on": kept["review_on"],
            "permits": [Move(code) for code in kept["permits"]],
            "reasons": kept["reasons"],
            "child_view": kept["child_view"],
            "panel": kept["panel"].splitlines(),
            "dissent": kept["dissent"],
        }


class MoveForm(Questions):
    """What is done with a child, and with whom."""

    move = forms.ChoiceField(
        label=_("¿Qué se hace?"), choices=offered(MOVES), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    receiver = forms.ChoiceField(
        label=_("¿A quién se entrega?"),
        help_text=_("Solo familiares anotados. Si no aparece, anótelo primero en Familia y grupo."),
        required=False,
        widget=forms.RadioSelect,
    )
    document = forms.CharField(
        label=_("Documento de identidad que mostró"),
        help_text=_("Qué documento y su número. Se guarda cifrado."),
        max_length=LONGEST_WORDS,
        required=False,
    )
    seen_adult = forms.BooleanField(label=_("Su documento muestra que tiene 18 años o más"), required=False)
    destination = forms.CharField(label=_("A dónde va"), max_length=LONGEST_WORDS, required=False)
    noted = forms.CharField(label=_("Nota"), max_length=LONGEST_WORDS, required=False)

    def __init__(self, data: Any = None, *, relatives: Sequence[RelativeSeen], **options: Any) -> None:
        super().__init__(data, **options)
        self.relatives = {str(one.relationship.key): one for one in relatives if not (one.ended or one.hidden)}
        named = [
            (key, f"{called(one.person) if one.person else one.name} · {KINS[one.kin]}")
            for key, one in self.relatives.items()
        ]
        choose(self, "receiver", [*named, ("", _("No se entrega a nadie"))])

    def tell(self, lacks: Sequence[Lacks]) -> None:
        """Say everything that is missing, each beside its field."""
        for one in lacks:
            self.refuse(refused(one, FIELDS.get(one, "move")))

    def read(self) -> dict[str, Any]:
        """What was typed, as `child_actions.record_move` takes it."""
        kept = self.cleaned_data
        chosen = self.relatives.get(kept["receiver"])
        return {
            "move": Move(kept["move"]),
            "receiver": chosen.relationship if chosen else None,
            "document": kept["document"],
            "seen_adult": kept["seen_adult"],
            "destination": kept["destination"],
            "noted": kept["noted"],
        }
