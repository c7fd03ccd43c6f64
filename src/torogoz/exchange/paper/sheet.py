"""A sheet of paper as PDF: groups of lines, tables, boxes and signatures on A4, with the QR and the code of its seal.

Nothing of the system it runs on is needed. Where DejaVu is installed every letter is printed as written; elsewhere the
letters that the fonts of PDF itself lack are printed without their sign, and the sheet says so.
"""

import unicodedata
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path

import segno
from fpdf import FPDF
from fpdf.enums import Align, MethodReturnValue, XPos, YPos
from fpdf.fonts import TTFFont

from torogoz.exchange.paper.seal import Seal

FONTS = Path("/usr/share/fonts/truetype/dejavu")
MARGIN, QR_SIDE, LABEL = 14.0, 36.0, 52.0
SIZES = (10.0, 9.5, 9.0, 8.5, 8.0)
INK, QUIET, TEAL = (20, 33, 43), (86, 97, 107), (11, 79, 92)

WORDS = {
    "es": {
        "page": "Hoja {page} de {{nb}}",
        "code": "Código de la hoja",
        "check": "El QR se comprueba sin conexión, con la clave pública; el código, en el sitio que la emitió.",
        "check_qr": "El QR se comprueba sin conexión, con la clave pública.",
        "letters": "* Escrito sin algún signo que esta impresora no tiene; en el expediente está completo.",
        "more": "Y {count} renglones más, que no caben en la hoja: están en el expediente.",
        "sign": "Firma o huella",
        "date": "Fecha",
    },
    "en": {
        "page": "Sheet {page} of {{nb}}",
        "code": "Code of the sheet",
        "check": "The QR is checked without a connection, with the public key; the code, on the site that issued it.",
        "check_qr": "The QR is checked without a connection, with the public key.",
        "letters": "* Written without a sign that this printer lacks; it is whole on file.",
        "more": "And {count} more lines that do not fit on the sheet: they are on file.",
        "sign": "Signature or fingerprint",
        "date": "Date",
    },
}


@dataclass(frozen=True)
class Lines:
    """A group of facts, each a label and a value; `may_shorten` when the rest may stay on file."""

    title: str
    lines: Sequence[tuple[str, str]]
    may_shorten: bool = False


@dataclass(frozen=True)
class Text:
    """Paragraphs under a title, which may be empty."""

    title: str
    paragraphs: Sequence[str]


@dataclass(frozen=True)
class Table:
    """A table; a cell that holds `[ ]` is a box to tick by hand."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]


@dataclass(frozen=True)
class Signatures:
    """Places to sign: who signs each."""

    who: Sequence[str]


Group = Lines | Text | Table | Signatures


@dataclass(frozen=True)
class SheetOfPaper:
    """What is printed, in one language ("es" or "en").

    pages       the most pages it may take; lines that may be shortened give way, and the sheet says how many did
    issued      whether it is kept as issued, and so found by its code
    mark        what stands above the title of each page, in heavy letters: that what it tells is made up
    """

    language: str
    title: str
    issuer: str
    printed: str
    printed_at: datetime
    groups: Sequence[Group]
    pages: int = 1
    issued: bool = True
    mark: str = ""

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Everything that is printed, for the digest of the statement: labels and values in their order."""
        told = [("title", self.title), ("issuer", self.issuer), ("printed", self.printed)]
        if self.mark:
            told.append(("mark", self.mark))
        for group in self.groups:
            match group:
                case Lines(lines=lines):
                    told += [(label, value) for label, value in lines]
                case Text(title=title, paragraphs=paragraphs):
                    told += [(title, paragraph) for paragraph in paragraphs]
                case Table(title=title, rows=rows):
                    told += [(title, " | ".join(row)) for row in rows]
                case Signatures(who=who):
                    told += [("signature", one) for one in who]
        return told


def pdf(sheet: SheetOfPaper, seal: Seal) -> bytes:
    """The sheet as PDF, in the largest letters in which it fits."""
    for size in SIZES:
        with closing(_Drawing(sheet, seal, size)) as drawn:
            if drawn.page_no() <= sheet.pages:
                return bytes(drawn.output())
    droppable = sum(len(group.lines) for group in sheet.groups if isinstance(group, Lines) and group.may_shorten)
    fewest, most = 1, droppable
    while fewest < most:
        tried = (fewest + most) // 2
        with closing(_without(sheet, tried, seal)) as drawn:
            fits = drawn.page_no() <= sheet.pages
        fewest, most = (fewest, tried) if fits else (tried + 1, most)
    with closing(_without(sheet, most, seal)) as drawn:
        return bytes(drawn.output())


