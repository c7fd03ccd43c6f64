"""Bringing the instruments of the database up to date with those that the project ships.

The national position of 2017 with its tree, the adopted Compact, the targets and treaty articles that it is mapped to,
and the links between them. Whatever an officer has changed since stays as the officer left it: a wording with a newer
version, a link that was ended, a provision that was edited.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from torogoz.shared.codelists.shipped import day, rows
from torogoz.shared.provisions.models import Flag, Instrument, Link, Provision, ProvisionText

HERE: Final = "torogoz.shared.provisions"
LISTS: Final = "torogoz.shared.codelists"
POSITION: Final = "position-2017"
COMPACT: Final = "gcm"
TARGETS: Final = "sdg"
WHOLE: Final = "whole"
"""The code of the one provision of a treaty that stands for all of it, where no article is named."""
BY_THE_SAME_IDEA: Final = "the same idea stands under both headings of the printed text"
READING: Final = "reading of the printed text by Torogoz"
COMPARED: Final = "A/RES/73/195, annex; compared with a copy of the resolution or with who quotes it"
NOT_COMPARED: Final = "A/RES/73/195, annex; wording still to be checked against the resolution"
OWN_WORDS: Final = "El Salvador, national consultation for the Global Compact for Migration (2017), paraphrased"
FOR_A_LAWYER: Final = "proposed by Torogoz in 2026, for a lawyer to confirm; not in the printed text"
NAMED_BY_SOURCE: Final = "the index that the recommendation was read in names it; to be confirmed"
TO_CONFIRM: Final = "proposed by Torogoz in 2026, to be confirmed; the printed text is older than the adopted Compact"
_Words = ProvisionText.Role
_EDITABLE: Final = ("parent", "position", "kind", "system", "software_role", "actors", "beneficiaries", "cluster")


@dataclass(frozen=True)
class Loaded:
    """How many instruments and provisions are shipped, and how many wordings and links were added this time."""

    instruments: int
    provisions: int
    texts: int
    links: int


@dataclass(frozen=True)
class Shipped:
    """One provision as it is shipped. `texts` are (language, role, words, where they were read)."""

    instrument: str
    code: str
    position: int
    kind: str
    parent: str = ""
    texts: tuple[tuple[str, str, str, str], ...] = ()
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def called(self) -> tuple[str, str]:
        return self.instrument, self.code


@dataclass(frozen=True)
class ShippedLink:
    """One link as it is shipped, between (instrument, code) and (instrument, code)."""

    source: tuple[str, str]
    target: tuple[str, str]
    kind: str
    origin: str
    why: str


def key_of(instrument: str, code: str = "") -> UUID:
    """The key of a shipped instrument or provision: the same in every database, so that addresses can be cited."""
    return uuid5(NAMESPACE_URL, f"torogoz:{instrument}/{code}")


@transaction.atomic
def load(*, now: datetime) -> Loaded:
    """Add what is missing and bring up to date what nobody has edited. Loading again changes nothing."""
    instruments = _load_instruments()
    provisions = list(shipped_provisions())
    stored = _load_provisions(provisions, instruments)
    texts = _load_texts(provisions, stored, now)
    _load_flags(stored)
    links = _load_links(list(shipped_links()), stored)
    return Loaded(len(instruments), len(provisions), texts, links)


def shipped_provisions() -> Iterator[Shipped]:
    """Every provision that is shipped: parents before their parts."""
    yield from _position()
    for at, row in enumerate(rows(HERE, "objectives"), start=1):
        words = (
            ("es", _Words.SOURCE.value, row["name_es"], row["source_es"]),
            ("en", _Words.SOURCE.value, row["name_en"], row["source_en"]),
        )
        yield Shipped(COMPACT, row["code"], at, "objective", texts=words)
    for at, row in enumerate(rows(HERE, "targets"), start=1):
        yield Shipped(TARGETS, row["code"], at, "target", texts=_both(row, row["source"]))
    articles = sorted({(row["treaty"], row["article"]) for row in rows(HERE, "treaty_links")}, key=_by_number)
    for treaty, article in articles:
        kind = WHOLE if article == WHOLE else "article"
        yield Shipped(treaty, article, int(_by_number((treaty, article))[1]), kind)


def shipped_links() -> Iterator[ShippedLink]:
    """Every link that is shipped; the mappings are proposals, and say so."""
    clusters: dict[str, list[str]] = {}
    for row in rows(LISTS, "provisions"):
        here = (POSITION, row["code"])
        for instrument, column in ((COMPACT, "gcm_objectives"), (TARGETS, "sdg")):
            for code in row[column].split():
                yield ShippedLink(here, (instrument, code), Link.Kind.CORRESPONDS, Link.Origin.PROPOSED, TO_CONFIRM)
        if row["cluster"]:
            clusters.setdefault(row["cluster"], []).append(row["code"])
    for row in rows(HERE, "treaty_links"):
        here, there = (POSITION, row["provision"]), (row["treaty"], row["article"])
        yield ShippedLink(here, there, Link.Kind.CORRESPONDS, Link.Origin.PROPOSED, FOR_A_LAWYER)
    for codes in clusters.values():
        for earlier, later in combinations(codes, 2):
            there = (POSITION, earlier)
            yield ShippedLink((POSITION, later), there, Link.Kind.REPEATS, Link.Origin.CURATED, BY_THE_SAME_IDEA)
    for row in rows(HERE, "tensions"):
        here, there = (POSITION, row["provision"]), (POSITION, row["other"])
        yield ShippedLink(here, there, Link.Kind.TENSION, Link.Origin.CURATED, row["source"])


def _position() -> Iterator[Shipped]:
    """The position of 2017: its sections, and in each its provisions, in the order of the text."""
    for at, row in enumerate(rows(LISTS, "provision_section"), start=1):
        yield Shipped(POSITION, row["code"], at, "section", texts=_both(row, row["source"]))
    for at, row in enumerate(rows(LISTS, "provisions"), start=1):
        details = {
            "system": row["system"],
            "software_role": row["role"],
            "actors": row["actors"].split(),
            "beneficiaries": row["beneficiaries"].split(),
            "cluster": row["cluster"],
            "lines": _place(row["seed_lines"]),
        }
        texts = _both(row, row["source"])
        yield Shipped(POSITION, row["code"], at, row["kind"], row["section"], texts, details)


def _both(row: dict[str, str], origin: str) -> tuple[tuple[str, str, str, str], ...]:
    role = _Words.PARAPHRASE.value
    return ("es", role, row["name_es"], origin), ("en", role, row["name_en"], origin)


def _place(lines: str) -> str:
    """247 for 247-247; other places as they are."""
    first, _, last = lines.partition("-")
    return first if first == last else lines


def _by_number(called: tuple[str, str]) -> tuple[str, int]:
    """Articles in the order of their numbers; what stands for the whole treaty first."""
    treaty, article = called
    return treaty, 0 if article == WHOLE else int(article.split("-")[0])


def _load_instruments() -> dict[str, Instrument]:
    shipped = rows(HERE, "instruments")
    fields = ("kind", "name_es", "name_en", "body_es", "body_en", "country", "source", "source_es")
    Instrument.objects.bulk_create(
        [
            Instrument(
                key=key_of(row["code"]),
                code=row["code"],
                adopted_on=day(row["adopted_on"]),
                in_force_on=day(row["in_force_on"]),
                **{name: row[name] for name in fields},
            )
            for row in shipped
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[*fields, "adopted_on", "in_force_on"],
    )
    return Instrument.objects.in_bulk([row["code"] for row in shipped], field_name="code")


def _load_provisions(shipped: list[Shipped], instruments: dict[str, Instrument]) -> dict[tuple[str, str], Provision]:
    """Store those that are missing and update those that nobody has edited; all of them, by what they are called."""
    stored = _stored()
    for with_parents in (False, True):
        level = [each for each in shipped if bool(each.parent) is with_parents]
        missing, changed = [], []
        for each in level:
            parent = stored[each.instrument, each.parent] if each.parent else None
            values = {"position": each.position, "kind": each.kind, "parent": parent, **each.details}
            found = stored.get(each.called)
            if found is None:
                key = key_of(each.instrument, each.code)
                missing.append(Provision(key=key, instrument=instruments[each.instrument], code=each.code, **values))
            elif found.version == 1 and any(getattr(found, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(found, name, value)
                changed.append(found)
        Provision.objects.bulk_create(missing)
        Provision.objects.bulk_update(changed, [*_EDITABLE, "lines"])
        if missing:
            stored = _stored()
    return stored


def _stored() -> dict[tuple[str, str], Provision]:
    found = Provision.objects.select_related("instrument", "parent")
    return {(each.instrument.code, each.code): each for each in found}


def _load_texts(shipped: Iterable[Shipped], stored: dict[tuple[str, str], Provision], now: datetime) -> int:
    """Add wordings that are missing, and a next version where the shipped words changed and nobody wrote others."""
    newest: dict[tuple[int, str, str], ProvisionText] = {}
    for text in ProvisionText.objects.order_by("version"):
        newest[text.provision_id, text.language, text.role] = text
    new = []
    for each in shipped:
        for language, role, words, origin in each.texts:
            provision = stored[each.called]
            before = newest.get((provision.pk, language, role))
            if before is not None and (before.written_by_id is not None or before.text == words):
                continue
            new.append(
                ProvisionText(
                    provision=provision,
                    language=language,
                    role=role,
                    version=before.version + 1 if before else 1,
                    text=words,
                    origin=origin,
                    why="shipped with a newer edition of Torogoz" if before else "",
                    written_at=now,
                )
            )
    ProvisionText.objects.bulk_create(new)
    return len(new)


def _load_flags(stored: dict[tuple[str, str], Provision]) -> None:
    fields = ("lines", "printed", "note_es", "note_en", "source")
    Flag.objects.bulk_create(
        [
            Flag(
                provision=stored[POSITION, row["provision"]],
                code=row["code"],
                **{name: row[name] for name in fields},
            )
            for row in rows(HERE, "flags")
        ],
        update_conflicts=True,
        unique_fields=["provision", "code"],
        update_fields=fields,
    )


def _load_links(shipped: Iterable[ShippedLink], stored: dict[tuple[str, str], Provision]) -> int:
    """Add the links that never were; one that somebody ended stays ended."""
    known = set(Link.objects.values_list("source_id", "target_id", "kind"))
    new = {}
    for each in shipped:
        source, target = stored[each.source], stored[each.target]
        at = (source.pk, target.pk, str(each.kind))
        if at not in known:
            new[at] = Link(source=source, target=target, kind=each.kind, origin=each.origin, why=each.why)
    Link.objects.bulk_create(new.values())
    return len(new)
