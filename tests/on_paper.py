"""A PDF as somebody looks at it: each page as an image, with its ink, and where every letter stands."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

pdfium: Any = None
"""The library that draws pages; it is in requirements/dev.txt."""
with suppress(ImportError):
    pdfium = import_module("pypdfium2")

SCALE = 1.5
"""Pixels of an image for each point of the page: 108 to the inch."""
DARK = 200
"""Of 255, what is darker is ink."""
FOOT = 4
"""Lines of the foot of a long document: its title, its address, its hash, and the number of the page."""
MARGIN = 14.0
"""Points (5 mm) that a printer may not reach."""
LEAST_INK = 0.01
"""Of a page that has its foot, and a few lines."""


@dataclass(frozen=True)
class Sheet:
    """One page: its number, its size in points, its image (height × width, 0 black to 255 white), what it says, and the
    boxes of its letters (left, bottom, right, top) in points from the lower left corner."""

    number: int
    width: float
    height: float
    image: npt.NDArray[np.uint8]
    words: str
    letters: tuple[tuple[float, float, float, float], ...]

    @property
    def last_line(self) -> str:
        """The last line above the foot of the page, which repeats on each and begins with the title."""
        lines = [" ".join(line.split()) for line in self.words.splitlines()]
        return lines[-1 - FOOT] if len(lines) > FOOT else ""

    @property
    def ink(self) -> float:
        """The share of the page that is not white."""
        return float((self.image < DARK).mean())

    def clear(self, points: float) -> bool:
        """Whether no ink stands within so many points of an edge: what would be cut away by a printer."""
        edge = round(points * SCALE)
        dark = self.image < DARK
        return not (dark[:edge].any() or dark[-edge:].any() or dark[:, :edge].any() or dark[:, -edge:].any())

    def beyond(self, points: float) -> list[tuple[float, float, float, float]]:
        """The letters that stand nearer to an edge than so many points, or off the page, where no image shows them."""
        return [
            box
            for box in self.letters
            if box[0] < points or box[1] < points or box[2] > self.width - points or box[3] > self.height - points
        ]


def sheets_of(content: bytes) -> list[Sheet]:
    """The pages of a PDF. Skipped without the library."""
    if pdfium is None:
        pytest.skip("pypdfium2 is not installed (requirements/dev.txt)")
    document = pdfium.PdfDocument(content)
    try:
        return [_sheet(number + 1, document[number]) for number in range(len(document))]
    finally:
        document.close()


def looked_at(content: bytes) -> list[Sheet]:
    """The pages of a PDF of ours: none is nearly blank, nothing stands off a page or where a printer does not reach."""
    pages = sheets_of(content)
    assert pages
    for page in pages:
        assert page.ink > LEAST_INK, f"page {page.number} is nearly blank: {page.ink:.2%} of it is ink"
        assert page.clear(MARGIN), f"page {page.number} has ink within {MARGIN} points of its edge"
        assert not page.beyond(MARGIN), (
            f"page {page.number} has letters at its edge or off it: {page.beyond(MARGIN)[:3]}"
        )
    return pages


def parted(pages: list[Sheet], heads: Iterable[str]) -> list[int]:
    """The pages at whose foot a heading stands alone, while what it is about begins the next. `heads`: all of them."""
    said = [" ".join(head.split()) for head in heads if head.strip()]
    return [page.number for page in pages if page.last_line and any(head.endswith(page.last_line) for head in said)]


def _sheet(number: int, page: Any) -> Sheet:
    image = page.render(scale=SCALE, grayscale=True).to_numpy()
    said = page.get_textpage()
    boxes = [said.get_charbox(at) for at in range(said.count_chars())]
    letters = tuple(box for box in boxes if box[2] > box[0] and box[3] > box[1])
    width, height = page.get_size()
    pixels = np.array(image, dtype=np.uint8).reshape(image.shape[0], image.shape[1])
    return Sheet(number, width, height, pixels, said.get_text_range(), letters)
