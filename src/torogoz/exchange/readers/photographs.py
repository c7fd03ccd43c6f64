"""Photographs as they come from a telephone: read, turned upright, drawn anew, and nothing else of the file kept.

What the camera wrote beside the picture (where, when, with which device, a smaller picture of its own) is not copied,
and nothing that hides behind the end of the picture.
"""

import io
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES: Final = 10 * 1024 * 1024
MOST_PIXELS: Final = 60_000_000
"""A telephone of 50 megapixels, and no more: a small file may unpack to a picture that fills the memory."""
LEAST: Final = 320
"""Pixels of the shorter side: on a screen less shows nothing."""
LARGE, SMALL = 1280, 320
LARGE_BYTES, SMALL_BYTES = 250_000, 14_000
QUALITIES: Final = (82, 72, 62, 50, 38, 25)


class NoPhotograph(ValueError):
    """The bytes are no photograph that is taken. Nothing of them was kept."""


class TooSmall(NoPhotograph):
    """A picture on which nothing could be seen."""


@dataclass(frozen=True)
class Photograph:
    """Two JPEG files of one picture, and the width and height of the small one in pixels."""

    image: bytes
    small: bytes
    width: int
    height: int


def read(content: bytes) -> Photograph:
    """Read JPEG, PNG or WebP. Raises NoPhotograph, TooSmall."""
    if not 0 < len(content) <= MOST_BYTES:
        raise NoPhotograph("the file is empty or larger than 10 MB")
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as found:
            if found.width * found.height > MOST_PIXELS:
                raise NoPhotograph("the picture has more pixels than are taken")
            if min(found.size) < LEAST:
                raise TooSmall(f"the picture has {found.width} × {found.height} pixels, and its shorter side {LEAST}")
            found.load()
            upright = ImageOps.exif_transpose(found)
    except NoPhotograph:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as why:
        raise NoPhotograph("the file does not open as JPEG, PNG or WebP") from why
    plain = Image.new("RGB", upright.size, "white")
    visible = upright.convert("RGBA")
    plain.paste(visible, mask=visible.getchannel("A"))
    large, small = _within(plain, LARGE), _within(plain, SMALL)
    return Photograph(_jpeg(large, LARGE_BYTES), _jpeg(small, SMALL_BYTES), *small.size)


def _within(picture: Image.Image, side: int) -> Image.Image:
    made = picture.copy()
    made.thumbnail((side, side))
    return made


def _jpeg(picture: Image.Image, most: int) -> bytes:
    """As JPEG in the best quality that fits into `most` bytes, or in the last one."""
    written = b""
    for quality in QUALITIES:
        into = io.BytesIO()
        picture.save(into, "JPEG", quality=quality, optimize=True, progressive=True)
        written = into.getvalue()
        if len(written) <= most:
            break
    return written