def _without(sheet: SheetOfPaper, count: int, seal: Seal) -> "_Drawing":
    """The sheet without the last `count` lines that may stay on file, and with a line that says so."""
    left, groups = count, []
    for group in reversed(sheet.groups):
        if isinstance(group, Lines) and group.may_shorten:
            dropped = min(left, len(group.lines))
            left -= dropped
            group = replace(group, lines=group.lines[: len(group.lines) - dropped])
        groups.append(group)
    return _Drawing(replace(sheet, groups=groups[::-1]), seal, SIZES[-1], left_out=count)


class _Drawing(FPDF):
    """The sheet while it is drawn: fpdf2 with our head and foot on each page."""

    def __init__(self, sheet: SheetOfPaper, seal: Seal, size: float, left_out: int = 0) -> None:
        super().__init__(format="A4")
        self.sheet, self.seal, self.size = sheet, seal, size
        self.words = WORDS[sheet.language]
        self.face, self.poor, self.lacked = "Helvetica", True, False
        if (FONTS / "DejaVuSans.ttf").exists() and (FONTS / "DejaVuSans-Bold.ttf").exists():
            self.add_font("DejaVu", "", FONTS / "DejaVuSans.ttf")
            self.add_font("DejaVu", "B", FONTS / "DejaVuSans-Bold.ttf")
            self.face, self.poor = "DejaVu", False
        else:
            self.core_fonts_encoding = "windows-1252"
        self.set_margin(MARGIN)
        self.set_auto_page_break(auto=True, margin=20)
        self.set_title(self.safe(sheet.title))
        self.set_lang("es-SV" if sheet.language == "es" else "en")
        self.set_creator("Torogoz")
        self.set_creation_date(sheet.printed_at)
        self.add_page()
        for group in sheet.groups:
            self.draw(group)
        if left_out:
            self.say(self.words["more"].format(count=left_out), style="B")
        if self.lacked:
            self.say(self.words["letters"])

    def close(self) -> None:
        """Let go of the files of the letters, which the library keeps open."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def header(self) -> None:
        """The title, who issues it, and the seal on the right of the first page."""
        if self.page_no() == 1:
            self.draw_seal()
        width = self.epw - QR_SIDE - 6 if self.page_no() == 1 else self.epw
        if self.sheet.mark:
            self.write_in(width, self.size * 1.2, "B", self.sheet.mark)
        self.ink(TEAL)
        self.write_in(width, self.size * 1.7, "B", self.sheet.title)
        self.ink(INK)
        self.write_in(width, self.size, "B", self.sheet.issuer)
        self.ink(QUIET)
        self.write_in(width, self.size - 1, "", self.sheet.printed)
        self.ink(INK)
        if self.page_no() == 1:
            self.set_y(max(self.get_y(), MARGIN + QR_SIDE + 9))

    def footer(self) -> None:
        """The code again and which sheet of how many; under them, how it is checked."""
        self.set_y(-16)
        self.ink(QUIET)
        self.set_font(self.face, "", 7.5)
        check = self.words["check" if self.sheet.issued else "check_qr"]
        self.cell(self.epw * 0.7, 4, f"{self.words['code']}: {self.seal.code}")
        page = self.words["page"].format(page=self.page_no())
        self.cell(self.epw * 0.3, 4, page, align=Align.R, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.cell(self.epw, 4, check)
        self.ink(INK)

    def draw_seal(self) -> None:
        """The QR, run by run of its dark modules, and the code under it."""
        matrix = segno.make(self.seal.qr, error="m", micro=False).matrix
        side = QR_SIDE / len(matrix)
        left = self.w - MARGIN - QR_SIDE
        self.set_fill_color(*INK)
        for row, modules in enumerate(matrix):
            column = 0
            for dark, run in groupby(modules):
                length = len(list(run))
                if dark:
                    self.rect(left + column * side, MARGIN + row * side, side * length, side, style="F")
                column += length
        self.set_xy(left - 10, MARGIN + QR_SIDE + 1)
        self.set_font(self.face, "B", 9)
        self.cell(QR_SIDE + 10, 5, self.seal.code, align=Align.R)
        self.set_xy(MARGIN, MARGIN)

    def draw(self, group: Group) -> None:
        """One group, under its title."""
        match group:
            case Lines(title=title, lines=lines) if lines:
                self.head(title)
                for label, value in lines:
                    self.line_of(label, value)
            case Text(title=title, paragraphs=paragraphs):
                self.head(title)
                for paragraph in paragraphs:
                    self.say(paragraph)
            case Table() if group.rows:
                self.head(group.title)
                self.table_of(group)
            case Signatures(who=who):
                self.places_to_sign(who)

    def head(self, title: str) -> None:
        """The title of a group, with a rule under it."""
        if not title:
            return
        self.ln(self.size * 0.18)
        self.ink(TEAL)
        self.write_in(self.epw, self.size + 0.5, "B", title)
        self.ink(INK)
        self.set_draw_color(*TEAL)
        self.line(MARGIN, self.get_y(), self.w - MARGIN, self.get_y())
        self.ln(0.8)

    def line_of(self, label: str, value: str) -> None:
        """A label and its value beside it; both on one page, whichever is the taller."""
        step, label, value = self.size * 0.48, self.safe(label), self.safe(value)
        columns = (("", QUIET, MARGIN, LABEL, label), ("", INK, MARGIN + LABEL, self.epw - LABEL, value))
        tallest = 0.0
        for style, _, _, width, text in columns:
            self.set_font(self.face, style, self.size)
            height = self.multi_cell(width, step, text, align=Align.L, dry_run=True, output=MethodReturnValue.HEIGHT)
            tallest = max(tallest, float(height))  # type: ignore[arg-type]  # fpdf2 types every output as one union
        if self.will_page_break(tallest):
            self.add_page()
        top = self.get_y()
        for style, colour, left, width, text in columns:
            self.set_font(self.face, style, self.size)
            self.ink(colour)
            self.set_xy(left, top)
            self.multi_cell(width, step, text, align=Align.L)
        self.ink(INK)
        self.set_xy(MARGIN, top + tallest)

    def table_of(self, group: Table) -> None:
        """A table with its head; boxes to tick are drawn, not written."""
        self.set_font(self.face, "", self.size - 0.5)
        self.set_draw_color(*QUIET)
        with self.table(
            col_widths=self.widths_of(group), width=self.epw, line_height=self.size * 0.5, text_align="LEFT"
        ) as table:
            for row in (group.head, *group.rows):
                drawn = table.row()
                for cell in row:
                    drawn.cell(self.safe(cell))
        self.ln(1)

    def widths_of(self, group: Table) -> tuple[float, ...]:
        """The widths of the columns in millimetres: as asked for, but none so narrow that a word of its head breaks."""
        self.set_font(self.face, "B", self.size - 0.5)
        least = [
            max(map(self.get_string_width, self.safe(head).split()), default=0) + 3 * self.c_margin
            for head in group.head
        ]
        self.set_font(self.face, "", self.size - 0.5)
        spare = max(self.epw - sum(least), 0)
        wanted = [
            max(self.epw * width / sum(group.widths) - needed, 0)
            for width, needed in zip(group.widths, least, strict=True)
        ]
        scale = spare / sum(wanted) if sum(wanted) else 0
        return tuple(needed + more * scale for needed, more in zip(least, wanted, strict=True))

    def places_to_sign(self, who: Sequence[str]) -> None:
        """A line for each who signs, two beside each other."""
        width = (self.epw - 10) / 2
        for place in range(0, len(who), 2):
            if self.get_y() + 24 > self.page_break_trigger:
                self.add_page()
            top = self.get_y() + 13
            for column, one in enumerate(who[place : place + 2]):
                left = MARGIN + column * (width + 10)
                self.line(left, top, left + width, top)
                self.set_xy(left, top + 0.5)
                self.set_font(self.face, "", self.size - 1)
                label = f"{one}. {self.words['sign']} · {self.words['date']}"
                self.multi_cell(width, self.size * 0.45, self.safe(label), align=Align.L)
            self.set_xy(MARGIN, top + 10)

    def say(self, text: str, style: str = "") -> None:
        """A paragraph."""
        self.write_in(self.epw, self.size, style, text)
        self.ln(0.8)

    def write_in(self, width: float, size: float, style: str, text: str) -> None:
        """Text in a column of this width, then on to the next line."""
        self.set_font(self.face, style, size)
        self.multi_cell(width, size * 0.48, self.safe(text), align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def ink(self, colour: tuple[int, int, int]) -> None:
        """Write in this colour from now on."""
        self.set_text_color(*colour)

    def safe(self, text: str) -> str:
        """The text in letters that the font has; what it lacks loses its sign, and is marked."""
        if not self.poor:
            return text
        told = []
        for sign in text:
            if _has(sign):
                told.append(sign)
            else:
                self.lacked = True
                told.append("".join(part for part in unicodedata.normalize("NFKD", sign) if _has(part)) or "?")
        return "".join(told) + (" *" if any(not _has(sign) for sign in text) else "")


def _has(sign: str) -> bool:
    try:
        sign.encode("windows-1252")
    except UnicodeEncodeError:
        return False
    return True
