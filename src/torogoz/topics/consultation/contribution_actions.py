"""What becomes of a contribution: kept, set aside with its ground, merged, split, reworded, adopted in a text, or not.

Its own words are never changed and it is never deleted: what was made of it is another one, tied to it by its lineage.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from torogoz.domain.access import Decision
from torogoz.domain.consultations import (
    LIVE,
    ConsultationRefused,
    ContributionState,
    Duty,
    Operation,
    check_judgement,
)
from torogoz.domain.moderation import Ground
from torogoz.shared.institutions.models import Officer
from torogoz.topics.consultation.acting import as_secretariat, at_table, change, written
from torogoz.topics.consultation.models import Contribution, ContributionEvent, Draft, Lineage
from torogoz.topics.consultation.table_actions import CONTRIBUTION, keep


@transaction.atomic
def judge(
    *,
    by: Officer,
    contribution: Contribution,
    said: ContributionState,
    ground: Ground | None,
    reason_es: str,
    reason_en: str,
    version: int,
    now: datetime,
) -> None:
    """Keep a contribution, say that it is not adopted, or set it aside on a ground of the published policy.

    The secretariat alone does, with a reason in both languages unless it is kept.
    Raises NotAllowed, ConsultationRefused."""
    decision = as_secretariat(by, contribution.process, now)
    check_judgement(ContributionState(contribution.state), said)
    if said is ContributionState.SET_ASIDE and ground is None:
        raise ConsultationRefused("ground", "ground")
    if said is not ContributionState.KEPT:
        for name, reason in (("reason_es", reason_es), ("reason_en", reason_en)):
            if not reason.strip():
                raise ConsultationRefused(name, "missing")
    change(contribution, version, state=said.value)
    _log(contribution, by, said, now, ground if said is ContributionState.SET_ASIDE else None, reason_es, reason_en)
    written(by, contribution.process, CONTRIBUTION, contribution.key, decision, now)


@transaction.atomic
def merge(
    *, by: Officer, contributions: Sequence[Contribution], text: str, language: str, now: datetime
) -> Contribution:
    """Make one contribution of several live ones of the same consultation; each stays, and leads to it.

    Raises NotAllowed, ConsultationRefused."""
    sources = list({one.pk: one for one in contributions}.values())
    if len(sources) < 2 or len({one.process_id for one in sources}) != 1:
        raise ConsultationRefused("others", "two_at_least")
    decision = _may_work_on(by, sources, now)
    made = _made_of(sources[0], by, text, language, decision, now)
    for one in sources:
        _became(one, made, Operation.MERGE, ContributionState.MERGED, by, now)
    return made


@transaction.atomic
def split(*, by: Officer, contribution: Contribution, texts: Sequence[str], now: datetime) -> list[Contribution]:
    """Make several contributions of one that says several things. Raises NotAllowed, ConsultationRefused."""
    parts = [text.strip() for text in texts if text.strip()]
    if len(parts) < 2:
        raise ConsultationRefused("parts", "parts")
    decision = _may_work_on(by, [contribution], now)
    made = [_made_of(contribution, by, text, contribution.language, decision, now) for text in parts]
    for one in made:
        _lineage(contribution, one, Operation.SPLIT, by, now)
    change(contribution, contribution.version, state=ContributionState.SPLIT.value)
    _log(contribution, by, ContributionState.SPLIT, now)
    return made


@transaction.atomic
def reword(*, by: Officer, contribution: Contribution, text: str, language: str, now: datetime) -> Contribution:
    """Say the same in clearer words, or in the other language. Raises NotAllowed, ConsultationRefused."""
    decision = _may_work_on(by, [contribution], now)
    made = _made_of(contribution, by, text, language, decision, now)
    _became(contribution, made, Operation.REWORD, ContributionState.REWORDED, by, now)
    return made


@transaction.atomic
def adopt_in(*, by: Officer, contribution: Contribution, draft: Draft, now: datetime) -> None:
    """Say that a contribution went into a text; it may go into several. Raises NotAllowed, ConsultationRefused."""
    decision = as_secretariat(by, contribution.process, now)
    adopted = contribution.state == ContributionState.ADOPTED
    if draft.process_id != contribution.process_id or not (adopted or contribution.state in LIVE):
        raise ConsultationRefused("", "state")
    if contribution.became.filter(draft=draft).exists():
        return
    Lineage.objects.create(source=contribution, draft=draft, operation=Operation.ADOPTED_IN.value, by=by, at=now)
    change(contribution, contribution.version, state=ContributionState.ADOPTED.value)
    _log(contribution, by, ContributionState.ADOPTED, now, None, draft.title_es[:600], draft.title_en[:600])
    written(by, contribution.process, CONTRIBUTION, contribution.key, decision, now)


def _may_work_on(by: Officer, contributions: Sequence[Contribution], now: datetime) -> Decision:
    """The secretariat; or who writes or facilitates at the one table that all of them came from."""
    tables = {one.table_id: one.table for one in contributions}
    table = next(iter(tables.values()))
    if len(tables) == 1 and table is not None:
        decision = at_table(by, table, now, Duty.FACILITATOR, Duty.RAPPORTEUR)
    else:
        decision = as_secretariat(by, contributions[0].process, now)
    if any(one.state not in LIVE for one in contributions):
        raise ConsultationRefused("", "state")
    return decision


def _made_of(
    source: Contribution, by: Officer, text: str, language: str, decision: Decision, now: datetime
) -> Contribution:
    if not text.strip():
        raise ConsultationRefused("text", "missing")
    made = Contribution(
        process=source.process,
        table=source.table,
        theme=source.theme,
        prompt=source.prompt,
        channel=source.channel,
        language=language,
        text=text.strip(),
        typed_by=by,
    )
    return keep(made, by, decision, now)


def _became(
    source: Contribution,
    target: Contribution,
    operation: Operation,
    state: ContributionState,
    by: Officer,
    now: datetime,
) -> None:
    _lineage(source, target, operation, by, now)
    change(source, source.version, state=state.value)
    _log(source, by, state, now)


def _lineage(source: Contribution, target: Contribution, operation: Operation, by: Officer, now: datetime) -> None:
    Lineage.objects.create(source=source, target=target, operation=operation.value, by=by, at=now)


def _log(
    contribution: Contribution,
    by: Officer,
    state: ContributionState,
    now: datetime,
    ground: Ground | None = None,
    reason_es: str = "",
    reason_en: str = "",
) -> None:
    ContributionEvent.objects.create(
        contribution=contribution,
        state=state.value,
        ground=ground.value if ground else "",
        reason_es=reason_es.strip(),
        reason_en=reason_en.strip(),
        by=by,
        at=now,
    )
