"""The single form on one sheet: what is printed of a person and of one arrival, in either language."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from torogoz.domain.access import Tier
from torogoz.domain.printed import Sheet
from torogoz.domain.sections import IDENTITY
from torogoz.exchange.paper.sheet import Group, Lines, Signatures, Text
from torogoz.shared.papers.actions import Content
from torogoz.shared.people.models import Person
from torogoz.shared.people.queries import IdentitySeen, SectionSeen
from torogoz.topics.returns import words
from torogoz.topics.returns.queries import ArrivalSeen, disclosed_by


def ficha(
    person: Person,
    identity: IdentitySeen,
    arrival: ArrivalSeen,
    sections: Iterable[SectionSeen],
    language: str,
    now: datetime,
) -> Content:
    """The sheet of one arrival, as far as it is open to the officer who prints it.

    Health and whatever is more sensitive than the ordinary form stays on file: paper is left on tables. That the
    medical stop is compulsory is printed, its grounds are not.
    """
    ordinary = [seen for seen in sections if seen.form.tier <= Tier.ORDINARY]
    with override(language):
        vocabulary = words.Words()
        met = arrival.arrival.encounter
        place = met.office.name_es if language == "es" else met.office.name_en
        who = [(_("Nombre"), words.full_name(person))]
        who += vocabulary.of_identity(identity, person, timezone.localdate(now))
        journey = [
            (_("Llegó el"), timezone.localtime(met.occurred_at).strftime("%Y-%m-%d %H:%M")),
            (_("Centro"), place),
            *vocabulary.of_arrival(arrival, only=arrival.facts - {"pregnant", "disabled", "injured"}),
            (_("Parada médica"), words.stop(arrival).short),
        ]
        groups: list[Group] = [Lines(_("Quién es"), who), Lines(_("La llegada"), journey)]
        groups += [Lines(seen.form.label(language), seen.lines(language), may_shorten=True) for seen in ordinary]
        groups += [
            Text(
                "",
                [
                    _("Lo que dijo a salud, psicología, protección o asistencia legal no se imprime."),
                    _("Esta hoja es de la persona. Ninguna institución tiene que volver a preguntar lo que ya dice."),
                ],
            ),
            Signatures([_("La persona"), _("Quien registra")]),
        ]
        title = _("Ficha única de recepción")
    return Content(
        sheet=Sheet.FICHA,
        language=language,
        title=title,
        name=words.full_name(person),
        birth=identity.birth if identity.whole else "",
        groups=groups,
        sections=sorted({IDENTITY, *disclosed_by(arrival.facts), *(seen.form.code for seen in ordinary)}),
    )
