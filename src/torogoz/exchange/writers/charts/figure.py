"""What every figure has: title, unit, description, source, release date, legend; and the sheet that they are drawn on.

Lengths are in units of the drawing, which is 640 wide whatever the screen. Text is 15 units high on a desk; the style
sheet raises it to about 21 on a phone, where the drawing is half as large. Room is always kept for the larger text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from torogoz.exchange.writers.charts.numbers import written
from torogoz.exchange.writers.charts.table import Cell, State
from torogoz.exchange.writers.charts.words import WORDS, Words

WIDTH = 640
MARGIN = 12
TITLE_HEIGHT, TEXT_HEIGHT, SMALL_HEIGHT = 30, 25, 23
# The widest a letter is on average, when the text is at its largest (on a phone).
TITLE_LETTER, TEXT_LETTER, SMALL_LETTER = 15.2, 11.8, 10.2

INK, QUIET, LINE, WHITE = "#14212B", "#56616B", "#C9CFD1", "#FFFFFF"
# At most six categories. The first two are the house's; each also has a shape of its own, for grey print.
COLOURS = ("#0A7A7A", "#A34A22", "#14212B", "#B07A00", "#6C58A5", "#5E6B74")


class ChartUnclear(Exception):
    """A chart cannot be drawn honestly from what was given; the message says why."""


@dataclass(frozen=True)
class Figure:
    """What is written around a chart.

    key          its name on the page, of a-z, 0-9 and -: the ids of its parts are made from it
    title        numbered, and says the content: "Figura 1. Personas retornadas por mes"
    description  what a person who cannot see it should know
    unit         "personas"; source, released: publisher and date, as text
    language     "es" or "en": how numbers are written, and the words of the legend
    notes        what else stands below the source, each on a line of its own; a screen reader hears it too
    interval     what the bounds of its values are, where they are no interval of uncertainty
    """

    key: str
    title: str
    description: str
    unit: str
    source: str
    released: str = ""
    language: str = "es"
    decimals: int = 0
    notes: tuple[str, ...] = ()
    interval: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9-]*", self.key):
            raise ChartUnclear(f"a figure's key is made of a-z, 0-9 and -, and begins with a letter: {self.key!r}")

    @property
    def words(self) -> Words:
        """The words of its language."""
        return WORDS[self.language]

    def number(self, value: float) -> str:
        """A number as its language writes it."""
        return written(value, self.language, self.decimals)

    def said(self, cell: Cell) -> str:
        """A cell in words: the number with its unit, or what it is instead of a number."""
        if cell.value is None:
            return {
                State.SUPPRESSED: self.words.suppressed,
                State.NOT_AVAILABLE: self.words.not_available,
                State.NOT_APPLICABLE: self.words.not_applicable,
            }[cell.state]
        text = f"{self.number(cell.value)} {self.unit}"
        if cell.low is not None and cell.high is not None:
            text += f" ({self.number(cell.low)} {self.words.up_to} {self.number(cell.high)})"
        said = {State.PROVISIONAL: self.words.provisional, State.ESTIMATED: self.words.estimated}.get(cell.state)
        return f"{text}, {said}" if said else text


def at(value: float) -> str:
    """A coordinate, to a tenth of a unit, as short as it can be written."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def wrapped(text: str, letter: float, width: float = WIDTH - 2 * MARGIN) -> list[str]:
    """The text in lines that fit the width when each letter is `letter` wide."""
    most, lines = max(int(width / letter), 1), [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= most or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def words_at(x: float, y: float, text: str, *, anchor: str = "start", kind: str = "", fill: str = "") -> str:
    """One line of text. `kind` is ct (title), cs (small) or nothing; bold with a `b` after it."""
    size = {"ct": ' font-size="20" font-weight="700" class="ct"', "cs": ' font-size="13" class="cs"'}.get(kind, "")
    if kind == "b":
        size = ' font-weight="700"'
    side = f' text-anchor="{anchor}"' if anchor != "start" else ""
    colour = f' fill="{fill}"' if fill else ""
    return f'<text x="{at(x)}" y="{at(y)}"{size}{side}{colour}>{escape(text)}</text>'


def patterns(key: str) -> str:
    """Hatching for what is protected and dots for what is not available, named after the figure."""
    return (
        f'<defs><pattern id="{key}-s" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="6" height="6" fill="{WHITE}"/><path d="M0 0V6" stroke="{INK}" stroke-width="2.4"/></pattern>'
        f'<pattern id="{key}-m" width="7" height="7" patternUnits="userSpaceOnUse">'
        f'<rect width="7" height="7" fill="{WHITE}"/><circle cx="2" cy="2" r="1.2" fill="{QUIET}"/></pattern></defs>'
    )


def special_fill(figure: Figure, cell: Cell) -> str:
    """The pattern of a cell that has no number."""
    return f"url(#{figure.key}-{'s' if cell.state is State.SUPPRESSED else 'm'})"


def state_legend(figure: Figure, cells: Sequence[Cell]) -> list[tuple[str, str]]:
    """The swatches of the states without number that these cells have: (what fills the swatch, its words)."""
    present = {cell.state for cell in cells}
    items = []
    if State.SUPPRESSED in present:
        items.append((f"url(#{figure.key}-s)", figure.words.suppressed))
    if present & {State.NOT_AVAILABLE, State.NOT_APPLICABLE}:
        items.append((f"url(#{figure.key}-m)", figure.words.not_available))
    return items


def legend(items: Sequence[tuple[str, str]], top: float) -> tuple[list[str], float]:
    """Swatches with their words, in lines. Each item is (fill, words), or (an element drawn at 0,0 in 22 x 14, words).

    returns  the parts, and where the next thing may begin
    """
    parts, x, y = [], float(MARGIN), top
    for swatch, text in items:
        lines = wrapped(text, TEXT_LETTER, WIDTH - 2 * MARGIN - 28)
        width = 30 + max(map(len, lines)) * TEXT_LETTER + 14
        if x > MARGIN and x + width > WIDTH - MARGIN:
            x, y = float(MARGIN), y + TEXT_HEIGHT
        if swatch.startswith("<"):
            parts.append(f'<g transform="translate({at(x)} {at(y + 5)})">{swatch}</g>')
        else:
            box = f'x="{at(x)}" y="{at(y + 5)}" width="22" height="14"'
            parts.append(f'<rect {box} fill="{swatch}" stroke="{INK}" stroke-width=".7"/>')
        for number, line in enumerate(lines):
            parts.append(words_at(x + 28, y + 18 + number * TEXT_HEIGHT, line))
        if len(lines) > 1:  # what follows begins on a line of its own
            x, y = float(WIDTH), y + (len(lines) - 1) * TEXT_HEIGHT
        else:
            x += width
    return parts, (y + TEXT_HEIGHT + 4 if items else top)


def heading(figure: Figure) -> tuple[list[str], float]:
    """Title and unit, and where the drawing may begin."""
    parts, y = [], float(MARGIN)
    for line in wrapped(figure.title, TITLE_LETTER):
        y += TITLE_HEIGHT
        parts.append(words_at(MARGIN, y - 8, line, kind="ct"))
    y += TEXT_HEIGHT
    parts.append(words_at(MARGIN, y - 6, figure.unit, fill=QUIET))
    return parts, y + 8


def sheet(figure: Figure, parts: Sequence[str], bottom: float) -> str:
    """The whole drawing: its name for a screen reader, its parts, its source and date of release below them."""
    foot = [f"{figure.words.source}: {figure.source}", *figure.notes]
    if figure.released:
        foot[0] += f". {figure.words.released}: {figure.released}"
    y, lines = bottom + 4, []
    for line in (line for text in foot for line in wrapped(text, SMALL_LETTER)):
        y += SMALL_HEIGHT
        lines.append(words_at(MARGIN, y - 6, line, kind="cs", fill=QUIET))
    height, key = at(y + MARGIN - 4), figure.key
    described = " ".join([figure.description, *(f"{note.rstrip('.')}." for note in figure.notes)])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-labelledby="{key}-title {key}-desc" font-family="system-ui, sans-serif" font-size="15" '
        f'fill="{INK}" class="chart"><title id="{key}-title">{escape(figure.title)}</title>'
        f'<desc id="{key}-desc">{escape(described)}</desc>{patterns(key)}'
        f'<rect width="{WIDTH}" height="{height}" fill="{WHITE}"/>{"".join(parts)}{"".join(lines)}</svg>'
    )
