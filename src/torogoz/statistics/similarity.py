"""Texts that resemble each other, also across Spanish and English, without a model that must be downloaded.

The two languages share roots: *migrantes*, *migrants*; *protección*, *protection*. Accents folded, pieces of three and
four letters meet where words do not. What comes out are suggestions with their reasons; a person confirms or refuses.

It misleads where languages have no root in common (*trata*, *trafficking*), and texts by one author, as those it is
measured on, resemble their translations more than others do.

source  Salton & Buckley (1988), Term-weighting approaches in automatic text retrieval, Information Processing &
        Management 24, 513-523; McNamee & Mayfield (2004), Character n-gram tokenization for European language text
        retrieval, Information Retrieval 7, 73-97
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import log
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

Real = npt.NDArray[np.float64]
LENGTHS: Final = (3, 4)
NEIGHBOURS: Final = 7
PIECES: Final = 5


def folded(text: str) -> str:
    """Small letters and digits without accents, words apart by one space."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return " ".join(re.findall(r"[a-z0-9]+", "".join(each for each in plain if not unicodedata.combining(each))))


def grams(text: str) -> Counter[str]:
    """Pieces of three and four letters of the folded text; a space before and after each word belongs to its pieces."""
    found: Counter[str] = Counter()
    for word in folded(text).split():
        padded = f" {word} "
        for length in LENGTHS:
            found.update(padded[at : at + length] for at in range(len(padded) - length + 1))
    return found


@dataclass(frozen=True)
class Weights:
    """What each piece is worth: ln((1 + n) / (1 + texts with it)) + 1."""

    texts: int
    column: Mapping[str, int]
    worth: Real

    def vectors(self, texts: Sequence[str]) -> sparse.csr_array:
        """Shape texts × pieces: (1 + ln count) · worth, each row of length 1, or 0. Unknown pieces are left out."""
        rows, columns, values = [], [], []
        for row, text in enumerate(texts):
            for piece, times in grams(text).items():
                if (at := self.column.get(piece)) is not None:
                    rows.append(row)
                    columns.append(at)
                    values.append((1 + log(times)) * self.worth[at])
        built = sparse.csr_array((values, (rows, columns)), shape=(len(texts), len(self.column)), dtype=np.float64)
        size = np.sqrt(built.multiply(built).sum(axis=1))
        return sparse.csr_array(built.multiply(1 / np.where(size > 0, size, 1)[:, None]))


def learn(texts: Sequence[str]) -> Weights:
    """The worth of pieces, from texts of all languages that are to be compared. Raises ValueError without texts."""
    if not texts:
        raise ValueError("the worth of pieces is learned from texts")
    held: Counter[str] = Counter()
    for text in texts:
        held.update(grams(text).keys())
    column = {piece: at for at, piece in enumerate(sorted(held))}
    worth = np.array([log((1 + len(texts)) / (1 + held[piece])) + 1 for piece in column])
    return Weights(len(texts), MappingProxyType(column), worth)


def similarity(weights: Weights, one: Sequence[str], other: Sequence[str]) -> Real:
    """Cosine of each text of `one` (row) with each of `other` (column), 0 to 1."""
    return np.asarray((weights.vectors(one) @ weights.vectors(other).T).toarray())


def without_hubs(scores: Real, nearest: int = 10) -> Real:
    """Likeness less the mean likeness of each text to its ten nearest of the other side: 2 s − row mean − column mean.

    Short and general texts resemble everything; without this they are everybody's nearest. For matching two sides of
    which each text has its twin on the other one. The values only order.

    scores  shape texts × texts
    source  Conneau, Lample, Ranzato, Denoyer & Jégou (2018), Word translation without parallel data, ICLR
            (cross-domain similarity local scaling)
    """
    rows = np.sort(scores, axis=1)[:, -nearest:].mean(axis=1)
    columns = np.sort(scores, axis=0)[-nearest:].mean(axis=0)
    return np.asarray(2 * scores - rows[:, None] - columns[None])


def pessimistic_rank(scores: npt.ArrayLike, right: int) -> int:
    """The rank of the right candidate, 1 the best, behind all that have the same score."""
    given = np.asarray(scores, dtype=np.float64)
    return int((given >= given[right]).sum())


def shared_pieces(weights: Weights, one: str, other: str, most: int = PIECES) -> tuple[str, ...]:
    """The longest pieces of words that two texts share, those that make them alike most first: why they are suggested.

    Each is at least three letters; none is part of another one.
    """
    left, right = ({*folded(text).split()} for text in (one, other))
    found: dict[str, float] = {}
    for word in left:
        for against in right:
            piece = _longest(word, against)
            if len(piece) >= LENGTHS[0]:
                found[piece] = _worth(weights, piece)
    ranked = sorted(found, key=lambda piece: (-found[piece], piece))
    kept: list[str] = []
    for piece in ranked:
        if not any(piece in longer for longer in kept):
            kept.append(piece)
    return tuple(kept[:most])


def _longest(one: str, other: str) -> str:
    """The longest run of letters in both words."""
    best = ""
    for start in range(len(one)):
        while start + len(best) < len(one) and one[start : start + len(best) + 1] in other:
            best = one[start : start + len(best) + 1]
    return best


