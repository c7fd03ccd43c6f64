"""What an export holds: the people whom a supervisor may export, with the columns that the policy opens."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

import polars as pl
from django.db.models import QuerySet, Sum
from django.utils import timezone

from torogoz.domain.access import Decision, Verb
from torogoz.domain.exports import COUNTED, State, needs_second, state_at
from torogoz.domain.names import PARTS
from torogoz.domain.questions import SectionForm, readable
from torogoz.domain.sections import IDENTITY
from torogoz.exchange.htcds.mapping import as_htcds
from torogoz.shared.codelists.queries import with_lists
from torogoz.shared.exports.models import Export, ExportRequest
from torogoz.shared.institutions.access import at, may, postings, seats, visible, visible_sections
from torogoz.shared.institutions.models import Officer
from torogoz.shared.people.models import Encounter, Person, Section
from torogoz.shared.people.queries import names_of
from torogoz.shared.vault.sealing import Batch
from torogoz.statistics.forms.shipped import form_of

MOST_ROWS = 20_000
MOST_REQUESTS = 100
ALWAYS = ("person", "encounter", "met_at", "office", "institution", *PARTS, "aliases")
OF_IDENTITY = ("sex", "birth", "nationality", "documents")


class TooManyRows(Exception):
    """More encounters than are exported at once. Nothing was made."""


@dataclass(frozen=True)
class Exported:
    """The rows, one per encounter; the same in the fields of HTCDS, one per person; whose they are, and the sections
    that they disclose, for the record of accesses."""

    frame: pl.DataFrame
    cases: tuple[dict[str, str], ...]
    people: tuple[UUID, ...]
    sections: tuple[str, ...]


def may_export(officer: Officer, now: datetime) -> Decision | None:
    """On what ground the officer may export people at all: as a supervisor, of the own office at least."""
    for posting in postings(officer, now):
        if decision := may(officer, Verb.EXPORT, at(posting.office), None, now):
            return decision
    return None


def exported(officer: Officer, since: date, until: date, now: datetime, language: str) -> Exported:
    """The encounters from `since` to `until` (days in El Salvador, both included) that the officer may export.

    A column that the policy does not open for a person is empty in her row; one that it opens for nobody is not there.
    Raises TooManyRows.
    """
    met = _encounters(officer, since, until, now)
    if len(met) > MOST_ROWS:
        raise TooManyRows(f"{len(met):,} encounters; {MOST_ROWS:,} are exported at once")
    identified = set(
        Encounter.objects.filter(visible(officer, Verb.EXPORT, now, through="", section=IDENTITY))
        .filter(occurred_at__range=_bounds(since, until))
        .values_list("person_id", flat=True)
    )
    batch = Batch()
    answers, codes = _answers(officer, met, now, language, batch)
    rows = [
        {**_whose(each), **(_identity(each.person, batch) if each.person_id in identified else {}), **answers[each.pk]}
        for each in met
    ]
    asked = sorted({name for row in answers.values() for name in row})
    columns = [*ALWAYS, *(OF_IDENTITY if identified else ()), *asked]
    opened = {name.split(".")[0] for name in asked} | ({IDENTITY} if identified else set())
    return Exported(
        pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String)),
        _cases(met, identified, codes, batch),
        tuple(dict.fromkeys(each.person.key for each in met)),
        tuple(sorted(opened)),
    )


def export_made_by(officer: Officer, key: UUID, now: datetime) -> Export | None:
    """The export with this key, if the officer made it, may still export, and it may still be fetched."""
    made = Export.objects.filter(key=key, officer=officer, until__gt=now).select_related("institution").first()
    return made if made and may_export(officer, now) and made.path.exists() else None


def asks_for_second(officer: Officer, people: int, now: datetime) -> bool:
    """Whether a file of so many people is made only once a second officer approved it."""
    alone = Export.objects.filter(officer=officer, request__isnull=True, made_at__gt=now - COUNTED)
    reach = Encounter.objects.filter(visible(officer, Verb.EXPORT, now, through=""))
    return needs_second(
        people,
        lately=alone.aggregate(people=Sum("people"))["people"] or 0,
        everybody=reach.values("person").distinct().count(),
    )


def requests_seen_by(officer: Officer, now: datetime) -> list[tuple[ExportRequest, State]]:
    """What was asked for in the institutions where the officer approves, with where it stands, the newest first."""
    found = ExportRequest.objects.filter(institution__code__in=seats(officer, Verb.AGREE, now))
    related = found.select_related("officer", "institution", "decided_by").order_by("-asked_at", "-pk")
    return [(one, standing(one, now)) for one in related[:MOST_REQUESTS]]


def request_seen_by(officer: Officer, key: UUID, now: datetime) -> ExportRequest | None:
    """The request with this key; None when the officer may not know that there is one."""
    return ExportRequest.objects.filter(key=key, institution__code__in=seats(officer, Verb.AGREE, now)).first()


def standing(asked: ExportRequest, now: datetime) -> State:
    """Where a request stands at `now`."""
    return state_at(State(asked.state), asked.asked_at, asked.decided_at, now)


def waiting_exports(officer: Officer, now: datetime) -> int:
    """How many requests wait for this officer's approval, or are approved and wait to be made: shown in the menu."""
    return sum(
        (state is State.ASKED and one.officer_id != officer.pk)
        or (state is State.APPROVED and one.officer_id == officer.pk)
        for one, state in requests_seen_by(officer, now)
    )


