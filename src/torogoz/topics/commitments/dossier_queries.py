"""All that is public about one commitment, and about all of them by objective of the Compact: for documents.

    dossier(commitment, now)        one commitment
    review(first, last, now)        the whole position, as it is reported on for a period

Both are plain values, made from what is public at `now` and nothing else: the same at any later time they are asked for
the same moment, apart from releases and wordings that came since. What is missing is named, never filled in.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.utils import timezone

from torogoz.shared.provisions import queries as provisions
from torogoz.shared.provisions.models import Flag, Link, Provision
from torogoz.shared.provisions.shipped import COMPACT, POSITION
from torogoz.statistics.deliberation.progress import Status
from torogoz.topics.commitments.models import Responsibility
from torogoz.topics.commitments.public_queries import body_of, public_duties, public_follow_up
from torogoz.topics.commitments.published import Body, DutyLine, FollowUp


class Missing(StrEnum):
    """What there is not, of a commitment."""

    RESPONSIBLE = "responsible"
    MEASURE = "measure"
    TARGET = "target"
    READING = "reading"
    REPORT = "report"
    ASSESSMENT = "assessment"


@dataclass(frozen=True)
class Wording:
    """The newest wording in one language and one role: source, paraphrase or translation."""

    language: str
    role: str
    text: str
    origin: str
    machine: bool


@dataclass(frozen=True)
class Note:
    """A flag of the printed text, with its note."""

    code: str
    printed: str
    note_es: str
    note_en: str
    lines: str


@dataclass(frozen=True)
class Related:
    """A link to another provision, with where it comes from: curated, proposed or confirmed."""

    kind: str
    instrument: str
    code: str
    title_es: str
    title_en: str
    origin: str


@dataclass(frozen=True)
class Answers:
    """That an institution leads or supports it, since when and until when."""

    body: Body
    role: str
    valid_from: date
    valid_until: date | None
    ground: str


@dataclass(frozen=True)
class Dossier:
    """One commitment with all that is public about it."""

    key: UUID
    code: str
    kind: str
    instrument: str
    instrument_es: str
    instrument_en: str
    section_es: str
    section_en: str
    title_es: str
    title_en: str
    wordings: tuple[Wording, ...]
    notes: tuple[Note, ...]
    related: tuple[Related, ...]
    answers: tuple[Answers, ...]
    follow_up: FollowUp
    duties: tuple[DutyLine, ...]
    missing: tuple[Missing, ...]
    as_of: datetime

    @property
    def made_up(self) -> bool:
        """Whether anything that follows it belongs to the demonstration country."""
        found = self.follow_up
        return any(
            each.made_up for rows in (found.measures, found.series, found.reports, found.assessments) for each in rows
        )


@dataclass(frozen=True)
class ObjectiveReview:
    """One objective of the adopted Compact and the commitments that correspond to it; there may be none.

    A commitment stands under every objective that it corresponds to: the numbers of objectives are not added up.
    """

    code: str
    title_es: str
    title_en: str
    dossiers: tuple[Dossier, ...]

    @property
    def official(self) -> Mapping[Status, int]:
        """How many commitments have each official status."""
        return Counter(each.follow_up.official for each in self.dossiers)

    @property
    def assessed(self) -> Mapping[Status, int]:
        """How many findings of independent bodies there are of each status."""
        return Counter(line.status for each in self.dossiers for line in each.follow_up.independent)

    @property
    def computed(self) -> Mapping[Status, int]:
        """How many bound series say each status."""
        return Counter(line.status for each in self.dossiers for line in each.follow_up.series)


@dataclass(frozen=True)
class Review:
    """A period of reporting: the commitments of the position by objective, and those that correspond to none.

    Reports are those of the cycles that touch the period; measures, readings and assessments are those public at
    `as_of`.
    """

    first: date
    last: date
    as_of: datetime
    objectives: tuple[ObjectiveReview, ...]
    without_objective: tuple[Dossier, ...]

    @property
    def dossiers(self) -> tuple[Dossier, ...]:
        """Every commitment once, in the order of the position."""
        found = {each.key: each for objective in self.objectives for each in objective.dossiers}
        found |= {each.key: each for each in self.without_objective}
        return tuple(sorted(found.values(), key=lambda each: each.code))

    @property
    def made_up(self) -> bool:
        return any(each.made_up for each in self.dossiers)


def dossier(commitment: Provision, now: datetime) -> Dossier:
    """One commitment with all that is public about it at a moment."""
    return dossiers([commitment], now)[0]


def review(first: date, last: date, now: datetime) -> Review:
    """The national position by objective of the adopted Compact, as reported on for a period."""
    found = dossiers(provisions.commitments(POSITION), now)
    told = {each.key: _of_period(each, first, last) for each in found}
    by_objective: dict[str, list[Dossier]] = defaultdict(list)
    for each in told.values():
        for related in each.related:
            if related.instrument == COMPACT and related.kind == Link.Kind.CORRESPONDS:
                by_objective[related.code].append(each)
    objectives = list(provisions.objectives())
    words = provisions.words_of(objectives)
    placed = {each.key for rows in by_objective.values() for each in rows}
    return Review(
        first,
        last,
        now,
        tuple(
            ObjectiveReview(
                each.code,
                _title(words[each.pk], "es"),
                _title(words[each.pk], "en"),
                tuple(dict.fromkeys(by_objective[each.code])),
            )
            for each in objectives
        ),
        tuple(each for each in told.values() if each.key not in placed),
    )


def dossiers(commitments: Iterable[Provision], now: datetime) -> list[Dossier]:
    """The dossiers of these commitments, in their order: a fixed number of queries."""
    found = list(commitments)
    keys = [each.pk for each in found]
    followed = public_follow_up(found, now)
    sections = [each.parent for each in found if each.parent is not None]
    links = _links(keys)
    others = [link.target for rows in links.values() for link in rows]
    words = provisions.words_of([*found, *sections, *others])
    notes, answers = _notes(keys), _answers(keys, timezone.localdate(now))
    duties: dict[UUID, list[DutyLine]] = defaultdict(list)
    for duty in public_duties(now):
        duties[duty.provision].append(duty)
    return [
        _one(each, words, followed[each.pk], notes[each.pk], links[each.pk], answers[each.pk], duties[each.key], now)
        for each in found
    ]


def _one(
    provision: Provision,
    words: Mapping[int, provisions.Words],
    followed: FollowUp,
    notes: list[Note],
    links: list[Link],
    answers: list[Answers],
    duties: list[DutyLine],
    now: datetime,
) -> Dossier:
    own, section = words[provision.pk], provision.parent
    return Dossier(
        key=provision.key,
        code=provision.code,
        kind=provision.kind,
        instrument=provision.instrument.code,
        instrument_es=provision.instrument.name_es,
        instrument_en=provision.instrument.name_en,
        section_es=_title(words[section.pk], "es") if section else "",
        section_en=_title(words[section.pk], "en") if section else "",
        title_es=_title(own, "es"),
        title_en=_title(own, "en"),
        wordings=tuple(
            Wording(text.language, text.role, text.text, text.origin, text.machine) for text in own.texts.values()
        ),
        notes=tuple(notes),
        related=tuple(
            Related(
                link.kind,
                link.target.instrument.code,
                link.target.code,
                _title(words[link.target_id], "es"),
                _title(words[link.target_id], "en"),
                link.origin,
            )
            for link in links
        ),
        answers=tuple(answers),
        follow_up=followed,
        duties=tuple(duties),
        missing=_missing(followed, answers, timezone.localdate(now)),
        as_of=now,
    )


def _missing(followed: FollowUp, answers: list[Answers], today: date) -> tuple[Missing, ...]:
    in_force = [each for each in answers if each.valid_until is None or today < each.valid_until]
    gaps = {
        Missing.RESPONSIBLE: not in_force,
        Missing.MEASURE: not followed.measures,
        Missing.TARGET: followed.without_target,
        Missing.READING: not any(each.readings for each in followed.series),
        Missing.REPORT: not followed.reports,
        Missing.ASSESSMENT: not followed.assessments,
    }
    return tuple(what for what, missing in gaps.items() if missing)


def _of_period(found: Dossier, first: date, last: date) -> Dossier:
    """The same with the reports of the cycles that touch a period, and no others."""
    reports = tuple(each for each in found.follow_up.reports if each.covers_from <= last and each.covers_until >= first)
    followed = replace(found.follow_up, reports=reports)
    missing = tuple(what for what in Missing if what in found.missing or (what is Missing.REPORT and not reports))
    return replace(found, follow_up=followed, missing=missing)


def _links(keys: list[int]) -> Mapping[int, list[Link]]:
    found: dict[int, list[Link]] = defaultdict(list)
    rows = Link.objects.filter(source__in=keys, ended_at__isnull=True).select_related("target__instrument")
    for each in rows.order_by("target__instrument__code", "target__position", "pk"):
        found[each.source_id].append(each)
    return found


def _notes(keys: list[int]) -> Mapping[int, list[Note]]:
    found: dict[int, list[Note]] = defaultdict(list)
    for each in Flag.objects.filter(provision__in=keys).order_by("code"):
        found[each.provision_id].append(Note(each.code, each.printed, each.note_es, each.note_en, each.lines))
    return found


def _answers(keys: list[int], today: date) -> Mapping[int, list[Answers]]:
    found: dict[int, list[Answers]] = defaultdict(list)
    held = Responsibility.objects.filter(provision__in=keys, valid_from__lte=today).select_related("institution")
    for each in held.order_by("role", "valid_from", "institution__code"):
        found[each.provision_id].append(
            Answers(body_of(each.institution, today), each.role, each.valid_from, each.valid_until, each.ground)
        )
    return found


def _title(words: provisions.Words, language: str) -> str:
    best = words.best(language)
    return best.text if best else ""
