"""Whatever a person typed comes out of both files as it was typed: nothing in it is markup, code or a command."""

import re
from datetime import date
from io import BytesIO

import docx
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from torogoz.exchange.documents.content import Document, Heading, Items, Note, Paragraph, Span, Table, printable
from torogoz.exchange.documents.docx_file import docx_bytes
from torogoz.exchange.documents.pdf_file import pdf

DANGEROUS = "#$[]{}\\<>&\"'`*_@~/=+-;:().,%!?^|"
CONTROLS = "\x00\x01\x07\x08\x0b\x0c\x1b\x1f\x7f\x9f\u202e\u2066\ufffe"
LETTERS = "abcxyzABCXYZ0123456789 áéíóúüñÑ¿¡–“”→≥"
BEGIN, END = "⟨", "⟩"
typed = st.text(st.sampled_from(DANGEROUS + LETTERS + CONTROLS), max_size=24)
TRICKS = [
    '#read("/etc/passwd")',
    "#import sys: *",
    "$x^2$ *a* _b_ `c`",
    "<w:p/> &amp; ]]>",
    "\\u{48} \\n // a /* b */",
    "= t - a + b / c: d",
    "@ref <label> ~ -- ---",
    '{"text": "x"}',
]


def document(texts: list[str]) -> Document:
    """One document in which each text stands once between marks, in a block of each kind in turn."""
    framed = [f"{BEGIN}{text}{END}" for text in texts]
    kinds = [
        lambda text: Paragraph(text),
        lambda text: Paragraph([Span(text, strong=True), Span("")]),
        lambda text: Heading(text),
        lambda text: Items([text]),
        lambda text: Table("t", ["h"], [[text]]),
        lambda text: Note("n", text),
    ]
    blocks = [kinds[at % len(kinds)](text) for at, text in enumerate(framed)]
    return Document("es", "Título", "Quien publica", date(2026, 1, 1), blocks, depth=0)


def without_spaces(text: str) -> str:
    """A text without the spaces, which a page sets anew where it breaks a line."""
    return re.sub(r"\s", "", text)


def between_marks(text: str) -> list[str]:
    return [without_spaces(found) for found in re.findall(f"{BEGIN}(.*?){END}", text, re.S)]


@settings(max_examples=30, deadline=None)
@given(st.lists(typed, min_size=1, max_size=8))
@example(TRICKS)
def test_a_text_comes_out_of_a_pdf_as_it_was_typed(texts: list[str]) -> None:
    reader = PdfReader(BytesIO(pdf(document(texts))))
    extracted = "\n".join(page.extract_text() for page in reader.pages)
    assert between_marks(extracted) == [without_spaces(printable(text)) for text in texts]


@settings(max_examples=30, deadline=None)
@given(st.lists(typed, min_size=1, max_size=8))
@example(TRICKS)
def test_a_text_comes_out_of_a_docx_as_it_was_typed(texts: list[str]) -> None:
    word = docx.Document(BytesIO(docx_bytes(document(texts))))
    said = [one.text for one in word.iter_inner_content() if hasattr(one, "text")]
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    found = [f"{BEGIN}{printable(text)}{END}" for text in texts]
    assert all(any(text in place for place in [*said, *cells]) for text in found)


@given(st.text())
def test_a_printable_text_can_be_stored_in_xml_and_printing_it_twice_changes_nothing(text: str) -> None:
    once = printable(text)
    assert printable(once) == once
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", once)
