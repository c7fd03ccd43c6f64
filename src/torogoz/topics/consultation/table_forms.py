"""What is typed at a round table, and of a contribution afterwards."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torogoz.domain.consultations import ContributionState, Duty
from torogoz.domain.moderation import POLICY
from torogoz.shared.ui.forms import choose
from torogoz.shared.ui.templatetags.ui import language, localised
from torogoz.topics.consultation.adoption_queries import name_of
from torogoz.topics.consultation.forms import MISSING, DeedForm, count, pick, text, words
from torogoz.topics.consultation.words import CONTRIBUTION_STATES, DUTIES

LANGUAGES = [("es", _("español")), ("en", _("inglés"))]
SAID = (ContributionState.KEPT, ContributionState.NOT_ADOPTED, ContributionState.SET_ASIDE)


class ThemeForm(DeedForm):
    """A theme, or a part of one."""

    code = words(_("Código"), 20, hint=_("Por ejemplo T1, o T1.A para una parte."))
    name_es = words(_("Nombre en español"))
    name_en = words(_("Nombre en inglés"))
    parent = pick(_("Es parte de"), required=False)

    def __init__(self, data: Any = None, *, themes: Any = (), **options: Any) -> None:
        super().__init__(data, **options)
        choose(self, "parent", [("", "—"), *of_themes(themes)])


class TableForm(DeedForm):
    """A round table."""

    name_es = words(_("Nombre en español"), 200)
    name_en = words(_("Nombre en inglés"), 200)
    theme = pick(_("Tema"))
    event = pick(_("Reunión"), required=False)

    def __init__(self, data: Any = None, *, themes: Any = (), events: Any = (), **options: Any) -> None:
        super().__init__(data, **options)
        choose(self, "theme", of_themes(themes))
        choose(self, "event", [("", "—"), *((str(one.key), localised(one, "name")) for one in events)])


class DutyForm(DeedForm):
    """Who facilitates or writes at a table."""

    username = words(
        _("Usuario"), 64, hint=_("El nombre con que la persona entra al sistema; de cualquier institución.")
    )
    duty = pick(_("Qué hace"), [(one.value, DUTIES[one]) for one in Duty], few=True)


class PromptForm(DeedForm):
    """A question for the table."""

    text_es = text(_("Pregunta en español"), 1000, rows=2)
    text_en = text(_("Pregunta en inglés"), 1000, rows=2)
    minutes = count(_("Minutos"), least=1, most=240)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.initial.setdefault("minutes", 20)


class CaptureForm(DeedForm):
    """What was said, or what stands on a sheet."""

    text = text(_("Aporte"), 3000, rows=3)
    language = pick(_("Idioma en que se dijo"), LANGUAGES, few=True)
    invitation = pick(_("Quién lo dijo"), hint=_("La instancia, no la persona."), required=False)
    from_paper = forms.BooleanField(label=_("Lo copio de una hoja"), required=False)
    sheet = words(_("Cuál hoja"), 60, hint=_("El número o la marca de la hoja; solo si lo copia."), required=False)

    def __init__(self, data: Any = None, *, invitations: Any = (), **options: Any) -> None:
        super().__init__(data, **options)
        self.initial.setdefault("language", language())
        bodies = [(str(one.key), localised(name_as_dict(one), "name")) for one in invitations]
        choose(self, "invitation", [("", _("no se dice")), *bodies])


class JudgeForm(DeedForm):
    """What is said of a contribution, on which ground, and why, in both languages."""

    said = pick(_("Qué se hace con este aporte"), [(one.value, CONTRIBUTION_STATES[one]) for one in SAID], few=True)
    ground = pick(_("Motivo de la política, si se aparta"), required=False)
    reason_es = text(_("Razón en español"), 600, hint=_("La lee quien hizo el aporte."), rows=2, required=False)
    reason_en = text(_("Razón en inglés"), 600, rows=2, required=False)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        choose(self, "ground", [("", "—"), *((one.ground.value, localised(one, "name")) for one in POLICY)])


class MergeForm(DeedForm):
    """With which others a contribution is merged, and the words of all of them."""

    others = forms.MultipleChoiceField(
        label=_("Con cuáles se une"), widget=forms.CheckboxSelectMultiple, error_messages=MISSING
    )
    text = text(_("El aporte que resulta"), 3000, rows=3)

    def __init__(self, data: Any = None, *, others: Any = (), **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["others"].choices = [  # type: ignore[attr-defined]  # the stubs know only fields in general
            (str(one.key), f"{one.receipt}: {one.text[:90]}") for one in others
        ]


class SplitForm(DeedForm):
    """The parts of a contribution that says several things."""

    part_1 = text(_("Parte 1"), 3000, rows=2, required=False)
    part_2 = text(_("Parte 2"), 3000, rows=2, required=False)
    part_3 = text(_("Parte 3"), 3000, rows=2, required=False)


class RewordForm(DeedForm):
    """The same in other words."""

    text = text(_("Con otras palabras"), 3000, rows=3)
    language = pick(_("Idioma"), LANGUAGES, few=True)


class AdoptForm(DeedForm):
    """The text that a contribution went into."""

    draft = pick(_("En cuál texto"))

    def __init__(self, data: Any = None, *, drafts: Any = (), **options: Any) -> None:
        super().__init__(data, **options)
        choose(self, "draft", [(str(one.key), f"{one.code} {localised(one, 'title')}") for one in drafts])


def of_themes(themes: Any) -> list[tuple[str, Any]]:
    """Themes to choose from."""
    return [(str(one.key), f"{one.code} {localised(one, 'name')}") for one in themes]


def name_as_dict(invitation: Any) -> dict[str, str]:
    """The names of a body, for `localised`."""
    name = name_of(invitation)
    return {"name_es": name.es, "name_en": name.en}
