"""Positions of countries side by side: what was imported, beside what a position of El Salvador says.

Of a country without a statement on an objective nothing was imported; whether it has a position is not known.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from torogoz.domain.alphabet import alphabetical
from torogoz.exchange.readers.positions import Statement
from torogoz.shared.codelists.queries import countries
from torogoz.shared.provisions import queries as provisions
from torogoz.shared.provisions.models import Instrument, Link, Provision, ProvisionText
from torogoz.shared.provisions.queries import Words
from torogoz.shared.provisions.shipped import COMPACT
from torogoz.statistics.similarity import Library, Text, alike, library
from torogoz.topics.commitments.link_queries import LEAST, telling
from torogoz.topics.commitments.queries import title

NEAREST: Final = 2


@dataclass(frozen=True)
class Cell:
    """What a country said on an objective: how many statements. None of them: nothing was imported."""

    country: str
    name: str
    count: int


@dataclass(frozen=True)
class Line:
    """One objective: how much the position of El Salvador says of it, and what was imported of each country."""

    objective: Provision
    title: str
    own: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Near:
    """A provision of El Salvador whose words resemble a statement: how much (0 to 1), and which pieces they share."""

    provision: Provision
    text: str
    score: float
    shared: tuple[str, ...]


@dataclass(frozen=True)
class Said:
    """One statement of a country, in its words, with what resembles it in the position of El Salvador."""

    statement: Provision
    text: ProvisionText | None
    near: tuple[Near, ...]


@dataclass(frozen=True)
class OfCountry:
    """What one country said on an objective, from one source."""

    instrument: Instrument
    name: str
    said: tuple[Said, ...]


def instruments() -> list[Instrument]:
    """The positions that were imported, by country."""
    return list(Instrument.objects.filter(kind=Instrument.Kind.FOREIGN_POSITION).order_by("country", "code"))


def _names(language: str) -> dict[str, str]:
    """Names of countries by code; a made-up one, which is on no list, is called as its position is."""
    made_up = {one.country: getattr(one, f"name_{language}") for one in instruments() if one.made_up}
    return made_up | dict(countries(language))


def made_up_countries() -> set[str]:
    """The codes of the made-up countries whose positions are kept; none of them is on the list of countries."""
    return {one.country for one in instruments() if one.made_up}


def matrix(own_position: str, language: str) -> list[Line]:
    """Each objective of the Compact, with every country of which anything was imported."""
    names = _names(language)
    here = sorted({one.country for one in instruments()}, key=lambda code: alphabetical(str(names.get(code, code))))
    counted = Counter(_links().values_list("target__code", "source__instrument__country"))
    own, found = provisions.commitments_by_objective(own_position), list(provisions.objectives())
    words = provisions.words_of(found)
    return [
        Line(
            one,
            title(words[one.pk], language),
            own[one.code],
            tuple(Cell(code, names.get(code, code), counted[one.code, code]) for code in here),
        )
        for one in found
    ]


def objective_named(code: str) -> Provision | None:
    """The objective of the Compact with this number."""
    return provisions.objectives().filter(code=code).first()


def own_on(objective: Provision, own_position: str, language: str) -> list[tuple[Provision, str]]:
    """The provisions of a position of El Salvador that correspond to an objective, in the order of the text."""
    linked = Link.objects.filter(
        target=objective, source__instrument__code=own_position, kind=Link.Kind.CORRESPONDS, ended_at__isnull=True
    )
    found = list(provisions.commitments(own_position).filter(pk__in=linked.values("source")))
    words = provisions.words_of(found)
    return [(one, title(words[one.pk], language)) for one in found]


def positions_on(objective: Provision, own_position: str, language: str) -> list[OfCountry]:
    """What each country said on an objective, each statement with what resembles it most in that of El Salvador."""
    held = _links().filter(target=objective).values("source")
    found = list(Provision.objects.filter(pk__in=held).select_related("instrument").order_by("position", "pk"))
    if not found:
        return []
    words, names = provisions.words_of(found), _names(language)
    own = {str(one.key): one for one in provisions.commitments(own_position)}
    own_words = provisions.words_of(own.values())
    among = _library(own, own_words)
    by_source: dict[Instrument, list[Said]] = defaultdict(list)
    for one in found:
        near = _nearest(one, words[one.pk], among, own, own_words, language)
        by_source[one.instrument].append(Said(one, words[one.pk].best(language), near))
    listed = [OfCountry(each, names.get(each.country, each.country), tuple(said)) for each, said in by_source.items()]
    return sorted(listed, key=lambda each: (alphabetical(each.name), each.instrument.code))


def statements() -> list[Statement]:
    """Everything that was imported, as the table that brings it in."""
    found = list(_links().select_related("source__instrument", "target").order_by("source__instrument__country", "pk"))
    words = provisions.words_of([each.source for each in found])
    return [_as_statement(each, words[each.source_id]) for each in found]


def _as_statement(link: Link, words: Words) -> Statement:
    texts = {language: _text(words, language) for language in provisions.LANGUAGES}
    sources = [language for language, text in texts.items() if text and text.role == ProvisionText.Role.SOURCE]
    return Statement(
        line=0,
        country=link.source.instrument.country,
        objective=link.target.code,
        theme=link.source.cluster,
        text_es=texts["es"].text if texts["es"] else "",
        text_en=texts["en"].text if texts["en"] else "",
        original=sources[0] if sources else "other",
        machine=any(text is not None and text.machine for text in texts.values()),
        source=link.source.instrument.source,
        date=link.source.instrument.adopted_on,
    )


def _text(words: Words, language: str) -> ProvisionText | None:
    return words.source(language) or words.texts.get((language, ProvisionText.Role.TRANSLATION))


def _links() -> QuerySet[Link]:
    return Link.objects.filter(
        source__instrument__kind=Instrument.Kind.FOREIGN_POSITION,
        target__instrument__code=COMPACT,
        kind=Link.Kind.CORRESPONDS,
        ended_at__isnull=True,
    )


def _library(own: Mapping[str, Provision], words: Mapping[int, Words]) -> Library | None:
    things = [Text(key, _by_language(words[one.pk])) for key, one in own.items()]
    things = [one for one in things if one.words]
    return library(things) if things else None


def _by_language(words: Words) -> dict[str, str]:
    """The words in each language that there are some in, for comparing."""
    found = {}
    for language in provisions.LANGUAGES:
        best = words.best(language)
        if best is not None and best.language == language:
            found[language] = best.text
    return found


def _nearest(
    one: Provision,
    words: Words,
    among: Library | None,
    own: Mapping[str, Provision],
    own_words: Mapping[int, Words],
    language: str,
) -> tuple[Near, ...]:
    said = _by_language(words)
    if among is None or not said:
        return ()
    found = [each for each in alike(among, Text(str(one.key), said), NEAREST) if each.score >= LEAST]
    return tuple(
        Near(own[each.key], title(own_words[own[each.key].pk], language), each.score, telling(each.pieces))
        for each in found
    )
