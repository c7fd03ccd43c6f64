"""Commitments with all that is public of each, as plain values: what pages, dossiers and reviews are made from."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.utils import timezone

from torogoz.shared.codelists.queries import names
from torogoz.shared.provisions import queries as provisions
from torogoz.shared.provisions.models import Instrument, Link, Provision
from torogoz.shared.provisions.shipped import COMPACT, TARGETS
from torogoz.topics.commitments import queries
from torogoz.topics.commitments.models import Responsibility
from torogoz.topics.commitments.public_queries import Asked, asked_for, body_of, public_follow_up
from torogoz.topics.commitments.review_content import (
    FlagEntry,
    Followed,
    InstrumentEntry,
    Named,
    ProvisionEntry,
    ResponsibleEntry,
)


def followed(found: Iterable[Provision], now: datetime) -> dict[int, Followed]:
    """What came of provisions, by the keys of their rows, without a word of theirs: few queries, however many."""
    rows = list(found)
    told, holders = public_follow_up(rows, now), _holders(asked_for(rows), now)
    return {
        each.pk: Followed(
            key=each.key,
            code=each.code,
            theme=over.code if (over := provisions.section_over(each)) else "",
            responsible=tuple(holders[each.pk]),
            follow_up=told[each.pk],
        )
        for each in rows
    }


def entries(found: Iterable[Provision], now: datetime) -> list[ProvisionEntry]:
    """Provisions of one instrument, in their order, with all that is public of each: few queries, however many."""
    rows = list(found)
    if not rows:
        return []
    keys, instrument = [each.pk for each in rows], rows[0].instrument.code
    words, told = provisions.words_of(rows), followed(rows, now)
    kinds = {language: names("PROVISION_KIND", language) for language in provisions.LANGUAGES}
    flags = _flags(instrument, keys)
    objectives, targets = _codes(instrument, keys, COMPACT), _codes(instrument, keys, TARGETS)
    return [
        ProvisionEntry(
            **vars(told[each.pk]),
            kind_es=kinds["es"].get(each.kind, each.kind),
            kind_en=kinds["en"].get(each.kind, each.kind),
            name_es=queries.title(words[each.pk], "es"),
            name_en=queries.title(words[each.pk], "en"),
            printed_es=_printed(words[each.pk], "es"),
            printed_en=_printed(words[each.pk], "en"),
            lines=each.lines,
            flags=tuple(flags[each.pk]),
            objectives=tuple(objectives[each.pk]),
            targets=tuple(targets[each.pk]),
        )
        for each in rows
    ]


def _printed(words: provisions.Words, language: str) -> str:
    found = words.source(language)
    return found.text if found else ""


def instrument_entry(one: Instrument) -> InstrumentEntry:
    """An instrument as documents name it."""
    return InstrumentEntry(
        one.code,
        one.name_es,
        one.name_en,
        one.body_es,
        one.body_en,
        one.adopted_on,
        one.source_es or one.source,
        one.source,
    )


def named(found: Iterable[Provision]) -> list[Named]:
    """Provisions by their codes and names."""
    rows = list(found)
    words = provisions.words_of(rows)
    return [Named(each.code, *(queries.title(words[each.pk], language) for language in ("es", "en"))) for each in rows]


def _flags(instrument: str, keys: list[int]) -> Mapping[int, list[FlagEntry]]:
    called = {language: names("PROVISION_FLAG", language) for language in ("es", "en")}
    found: dict[int, list[FlagEntry]] = defaultdict(list)
    for each in provisions.flags_in(instrument).filter(provision__in=keys):
        found[each.provision_id].append(
            FlagEntry(
                each.code,
                called["es"].get(each.code, each.code),
                called["en"].get(each.code, each.code),
                each.printed,
                each.note_es,
                each.note_en,
                each.source,
            )
        )
    return found


def _codes(instrument: str, keys: Collection[int], other: str) -> Mapping[int, list[str]]:
    """The codes of another instrument to which each provision corresponds, in their order."""
    found: dict[int, list[str]] = defaultdict(list)
    links = provisions.links_between([instrument], other).filter(source__in=keys, kind=Link.Kind.CORRESPONDS)
    for source, code in links.order_by("target__position", "pk").values_list("source", "target__code"):
        found[source].append(code)
    return found


def _holders(keys: Asked, now: datetime) -> Mapping[int, list[ResponsibleEntry]]:
    today = timezone.localdate(now)
    rows = Responsibility.objects.filter(provision__in=keys, valid_from__lte=today).select_related("institution")
    found: dict[int, list[ResponsibleEntry]] = defaultdict(list)
    for each in rows.order_by("valid_from", "pk"):
        ended = each.valid_until if each.valid_until and each.valid_until <= today else None
        leads = each.role == Responsibility.Role.LEAD
        found[each.provision_id].append(
            ResponsibleEntry(body_of(each.institution, today), leads, each.valid_from, ended, each.ground)
        )
    return found