def expired(now: datetime) -> QuerySet[Export]:
    """The exports whose archives are to be removed."""
    return Export.objects.filter(until__lte=now)


def _bounds(since: date, until: date) -> tuple[datetime, datetime]:
    zone = timezone.get_default_timezone()
    last = datetime.combine(until + timedelta(days=1), time(), zone) - timedelta(microseconds=1)
    return datetime.combine(since, time(), zone), last


def _encounters(officer: Officer, since: date, until: date, now: datetime) -> list[Encounter]:
    within = Encounter.objects.filter(visible(officer, Verb.EXPORT, now, through=""))
    found = within.filter(occurred_at__range=_bounds(since, until)).order_by("occurred_at", "pk")
    related = found.select_related("person", "office", "institution")
    return list(related.prefetch_related("person__names", "person__identifiers__institution")[: MOST_ROWS + 1])


def _whose(encounter: Encounter) -> dict[str, str]:
    name, aliases = names_of(encounter.person)
    return {
        "person": str(encounter.person.key),
        "encounter": str(encounter.key),
        "met_at": f"{timezone.localtime(encounter.occurred_at):%Y-%m-%d %H:%M}",
        "office": encounter.office.code,
        "institution": encounter.institution.code,
        **{part: getattr(name, part) for part in PARTS},
        "aliases": "; ".join(aliases),
    }


def _identity(person: Person, batch: Batch) -> dict[str, str]:
    documents = (f"{each.kind} {each.issuer} {each.number_in(batch)}" for each in person.identifiers.all())
    return {
        "sex": person.sex,
        "birth": person.birth,
        "nationality": person.nationality,
        "documents": "; ".join(documents),
    }


def _answers(
    officer: Officer, met: Iterable[Encounter], now: datetime, language: str, batch: Batch
) -> tuple[dict[int, dict[str, str]], dict[int, dict[str, object]]]:
    """By encounter, the answers of the sections that may be exported: in words as section.question, and as codes."""
    codes: dict[int, dict[str, object]] = {each.pk: {} for each in met}
    answers: dict[int, dict[str, str]] = {each.pk: {} for each in met}
    forms: dict[tuple[str, int], SectionForm] = {}
    allowed = Section.objects.filter(visible_sections(officer, Verb.EXPORT, now)).values("pk")
    stored = Section.objects.filter(pk__in=allowed, encounter__in=answers).select_related("institution")
    for section in stored.order_by("pk").iterator():
        key = section.code, section.form_version
        if key not in forms:
            forms[key] = with_lists(form_of(*key)).for_readers()
        form = forms[key]
        ours = {question.code for question in form.questions}
        opened = {code: said for code, said in section.answers_in(batch).items() if code in ours}
        codes[section.encounter_id] |= opened
        lines = readable(form, opened, language)
        words = zip(form.questions, lines, strict=True)
        answers[section.encounter_id] |= {f"{section.code}.{question.code}": said for question, (_, said) in words}
    return answers, codes


def _cases(
    met: Iterable[Encounter], identified: Collection[int], codes: Mapping[int, Mapping[str, object]], batch: Batch
) -> tuple[dict[str, str], ...]:
    """The people in the fields of HTCDS, by their newest encounter; no more than the rows say of them."""
    cases: dict[int, dict[str, str]] = {}
    for encounter in met:
        person = encounter.person
        name, _aliases = names_of(person)
        known: dict[str, object] = {part: getattr(name, part) for part in PARTS}
        if person.pk in identified:
            known |= {"sex": person.sex, "birth": person.birth, "nationality": person.nationality}
            known["document"] = next((each.number_in(batch) for each in person.identifiers.all()), "")
        cases[person.pk] = as_htcds(known, codes[encounter.pk])
    return tuple(cases.values())