def _worth(weights: Weights, piece: str) -> float:
    inside = [piece[at : at + n] for n in LENGTHS for at in range(len(piece) - n + 1)]
    return sum(float(weights.worth[weights.column[each]]) for each in inside if each in weights.column)


@dataclass(frozen=True)
class Text:
    """One thing in the languages in which it is written: language to text."""

    key: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class Library:
    """Things to find among. `vectors` has, for each language, a row a thing, empty where it is not written in it."""

    things: tuple[Text, ...]
    weights: Weights
    vectors: Mapping[str, sparse.csr_array]


@dataclass(frozen=True)
class Alike:
    """A thing that resembles another one: how much (0 to 1), in which languages of the two, and by which pieces."""

    key: str
    score: float
    languages: tuple[str, str]
    pieces: tuple[str, ...]


@dataclass(frozen=True)
class Suggestion:
    """A link to confirm or to refuse, with its reasons.

    target      what to link to
    score       how strongly; only the order matters
    title       how much the text resembles the title of the target (0 to 1)
    pieces      what of their words the text and the title share
    neighbours  things that a person linked to this target and that resemble the text, with how much
    """

    target: str
    score: float
    title: float
    pieces: tuple[str, ...]
    neighbours: tuple[tuple[str, float], ...]


def library(things: Sequence[Text], weights: Weights | None = None) -> Library:
    """Make things ready to be found. Weights are learned from them if not given. Raises ValueError without texts."""
    learned = weights or learn([text for thing in things for text in thing.words.values()])
    languages = sorted({language for thing in things for language in thing.words})
    vectors = {each: learned.vectors([thing.words.get(each, "") for thing in things]) for each in languages}
    return Library(tuple(things), learned, MappingProxyType(vectors))


def alike(among: Library, thing: Text, most: int = 10) -> tuple[Alike, ...]:
    """The things that resemble `thing` most, itself passed over, and those without a common piece left out.

    Two things written in the same languages are compared in each, and the mean counts; else the two languages in which
    they are most alike count.
    """
    scores, languages = _compared(among, thing)
    found = [at for at in np.argsort(-scores, kind="stable").tolist() if scores[at] > 0]
    others = [at for at in found if among.things[at].key != thing.key][:most]
    return tuple(
        Alike(among.things[at].key, float(scores[at]), languages[at], _why(among, thing, at, languages[at]))
        for at in others
    )


def suggest_links(
    targets: Library,
    among: Library,
    links: Mapping[str, Collection[str]],
    thing: Text,
    *,
    most: int = 3,
    neighbours: int = NEIGHBOURS,
) -> tuple[Suggestion, ...]:
    """The targets that `thing` may belong to: by their titles, and by what its nearest neighbours are linked to.

    The score of a target is the likeness of its title plus that of each of the neighbours linked to it.

    targets     things with titles, as the 23 objectives of the Compact
    among       things of which some are linked; `thing` itself is passed over
    links       key of a thing to the keys of targets that a person confirmed
    neighbours  how many of the nearest linked things have a say
    """
    scores, _ = _compared(among, thing)
    linked = [
        at
        for at in np.argsort(-scores, kind="stable").tolist()
        if scores[at] > 0 and among.things[at].key != thing.key and links.get(among.things[at].key)
    ][:neighbours]
    titles, languages = _compared(targets, thing)
    found: list[Suggestion] = []
    for at, target in enumerate(targets.things):
        speaking = [each for each in linked if target.key in links[among.things[each].key]]
        score = float(titles[at]) + sum(float(scores[each]) for each in speaking)
        if score > 0:
            named = tuple((among.things[each].key, float(scores[each])) for each in speaking)
            pieces = _why(targets, thing, at, languages[at]) if titles[at] > 0 else ()
            found.append(Suggestion(target.key, score, float(titles[at]), pieces, named))
    return tuple(sorted(found, key=lambda each: -each.score)[:most])


def _compared(among: Library, thing: Text) -> tuple[Real, list[tuple[str, str]]]:
    """How much each thing of the library resembles `thing`, and in which languages most."""
    size = len(among.things)
    total, both = np.zeros(size), np.zeros(size)
    crossed, best = np.zeros(size), np.full(size, -1.0)
    languages = [("", "")] * size
    for mine, text in thing.words.items():
        own = among.weights.vectors([text])
        for theirs, vectors in among.vectors.items():
            cosine = np.asarray((vectors @ own.T).toarray())[:, 0]
            written = np.array([theirs in other.words for other in among.things])
            together = written & np.array([mine in other.words for other in among.things])
            if mine == theirs:
                total += np.where(together, cosine, 0)
                both += together
            else:
                crossed = np.maximum(crossed, np.where(written, cosine, 0))
            for at in np.flatnonzero(written & (cosine > best) & ((mine == theirs) | ~together)).tolist():
                best[at], languages[at] = cosine[at], (mine, theirs)
    return np.where(both > 0, total / np.maximum(both, 1), crossed), languages


def _why(among: Library, thing: Text, at: int, languages: tuple[str, str]) -> tuple[str, ...]:
    mine, theirs = languages
    return shared_pieces(among.weights, thing.words[mine], among.things[at].words[theirs])
