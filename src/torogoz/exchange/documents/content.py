"""What a document says, before it is a file: a title page with facts, headings, text, tables, figures, notes.

The same content is written as DOCX and as PDF. Text is always text: nothing in it is read as markup by either writer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

LANGUAGES = ("es", "en")
DEEPEST = 4
# What neither XML 1.0 nor a line of print can hold, and the signs that turn the direction of what stands around them.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_NEW_LINE = re.compile("\r\n|[\r\x85\u2028\u2029]")


# Of the width of a page: a letter of the head of a table, as wide as most are, and the edges of a cell.
_LETTER, _EDGES = 0.0112, 0.02


class DocumentUnclear(Exception):
    """A document that would mislead or could not be read aloud: what is wrong with it."""


def printable(text: str) -> str:
    """A text as it is typed, without control characters; a tab is a space, and every end of line is one sign."""
    return _UNPRINTABLE.sub("", _NEW_LINE.sub("\n", text)).replace("\t", " ")


@dataclass(frozen=True)
class Span:
    """A piece of text, plain, strong or emphasised."""

    text: str
    strong: bool = False
    emphasis: bool = False


Text = str | Sequence[Span]
"""A line of text: plain words, or pieces of which some are strong or emphasised."""


def spans(text: Text) -> tuple[Span, ...]:
    """A text in pieces, each printable."""
    pieces = (Span(text),) if isinstance(text, str) else text
    return tuple(Span(printable(one.text), one.strong, one.emphasis) for one in pieces)


def plain(text: Text) -> str:
    """A text without its emphasis."""
    return "".join(one.text for one in spans(text))


@dataclass(frozen=True)
class Heading:
    """A heading: level 1 for a chapter, to 4."""

    text: str
    level: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.level <= DEEPEST or not printable(self.text).strip():
            raise DocumentUnclear(f"a heading has words and a level of 1 to {DEEPEST}: {self.text!r}, {self.level}")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    text: Text


@dataclass(frozen=True)
class Items:
    """A list; `ordered` when the order says something."""

    items: Sequence[Text]
    ordered: bool = False


@dataclass(frozen=True)
class Table:
    """A table with its caption and header row, which every page repeats; the first cell of a row names the row.

    widths   how wide each column is beside the others; equal when empty
    figures  the columns, from 0, whose cells are numbers and stand at the right
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Text]]
    widths: Sequence[float] = ()
    figures: Sequence[int] = ()

    def __post_init__(self) -> None:
        if not self.head or not self.caption.strip():
            raise DocumentUnclear("a table has a caption and a header row")
        for row in self.rows:
            if len(row) != len(self.head):
                raise DocumentUnclear(f"table {self.caption!r}: a row has {len(row)} cells, not {len(self.head)}")
        if self.widths and len(self.widths) != len(self.head):
            raise DocumentUnclear(f"table {self.caption!r}: {len(self.widths)} widths for {len(self.head)} columns")

    @property
    def shares(self) -> tuple[float, ...]:
        """The share of the page that each column takes; they sum to one.

        A column is at least as wide as the longest word of its head, which is not divided; the others give it room.
        """
        widths = tuple(self.widths) or (1.0,) * len(self.head)
        found = [width / sum(widths) for width in widths]
        least = [_LETTER * max(map(len, printable(name).split()), default=0) + _EDGES for name in self.head]
        narrow: set[int] = set()
        if sum(least) < 1:
            while more := {at for at, share in enumerate(found) if share < least[at]} - narrow:
                narrow |= more
                room = 1 - sum(least[at] for at in narrow)
                others = sum(width for at, width in enumerate(widths) if at not in narrow)
                found = [least[at] if at in narrow else room * width / others for at, width in enumerate(widths)]
        return tuple(found)


@dataclass(frozen=True)
class Figure:
    """A drawing of ours with what it shows in words, and the figures themselves as a table where there is one.

    svg          drawn by `exchange.writers.charts`: its own words are the title, the unit and the source
    title        what it is called in the document
    description  what a person who cannot see it should know; both writers give it to a screen reader
    """

    title: str
    svg: str
    description: str
    table: Table | None = None

    def __post_init__(self) -> None:
        if not self.title.strip() or not self.description.strip():
            raise DocumentUnclear("a figure has a title, and a description for who cannot see it")


@dataclass(frozen=True)
class Note:
    """Something to know beside the text, in a frame: what it is ("Nota", "Señalado"), and the words."""

    title: str
    text: Text


@dataclass(frozen=True)
class Annex:
    """A part at the end. It begins a page, unless the one before says so little that both stand on one."""

    title: str
    blocks: "Sequence[Block]"
    new_page: bool = True


Block = Heading | Paragraph | Items | Table | Figure | Note | Annex


@dataclass(frozen=True)
class Document:
    """A whole document in one language ("es" or "en").

    facts      what the title page says: label and value
    made_on    its date; nothing in the files knows any other moment
    made_from  SHA-256 of the content that it was made from, printed on the title page and at the foot of each page
    address    where the same document is found again; printed, never fetched
    warning    for a document that is not what it looks like: a draft, made-up data. Printed on every page.
    depth      how deep its table of contents goes; 0 leaves it out, for a document of a page or two
    """

    language: str
    title: str
    publisher: str
    made_on: date
    blocks: Sequence[Block]
    subtitle: str = ""
    facts: Sequence[tuple[str, str]] = ()
    made_from: str = ""
    address: str = ""
    warning: str = ""
    depth: int = 2

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES or not printable(self.title).strip():
            raise DocumentUnclear(f"a document has a title and is written in {' or '.join(LANGUAGES)}")
        above = 0
        for heading in headings(self.all_blocks()):
            if heading.level > above + 1:
                raise DocumentUnclear(f"heading {heading.text!r} is of level {heading.level} below one of {above}")
            above = heading.level

    def all_blocks(self) -> list[Block]:
        """Its blocks in order; an annex is followed by what it holds, and a figure by its table."""
        return list(_flat(self.blocks))


def headings(blocks: "Sequence[Block]") -> list[Heading]:
    """The headings among blocks, in order; an annex is one. A screen reader goes by them, so none skips a level."""
    found = []
    for block in blocks:
        if isinstance(block, Annex):
            found.append(Heading(block.title))
        elif isinstance(block, Heading):
            found.append(block)
    return found


def _flat(blocks: Sequence[Block]) -> list[Block]:
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, Annex):
            found += [block, *_flat(block.blocks)]
        elif isinstance(block, Figure) and block.table is not None:
            found += [block, block.table]
        else:
            found.append(block)
    return found
