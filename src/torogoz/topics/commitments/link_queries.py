"""What the likeness of texts suggests to link: computed, never stored, with its reasons; what was refused stays so."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.cache import cache
from django.core.paginator import Page, Paginator

from torogoz.shared.provisions import queries as provisions
from torogoz.shared.provisions.models import Instrument, Link, Provision
from torogoz.shared.provisions.shipped import COMPACT, POSITION, TARGETS
from torogoz.statistics.similarity import Library, Text, alike, library, suggest_links
from torogoz.topics.commitments import queries, words

ON_A_PAGE: Final = 40
OF_EACH: Final = 3
LEAST: Final = 0.1
"""Likeness under which two texts share hardly more than the words that every text has."""
TELLING: Final = 5
"""Letters from which a piece of a word says something to who reads it."""
KEPT_SECONDS: Final = 3600


@dataclass(frozen=True)
class Proposal:
    """Two provisions that may belong together: rows of both, kind of link, how alike (0 to 1), order, and why."""

    source: int
    target: int
    kind: str
    score: float
    order: float
    shared: tuple[str, ...]
    neighbours: tuple[str, ...] = ()


def suggestions(other: str, language: str, *, aim: str = "", page: str = "1") -> dict[str, Any]:
    """The suggestions between positions of El Salvador and another instrument, the likeliest first, by pages.

    aim   the code of an objective of the Compact or a target of the SDGs, to see those towards it alone
    """
    offered = _others()
    chosen = other if other in {each.code for each in offered} else COMPACT
    # No link, wording or refusal changes without changing the state, so what is kept is never out of date.
    kept = f"suggestions:{chosen}:{provisions.state()}"
    found: list[Proposal] | None = cache.get(kept)
    if found is None:
        found = sorted(_proposed(chosen), key=lambda each: -each.order)
        cache.set(kept, found, KEPT_SECONDS)
    aims = _aims_of(found, language) if chosen in (COMPACT, TARGETS) else []
    of_aim = {code: row for row, code, _name, _many in aims}.get(aim)
    kept_to = found if of_aim is None else [each for each in found if each.target == of_aim]
    at: Page[Proposal] = Paginator(kept_to, ON_A_PAGE).get_page(page)
    shown = at.object_list
    ends = Provision.objects.select_related("instrument").in_bulk(
        [key for each in shown for key in (each.source, each.target)]
    )
    said = provisions.words_of(ends.values())
    return {
        "others": [(each.code, each.name_en if language == "en" else each.name_es) for each in offered],
        "other": chosen,
        "aims": [(code, name, many) for _row, code, name, many in aims],
        "aim": aim if of_aim is not None else "",
        "page": at,
        "count": len(kept_to),
        "suggestions": [
            {
                "source": ends[each.source],
                "target": ends[each.target],
                "target_called": words.called(ends[each.target], language),
                "source_text": queries.title(said[each.source], language),
                "target_text": queries.title(said[each.target], language),
                "kind": each.kind,
                "relation": words.relation(each.kind, here=True),
                "score": each.score,
                "raw": f"{each.score:.4f}",
                "shared": telling(each.shared),
                "neighbours": each.neighbours,
            }
            for each in shown
        ],
    }


def _aims_of(found: list[Proposal], language: str) -> list[tuple[int, str, str, int]]:
    """Towards what these suggestions go, in the order of its text: row, code, name and how many."""
    many = Counter(each.target for each in found)
    rows = list(Provision.objects.filter(pk__in=many).order_by("position", "pk"))
    said = provisions.words_of(rows)
    return [(row.pk, row.code, queries.title(said[row.pk], language), many[row.pk]) for row in rows]


def telling(pieces: tuple[str, ...]) -> tuple[str, ...]:
    """The shared pieces of words that a reader can make sense of; all of them where none is that long."""
    return tuple(piece for piece in pieces if len(piece) >= TELLING) or pieces


def _others() -> list[Instrument]:
    """What positions can be compared with: the Compact, the SDGs, themselves, and whatever else asks for something.

    Of treaty articles the register has codes alone, and no words that could be alike.
    """
    return [each for each in provisions.all_instruments() if each.code in (COMPACT, TARGETS) or _asks(each)]


def _asks(instrument: Instrument) -> bool:
    return instrument.kind not in provisions.REFERRED_TO


def _proposed(other: str) -> Iterator[Proposal]:
    """What another instrument suggests of the adopted positions; what one of these does, of itself and older ones."""
    decided, adopted = _decided(), [each.code for each in provisions.adopted_positions()]
    if other in (COMPACT, TARGETS):
        older = _library(list(provisions.commitments(POSITION)))
        for code in adopted:
            yield from _of_aims(other, list(provisions.commitments(code)), older, decided)
        return
    others = list(provisions.commitments(other))
    if other in adopted:
        yield from _of_itself(others, _library(others), decided)
    for code in adopted[adopted.index(other) + 1 :] if other in adopted else adopted:
        if own := list(provisions.commitments(code)):
            yield from _of_others(others, own, _library(own), decided)


def _of_aims(
    aims: str, own: list[Provision], position: Library, decided: set[tuple[int, int, str]]
) -> Iterator[Proposal]:
    """Objectives or targets by their titles, and by what the nearest provisions of 2017 are linked to already."""
    objectives = {each.code: each for each in provisions.commitments(aims)}
    targets = _library(list(objectives.values()))
    links: dict[str, list[str]] = {}
    for link in provisions.links_between([POSITION], aims).filter(kind=Link.Kind.CORRESPONDS):
        links.setdefault(link.source.code, []).append(link.target.code)
    for each, text in zip(own, _texts(own), strict=True):
        for found in suggest_links(targets, position, links, text, most=OF_EACH):
            target = objectives[found.target]
            if (each.pk, target.pk, Link.Kind.CORRESPONDS.value) not in decided:
                near = tuple(code for code, _ in found.neighbours)
                kind = Link.Kind.CORRESPONDS.value
                yield Proposal(each.pk, target.pk, kind, min(found.title, 1), found.score, found.pieces, near)


def _of_itself(own: list[Provision], position: Library, decided: set[tuple[int, int, str]]) -> Iterator[Proposal]:
    """The same idea under two headings: the later repeats the earlier, once for each pair."""
    place = {each.code: at for at, each in enumerate(own)}
    kind, seen = Link.Kind.REPEATS.value, set()
    for here, text in enumerate(position.things):
        for found in alike(position, text, OF_EACH):
            earlier, later = sorted((here, place[found.key]))
            pair = (own[later].pk, own[earlier].pk)
            if found.score < LEAST or pair in seen or (*pair, kind) in decided or (*pair[::-1], kind) in decided:
                continue
            seen.add(pair)
            yield Proposal(*pair, kind, min(found.score, 1), found.score, found.pieces)


def _of_others(
    others: list[Provision], own: list[Provision], position: Library, decided: set[tuple[int, int, str]]
) -> Iterator[Proposal]:
    """Recommendations, or another position, beside what resembles them in one of El Salvador."""
    mine, kind = {each.code: each for each in own}, Link.Kind.CORRESPONDS.value
    for each, text in zip(others, _texts(others), strict=True):
        for found in alike(position, text, OF_EACH):
            target = mine[found.key]
            if found.score >= LEAST and (each.pk, target.pk, kind) not in decided:
                yield Proposal(each.pk, target.pk, kind, min(found.score, 1), found.score, found.pieces)


def _decided() -> set[tuple[int, int, str]]:
    """What nobody needs to be asked again: linked already, linked once and ended, or refused."""
    linked = Link.objects.values_list("source_id", "target_id", "kind")
    return set(linked) | provisions.refused_suggestions()


def _library(found: list[Provision]) -> Library:
    return library(_texts(found))


def _texts(found: list[Provision]) -> list[Text]:
    """Each provision in the languages in which it has words, its code as the key; without any, its code alone."""
    said = provisions.words_of(found)
    return [Text(each.code, _in_languages(said[each.pk]) or {"es": each.code}) for each in found]


def _in_languages(said: provisions.Words) -> Mapping[str, str]:
    texts = {}
    for language in provisions.LANGUAGES:
        text = said.paraphrase(language) or said.source(language)
        if text is not None:
            texts[language] = text.text
    return texts
