"""What may be read of a sheet by whoever has it in hand."""

from dataclasses import dataclass
from datetime import datetime

from torogoz.domain.printed import Sheet, Statement, read_code
from torogoz.exchange.paper import seal
from torogoz.shared.papers.models import Paper
from torogoz.shared.vault.signing import public_keys


@dataclass(frozen=True)
class Issued:
    """That a sheet was issued: what it is, by which institution and when. Of the person it says nothing."""

    sheet: Sheet
    institution: str
    issued_at: datetime
    code: str


def issued_with(code: str) -> Issued | None:
    """The sheet with this code, in whatever way it was typed; None when none was issued. Raises SheetRefused."""
    paper = Paper.objects.filter(code=read_code(code)).select_related("institution").first()
    return Issued(Sheet(paper.sheet), paper.institution.code, paper.issued_at, paper.code) if paper else None


def stated_by(text: str) -> tuple[Statement, str]:
    """What a sheet states by its QR, and the code that must stand on it. Raises SheetRefused. Nothing is looked up."""
    return seal.check(text, public_keys())
