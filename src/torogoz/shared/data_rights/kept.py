"""What shared apps keep of a person: how it is disposed of, and what of it is in the own file beside the encounters."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from torogoz.domain.access import Tier
from torogoz.domain.children import Move, Study
from torogoz.domain.contacts import Way
from torogoz.domain.disposal import EVERY_CLASS, Deed
from torogoz.domain.families import GroupKind, Kin
from torogoz.domain.handovers import LIVE
from torogoz.domain.retention import DataClass
from torogoz.domain.sections import BESIDE_THE_FORM, CONTACTS, FAMILY
from torogoz.shared.cases.models import Handover
from torogoz.shared.codelists import queries as codelists
from torogoz.shared.data_rights.registry import Asked, Holding, Part
from torogoz.shared.households.child_queries import CHILD_PROTECTION
from torogoz.shared.households.child_words import MOVED, STUDIES
from torogoz.shared.households.family_words import GROUP_KINDS, KINS
from torogoz.shared.households.models import BestInterests, ChildMove, Contact, Member, Relationship
from torogoz.shared.households.words import WAYS
from torogoz.shared.people.models import DocumentCorrection
from torogoz.shared.ui.templatetags.ui import language
from torogoz.shared.vault.keyring import CannotOpen
from torogoz.shared.vault.sealing import Batch
from torogoz.shared.vault.words import SealedWords
from torogoz.statistics.forms.shipped import current

PROSECUTOR = "FGR"
TIERS = {
    DataClass.ORDINARY: (Tier.PUBLIC, Tier.LOGISTICS, Tier.ORDINARY),
    DataClass.SENSITIVE: (Tier.SENSITIVE,),
    DataClass.PROTECTED: (Tier.PROTECTED,),
}
IDENTITY, SENSITIVE, PROTECTED = (
    frozenset({one}) for one in (DataClass.IDENTITY, DataClass.SENSITIVE, DataClass.PROTECTED)
)


def codes_of(data_class: DataClass) -> list[str]:
    """The sections of one sensitivity; what is kept beside the form is sensitive, and so are its files."""
    beside = BESIDE_THE_FORM if data_class is DataClass.SENSITIVE else ()
    return [*(form.code for form in current() if form.tier in TIERS[data_class]), *beside]


def files_of(rows: "QuerySet[Any]") -> list[Path]:
    """The sealed files of attachments."""
    return [row.path for row in rows]


def _by_tier(label: str, person: str, code: str, **options: Any) -> list[Holding]:
    return [
        Holding(label, person, frozenset({one}), only=Q(**{f"{code}__in": codes_of(one)}), **options) for one in TIERS
    ]


HOLDINGS: Sequence[Holding] = (
    # A filled form says all that its device was told, of every class: it goes with the first of them.
    Holding("devices.ruling", "filled__encounter__person", EVERY_CLASS),
    Holding("devices.ruling", "person", EVERY_CLASS),
    Holding("devices.formfile", "filled__encounter__person", EVERY_CLASS),
    *_by_tier("devices.formfile", "attachment__encounter__person", "attachment__code"),
    # That it came stays: a device may send it again, and nothing may be written of it then.
    Holding(
        "devices.filledform",
        "encounter__person",
        EVERY_CLASS,
        Deed.BLANK,
        blank={"sealed": None, "faults": None, "state": "disposed", "why": ""},
    ),
    *_by_tier("attachments.attachment", "encounter__person", "code", files=files_of),
    *_by_tier("people.section", "encounter__person", "code"),
    Holding("households.childmove", "person", PROTECTED),
    Holding("households.bestinterests", "person", PROTECTED),
    # To whom a child was handed stays as long as that she was.
    Holding(
        "households.relationship",
        "person",
        SENSITIVE,
        only=Q(~Exists(ChildMove.objects.filter(receiver=OuterRef("pk")))),
    ),
    Holding("households.member", "person", SENSITIVE),
    Holding("households.contact", "person", SENSITIVE),
    Holding("cases.handoverstep", "handover__person", SENSITIVE),
    Holding(
        "cases.glassbreak", "person", SENSITIVE, Deed.BLANK, blank={"reason": "", "verdict_note": "", "again_why": ""}
    ),
    Holding("cases.consent", "person", IDENTITY, Deed.BLANK, blank={"witness": ""}),
    Holding("people.searchdecision", "person", IDENTITY),
    Holding("people.pairdecision", "pair__first", IDENTITY),
    Holding("people.pairdecision", "pair__second", IDENTITY),
    Holding("people.pair", "first", IDENTITY),
    Holding("people.pair", "second", IDENTITY),
    Holding("people.merge", "survivor", IDENTITY, Deed.BLANK, blank={"reason": "", "ended_because": ""}),
    Holding("people.correction", "person", IDENTITY),
    Holding("people.documentcorrection", "person", IDENTITY),
    Holding("people.identifier", "person", IDENTITY),
    Holding("people.name", "person", IDENTITY),
)

STAYS: Mapping[str, str] = {
    "people.person": "sex, year of birth and nationality, for statistics; the key, for the record of accesses",
    "people.encounter": "when and where somebody was met, for statistics",
    "people.movedrow": "which rows a merge moved: numbers, and nothing that they say",
    "people.posting": "the search index: taken away with the names",
    "cases.handover": "between which institutions, when and on what ground: why somebody had access",
    "papers.paper": "that a sheet was issued; what it said was never kept",
    "data_rights.request": "what was asked and answered, sealed: the proof that a right was answered",
    "data_rights.requeststep": "as the request",
    "data_rights.ownfile": "that a file was made; the file itself is gone after thirty days",
    "data_rights.hold": "that nothing was disposed of, and why",
    "data_rights.disposal": "the disposal itself",
    "data_rights.disposalitem": "of which record, by its key alone",
}

TOLD: Mapping[str, str] = {
    "people.person": "person",
    "people.name": "person",
    "people.identifier": "person",
    "people.correction": "corrections",
    "people.documentcorrection": "document_corrections",
    "people.encounter": "encounters",
    "people.section": "encounters",
    "attachments.attachment": "attachments",
    "households.contact": "contacts",
    "households.relationship": "relatives",
    "households.member": "groups",
    "households.childmove": "child_moves",
    "households.bestinterests": "best_interests",
    "cases.consent": "consents",
    "cases.handover": "handovers",
}

UNTOLD: Mapping[str, str] = {
    "cases.handoverstep": "where the hand-over stands is told with it; the words are of officers",
    "cases.glassbreak": "each reading by it is told in shown_to, with its ground; the reason is of the officer",
    "devices.filledform": "what a device sent is told with the encounter that it became",
    "devices.formfile": "the attachment that it became is told",
    "devices.ruling": "whom an officer took for whom",
    "people.searchdecision": "who was alike: somebody else",
    "people.pair": "who may be the same: somebody else, unless they were merged",
    "people.pairdecision": "as the pair",
    "people.merge": "what hung on either record is told; the reason is of the officer",
    "people.movedrow": "which rows a merge moved: numbers, and nothing that they say",
    "people.posting": "the search index: made of the names, which are told",
    "papers.paper": "each print is told in shown_to",
    "data_rights.request": "the person has its number, and was given the answer",
    "data_rights.requeststep": "as the request",
    "data_rights.ownfile": "the person was given it",
    "data_rights.hold": "that something may not be disposed of can tell that an investigation is open",
    "data_rights.disposal": "what was disposed of is not there to be told; the certificate is issued apart",
    "data_rights.disposalitem": "as the disposal",
}


def parts_of(asked: Asked) -> list[Part]:
    """Contacts, relatives and groups, of relatives no more than the person said of them; what became of a child."""
    shown = {code: asked.alone and code not in asked.closed for code in (CONTACTS, FAMILY, CHILD_PROTECTION)}
    contacts = _contacts(asked) if shown[CONTACTS] else None
    relatives = _relatives(asked) if shown[FAMILY] else None
    groups = _groups(asked) if shown[FAMILY] else None
    return [
        Part(
            "contacts",
            contacts,
            _("Cómo se le contacta"),
            (_("Medio"), _("Contacto"), _("Desde"), _("Hasta"), _("Anotó")),
            [
                (
                    str(WAYS[Way(one["way"])]),
                    one["value"] or _("Cifrado, y hoy no abre"),
                    one["valid_from"],
                    one["valid_until"] or "",
                    one["noted_by"],
                )
                for one in contacts or ()
            ],
            (3, 5, 2, 2, 2),
        ),
        Part(
            "relatives",
            relatives,
            _("Familiares que usted mencionó"),
            (_("Qué es de usted"), _("Nombre que usted dio"), _("Contacto que usted dio"), _("Anotó")),
            [
                (str(KINS[Kin(one["kin"])]), one["name"] or "", one["contact"] or "", one["noted_by"])
                for one in relatives or ()
            ],
            (4, 4, 4, 2),
        ),
        Part(
            "groups",
            groups,
            _("Grupos"),
            (_("Grupo"), _("Desde"), _("Hasta"), _("Cuántos dijeron ser")),
            [
                (
                    str(GROUP_KINDS[GroupKind(one["kind"])]),
                    one["joined_on"],
                    one["left_on"] or "",
                    str(one["said_size"] or _("No se preguntó")),
                )
                for one in groups or ()
            ],
            (4, 3, 3, 4),
        ),
        *_of_a_child(asked, shown[CHILD_PROTECTION]),
        _of_documents(asked),
    ]


def _of_documents(asked: Asked) -> Part:
    """Which documents were corrected or taken away. The number of somebody else's, which stood here by mistake, is not
    told."""
    rows = _documents_corrected(asked)
    kinds = codelists.names("DOCUMENT", language())

    def printed(said: dict[str, Any] | None, otherwise: str) -> str:
        if said is None:
            return otherwise
        number = said["number"] or _("no era suyo, y no se da")
        return f"{kinds.get(said['kind'], said['kind'])}: {number}"

    return Part(
        "document_corrections",
        rows,
        _("Documentos que se corrigieron"),
        (_("Cuándo"), _("Institución"), _("Decía"), _("Dice")),
        [
            (
                one["corrected_at"][:16].replace("T", " "),
                one["institution"],
                printed(one["before"], _("Cifrado, y hoy no abre")),
                _("Se quitó") if one["removed"] else printed(one["after"], _("Cifrado, y hoy no abre")),
            )
            for one in rows
        ],
        (3, 2, 5, 5),
    )


def _documents_corrected(asked: Asked) -> list[dict[str, Any]]:
    stored = DocumentCorrection.objects.filter(person=asked.person).exclude(institution__code=PROSECUTOR)
    found = []
    for one in stored.select_related("institution").order_by("corrected_at", "pk"):
        said = _said(one, asked.batch)
        before = said.get("before")
        if before and (one.removed or one.reason == DocumentCorrection.Reason.ANOTHER.value):
            before = {**before, "number": None}
        found.append(
            {
                "corrected_at": timezone.localtime(one.corrected_at).isoformat(timespec="minutes"),
                "institution": one.institution.code,
                "reason": one.reason,
                "removed": one.removed,
                "before": before,
                "after": said.get("after"),
            }
        )
    return found


def _of_a_child(asked: Asked, shown: bool) -> list[Part]:
    """Where the child was taken, and which studies were made; nothing of it in the file of who never was in care as a
    child. Their reasons are given by who protects the child."""
    moves = (_moves(asked) or None) if shown else None
    studies = (_studies(asked) or None) if shown else None
    return [
        Part(
            "child_moves",
            moves,
            _("Entregas y traslados de cuando era niña o niño"),
            (_("Día"), _("Qué se hizo"), _("A quién"), _("Anotó")),
            [
                (
                    one["recorded_at"][:10],
                    str(MOVED[Move(one["move"])]),
                    str(KINS[Kin(one["kin"])]) if one["kin"] else "",
                    one["noted_by"],
                )
                for one in moves or ()
            ],
            (3, 5, 4, 2),
        ),
        Part(
            "best_interests",
            studies,
            _("Estudios de su interés superior"),
            (_("Qué estudio"), _("Hecho el"), _("Se revisa el"), _("Anotó")),
            [
                (str(STUDIES[Study(one["study"])]), one["done_on"], one["review_on"], one["noted_by"])
                for one in studies or ()
            ],
            (6, 3, 3, 2),
        ),
    ]


def _moves(asked: Asked) -> list[dict[str, Any]]:
    stored = ChildMove.objects.filter(person=asked.person).exclude(institution__code=PROSECUTOR)
    return [
        {
            "move": one.move,
            "kin": one.receiver.kin if one.receiver else None,
            "recorded_at": timezone.localtime(one.recorded_at).isoformat(timespec="minutes"),
            "noted_by": one.institution.code,
        }
        for one in stored.select_related("receiver", "institution").order_by("recorded_at", "pk")
    ]


def _studies(asked: Asked) -> list[dict[str, Any]]:
    stored = BestInterests.objects.filter(person=asked.person, encounter__in=asked.encounters)
    return [
        {
            "study": one.study,
            "done_on": one.done_on.isoformat(),
            "review_on": one.review_on.isoformat(),
            "noted_by": one.institution.code,
        }
        for one in stored.exclude(institution__code=PROSECUTOR).select_related("institution").order_by("done_on", "pk")
    ]


def open_matters(people: Collection[int], now: datetime) -> list[tuple[int, str]]:
    """Hand-overs that have not ended, nor expired: known to both sides."""
    live = Handover.objects.filter(person__in=people, state__in=[one.value for one in LIVE], expires_at__gt=now)
    pairs = live.values_list("person", "from_institution__code", "to_institution__code")
    return [(person, code) for person, *sides in pairs for code in sides]


def _contacts(asked: Asked) -> list[dict[str, Any]]:
    stored = Contact.objects.filter(person=asked.person).exclude(institution__code=PROSECUTOR)
    return [
        {
            "way": one.way,
            "value": _said(one, asked.batch).get("value", ""),
            "whose": one.whose,
            "safe": one.safe,
            "valid_from": one.valid_from.isoformat(),
            "valid_until": one.valid_until.isoformat() if one.valid_until else None,
            "noted_by": one.institution.code,
        }
        for one in stored.select_related("institution").order_by("pk")
    ]


def _relatives(asked: Asked) -> list[dict[str, Any]]:
    """What the person said: a relative with a record of her own is not told more of than what she is."""
    stored = Relationship.objects.filter(person=asked.person).exclude(institution__code=PROSECUTOR)
    found = []
    for one in stored.select_related("institution").order_by("pk"):
        said = _said(one, asked.batch) if one.other_id is None else {}
        found.append(
            {
                "kin": one.kin,
                "name": said.get("name") or None,
                "contact": said.get("contact") or None,
                "evidence": one.evidence,
                "noted_by": one.institution.code,
            }
        )
    return found


def _groups(asked: Asked) -> list[dict[str, Any]]:
    stored = Member.objects.filter(person=asked.person).exclude(institution__code=PROSECUTOR)
    return [
        {
            "kind": one.group.kind,
            "joined_on": one.joined_on.isoformat(),
            "left_on": one.left_on.isoformat() if one.left_on else None,
            "head": one.head,
            "said_size": one.group.said_size,
            "noted_by": one.institution.code,
        }
        for one in stored.select_related("group", "institution").order_by("pk")
    ]


def _said(row: SealedWords, batch: Batch) -> dict[str, Any]:
    try:
        return row.said_in(batch)
    except CannotOpen:
        return {}
