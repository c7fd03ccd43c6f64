"""What was public of a measure, version by version, with the words that changed; the public reads no officer's name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from torogoz.domain.commitments import MilestoneState
from torogoz.domain.wordings import Piece, differences
from torogoz.topics.commitments.follow_up_models import Measure
from torogoz.topics.commitments.follow_up_words import MILESTONES
from torogoz.topics.commitments.measure_history_models import MeasureVersion
from torogoz.topics.commitments.public_queries import body_of
from torogoz.topics.commitments.published import Body

WORDS = ("name_es", "name_en", "summary_es", "summary_en")
DAYS = ("starts_on", "ends_on")
MILESTONE = ("name_es", "name_en", "weight", "due_on", "state", "done_on", "evidence_text", "evidence_address")
MONEY = ("year", "source", "currency", "planned", "committed", "executed")


@dataclass(frozen=True)
class Change:
    """What one field said before and says now. `of` names the milestone or the line of money that it is of."""

    field: str
    of: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Told:
    """A version as pages show it: how it differs from the one before, or, of the first, what it said."""

    number: int
    at: datetime
    body: Body
    officer: str
    why: str
    as_found: bool
    changes: tuple[Change, ...]


def content_of(measure: Measure) -> dict[str, Any]:
    """Everything that is public of a measure, as text; None is not known. Commitments as instrument:code."""
    return {
        **{name: getattr(measure, name) for name in WORDS},
        **{name: _text(getattr(measure, name)) for name in DAYS},
        "places": " ".join(measure.places),
        "commitments": ", ".join(
            sorted(f"{one.instrument.code}:{one.code}" for one in measure.commitments.select_related("instrument"))
        ),
        "supporting": ", ".join(sorted(one.code for one in measure.supporting.all())),
        "milestones": {
            str(one.key): {name: _text(getattr(one, name)) for name in MILESTONE}
            for one in measure.milestones.order_by("pk")
        },
        "money": {
            str(one.key): {name: _text(getattr(one, name)) for name in MONEY} for one in measure.budget.order_by("pk")
        },
    }


def newest_version(measure: Measure) -> MeasureVersion | None:
    """The version that holds."""
    return MeasureVersion.objects.filter(measure=measure).order_by("-number").first()


def history_of(measure: Measure, *, names: bool) -> list[Told]:
    """Its versions, the newest first.

    names   whether officers are named: to the institution that leads it and to the secretariat
    """
    today = timezone.localdate()
    found = MeasureVersion.objects.filter(measure=measure).select_related("by", "institution").order_by("number")
    told, before = list[Told](), dict[str, Any]()
    for one in found:
        officer = one.by.full_name if names else ""
        body, changes = body_of(one.institution, today), tuple(changes_between(before, one.content))
        told.append(Told(one.number, one.at, body, officer, one.why, one.as_found, changes))
        before = one.content
    return told[::-1]


def says_the_same(kept: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    """Whether a version that was kept says what `content` does, also one whose commitments are codes alone."""
    return _with_commitments(kept, content) == content


def _with_commitments(kept: Mapping[str, Any], beside: Mapping[str, Any]) -> Mapping[str, Any]:
    """A version as it is compared with the next: its commitments as there, where they may be the same.

    Versions were once kept with codes alone. Which instrument such a code was of is told by none but the next version.
    """
    held = [code for code in str(kept.get("commitments") or "").split(", ") if code]
    if any(":" in code for code in held):
        return kept
    there: dict[str, list[str]] = {}
    for code in str(beside.get("commitments") or "").split(", "):
        there.setdefault(code.rpartition(":")[2], []).append(code)
    told = sorted(there[code].pop(0) if there.get(code) else code for code in held)
    return {**kept, "commitments": ", ".join(told)}


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What differs from one content of a measure to the next, field by field."""
    before = _with_commitments(before, after)
    found = _compared(before, after, (*WORDS, *DAYS, "places", "commitments", "supporting"), "")
    for group, fields, called in (("milestones", MILESTONE, "name_es"), ("money", MONEY, "source")):
        old, new = before.get(group, {}), after.get(group, {})
        for key in [*old, *(key for key in new if key not in old)]:
            held = new.get(key) or old[key]
            of = held[called] if group == "milestones" else f"{held['year']} {held[called]} {held['currency']}"
            found += _compared(old.get(key, {}), new.get(key, {}), fields, of)
    return found


def _compared(before: Mapping[str, Any], after: Mapping[str, Any], fields: tuple[str, ...], of: str) -> list[Change]:
    pairs = ((name, _said(name, before), _said(name, after)) for name in fields)
    return [Change(name, of, differences(old, new)) for name, old, new in pairs if old != new]


def _said(field: str, content: Mapping[str, Any]) -> str:
    value = str(content.get(field) or "")
    return str(MILESTONES[MilestoneState(value)]) if field == "state" and value else value


def _text(value: object) -> str | None:
    return None if value is None else str(value)
