"""The sheets of a consent and of a referral, in either language."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from torogoz.domain.consents import Given, GivenBy, Purpose, last_day
from torogoz.domain.handovers import Ground, Kind, Urgency
from torogoz.domain.printed import Sheet
from torogoz.exchange.paper.sheet import Group, Lines, Signatures, Text
from torogoz.shared.audit.words import PURPOSES, section_names
from torogoz.shared.cases.models import Consent, Handover
from torogoz.shared.cases.words import GIVEN, GIVEN_BY, GROUNDS, KINDS, URGENCIES
from torogoz.shared.institutions.grounds import named
from torogoz.shared.papers.actions import Content
from torogoz.shared.people.models import Person
from torogoz.shared.people.queries import names_of


def of_consent(consent: Consent, person: Person, language: str) -> Content:
    """What is printed of a consent: what is shared, never what it says."""
    spanish = language == "es"
    name, aliases = names_of(person)
    called = str(name) or next(iter(aliases), "")
    with override(language):
        names = section_names(language)
        shared = [names.get(code, code) for code in consent.sections]
        recipient = consent.recipient.name_es if spanish else consent.recipient.name_en
        lines = [
            (_("Persona"), called or _("Sin nombre")),
            (_("Se comparte con"), recipient),
            (_("Para"), str(PURPOSES[Purpose(consent.purpose)])),
            (_("Qué se comparte"), "; ".join(shared)),
            (_("Hasta el día, inclusive"), last_day(timezone.localtime(consent.valid_until)).isoformat()),
            (_("Quién lo da"), str(GIVEN_BY[GivenBy(consent.given_by)])),
            (_("Cómo lo da"), str(GIVEN[Given(consent.given)])),
            (_("Se explicó en"), consent.language),
        ]
        if consent.law is not None:
            lines.append((_("Ley que lo pide"), named(consent.law, language)))
        if consent.witness:
            lines.append((_("Testigo"), consent.witness))
        rights = [
            _("Nadie pierde la atención por decir que no."),
            _("Puede retirarlo en cualquier institución que le atienda; desde ese momento nadie más lo lee por él."),
            _("Puede pedir que se le diga quién ha leído su expediente."),
        ]
        who = [_("La persona"), _("Quien registra")]
        if consent.given_by == GivenBy.GUARDIAN.value:
            who.insert(1, _("Madre, padre o responsable"))
        title = _("Consentimiento para compartir")
        groups: list[Group] = [Lines(_("Lo que se consiente"), lines), Text(_("Sus derechos"), rights), Signatures(who)]
    return Content(
        sheet=Sheet.CONSENT,
        language=language,
        title=title,
        name=called,
        birth="",
        groups=groups,
        sections=consent.sections,
        of=consent.key,
    )


def of_referral(handover: Handover, called: str, language: str) -> Content:
    """What a person who is handed over carries: where to go, by when, what is shared, on what ground; and her rights.

    What it is for, in the sender's words, is not printed: a sheet is lost, or read by somebody else on the way.
    """
    with override(language):
        names, place = section_names(language), "name_es" if language == "es" else "name_en"
        sender, receiver = (
            f"{getattr(institution, place)} · {getattr(office, place)}"
            for institution, office in (
                (handover.from_institution, handover.from_office),
                (handover.to_institution, handover.to_office),
            )
        )
        lines = [
            (_("Persona"), called or _("Sin nombre")),
            (_("La envía"), sender),
            (_("La espera"), receiver),
            (_("Cuándo se responde"), str(URGENCIES[Urgency(handover.urgency)])),
            (_("Vale hasta"), timezone.localtime(handover.expires_at).strftime("%Y-%m-%d %H:%M")),
            (_("Qué se comparte"), "; ".join(names.get(code, code) for code in handover.sections)),
            (_("Con qué fundamento"), str(GROUNDS[Ground(handover.ground)])),
        ]
        if handover.law is not None:
            lines.append((_("Ley"), handover.law.named(language)))
        rights = [
            _("Nadie pierde la atención por decir que no: puede decirlo aquí o allá, y la derivación termina."),
            _("Quien la espera lee solo lo que dice esta hoja, y hasta que la derivación termine."),
            _("Puede pedir que se le diga quién ha leído su expediente."),
        ]
        groups: list[Group] = [
            Lines(str(KINDS[Kind(handover.kind)]), lines),
            Text(_("Sus derechos"), rights),
            Signatures([_("La persona"), _("Quien envía"), _("Quien recibe")]),
        ]
        title = _("Hoja de remisión")
    return Content(
        sheet=Sheet.REFERRAL,
        language=language,
        title=title,
        name=called,
        birth="",
        groups=groups,
        sections=handover.sections,
        of=handover.key,
    )
