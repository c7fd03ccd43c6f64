"""The single form on one sheet: what is printed of a person and of one arrival, in either language."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from torogoz.domain.access import LOGISTICS, Tier
from torogoz.domain.printed import Sheet
from torogoz.domain.sections import IDENTITY
from torogoz.exchange.paper.sheet import Group, Lines, Signatures, Text
from torogoz.shared.papers.actions import Content
from torogoz.shared.people.models import Person
from torogoz.shared.people.queries import IdentitySeen, SectionSeen
from torogoz.topics.returns import words
from torogoz.topics.returns.queries import ArrivalSeen, disclosed_by, facts_read_with


def ficha(
    person: Person,
    identity: IdentitySeen,
    arrival: ArrivalSeen,
    sections: Iterable[SectionSeen],
    common: Collection[str],
    language: str,
    now: datetime,
) -> Content:
    """The sheet of one arrival: of what is open to the officer who prints it, what every stop it travels to may read.

    Reasons, needs that are not practical, the medical stop, the interview and whatever is more sensitive stay on file
    where one institution of the circuit does not read them.

    common      codes of the sections that every institution of the protocol reads (`access.read_by_all`)
    """
    ordinary = [seen for seen in sections if seen.form.tier <= Tier.ORDINARY and seen.form.code in common]
    arrival = replace(arrival, facts=arrival.facts & facts_read_with(common))
    told = identity.whole and IDENTITY in common
    with override(language):
        vocabulary = words.Words()
        met = arrival.arrival.encounter
        place = met.office.name_es if language == "es" else met.office.name_en
        who = [(_("Nombre"), words.full_name(person))]
        if told:
            who += vocabulary.of_identity(identity, person, timezone.localdate(now))
        journey = [
            (_("Llegó el"), timezone.localtime(met.occurred_at).strftime("%Y-%m-%d %H:%M")),
            (_("Centro"), place),
            *vocabulary.of_arrival(arrival),
        ]
        groups: list[Group] = [Lines(_("Quién es"), who), Lines(_("La llegada"), journey)]
        groups += [Lines(seen.form.label(language), seen.lines(language), may_shorten=True) for seen in ordinary]
        groups += [
            Text(
                "",
                [
                    _("Lleva solo lo que toda institución del circuito puede leer. Lo demás que dijo no se imprime."),
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
        birth=identity.birth if told else "",
        groups=groups,
        sections=sorted(
            {IDENTITY if told else LOGISTICS, *disclosed_by(arrival.facts), *(seen.form.code for seen in ordinary)}
        ),
    )
