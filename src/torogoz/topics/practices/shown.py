"""Practices as pages show them: words in the reader's language or else the other, and what each mark means."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from torogoz.domain.practices import (
    TEXTS,
    Opinion,
    Result,
    State,
    Verdict,
    opinion,
    other,
    untranslated,
    verdict,
)
from torogoz.shared.codelists.queries import countries
from torogoz.topics.practices import lists, queries
from torogoz.topics.practices.models import Practice, Replication, Review, TranslationCheck
from torogoz.topics.practices.obligation_queries import Obligations
from torogoz.topics.practices.words import BADGES, OPINIONS, RESULT_BADGES, RESULTS, SCORES, STATES, VERDICTS


@dataclass(frozen=True)
class Said:
    """Words, and the language that they are in: the other one where nothing was written in the reader's."""

    text: str
    language: str


def said(thing: object, field: str, language: str) -> Said:
    """What `thing` says in a field, in the language if there is anything in it."""
    for one in (language, other(language)):
        if text := str(getattr(thing, f"{field}_{one}", "")):
            return Said(text, one)
    return Said("", language)


def words(practice: Practice, language: str) -> dict[str, Said]:
    """Everything that a practice says."""
    return {field: said(practice, field, language) for field in TEXTS}


@dataclass(frozen=True)
class Translation:
    """How far the other language of a practice is, and who stands for it."""

    language: str
    exists: bool
    missing: tuple[str, ...]
    machine: bool
    check: TranslationCheck | None


def translation(practice: Practice) -> Translation:
    """What is to be said of the translation of a practice."""
    texts, there = queries.texts_of(practice), other(practice.language)
    exists = any(texts[f"{field}_{there}"] for field in TEXTS)
    missing = untranslated(texts, practice.language)
    check = queries.translation_check(practice) if exists and not missing else None
    return Translation(there, exists, missing, practice.machine, check)


def row(practice: Practice, language: str) -> dict[str, Any]:
    """A practice in a list."""
    state = State(practice.state)
    return {
        "practice": practice,
        "title": said(practice, "title", language),
        "summary": said(practice, "summary", language),
        "state": STATES[state],
        "badge": BADGES[state],
        "objectives": [one.code for one in practice.objectives.all()],
    }


def whole(practice: Practice, language: str) -> dict[str, Any]:
    """A practice on its page: words, places, days, objectives by title, principles, translation."""
    titles = dict(queries.objectives(language))
    return {
        **row(practice, language),
        "words": words(practice, language),
        "country": dict(countries(language)).get(practice.country, practice.country),
        "titles": [(one.code, titles.get(one.code, "")) for one in practice.objectives.all()],
        "principles": lists.principles_named(practice.principles),
        "evidence": [line.strip() for line in practice.evidence.splitlines() if line.strip()],
        "cost": None if practice.cost_amount is None else float(practice.cost_amount),
        "translation": translation(practice),
        "partners": [*practice.with_institutions.all()],
    }


def owed(held: Obligations, language: str) -> dict[str, Any]:
    """To what a matching pledge obliges, as pages show it; None is not known."""
    names = ("by_promised", "by_reached", "asks_promised", "asks_reached", "reached", "other_reached", "cap", "short")
    found = {name: getattr(held, name) for name in names}
    return {
        "held": held,
        "title": said(held.pledge, "title", language),
        "other": said(held.matched, "title", language),
        **{name: None if number is None else float(number) for name, number in found.items()},
        "target": float(held.pledge.target),
        "other_target": float(held.matched.target),
    }


def replications(practice: Practice, language: str) -> list[dict[str, Any]]:
    """Where it was repeated, by whom, and how it went."""
    return [replication(one, language) for one in queries.replications_of(practice)]


def replication(one: Replication, language: str) -> dict[str, Any]:
    """One repetition: its reports, the newest first."""
    names = dict(countries(language))
    reports = [
        {
            "report": report,
            "result": RESULTS[Result(report.result)],
            "badge": RESULT_BADGES[Result(report.result)],
            "why": said(report, "why", language),
            "support": said(report, "support", language),
        }
        for report in reversed(list(one.reports.all()))
    ]
    return {"replication": one, "country": names.get(one.country, one.country), "reports": reports}


def opinion_of(review: Review, version: int) -> Opinion:
    """What the scores of a given review come to."""
    return opinion(review.scores, [one.code for one in lists.criteria(version) if one.required])


def verdict_of(practice: Practice, reviews: Sequence[Review]) -> Verdict:
    """What the reviews that were given come to."""
    version = practice.criteria_version or lists.newest_criteria()
    return verdict([opinion_of(one, version) for one in reviews if one.given_at])


def verdict_shown(practice: Practice, reviews: Sequence[Review]) -> dict[str, Any]:
    """The verdict, and its word."""
    found = verdict_of(practice, reviews)
    return {"verdict": found, "word": VERDICTS[found]}


def reviews(practice: Practice, found: Sequence[Review], *, names: bool) -> list[dict[str, Any]]:
    """The scores of each review by criterion. Names and reasons are not here without `names` or the person's word.

    names   whether all names are shown: to the secretariat
    """
    version = practice.criteria_version or lists.newest_criteria()
    return [
        {
            "number": number,
            "name": review.officer.full_name if names or review.named else "",
            "institution": review.institution if names or review.named else None,
            "opinion": OPINIONS[opinion_of(review, version)],
            "scores": [_score(one, review) for one in lists.criteria(version)],
            "review": review,
        }
        for number, review in enumerate((one for one in found if one.given_at), start=1)
    ]


def _score(criterion: lists.Criterion, review: Review) -> dict[str, Any]:
    score = review.scores.get(criterion.code)
    return {"criterion": criterion, "word": SCORES[score], "reason": review.reasons.get(criterion.code, "")}
