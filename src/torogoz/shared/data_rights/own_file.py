"""The own file of a person: who she is, her encounters with the sections of each institution, what she consented to, to
whom she was handed over, who was shown the file, and what each app adds (`registry.parts_of`): contacts, relatives,
groups, plans, follow-ups, sessions, belongings, the way home. Documented for its reader in docs/reference/own-file.md.

It asks no policy: whoever makes it has decided a request, and records that it was made.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import override

from torogoz.domain.access import NEVER, Tier
from torogoz.domain.data_rights import Asker
from torogoz.domain.handovers import State as HandoverState
from torogoz.domain.questions import readable
from torogoz.domain.sections import CONTACTS, FAMILY, IDENTITY, ONWARD, REINTEGRATION, SESSIONS
from torogoz.shared.attachments.models import Attachment
from torogoz.shared.attachments.queries import is_whole
from torogoz.shared.audit.disclosures import disclosures_of
from torogoz.shared.audit.words import section_names
from torogoz.shared.cases.models import Consent, Handover
from torogoz.shared.codelists.queries import with_lists
from torogoz.shared.data_rights.kept import PROSECUTOR
from torogoz.shared.data_rights.models import Request
from torogoz.shared.data_rights.registry import Asked, Part, parts_of
from torogoz.shared.institutions.grounds import named
from torogoz.shared.institutions.models import Institution
from torogoz.shared.people.merged import merged_into
from torogoz.shared.people.models import Correction, Encounter, Person, Section
from torogoz.shared.people.queries import names_of
from torogoz.shared.vault.keyring import CannotOpen
from torogoz.shared.vault.sealing import Batch
from torogoz.statistics.forms.shipped import current, form_of

SCHEMA = "torogoz-own-file/1"
PROSECUTION = "prosecution"
BESIDE = frozenset({CONTACTS, FAMILY, REINTEGRATION, SESSIONS, ONWARD})
"""What is kept besides the form, and tells where a person may be found or whom she trusts."""
ENDED_UNREAD = (HandoverState.ASKED.value, HandoverState.REJECTED.value, HandoverState.RECALLED.value)

WITHHELD = (
    "Lo que la ley reserva, como una investigación en curso, no se entrega aquí, lo haya o no. Lo que otras personas "
    "dijeron tampoco. Si pide otra persona en su nombre, o la ventanilla es de la policía, lo que usted contó en "
    "confianza se le entrega solo a usted y en otra ventanilla. De las sesiones de atención se dice que las hubo; lo "
    "que se habló en ellas queda con quien atiende. Este aviso está en todos los archivos: no dice si hay algo más.",
    "What the law reserves, such as an open investigation, is not handed over here, whether there is one or not. "
    "Neither is what others said. If somebody else asks for you, or the window is of the police, what you told in "
    "confidence is handed over to you alone, at another window. Of sessions of attention it is said that there were; "
    "what was said in them stays with who attends. This notice is in every file: it does not say whether there is "
    "anything more.",
)
"""The same words in every file, so that they tell nothing of what was left out of this one."""


@dataclass(frozen=True)
class Gathered:
    """What goes into the archive.

    content         the JSON document
    sections        codes of the sections in it
    attachments     the files of those sections that open, by what each is called in the archive: the format hides no
                    names, so they say nothing
    parts           what each app adds, as it is printed
    """

    content: dict[str, Any]
    sections: tuple[str, ...]
    attachments: dict[str, Attachment]
    parts: tuple[Part, ...]


def left_out(request: Request) -> frozenset[str]:
    """The codes of the sections that do not leave by this request.

    What was told the prosecution never does. A representative may be the one whom the person fears, so what was told
    in confidence goes to the person alone. Nothing passes a window whose institution must never read it.
    """
    kept = {PROSECUTION} | set(NEVER.get(request.window.code, ())) | set(NEVER.get(request.responsible.code, ()))
    if not _alone(request):
        kept |= {form.code for form in current() if form.tier >= Tier.SENSITIVE} | BESIDE
    return frozenset(kept)


def _alone(request: Request) -> bool:
    """Whether the person asks herself. To anybody else is not told where she asked for help, nor who read of it."""
    return request.asker == Asker.PERSON.value


def gathered(request: Request, language: str, now: datetime) -> Gathered:
    """Everything of the person of this request, who is known, in one language ("es" or "en")."""
    assert request.person is not None
    person, spanish = request.person, language == "es"
    alone, closed, batch = _alone(request), left_out(request), Batch()
    names = section_names(language)
    encounters, codes = [], {IDENTITY}
    met = Encounter.objects.filter(person=person).exclude(institution__code=PROSECUTOR)
    if not alone:
        met = met.filter(institution=person.institution)
    for encounter in met.select_related("office", "institution").order_by("occurred_at", "pk"):
        sections = _sections(encounter, closed, names, language, batch)
        codes |= {section["code"] for section in sections}
        encounters.append(
            {
                "kind": encounter.kind,
                "occurred_at": _when(encounter.occurred_at),
                "office": encounter.office.name_es if spanish else encounter.office.name_en,
                "institution": _institution(encounter.institution, spanish),
                "recorded_at": _when(encounter.recorded_at),
                "sections": sections,
            }
        )
    attachments = _attachments(met, closed)
    codes |= {each.code for each in attachments}
    whole = tuple(each for each in attachments if is_whole(each))
    with override(language):
        parts = tuple(parts_of(Asked(person, met, alone, closed, spanish, batch)))
    content = {
        "schema": SCHEMA,
        "language": language,
        "made_at": _when(now),
        "request": request.number,
        "responsible": _institution(request.responsible, spanish),
        "notice": WITHHELD[0 if spanish else 1],
        "person": _person(person, batch, spanish),
        "corrections": _corrections(person),
        "encounters": encounters,
        "attachments": [
            {
                "file": _file_name(place, each) if each in whole else None,
                "section": each.code,
                "title": names.get(each.code, each.code),
                "media": each.media,
                "bytes": each.size,
                "recorded_at": _when(each.recorded_at),
            }
            for place, each in enumerate(attachments, start=1)
        ],
        "consents": _consents(person, closed, names, spanish) if alone else None,
        "handovers": _handovers(person, closed, names, spanish) if alone else None,
        "shown_to": _shown(person, closed, names, spanish, until=now) if alone else None,
        **{part.member: part.rows for part in parts},
    }
    files = {_file_name(place, each): each for place, each in enumerate(attachments, start=1) if each in whole}
    return Gathered(content, tuple(sorted(codes)), files, parts)


def _attachments(met: "QuerySet[Encounter]", closed: Collection[str]) -> tuple[Attachment, ...]:
    """The files of everything that leaves by this request: of sections, written or not, and of the plan. What was said
    in sessions of attention stays with who attends, and so do its files."""
    stored = Attachment.objects.filter(encounter__in=met).exclude(code__in={*closed, SESSIONS})
    return tuple(stored.select_related("institution").order_by("pk"))


def _file_name(place: int, attachment: Attachment) -> str:
    return f"attachment-{place:03}.{attachment.media.rsplit('/', 1)[-1]}"


def _person(person: Person, batch: Batch, spanish: bool) -> dict[str, Any]:
    name, aliases = names_of(person)
    return {
        "key": str(person.key),
        "name": str(name),
        "known_as": list(aliases),
        "sex": person.sex,
        "birth": person.birth,
        "nationality": person.nationality,
        "documents": [
            {"kind": each.kind, "issuer": each.issuer, "number": each.number_seen(batch)}
            for each in person.identifiers.select_related("institution").order_by("pk")
        ],
        "registered_by": _institution(person.institution, spanish),
        "registered_at": _when(person.recorded_at),
    }


def _corrections(person: Person) -> list[dict[str, Any]]:
    stored = Correction.objects.filter(person=person).select_related("institution").order_by("version")
    return [
        {
            "corrected_at": _when(one.corrected_at),
            "institution": one.institution.code,
            "reason": one.reason,
            "before": one.before,
        }
        for one in stored
    ]


def _sections(
    encounter: Encounter, closed: Collection[str], names: dict[str, str], language: str, batch: Batch
) -> list[dict[str, Any]]:
    found = []
    stored = Section.objects.filter(encounter=encounter).exclude(code__in=closed).select_related("institution")
    for section in stored.order_by("pk"):
        form = with_lists(form_of(section.code, section.form_version))
        try:
            answers: list[dict[str, str]] | None = [
                {"question": question, "answer": answer}
                for question, answer in readable(form, section.answers_in(batch), language)
            ]
        except CannotOpen:
            answers = None
        found.append(
            {
                "code": section.code,
                "title": names.get(section.code, section.code),
                "form_version": section.form_version,
                "institution": _institution(section.institution, language == "es"),
                "recorded_at": _when(section.recorded_at),
                "answers": answers,
            }
        )
    return found


def _consents(person: Person, closed: Collection[str], names: dict[str, str], spanish: bool) -> list[dict[str, Any]]:
    stored = Consent.objects.filter(person=person).select_related("recipient", "institution", "law")
    return [
        {
            "recorded_at": _when(one.recorded_at),
            "recorded_by": _institution(one.institution, spanish),
            "recipient": _institution(one.recipient, spanish),
            "purpose": one.purpose,
            "law": named(one.law, "es" if spanish else "en") if one.law else None,
            "sections": _titles(one.sections, closed, names),
            "given": one.given,
            "given_by": one.given_by,
            "valid_until": _when(one.valid_until),
            "withdrawn_at": _when(one.withdrawn_at),
        }
        for one in stored.order_by("recorded_at", "pk")
    ]


def _handovers(person: Person, closed: Collection[str], names: dict[str, str], spanish: bool) -> list[dict[str, Any]]:
    stored = Handover.objects.filter(person=person).exclude(state__in=ENDED_UNREAD)
    stored = stored.exclude(from_institution__code=PROSECUTOR).exclude(to_institution__code=PROSECUTOR)
    return [
        {
            "sent_at": _when(one.sent_at),
            "from": _institution(one.from_institution, spanish),
            "to": _institution(one.to_institution, spanish),
            "sections": _titles(one.sections, closed, names),
            "ground": one.ground,
            "state": one.state,
        }
        for one in stored.select_related("from_institution", "to_institution").order_by("sent_at", "pk")
    ]


def _shown(
    person: Person, closed: Collection[str], names: dict[str, str], spanish: bool, *, until: datetime
) -> list[dict[str, Any]]:
    keys = [str(one.key) for one in (person, *merged_into(person))]
    called = {one.code: _institution(one, spanish) for one in Institution.objects.order_by("code")}
    return [
        {
            "at": _when(one.at),
            "institution": called.get(one.institution, {"code": one.institution, "name": ""}),
            "verb": one.verb.value,
            "what": one.what,
            "sections": _titles(one.sections, closed, names),
            "ground": one.basis.value if one.basis else None,
            "purpose": one.purpose,
        }
        for one in disclosures_of(keys, until=until, protected=True)
        if one.institution != PROSECUTOR
    ]


def _titles(codes: Collection[str], closed: Collection[str], names: dict[str, str]) -> list[str]:
    return [names.get(code, code) for code in codes if code not in closed]


def _institution(institution: Institution, spanish: bool) -> dict[str, str]:
    return {"code": institution.code, "name": institution.name_es if spanish else institution.name_en}


def _when(moment: datetime | None) -> str | None:
    return timezone.localtime(moment).isoformat(timespec="minutes") if moment else None
