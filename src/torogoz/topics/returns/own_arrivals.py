"""What the own file tells of arrivals and of the stops of the circuit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from torogoz.domain.reception import CIRCUIT
from torogoz.domain.sections import FAMILY, ONWARD
from torogoz.shared.data_rights.registry import Asked, Part, to_the_minute
from torogoz.topics.returns import words
from torogoz.topics.returns.models import Arrival, StopMade
from torogoz.topics.returns.queries import MEDICAL_STOP, OF_HEALTH, OF_THE_JOURNEY, ArrivalSeen
from torogoz.topics.returns.reception_forms import PROGRESS, STOPS

LEFT_OUT_WITH: Mapping[str, frozenset[str]] = {
    "health": OF_HEALTH | {"needs"},
    "rights": frozenset({"reason"}),
    FAMILY: frozenset({"accompanied"}),
    ONWARD: frozenset({"destination"}),
}
"""What was declared on arrival does not leave where the section that it leads to does not: whom the person fled from,
with whom she came and where she goes may be just what a representative, or the window, must not learn."""


def parts_of(asked: Asked) -> list[Part]:
    """Each arrival as it was declared, and which stops were made."""
    arrivals = _arrivals(asked)
    stops = _stops(asked) if asked.alone and ONWARD not in asked.closed else None
    done = {code: str(word) for code, word in PROGRESS}
    return [
        Part(
            "arrivals",
            arrivals,
            _("Lo que declaró al llegar"),
            (_("Llegada"), _("Qué"), _("Lo que se anotó")),
            [
                (to_the_minute(one["occurred_at"]), line["question"], line["answer"])
                for one in arrivals
                for line in one["answers"]
            ],
            (3, 4, 7),
        ),
        Part(
            "stops",
            stops,
            _("Paradas del circuito de recepción"),
            (_("Parada"), _("Cómo fue"), _("Institución"), _("Cuándo")),
            [
                (
                    str(STOPS.get(one["stop"], one["stop"])),
                    done.get(one["progress"], one["progress"]),
                    one["institution"],
                    to_the_minute(one["recorded_at"]),
                )
                for one in stops or ()
            ],
            (5, 4, 3, 4),
        ),
    ]


def _arrivals(asked: Asked) -> list[dict[str, Any]]:
    left_out = (LEFT_OUT_WITH[code] for code in LEFT_OUT_WITH.keys() & asked.closed)
    facts = (OF_THE_JOURNEY | OF_HEALTH).difference(*left_out)
    stored = Arrival.objects.filter(encounter__in=asked.encounters).select_related(
        "encounter__person", "encounter__institution"
    )
    vocabulary = words.Words()
    found = []
    for one in stored.order_by("encounter__occurred_at", "pk"):
        seen = ArrivalSeen(one, facts | {MEDICAL_STOP} if facts >= OF_HEALTH else facts)
        lines = vocabulary.of_arrival(seen, only=facts)
        if stop := words.stop(seen):
            lines.append((_("Parada médica"), stop.short))
        found.append(
            {
                "occurred_at": _when(one.encounter.occurred_at),
                "institution": one.encounter.institution.code,
                "codes": {fact: code for fact, code in _codes(one).items() if fact in facts},
                "answers": [{"question": label, "answer": value} for label, value in lines],
            }
        )
    return found


def _codes(one: Arrival) -> dict[str, Any]:
    """What was declared, by the fact of the header; of a place the smallest that is known."""
    return {
        "returned_from": one.returned_from,
        "route": one.route,
        "accompanied": one.accompanied,
        "origin": one.origin_district or one.origin_department or "_U",
        "destination": one.destination_district or one.destination_department or "_U",
        "reason": one.reason,
        "needs": list(one.needs),
        "pregnant": one.pregnant,
        "disabled": one.disabled,
        "injured": one.injured,
    }


def _stops(asked: Asked) -> list[dict[str, Any]]:
    open_stops = [stop.code for stop in CIRCUIT if stop.section not in asked.closed]
    stored = StopMade.objects.filter(encounter__in=asked.encounters, stop__in=open_stops)
    return [
        {
            "stop": one.stop,
            "progress": one.progress,
            "institution": one.institution.code,
            "recorded_at": _when(one.recorded_at),
        }
        for one in stored.select_related("institution").order_by("recorded_at", "pk")
    ]


def _when(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="minutes")
