"""A document as DOCX: real headings, a table of contents, header rows that repeat, and alternative texts.

The same content gives the same bytes: its dates are the document's, and the parts of the file carry no time.
"""

from collections.abc import Iterator
from datetime import datetime, time
from io import BytesIO
from typing import Final

import docx
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from torogoz.exchange.documents import docx_parts as parts
from torogoz.exchange.documents.content import (
    Annex,
    Block,
    Document,
    Figure,
    Heading,
    Items,
    Note,
    Paragraph,
    Span,
    Table,
    Text,
    headings,
    printable,
    spans,
)
from torogoz.exchange.documents.pictures import pictures
from torogoz.exchange.documents.words import WORDS, facts, foot

WIDTH, HEIGHT, MARGIN = Mm(210), Mm(297), Mm(22)
BETWEEN_MARGINS: Final = WIDTH - 2 * MARGIN
FIGURE_WIDTH: Final = Length(int(BETWEEN_MARGINS * 0.86))
TAGS: Final = {"es": "es-SV", "en": "en-GB"}
SIZES: Final = {
    "Normal": 10.5,
    "Title": 24,
    "Subtitle": 13,
    "Heading 1": 17,
    "Heading 2": 13.5,
    "Heading 3": 11.5,
    "Heading 4": 10.5,
    "TOC Heading": 17,
    "Caption": 9,
}
CELL, NOTE, CONTENTS = "Cell", "Note", "Contents"


def docx_bytes(document: Document) -> bytes:
    """The document as DOCX. The same content gives the same bytes."""
    word = docx.Document()
    _prepare(word, document)
    blocks = document.all_blocks()
    _title_page(word, document, blocks)
    _Writer(word, document, blocks).write()
    made = BytesIO()
    word.save(made)
    return parts.without_times(made.getvalue())


def _prepare(word: Word, document: Document) -> None:
    """Paper, styles, language, properties, head and foot."""
    section = word.sections[0]
    section.page_width, section.page_height = WIDTH, HEIGHT
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    for name, size in SIZES.items():
        style = word.styles[name]
        if isinstance(style, ParagraphStyle):
            parts.letters(style, size)
    parts.new_style(word, CELL, size=9).paragraph_format.space_after = Pt(0)
    parts.frame(parts.new_style(word, NOTE, size=10))
    for level in range(1, document.depth + 1):
        parts.new_style(word, f"{CONTENTS} {level}", size=10.5).paragraph_format.left_indent = Mm(5 * (level - 1))
    parts.speak(word, TAGS[document.language])
    parts.describe(
        word,
        title=printable(document.title),
        author=printable(document.publisher),
        about=document.made_from and f"SHA-256 {document.made_from}",
        moment=datetime.combine(document.made_on, time()),
        tag=TAGS[document.language],
    )
    if document.warning:
        head = section.header.paragraphs[0]
        head.alignment = WD_ALIGN_PARAGRAPH.CENTER
        head.add_run(printable(document.warning)).bold = True
    _foot(section.footer.paragraphs[0], document)


def _foot(paragraph: WordParagraph, document: Document) -> None:
    """Title, date, address and hash, and which page of how many."""
    words = WORDS[document.language]
    run = paragraph.add_run("\n".join(printable(line) for line in foot(document)) + f"\n{words['page']} ")
    run.font.size = Pt(8)
    parts.field(paragraph, "PAGE", "1")
    paragraph.add_run(f" {words['of']} ")
    parts.field(paragraph, "NUMPAGES", "1")
    for each in paragraph.runs:
        each.font.size = Pt(8)


def _title_page(word: Word, document: Document, blocks: list[Block]) -> None:
    """Title, facts and contents, each on a page of its own where the document has contents."""
    word.add_paragraph(printable(document.title), style="Title")
    if document.subtitle:
        word.add_paragraph(printable(document.subtitle), style="Subtitle")
    for label, value in facts(document):
        paragraph = word.add_paragraph()
        paragraph.add_run(f"{printable(label)}: ").bold = True
        paragraph.add_run(printable(value))
    if document.depth:
        _contents(word, document, blocks)


def _contents(word: Word, document: Document, blocks: list[Block]) -> None:
    """The table of contents: a field that a word processor computes with page numbers, and already leads everywhere."""
    title = word.add_paragraph(WORDS[document.language]["contents"], style="TOC Heading")
    title.paragraph_format.page_break_before = True
    listed = [(number, one) for number, one in enumerate(headings(blocks)) if one.level <= document.depth]
    paragraph = word.add_paragraph(style=f"{CONTENTS} 1")
    parts.mark(paragraph, "begin", dirty=True)
    parts.instruct(paragraph, f'TOC \\o "1-{document.depth}" \\h \\z \\u')
    parts.mark(paragraph, "separate")
    for place, (number, heading) in enumerate(listed):
        if place:
            paragraph = word.add_paragraph(style=f"{CONTENTS} {heading.level}")
        parts.lead_to(paragraph, number, printable(heading.text))
    parts.mark(paragraph, "end")


