"""Questions that were not asked again: of the facts that each section works with, how many stood there already.

A fact stands there when the header, or another section written before, has an answer to it that is not «no se sabe».
Unknown is not known: it may have to be asked once more, and is told apart.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Exists, OuterRef, Q, QuerySet

from torogoz.domain.access import REFUSED, Decision, Role, Verb
from torogoz.domain.conditions import UNKNOWN
from torogoz.domain.questions import SectionForm
from torogoz.shared.institutions.access import at, may, postings, visible, visible_sections
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.models import Identifier, Name, Section
from torogoz.shared.vault.sealing import Batch
from torogoz.statistics.forms.shipped import HEADER, current, form_of

FIELDS = {
    "arrived_at": ("encounter__occurred_at",),
    "sex": ("encounter__person__sex",),
    "birth": ("encounter__person__birth",),
    "nationality": ("encounter__person__nationality",),
    "returned_from": ("encounter__arrival__returned_from",),
    "route": ("encounter__arrival__route",),
    "accompanied": ("encounter__arrival__accompanied",),
    "origin": ("encounter__arrival__origin_department", "encounter__arrival__origin_district"),
    "destination": ("encounter__arrival__destination_department", "encounter__arrival__destination_district"),
    "reason": ("encounter__arrival__reason",),
    "needs": ("encounter__arrival__needs",),
    "pregnant": ("encounter__arrival__pregnant",),
    "disabled": ("encounter__arrival__disabled",),
    "injured": ("encounter__arrival__injured",),
}
"""The columns that answer a fact of the header; names and documents are rows. An empty list of needs is not known."""


@dataclass(frozen=True)
class Reused:
    """What one section found already there.

    written     how many were written
    needed      facts that they work with, all together
    known       those that stood there already
    missing     by fact, how many times it did not, the most frequent first
    """

    form: SectionForm
    written: int
    needed: int
    known: int
    missing: tuple[tuple[str, int], ...]


def supervises(officer: Officer, now: datetime) -> Decision:
    """On what ground the officer may see the counts: as a supervisor, of the people within reach."""
    for posting in postings(officer, now):
        if posting.role is Role.SUPERVISOR and (decision := may(officer, Verb.LIST, at(posting.office), None, now)):
            return decision
    return REFUSED


def reuse_seen_by(officer: Officer, first: datetime, end: datetime, now: datetime) -> list[Reused]:
    """By section of the officer's own institutions, written about arrivals from `first` until before `end`.

    Only people whom the officer may list count, and only sections that the officer may list tell what was there before.
    """
    own = {posting.institution for posting in postings(officer, now) if posting.role is Role.SUPERVISOR}
    days = Q(encounter__occurred_at__gte=first, encounter__occurred_at__lt=end)
    open_to_list = Section.objects.filter(visible_sections(officer, Verb.LIST, now)).values("pk")
    met = Section.objects.filter(visible(officer, Verb.LIST, now, through="encounter__")).values("pk")
    seen = Section.objects.filter(days, pk__in=open_to_list).filter(pk__in=met)
    written = [each for each in _found(seen, also=seen) if each.institution in own]
    return [_counted(code, list(group)) for code, group in groupby(_in_order(written), key=lambda each: each.code)]


def reuse_lines(cut_off: datetime) -> list[tuple[int, str, str]]:
    """The door to statistics (`statistics.returns.reuse_rows`): the sections of later institutions, before `cut_off`.

    returns  encounter, code of the section, and Y when all that it works with was known already, N when not all was
    """
    written = Section.objects.filter(encounter__occurred_at__lt=cut_off, recorded_at__lt=cut_off)
    return [
        (each.encounter, each.code, "Y" if each.needs == each.known else "N")
        for each in _found(written, also=written)
        if each.institution != HEADER.institution
    ]


@dataclass(frozen=True)
class _Written:
    encounter: int
    code: str
    version: int
    institution: str
    needs: frozenset[str]
    known: frozenset[str]


def _found(sections: QuerySet[Section], *, also: QuerySet[Section]) -> Iterator[_Written]:
    """The sections of arrivals, each with what it needs and what of it was there; `also` may tell it."""
    columns = sorted({name for names in FIELDS.values() for name in names})
    held = sections.filter(encounter__arrival__isnull=False).annotate(
        named=Exists(Name.objects.filter(person=OuterRef("encounter__person"))),
        documented=Exists(Identifier.objects.filter(person=OuterRef("encounter__person"))),
    )
    told = _answered_elsewhere(also)
    found = held.order_by("pk").values(
        "encounter_id", "code", "form_version", "institution__code", "recorded_at", "named", "documented", *columns
    )
    for row in found.iterator():
        needs = form_of(row["code"], row["form_version"]).needs
        before = {
            fact for fact, recorded_at in told.get(row["encounter_id"], {}).items() if recorded_at <= row["recorded_at"]
        }
        known = needs & (_header_facts(row) | before)
        yield _Written(row["encounter_id"], row["code"], row["form_version"], row["institution__code"], needs, known)


def _header_facts(row: Mapping[str, object]) -> frozenset[str]:
    """The facts of the header that are known."""
    known = {fact for fact, names in FIELDS.items() if any(row[name] not in ("", UNKNOWN, [], None) for name in names)}
    rows = {fact for fact, there in (("name", row["named"]), ("document", row["documented"])) if there}
    return frozenset(known | rows)


def _answered_elsewhere(sections: QuerySet[Section]) -> dict[int, dict[str, datetime]]:
    """By encounter, the questions of other sections that some section works with, and when they were answered."""
    wanted = {fact for form in current() for fact in form.needs} - HEADER.codes
    asking = {form.code for form in current() if wanted & {question.code for question in form.questions}}
    batch = Batch()
    told: dict[int, dict[str, datetime]] = {}
    for section in sections.filter(code__in=asking).select_related("institution").iterator():
        for fact, answer in section.answers_in(batch).items():
            if fact in wanted and answer not in (UNKNOWN, [UNKNOWN], "", []):
                told.setdefault(section.encounter_id, {})[fact] = section.recorded_at
    return told


def _in_order(written: Iterable[_Written]) -> list[_Written]:
    order = [form.code for form in current()]
    return sorted(written, key=lambda each: order.index(each.code))


def _counted(code: str, written: list[_Written]) -> Reused:
    missing: dict[str, int] = {}
    for each in written:
        for fact in each.needs - each.known:
            missing[fact] = missing.get(fact, 0) + 1
    return Reused(
        form=next(form for form in current() if form.code == code),
        written=len(written),
        needed=sum(len(each.needs) for each in written),
        known=sum(len(each.known) for each in written),
        missing=tuple(sorted(missing.items(), key=lambda pair: (-pair[1], pair[0]))),
    )
