"""Practices as a table, one a row: what the catalogue gives is what an institution may hand in.

docs/reference/practices.md describes the columns.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from torogoz.domain.currencies import ISO_4217
from torogoz.domain.practices import LANGUAGES, TEXTS, Written
from torogoz.exchange.readers.filled_tables import Fault, Row, rows, written

BETWEEN: Final = " | "
WORDS: Final = tuple(f"{field}_{language}" for field in TEXTS for language in LANGUAGES)
NEEDED: Final = ("institution", "language", *WORDS[:2])
COLUMNS: Final = (
    "institution", "language", *WORDS, "machine", "place", "country", "began_on", "ended_on", "with_institutions",
    "organisations", "objectives", "principles", "evidence", "cost_amount", "cost_currency",
)  # fmt: skip
GIVEN: Final = ("key", "published_on", "made_up")
"""Columns that the catalogue gives and that are passed over when a table comes in."""


@dataclass(frozen=True)
class Known:
    """The codes that a table may name."""

    institutions: Collection[str]
    own: Collection[str]
    countries: Collection[str]
    objectives: Collection[str]
    principles: Collection[str]


@dataclass(frozen=True)
class PracticeRow:
    """A practice of the table: on which line, of which institution, what it says."""

    line: int
    institution: str
    written: Written


def read(content: bytes, known: Known) -> tuple[list[PracticeRow], list[Fault]]:
    """The practices of a table; with any fault, what is found is not to be kept."""
    found, faults = rows(content, needed=NEEDED, known=(*COLUMNS, *GIVEN))
    practices = [_practice(row, known) for row in found]
    faults = [*faults, *(fault for row in found for fault in row.faults)]
    if not found and not faults:
        faults = [Fault(1, "-", "no hay ninguna fila", "there is no row")]
    return practices, faults


def _practice(row: Row, known: Known) -> PracticeRow:
    institution = row.text("institution", needed=True)
    if institution and institution not in known.own:
        row.wrong(
            "institution", f"usted no presenta por «{institution[:20]}»", f"you do not submit for “{institution[:20]}”"
        )
    amount, currency = _amount(row), row.code("cost_currency", ISO_4217)
    held = Written(
        texts={name: row.text(name, longest=200 if name.startswith("title") else 6000) for name in WORDS},
        language=row.code("language", LANGUAGES, needed=True),
        machine=row.yes("machine"),
        place=row.text("place", longest=200),
        country=row.code("country", known.countries),
        began_on=row.day("began_on"),
        ended_on=row.day("ended_on"),
        with_institutions=row.codes("with_institutions", known.institutions),
        organisations=tuple(one for each in row.text("organisations").split("|") if (one := each.strip())),
        objectives=row.codes("objectives", known.objectives),
        principles=row.codes("principles", known.principles),
        evidence=row.text("evidence", longest=6000),
        cost_amount=amount,
        cost_currency=currency,
    )
    return PracticeRow(row.line, institution, held)


def _amount(row: Row) -> Decimal | None:
    said = row.text("cost_amount")
    if not said:
        return None
    try:
        amount = Decimal(said)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0 or amount >= 10**14 or -amount.as_tuple().exponent > 2:  # type: ignore[operator]
        row.wrong("cost_amount", f"«{said[:20]}» no es un monto como 12500.00", f"“{said[:20]}” is no amount")
        return None
    return amount


def cells(institution: str, held: Written) -> list[str]:
    """A practice as a row of the table, in the order of `COLUMNS`."""
    return [
        institution,
        held.language,
        *(held.texts.get(name, "") for name in WORDS),
        "yes" if held.machine else "no",
        held.place,
        held.country,
        held.began_on.isoformat() if held.began_on else "",
        held.ended_on.isoformat() if held.ended_on else "",
        " ".join(held.with_institutions),
        BETWEEN.join(held.organisations),
        " ".join(held.objectives),
        " ".join(held.principles),
        held.evidence,
        "" if held.cost_amount is None else f"{held.cost_amount:.2f}",
        held.cost_currency,
    ]


def table(practices: Iterator[tuple[list[str], tuple[str, str, str]]]) -> Iterator[bytes]:
    """The file: each practice as `cells` and, behind, what `GIVEN` names."""
    return written((*COLUMNS, *GIVEN), ([*row, *given] for row, given in practices))
