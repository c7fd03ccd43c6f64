"""The one place that calls the typesetter: with data only, with its own fonts, and with no clock."""

from functools import lru_cache
from typing import Any, Final

import typst

FONTS: Final = typst.Fonts(include_system_fonts=False)
_ALWAYS_DRAWN: Final = frozenset(chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x180)))
_ONE_SIGN: Final = b'#set document(title: "x")\n#set text(font: "Libertinus Serif")\n#par(text(sys.inputs.sign))'


def typeset(page: bytes, inputs: dict[str, str], **options: Any) -> bytes | list[bytes]:
    """A page of the typesetter with what it is given, as bytes; a list of them for several pictures."""
    compiler = typst.Compiler(font_paths=FONTS, ignore_system_fonts=True)
    made = compiler.compile(page, sys_inputs=inputs, **options)
    if made is None:
        raise TypeError("the typesetter was asked for bytes and gave none")
    return made


def drawable(text: str) -> str:
    """A text in which a sign that no font of ours has is named, [U+1F426], instead of left out or drawn as a box."""
    if _ALWAYS_DRAWN.issuperset(text):
        return text
    return "".join(sign if sign in _ALWAYS_DRAWN or _can_draw(sign) else f"[U+{ord(sign):04X}]" for sign in text)


@lru_cache(maxsize=4096)
def _can_draw(sign: str) -> bool:
    """Whether one of the fonts has the sign: the strict standard refuses a page on which one is missing."""
    if sign.isspace():
        return True
    try:
        typeset(_ONE_SIGN, {"sign": sign}, format="pdf", pdf_standards=["ua-1"], timestamp=0)
    except typst.TypstError:
        return False
    return True
