"""The picture of a drawing for where SVG cannot go: a slide, a message, a printed page."""

from functools import lru_cache

import resvg_py

from torogoz.exchange.writers.charts.figure import WIDTH, ChartUnclear

SCALES = (1, 2, 3)
# In the order in which we would have them; Debian brings the first as fonts-dejavu-core.
FAMILIES = ("DejaVu Sans", "Liberation Sans", "Noto Sans", "Roboto", "Open Sans", "FreeSans", "Arial", "Helvetica")
PROBE = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">{}</svg>'


class NoFont(Exception):
    """This machine has no font that we know, and a chart without words would mislead."""


def png(drawing: str, scale: int = 2) -> bytes:
    """An SVG of ours as PNG.

    scale    1, 2 or 3 times its 640 units; 2 is sharp on most screens and on A4
    returns  the bytes of the file
    raises   ChartUnclear for another scale, NoFont where the words could not be drawn
    """
    if scale not in SCALES:
        raise ChartUnclear(f"a picture is made at the scale 1, 2 or 3, not {scale}")
    family = _family()
    if family is None:
        raise NoFont(f"no font is installed that can write the words of a chart: one of {', '.join(FAMILIES)}")
    return _rendered(drawing, family, WIDTH * scale)


def _rendered(drawing: str, family: str, width: int) -> bytes:
    plain = drawing.replace("system-ui, sans-serif", family)
    return bytes(resvg_py.svg_to_bytes(svg_string=plain, width=width, font_family=family, sans_serif_family=family))


@lru_cache(maxsize=1)
def _family() -> str | None:
    """The first family whose letters are drawn: without a font, text is left out in silence."""
    empty = _rendered(PROBE.format(""), FAMILIES[0], 40)
    for family in FAMILIES:
        text = PROBE.format(f'<text x="2" y="15" font-size="14" font-family="{family}">Aa</text>')
        if _rendered(text, family, 40) != empty:
            return family
    return None
