"""How the things of a consultation are shown: names of bodies, outcomes, lineage, in the language of the page."""

from collections.abc import Collection, Iterable
from typing import Any

from torogoz.domain.moderation import CLAUSES, Ground
from torogoz.domain.positions import Both, OutcomeEntry
from torogoz.shared.codelists.queries import names
from torogoz.shared.ui.templatetags.ui import language, marked
from torogoz.topics.consultation import words
from torogoz.topics.consultation.adoption_queries import name_of, outcome_entry
from torogoz.topics.consultation.models import Contribution, ContributionEvent, Lineage, Outcome
from torogoz.topics.consultation.process_models import Invitation

REFRESH_SECONDS = 20
"""How often the screen of a table asks for itself again."""


def said(both: Both) -> str:
    """Words in the language of the page; in Spanish when there are no others."""
    return both.en if language() == "en" and both.en else both.es


def said_marked(both: Both) -> str:
    """The same for a page, which says of words that are in Spanish alone that they are."""
    return marked({"said_es": both.es, "said_en": both.en}, "said")


def body_name(invitation: Invitation) -> str:
    """The name of a convened body."""
    return said(name_of(invitation))


def outcome_shown(outcome: Outcome) -> dict[str, Any]:
    """An outcome for a page: text or points, the tally in words, why, and the dissent."""
    entry = outcome_entry(outcome)
    return {
        "draft": outcome.draft,
        "outcome": outcome,
        "result": words.RESULTS[outcome.result],
        "badge": words.RESULT_BADGES[outcome.result],
        "text": said_marked(entry.text),
        "note": said_marked(entry.note),
        "points": _points(entry),
        "tally": [(word, entry.tally.get(stance, 0)) for stance, word in words.STANCES.items()]
        if entry.tally is not None
        else None,
        "silent": entry.silent,
        "reasons": [words.reason_in_words(reason) for reason in outcome.reasons],
        "dissent": None
        if entry.dissent is None
        else [
            {"body": said(one.body), "stance": words.STANCES[one.stance], "reason": one.reason} for one in entry.dissent
        ],
    }


def _points(entry: OutcomeEntry) -> list[dict[str, Any]]:
    kinds = names("PROVISION_KIND", language())
    return [
        {"code": one.code, "kind": kinds.get(one.kind, one.kind), "text": said_marked(one.text), "agreed": one.agreed}
        for one in entry.points
    ]


def lineage_shown(origin: Contribution, steps: Iterable[Lineage], unsaid: Collection[int] = ()) -> list[dict[str, Any]]:
    """What a contribution became: each thing that was made of it once, and under it what became of that.

    unsaid      contributions whose words are left out (keys of the rows)
    """
    after: dict[int, list[Lineage]] = {}
    for step in steps:
        after.setdefault(step.source_id, []).append(step)
    return _became(origin.pk, after, unsaid)


def _became(source: int, after: dict[int, list[Lineage]], unsaid: Collection[int]) -> list[dict[str, Any]]:
    by_operation: dict[str, list[Lineage]] = {}
    for step in after.pop(source, []):
        by_operation.setdefault(step.operation, []).append(step)
    return [
        {
            "sentence": words.OPERATIONS[operation],
            "drafts": [step.draft for step in alike if step.draft],
            "targets": [
                {
                    "contribution": step.target,
                    "words": "" if step.target.pk in unsaid else step.target.text,
                    "became": _became(step.target.pk, after, unsaid),
                    "fate": words.FATES.get(step.target.state, ""),
                }
                for step in alike
                if step.target
            ],
        }
        for operation, alike in by_operation.items()
    ]


def log_shown(entries: Iterable[ContributionEvent]) -> list[dict[str, Any]]:
    """The log of a contribution: each state in words, with the clause of the policy on which it was set aside."""
    return [
        {
            "entry": one,
            "word": words.CONTRIBUTION_STATES[one.state],
            "ground": CLAUSES[Ground(one.ground)] if one.ground else None,
        }
        for one in entries
    ]


def contribution_shown(contribution: Contribution) -> dict[str, Any]:
    """A contribution for a list: state, channel, and which body said it."""
    return {
        "contribution": contribution,
        "state": words.CONTRIBUTION_STATES[contribution.state],
        "badge": words.CONTRIBUTION_BADGES.get(contribution.state, "not"),
        "channel": words.CHANNELS[contribution.channel],
        "body": body_name(contribution.invitation) if contribution.invitation else "",
    }


def minutes_left(table: Any, now: Any) -> int | None:
    """Whole minutes that the prompt still has, begun ones counted; 0 when its time is over, None when none runs."""
    if table.ends_at is None:
        return None
    return max(0, -(-int((table.ends_at - now).total_seconds()) // 60))
