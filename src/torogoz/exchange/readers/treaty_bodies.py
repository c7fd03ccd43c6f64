"""Recommendations of treaty bodies: the workbook that the Universal Human Rights Index exports, or a table by hand.

No export was at hand. The columns of the Index were read in public code that takes such workbooks and tests itself on
rows of them (docs/reference/register-files.md names it): "Reccomending Body" with its slip, lists of one item a line
with "- " before it, so that a comma inside an item stays, and dates as days since 1899-12-30.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Final

from torogoz.domain.mechanisms import TREATY_BODIES
from torogoz.exchange.readers.contract import Unreadable
from torogoz.exchange.readers.filled_tables import unguarded
from torogoz.exchange.readers.rows import Line, RowRefused, lines_of, none_of, text_of
from torogoz.exchange.readers.tables import Sheet, opened
from torogoz.exchange.readers.unpacking import UPLOAD, looked_through

COLUMNS: Final = {
    "text": ("text",),
    "text_es": ("textes",),
    "text_en": ("texten",),
    "country": ("countriesconcerned", "countries"),
    "body": ("reccomendingbody", "recommendingbody", "body"),
    "document": ("documentsymbol", "symbol", "document"),
    "date": ("documentpublicationdate", "publicationdate", "date"),
    "kind": ("type", "annotationtype"),
    "id": ("ohchrannotationid", "annotationid", "id"),
    "paragraph": ("paragraph",),
    "themes": ("themes",),
    "persons": ("affectedpersons", "persons"),
    "targets": ("sdgs", "targets"),
}
"""What each column may be called, without capitals, blanks and signs: by the Index first, then by this project."""

TEXTS: Final = ("text", "text_es", "text_en")
LONGEST_TEXT: Final = 12_000
SYMBOL: Final = re.compile(r"[A-Z][A-Za-z0-9./(),\- ]{2,59}")
RECOMMENDS: Final = re.compile(r"recc?om+end", re.IGNORECASE)
BULLET: Final = re.compile(r"^[-•\s]+")
TAG: Final = re.compile(r"</?[a-zA-Z][^<>]*>")
NUMBERED: Final = re.compile(r"^\D{0,120}?(\d{1,3})\.(?=\s?[A-ZÁÉÍÓÚ¿“\"(])")
TARGET: Final = re.compile(r"(\d{1,2}\.[0-9a-z]{1,2})\b")
DAY_ZERO: Final = date(1899, 12, 30)
"""From which a workbook counts its days."""
SPANISH: Final = frozenset(["el", "la", "los", "las", "de", "que", "del", "en", "y", "para", "su", "por", "una"])
ENGLISH: Final = frozenset(["the", "of", "and", "to", "that", "in", "for", "its", "with", "on", "should", "a"])


@dataclass(frozen=True)
class Observed:
    """One recommendation of a treaty body as the table gives it, and the line it came from."""

    line: int
    body: str
    document: str
    paragraph: str
    published_on: date | None
    texts: tuple[tuple[str, str], ...]
    themes: tuple[str, ...]
    persons: tuple[str, ...]
    targets: tuple[str, ...]
    annotation: str

    @property
    def code(self) -> str:
        """A code that is the same whenever it is read again: of the id in the source, or of document and words.

        The words are the Spanish ones where there are any, so that a translation that comes later changes no code.
        """
        words = dict(self.texts)
        said = self.annotation or "\n".join((self.document, self.paragraph, words.get("es") or words["en"]))
        return f"{self.body}-{hashlib.sha256(said.encode()).hexdigest()[:10]}"

    @property
    def target_codes(self) -> tuple[str, ...]:
        """The codes at the beginning of what the source says of targets."""
        found = (TARGET.match(each) for each in self.targets)
        return tuple(dict.fromkeys(match[1] for match in found if match))


ELSEWHERE: Final = ("country", "")


@dataclass(frozen=True)
class Read:
    """What a table holds: the recommendations, and how many rows were left out, by why ("country", "body", "kind")."""

    rows: tuple[Observed, ...]
    left_out: tuple[tuple[str, str, int], ...]


def read_observations(content: bytes, country: str) -> Read:
    """The recommendations of treaty bodies to a country, each once; a table without countries is all of it.

    Of an export of the Index, rows of other countries and mechanisms, and what is no recommendation, are left out and
    counted. raises  RowRefused for the first row that cannot be kept, and for a table that is of other countries alone
    """
    left_out, others, here = Counter[tuple[str, str]](), Counter[str](), False
    found: dict[str, Observed] = {}
    line = None
    for line in _lines(content):
        if "country" in line.cells and (why := _not_here(line, country)):
            left_out[why] += 1
            others.update(_items(line.cells["country"]) if why == ELSEWHERE else ())
            here = here or why != ELSEWHERE
            continue
        here = True
        one = _observed(line)
        before = found.setdefault(one.code, one)
        if replace(before, line=one.line) != one:
            raise line.refuse(
                "id",
                f"ya estaba, con otros datos, en la línea {before.line}",
                f"it stood on line {before.line} already, and said something else",
            )
    if line is None:
        raise RowRefused(1, "-", "no hay ninguna fila", "there is no row")
    if not here:
        raise none_of(country, others, "country")
    return Read(tuple(found.values()), tuple((*why, many) for why, many in left_out.items()))


def _lines(content: bytes) -> Iterator[Line]:
    """The rows with our names of their columns, those of other names left out."""
    for line in _workbook(content) if content.startswith(b"PK\x03\x04") else _csv(content):
        names = _named(line.cells)
        cells = {name: unguarded(line.cells[written]).strip() for name, written in names.items()}
        if any(cells.values()):
            yield Line(line.number, cells)


def _csv(content: bytes) -> Iterator[Line]:
    try:
        text = text_of(content, otherwise="cp1252")
    except UnicodeDecodeError as why:
        raise RowRefused(1, "-", "no es UTF-8: guárdelo como «CSV UTF-8»", "it is not UTF-8") from why
    header = text.split("\n", 1)[0]
    return lines_of(text, (), ";" if header.count(";") > header.count(",") else ",")


def _workbook(content: bytes) -> Iterator[Line]:
    """The rows of the first sheet whose first row has our columns. Raises RowRefused if it cannot be opened."""
    try:
        clean = looked_through(content, UPLOAD, "the file").content
        sheets = [each for each in opened(clean, Path("the file"), UPLOAD) if isinstance(each, Sheet)]
    except Unreadable as why:
        raise RowRefused(1, "-", "no se puede abrir como libro de Excel", f"it is no workbook: {why}") from why
    sheet = next((each for each in sheets if "body" in _known(each.rows[0])), sheets[0])
    for number, row in enumerate(sheet.rows[1:], sheet.first + 1):
        yield Line(number, dict(zip(sheet.rows[0], row, strict=False)))


def _known(header: Collection[str]) -> dict[str, str]:
    """Our names of the columns of a header, and what the file calls each."""
    plain = {re.sub(r"[^a-z0-9]", "", name.lower()): name for name in header}
    called = {name: next((plain[each] for each in COLUMNS[name] if each in plain), None) for name in COLUMNS}
    return {name: written for name, written in called.items() if written is not None}


def _named(header: Collection[str]) -> dict[str, str]:
    """The same, of a header that can be read. Raises RowRefused."""
    names = _known(header)
    lacks = [name for name in ("body", "document") if name not in names]
    if not any(name in names for name in TEXTS):
        lacks.append("text")
    if lacks:
        said = ", ".join(lacks)
        raise RowRefused(1, said, f"faltan estas columnas: {said}", f"these columns are missing: {said}")
    strange = [each for each in header if each and each not in names.values()]
    if strange and "country" not in names:
        raise RowRefused(1, strange[0][:40], "no es una columna de esta tabla", "it is no column of this table")
    return names


def _not_here(line: Line, country: str) -> tuple[str, str] | None:
    """Why a row of the Index is not for this register, or None."""
    if country not in _items(line.cells["country"]):
        return ELSEWHERE
    body = ", ".join(_items(line.cells["body"]))
    if body not in TREATY_BODIES:
        return "body", body[:40] or "-"
    kind = ", ".join(_items(line.cells.get("kind", "")))
    return None if not kind or RECOMMENDS.search(kind) else ("kind", kind[:40])


def _observed(line: Line) -> Observed:
    cells = line.cells
    body = BULLET.sub("", cells["body"])
    if body not in TREATY_BODIES:
        raise line.refuse("body", f"«{body[:40]}» no es un órgano de la lista", f"“{body[:40]}” is no body of the list")
    document = BULLET.sub("", cells["document"])
    if not SYMBOL.fullmatch(document):
        raise line.refuse("document", "falta la signatura del documento", "the symbol of the document is missing")
    texts = _texts(line)
    paragraph = cells.get("paragraph", "") or next((m[1] for m in map(NUMBERED.match, (t for _, t in texts)) if m), "")
    if len(paragraph) > 20:
        raise line.refuse("paragraph", "es demasiado largo", "it is too long")
    return Observed(
        line.number,
        body,
        document,
        paragraph,
        _day(line),
        texts,
        _items(cells.get("themes", "")),
        _items(cells.get("persons", "")),
        _items(cells.get("targets", "")),
        cells.get("id", "")[:80],
    )


def _texts(line: Line) -> tuple[tuple[str, str], ...]:
    """The words by language; of a column that does not say, the language is told by its commonest words."""
    found: dict[str, str] = {}
    for name in TEXTS:
        written = unescape(TAG.sub(" ", line.cells.get(name, ""))).split("\n")
        text = "\n".join(" ".join(part.split()) for part in written if part.strip())
        if len(text) > LONGEST_TEXT:
            raise line.refuse(name, "el texto es demasiado largo", "the text is too long")
        if text:
            found[_language(text) if name == "text" else name.removeprefix("text_")] = text
    if not found:
        raise line.refuse("text", "la recomendación no tiene texto", "the recommendation has no text")
    return tuple(sorted(found.items()))


def _language(text: str) -> str:
    said = re.findall(r"[a-záéíóúñ]+", text.lower())
    return "es" if sum(w in SPANISH for w in said) > sum(w in ENGLISH for w in said) else "en"


def _items(cell: str) -> tuple[str, ...]:
    """The items of a cell, one a line or else apart by semicolons, without the dash before each."""
    parts = cell.split("\n" if "\n" in cell else ";")
    return tuple(dict.fromkeys(item for part in parts if (item := BULLET.sub("", part).strip())))


def _day(line: Line) -> date | None:
    """A day as 2022-04-13, with or without a time, or as a workbook counts it; empty is not known."""
    said = line.cells.get("date", "")
    if not said:
        return None
    if re.fullmatch(r"[2-6]\d{4}(\.\d+)?", said):
        return DAY_ZERO + timedelta(days=int(float(said)))
    try:
        return date.fromisoformat(said[:10])
    except ValueError:
        raise line.refuse(
            "date", f"«{said[:20]}» no es un día como 2022-04-13", f"“{said[:20]}” is no day as 2022-04-13"
        ) from None
