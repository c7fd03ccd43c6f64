"""How the words of a search are compared with those of the register: without accents, plural, gender or ending.

No stemmer is installed, and one of a single language would not do: a provision is searched in Spanish and English at
once. The rule is short, and what matters is only that two forms of a word come to the same:

    plural     women, children by name; -s after a, e, o or a consonant; then -e (menores, menor)
    ending     -ed and -ing of longer words (deported, smuggling)
    gender     the vowels a, e, o at the end (niño, niña), and an -s that they hid (intereses, interés); not where
               another word would appear (trata, trato)
    spelling   y at the end as i (family, familia), c as z (voces, voz)

Beside them stand the words of the field that say the same, a list that people read and correct.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

MOST_NEAR: Final = 6
SHORTEST_BEGINNING: Final = 3
NAMED: Final = {"women": "woman", "men": "man", "children": "child", "people": "person"}
KEEP_THEIR_VOWEL: Final = frozenset(
    ("trata", "casa", "puerta", "marca", "moda", "carga", "plaza", "banca", "rata", "cuenta", "media", "paga")
)
SAID_BY_ALL: Final = frozenset(
    (
        *("a", "al", "and", "con", "de", "del", "e", "el", "en", "for", "in", "la", "las", "lo", "los", "o", "of"),
        *("or", "para", "por", "que", "the", "to", "un", "una", "y"),
    )
)
"""Words that every text has: they are not searched beside others."""
SAME: Final = (
    ("niñez", "niño", "niña", "infancia", "menor", "adolescente", "adolescencia", "child", "childhood", "minor"),
    (
        *("retorno", "retornado", "retornar", "deportado", "deportación", "devuelto", "repatriado", "repatriación"),
        *("return", "returnee", "deported", "deportation", "repatriation"),
    ),
    ("mujer", "femenino", "woman", "female"),
    ("trata", "trafficking"),
    ("tráfico", "smuggling"),
    ("víctima", "victim"),
    ("remesa", "remittance"),
    ("joven", "juventud", "young", "youth"),
    ("familia", "familiar", "family"),
    ("trabajo", "empleo", "laboral", "work", "employment", "labour", "job"),
    ("trabajador", "worker"),
    ("salud", "sanitario", "health"),
    ("educación", "educativo", "education", "educational"),
    ("refugiado", "refugio", "asilo", "refugee", "asylum"),
    ("desaparecido", "desaparición", "disappeared", "disappearance", "missing"),
    ("discapacidad", "disability"),
    ("frontera", "fronterizo", "border"),
    ("consulado", "consular", "consulate"),
    ("indígena", "indigenous"),
)
"""Words that are searched for each other. Trata is trafficking in persons, and tráfico is smuggling of migrants."""


@dataclass(frozen=True)
class Term:
    """One thing that a search asks for: a word, by its stem and those that say the same, or letters as they stand."""

    typed: str
    stems: frozenset[str] = frozenset()
    also: tuple[str, ...] = ()

    def found_in(self, text: str, stems: Collection[str]) -> bool:
        """Whether a text has it. `text` is folded, `stems` are those of its words."""
        return not self.stems.isdisjoint(stems) if self.stems else folded(self.typed) in text


def folded(text: str) -> str:
    """The text without capitals and accents, as a search compares it."""
    plain = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words_in(text: str) -> list[str]:
    """The words of a text, of letters alone, as they stand."""
    return re.findall(r"[^\W\d_]+", text)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """What the forms of a word have in common. It is no word, and is never shown."""
    word = folded(word)
    word = NAMED.get(word, word)
    if len(word) > 3 and word.endswith("s") and word[-2] not in "siu":
        word = word[:-1]
    if word in KEEP_THEIR_VOWEL:
        return word
    for ending, longest in (("ed", 5), ("ing", 6)):
        if word.endswith(ending) and len(word) > longest:
            word = word.removesuffix(ending)
    while len(word) > 3 and (word[-1] in "aeo" or (word[-1] == "s" and word[-2] not in "siu")):
        word = word[:-1]
    if len(word) > 3 and word[-1] == "y" and word[-2] not in "aeiou":
        word = word[:-1] + "i"
    return word[:-1] + "z" if word.endswith("c") else word


def stems_of(text: str) -> frozenset[str]:
    """The stems of all words of a text."""
    return frozenset(stem(word) for word in words_in(folded(text)))


def terms(search: str) -> list[Term]:
    """What a search asks for, all of it: words; codes as they stand; and what is in quotation marks, as it stands."""
    found: list[Term] = []
    for quoted, piece in re.findall(r'["“”«]([^"“”«»]+)["“”»]|(\S+)', search):
        if quoted.strip():
            found.append(Term(quoted.strip()))
        elif any(letter.isdigit() for letter in piece):
            found.append(Term(piece))
        else:
            found += [_word(word) for word in words_in(unicodedata.normalize("NFC", piece))]
    telling = [each for each in found if folded(each.typed) not in SAID_BY_ALL]
    return telling or found or [Term(piece) for piece in search.split()]


def _word(word: str) -> Term:
    own = stem(word)
    others = [each for group in SAME if own in map(stem, group) for each in group]
    also = tuple(dict.fromkeys(each for each in others if folded(each) != folded(word)))
    return Term(word, frozenset((own, *map(stem, others))), also)


def near(missing: Iterable[Term], held: Collection[str]) -> list[str]:
    """Words that are held and that somebody may have meant: those that begin as what was typed, and those spelt alike.

    held  words as they stand; of the forms of a word the first is given
    """
    by_stem: dict[str, str] = {}
    for word in sorted(held, key=lambda one: (folded(one), one)):
        if len(word) > SHORTEST_BEGINNING:
            by_stem.setdefault(stem(word), word)
    plain = {folded(word): word for word in by_stem.values()}
    found: dict[str, None] = {}
    for term in missing:
        typed = folded(term.typed)
        if len(typed) >= SHORTEST_BEGINNING:
            found |= {word: None for key, word in plain.items() if key.startswith(typed)}
        found |= {plain[key]: None for key in get_close_matches(typed, plain, MOST_NEAR, 0.8)}
    return list(found)[:MOST_NEAR]
