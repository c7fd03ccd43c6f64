"""The catalogue of practices as files: what is published, and nothing of who reviewed it."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import timezone

from torogoz.domain.practices import LANGUAGES, TEXTS
from torogoz.exchange.readers import practices as tables
from torogoz.topics.practices import queries, shown
from torogoz.topics.practices.models import Practice

LICENCE = "CC BY 4.0"


def csv_pieces(found: Sequence[Practice]) -> Iterator[bytes]:
    """The table that institutions hand in, with key, day and whether it is made up behind."""
    return tables.table(
        (
            tables.cells(one.institution.code, queries.as_written(one)),
            (str(one.key), _day(one), "yes" if one.made_up else "no"),
        )
        for one in found
    )


def json_pieces(found: Sequence[Practice]) -> Iterator[bytes]:
    """The same and where it was repeated, how it is translated, and how many reviewed it."""
    practices = [_as_json(one) for one in found]
    whole = {"title": "Good practices", "licence": LICENCE, "count": len(practices), "practices": practices}
    yield json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def _as_json(one: Practice) -> dict[str, Any]:
    held, texts = queries.as_written(one), queries.texts_of(one)
    translated = shown.translation(one)
    return {
        "key": str(one.key),
        "institution": one.institution.code,
        "made_up": one.made_up,
        "published_on": _day(one),
        "language": one.language,
        "translation": {
            "exists": translated.exists,
            "missing": list(translated.missing),
            "machine": translated.machine,
            "validated_by": translated.check.institution.code if translated.check else None,
        },
        "words": {field: {tongue: texts[f"{field}_{tongue}"] for tongue in LANGUAGES} for field in TEXTS},
        "place": one.place,
        "country": one.country,
        "began_on": held.began_on.isoformat() if held.began_on else None,
        "ended_on": held.ended_on.isoformat() if held.ended_on else None,
        "with_institutions": list(held.with_institutions),
        "organisations": list(held.organisations),
        "objectives": list(held.objectives),
        "principles": list(held.principles),
        "evidence": [line for line in held.evidence.splitlines() if line.strip()],
        "cost": {"amount": None if held.cost_amount is None else str(held.cost_amount), "currency": held.cost_currency},
        "criteria_version": one.criteria_version,
        "reviews": len(queries.reviews_published_of(one)),
        "repetitions": [
            {
                "by": each.institution.code if each.institution else each.organisation,
                "place": each.place,
                "country": each.country,
                "began_on": each.began_on.isoformat(),
                "reports": [
                    {
                        "on": _local(report.at),
                        "result": report.result,
                        "support_from": report.support_from,
                        "support": {"es": report.support_es, "en": report.support_en},
                        "why": {"es": report.why_es, "en": report.why_en},
                    }
                    for report in each.reports.all()
                ],
            }
            for each in queries.replications_of(one)
        ],
    }


def _day(one: Practice) -> str:
    return _local(one.published_at) if one.published_at else ""


def _local(moment: Any) -> str:
    return timezone.localdate(moment).isoformat()
