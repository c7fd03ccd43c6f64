"""The pledges as a table: what was promised, how far it is, and to what a matching one obliges."""

import json
from collections.abc import Iterator, Sequence
from datetime import date

from torogoz.domain.matching import plain
from torogoz.exchange.readers.filled_tables import written
from torogoz.topics.practices import pledge_queries
from torogoz.topics.practices.call_models import Call, Pledge
from torogoz.topics.practices.models import Practice
from torogoz.topics.practices.obligation_queries import obligations

COLUMNS = (
    "key", "institution", "kind", "type", "title_es", "title_en", "measure_es", "measure_en", "target", "unit",
    "due_on", "stage", "reached", "told_on", "overdue", "partners", "organisations", "objectives", "call", "matches",
    "ratio_gives", "ratio_for_each", "cap", "obliged_by_promised", "obliged_by_reached", "asks_for_promised",
    "asks_for_reached", "made_up",
)  # fmt: skip


def csv_pieces(found: Sequence[Pledge], today: date) -> Iterator[bytes]:
    """The table. A number that is not known is empty; no number is a zero that nobody said."""
    return written(COLUMNS, (_cells(one, today) for one in found))


def call_content(call: Call, found: Sequence[Pledge], answered: Sequence[Practice]) -> bytes:
    """What the sheet of a call is made from, as JSON; nothing in it changes with the day alone."""
    pledges = [dict(zip(COLUMNS, _cells(one, date.min), strict=True)) for one in found]
    whole = {
        "key": str(call.key),
        "title": {"es": call.title_es, "en": call.title_en},
        "text": {"es": call.text_es, "en": call.text_en},
        "opens_on": call.opens_on.isoformat(),
        "open_until": call.open_until.isoformat(),
        "convener": call.convener.code,
        "objectives": [one.code for one in call.objectives.all()],
        "made_up": call.made_up,
        "practices": [str(one.key) for one in answered],
        "pledges": [{name: value for name, value in one.items() if name != "overdue"} for one in pledges],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def _cells(one: Pledge, today: date) -> list[str]:
    told = list(one.updates.all())
    newest = told[-1] if told else None
    matched = one.matches
    owed = obligations(one, matched).cells() if matched else ("",) * 4
    partners = [f"{each.institution.code}{'' if each.confirmed_at else '?'}" for each in one.partners.all()]
    return [
        str(one.key), one.institution.code, one.kind, one.type, one.title_es, one.title_en, one.measure_es,
        one.measure_en, plain(one.target), one.unit, one.due_on.isoformat(), pledge_queries.stage_of(one).value,
        "" if newest is None or newest.reached is None else plain(newest.reached),
        newest.on.isoformat() if newest else "",
        "yes" if pledge_queries.is_overdue(one, today) else "no",
        " ".join(partners), " | ".join(one.organisations), " ".join(each.code for each in one.objectives.all()),
        str(one.call.key) if one.call else "", str(matched.key) if matched else "",
        *("" if number is None else plain(number) for number in (one.gives, one.for_each, one.cap)),
        *owed, "yes" if one.made_up else "no",
    ]  # fmt: skip
