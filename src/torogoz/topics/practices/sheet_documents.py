"""Sheets: a published practice, and a call with its pledges, each as one document that is written as DOCX and PDF."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from torogoz.domain.pledges import Kind
from torogoz.domain.practices import Result
from torogoz.exchange.documents.content import Block, Document, Heading, Items, Paragraph, Table
from torogoz.shared.ui import documents
from torogoz.topics.practices import lists, pledge_queries, queries, shown
from torogoz.topics.practices.call_models import Call, Pledge
from torogoz.topics.practices.models import Practice
from torogoz.topics.practices.obligation_queries import Obligations, obligations, reached
from torogoz.topics.practices.sheet_words import WORDS
from torogoz.topics.practices.words import FIELDS, KINDS, OPINIONS, RESULTS, SCORES, STAGES, in_language

PARTS = ("summary", "results", "lessons", "conditions")


@dataclass(frozen=True)
class Teller(documents.Teller):
    """Says what stands on a sheet; what pages say too in their words."""

    def word(self, word: object) -> str:
        """One of the words of the pages."""
        return in_language(word, self.language)

    def amount(self, value: Decimal | None, unit: str = "") -> str:
        """A number with its unit; one that is not known says so."""
        if value is None:
            return self["unknown"]
        return f"{self.number(float(value), 0 if value == int(value) else 2)} {unit}".strip()


def practice_sheet(practice: Practice, language: str, *, made_from: str, address: str) -> Document:
    """The sheet of a published practice. `made_from` is the hash of its public content."""
    tell, whole = Teller(language, WORDS[language]), shown.whole(practice, language)
    ends = tell.day(practice.ended_on) if practice.ended_on else tell["open_end"]
    cost = None if practice.cost_amount is None else tell.amount(practice.cost_amount, practice.cost_currency)
    principles = "; ".join(getattr(one, f"name_{language}") for one in whole["principles"])
    with_whom = [*(tell.of(one, "name") for one in whole["partners"]), *practice.organisations]
    facts = [
        (tell["offered"], tell.of(practice.institution, "name")),
        (tell["with"], "; ".join(with_whom)),
        (tell["where"], ", ".join(each for each in (practice.place, whole["country"]) if each)),
        (tell["when"], f"{tell.day(practice.began_on)} – {ends}"),
        (tell.word(FIELDS["objectives"]), "; ".join(f"{code}. {title}" for code, title in whole["titles"])),
        (tell.word(FIELDS["principles"]), principles),
        (tell["cost"], "; ".join(each for each in (cost or tell["unsaid"], tell.of(practice, "cost")) if each)),
    ]
    return Document(
        language,
        tell.of(practice, "title"),
        tell["register"],
        newest_of_practice(practice),
        [*_words(practice, tell), *_repeated(practice, whole, tell), *_reviewed(practice, tell)],
        subtitle=tell["practice"],
        facts=[(label, value) for label, value in facts if value],
        made_from=made_from,
        address=address,
        warning=tell["made_up"] if practice.made_up else "",
        depth=0,
    )


def newest_of_practice(practice: Practice) -> date:
    """The day of the last thing that was said of it: the document knows no other."""
    told = [report.at for one in queries.replications_of(practice) for report in one.reports.all()]
    return timezone.localdate(max(filter(None, [practice.published_at, *told])))


def _words(practice: Practice, tell: Teller) -> Iterator[Block]:
    if practice.machine and practice.language != tell.language:
        yield Paragraph(tell["machine"])
    for field in PARTS:
        yield Heading(tell.word(FIELDS[field]))
        yield Paragraph(tell.of(practice, field) or tell["unsaid"])
        if field == "results" and practice.evidence.strip():
            yield Heading(tell.word(FIELDS["evidence"]), 2)
            yield Items([line.strip() for line in practice.evidence.splitlines() if line.strip()])


def _repeated(practice: Practice, whole: dict[str, Any], tell: Teller) -> Iterator[Block]:
    yield Heading(tell["repeated"])
    rows = []
    for each in shown.replications(practice, tell.language):
        one, newest = each["replication"], each["reports"][0]["report"]
        by = tell.of(one.institution, "name") if one.institution else one.organisation
        how = tell.word(RESULTS[Result(newest.result)])
        why = tell.of(newest, "why")
        rows.append((by, f"{one.place}, {each['country']}", f"{how}. {why}" if why else how))
    head = (tell["by"], tell["where"], tell["how"])
    yield Table(tell["repeated"], head, rows, (3, 3, 5)) if rows else Paragraph(tell["nobody"])


def _reviewed(practice: Practice, tell: Teller) -> Iterator[Block]:
    """The scores by criterion; no name of who did not agree to it."""
    found = queries.reviews_published_of(practice)
    version = practice.criteria_version or lists.newest_criteria()
    yield Heading(tell["reviewed"])
    yield Paragraph(tell["version"].format(version=version))
    rows = [
        (getattr(one, f"name_{tell.language}"), *(tell.word(SCORES[review.scores.get(one.code)]) for review in found))
        for one in lists.criteria(version)
    ]
    said = [tell.word(OPINIONS[shown.opinion_of(review, version)]) for review in found]
    heads = [
        f"{tell['review']} {number}{f': {review.officer.full_name}' if review.named else ''} ({opinion})"
        for number, (review, opinion) in enumerate(zip(found, said, strict=True), start=1)
    ]
    if found:
        yield Table(tell["reviewed"], (tell["criterion"], *heads), rows, (3, *([2.5] * len(found))))


def call_sheet(call: Call, language: str, *, made_from: str, address: str) -> Document:
    """The sheet of a call: what is asked for, what was published of what came in, and the pledges."""
    tell, titles = Teller(language, WORDS[language]), dict(queries.objectives(language))
    aims = "; ".join(f"{one.code}. {titles.get(one.code, '')}" for one in call.objectives.all())
    found = pledge_queries.pledges_of(call)
    answered = queries.answered(call)
    return Document(
        language,
        tell.of(call, "title"),
        tell["register"],
        newest_of_call(call, found, answered),
        [
            Heading(tell["asks"]),
            Paragraph(tell.of(call, "text")),
            Heading(tell["answers"]),
            Items([f"{tell.of(one, 'title')} ({one.institution.code})" for one in answered])
            if answered
            else Paragraph(tell["none"]),
            *_pledges(found, tell),
        ],
        subtitle=tell["call"],
        facts=[
            (tell["convener"], tell.of(call.convener, "name")),
            (tell["opens"], f"{tell.day(call.opens_on)} – {tell.day(call.open_until)}"),
            (tell.word(FIELDS["objectives"]), aims),
        ],
        made_from=made_from,
        address=address,
        warning=tell["made_up"] if call.made_up else "",
        depth=0,
    )


def newest_of_call(call: Call, found: Sequence[Pledge], answered: Sequence[Practice]) -> date:
    """The day of the last thing that was said of it."""
    told = [each.at for one in found for each in one.updates.all()]
    told += [each.at for one in found if one.matches for each in one.matches.updates.all()]
    moments = [call.changed_at, *(one.recorded_at for one in found), *told]
    return timezone.localdate(max([*moments, *(one.published_at for one in answered if one.published_at)]))


def _pledges(found: Sequence[Pledge], tell: Teller) -> Iterator[Block]:
    yield Heading(tell["pledges"])
    head = ("pledge", "by", "kind", "stage", "due", "promised", "reached")
    rows = [
        (
            tell.of(one, "title"),
            one.institution.code,
            tell.word(KINDS[Kind(one.kind)]),
            tell.word(STAGES[pledge_queries.stage_of(one)]),
            one.due_on.isoformat(),
            tell.amount(one.target, one.unit),
            tell.amount(reached(one), one.unit),
        )
        for one in found
    ]
    if not rows:
        yield Paragraph(tell["none"])
        return
    yield Table(tell["pledges"], [tell[one] for one in head], rows, (4, 1.4, 1.8, 2, 2, 2.2, 2.2), (5, 6))
    owed = [obligations(one, one.matches) for one in found if one.matches]
    if owed:
        yield Heading(tell["owes"], 2)
        yield from _owed(owed, tell)


def _owed(owed: Sequence[Obligations], tell: Teller) -> Iterator[Block]:
    known = [one for one in owed if one.ratio is not None]
    head = ("pledge", "ratio", "cap", "obliged_promised", "obliged_reached")
    rows = [
        (
            tell.of(one.pledge, "title"),
            str(one.ratio),
            tell["no_cap"] if one.cap is None else tell.amount(one.cap, one.pledge.unit),
            tell.amount(one.by_promised, one.pledge.unit),
            tell.amount(one.by_reached, one.pledge.unit),
        )
        for one in known
    ]
    if rows:
        yield Table(tell["owes"], [tell[one] for one in head], rows, (4, 1.6, 2, 2.4, 2.4), (2, 3, 4))
    for one in owed:
        if one.ratio is None:
            yield Paragraph(tell["no_ratio"].format(title=tell.of(one.pledge, "title")))
