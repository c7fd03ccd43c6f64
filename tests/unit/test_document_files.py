"""Documents as DOCX and PDF: the same bytes for the same content, and everything that a reader relies on is in them."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from torogoz.exchange.documents.content import (
    Annex,
    Document,
    DocumentUnclear,
    Figure,
    Heading,
    Items,
    Note,
    Paragraph,
    Span,
    Table,
)
from torogoz.exchange.documents.docx_file import docx_bytes
from torogoz.exchange.documents.pdf_file import pdf
from torogoz.exchange.documents.pictures import pictures
from torogoz.exchange.writers.charts.figure import Figure as Words
from torogoz.exchange.writers.charts.line import LineChart, line
from torogoz.exchange.writers.charts.plane import Series
from torogoz.exchange.writers.charts.table import cell

SVG = line(
    LineChart(
        Words("ninez", "Niñez atendida → 2023", "Sube de 3 a 5", "personas", "Fuente inventada"),
        ["2021", "2022", "2023"],
        [Series("Todas", [cell(3), cell(None), cell(5)])],
    )
)
ROWS = [[f"T1.{number:02d}", "Garantizar el acceso a la salud", "12"] for number in range(70)]
DOCUMENT = Document(
    "es",
    "Examen nacional voluntario",
    "Secretaría (inventada)",
    date(2026, 11, 26),
    [
        Heading("Introducción"),
        Paragraph([Span("Lo que se "), Span("acordó", strong=True)]),
        Heading("Objetivo 4", 2),
        Items(["el primero", "el segundo"], ordered=True),
        Items(["otro primero"], ordered=True),
        Figure("Niñez atendida", SVG, "Sube de 3 en 2021 a 5 en 2023; de 2022 no hay dato."),
        Table("Disposiciones", ["Código", "Disposición", "Lectura"], ROWS, [1, 4, 1], [2]),
        Note("Señalado", "como está impreso: ¿facilitar la migración irregular?"),
        Annex("Anexo A. Evaluaciones", [Heading("Respuestas", 2), Paragraph("Ninguna.")]),
    ],
    subtitle="Período 2024–2026",
    facts=[("Período", "2024–2026")],
    made_from="ab" * 32,
    address="https://example.org/commitments/review/1/",
    warning="Datos inventados",
)


def read(made: bytes) -> PdfReader:
    return PdfReader(BytesIO(made))


def text_of(reader: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def test_the_same_content_gives_the_same_bytes_and_other_content_other_bytes() -> None:
    other = replace(DOCUMENT, title="Otro título")
    for write in (docx_bytes, pdf):
        made = write(DOCUMENT)
        assert made == write(DOCUMENT)
        assert made != write(other)


def test_no_part_of_a_docx_carries_a_time_but_the_date_of_the_document() -> None:
    with ZipFile(BytesIO(docx_bytes(DOCUMENT))) as file:
        assert {part.date_time for part in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert file.namelist()[0] == "[Content_Types].xml"
        core = file.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2026-11-26T00:00:00Z"}


def test_headings_of_a_docx_are_headings_and_the_contents_lead_to_each() -> None:
    word = docx.Document(BytesIO(docx_bytes(DOCUMENT)))
    found = [(one.style.name, one.text) for one in word.paragraphs if one.style and one.style.name[:7] == "Heading"]
    assert found == [
        ("Heading 1", "Introducción"),
        ("Heading 2", "Objetivo 4"),
        ("Heading 1", "Anexo A. Evaluaciones"),
        ("Heading 2", "Respuestas"),
    ]
    leads = [link.get(qn("w:anchor")) for link in word.element.iter(qn("w:hyperlink"))]
    named = [mark.get(qn("w:name")) for mark in word.element.iter(qn("w:bookmarkStart"))]
    assert leads == named
    assert len(leads) == 4
    field = next(word.element.iter(qn("w:fldChar")))
    assert field.get(qn("w:dirty")) == "true"
    assert 'TOC \\o "1-2"' in "".join(each.text for each in word.element.iter(qn("w:instrText")))


def test_a_docx_is_a4_speaks_its_language_repeats_header_rows_and_describes_its_figures() -> None:
    word = docx.Document(BytesIO(docx_bytes(DOCUMENT)))
    section = word.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert {one.get(qn("w:val")) for one in word.styles.element.iter(qn("w:lang"))} == {"es-SV"}
    rows = word.tables[0]._tbl.tr_lst
    assert [bool(list(row.iter(qn("w:tblHeader")))) for row in rows] == [True, *[False] * 70]
    assert word.inline_shapes[0]._inline.docPr.get("descr") == "Sube de 3 en 2021 a 5 en 2023; de 2022 no hay dato."
    assert word.inline_shapes[0]._inline.docPr.get("title") == "Niñez atendida"
    assert "ab" * 32 in section.footer.paragraphs[0].text
    assert section.header.paragraphs[0].text == "Datos inventados"
    codes = [each.text.strip() for each in section.footer._element.iter(qn("w:instrText"))]
    assert codes == ["PAGE", "NUMPAGES"]


def test_each_numbered_list_of_a_docx_begins_at_one() -> None:
    word = docx.Document(BytesIO(docx_bytes(DOCUMENT)))
    lists = [one._p.pPr.numPr.numId.val for one in word.paragraphs if one.style and one.style.name == "List Number"]
    assert lists[0] == lists[1] != lists[2]


def test_a_pdf_is_tagged_for_a_screen_reader_and_says_so() -> None:
    reader = read(pdf(DOCUMENT))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("es")
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == (DOCUMENT.title, DOCUMENT.publisher)
    assert [one.title for one in reader.outline if not isinstance(one, list)] == [
        "Introducción",
        "Anexo A. Evaluaciones",
    ]
    assert "Sube de 3 en 2021" in str(_alternatives(root["/StructTreeRoot"]))


def _alternatives(node: object) -> list[str]:
    """Every alternative text in the tree that a screen reader walks."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [text for each in node for text in _alternatives(each)]
    if not isinstance(node, dict):
        return []
    own = [str(node["/Alt"])] if "/Alt" in node else []
    return own + (_alternatives(node["/K"]) if "/K" in node else [])


