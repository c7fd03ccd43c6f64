"""Recommendations of treaty bodies that come in from a file: all of it or nothing; twice is as once."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from torogoz.exchange.readers.treaty_bodies import Observed, Read
from torogoz.shared.codelists.queries import names
from torogoz.shared.institutions.models import Officer
from torogoz.shared.provisions.actions import allowed
from torogoz.shared.provisions.imports import Change, Outcome, Tally, update
from torogoz.shared.provisions.models import Instrument, Link, Provision, ProvisionText, Recommendation
from torogoz.shared.provisions.queries import provisions_in, refused_suggestions, words_of
from torogoz.shared.provisions.shipped import NAMED_BY_SOURCE, TARGETS

CORRESPONDS: Final = Link.Kind.CORRESPONDS.value
COLUMNS: Final = {"published_on": "date", "issues": "themes"}
"""What the file calls a column that is called otherwise here."""


@transaction.atomic
def import_observations(*, by: Officer, read: Read, country: str, name: str, store: bool, now: datetime) -> Outcome:
    """Keep recommendations of treaty bodies, one instrument for each document.

    Each is known by its id in the source, or by its document and words. Words that changed become a new version; those
    that a later file leaves out stay. What the source says of targets becomes proposals that somebody has to confirm.

    store   False says what would change, and changes nothing
    raises  NotAllowed
    """
    decision, tally, proposals = allowed(by, now), Tally(), _Proposals()
    bodies: dict[str, Mapping[str, str]] = {language: names("MECHANISM", language) for language in ("es", "en")}
    for document in dict.fromkeys(row.document for row in read.rows):
        rows = [row for row in read.rows if row.document == document]
        instrument = _document(rows[0], country, name, bodies)
        found = Provision.objects.filter(instrument=instrument).select_related("recommendation")
        stored = {each.code: each for each in found}
        said = words_of(stored.values())
        for row in rows:
            before = stored.get(row.code)
            if before is None:
                made = stored[row.code] = _recommend(row, instrument, len(stored) + 1, name, now)
                proposals.add(made, row)
                tally.add(made, Change(row.line, row.code, "text", "", row.texts[0][1]))
                continue
            texts = {language: said[before.pk].source(language) for language, _ in row.texts}
            tally.compare(
                before,
                [*update(before.recommendation, _said(row), row, COLUMNS), *_reword(before, row, texts, name, now)],
            )
            proposals.add(before, row)
    proposals.make()
    return tally.finish(by, decision, store=store, now=now, left_out=read.left_out)


def _document(row: Observed, country: str, name: str, bodies: Mapping[str, Mapping[str, str]]) -> Instrument:
    body_es, body_en = (bodies[language].get(row.body, row.body) for language in ("es", "en"))
    kept, _ = Instrument.objects.get_or_create(
        code=re.sub(r"[^a-z0-9]+", "-", row.document.lower()).strip("-")[:40],
        defaults={
            "kind": Instrument.Kind.RECOMMENDATIONS,
            "name_es": f"{row.document}: recomendaciones recibidas ({row.body})",
            "name_en": f"{row.document}: recommendations received ({row.body})",
            "body_es": body_es,
            "body_en": body_en,
            "country": country,
            "source": f"imported from {name}"[:600],
        },
    )
    return kept


def _recommend(row: Observed, instrument: Instrument, position: int, name: str, now: datetime) -> Provision:
    provision = Provision.objects.create(instrument=instrument, code=row.code, position=position, kind="recommendation")
    for language, text in row.texts:
        _word(provision, row, language, text, 1, name, now)
    Recommendation.objects.create(
        provision=provision, mechanism=row.body, made_by=row.body, document=row.document, **_said(row)
    )
    return provision


def _word(
    provision: Provision, row: Observed, language: str, text: str, version: int, name: str, now: datetime
) -> None:
    id_in_source = f", annotation {row.annotation}" if row.annotation else ""
    ProvisionText.objects.create(
        provision=provision,
        language=language,
        role=ProvisionText.Role.SOURCE,
        version=version,
        text=text,
        origin=f"{name[:150]}, line {row.line}{id_in_source}",
        written_at=now,
    )


def _said(row: Observed) -> dict[str, Any]:
    """What may be said otherwise later, by the names of its columns."""
    return {
        "paragraph": row.paragraph,
        "published_on": row.published_on,
        "issues": list(row.themes),
        "persons": list(row.persons),
        "targets": list(row.targets),
    }


def _reword(
    provision: Provision, row: Observed, before: Mapping[str, ProvisionText | None], name: str, now: datetime
) -> list[Change]:
    """Add what the source now says otherwise, as the next version."""
    changes = []
    for language, text in row.texts:
        last = before[language]
        if last is None or last.text != text:
            _word(provision, row, language, text, last.version + 1 if last else 1, name, now)
            changes.append(Change(row.line, row.code, f"text_{language}", last.text if last else "", text))
    return changes


class _Proposals:
    """The targets of the register that the source names, to be proposed; what was ended or refused is not proposed
    again. What is stored is asked for once, however many rows there are."""

    def __init__(self) -> None:
        self._targets: dict[str, list[int]] = {}
        for code, target in provisions_in(TARGETS).values_list("code", "pk"):
            self._targets.setdefault(code, []).append(target)
        linked = Link.objects.filter(kind=CORRESPONDS, source__recommendation__isnull=False)
        self._decided = set(linked.values_list("source_id", "target_id"))
        self._decided |= {(source, target) for source, target, kind in refused_suggestions() if kind == CORRESPONDS}
        self._links: list[Link] = []

    def add(self, provision: Provision, row: Observed) -> None:
        """Gather what a row names."""
        for target in (each for code in row.target_codes for each in self._targets.get(code, ())):
            if (provision.pk, target) in self._decided:
                continue
            self._decided.add((provision.pk, target))
            self._links.append(
                Link(
                    source=provision,
                    target_id=target,
                    kind=CORRESPONDS,
                    origin=Link.Origin.PROPOSED,
                    why=NAMED_BY_SOURCE,
                )
            )

    def make(self) -> None:
        """Store what was gathered."""
        Link.objects.bulk_create(self._links)