class _Writer:
    """Writes block after block, and counts headings, tables and figures on the way."""

    def __init__(self, word: Word, document: Document, blocks: list[Block]) -> None:
        self.word, self.blocks, self.words = word, blocks, WORDS[document.language]
        self.drawn: Iterator[bytes] = iter(pictures([one.svg for one in blocks if isinstance(one, Figure)]))
        self.headings = self.tables = self.figures = 0
        self.new_page = document.depth > 0
        # Looked up once: the library reads the whole sheet of styles each time that it is asked for one by name.
        self.styles = {style.name: style.style_id for style in word.styles}

    def write(self) -> None:
        """Every block in order."""
        for block in self.blocks:
            match block:
                case Heading():
                    self._heading(block, new_page=False)
                case Annex():
                    self._heading(Heading(block.title), new_page=block.new_page)
                case Paragraph(text=text):
                    _say(self._paragraph(), text)
                case Note():
                    _say(self._paragraph(NOTE), (Span(f"{block.title} ", strong=True), *spans(block.text)))
                case Items():
                    self._items(block)
                case Table():
                    self._table(block)
                case Figure():
                    self._figure(block)

    def _paragraph(self, style: str = "Normal") -> WordParagraph:
        """A new paragraph; the first after the contents begins a page."""
        paragraph = self.word.add_paragraph()
        paragraph._p.style = self.styles[style]
        if self.new_page:
            paragraph.paragraph_format.page_break_before, self.new_page = True, False
        return paragraph

    def _heading(self, heading: Heading, *, new_page: bool) -> None:
        paragraph = self._paragraph(f"Heading {heading.level}")
        paragraph.add_run(printable(heading.text))
        if new_page:
            paragraph.paragraph_format.page_break_before = True
        parts.bookmark(paragraph, self.headings)
        self.headings += 1

    def _items(self, items: Items) -> None:
        number = parts.numbered_again(self.word) if items.ordered else 0
        for item in items.items:
            paragraph = self._paragraph("List Number" if items.ordered else "List Bullet")
            if items.ordered:
                parts.of_list(paragraph, number)
            _say(paragraph, item)

    def _caption(self, kind: str, number: int, text: str) -> WordParagraph:
        paragraph = self._paragraph("Caption")
        paragraph.add_run(f"{self.words[kind]} {number}. {printable(text)}")
        return paragraph

    def _table(self, table: Table) -> None:
        self.tables += 1
        self._caption("table", self.tables, table.caption).paragraph_format.keep_with_next = True
        made = self.word.add_table(len(table.rows) + 1, len(table.head), style="Table Grid")
        made.autofit = False
        caption = OxmlElement("w:tblCaption")
        caption.set(qn("w:val"), printable(table.caption))
        made._tbl.tblPr.append(caption)
        widths = [Length(int(BETWEEN_MARGINS * share)) for share in table.shares]
        for column, width in zip(made._tbl.tblGrid.gridCol_lst, widths, strict=True):
            column.w = width
        head = [(Span(name, strong=True),) for name in table.head]
        for row, texts in zip(made._tbl.tr_lst, [head, *table.rows], strict=True):
            parts.kept_whole(row)
            for column_at, (cell, text) in enumerate(zip(row.tc_lst, texts, strict=True)):
                cell.width = widths[column_at]
                paragraph = _Cell(cell, made).paragraphs[0]
                paragraph._p.style = self.styles[CELL]
                if column_at in table.figures:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                _say(paragraph, text)
        parts.repeated(made._tbl.tr_lst[0])
        self._paragraph(CELL)

    def _figure(self, figure: Figure) -> None:
        self.figures += 1
        paragraph = self._paragraph()
        paragraph.paragraph_format.keep_with_next = True
        picture = paragraph.add_run().add_picture(BytesIO(next(self.drawn)), width=FIGURE_WIDTH)
        picture._inline.docPr.set("title", printable(figure.title))
        picture._inline.docPr.set("descr", printable(figure.description))
        self._caption("figure", self.figures, figure.title)


def _say(paragraph: WordParagraph, text: Text) -> None:
    """Write a text with its emphasis."""
    for one in spans(text):
        run = paragraph.add_run(one.text)
        run.bold, run.italic = one.strong or None, one.emphasis or None
