"""The reintegration plan on paper, for the person to sign and to keep."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from torogoz.domain.printed import Sheet
from torogoz.domain.sections import REINTEGRATION
from torogoz.exchange.paper.sheet import Group, Lines, Signatures, Table, Text
from torogoz.shared.papers.actions import Content
from torogoz.topics.returns import words
from torogoz.topics.returns.plan_queries import PlanSeen
from torogoz.topics.returns.plan_words import LEVELS, NEEDS

PAGES = 3


def of_plan(seen: PlanSeen, language: str) -> Content | None:
    """The last version and the actions without an outcome; None when the version does not open.

    The note of who accompanies is not printed: paper is left on tables.
    """
    content = seen.last.content
    if content is None:
        return None
    with override(language):
        name = words.full_name(seen.person)
        needs = [[str(NEEDS[need]), str(LEVELS[level])] for need, level in content.needed.items()]
        actions = [
            [one.what, one.who, one.action.institution.code, one.action.due_on.isoformat()]
            for one in seen.actions
            if one.waits
        ]
        goals = [f"{place}. {goal}" for place, goal in enumerate(content.goals, start=1)]
        opened = f"{seen.plan.institution.code} · {seen.plan.opened_on.isoformat()}"
        groups: list[Group] = [
            Lines("", [(_("Persona"), name), (_("Plan abierto por"), opened)]),
            Table(_("Lo que necesita"), [_("Necesidad"), _("Cuándo")], needs, [3, 2]),
            Text(_("Lo que quiere lograr"), goals or [_("Todavía sin metas escritas.")]),
            Table(
                _("Lo que se hará"),
                [_("Qué"), _("Quién"), _("Institución"), _("A más tardar")],
                actions,
                [5, 3, 2, 2],
            ),
            Text(
                "",
                [
                    _("Este plan se hizo con usted y puede cambiarse cuando usted quiera."),
                    _("Nadie pierde la atención por no firmar."),
                    _("A los seis y a los doce meses le preguntaremos cómo le va; contestar es voluntario."),
                ],
            ),
            Signatures([_("La persona"), _("Quien acompaña")]),
        ]
        title = _("Plan de reintegración, versión %(number)s") % {"number": seen.last.version.number}
    return Content(
        sheet=Sheet.PLAN,
        language=language,
        title=title,
        name=name,
        birth="",
        groups=groups,
        sections=[REINTEGRATION],
        pages=PAGES,
    )
