"""What changed between two wordings, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Piece:
    """A run of words: `same`, `gone` (only in the wording before) or `new` (only in the one after)."""

    kind: str
    text: str


def differences(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces of both wordings in order. Those that are same or gone give `before` back, same or new give `after`.

    Words are compared whole, with the blanks and the punctuation between them as words of their own.
    """
    old, new = _words(before), _words(after)
    return tuple(piece for piece in _pieces(old, new) if piece.text)


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    for _tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if _tag == "equal":
            yield Piece("same", "".join(old[a:b]))
        else:
            yield Piece("gone", "".join(old[a:b]))
            yield Piece("new", "".join(new[c:d]))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text)