def test_each_page_of_a_pdf_has_its_number_the_hash_and_the_warning_and_tables_repeat_their_head() -> None:
    pages = [page.extract_text() for page in read(pdf(DOCUMENT)).pages]
    assert len(pages) == 6
    for number, page in enumerate(pages, start=1):
        assert f"Página {number} de 6" in page
        assert "ab" * 32 in page
        assert "Datos inventados" in page
    with_rows = ["Garantizar" in page for page in pages]
    assert with_rows.count(True) == 3
    assert ["Código" in page for page in pages] == with_rows


def test_letters_and_signs_of_spanish_and_arrows_are_drawn_by_the_fonts_that_are_carried() -> None:
    signs = "áéíóúüñÁÉÍÓÚÜÑ¿¡«»“”’–—…°ªº€→←↑↓≥≤×−±·•✓–"
    text = text_of(read(pdf(replace(DOCUMENT, blocks=[Paragraph(signs)], depth=0))))
    assert signs in text
    assert "U+" not in text


def test_a_sign_that_no_font_has_is_named_and_the_pdf_stays_readable_aloud() -> None:
    made = pdf(replace(DOCUMENT, blocks=[Paragraph("ave 🐦 fin")], depth=0))
    assert "ave [U+1F426] fin" in text_of(read(made))
    assert b"pdfuaid:part" in read(made).trailer["/Root"]["/Metadata"].get_data()


def test_a_drawing_becomes_a_picture_without_a_font_of_the_machine() -> None:
    first, second = pictures([SVG, SVG])
    assert first == second
    assert first[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(first[16:20], "big") == 1280
    assert pictures([]) == []


def test_a_document_that_would_mislead_is_refused() -> None:
    with pytest.raises(DocumentUnclear, match="description"):
        Figure("Niñez", SVG, " ")
    with pytest.raises(DocumentUnclear, match="2 cells, not 3"):
        Table("T", ["a", "b", "c"], [["1", "2"]])
    with pytest.raises(DocumentUnclear, match="caption"):
        Table(" ", ["a"], [])
    with pytest.raises(DocumentUnclear, match="level"):
        Heading("x", 5)
    with pytest.raises(DocumentUnclear, match="level 3 below one of 1"):
        replace(DOCUMENT, blocks=[Heading("a"), Heading("b", 3)])
    with pytest.raises(DocumentUnclear, match="title"):
        replace(DOCUMENT, title="\x07")


def test_no_word_of_the_head_of_a_table_is_divided_and_its_column_is_as_wide_as_it_needs() -> None:
    table = Table("Responsables", ["Instituciones", "Disposición"], [["MINSAL", "Garantizar " * 40]], [1, 30])
    assert table.shares[0] > 3 * Table("Responsables", ["Yo", "Disposición"], [["x", "y"]], [1, 30]).shares[0]
    assert sum(table.shares) == pytest.approx(1)
    assert "Instituciones" in text_of(read(pdf(replace(DOCUMENT, blocks=[table]))))


def test_neither_a_heading_nor_a_caption_is_left_alone_at_the_foot_of_a_page() -> None:
    table = Table("Disposiciones", ["Código", "Disposición"], [["T1.01", "Garantizar"]] * 3)
    moved = set()
    for lines in range(23, 31):
        blocks = [*([Paragraph("Una línea.")] * lines), Heading("Objetivo cuatro"), table]
        pages = read(pdf(replace(DOCUMENT, blocks=blocks, depth=0))).pages
        told = [each.extract_text().replace("\xa0", " ") for each in pages]
        (here,) = [at for at, page in enumerate(told) if "Objetivo cuatro" in page]
        assert all(each in told[here] for each in ("Tabla 1", "Código", "T1.01")), lines
        moved.add(here)
    assert len(moved) > 1


def test_an_annex_begins_a_page_unless_it_is_said_to_follow_on_the_same() -> None:
    said = [Paragraph("Nada.")]
    annexes = [Annex("Anexo A", said), Annex("Anexo B", said, new_page=False), Annex("Anexo C", said)]
    made = replace(DOCUMENT, blocks=[Heading("Resumen"), *annexes], depth=0)
    told = [page.extract_text().replace("\xa0", " ") for page in read(pdf(made)).pages]
    begins = [next(at for at, page in enumerate(told) if one.title in page) for one in annexes]
    assert [at - begins[0] for at in begins] == [0, 0, 1]
    word = docx.Document(BytesIO(docx_bytes(made)))
    breaks = {one.text: one.paragraph_format.page_break_before for one in word.paragraphs}
    assert [breaks[one.title] for one in annexes] == [True, None, True]


def test_an_address_or_a_hash_gains_no_hyphen_where_a_line_ends() -> None:
    address = (
        "https://torogoz.example/consultation/processes/consulta-2027/minutes/6e9f01dd-d514-4d82-8cf4-551d2057a406/"
    )
    page = read(pdf(replace(DOCUMENT, address=address))).pages[0].extract_text().replace("\xad", "-")
    title_page, _, _ = page.partition("Examen nacional voluntario ·")
    assert address in title_page.replace("\n", "")
    assert DOCUMENT.made_from in title_page.replace("\n", "")
