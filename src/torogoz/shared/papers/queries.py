"""What may be read of a sheet by whoever has it in hand."""

from dataclasses import dataclass
from datetime import datetime

from torogoz.domain.printed import Sheet, Statement, read_code
from torogoz.exchange.paper import seal
from torogoz.shared.institutions.models import Office
from torogoz.shared.papers.models import Paper
from torogoz.shared.papers.standing import Stands, stands
from torogoz.shared.vault.signing import public_keys


@dataclass(frozen=True)
class Issued:
    """That a sheet was issued: what it is, by which institution and when. Of the person it says nothing."""

    sheet: Sheet
    institution: str
    issued_at: datetime
    code: str
    office: str
    stands: Stands | None


def issued_with(code: str, language: str = "es", now: datetime | None = None) -> Issued | None:
    """The sheet with this code, in whatever way it was typed; None when none was issued. Raises SheetRefused.

    now     at which it is told how what the sheet tells stands; None does not ask
    """
    paper = Paper.objects.filter(code=read_code(code)).select_related("institution", "office").first()
    if paper is None:
        return None
    sheet, office = Sheet(paper.sheet), _called(paper.office, language)
    how = stands(sheet, paper.of, now) if now else None
    return Issued(sheet, paper.institution.code, paper.issued_at, paper.code, office, how)


def standing_of(statement: Statement, now: datetime) -> Stands | None:
    """How what a sheet of this site tells stands at `now`; None for others, and where it is not known."""
    paper = Paper.objects.filter(key=statement.key, sheet=statement.sheet.value).first()
    return stands(statement.sheet, paper.of, now) if paper else None


def office_called(code: str, language: str) -> str:
    """The name of the office as the sheet has it; the code of one that is not known here."""
    office = Office.objects.filter(code=code).first()
    return _called(office, language) if office else code


def _called(office: Office, language: str) -> str:
    return office.name_es if language == "es" else office.name_en


def stated_by(text: str) -> tuple[Statement, str]:
    """What a sheet states by its QR, and the code that must stand on it. Raises SheetRefused. Nothing is looked up."""
    return seal.check(text, public_keys())
