"""Files that come in: recommendations, and who is party to a treaty. All of a file or nothing; twice is as once."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from torogoz.domain.access import Decision, Verb
from torogoz.exchange.readers.recommendations import Recommended
from torogoz.exchange.readers.rows import RowRefused
from torogoz.exchange.readers.treaty_bodies import Observed
from torogoz.exchange.readers.treaty_status import Standing
from torogoz.shared.codelists.queries import countries
from torogoz.shared.institutions.models import Officer
from torogoz.shared.provisions.actions import allowed, note
from torogoz.shared.provisions.models import CountryStatus, Instrument, Provision, ProvisionText, Recommendation

SHOWN: Final = 200
COLUMNS: Final = {"answer": "Response", "action": "Action", "issues": "Issue"}
"""What the file of the periodic review calls a column."""


@dataclass(frozen=True)
class Change:
    """One thing that a file changes: on which line of it, of what, and from what to what. New: `before` is empty."""

    line: int
    code: str
    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Outcome:
    """What a file comes to: what is new, what changes, and how many rows say what is stored already.

    left_out   rows that are not for this register: why ("country", "body", "kind"), which, and how many
    """

    new: tuple[Change, ...]
    changed: tuple[Change, ...]
    same: int
    stored: bool
    left_out: tuple[tuple[str, str, int], ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether the file changes nothing."""
        return not (self.new or self.changed)

    @property
    def shown(self) -> tuple[Change, ...]:
        """The first of them, for a page."""
        return (*self.new, *self.changed)[:SHOWN]


@dataclass
class Tally:
    """What a file of recommendations comes to, gathered row by row."""

    new: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    touched: list[Provision] = field(default_factory=list)
    same: int = 0

    def add(self, made: Provision, change: Change) -> None:
        """One that is new."""
        self.touched.append(made)
        self.new.append(change)

    def compare(self, known: Provision, differences: Sequence[Change]) -> None:
        """One that is stored, and in what the file differs from it: then it is another version."""
        if differences:
            known.version += 1
            known.save(update_fields=["version"])
            self.touched.append(known)
        self.changed += differences
        self.same += not differences

    def finish(
        self,
        by: Officer,
        decision: Decision,
        *,
        store: bool,
        now: datetime,
        left_out: tuple[tuple[str, str, int], ...] = (),
    ) -> Outcome:
        """Note what was stored in the record of accesses, or take everything back; for the end of a transaction."""
        if self.touched and store:
            note(by, Verb.CREATE, "recommendation", self.touched, decision, now)
        transaction.set_rollback(not store)
        return Outcome(tuple(self.new), tuple(self.changed), self.same, store, left_out)


@transaction.atomic
def import_recommendations(
    *, by: Officer, rows: Sequence[Recommended], country: str, name: str, store: bool, now: datetime
) -> Outcome:
    """Keep recommendations with what the State answered, one instrument for each session.

    A recommendation is known by its session, who made it and its words; a file that comes again changes answers only.
    Those that a later file leaves out stay.

    store   False says what would change, and changes nothing
    raises  NotAllowed
    """
    decision, tally = allowed(by, now), Tally()
    for session in sorted({row.session for row in rows}):
        instrument = _session(session, country, name)
        stored = {
            each.code: each for each in Provision.objects.filter(instrument=instrument).select_related("recommendation")
        }
        for row in (row for row in rows if row.session == session):
            found = stored.get(row.code)
            if found is None:
                made = stored[row.code] = _recommendation(row, instrument, len(stored) + 1, name, now)
                tally.add(made, Change(row.line, row.code, "Text", "", row.text))
            else:
                tally.compare(found, update(found.recommendation, _said(row), row, COLUMNS))
    return tally.finish(by, decision, store=store, now=now)


@transaction.atomic
def import_statuses(
    *, by: Officer, instrument: Instrument, rows: Sequence[Standing], name: str, store: bool, now: datetime
) -> Outcome:
    """Keep what each country is to a treaty. A country that the file leaves out is not touched: it stays unknown.

    store   False says what would change, and changes nothing
    raises  RowRefused for what is no treaty, and for a country that the list AREA does not have; NotAllowed
    """
    decision = allowed(by, now)
    if instrument.kind != Instrument.Kind.TREATY:
        es, en = instrument.name_es, instrument.name_en
        raise RowRefused(
            1, "-", f"«{es}» no es un tratado: nadie es parte de él", f"“{en}” is no treaty: has no parties"
        )
    new: list[Change] = []
    changed: list[Change] = []
    known = {code for code, _ in countries("es")}
    stored = {each.country: each for each in CountryStatus.objects.filter(instrument=instrument)}
    same = 0
    for row in rows:
        if row.country not in known:
            raise RowRefused(
                row.line, "iso3", f"no hay ningún país {row.country}", f"there is no country {row.country}"
            )
        found = stored.get(row.country)
        said = f"{row.status} {row.year or ''}".strip()
        before = f"{found.status} {found.year or ''}".strip() if found else ""
        if before == said:
            same += 1
            continue
        entry = found or CountryStatus(instrument=instrument, country=row.country)
        entry.status, entry.year, entry.source = row.status, row.year, name[:300]
        entry.save()
        (changed if found else new).append(Change(row.line, row.country, "status", before, said))
    if (new or changed) and store:
        note(by, Verb.CREATE, "treaty_status", list(instrument.provisions.all()[:1]), decision, now)
    transaction.set_rollback(not store)
    return Outcome(tuple(new), tuple(changed), same, store)


def _session(session: int, country: str, name: str) -> Instrument:
    code = f"upr-{country.lower()}-{session}"
    kept, _ = Instrument.objects.get_or_create(
        code=code,
        defaults={
            "kind": Instrument.Kind.RECOMMENDATIONS,
            "name_es": f"Examen Periódico Universal, sesión {session}: recomendaciones recibidas",
            "name_en": f"Universal Periodic Review, session {session}: recommendations received",
            "body_es": "Consejo de Derechos Humanos",
            "body_en": "Human Rights Council",
            "country": country,
            "source": f"imported from {name}"[:600],
        },
    )
    return kept


def _recommendation(row: Recommended, instrument: Instrument, position: int, name: str, now: datetime) -> Provision:
    provision = Provision.objects.create(instrument=instrument, code=row.code, position=position, kind="recommendation")
    ProvisionText.objects.create(
        provision=provision,
        language="en",
        role=ProvisionText.Role.SOURCE,
        text=row.text,
        origin=f"{name}, line {row.line}"[:300],
        written_at=now,
    )
    Recommendation.objects.create(provision=provision, made_by=row.made_by, session=str(row.session), **_said(row))
    return provision


def _said(row: Recommended) -> dict[str, Any]:
    return {"answer": row.answer, "action": row.action, "issues": list(row.issues)}


def update(
    stored: Recommendation, said: Mapping[str, Any], row: Recommended | Observed, columns: Mapping[str, str]
) -> list[Change]:
    """Bring what a recommendation says by these names up to date; what changed.

    columns     what the file calls those that it calls otherwise
    """
    changes = []
    for field_name, value in said.items():
        before = getattr(stored, field_name)
        if before != value:
            column = columns.get(field_name, field_name)
            changes.append(Change(row.line, row.code, column, _shown(before), _shown(value)))
            setattr(stored, field_name, value)
    if changes:
        stored.save()
    return changes


def _shown(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def checksum(content: bytes) -> str:
    """The SHA-256 of a file: what was looked at is what is stored."""
    return hashlib.sha256(content).hexdigest()
