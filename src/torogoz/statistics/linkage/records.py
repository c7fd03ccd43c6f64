"""Records made ready to be compared: words as numbers, dates in parts, what is missing as nought.

Everything that compares, one pair at the desk or twenty million in a batch, reads the arrays made here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice

import numpy as np
import polars as pl
from numpy.typing import NDArray

from torogoz.domain.documents import DUI, dui_check_digit, fold_number
from torogoz.domain.letters import fold
from torogoz.domain.names import tokens
from torogoz.domain.sounds import SHORT, sound

Ints = NDArray[np.int32]
ABSENT = 0
NAME_PARTS = ("given1", "given2", "surname1", "surname2", "married")
PLAIN = ("sex", "document_kind")


@dataclass
class Words:
    """Every word that was met, as a number; nought is the absence of a word. Words said alike share a sound.

    A word in a name and the same word elsewhere, as a place, are two: only in a name does it have a sound of its own.
    """

    texts: list[str] = field(default_factory=lambda: [""])
    sounds: list[int] = field(default_factory=lambda: [ABSENT])
    _names: dict[str, int] = field(default_factory=lambda: {"": ABSENT})
    _others: dict[str, int] = field(default_factory=lambda: {"": ABSENT})
    _sound: dict[str, int] = field(default_factory=lambda: {"": ABSENT})
    _stamps: list[int] = field(default_factory=lambda: [ABSENT])

    def number(self, word: str, said: str | None = None) -> int:
        """The number of a word; `said` is how it sounds, when it is a name."""
        kind = self._others if said is None else self._names
        known = kind.get(word)
        if known is None:
            known = kind[word] = len(self.texts)
            self.texts.append(word)
            self.sounds.append(self._sound.setdefault(word if said is None else said, len(self._sound)))
        return known

    def sound_numbers(self) -> Ints:
        """By the number of a word, the number of its sound."""
        return np.array(self.sounds, dtype=np.int32)

    def sound_texts(self) -> list[str]:
        """By its number, each sound as text; a word that is no name stands for its own sound."""
        return list(self._sound)

    def stamps(self) -> NDArray[np.int64]:
        """By the number of a sound, 64 bits that stand for its text in any dictionary, today and in years."""
        for said in islice(self._sound, len(self._stamps), None):
            self._stamps.append(int.from_bytes(blake2b(said.encode(), digest_size=8).digest(), signed=True))
        return np.array(self._stamps, dtype=np.int64)


@dataclass
class Records:
    """What is compared of each record, an array per field, all of one length.

    names       by part of the name: the number of the word
    year, month, day    of birth; nought when it is not known
    dui         the number of a valid DUI; nought without one
    texts       by field: the number of the folded text (sex, document, phone, mother, place and whatever else a
                configuration compares)
    words       the dictionary of those numbers, shared by all records that are compared with each other
    """

    ids: list[str]
    names: dict[str, Ints]
    year: Ints
    month: Ints
    day: Ints
    dui: Ints
    texts: dict[str, Ints]
    words: Words

    def __len__(self) -> int:
        return len(self.ids)


def prepare(frame: pl.DataFrame, words: Words | None = None) -> Records:
    """The records of a frame.

    frame   one row per record, all columns text, empty or null when the record lacks it: `id`; of the name given1,
            given2, surname1, surname2, married; birth (EDTF: 2001, 2001-05, 2001-05-17); any other column is compared
            as text, `document` and `phone` by their digits and letters
    words   the dictionary of records that these are to be compared with
    """
    columns = {name: frame[name].fill_null("").to_list() for name in frame.columns}
    return prepare_columns(columns, frame.height, words or Words())


def prepare_columns(columns: Mapping[str, Sequence[str]], size: int, words: Words) -> Records:
    """The records of columns of text, as of a frame: `size` rows, empty where a record lacks something."""
    empty = [""] * size
    names = _names([columns.get(part, empty) for part in NAME_PARTS], words)
    dates = np.array([_date(text) for text in columns.get("birth", empty)], dtype=np.int32).reshape(-1, 3)
    texts = {
        name: _texts(name, values, words)
        for name, values in columns.items()
        if name not in (*NAME_PARTS, "birth", "id")
    }
    ids = list(columns.get("id") or [str(place) for place in range(size)])
    year, month, day = (dates[:, part].copy() for part in range(3))
    return Records(ids, names, year, month, day, _valid_duis(texts, words, size), texts, words)


def _names(columns: Sequence[Sequence[str]], words: Words) -> dict[str, Ints]:
    """The words of each name in their places: a second word in a field takes the empty place beside it."""
    kept: dict[tuple[str, str], tuple[int, int]] = {}
    alone: dict[str, int] = {}

    def pair(first: str, second: str) -> tuple[int, int]:
        known = kept.get((first, second))
        if known is None:
            one, two = tokens(first), tokens(second)
            if len(one) > 1 and not two:
                one, two = one[:1], one[1:]
            elif len(two) > 1 and not one:
                one, two = two[:1], two[1:]
            known = kept[first, second] = (_word(one, words), _word(two, words))
        return known

    given = np.array([pair(a, b) for a, b in zip(columns[0], columns[1], strict=True)], dtype=np.int32).reshape(-1, 2)
    family = np.array([pair(a, b) for a, b in zip(columns[2], columns[3], strict=True)], dtype=np.int32).reshape(-1, 2)
    for text in columns[4]:
        if text not in alone:
            alone[text] = _word(tokens(text), words)
    married = np.array([alone[text] for text in columns[4]], dtype=np.int32)
    return {
        "given1": given[:, 0].copy(),
        "given2": given[:, 1].copy(),
        "surname1": family[:, 0].copy(),
        "surname2": family[:, 1].copy(),
        "married": married,
    }


def _word(parts: Iterable[str], words: Words) -> int:
    """The number of a part of a name; a short name counts as the first name that it stands for."""
    joined = "".join(SHORT.get(part, (part,))[0] for part in parts)
    return words.number(joined, sound(joined)) if joined else ABSENT


def _texts(name: str, values: Sequence[str], words: Words) -> Ints:
    folded: dict[str, int] = {}
    for value in values:
        if value not in folded:
            plain = fold_number(value) if name in ("document", "phone") else fold(value)
            said = sound(plain) if name == "mother" and plain else None
            folded[value] = words.number(f"{plain}", said) if plain else ABSENT
    return np.array([folded[value] for value in values], dtype=np.int32)


def _valid_duis(texts: Mapping[str, Ints], words: Words, size: int) -> Ints:
    """The number of the document where it is a DUI whose check digit is right."""
    if "document" not in texts or "document_kind" not in texts:
        return np.zeros(size, dtype=np.int32)
    numbers = np.where(texts["document_kind"] == words.number(fold(DUI)), texts["document"], ABSENT)
    valid = [number for number in np.unique(numbers).tolist() if _valid_dui(words.texts[number])]
    return np.where(np.isin(numbers, valid), numbers, ABSENT).astype(np.int32)


def _valid_dui(text: str) -> bool:
    return len(text) == 9 and text.isdigit() and dui_check_digit(text[:8]) == int(text[8])


def _date(text: str) -> tuple[int, int, int]:
    parts = text.strip().rstrip("~?").split("-")
    try:
        numbers = [int(part) for part in parts if part]
    except ValueError:
        return 0, 0, 0
    year, month, day = (*numbers, 0, 0, 0)[:3]
    return year, month, day
