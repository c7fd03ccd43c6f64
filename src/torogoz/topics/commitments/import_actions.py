"""A catalogue that comes back: it is compared with what is stored, and all of the differences are kept, or none."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction

from torogoz.domain.access import Verb
from torogoz.domain.provisions import WordingRefused, check_reason, check_wording
from torogoz.exchange.readers.commitments import CatalogueRow
from torogoz.shared.codelists.queries import names
from torogoz.shared.institutions.models import Officer
from torogoz.shared.provisions import actions as provisions
from torogoz.shared.provisions import queries
from torogoz.shared.provisions.imports import Change, Outcome
from torogoz.shared.provisions.models import Instrument, Link, Provision, ProvisionText
from torogoz.shared.provisions.shipped import COMPACT, TARGETS
from torogoz.topics.commitments.catalogue_queries import article_code, catalogue_rows, linked_codes, text_shown

CODED: Final = {
    "kind": ("kind", "PROVISION_KIND"),
    "role": ("software_role", "PROVISION_ROLE"),
}
SEVERAL: Final = {"actors": "COMMITMENT_ACTOR", "beneficiaries": "COMMITMENT_BENEFICIARY"}
SYSTEMS: Final = frozenset(f"S{number}" for number in range(1, 18))
LINKED: Final = ("objectives", "targets", "articles")
LOCKED: Final = ("flags", "lines")


@dataclass
class _Work:
    """One import while it is made: who, why, when; the codes that may stand in it; what it came to."""

    by: Officer
    why: str
    now: datetime
    instrument: Instrument
    lists: dict[str, Collection[str]]
    targets: dict[str, dict[str, Provision]]
    sections: dict[str, Provision]
    new: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    touched: list[Provision] = field(default_factory=list)


@transaction.atomic
def import_catalogue(
    *, by: Officer, instrument: Instrument, rows: Sequence[CatalogueRow], why: str, store: bool, now: datetime
) -> Outcome:
    """Keep what a catalogue says otherwise than the register: wordings as new versions, links under the officer's name.

    Only the columns that the file has count. Flags and lines belong to the printed text: a file that changes them is
    refused. A provision that the file leaves out stays.

    store   False says what would change, and changes nothing
    raises  RowRefused, naming line and column; ReasonRefused, NotAllowed
    """
    decision = provisions.allowed(by, now)
    work = _work(by, instrument, check_reason(why), now)
    stored = {each.code: each for each in queries.commitments(instrument.code)}
    before = {row["code"]: row for row in catalogue_rows(instrument.code)}
    said = queries.words_of(stored.values())
    linked = dict(zip(LINKED, linked_codes(instrument.code), strict=True))
    same = 0
    for row in rows:
        done = len(work.new) + len(work.changed)
        found = stored.get(row.code)
        if found is None:
            found = _add(row, work, len(stored) + 1)
            stored[row.code] = found
            words, links = queries.Words({}), {}
        else:
            _check_locked(row, before[row.code])
            _edit(row, found, work)
            words, links = said[found.pk], {name: linked[name].get(found.pk, []) for name in LINKED}
        _word(row, found, words, work)
        _link(row, found, links, work)
        same += done == len(work.new) + len(work.changed)
    if work.touched and store:
        provisions.note(by, Verb.EDIT, "register", list(dict.fromkeys(work.touched)), decision, now)
    transaction.set_rollback(not store)
    return Outcome(tuple(work.new), tuple(work.changed), same, store)


def _work(by: Officer, instrument: Instrument, why: str, now: datetime) -> _Work:
    lists: dict[str, Collection[str]] = {name: names(codelist, "es") for name, (_, codelist) in CODED.items()}
    lists |= {name: names(codelist, "es") for name, codelist in SEVERAL.items()}
    referred = queries.referred_to()
    targets = {
        "objectives": {each.code: each for each in referred if each.instrument.code == COMPACT},
        "targets": {each.code: each for each in referred if each.instrument.code == TARGETS},
        "articles": {article_code(each): each for each in referred if each.instrument.code not in (COMPACT, TARGETS)},
    }
    sections = {each.code: each for each in queries.sections(instrument.code)}
    return _Work(by, why, now, instrument, lists, targets, sections)


def _add(row: CatalogueRow, work: _Work, position: int) -> Provision:
    for column in ("kind", "text_es", "text_en"):
        if not row.cells.get(column):
            raise row.refuse(column, "una disposición nueva lo necesita", "a new provision needs it")
    added = Provision(instrument=work.instrument, code=row.cells["code"], position=position)
    _set(row, added, work, lambda column, before, after: None)
    added.save()
    work.new.append(Change(row.line, added.code, "code", "", row.cells["text_es"]))
    work.touched.append(added)
    return added


def _edit(row: CatalogueRow, found: Provision, work: _Work) -> None:
    """Bring what stands beside the words of a provision up to date, as one edit of it."""
    done = len(work.changed)

    def told(column: str, before: str, after: str) -> None:
        work.changed.append(Change(row.line, found.code, column, before, after))

    _set(row, found, work, told)
    if len(work.changed) > done:
        found.version += 1
        found.save()
        work.touched.append(found)


def _set(row: CatalogueRow, provision: Provision, work: _Work, told: Callable[[str, str, str], None]) -> None:
    """Check and set every column that is not a wording or a link, and tell what differs."""
    for column, (attribute, _) in CODED.items():
        if column in row.cells:
            code = row.cells[column]
            if code and code not in work.lists[column]:
                raise _unknown(row, column, code)
            _replace(provision, attribute, code, column, told)
    if "system" in row.cells:
        if row.cells["system"] and row.cells["system"] not in SYSTEMS:
            raise _unknown(row, "system", row.cells["system"])
        _replace(provision, "system", row.cells["system"], "system", told)
    if "cluster" in row.cells:
        if len(row.cells["cluster"]) > 60:
            raise row.refuse("cluster", "es demasiado largo", "it is too long")
        _replace(provision, "cluster", row.cells["cluster"], "cluster", told)
    if "section" in row.cells:
        code = row.cells["section"]
        if code and code not in work.sections:
            raise _unknown(row, "section", code)
        over = queries.section_over(provision)
        before = over.code if over else ""
        if before != code:
            told("section", before, code)
            provision.parent = work.sections.get(code)
    for column in SEVERAL:
        if column in row.cells:
            codes = row.codes(column)
            for code in codes:
                if code not in work.lists[column]:
                    raise _unknown(row, column, code)
            before_codes: list[str] = getattr(provision, column)
            if set(before_codes) != set(codes):
                told(column, " ".join(before_codes), " ".join(codes))
                setattr(provision, column, list(codes))


def _replace(
    provision: Provision, attribute: str, after: str, column: str, told: Callable[[str, str, str], None]
) -> None:
    before = getattr(provision, attribute)
    if before != after:
        told(column, before, after)
        setattr(provision, attribute, after)


def _word(row: CatalogueRow, provision: Provision, said: queries.Words, work: _Work) -> None:
    """Add the next version of a wording that the file says otherwise. What is there is not erased by an empty cell."""
    for language in queries.LANGUAGES:
        column = f"text_{language}"
        shown, after = text_shown(said, language), row.cells[column]
        if after == shown:
            continue
        try:
            text = check_wording(after, None)
        except WordingRefused as why:
            raise row.refuse(column, why.explain("es"), why.explain("en")) from why
        before = said.paraphrase(language)
        written = ProvisionText(
            provision=provision,
            language=language,
            role=ProvisionText.Role.PARAPHRASE,
            version=before.version + 1 if before else 1,
            text=text,
            why=work.why,
            written_by=work.by,
            written_at=work.now,
        )
        written.save(force_insert=True)
        if said.texts:
            work.changed.append(Change(row.line, provision.code, column, shown, text))
            work.touched.append(provision)


def _link(row: CatalogueRow, provision: Provision, links: dict[str, list[str]], work: _Work) -> None:
    """Make the links that the file adds and end those that it leaves out, in the officer's name."""
    for column in LINKED:
        if column not in row.cells:
            continue
        known, before, after = work.targets[column], links.get(column, []), row.codes(column)
        for code in after:
            if code not in known:
                raise _unknown(row, column, code)
        for code in after:
            if code not in before:
                kind = Link.Kind.CORRESPONDS.value
                provisions.link(by=work.by, source=provision, target=known[code], kind=kind, why=work.why, now=work.now)
        for code in before:
            if code not in after:
                ended = queries.link_in_force(provision, known[code], Link.Kind.CORRESPONDS.value)
                provisions.end_link(by=work.by, ended=ended, why=work.why, now=work.now)
        if links and set(before) != set(after):
            work.changed.append(Change(row.line, provision.code, column, " ".join(before), " ".join(after)))


def _check_locked(row: CatalogueRow, before: dict[str, str]) -> None:
    for column in LOCKED:
        if column in row.cells and row.cells[column] != before[column]:
            raise row.refuse(
                column,
                "pertenece al texto impreso y no se cambia con un archivo",
                "it belongs to the printed text and is not changed by a file",
            )


def _unknown(row: CatalogueRow, column: str, code: str) -> Exception:
    return row.refuse(column, f"«{code[:40]}» no está en la lista", f"“{code[:40]}” is not on the list")
