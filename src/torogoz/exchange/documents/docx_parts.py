"""What python-docx has no word for: fields, bookmarks, frames, lists that begin again, and a file without times."""

from datetime import datetime
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as WordParagraph

INK: Final = RGBColor(0x14, 0x21, 0x2B)
FONT: Final = "Arial"
NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
"""The first moment that a ZIP file can hold: what stands where there is nothing to say."""
THUMBNAIL: Final = "thumbnail"
MOST_IN_A_PROPERTY: Final = 255


def mark(paragraph: WordParagraph, kind: str, *, dirty: bool = False) -> None:
    """The begin, separate or end of a field; a dirty one is computed when the file is opened."""
    sign = OxmlElement("w:fldChar")
    sign.set(qn("w:fldCharType"), kind)
    if dirty:
        sign.set(qn("w:dirty"), "true")
    paragraph.add_run()._r.append(sign)


def instruct(paragraph: WordParagraph, code: str) -> None:
    """What a field computes."""
    words = OxmlElement("w:instrText")
    words.set(qn("xml:space"), "preserve")
    words.text = f" {code} "
    paragraph.add_run()._r.append(words)


def field(paragraph: WordParagraph, code: str, shown: str) -> None:
    """A field with what it shows until it is computed."""
    mark(paragraph, "begin")
    instruct(paragraph, code)
    mark(paragraph, "separate")
    paragraph.add_run(shown)
    mark(paragraph, "end")


def bookmark(paragraph: WordParagraph, number: int) -> None:
    """Name a heading, so that the table of contents leads to it."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for each in (start, end):
        each.set(qn("w:id"), str(number))
    start.set(qn("w:name"), bookmark_name(number))
    paragraph._p.insert(1, start)
    paragraph._p.append(end)


def bookmark_name(number: int) -> str:
    """What the heading of this number is called inside the file."""
    return f"_Toc{number:06d}"


def lead_to(paragraph: WordParagraph, number: int, text: str) -> None:
    """Words that lead to a heading of the same file."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), bookmark_name(number))
    link.append(paragraph.add_run(text)._r)
    paragraph._p.append(link)


def new_style(word: Word, name: str, *, size: float, based_on: str = "Normal") -> ParagraphStyle:
    """A paragraph style of ours."""
    style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if not isinstance(style, ParagraphStyle):
        raise TypeError(f"{name} is no style of a paragraph")
    style.base_style = word.styles[based_on]
    style.font.size = Pt(size)
    return style


def letters(style: ParagraphStyle, size: float) -> None:
    """One font, in ink, for a style that the template paints otherwise."""
    style.font.size, style.font.color.rgb, style.font.name = Pt(size), INK, FONT
    fonts = style.element.get_or_add_rPr().find(qn("w:rFonts"))
    for of_theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{of_theme}"), None)


def frame(style: ParagraphStyle) -> None:
    """Draw a frame around the paragraphs of a style, thick at the left."""
    borders = OxmlElement("w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        line = OxmlElement(f"w:{side}")
        values = {"val": "single", "sz": "16" if side == "left" else "4", "space": "4", "color": "56616B"}
        for name, value in values.items():
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    style.element.get_or_add_pPr().insert(0, borders)


def speak(word: Word, tag: str) -> None:
    """Say in which language the text is, for spelling and for a screen reader."""
    for languages in word.styles.element.iter(qn("w:lang")):
        languages.set(qn("w:val"), tag)


def numbered_again(word: Word) -> int:
    """The number of a new list that begins at one; without it each list of a file goes on where the last one ended."""
    numbering = word.part.numbering_part.element
    style = word.styles["List Number"].element.pPr.numPr.numId.val
    number = numbering.add_num(numbering.num_having_numId(style).abstractNumId.val)
    number.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(number.numId)


def of_list(paragraph: WordParagraph, number: int) -> None:
    """Put a paragraph into a numbered list."""
    paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = number


def repeated(row: object) -> None:
    """Repeat this row of a table at the head of each page."""
    properties = row.get_or_add_trPr()  # type: ignore[attr-defined]
    properties.append(OxmlElement("w:tblHeader"))


def kept_whole(row: object) -> None:
    """Do not break this row between two pages."""
    properties = row.get_or_add_trPr()  # type: ignore[attr-defined]
    properties.insert(0, OxmlElement("w:cantSplit"))


def describe(word: Word, *, title: str, author: str, about: str, moment: datetime, tag: str) -> None:
    """The properties of the file: nothing in them comes from the machine or the clock."""
    said = word.core_properties
    said.title, said.author, said.last_modified_by = (text[:MOST_IN_A_PROPERTY] for text in (title, author, author))
    said.comments, said.language, said.revision = about[:MOST_IN_A_PROPERTY], tag, 1
    said.created = said.modified = moment
    package = word.part.package
    for key in [key for key, one in package.rels.items() if one.reltype.endswith(THUMBNAIL)]:
        del package.rels[key]


def without_times(file: bytes) -> bytes:
    """The same file with its parts in one order and without the moment at which each was written."""
    made = BytesIO()
    with ZipFile(BytesIO(file)) as before, ZipFile(made, "w", ZIP_DEFLATED) as after:
        for name in sorted(before.namelist(), key=lambda each: (each != "[Content_Types].xml", each)):
            part = ZipInfo(name, NO_TIME)
            part.compress_type, part.create_system, part.external_attr = ZIP_DEFLATED, 0, 0
            after.writestr(part, before.read(name))
    return made.getvalue()
