"""Notices of what looks odd in a release: raised as it is made, answered by a named officer, printed with it."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from torogoz.domain.access import Decision, Verb
from torogoz.shared.audit.actions import record
from torogoz.shared.institutions.models import Officer
from torogoz.shared.releases import queries
from torogoz.shared.releases.making import notices_of
from torogoz.shared.releases.models import AnomalyNotice, NoticeDecision, Release
from torogoz.statistics.anomalies import Notice, Severity
from torogoz.statistics.releases import PLANS


class SevereNoticesOpen(Exception):
    """Severe notices wait for an answer. Nothing was released; the notices were kept, to be answered."""


class EmptyAnswer(Exception):
    """A decision without a reason. Nothing was stored."""


@transaction.atomic
def raise_notices(
    *, code: str, found: Iterable[Notice], now: datetime, release: Release | None = None
) -> list[AnomalyNotice]:
    """Keep what was found, each notice once; with `release`, as belonging to it. Its answer goes with it."""
    kept = []
    for each in found:
        notice, _made = AnomalyNotice.objects.get_or_create(
            identity=_identity(each),
            defaults={
                "code": code,
                "rule": each.rule,
                "rule_version": each.version,
                "dataflow": each.dataflow,
                "series": each.series[:200],
                "period": each.period,
                "value": each.value,
                "expected": each.expected,
                "score": each.score,
                "severity": each.severity.value,
                "raised_at": now,
            },
        )
        kept.append(notice)
    if release is not None:
        release.notices.add(*kept)
    return kept


def _identity(each: Notice) -> str:
    """The same figure, odd in the same way under the same rule, is the same notice, in whichever release it stands.

    What was expected may move a little when other months are revised: that makes no new notice, except where it is
    itself what the notice is about. A file that is a day later is still the same late file.
    """
    figures = {"late_file": (), "broken_sum": (each.value, each.expected), "revision": (each.value, each.expected)}
    parts = (each.rule, each.version, each.dataflow, each.series, each.period, *figures.get(each.rule, (each.value,)))
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()


def refuse_if_open(raised: Sequence[AnomalyNotice], code: str) -> None:
    """Stop a release while a severe notice has no answer. Raises SevereNoticesOpen."""
    answered = queries.answered(raised)
    waiting = [each for each in raised if each.severity == Severity.SEVERE and each.pk not in answered]
    if waiting:
        said = "; ".join(str(each) for each in waiting[:3]) + (" …" if len(waiting) > 3 else "")
        raise SevereNoticesOpen(
            f"{len(waiting)} severe notices of {code} wait for an answer ({said}). Nothing was released. A "
            "statistician answers them at /releases/notices/; then make the release again"
        )


@transaction.atomic
def look_again(*, release: Release, now: datetime) -> list[AnomalyNotice]:
    """Raise the notices of a release anew, under the rules of today; earlier ones and their answers stay."""
    before = queries.release_before(release)
    found: list[Notice] = []
    for dataflow in set(queries.manifest(release)["parts"]) & set(PLANS):  # private tables move by chance
        earlier = None if before is None else queries.published(dataflow, before)
        rows, cells = queries.rows_of(dataflow, release), queries.published(dataflow, release)
        found += notices_of(PLANS[dataflow], rows, cells, earlier)
    return raise_notices(code=release.code, found=found, now=now, release=release)


@transaction.atomic
def decide_on(
    *,
    notice: AnomalyNotice,
    kind: NoticeDecision.Kind,
    text_es: str,
    text_en: str,
    officer: Officer,
    decision: Decision,
    request_id: str,
    path: str,
    now: datetime,
) -> NoticeDecision:
    """Explain or accept a notice. A later decision stands after it, never over it. Raises EmptyAnswer.

    What the officer has just said, said again (a button pressed twice), is the decision that there is.
    """
    if not text_es.strip():
        raise EmptyAnswer("a notice is answered with a reason")
    last = queries.last_decision(notice)
    again = (kind.value, text_es.strip(), text_en.strip(), officer.pk)
    if last is not None and again == (last.kind, last.text_es, last.text_en, last.officer_id):
        return last
    made = NoticeDecision.objects.create(
        notice=notice,
        kind=kind,
        text_es=text_es.strip(),
        text_en=text_en.strip(),
        officer=officer,
        institution=decision.institution,
        decided_at=now,
    )
    record(
        officer=officer.username,
        institution=decision.institution,
        verb=Verb.PUBLISH,
        what="notice",
        subjects=[str(notice.key)],
        decision=decision,
        channel="page",
        now=now,
        path=path,
        request_id=request_id,
    )
    return made
