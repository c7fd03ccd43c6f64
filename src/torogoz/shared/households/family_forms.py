"""What is asked of relatives and of groups."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from torogoz.domain.families import LARGEST_GROUP, LONGEST_NAME, LONGEST_WORDS, Evidence, GroupKind, Kin
from torogoz.shared.households.family_words import EVIDENCES, GROUP_KINDS, KINS
from torogoz.shared.households.forms import CHOOSE, day_field, offered
from torogoz.shared.households.words import called
from torogoz.shared.people.models import Person
from torogoz.shared.ui.forms import Questions, choose

NOT_PROPOSED = {"invalid_choice": _("Elija a alguien de la lista. Si no está, búsquelo por nombre.")}


def among(people: Sequence[Person]) -> list[tuple[str, str]]:
    """People as choices, by key; two of one name are told apart by their birth."""
    return [(str(one.key), f"{called(one)} · {one.birth}" if one.birth else called(one)) for one in people]


class RelativeForm(Questions):
    """What somebody is to the person, what shows it, since when."""

    text = forms.CharField(
        label=_("Buscar por nombre"),
        help_text=_("Sin nombre se proponen quienes llegaron el mismo día con un apellido igual."),
        max_length=120,
        required=False,
    )
    other = forms.ChoiceField(
        label=_("¿Quién es?"), required=False, widget=forms.RadioSelect, error_messages=NOT_PROPOSED
    )
    name = forms.CharField(label=_("Nombre de quien no tiene registro"), max_length=LONGEST_NAME, required=False)
    contact = forms.CharField(
        label=_("Cómo comunicarse con quien no tiene registro"), max_length=LONGEST_WORDS, required=False
    )
    kin = forms.ChoiceField(
        label=_("¿Qué es de la persona?"), choices=offered(KINS), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    evidence = forms.ChoiceField(
        label=_("¿Qué lo demuestra?"), choices=offered(EVIDENCES), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    noted = forms.CharField(label=_("Qué documento, o quién lo dijo"), max_length=LONGEST_WORDS, required=False)
    valid_from = day_field(_("Desde cuándo"), hint=_("Vacío si no se sabe."))

    def __init__(self, data: Any = None, *, people: Sequence[Person], **options: Any) -> None:
        super().__init__(data, **options)
        self.people = {str(one.key): one for one in people}
        choose(self, "other", [*among(people), ("", _("No tiene registro: escribo su nombre"))])

    def read(self) -> dict[str, Any]:
        """What was typed, as `family_actions.relate` takes it."""
        kept = self.cleaned_data
        return {
            "other": self.people.get(kept["other"]),
            "kin": Kin(kept["kin"]),
            "evidence": Evidence(kept["evidence"]),
            "name": kept["name"],
            "contact": kept["contact"],
            "noted": kept["noted"],
            "valid_from": kept["valid_from"],
        }


class GroupForm(Questions):
    """Who arrived, or lives, together."""

    text = RelativeForm.base_fields["text"]
    members = forms.MultipleChoiceField(
        label=_("¿Quiénes más?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages=NOT_PROPOSED,
    )
    kind = forms.ChoiceField(
        label=_("¿Qué los une?"), choices=offered(GROUP_KINDS), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    head = forms.ChoiceField(label=_("¿Quién lo encabeza?"), required=False)
    formed_on = day_field(_("Desde el día"), required=True)
    said_size = forms.IntegerField(
        label=_("¿Cuántos dicen ser?"),
        help_text=_("Contando a quienes no están registrados. Vacío si no se preguntó."),
        min_value=1,
        max_value=LARGEST_GROUP,
        required=False,
    )

    def __init__(
        self, data: Any = None, *, person: Person, people: Sequence[Person], now: datetime, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.people = {str(one.key): one for one in (person, *people)}
        choose(self, "members", among(people))
        choose(self, "head", [("", _("Nadie, o no se sabe")), *among([person, *people])])
        self.initial = {"formed_on": timezone.localdate(now), "kind": GroupKind.TRAVEL.value, **(self.initial or {})}

    def read(self) -> dict[str, Any]:
        """What was typed, as `family_actions.form_group` takes it."""
        kept = self.cleaned_data
        return {
            "others": [self.people[key] for key in kept["members"]],
            "kind": GroupKind(kept["kind"]),
            "head": self.people.get(kept["head"]),
            "formed_on": kept["formed_on"],
            "said_size": kept["said_size"],
        }


class JoinForm(Questions):
    """Who else belongs to a group that was formed."""

    text = RelativeForm.base_fields["text"]
    members = GroupForm.base_fields["members"]

    def __init__(self, data: Any = None, *, people: Sequence[Person], **options: Any) -> None:
        super().__init__(data, **options)
        self.people = {str(one.key): one for one in people}
        choose(self, "members", among(people))

    def read(self) -> dict[str, Any]:
        """What was typed, as `family_actions.join_group` takes it."""
        return {"others": [self.people[key] for key in self.cleaned_data["members"]]}
