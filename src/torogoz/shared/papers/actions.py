"""Issuing a sheet of paper."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from torogoz.domain.access import Decision, Verb
from torogoz.domain.printed import Sheet, Statement, digest_of
from torogoz.exchange.paper.seal import seal
from torogoz.exchange.paper.sheet import Group, SheetOfPaper, pdf
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.models import Institution, Office, Officer
from torogoz.shared.papers.models import Paper
from torogoz.shared.people.models import Person
from torogoz.shared.vault.signing import sign


@dataclass(frozen=True)
class Content:
    """What is to be printed, in one language ("es" or "en"); `name` and `birth` are the person's, as printed.

    sections    codes of what is disclosed, for the record of accesses
    of          key of the consent or hand-over that it tells; None for a sheet of what does not end
    """

    sheet: Sheet
    language: str
    title: str
    name: str
    birth: str
    groups: Sequence[Group]
    sections: Sequence[str]
    pages: int = 1
    of: UUID | None = None


@transaction.atomic
def issue(
    *,
    by: Officer,
    person: Person | None,
    office: Office,
    content: Content,
    decision: Decision,
    now: datetime,
    about: str = "",
) -> bytes:
    """Print a sheet: the PDF. That it was issued is kept, with its code, and so is that the officer saw what it says.

    person      of whom it is; None for one that is of nobody, and `about` is the key of what it is of
    decision    that of the policy for Verb.PRINT; a refusal is no ground to print: raises ValueError
    """
    if not decision:
        raise ValueError("a sheet is printed only after the policy has allowed it")
    institution = Institution.objects.get(code=decision.institution)
    with override(content.language):
        told = _("Impresa el %(when)s por %(officer)s") % {
            "when": timezone.localtime(now).strftime("%Y-%m-%d %H:%M"),
            "officer": by.full_name,
        }
        made_up = _("Persona inventada: esta hoja no vale.") if person is not None and person.made_up else ""
    place = office.name_es if content.language == "es" else office.name_en
    sheet = SheetOfPaper(
        language=content.language,
        title=content.title,
        issuer=f"{institution.code} · {place}",
        printed=told,
        printed_at=now,
        groups=content.groups,
        pages=content.pages,
        mark=made_up,
    )
    key = uuid.uuid4()
    digest = digest_of(sheet.facts)
    statement = Statement(
        content.sheet, key, now, institution.code, office.code, digest, content.name[:80], content.birth
    )
    sealed = seal(statement, sign)
    Paper(
        key=key,
        sheet=content.sheet.value,
        person=person,
        institution=institution,
        office=office,
        issued_by=by,
        issued_at=now,
        code=sealed.code,
        digest=digest,
        of=content.of,
    ).save(force_insert=True)
    record(
        officer=by.username,
        institution=institution.code,
        verb=Verb.PRINT,
        what=content.sheet.value,
        subjects=[str(person.key) if person else about, str(key)],
        decision=decision,
        channel="paper",
        now=now,
        sections=list(content.sections),
    )
    return pdf(sheet, sealed)
