"""What may be read of people: by whom, how much, and never more than the policy says.

A key that is not stored and a person whom the officer may not see give the same answer: None.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from torogoz.domain.access import Limit, Subject, Tier, Verb
from torogoz.domain.birthdates import PartialDate
from torogoz.domain.documents import fold_number
from torogoz.domain.names import PARTS, PersonName
from torogoz.domain.questions import Answers, SectionForm, readable
from torogoz.domain.sections import IDENTITY, MIGRATION
from torogoz.shared.codelists.queries import with_lists
from torogoz.shared.institutions.access import limits_on, may, sections, visible, visible_sections
from torogoz.shared.institutions.models import Office, Officer
from torogoz.shared.institutions.once import asked_once
from torogoz.shared.people.likeness import Reason
from torogoz.shared.people.merged import merged_into, standing_for
from torogoz.shared.people.models import HASHED_AS, Correction, Encounter, Name, Person, Section
from torogoz.shared.people.search import Candidate, found
from torogoz.shared.people.weighing import Who, agreeing, differs_in, held
from torogoz.shared.vault.keyring import CannotOpen
from torogoz.shared.vault.sealing import Batch, keyed_hashes
from torogoz.statistics.forms.shipped import current, form_of
from torogoz.statistics.linkage.comparison import Comparison

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Document:
    """A document as it is shown."""

    kind: str
    number: str
    issuer: str


@dataclass(frozen=True)
class IdentitySeen:
    """What an officer may know of who a person is.

    whole       False for an officer of logistics, who learns the name and nothing else: then the rest is empty
    """

    name: PersonName
    aliases: tuple[str, ...]
    whole: bool
    sex: str = ""
    birth: str = ""
    nationality: str = ""
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True)
class SectionSeen:
    """A section that may be shared with the officer: what it says, who recorded it and when.

    shut        whether its answers do not open, their key being lost: then there are none, and nobody writes over them
    """

    section: Section
    form: SectionForm
    institution: str
    recorded_by: str
    recorded_at: datetime
    version: int
    may_write: bool
    answers: Answers
    shut: bool = False

    def lines(self, language: str) -> list[tuple[str, str]]:
        """Each question and its answer in words, under the form that it was written with."""
        return readable(self.form, self.answers, language)


@dataclass(frozen=True)
class SectionsSeen:
    """What an officer may read of an encounter, and which sections the officer's institution has yet to write."""

    shared: tuple[SectionSeen, ...]
    to_write: tuple[SectionForm, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of what is shown, for the record of accesses."""
        return tuple(seen.form.code for seen in self.shared)


def person_seen_by(officer: Officer, key: UUID | str, now: datetime, *, eliminated: bool = False) -> Person | None:
    """The person with this key, with names and documents; None when the officer may not know that there is one.

    The key of a record that was merged leads to the one into which it was merged.

    eliminated  True gives the record of somebody whose data were eliminated too, for the page that says so: there is
                nothing to be done with it, so everywhere else it is as if it were not there
    """
    within = Encounter.objects.filter(visible(officer, Verb.VIEW, now, through="")).values("person")
    standing = standing_for(key)
    found = Person.objects.filter(pk=standing) if standing else Person.objects.filter(key=key)
    if not eliminated:
        found = found.filter(shell=False)
    return found.filter(pk__in=within).prefetch_related("names", "identifiers__institution").first()


def identity_seen_by(officer: Officer, person: Person, now: datetime) -> IdentitySeen:
    """Who a visible person is, as far as the officer may know it."""
    name, aliases = names_of(person)
    if not may(officer, Verb.VIEW, subject_of(person), IDENTITY, now):
        return IdentitySeen(name, (), whole=False)
    batch = Batch()
    documents = tuple(
        Document(document.kind, document.number_seen(batch), document.issuer) for document in person.identifiers.all()
    )
    return IdentitySeen(
        name,
        (*aliases, *names_merged(person, but=(str(name), *aliases))),
        whole=True,
        sex=person.sex,
        birth=person.birth,
        nationality=person.nationality,
        documents=documents,
    )


def may_correct(officer: Officer, person: Person, now: datetime) -> bool:
    """Whether the officer may correct who this person is."""
    return bool(may(officer, Verb.EDIT, subject_of(person), IDENTITY, now))


def may_register(officer: Officer, office: Office, now: datetime) -> bool:
    """Whether the officer may register somebody who stands at `office`."""
    return bool(may(officer, Verb.CREATE, Subject(frozenset({office.pk}), frozenset()), IDENTITY, now))


@dataclass(frozen=True)
class CorrectionSeen:
    """One correction: what stood before and what it made, as `details_of` gives them, why, by whom."""

    before: dict[str, Any]
    after: dict[str, Any]
    reason: str
    note: str
    corrected_by: str
    institution: str
    corrected_at: datetime


def details_of(person: Person) -> dict[str, Any]:
    """Who the person is said to be: the parts of the name, aliases (a list), sex, birth, nationality."""
    name, aliases = names_of(Person.objects.prefetch_related("names").get(pk=person.pk))
    return {
        **{part: getattr(name, part) for part in PARTS},
        "aliases": list(aliases),
        "sex": person.sex,
        "birth": person.birth,
        "nationality": person.nationality,
    }


def corrections_seen_by(officer: Officer, person: Person, now: datetime) -> list[CorrectionSeen]:
    """The corrections of a person whose identity the officer may read, the newest first; none to others."""
    if not may(officer, Verb.VIEW, subject_of(person), IDENTITY, now):
        return []
    after, seen = details_of(person), []
    stored = Correction.objects.filter(person=person).select_related("corrected_by", "institution")
    for one in stored.order_by("-version"):
        seen.append(
            CorrectionSeen(
                one.before,
                after,
                one.reason,
                one.note,
                one.corrected_by.full_name,
                one.institution.code,
                one.corrected_at,
            )
        )
        after = one.before
    return seen


@asked_once
def encounters_seen_by(officer: Officer, person: Person, now: datetime) -> list[Encounter]:
    """The person's encounters within the officer's reach, and those with a section open to the officer; newest first.

    That a person also went somewhere else, to a shelter say, stays unknown.
    """
    # A consent or broken glass opens a journey only where it opens the migration interview.
    by_reach = visible(officer, Verb.VIEW, now, through="", granted=False)
    by_grant = visible(officer, Verb.VIEW, now, through="", section=MIGRATION)
    reached = Encounter.objects.filter(by_reach | by_grant).values("pk")
    opened = Section.objects.filter(visible_sections(officer, Verb.VIEW, now)).values("encounter")
    own = Encounter.objects.filter(person=person)
    keys = own.filter(pk__in=reached).values("pk").union(own.filter(pk__in=opened).values("pk"))
    return list(
        Encounter.objects.filter(pk__in=[row["pk"] for row in keys])
        .select_related("office", "institution", "person")
        .order_by("-occurred_at", "-pk")
    )


def encounter_seen_by(officer: Officer, key: UUID | str, now: datetime) -> Encounter | None:
    """The encounter with this key, with its person; None when the officer may not know that there is one."""
    encounter = Encounter.objects.filter(key=key).select_related("person").first()
    # A key of nothing takes the steps of a key that is refused, so that the time tells neither.
    if person_seen_by(officer, encounter.person.key if encounter else key, now) is None or encounter is None:
        return None
    return next((seen for seen in encounters_seen_by(officer, encounter.person, now) if seen == encounter), None)


def sections_seen_by(officer: Officer, encounter: Encounter, now: datetime) -> SectionsSeen:
    """What the officer may read of an encounter, and what the officer may add to it.

    A section that the officer may not read is not hinted at: neither in what is shown nor in what is left to write.
    """
    allowed = Section.objects.filter(visible_sections(officer, Verb.VIEW, now), encounter=encounter).values("pk")
    stored = Section.objects.filter(pk__in=allowed).select_related("institution", "recorded_by").order_by("pk")
    order = [form.code for form in current()]
    batch = Batch()
    shared = tuple(
        _as_seen(section, _may_rewrite(officer, encounter, section, now), batch)
        for section in sorted(stored, key=lambda section: order.index(section.code))
    )
    written = {seen.form.code for seen in shared}
    ordinary = sections(officer, Verb.CREATE, subject_of(encounter.person), now)
    protected = sections(officer, Verb.CREATE, subject_of_section(encounter, Tier.PROTECTED), now)
    to_write = tuple(
        form
        for form in current()
        if form.code in (protected if form.tier >= Tier.PROTECTED else ordinary) and form.code not in written
    )
    return SectionsSeen(shared, to_write)


def with_document(people: QuerySet[Person], document: str) -> QuerySet[Person]:
    """Of these people, those who have a document with exactly this number, with or without hyphens."""
    hashes = keyed_hashes(HASHED_AS, fold_number(document))
    return people.filter(identifiers__hashed__in=hashes).distinct()


MOST_FOUND = 10
"""How many a search gives, unless it is asked for another number."""


def search_seen_by(
    officer: Officer,
    *,
    name: str = "",
    document: str = "",
    birth_year: int | None = None,
    now: datetime,
    limit: int = MOST_FOUND,
) -> list[Candidate]:
    """The people among those the officer may see who are likeliest to be the one described, the likeliest first.

    name        words in any order, with or without accents; short names, words spelt by ear, one letter wrong
    document    a number with or without hyphens
    birth_year  as said; up to two years off still counts
    Whoever the officer may not see changes neither who is found, nor the order, nor the scores.
    """
    visible_encounters = Encounter.objects.filter(visible(officer, Verb.SEARCH, now, through="", section=IDENTITY))
    return found(visible_encounters, name=name, document=document, birth_year=birth_year, limit=limit)


SUSPECT = 80
"""Score of the desk search from which somebody may well be the same person: all names as written give 85."""


LIKELY = 0.5
"""Probability from which somebody whose words differ more than that may well be the same person too."""


def resembling(officer: Officer, who: Who, *, now: datetime) -> list[Candidate]:
    """Those within the officer's reach who may well be the one whom a form describes, the likeliest first.

    Documents are asked for before any name: whoever has one of them comes first, with all the score there is. Everybody
    else is held against all that the form says by the one comparison of two persons, which gives score, order, reasons.
    """
    documents = [number for _, number in who.documents]
    owners = {one.key: one for each in documents for one in search_seen_by(officer, document=each, now=now)}
    found = dict(owners)
    for name in who.names:
        for document in documents or ("",):
            for one in search_seen_by(officer, name=name, document=document, birth_year=who.birth_year, now=now):
                if one.key not in found or (one.key not in owners and found[one.key].score < one.score):
                    found[one.key] = one
    alike = []
    for one in found.values():
        compared = held(who, _as_described(one))
        if one.key in owners:
            told = [code for code in agreeing(compared) if not code.startswith("document.")]
            alike.append((compared.weight, replace(one, reasons=(Reason.SAME_DOCUMENT, *told))))
        elif one.score >= SUSPECT or (compared.probability >= LIKELY and not _another(compared)):
            alike.append((compared.weight, replace(one, score=compared.score, reasons=agreeing(compared))))
    alike.sort(key=lambda each: (each[1].key not in owners, -each[0]))
    return [one for _, one in alike]


def _as_described(one: Candidate) -> Who:
    papers = tuple((document.kind, document.number) for document in one.documents)
    return Who(one.name, one.aliases, one.sex, one.birth, papers)


def _another(compared: Comparison) -> bool:
    """Whether it cannot be, or a given name is another: the model takes twins for one person when it knows neither
    mother nor place."""
    return bool(compared.cannot) or "given" in differs_in(compared)


def birth_of(person: Person) -> PartialDate | None:
    """The birth date as far as it is known."""
    if not (person.birth and person.birth_min and person.birth_max):
        return None
    return PartialDate(person.birth, person.birth_min, person.birth_max)


def names_of(person: Person) -> tuple[PersonName, tuple[str, ...]]:
    """The name on papers (empty when there is none) and the names that others use."""
    name, aliases = PersonName(), []
    for row in person.names.all():
        if row.kind == Name.Kind.MAIN:
            name = row.as_person_name()
        else:
            aliases.append(row.alias)
    return name, tuple(aliases)


def names_merged(person: Person, but: Collection[str] = ()) -> tuple[str, ...]:
    """The names that records merged into this one bear, those in `but` left out."""
    borne: dict[str, None] = {}
    for one in merged_into(person):
        name, aliases = names_of(one)
        borne.update(dict.fromkeys(each for each in (str(name), *aliases) if each and each not in but))
    return tuple(borne)


@asked_once
def subject_of(person: Person) -> Subject:
    """What the policy knows of a person: where she was met, and by whom that was recorded."""
    met = list(Encounter.objects.filter(person=person).values_list("office_id", "institution__code"))
    offices, institutions = (frozenset(part) for part in (zip(*met, strict=True) if met else ((), ())))
    return Subject(offices, institutions, str(person.key), limits=_limits(person))


def subject_of_section(encounter: Encounter, tier: Tier) -> Subject:
    """What the policy knows of a section: of a protected one, its own encounter; of another, the person."""
    if tier < Tier.PROTECTED:
        return subject_of(encounter.person)
    return Subject(
        frozenset({encounter.office_id}), frozenset({encounter.institution.code}), limits=_limits(encounter.person)
    )


def _limits(person: Person) -> tuple[Limit, ...]:
    return limits_on([person.key]).get(str(person.key), ())


def _as_seen(section: Section, may_write: bool, batch: Batch) -> SectionSeen:
    """A section with the answers that are open: what is more sensitive than the section, only to who writes it."""
    whole = with_lists(form_of(section.code, section.form_version))
    form = whole if may_write else whole.for_readers()
    ours = {question.code for question in form.questions}
    try:
        answers, shut = section.answers_in(batch), False
    except CannotOpen as why:
        logger.error("%s", why)
        answers, shut = {}, True
    return SectionSeen(
        section=section,
        form=form,
        institution=section.institution.code,
        recorded_by=section.recorded_by.full_name,
        recorded_at=section.recorded_at,
        version=section.version,
        may_write=may_write and not shut,
        answers={code: answer for code, answer in answers.items() if code in ours},
        shut=shut,
    )


def _may_rewrite(officer: Officer, encounter: Encounter, section: Section, now: datetime) -> bool:
    tier = form_of(section.code, section.form_version).tier
    decision = may(officer, Verb.EDIT, subject_of_section(encounter, tier), section.code, now)
    return bool(decision) and decision.institution == section.institution.code
